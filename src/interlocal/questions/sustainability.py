"""Sustainable over the long term? Whether each partner stays better off, and what stresses do to that.

This is a money test and not a prediction of survival: endings elsewhere came more from responsiveness, control and
relationships than from money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.case.formulas import Formula
from interlocal.case.options import Option
from interlocal.costs.flows import flows
from interlocal.costs.today import Today
from interlocal.costs.world import Array, Shift, World
from interlocal.questions.views import Doubt, savings

RUN = 3
"""Years running in which a partner pays more than on its own before it counts as worse off."""


@dataclass(frozen=True)
class Stress:
    """A named change of inputs."""

    id: str
    title: str
    shift: Shift | None
    why_not: str = ""
    """Why it cannot be tested with this case's data, where ``shift`` is None."""


def stresses(case: Case, option: Option) -> tuple[Stress, ...]:
    """Return the stress tests of an option, those that cannot be run with the reason."""
    first = case.assumptions.horizon.first
    starts = option.starts or first
    chosen = case.assumptions.stress
    members = case.members(option)
    leaver = chosen.leaver if chosen.leaver in members else None
    leaver = leaver or _largest(case, members)
    leaves = starts + chosen.leaves_after_years
    grants = any(x.category == "grant" for x in option.lines)
    growing = _fastest_growing(case, members)
    volumes = any(x.behaviour.kind in {"step", "variable"} for x in option.lines)
    today_by_volume = any(
        x.behaviour.kind in {"step", "variable"}
        for o in case.options
        if o.kind == "do_nothing"
        for x in o.lines
    )
    lacking = [
        word for word, known in (("today's cost", today_by_volume), ("the joint cost", volumes)) if not known
    ]
    return (
        Stress(
            "leaver",
            f"{case.partner(leaver).name} leaves in {leaves}",
            Shift(leaver=leaver, leaves=leaves) if len(members) > 2 else None,
            "with two partners, one leaving ends the partnership: see what each exit costs",
        ),
        Stress(
            "grant_ends",
            "Every grant ends after its first year",
            Shift(grants_end=starts) if grants else None,
            "the option has no grant",
        ),
        Stress(
            "growth",
            f"{case.partner(growing).name} grows twice as fast"
            if growing
            else "The fastest-growing partner grows on",
            Shift(growth={growing: _growth(case, growing)}) if growing else None,
            "no partner has a growth rate in its measures",
        ),
        Stress("prices", "Prices rise at the rate exceeded 1 time in 10", Shift(price_quantile=0.9)),
        Stress(
            "lead_vacant",
            f"The lead's post is vacant in {starts + 1}: no saving that year",
            Shift(vacancy=starts + 1),
        ),
        Stress(
            "volume",
            "Volumes rise by 20 %",
            Shift(volume=1.2) if volumes and today_by_volume else None,
            f"we do not know how {' and '.join(lacking)} would follow volume",
        ),
    )


def _largest(case: Case, members: tuple[str, ...]) -> str:
    latest: dict[str, float] = {}
    for s in sorted(case.spending, key=lambda s: s.year):
        latest[s.partner] = s.amount.central
    return max(members, key=lambda p: latest.get(p, 0.0))


def _growth(case: Case, partner: str) -> float:
    return max((m.growth.central for m in case.partner(partner).measures.values() if m.growth), default=0.0)


def _fastest_growing(case: Case, members: tuple[str, ...]) -> str | None:
    fastest = max(members, key=lambda p: _growth(case, p))
    return fastest if _growth(case, fastest) > 0 else None


def stays(saving: Array, world: World, after: int) -> NDArray[np.bool_]:
    """Whether each partner never pays more than alone for three years running, counted after the transition.

    Parameters
    ----------
    saving
        ``(partners, draws, years)`` [currency/year].
    after
        Last year of the transition.

    Returns
    -------
    ``(partners + 1, draws)``; the last row is whether every partner stays better off.
    """
    worse = saving[..., world.years > after] < 0
    starts = worse.shape[-1] - RUN + 1
    run = worse[..., :starts].copy()
    for k in range(1, RUN):
        run &= worse[..., k : starts + k]
    each: NDArray[np.bool_] = np.logical_not(run.any(axis=-1))
    return np.concatenate([each, each.all(axis=0, keepdims=True)])


def under(option: Option, world: World, today_of: dict[str, Today], views: Doubt) -> Array:
    """Return an option's pooled saving in a shifted world: ``(partners, draws, years)`` [currency/year]."""
    f = flows(option, world.case.members(option), world, today_of)
    return savings(option, f, today_of, world, views, pool_only=True).pool


def after_exit(
    option: Option, together: Array, world: World, today_of: dict[str, Today], views: Doubt
) -> Array:
    """Return the pooled saving when the shift's leaver goes: the rest carry on, and the terms of exit apply.

    Parameters
    ----------
    together
        Pooled saving if nobody left: ``(partners, draws, years)`` [currency/year].
    """
    leaver, leaves = world.shift.leaver or "", world.shift.leaves or world.last
    rest = tuple(p for p in world.case.members(option) if p != leaver)
    smaller = option.model_copy(update={"members": rest, "formula": _without(option, leaver)})
    alone = under(smaller, world, today_of, views)
    at = world.case.partner_ids.index(leaver)
    gone = world.years >= leaves
    pool = np.where(gone, alone, together)
    terms = option.exit
    if terms is not None and terms.stranded_share:
        paying = gone & (world.years < leaves + terms.stranded_years)
        others = [world.case.partner_ids.index(p) for p in rest]
        paid = terms.stranded_share * np.maximum((together - alone)[others], 0.0) * paying
        pool[others] += paid
        pool[at] -= paid.sum(0)
    if terms is not None and leaver in terms.rebuild_cost:
        money = terms.rebuild_cost[leaver]
        label = f"Cost for {world.case.partner(leaver).name} of starting again"
        cost = world.money(money, f"options/{option.id}/rebuild/{leaver}", label)
        pool[at] -= cost * world.growth(None, money.year or world.price_year) * (world.years == leaves)
    return pool


def _without(option: Option, leaver: str) -> Formula | None:
    formula = option.formula
    if formula is None or formula.rule.kind != "given":
        return formula
    kept = {p: x for p, x in formula.rule.shares.items() if p != leaver}
    total = sum(kept.values()) or 1.0
    return formula.model_copy(
        update={"rule": formula.rule.model_copy(update={"shares": {p: x / total for p, x in kept.items()}})}
    )
