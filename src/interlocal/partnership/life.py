"""The life of a partnership: its rhythm, its people's relationship, its victories, its stops and its end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.deciding import SurveyWave
from interlocal.case.people import KeyPost, Milestone
from interlocal.case.running import Action, CheckIn, Dispute, Issue
from interlocal.case.values import Day, Entry, Frozen, Slug, Text
from interlocal.case.why_now import EarlierAttempt
from interlocal.partnership.money import Amount


class Escalation(Frozen):
    """One step of the agreed rule for what is overdue."""

    after_days: Annotated[int, Field(ge=1, le=3650)]
    to: Text
    """The office that takes it up."""


class DisputeStep(Frozen):
    """One agreed step of settling a dispute."""

    name: Text
    days: Annotated[int, Field(ge=1, le=3650)]
    """How long it may take."""


class Election(Entry):
    """An election that can change who decides."""

    organisation: Slug
    on: Day
    what: Text


class Told(Entry):
    """A victory told to somebody."""

    milestone: Slug
    to: Text
    on: Day
    how: Text | None = None


class Life(Frozen):
    """What happens between the partners."""

    rhythm_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Agreed days between check-ins."""
    check_ins: tuple[CheckIn, ...] = ()
    actions: tuple[Action, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    issues: tuple[Issue, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    dispute_steps: tuple[DisputeStep, ...] = ()
    pulses: tuple[SurveyWave, ...] = ()
    key_posts: tuple[KeyPost, ...] = ()
    elections: tuple[Election, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    told: tuple[Told, ...] = ()
    attempts: tuple[EarlierAttempt, ...] = ()
    """Attempts that stopped, with what was learned and what would make it worth trying again."""


class Asset(Entry):
    """Something the partners own together."""

    id: Slug
    name: Text
    value: Amount
    """What it is worth when the agreement ends [currency]."""
    kept_by: Slug | None = None
    """The organisation that keeps it and pays the others out; sold where empty."""


class Obligation(Entry):
    """A cost that goes on after the end."""

    id: Slug
    name: Text
    amount: Amount
    """[currency]"""


class Ending(Entry):
    """How and why an agreement ended."""

    on: Day
    why: Annotated[
        tuple[
            Literal["responsiveness", "control", "cost", "relationship", "staffing", "purpose_met", "other"],
            ...,
        ],
        Field(min_length=1),
    ]
    text: Text | None = None
    learned: tuple[Text, ...] = ()
    worth_again_if: Text | None = None
    assets: tuple[Asset, ...] = ()
    obligations: tuple[Obligation, ...] = ()
