"""One block of draws of a whole case: every option, every view, every stress, on the same draws."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.case.formulas import Equal, Formula
from interlocal.case.options import Option, Tier
from interlocal.case.scope import mismatches
from interlocal.costs.flows import flows
from interlocal.costs.timing import transition_ends
from interlocal.costs.today import Today, partners_with_figures, today
from interlocal.costs.world import Array, Shift, World
from interlocal.numerics.draws import Block, Overridden, RandomDraws
from interlocal.questions.money import MoneyDraws, every_draw, money_draws, present_value, with_total
from interlocal.questions.service_level import ServiceDraws, deciding, present_worth, service_draws
from interlocal.questions.sustainability import after_exit, stays, stresses, under
from interlocal.questions.views import Doubt, doubt, savings
from interlocal.reference import uplifts

BLOCK = 2048
"""Draws in a block: small enough that a block's arrays stay in the processor's cache."""
OPTIMISMS = (0.0, 0.05, 0.1, 0.15)
DETAIL = 4096
"""Draws whose years and inputs are kept, for the fan and for what drives the spread."""


@dataclass(frozen=True)
class Tested:
    """One stress or exit in one block: ``(partners + 1, draws)`` each."""

    npv: Array
    stays: NDArray[np.bool_]


@dataclass(frozen=True)
class OptionDraws:
    """What one block contributes for one option."""

    money: MoneyDraws
    stays: NDArray[np.bool_]
    service: ServiceDraws
    service_met: NDArray[np.bool_] | None
    """``(partners + 1, draws)`` whether the deciding measures are equal or better; the last row is everywhere."""
    worth: Array
    """``(partners, draws)`` present value of the service each said it is willing to pay for [currency]."""
    better_off: NDArray[np.bool_]
    """``(partners, draws)`` money at equal service, or money plus the service it said it is willing to pay for."""
    bills: Array
    """``(partners, detail draws, years)`` what each pays by the formula [currency/year]."""
    tests: dict[str, Tested]
    exits: dict[str, Tested]
    optimism: dict[str, NDArray[np.bool_]]
    """Whether the whole saves, at other optimisms; in the first block alone."""


@dataclass(frozen=True)
class BlockResult:
    """One block of a study."""

    options: dict[str, OptionDraws]
    inputs: dict[str, Array]
    """``(detail draws,)`` by input name."""
    labels: dict[str, str]
    do_nothing: dict[str, Array]
    """``(detail draws, years)`` each partner's cost if nothing changes [currency/year]."""
    alone: Array
    """``(partners, draws)`` present value of each partner's cost if nothing changes; 0 where it is not known."""
    groups: dict[tuple[str, ...], Array]
    """``(draws,)`` net present saving of each smaller group declared feasible, by itself and in the pool [currency]."""


def why_unknown(case: Case, option: Option) -> str | None:
    """Why no saving can be stated for an option, or None where it can."""
    lacking = [case.partner(p).name for p in case.members(option) if p not in partners_with_figures(case)]
    if lacking:
        return f"We do not know what the service costs {', '.join(lacking)} today."
    open_ = [m for m in mismatches(case) if not m.adjusted]
    if open_:
        parts = "; ".join(
            f"{m.component} in {', '.join(m.includes)} but not in {', '.join(m.excludes)}" for m in open_
        )
        return f"The figures do not contain the same things: {parts}. State a rate in scope_adjustments."
    return None


def simulate(block: Block, case: Case, *, in_depth: bool = True) -> BlockResult:
    """Draw one block of a case and work out every option.

    Parameters
    ----------
    in_depth
        Whether stresses, exits and other optimisms are worked out too; the answers and the lessons do without.
    """
    draws = RandomDraws(block)
    world = World(case, draws)
    views = doubt(case)
    detail = max(0, min(block.size, DETAIL - block.index * BLOCK))
    paths = {p: today(p, world) for p in partners_with_figures(case)}
    options = {
        o.id: _option(o, world, paths, views, detail, first=block.index == 0, in_depth=in_depth)
        for o in case.options
        if o.kind != "do_nothing" and why_unknown(case, o) is None
    }
    size = (block.size, len(world.years))
    path = {p: np.broadcast_to(t.recurring + t.one_off, size) for p, t in paths.items()}
    nothing = np.zeros(size)
    return BlockResult(
        options=options,
        inputs={k: v[:detail].copy() for k, v in draws.drawn.items()},
        labels={k: i.label for k, i in world.inputs.items()} | _view_labels(),
        do_nothing={p: cost[:detail].copy() for p, cost in path.items()},
        alone=present_value(np.stack([path.get(p, nothing) for p in case.partner_ids]), world),
        groups=_groups(case.proposed_option, options, world, paths, views),
    )


def _view_labels() -> dict[str, str]:
    """Return the names of inputs that are not the case's own."""
    published = {f"views/uplift/{k}": f"Overrun published for {u.name.lower()}" for k, u in uplifts().items()}
    return _VIEW_LABELS | published


