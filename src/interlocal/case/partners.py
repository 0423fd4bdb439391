"""Who might share: the partners and what is known of each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Currency, Entry, Money, Month, Quantity, Slug, Text, Year


class Measure(Quantity):
    """A named measure of a partner: population, households, road miles, calls, area, equalised valuation or another."""

    year: Year | None = None
    growth: Quantity | None = None
    """Growth per year as a share: 0.01 is one percent a year."""
    history: dict[Year, float] = {}
    """Earlier years, for averages over several years."""


class ReservePolicy(Entry):
    """The partner's own rule for how much it keeps in reserve."""

    months: Annotated[float, Field(ge=0, le=60)]
    """Months of spending to be held in reserve."""


class LevyLimit(Entry):
    """How much the partner may raise by law and how much it raises."""

    limit: Money
    """Highest levy the law allows [currency/year]."""
    levied: Money
    """Levy raised now [currency/year]."""


class Disclosure(Entry):
    """A difference in a partner's figures, and what became of it."""

    found_by: Text
    """Who found it: the partner itself (its id) or somebody else."""
    what: Text
    explained: bool = False
    corrected: bool = False


class Partner(Entry):
    """A government that might take part."""

    id: Slug
    name: Text
    kind: Text | None = None
    """Town, city, county, district, shire, …"""
    place: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None
    """Country and state whose law applies, as in ISO 3166: US-MA, AU-VIC, GB-ENG."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    adjacent: tuple[Slug, ...] = ()
    """Partners that border this one."""
    proposing: bool = False
    """Whether this partner asked for the study."""
    fiscal_year_start: Month = 1
    """Month in which its fiscal year begins; the year is named for the calendar year in which it ends."""
    currency: Currency | None = None
    measures: dict[Slug, Measure] = {}
    revenue: dict[Year, Money] = {}
    """Own-source revenue by fiscal year [currency/year]."""
    total_spending: dict[Year, Money] = {}
    """All general-fund spending by fiscal year [currency/year]."""
    fund_balance: Money | None = None
    """Unrestricted fund balance [currency]."""
    reserve_policy: ReservePolicy | None = None
    levy_limit: LevyLimit | None = None
    free_to_decline: bool | None = None
    """Whether it could say no to sharing."""
    benefit_of_its_own: Text | None = None
    """What this partner says it would gain."""
    disclosures: tuple[Disclosure, ...] = ()
    """Differences found in its figures."""


class Duplication(Entry):
    """Facts of duplication: how many of the same thing the partners keep apart."""

    kind: Literal["units", "heads", "fixed_posts", "stations", "systems", "neighbours_doing_the_same"]
    partner: Slug
    count: Annotated[float, Field(ge=0)]
    what: Text | None = None
