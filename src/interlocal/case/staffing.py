"""Posts, not sums: who covers the service, on which pay scale, and what joining does to pay."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Money, Quantity, Slug, Text, Year


class Coverage(Entry):
    """Hours that must be covered, whoever is on leave."""

    posts: Annotated[float, Field(gt=0)] = 1
    """Posts filled at the same time."""
    hours_per_day: Annotated[float, Field(gt=0, le=24)]
    days_per_week: Annotated[float, Field(gt=0, le=7)]
    paid_hours_per_week: Annotated[float, Field(gt=0, le=80)] = 40
    """Paid hours of one full-time employee."""
    relief: Quantity
    """Paid hours per hour worked, so that leave and training are covered; 1 covers none of it."""


class PayScale(Entry):
    """Steps of pay in one partner's contract, or of the joint organisation."""

    id: Slug
    partner: Slug | None = None
    year: Year | None = None
    steps: Annotated[tuple[Money, ...], Field(min_length=1)]
    """Yearly pay by step, lowest first [currency/year]."""
    grade: Slug | None = None
    """Kind of post the scale is for; only scales of one grade are levelled with one another."""
    bargaining_unit: Text | None = None
    contract_end: Day | None = None


class Post(Entry):
    """A group of like posts; its cost is employees × pay × (1 + benefits)."""

    id: Slug
    title: Text
    partner: Slug | None = None
    """The partner that employs it today; empty for posts of the joint organisation."""
    comes_from: Slug | None = None
    """For a joint post: the partner whose employee would fill it, which decides its pay before levelling."""
    count: Quantity | None = None
    """Full-time employees, where they are not worked out from coverage."""
    coverage: Coverage | None = None
    scale: Slug
    step: Annotated[int, Field(ge=1)] = 1
    benefits: Quantity = Quantity(value=0.0)
    """Benefits and pensions as a share of pay."""


class Levelling(Entry):
    """What happens to unequal pay when staff come together."""

    rule: Literal["highest", "phased", "grandfathered", "none"]
    """highest: all move to the highest scale at once; phased: over ``years``; grandfathered: only new staff do."""
    years: Annotated[int, Field(ge=1, le=30)] | None = None
    """Years over which pay is raised (phased)."""
    turnover: Quantity | None = None
    """Share of staff replaced each year (grandfathered)."""


class Staffing(Entry):
    """The staffing section."""

    scales: tuple[PayScale, ...] = ()
    posts: tuple[Post, ...] = ()
    levelling: Levelling | None = None
