"""The yardsticks of a study: years, prices, discounting, escalators and how far a study's own estimate is trusted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Currency, Entry, Frozen, Month, Quantity, Share, Slug, Text, Year

PriceBasis = Literal["nominal", "real"]


class Horizon(Frozen):
    """First and last year of the money question."""

    first: Year
    last: Year


class DiscountRate(Entry):
    """The partners' own cost of borrowing, with its date."""

    rate: Quantity
    """Per year as a share: 0.04 is four percent."""
    prices: PriceBasis
    """Whether the rate contains inflation."""
    year: Year
    source: Text


class Escalator(Entry):
    """How a cost grows from year to year."""

    id: Slug
    rate: Quantity
    """Mean growth per year as a share: 0.03 is three percent."""
    volatility: Quantity | None = None
    """Standard deviation of one year's growth around the mean."""
    persistence: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """How much of one year's deviation lasts into the next."""
    prices: PriceBasis = "nominal"
    """Whether the rate contains inflation."""
    year: Year
    source: Text


class ExchangeRate(Entry):
    """One unit of a currency in the case's currency."""

    currency: Currency
    rate: Annotated[float, Field(gt=0)]
    year: Year
    source: Text


class Correlation(Frozen):
    """Inputs of one group move together."""

    group: Slug
    rank_correlation: Annotated[float, Field(ge=0, lt=1)]
    """Spearman's correlation between any two inputs of the group."""


class Stress(Entry):
    """What the stress tests assume where it is the case's to choose."""

    leaver: Slug | None = None
    """The partner that leaves; the one with the largest cost today where empty."""
    leaves_after_years: Annotated[int, Field(ge=1, le=29)] = 5
    """Full years in the partnership before it leaves."""


class Views(Entry):
    """How far the case's own figures are believed; left out, the shipped judgements apply."""

    inside_weight: Share | None = None
    """Probability given to the case's own figures in the pooled view."""
    reason: Text | None = None
    optimism: Quantity | None = None
    """Share of do-nothing cost by which a study's saving is taken to be too high."""
    spread: Annotated[float, Field(ge=0, le=0.5)] | None = None
    """Further standard deviation of the recurring saving, as a share of do-nothing cost."""
    delay_months: Quantity | None = None
    """How late the joint service starts, in months from 0 to 12."""
    transition_uplift: Quantity | None = None
    """Addition to transition and capital cost, as a share."""


class Assumptions(Frozen):
    """The section ``assumptions``."""

    horizon: Horizon
    price_basis: PriceBasis = "nominal"
    """Whether future amounts contain inflation. Nominal and real are never mixed."""
    price_year: Year | None = None
    """Year whose prices amounts are in where they do not say; the latest year of spending where empty."""
    fiscal_year_start: Month = 1
    """Month in which the study's years begin; partners' years are brought to it by their own stated month."""
    sustainability_years: Annotated[int, Field(ge=10, le=30)] = 20
    discount: DiscountRate
    escalators: Annotated[tuple[Escalator, ...], Field(min_length=1)]
    default_escalator: Slug | None = None
    """Escalator of lines that name none; the first one where empty."""
    exchange_rates: tuple[ExchangeRate, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    views: Views = Views()
    stress: Stress = Stress()


class ThresholdOverride(Entry):
    """A named threshold set otherwise for this case, with the reason; reports show it."""

    id: Text
    """Name of the threshold in ``interlocal lessons``."""
    value: float
    reason: Text
