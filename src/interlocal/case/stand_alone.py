"""Where the cost of each group of partners on its own comes from. What it computes lives in ``sharing``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Frozen, Money, Share, Slug

Basis = Literal["first_steady_year", "present_value"]


class GroupCost(Frozen):
    """What one group would pay by itself."""

    members: Annotated[tuple[Slug, ...], Field(min_length=1)]
    cost: Money
    """[currency/year], or [currency] where the basis is the present value."""


class FromLines(Frozen):
    """From the option's lines: each is costed for the volumes of the group."""

    kind: Literal["lines"]
    basis: Basis = "first_steady_year"
    """The mean cost of the first steady year, or the present value over the horizon."""
    inside_weight: Share = 1.0
    """Weight of the lines; the rest goes to the outside view: what is published of the service's cost by size."""


class FromCurve(Frozen):
    """From today's cost of the members, moved along a cost curve to the size of the group."""

    kind: Literal["curve"]
    basis: Basis = "first_steady_year"
    measure: Slug = "population"
    """What size is counted in."""
    slope: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Percent change of unit cost for one percent more of the measure; as published for the service where empty."""
    flat_from: Annotated[float, Field(gt=0)] | None = None
    """Size from which unit cost stays the same; as published where empty."""
    coordination: Share = 0.01
    """Cost of working together for each partner beyond the first, as a share; the default is our judgement."""


class FromTable(Frozen):
    """From figures that somebody worked out for each group."""

    kind: Literal["table"]
    basis: Basis = "first_steady_year"
    """What the figures are."""
    groups: Annotated[tuple[GroupCost, ...], Field(min_length=1)]
    """A partner not listed carries on as today; any other group not listed does the best it can without."""


StandAlone = Annotated[FromLines | FromCurve | FromTable, Field(discriminator="kind")]
