"""What was promised when the partners signed, and what has been recorded since."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.values import Day, Entry, Frozen, Share, Slug, Text, Year
from interlocal.partnership.money import Amount


class PromisedYear(Frozen):
    """What the study expected of one organisation in one year, on its central path."""

    organisation: Slug
    year: Year
    do_nothing: Amount
    """Cost had nothing changed [currency/year]."""
    together: Amount
    """Cost in the partnership [currency/year]."""


class MeasureAtStart(Entry):
    """The level of a service measure before anything changed; without it no later figure can be judged."""

    measure: Slug
    organisation: Slug | None = None
    value: float
    promised: float | None = None


class Baseline(Entry):
    """Frozen at adoption and never edited afterwards."""

    frozen_on: Day
    study: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Hash of the case whose study made the promise."""
    years: tuple[PromisedYear, ...] = ()
    measures: tuple[MeasureAtStart, ...] = ()
    price_growth: Annotated[float, Field(ge=-0.5, le=0.5)] = 0.0
    """Yearly growth of prices that the promise assumed, as a share."""
    price_year: Year | None = None
    """Year in which the recorded price index stands at 100; the year before the first promised one where empty."""
    volume: Annotated[float, Field(gt=0)] | None = None
    """Yearly volume that the promise assumed."""
    volume_share_alone: Share = 0.0
    """Part of the do-nothing cost that moves with volume."""
    volume_share_together: Share = 0.0
    """Part of the joint cost that moves with volume."""


class Record(Entry):
    """Something measured or spent in one period."""

    id: Slug
    kind: Literal["cost", "measure", "price_index", "volume", "moved", "scope"]
    """cost: what an organisation paid in all; moved: cost that somebody else bears now, which is not saved;
    scope: cost of what was added (+) or dropped (−) since the promise."""
    year: Year
    organisation: Slug | None = None
    measure: Slug | None = None
    value: float
    """[currency/year] for cost, moved and scope; index points; the measure's unit."""
    to: Text | None = None
    """moved: who bears it now."""
    certified_by: Text | None = None
    """The office that vouches for the figure."""
    certified_on: Day | None = None
