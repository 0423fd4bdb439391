"""What could be done: carry on, improve alone, buy, drop, change, or share; each with its costs and terms."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from interlocal.case.formulas import Formula
from interlocal.case.service import CostScope
from interlocal.case.stand_alone import StandAlone
from interlocal.case.values import Day, Entry, Frozen, Money, Quantity, Share, Slug, Text, Year

OptionKind = Literal["do_nothing", "improve_alone", "buy_outside", "drop", "change", "shared"]
Category = Literal[
    "staff",
    "operating",
    "overhead",
    "equipment",
    "contract",
    "debt",
    "levelling",
    "reserve",
    "capital",
    "transition",
    "coordination",
    "revenue",
    "grant",
]


class FixedCost(Frozen):
    """The same amount whatever the volume."""

    kind: Literal["fixed"]
    amount: Money
    """[currency/year], or [currency] for one-off categories."""


class StepCost(Frozen):
    """One more step of cost for each further unit of capacity."""

    kind: Literal["step"]
    driver: Slug
    """Measure that fills the capacity."""
    capacity: Annotated[float, Field(gt=0)]
    """Units of the driver that one step serves."""
    step: Money
    """Cost of one step [currency/year]."""
    minimum_steps: Annotated[int, Field(ge=0)] = 1
    """Steps needed however small the volume: a post covered around the clock, one engine, one desk."""


class VariableCost(Frozen):
    """In proportion to a measure."""

    kind: Literal["variable"]
    driver: Slug
    rate: Money
    """[currency/unit/year]"""


class PostsCost(Frozen):
    """The cost of posts in the staffing section."""

    kind: Literal["posts"]
    posts: Annotated[tuple[Slug, ...], Field(min_length=1)]


Behaviour = Annotated[FixedCost | StepCost | VariableCost | PostsCost, Field(discriminator="kind")]


class CostLine(Entry):
    """One line of cost (or of revenue, which is entered as a positive amount)."""

    id: Slug
    name: Text | None = None
    category: Category
    """transition and capital are spent once; coordination is what working together costs; revenue and grant come in."""
    behaviour: Behaviour
    """How the cost responds to volume. ``amount: 1000`` is short for a fixed cost."""
    scope: Literal["own", "joint"] | None = None
    """own: a partner's own line; joint: shared by the formula. Own where a payer is named, joint otherwise."""
    payer: Slug | None = None
    """The partner that pays an own line."""
    avoidable: Quantity = Quantity(value=1.0)
    """do_nothing lines: the share that ends when the partner stops doing the service itself; the rest is stranded."""
    stranded_until: Year | None = None
    """Last year in which the unavoidable share is still paid; for ever where empty."""
    start: Year | None = None
    end: Year | None = None
    escalator: Slug | None = None
    uplift: Slug | None = None
    """Category of optimism in the evidence for capital and transition: ``standard_buildings``, ``equipment_development``, …"""

    @model_validator(mode="before")
    @classmethod
    def _accept_amount(cls, data: Any) -> Any:
        if isinstance(data, dict) and "amount" in data and "behaviour" not in data:
            rest = {k: v for k, v in data.items() if k != "amount"}
            return rest | {"behaviour": {"kind": "fixed", "amount": data["amount"]}}
        return data


class MovedCost(Entry):
    """A cost that somebody else would bear; it is shown as moved and never counted as saved."""

    id: Slug
    partner: Slug
    """The partner that no longer pays it."""
    to: Text
    """Who pays instead: the county, the state, residents through fees."""
    amount: Money
    """[currency/year]"""
    start: Year | None = None
    escalator: Slug | None = None


class Tier(Frozen):
    """How much of the service one partner takes."""

    share: Share
    """1 takes all of it; 0.5 half; what is left it goes on doing itself."""
    label: Text | None = None
    decided: bool = False
    """Whether it was decided, or merely left."""
    reason: Text | None = None


