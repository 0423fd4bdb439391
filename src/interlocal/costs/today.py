"""What each partner would pay if nothing changed: its own do-nothing path, grown, never held still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.case.scope import latest_spending
from interlocal.costs.lines import ONE_OFF, line_cost
from interlocal.costs.world import Array, World


@dataclass(frozen=True)
class Today:
    """One partner's do-nothing path."""

    recurring: Array
    """``(draws or 1, years)`` [currency/year]"""
    one_off: Array
    """Renewals and other spending of single years [currency/year]."""
    stranded: Array
    """Part of ``recurring`` that would go on if others did the service."""
    responds_to_volume: bool
    """Whether its lines say how cost follows volume."""


def do_nothing_option(case: Case) -> Option | None:
    """Return the option that carries on as today, if the case describes it line by line."""
    return next((o for o in case.options if o.kind == "do_nothing"), None)


def partners_with_figures(case: Case) -> tuple[str, ...]:
    """Partners whose cost of today is known, from lines or from spending."""
    option = do_nothing_option(case)
    by_line = {x.payer for x in option.lines if x.payer} if option else set()
    by_spending = set(latest_spending(case))
    return tuple(p for p in case.partner_ids if p in by_line | by_spending)


def today(partner: str, world: World) -> Today:
    """Return a partner's do-nothing path, from its do-nothing lines or else from its latest spending."""
    option = do_nothing_option(world.case)
    lines = [x for x in option.lines if x.payer == partner] if option else []
    if option is None or not lines:
        return _from_spending(partner, world)
    zero = np.zeros((1, len(world.years)))
    recurring, one_off, stranded = zero, zero, zero
    for line in lines:
        cost = line_cost(line, option, (partner,), world)
        if line.category in ONE_OFF:
            one_off = one_off + cost
            continue
        recurring = recurring + cost
        label = f"{world.case.partner(partner).name}: avoidable part of {line.name or line.id}"
        avoidable = world.quantity(line.avoidable, f"options/{option.id}/lines/{line.id}/avoidable", label)
        lasts = world.years <= (line.stranded_until or world.last)
        stranded = stranded + (1 - avoidable) * cost * lasts
    responds = any(line.behaviour.kind in {"step", "variable"} for line in lines)
    return Today(recurring, one_off, stranded, responds)


def _from_spending(partner: str, world: World) -> Today:
    entry = latest_spending(world.case)[partner]
    label = f"{world.case.partner(partner).name}: cost today"
    amount = world.money(entry.amount, f"spending/{partner}", label)
    amount = amount * (1 + _scope_addition(partner, world))
    path = amount * world.growth(None, entry.year) * _alignment(partner, world)
    zero = np.zeros((1, len(world.years)))
    return Today(path, zero, zero, responds_to_volume=False)


def _scope_addition(partner: str, world: World) -> Array:
    """Sum of the stated rates that bring the figure to the common cost scope."""
    scope = latest_spending(world.case)[partner].scope
    total = np.zeros((1, 1))
    for i, a in enumerate(world.case.scope_adjustments):
        concerns = a.partner == partner or (
            a.partner is None and scope is not None and getattr(scope, a.component) == "excluded"
        )
        if concerns:
            total = total + world.quantity(
                a.rate, f"scope_adjustments/{i}", f"Addition for {a.component} outside the recorded figure"
            )
    return total


def _alignment(partner: str, world: World) -> Array:
    """Growth between the middle of the partner's fiscal year and that of the study's year.

    Fiscal years are named for the calendar year in which they end.
    """
    middle = _middle(world.case.assumptions.fiscal_year_start) - _middle(
        world.case.partner(partner).fiscal_year_start
    )
    if middle == 0:
        return np.ones((1, 1))
    return (1 + world.rate_of(world.default_escalator)) ** middle


def _middle(start_month: int) -> float:
    return 0.5 if start_month == 1 else (start_month - 1) / 12 - 0.5
