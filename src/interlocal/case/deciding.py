"""What people expect, want and decide, and what surveys found; never a raw answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Money, Quantity, Slug, Text, Year


class Expectation(Entry):
    """Who expects what, by when."""

    id: Slug
    who: Text
    partner: Slug | None = None
    metric: Literal["npv", "yearly_saving", "payback_year", "finish", "service", "share"]
    """What is expected: savings over the horizon or per year, payback, finish of the plan, a service level, a bill."""
    measure: Slug | None = None
    """The service measure (service)."""
    value: Money | Quantity | None = None
    by: Day | None = None
    by_year: Year | None = None
    promised_publicly: bool = False


class Goal(Entry):
    """What a partner wants, or will not accept."""

    id: Slug
    text: Text


class PartnerGoals(Entry):
    """One partner's ranking of the goals and its deal-breakers."""

    partner: Slug
    ranking: tuple[Slug, ...] = ()
    """Goals, most important first."""
    deal_breakers: tuple[Slug, ...] = ()
    """Goals that this partner could not live with."""


class Vote(Entry):
    """A vote, resolution or appropriation of a governing body."""

    id: Slug
    partner: Slug
    kind: Literal["vote", "resolution", "appropriation"]
    about: Literal["share", "study", "negotiate", "adopt", "fund"]
    on: Day
    outcome: Literal["yes", "no", "tabled"]
    own_free_vote: bool = True
    conditions: tuple[Text, ...] = ()
    amount: Money | None = None
    recommendation: Slug | None = None


class Consent(Entry):
    """Graded consent of a partner to a proposal, with its dissent on record."""

    partner: Slug
    about: Slug
    """The option."""
    level: Literal["endorse", "live_with", "stand_aside", "block"]
    quorum_met: bool
    dissent: tuple[Text, ...] = ()
    on: Day | None = None


class Recommendation(Entry):
    """What the study or the committee recommends, and who carries it on."""

    id: Slug
    text: Text
    owner: Text | None = None
    due: Day | None = None
    money: Money | None = None
    decided_on: Day | None = None


class SurveyCell(Entry):
    """Suppressed counts for one statement, one group of one partner and one wave."""

    statement: Slug
    partner: Slug | None = None
    group: Literal["elected", "managers", "staff", "union", "residents", "other"] | None = None
    about: Slug | None = None
    """The partner the answers are about (trust)."""
    panel: Annotated[int, Field(ge=0)] | None = None
    """Number of the set of people who answered; the same number in two waves means the same people."""
    invited: Annotated[int, Field(ge=0)]
    counts: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """Answers by level, lowest first; empty where withheld."""
    withheld: Text | None = None
    """Why nothing is shown: too few answers, all alike, or it would give another cell away."""


class RankingAggregate(Entry):
    """Sufficient statistics of rankings: enough for agreement, not for any person's answer."""

    items: Annotated[tuple[Slug, ...], Field(min_length=2)]
    rankers: Annotated[int, Field(ge=0)]
    rank_sums: tuple[Annotated[float, Field(ge=0)], ...]
    tie_term: Annotated[float, Field(ge=0)] = 0.0
    """Sum over rankers of t³ − t for their tied groups."""


class SurveyWave(Entry):
    """One closed wave of a survey."""

    id: Slug
    kind: Literal["trust", "readiness", "safety", "pulse", "goals"]
    closed_on: Day
    smallest_group: Annotated[int, Field(ge=5)] = 5
    """Groups with fewer answers are withheld; it can be raised, never lowered below 5."""
    cells: tuple[SurveyCell, ...] = ()
    rankings: tuple[RankingAggregate, ...] = ()


class Stakeholder(Entry):
    """A group that the change touches, and how it was heard."""

    id: Slug
    group: Literal["residents", "unions", "staff", "elected", "neighbours", "customers", "other"]
    partner: Slug | None = None
    name: Text | None = None
    heard_on: tuple[Day, ...] = ()


class Engagement(Entry):
    """A public meeting, a published document or a comment."""

    id: Slug
    kind: Literal["public_meeting", "document", "comment"]
    on: Day
    text: Text
    partner: Slug | None = None
    answered_on: Day | None = None
    """When the comment was answered."""


class Governance(Entry):
    """The chosen form and what it rests on."""

    model: Slug | None = None
    reasons: tuple[Text, ...] = ()
    legal_powers: tuple[Text, ...] = ()
    """Laws that allow it, with citations."""
    needs_tax: bool | None = None
    """Whether the service needs a tax of its own."""
    needs_debt: bool | None = None
    """Whether the partnership must borrow in its own name, and not a partner for it."""
    needs_staff: bool | None = None
    """Whether the partnership itself must employ, and not a partner for it."""
    needs_property: bool | None = None
    """Whether the partnership itself must hold title, and not a partner for it."""
    reversible_wanted: bool | None = None
    """Whether the partners want to be able to step back; false where the change is to last for good."""
    surge_only: bool | None = None
    """Whether help is needed in emergencies only."""
    many_services: bool | None = None
    """Whether many services are to be shared over time."""
    mixed_members: bool | None = None
    """Whether any member is not a government."""
    legal_review: Literal["done", "asked", "none"] = "none"


class PreferredBeforeStudy(Entry):
    """An option somebody had settled on before the study."""

    option: Slug
    by: Text
    on: Day | None = None


class Promise(Entry):
    """What was promised to the public."""

    what: Literal["saves_money", "better_service"]
    by: Text
    on: Day | None = None
    text: Text | None = None