class ExitTerms(Entry):
    """What leaving costs and how long it takes."""

    notice_months: Annotated[int, Field(ge=0, le=120)] | None = None
    stranded_share: Share | None = None
    """Part of the cost its leaving strands that the leaver goes on paying."""
    stranded_years: Annotated[int, Field(ge=0, le=30)] = 1
    """Years over which it pays."""
    rebuild_cost: dict[Slug, Money] = {}
    """What it costs a partner once to run the service itself again [currency]."""
    reserve_returned: bool | None = None
    reserve_contribution: Share | None = None
    """Part of yearly cost paid into a reserve."""


class Forecast(Entry):
    """The expected level of a service measure under this option."""

    measure: Slug
    partner: Slug | None = None
    """Empty: the same for every member."""
    value: Quantity
    """In the measure's unit."""


class RenewalPlan(Entry):
    """Renewal of assets and what is set aside for it."""

    needed: Money
    """Average renewal needed [currency/year]."""
    set_aside: Money
    """[currency/year]"""


class Clause(Entry):
    """A clause of the agreement and where it stands."""

    id: Slug
    """Id in the catalogue of clauses."""
    status: Literal["agreed", "open", "not_needed"] = "open"
    text: Text | None = None
    legal_review: Literal["done", "asked", "none"] = "none"


class Voting(Frozen):
    """Votes on the board."""

    votes: dict[Slug, Annotated[float, Field(ge=0)]] = {}
    """Votes by partner; one each where empty."""
    quota: Share = 0.5
    """A decision needs more than this share of all votes."""
    decided: bool = False


class Option(Entry):
    """One way forward."""

    _REPLACING: ClassVar = frozenset({"shared", "buy_outside", "drop"})

    id: Slug
    name: Text
    kind: OptionKind
    costed_on_its_own: bool = False
    """Whether somebody worked out its cost for this case, rather than taking it from elsewhere."""
    members: tuple[Slug, ...] = ()
    """Partners that take part; all where empty."""
    lead: Slug | None = None
    form: Slug | None = None
    """Governance model in the catalogue."""
    starts: Year | None = None
    """First year under this option; the first year of the horizon where empty."""
    tiers: dict[Slug, Tier] = {}
    """Scope per partner; the whole service where not named."""
    replaces_today: bool | None = None
    """Whether ``lines`` stand instead of today's cost or on top of it (then a saving is a negative amount).
    Instead of it for shared, buy_outside and drop; on top of it for improve_alone and change."""
    lines: tuple[CostLine, ...] = ()
    cost_scope: CostScope | None = None
    """What the figures of this option contain."""
    moved: tuple[MovedCost, ...] = ()
    formula: Formula | None = None
    """How the members share the joint cost."""
    exit: ExitTerms | None = None
    forecasts: tuple[Forecast, ...] = ()
    renewal: RenewalPlan | None = None
    voting: Voting | None = None
    clauses: tuple[Clause, ...] = ()
    feasible_groups: tuple[Annotated[tuple[Slug, ...], Field(min_length=1)], ...] | None = None
    """Smaller groups that could share instead; every group with a possible lead where empty."""
    possible_leads: tuple[Slug, ...] = ()
    """Partners able to lead; all members where empty."""
    stand_alone: StandAlone | None = None
    """Where the cost of each group on its own comes from; the option's lines where empty."""
    term_years: Annotated[int, Field(ge=1, le=99)] | None = None
    review_date: Day | None = None
    """A pilot's or agreement's first review."""
    sunset: Day | None = None
    legal_review: Literal["done", "asked", "none"] = "none"
    saving_taken_over: Text | None = None
    """The comparable a saving was taken over from without being worked out anew, if so."""

    @property
    def replaces(self) -> bool:
        """Whether its lines stand instead of today's cost."""
        return self.kind in self._REPLACING if self.replaces_today is None else self.replaces_today
