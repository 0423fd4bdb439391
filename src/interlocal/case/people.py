"""Posts, roles, the plan and the calendar. Names are optional everywhere; posts and organisations are enough."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Month, Quantity, Slug, Text


class KeyPost(Entry):
    """A key post in a partner's organisation and whether it is, or falls, open."""

    id: Slug
    partner: Slug
    title: Text
    post: Slug | None = None
    """Id in the catalogue of posts, where the title alone does not find it."""
    status: Literal["filled", "vacant", "interim", "ending"] = "filled"
    since: Day | None = None
    until: Day | None = None
    """Known end: of the vacancy, the interim, the contract or the term."""
    reason: Text | None = None


class Role(Entry):
    """Who carries what in this project."""

    role: Literal["sponsor", "champion", "lead", "project_lead", "successor", "stand_in"]
    partner: Slug
    post: Text
    """The post, such as town administrator; a name is not needed."""
    person: Text | None = None
    hours_per_month: Annotated[float, Field(ge=0)] | None = None
    staff_assigned: Annotated[float, Field(ge=0)] | None = None
    """Full-time staff assigned to the work."""
    mandate: Text | None = None
    """The decision or letter that gives the role its authority."""
    standing_in: tuple[Slug, ...] = ()
    """Partners in which this person has standing."""
    chief_administrator: bool = False
    since: Day | None = None
    until: Day | None = None


class LeadNomination(Entry):
    """Whom a partner takes to be the lead."""

    partner: Slug
    names: Slug
    """The partner it expects to lead."""


class PlanTask(Entry):
    """One task of the path explore → study → negotiate → adopt → transition → stabilise."""

    id: Slug
    name: Text
    phase: Literal["explore", "study", "negotiate", "adopt", "transition", "stabilise"]
    days: Quantity
    """Working days."""
    hours: Quantity = Quantity(value=0.0)
    """Staff hours."""
    after: tuple[Slug, ...] = ()
    not_before: Day | None = None
    relationship: bool = False
    """Whether it builds the relationship: meetings, visits, a trust wave."""
    negotiates_terms: bool = False
    done_on: Day | None = None
    owner: Text | None = None


class Milestone(Entry):
    """A visible win, planned or reached."""

    id: Slug
    text: Text
    due: Day
    visible_win: bool = True
    reached_on: Day | None = None
    told_public_on: Day | None = None
    told_how: Text | None = None


class Plan(Entry):
    """The plan from the first talk to a stable service."""

    start: Day
    tasks: tuple[PlanTask, ...] = ()
    blackout_months: tuple[Month, ...] = ()
    """Months in which no work of this kind gets done, such as budget season."""
    promised_finish: Day | None = None
    milestones: tuple[Milestone, ...] = ()
    rhythm_days: Annotated[int, Field(ge=1)] | None = None
    """Agreed days between decisions or check-ins."""
    trust_wave_due: Day | None = None


class Vision(Entry):
    """A picture of the future that partners agreed to."""

    text: Text
    agreed_by: tuple[Slug, ...] = ()
    looks_to: Annotated[int, Field(ge=1900, le=2200)] | None = None
    """Year it looks to."""
    scenarios_run: tuple[Text, ...] = ()
