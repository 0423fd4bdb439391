"""Why the question comes up now: claims, mandates, events, ideas, and what happened before or elsewhere."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Money, Quantity, Slug, Text, Year


class DriverClaim(Entry):
    """Somebody says that a driver is at work."""

    driver: Literal[
        "duplication", "budget", "politics", "staff", "leadership", "past_success", "mandate", "others"
    ]
    text: Text
    evidence_kind: Literal["survey", "press", "audit", "grand_jury", "statement", "other"] = "statement"
    by: Text | None = None
    """Office or body that says so."""
    partner: Slug | None = None
    on: Day | None = None


class Mandate(Entry):
    """A law or order that binds."""

    id: Slug
    citation: Text
    binds: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Partners bound by it."""
    requires: Literal["to_share", "to_provide"]
    """Whether it obliges to share, or merely to provide the service."""
    deadline: Day | None = None
    funded: bool | None = None


class Event(Entry):
    """A dated event that puts pressure on, or opens or shuts a door."""

    id: Slug
    kind: Literal[
        "resolution",
        "campaign_commitment",
        "legislative_inquiry",
        "election",
        "budget_adoption",
        "contract_end",
        "lease_end",
        "retirement",
        "study_published",
        "decision",
        "setback",
        "restart",
        "public_meeting",
        "other",
    ]
    on: Day
    until: Day | None = None
    partner: Slug | None = None
    text: Text


class Idea(Entry):
    """An idea from staff."""

    id: Slug
    partner: Slug
    text: Text
    on: Day | None = None
    endorsed_by: tuple[Slug, ...] = ()
    """Partners whose staff support it."""


class EarlierAgreement(Entry):
    """An earlier or running agreement between some of the partners."""

    id: Slug
    title: Text
    members: Annotated[tuple[Slug, ...], Field(min_length=1)]
    since: Year
    until: Year | None = None
    renewals: Annotated[int, Field(ge=0)] = 0
    rating: Annotated[float, Field(ge=1, le=5)] | None = None
    """How it went, 1 badly to 5 well, as its partners say."""
    covers_this_service: bool = False


class EarlierAttempt(Entry):
    """An attempt that stopped."""

    id: Slug
    title: Text
    year: Year
    members: tuple[Slug, ...] = ()
    stopped_because: Text | None = None
    lessons: tuple[Text, ...] = ()
    penalty: Text | None = None
    """What somebody suffered for having tried, if it is on record."""
    worth_again_if: Text | None = None


class Comparable(Entry):
    """Somebody else who did it."""

    id: Slug
    who: Text
    what: Text
    year: Year | None = None
    members: Annotated[int, Field(ge=1)] | None = None
    form: Slug | None = None
    services: tuple[Slug, ...] = ()
    """Services it shares, by their ids in the catalogue."""
    measures: dict[Slug, Quantity] = {}
    """The same measures as the partners have, for the whole partnership."""
    claimed: Money | None = None
    """Saving claimed beforehand [currency/year]."""
    realised: Money | None = None
    """Saving recorded afterwards [currency/year]."""
    reference_case: Slug | None = None
    """Id in the cases we ship, where it is one of them."""


class Attachment(Entry):
    """A saving of this case that rests on a comparable."""

    option: Slug
    comparable: Slug
    adjusted: bool = False
    """Whether it was adjusted for the differences."""
    how: Text | None = None
