"""The game behind an option: what each group of its members would pay by itself, from the case's cost model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import CostLine, FixedCost, Option, StepCost, VariableCost
from interlocal.costs.flows import flows
from interlocal.costs.lines import is_joint, line_cost, volume
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import RandomDraws, blocks
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import is_recurring, pointer, steady_year
from interlocal.sharing.game import Game, UndefinedError, additive, table_limit_problem
from interlocal.sharing.side_by_side import METHODS

_DRAWS, _SEED = 1000, 1
"""Draws in the mean; fixed, so that a formula has the same parts in every study of a case."""

_GROUPS_DRAWN = 1 << 26
"""Groups × draws; larger games take fewer draws, so that a step in cost takes seconds and not hours."""


@dataclass(frozen=True)
class CaseGame:
    """A cost game of an option's members."""

    game: Game
    """Cost of each group [currency/year]: joint cost, members' own lines, and what is left of today's cost."""
    own: Array
    """``(members,)`` the part of a group's cost that each member bears itself, outside the formula [currency/year]."""
    year: int
    """The year the costs are of: the first after the transition in which every recurring line runs."""
    basis: str


def cost_game(option: Option, case: Case, members: Sequence[str] | None = None) -> CaseGame:
    """Build the cost game of an option.

    A partner alone carries on as today. A group that could share (one of ``feasible_groups``, or any with one of
    ``possible_leads``) pays what the option's lines cost for its own volumes; any other group pays the least that
    its members reach by themselves or in groups that could share.

    Parameters
    ----------
    members
        Those who take part; all members of the option where None.

    Raises
    ------
    InputError
        Where a member's cost of today is not known.
    """
    names = tuple(members or case.members(option))
    if too_many := table_limit_problem(len(names), f"{pointer(option, case)[1:]}/formula/rule"):
        raise InputError(too_many)
    if unknown := [p for p in names if p not in partners_with_figures(case)]:
        raise InputError(
            Problem(
                f"{pointer(option, case)}/formula/rule",
                f"option {option.id}, formula",
                f"a rule that needs what each partner pays alone, and no cost of today for {', '.join(unknown)}",
                "what each member pays today",
                "Add their spending, or choose a formula by a measure.",
            )
        )
    return _cost_game(_Asked(case.sha256, option.id, names, case))


def parts_by_game(kind: str, option: Option, members: Sequence[str], case: Case) -> Mapping[str, Array]:
    """Return each member's part of the joint cost by a rule of game theory: ``(1, 1)`` by member.

    The rule divides the whole cost; what a member bears itself is taken off its share first. Parts come from the
    expected game and are the same in every draw and year.

    Raises
    ------
    InputError
        Where the rule has no answer for this game, with the reason.
    """
    if len(members) == 1:
        return {members[0]: np.ones((1, 1))}
    built = cost_game(option, case, members)
    joint = built.game.whole - float(built.own.sum())
    if joint <= 0:
        raise InputError(_undefined(kind, "There is no joint cost to share.", option, case))
    try:
        paid = METHODS[kind](built.game)
    except UndefinedError as reason:
        raise InputError(_undefined(kind, str(reason), option, case)) from None
    return {p: np.full((1, 1), x) for p, x in zip(members, (paid - built.own) / joint, strict=True)}


def _undefined(kind: str, reason: str, option: Option, case: Case) -> Problem:
    return Problem(
        f"{pointer(option, case)}/formula/rule",
        f"option {option.id}, formula",
        f"the rule {kind}, which has no answer for these costs: {reason.rstrip('.')}",
        "a rule that has one",
        "Try another rule, such as shapley or per_head.",
    )


@dataclass(frozen=True)
class _Asked:
    """What a game was asked for; the same content gives the same game."""

    sha256: str
    option: str
    members: tuple[str, ...]
    case: Case = field(compare=False)


@lru_cache(maxsize=64)
def _cost_game(asked: _Asked) -> CaseGame:
    case, members = asked.case, asked.members
    option = case.option(asked.option)
    draws = max(16, min(_DRAWS, _GROUPS_DRAWN >> len(members)))
    world = World(case, RandomDraws(blocks(draws, _SEED, draws)[0]))
    paths = {p: today(p, world) for p in members}
    joint = [x for x in option.lines if is_joint(x) and is_recurring(x)]
    year = steady_year(option, world)
    at = year - world.first

    def mean(values: Array) -> float:
        return float(np.broadcast_to(values, (values.shape[0], len(world.years)))[:, at].mean())

    f = flows(option, members, world, paths)
    borne = f.own + f.own_coordination + f.retained + f.moved
    own = np.array([mean(borne[case.partner_ids.index(p)]) for p in members])
    together = additive(own)
    for line in joint:
        together += _line_table(line, option, members, world, at)
    table = _reachable(together, np.array([mean(paths[p].recurring) for p in members]), option, members)
    basis = f"mean yearly cost in {year}, the first steady year, over {draws:,} draws"
    return CaseGame(Game(members, table, "cost"), own, year, basis)


def _line_table(line: CostLine, option: Option, members: Sequence[str], world: World, at: int) -> Array:
    """Return a line's mean cost for every group of members, in one year: ``(2ⁿ,)``, 0 for nobody."""

    def of(values: Array) -> Array:
        return np.broadcast_to(values, (values.shape[0], len(world.years)))[:, at]

    def cost(changed: CostLine, group: Sequence[str]) -> Array:
        return of(line_cost(changed, option, group, world))

    if isinstance(line.behaviour, VariableCost):
        return additive([cost(line, [p]).mean() for p in members])
    if isinstance(line.behaviour, StepCost):
        step = line.behaviour
        one = line.model_copy(update={"behaviour": FixedCost(kind="fixed", amount=step.step)})
        volumes = [of(volume(step.driver, option, [p], world)) for p in members]
        draws = np.stack(np.broadcast_arrays(cost(one, members), *volumes), axis=1)
        table = np.zeros(1 << len(members))
        for price, *filled in draws:
            steps = np.ceil(additive(filled) / step.capacity - 1e-9)
            table += price * np.maximum(steps, step.minimum_steps)
        table /= len(draws)
    else:
        table = np.full(1 << len(members), cost(line, members).mean())
    table[0] = 0
    return table


def _reachable(together: Array, alone: Array, option: Option, members: Sequence[str]) -> Array:
    """Return what each group pays by itself: together where it could share, and else the least it reaches."""
    masks = np.arange(len(together))
    everyone = len(together) - 1
    table = additive(alone)
    if option.feasible_groups is None:
        leads = sum(
            1 << i for i, p in enumerate(members) if not option.possible_leads or p in option.possible_leads
        )
        could = ((masks & leads) > 0) & ((masks & (masks - 1)) > 0)
        table[could] = together[could]
    else:
        groups = {
            sum(1 << members.index(p) for p in group)
            for group in option.feasible_groups
            if len(group) > 1 and set(group) <= set(members)
        }
        # One pass is enough: a partition into groups is built up in the order in which they are visited.
        for group in groups:
            holds = masks[(masks & group) == group]
            table[holds] = np.minimum(table[holds], together[group] + table[holds ^ group])
        # A group listed pays its own cost even if its members would do better apart: that is a finding, not an error.
        listed = list(groups)
        table[listed] = together[listed]
    table[everyone] = together[everyone] if everyone else 0.0
    return table
