"""How a formula for sharing cost is written down. What each computes lives in ``sharing``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Frozen, Money, Quantity, Share, Slug, Text, Year


class Equal(Frozen):
    """Everybody pays the same."""

    kind: Literal["equal"]


class PerHead(Frozen):
    """By population, or another count of people or households."""

    kind: Literal["per_head"]
    measure: Slug = "population"


class ByValue(Frozen):
    """By equalised property value."""

    kind: Literal["by_value"]
    measure: Slug = "equalised_valuation"


class ByUsage(Frozen):
    """By use: calls, road miles, devices, …, averaged over several years where the measure has a history."""

    kind: Literal["by_usage"]
    measure: Slug
    years: Annotated[int, Field(ge=1, le=10)] = 3
    """Years in the average."""


class Hybrid(Frozen):
    """Weights on drivers, each turned into shares first, so that units never set the weights."""

    kind: Literal["hybrid"]
    weights: dict[Slug, Share]
    """Weight by measure; they sum to 1. ``equal`` may stand for an equal part."""
    sums_raw_units: bool = False
    """True describes a formula that adds unlike units (calls + population/100 + …); it is refused with the reason."""


class TwoPart(Frozen):
    """A readiness part by one driver and the rest by use."""

    kind: Literal["two_part"]
    readiness_share: Share
    """Part of the cost that stands ready whether or not anyone calls."""
    readiness_by: Slug = "population"
    use_by: Slug
    years: Annotated[int, Field(ge=1, le=10)] = 3


class Contract(Frozen):
    """Buyers pay the lead partner a price; the lead keeps the rest."""

    kind: Literal["contract"]
    price: Literal["fixed", "unit", "cost_plus"]
    cost: Literal["full", "marginal"] = "full"
    """cost_plus: on the full cost, or on the cost that the buyer adds."""
    by: Slug = "population"
    """The measure in which the service is bought."""
    amounts: dict[Slug, Money] = {}
    """fixed: what each buyer pays [currency/year]."""
    unit_price: Money | None = None
    """unit: price of one unit of ``by`` [currency/unit]."""
    markup: Share = 0.0
    """cost_plus: addition as a share of cost."""


class DuesClass(Frozen):
    """One class of members in a dues schedule."""

    name: Text
    up_to: Annotated[float, Field(gt=0)] | None = None
    """Highest population in the class; empty for the last one."""
    base: Annotated[float, Field(ge=0)] = 0.0
    """Base rate [currency/year]."""
    per_head: Annotated[float, Field(ge=0)] = 0.0
    """Rate per head [currency/head/year]."""
    floor: Annotated[float, Field(ge=0)] | None = None
    cap: Annotated[float, Field(ge=0)] | None = None
    discount: Share = 0.0
    """Discount for members of this class, such as small communities."""


class Dues(Frozen):
    """A dues schedule: classes by population, base and rate per head, floors, caps and discounts."""

    kind: Literal["dues"]
    measure: Slug = "population"
    classes: Annotated[tuple[DuesClass, ...], Field(min_length=1)]
    role_discounts: dict[Slug, Share] = {}
    """Discount by partner for a role it fills, such as the lead."""
    scale_to_cost: bool = False
    """True scales the dues so that they add up to the cost; otherwise the difference is shown."""


class Levy(Frozen):
    """A millage on equalised value."""

    kind: Literal["levy"]
    measure: Slug = "equalised_valuation"
    mills: Annotated[float, Field(gt=0)] | None = None
    """Currency per thousand of value; empty sets the rate that raises the cost."""


class GameBased(Frozen):
    """Shares that follow from what each group of partners would pay on its own."""

    kind: Literal[
        "scrb", "shapley", "nucleolus", "per_capita_nucleolus", "gately", "tau", "moriarity", "equal_charge"
    ]


class Given(Frozen):
    """Shares written into the agreement."""

    kind: Literal["given"]
    shares: dict[Slug, Share]


Rule = Annotated[
    Equal | PerHead | ByValue | ByUsage | Hybrid | TwoPart | Contract | Dues | Levy | GameBased | Given,
    Field(discriminator="kind"),
]


class Band(Frozen):
    """Keep every share within a distance of a reference formula."""

    within: Share
    """0.1 keeps each share within ±10 percent of the reference share."""
    reference: Rule


class PhaseIn(Frozen):
    """Come to the formula over some years, and no faster than a cap."""

    years: Annotated[int, Field(ge=1, le=15)]
    start_from: Literal["today", "equal"] = "today"
    """today: each partner's part of what all pay now."""
    cap_per_year: Share | None = None
    """Highest rise of a partner's bill from one year to the next."""


class InKind(Entry):
    """Something a partner gives instead of money."""

    partner: Slug
    what: Text
    value: Money
    """[currency/year]"""


class BuyIn(Entry):
    """What a partner pays once to join."""

    partner: Slug
    amount: Money
    """[currency]"""
    year: Year | None = None


class Formula(Entry):
    """The whole formula: a rule, and what bends it."""

    rule: Rule
    capital_rule: Rule | None = None
    """A rule of its own for capital and debt lines."""
    buy_in: tuple[BuyIn, ...] = ()
    in_kind: tuple[InKind, ...] = ()
    floors: dict[Slug, Money] = {}
    """Least a partner pays [currency/year]."""
    caps: dict[Slug, Money] = {}
    """Most a partner pays [currency/year]."""
    band: Band | None = None
    phase_in: PhaseIn | None = None
    true_up: Literal["none", "year_end"] = "none"
    """Whether bills are settled against actual cost and use at year end."""
    decided: bool = False
    """Whether the partners discussed and chose it, or it was merely left as it stood."""
    decided_on: Day | None = None
    reopens_when: tuple[Text, ...] = ()
    """What reopens the formula before its term."""
    reserve_contribution: Quantity | None = None
    """Addition to each bill that goes to the reserve, as a share."""
