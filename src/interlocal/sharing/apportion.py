"""What part of the joint cost each member pays, year by year: the rule in the case, and what bends it.

A rule that sets prices rather than parts (a contract, dues, a levy at a given millage) is held against the recurring
joint cost of the plan. Its parts then also share what the plan did not foresee.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlocal.case.formulas import Band, Formula, PhaseIn, Rule
from interlocal.case.options import Option
from interlocal.case.values import Money
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import Array, World
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import each, pointer, priced, recurring_joint_cost, taken
from interlocal.sharing.bending import as_far_as_possible, band, phase_in
from interlocal.sharing.formulas import proportional
from interlocal.sharing.rules import parts_by_rule


def shares(rule: Rule, option: Option, members: Sequence[str], world: World) -> Array:
    """Return each partner's part of the joint cost by a rule, before anything bends it.

    Returns
    -------
    ``(partners, draws or 1, years)``; parts of members sum to 1, others pay nothing. A part is below 0 where a lead
    is paid more than the service costs.

    Raises
    ------
    InputError
        Where the rule lacks what it needs.
    """
    return _for_all_partners(parts_by_rule(rule, option, members, world), members, world)


def formula_shares(option: Option, members: Sequence[str], world: World) -> Array:
    """Return each partner's part of the recurring joint cost by the option's whole formula: ``(partners, draws or 1, years)``.

    Raises
    ------
    InputError
        Where the option has no formula, or the formula lacks what it needs.
    """
    return _for_all_partners(bend(option, members, world).parts, members, world)


@dataclass(frozen=True)
class Bent:
    """The formula step by step: parts ``(members, draws or 1, years)`` after each step, each summing to 1."""

    cost: Array
    """``(draws or 1, years)`` recurring joint cost of the plan [currency/year]."""
    by_rule: Array
    banded: Array
    """Held within the fairness band around the reference formula."""
    start: Array
    """The parts before the formula; those of the formula where nothing is phased in."""
    phased: Array
    """Brought from the old parts to the formula on a straight line."""
    parts: Array
    """Held within floors, caps and the highest yearly rise: what is paid."""


def bend(option: Option, members: Sequence[str], world: World) -> Bent:
    """Work the option's formula out: rule, then band, then phase-in, then floors, caps and the highest yearly rise."""
    formula = option.formula
    if formula is None:
        raise InputError(
            Problem(
                f"{pointer(option, world.case)}/formula",
                f"option {option.id}",
                "no formula",
                "how the members share the joint cost",
                "Add formula: {rule: {kind: per_head}}.",
            )
        )
    cost = recurring_joint_cost(option, members, world)
    by_rule = parts_by_rule(formula.rule, option, members, world)
    banded = _banded(by_rule, formula.band, option, members, world)
    phased, start = banded, banded
    if formula.phase_in is not None:
        start = _start(formula.phase_in, option, members, world)
        since = world.years - (option.starts or world.first) + 1
        phased = phase_in(start, banded, since, formula.phase_in.years)
    rise = formula.phase_in.cap_per_year if formula.phase_in else None
    if not formula.floors and not formula.caps and rise is None:
        return Bent(cost, by_rule, banded, start, phased, phased)
    low, high = bounds(formula, option, members, world)
    bills = phased * cost
    bills = (
        as_far_as_possible(bills, low, high)
        if rise is None
        else _rising_slowly(bills, low, high, rise, start * cost)
    )
    parts = np.divide(bills, cost, out=phased + 0 * cost, where=cost > 0)
    return Bent(cost, by_rule, banded, start, phased, parts)


def bounds(formula: Formula, option: Option, members: Sequence[str], world: World) -> tuple[Array, Array]:
    """Return the floors and caps: ``(members, draws or 1, years)`` [currency/year]; they grow with prices."""

    def limit(side: str, given: dict[str, Money], otherwise: float) -> Array:
        return each(
            members,
            lambda p: (
                priced(given[p], f"options/{option.id}/{side}/{p}", world)
                if p in given
                else np.full((1, 1), otherwise)
            ),
            world,
        )

    return limit("floors", formula.floors, 0.0), limit("caps", formula.caps, np.inf)


def _banded(parts: Array, within: Band | None, option: Option, members: Sequence[str], world: World) -> Array:
    if within is None:
        return parts
    low, high = band(parts_by_rule(within.reference, option, members, world), within.within)
    return as_far_as_possible(parts, low, high)


def _start(rule: PhaseIn, option: Option, members: Sequence[str], world: World) -> Array:
    """Return the parts before the formula: of what all pay today for the service they will share, or equal."""
    if rule.start_from == "equal":
        return np.full((len(members), 1, len(world.years)), 1 / len(members))
    if unknown := [p for p in members if p not in partners_with_figures(world.case)]:
        raise InputError(
            Problem(
                f"{pointer(option, world.case)}/formula/phase_in/start_from",
                f"option {option.id}, formula",
                f"a phase-in from today, and no cost of today for {', '.join(unknown)}",
                "what each member pays today",
                "Add their spending, or start from equal parts.",
            )
        )
    return proportional(
        each(members, lambda p: taken(option, p) * np.maximum(today(p, world).recurring, 0), world),
        "cost today",
    )


def _rising_slowly(bills: Array, low: Array, high: Array, rise: float, before: Array) -> Array:
    """Hold each year's bills to a highest rise on the year before; the first year's on the old parts of its cost.

    A floor comes before the highest rise.
    """
    x, low, high, before = (np.array(a) for a in np.broadcast_arrays(bills, low, high, before))
    last = None
    for y in range(x.shape[-1]):
        if not np.any(x[..., y]):
            continue
        reach = (before[..., y] if last is None else last) * (1 + rise)
        top = np.maximum(np.minimum(high[..., y], reach), low[..., y])
        last = x[..., y] = as_far_as_possible(x[..., y], low[..., y], top)
    return x


def _for_all_partners(parts: Array, members: Sequence[str], world: World) -> Array:
    everyone = np.zeros((len(world.case.partner_ids), *parts.shape[1:]))
    everyone[[world.case.partner_ids.index(p) for p in members]] = parts
    return everyone
