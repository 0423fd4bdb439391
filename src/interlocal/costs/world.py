"""The case's uncertain inputs, drawn: quantities, growth of prices and of volumes, and discounting.

Arrays are ``(draws, years)``; what does not vary over draws has one row, so that it broadcasts. Every input is drawn
under its own name, so that all options, stresses and revisions of a case see the same draw of the same input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.case.values import Money, Quantity
from interlocal.numerics.draws import Draws, escalation_path

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """A named change of inputs: what a stress test changes, and nothing else."""

    price_quantile: float | None = None
    """Every price rises at this quantile of its rate."""
    volume: float = 1.0
    """All volumes times this."""
    growth: Mapping[str, float] = field(default_factory=dict)
    """Further growth per year of every measure of a partner, as a share."""
    grants_end: int | None = None
    """Last year in which any grant is paid."""
    leaver: str | None = None
    leaves: int | None = None
    """First year without the leaver."""
    vacancy: int | None = None
    """Year in which nobody leads and the joint service saves nothing."""


@dataclass(frozen=True)
class Input:
    """What an input is called and how it was given."""

    name: str
    label: str
    quantity: Quantity


class World:
    """Draws of everything in a case that varies, for one block.

    Parameters
    ----------
    case
        A checked case.
    draws
        Where draws come from: random, or central for the path at the medians.
    shift
        What a stress test changes.
    """

    def __init__(self, case: Case, draws: Draws, shift: Shift | None = None) -> None:
        self.case = case
        self.draws = draws
        self.shift = shift or Shift()
        a = case.assumptions
        self.first = a.horizon.first
        self.last = max(a.horizon.last, a.horizon.first + a.sustainability_years - 1)
        self.years = np.arange(self.first, self.last + 1)
        self.money_years = a.horizon.last - a.horizon.first + 1
        self.price_year = a.price_year or max((s.year for s in case.spending), default=self.first)
        years = case.price_years
        self._origin = min(self.price_year, self.first, *years)
        self._end = max(self.price_year, self.last, *years)
        self.inputs: dict[str, Input] = {}
        self._paths: dict[str, Array] = {}
        self._growth: dict[tuple[str, int], Array] = {}
        self._rates = {r.currency: r.rate for r in a.exchange_rates} | {case.currency: 1.0}
        self._groups = {c.group: c.rank_correlation for c in a.correlations}

    def quantity(self, q: Quantity, name: str, label: str) -> Array:
        """Draw a quantity in its own unit: ``(draws, 1)``, or ``(1, 1)`` where it is certain."""
        d = q.distribution
        if d.is_fixed:
            return np.array([[d.median()]])
        self.inputs.setdefault(name, Input(name, label, q))
        correlation = self._groups.get(q.group, 0.0) if q.group else 0.0
        return self.draws.quantity(name, d, group=q.group, rank_correlation=correlation)[:, None]

    def money(self, m: Money, name: str, label: str) -> Array:
        """Draw an amount in the case's currency, in prices of its own year."""
        rate = self._rates[m.currency] if m.currency else 1.0
        return rate * self.quantity(m, name, label)

    def growth(self, escalator: str | None, base_year: int) -> Array:
        """Factor from prices of ``base_year`` to each year: ``(draws, years)``."""
        key = (escalator or self.default_escalator, base_year)
        if key not in self._growth:
            path = self._path(key[0])
            years = slice(self.first - self._origin, self.last - self._origin + 1)
            self._growth[key] = path[:, years] / path[:, [base_year - self._origin]]
        return self._growth[key]

    @property
    def default_escalator(self) -> str:
        """The escalator of lines that name none."""
        a = self.case.assumptions
        return a.default_escalator or a.escalators[0].id

    def _path(self, escalator_id: str) -> Array:
        if escalator_id not in self._paths:
            e = next(x for x in self.case.assumptions.escalators if x.id == escalator_id)
            name = f"escalators/{e.id}"
            if self.shift.price_quantile is not None:
                rate = np.array([float(e.rate.distribution.ppf(np.array([self.shift.price_quantile]))[0])])
            else:
                rate = self.quantity(e.rate, f"{name}/rate", f"Growth of prices: {e.id}")[:, 0]
            columns = self._end - self._origin + 1
            if e.volatility is None:
                volatility, noise = np.zeros(1), np.zeros((rate.size, columns))
            else:
                volatility = self.quantity(
                    e.volatility, f"{name}/volatility", f"Ups and downs of prices: {e.id}"
                )[:, 0]
                noise = self.draws.normal(f"{name}/years", columns)
            self._paths[escalator_id] = escalation_path(rate, volatility, e.persistence, noise)
        return self._paths[escalator_id]

    def rate_of(self, escalator_id: str) -> Array:
        """Mean yearly growth of an escalator, drawn: ``(draws, 1)``."""
        e = next(x for x in self.case.assumptions.escalators if x.id == escalator_id)
        return self.quantity(e.rate, f"escalators/{e.id}/rate", f"Growth of prices: {e.id}")

    def measure(self, partner: str, measure: str) -> Array:
        """Draw a partner's measure in each year: ``(draws or 1, years)``, in the measure's unit."""
        m = self.case.partner(partner).measures[measure]
        name = f"partners/{partner}/measures/{measure}"
        label = f"{self.case.partner(partner).name}: {measure.replace('_', ' ')}"
        level = self.quantity(m, name, label)
        rate = self.quantity(m.growth, f"{name}/growth", f"{label}, growth") if m.growth else np.zeros((1, 1))
        since = m.year or self.price_year
        extra = self.shift.growth.get(partner, 0.0)
        values = level * (1 + rate) ** (self.years - since)
        if extra:
            values = values * (1 + extra) ** np.maximum(self.years - self.first, 0)
        return self.shift.volume * values

    def discount(self) -> Array:
        """Factor that brings each year to the first year of the horizon: ``(draws or 1, years)``."""
        rate = self.quantity(
            self.case.assumptions.discount.rate, "discount/rate", "Discount rate (own cost of borrowing)"
        )
        return (1 + rate) ** -(self.years - self.first)
