"""What is shared: the service, what it costs today and how well it does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Frozen, Money, Quantity, Slug, Text, Year

Rating = Annotated[int, Field(ge=1, le=5)]
Inclusion = Literal["included", "excluded", "unknown"]


class ServiceTraits(Entry):
    """A service-and-setting profile, each trait rated 1 (low) to 5 (high) by the people of the case."""

    asset_specificity: Rating | None = None
    """How far the equipment and skills are good for this service alone."""
    output_measurability: Rating | None = None
    """How well output can be specified and monitored."""
    labour_intensity: Rating | None = None
    capital_intensity: Rating | None = None
    management_skill: Rating | None = None
    """Skill at hand to manage a partnership."""
    administrative_stability: Rating | None = None
    private_providers: Rating | None = None
    """Private providers at hand: 1 none, 5 many."""
    public_providers: Rating | None = None
    nonprofit_providers: Rating | None = None
    political_support: Rating | None = None
    fiscal_pressure: Rating | None = None
    union_presence: Rating | None = None
    division_conflict: Rating | None = None
    """How far the partners differ over who should pay."""


class ComplexityFacts(Entry):
    """Things that must be counted before the work is planned."""

    bargaining_units: Annotated[int, Field(ge=0)] | None = None
    pay_scales: Annotated[int, Field(ge=0)] | None = None
    systems_to_merge: Annotated[int, Field(ge=0)] | None = None
    approvals_needed: Annotated[int, Field(ge=0)] | None = None
    assets_to_transfer: Annotated[int, Field(ge=0)] | None = None


class ServiceScope(Entry):
    """The service that might be shared, and what of it."""

    id: Slug
    """Id in the catalogue of services; see ``interlocal evidence``."""
    scope: Text | None = None
    """What is in and what is out, in a sentence."""
    traits: ServiceTraits | None = None
    complexity: ComplexityFacts | None = None


class CostScope(Frozen):
    """What a figure contains. Savings are stated only where these match across partners."""

    direct: Inclusion = "unknown"
    benefits: Inclusion = "unknown"
    """Benefits and pensions."""
    overhead: Inclusion = "unknown"
    capital: Inclusion = "unknown"
    debt: Inclusion = "unknown"
    booked_elsewhere: tuple[Text, ...] = ()
    """What is booked in another account, fund or district."""


class Spending(Entry):
    """What a partner spent on the service in one year."""

    partner: Slug
    year: Year
    amount: Money
    scope: CostScope | None = None


class ScopeAdjustment(Entry):
    """A stated rate that brings a partner's figure to the common cost scope."""

    partner: Slug | None = None
    """The partner it applies to; all that exclude the component where empty."""
    component: Literal["benefits", "overhead", "capital", "debt"]
    rate: Quantity
    """Addition as a share of the recorded amount: 0.35 adds 35 percent."""


class ServiceMeasure(Entry):
    """How well the service does: one measure, today's level, and what a better level is worth."""

    id: Slug
    name: Text
    unit: Text
    better: Literal["higher", "lower"]
    primary: bool = False
    """One of the one to three measures that decide whether service is equal or better."""
    margin: Annotated[float, Field(ge=0)] | None = None
    """A change within this margin does not matter, in the measure's unit."""
    margin_agreed_on: Day | None = None
    """When the partners agreed the margin; it should be before forecasting."""
    baseline: dict[Slug, Quantity] = {}
    """Today's level by partner."""
    worth: dict[Slug, Money] = {}
    """What a partner says one unit of improvement is worth to it [currency/unit/year]."""