_VIEW_LABELS = {
    "views/optimism": "How far the study's own saving is too high (judgement)",
    "views/published": "Saving published for this kind of service",
    "views/published_years": "Years until published savings come",
    "views/delay_months": "Delay of the start (judgement)",
    "views/transition_uplift": "Overrun of transition and capital cost",
}


def _option(
    option: Option, world: World, paths: dict[str, Today], views: Doubt, detail: int, *, first: bool, in_depth: bool
) -> OptionDraws:  # fmt: skip
    case = world.case
    s = savings(option, flows(option, case.members(option), world, paths), paths, world, views)
    together = every_draw(s.pool, world)
    after = transition_ends(option, case.assumptions.horizon.first)
    service = service_draws(option, world)
    tests: dict[str, Tested] = {}
    exits: dict[str, Tested] = {}
    if option.kind == "shared" and in_depth:
        leaves = (option.starts or world.first) + case.assumptions.stress.leaves_after_years
        if len(case.members(option)) > 2:
            for p in case.members(option):
                exits[p] = _tested(option, world, Shift(leaver=p, leaves=leaves), views, together, after)
        for stress in stresses(case, option):
            shift = stress.shift
            if shift is not None and shift.leaver in exits and shift.leaves == leaves:
                tests[stress.id] = exits[shift.leaver]
            elif shift is not None:
                tests[stress.id] = _tested(option, world, shift, views, together, after)
    bills = every_draw(s.bills, world)[:, :detail].copy()
    money = money_draws(s, world, detail)
    worth = present_worth(service, world)
    return OptionDraws(
        money=money,
        stays=stays(together, world, after),
        service=service,
        service_met=_met(option, world, service),
        worth=worth,
        better_off=money.npv["pool"][:-1] + worth > 0,
        bills=bills,
        tests=tests,
        exits=exits,
        optimism=_optimism(option, world, paths, views)
        if option.kind == "shared" and first and in_depth
        else {},
    )


def _groups(
    option: Option | None, known: Collection[str], world: World, paths: dict[str, Today], views: Doubt
) -> dict[tuple[str, ...], Array]:
    """Return what each smaller group that was declared feasible saves together; the formula does not change a sum.

    Only lines can be drawn again for a smaller group; costs from a table or a curve have no futures of their own.
    """
    if option is None or option.id not in known or not option.feasible_groups:
        return {}
    if option.stand_alone is not None and option.stand_alone.kind != "lines":
        return {}
    whole = set(world.case.members(option))
    found = {}
    for group in dict.fromkeys(
        tuple(sorted(g)) for g in option.feasible_groups if 1 < len(set(g)) < len(whole)
    ):
        smaller = option.model_copy(
            update={
                "members": group,
                "formula": Formula(rule=Equal(kind="equal")),
                "tiers": _tiers(option, group),
            }
        )
        s = savings(smaller, flows(smaller, group, world, paths), paths, world, views, pool_only=True)
        found[group] = present_value(every_draw(s.pool, world), world).sum(0)
    return found


def _tiers(option: Option, group: Collection[str]) -> dict[str, Tier]:
    return {p: tier for p, tier in option.tiers.items() if p in group}


def _tested(option: Option, world: World, shift: Shift, views: Doubt, together: Array, after: int) -> Tested:
    shifted = World(world.case, world.draws, shift)
    paths = {p: today(p, shifted) for p in partners_with_figures(world.case)}
    if shift.leaver is not None:
        pool = after_exit(option, together, shifted, paths, views)
    else:
        pool = every_draw(under(option, shifted, paths, views), world)
    return Tested(present_value(with_total(pool), shifted), stays(pool, world, after))


def _optimism(
    option: Option, world: World, paths: dict[str, Today], views: Doubt
) -> dict[str, NDArray[np.bool_]]:
    """Whether the whole saves in the pool when claims are taken to be too high by other amounts."""
    results = {}
    for amount in OPTIMISMS:
        other = World(world.case, Overridden(world.draws, {"views/optimism": amount}))
        pool = every_draw(under(option, other, paths, views), world)
        results[f"{amount:g}"] = present_value(pool.sum(0, keepdims=True), other)[0] > 0
    return results


def _met(option: Option, world: World, service: ServiceDraws) -> NDArray[np.bool_] | None:
    members = world.case.members(option)
    measures = deciding(world.case)
    if not measures or any((m.id, p) not in service.met for m in measures for p in members):
        return None
    everywhere = np.ones(world.draws.size, dtype=bool)
    each = np.stack(
        [
            np.all([service.met[m.id, p] for m in measures], axis=0) if p in members else everywhere
            for p in world.case.partner_ids
        ]
    )
    return np.concatenate([each, each.all(axis=0, keepdims=True)])
