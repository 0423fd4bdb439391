"""What part of the joint cost each member pays, year by year, by the rule in the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from interlocal.case.formulas import (
    ByUsage,
    ByValue,
    Contract,
    Dues,
    Equal,
    GameBased,
    Given,
    Hybrid,
    Levy,
    PerHead,
    Rule,
    TwoPart,
)
from interlocal.case.options import Option
from interlocal.costs.world import Array, World
from interlocal.problems import InputError, Problem


def shares(rule: Rule, option: Option, members: Sequence[str], world: World) -> Array:
    """Return each partner's part of the joint cost.

    Returns
    -------
    ``(partners, draws or 1, years)``; parts of members sum to 1, others pay nothing.

    Raises
    ------
    InputError
        Where the rule cannot be worked out from a cost model alone.
    """
    parts = _parts(rule, option, members, world)
    total = np.zeros((1, len(world.years)))
    for p in members:
        total = total + parts[p]
    zero = np.zeros((1, len(world.years)))
    columns = [parts[p] / total if p in parts else zero for p in world.case.partner_ids]
    return np.stack(np.broadcast_arrays(*columns))


def _parts(rule: Rule, option: Option, members: Sequence[str], world: World) -> dict[str, Array]:
    """Each member's part before scaling; a member's tier changes its base."""

    def by(amount: Callable[[str], Array]) -> dict[str, Array]:
        parts = {p: _taken(option, p) * amount(p) for p in members}
        total = np.sum(np.broadcast_arrays(*parts.values()), axis=0)
        return {p: x / total for p, x in parts.items()}

    match rule:
        case Equal():
            return by(lambda _: np.ones((1, len(world.years))))
        case PerHead(measure=m) | ByValue(measure=m) | Levy(measure=m, mills=None):
            return by(lambda p: world.measure(p, m))
        case ByUsage(measure=m, years=n):
            return by(lambda p: _averaged(p, m, n, world))
        case Hybrid(weights=weights):
            terms = [
                (w, by(lambda p, m=m: _driver(p, m, world)))  # type: ignore[misc]
                for m, w in weights.items()
            ]
            return {p: sum((w * part[p] for w, part in terms), np.zeros((1, 1))) for p in members}
        case TwoPart(readiness_share=ready, readiness_by=first, use_by=use, years=n):
            standing, used = by(lambda p: world.measure(p, first)), by(lambda p: _averaged(p, use, n, world))
            return {p: ready * standing[p] + (1 - ready) * used[p] for p in members}
        case Given(shares=given):
            return {p: np.full((1, len(world.years)), given.get(p, 0.0)) for p in members}
        case Contract() | Dues() | GameBased() | Levy():
            raise InputError(
                Problem(
                    "/options/formula/rule",
                    f"option {option.id}, formula",
                    f"a rule of the kind {rule.kind}",
                    "equal, per_head, by_value, by_usage, hybrid, two_part, given, or a levy that raises the cost",
                    "This version keeps such a rule in the case but cannot work it out; try another rule for the study.",
                )
            )


def _taken(option: Option, partner: str) -> float:
    return option.tiers[partner].share if partner in option.tiers else 1.0


def _driver(partner: str, measure: str, world: World) -> Array:
    return np.ones((1, len(world.years))) if measure == "equal" else world.measure(partner, measure)


def _averaged(partner: str, measure: str, years: int, world: World) -> Array:
    """Return the measure with its level replaced by the mean of its last years on record."""
    m = world.case.partner(partner).measures[measure]
    path = world.measure(partner, measure)
    recent = [m.history[y] for y in sorted(m.history)][-years:]
    if not recent or m.central == 0:
        return path
    return path * (sum(recent) / len(recent) / m.central)
