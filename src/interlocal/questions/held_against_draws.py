"""Formulas held against the simulation: how likely each partner is better off, and how far its bill swings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.costs.flows import flows
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import RandomDraws, blocks
from interlocal.questions.money import every_draw, present_value
from interlocal.questions.service_level import present_worth, service_draws
from interlocal.questions.simulation import BLOCK
from interlocal.questions.views import doubt, savings

DRAWS = 2 * BLOCK
"""Enough for about two points in a hundred."""


@dataclass(frozen=True)
class Held:
    """What draws say of a formula, by partner."""

    better_off: Array
    """``(partners,)`` chance of being better off over the horizon, counting the service it is willing to pay for."""
    volatility: Array
    """``(partners,)`` spread of the bill's change from year to year, as a share of the bill: the median draw."""


def held_against_draws(
    case: Case, options: Mapping[str, Option], seed: int, draws: int = DRAWS
) -> dict[str, Held]:
    """Hold formulas against the same draws of the whole case: with a study's seed and draws, against its futures.

    Shares that follow from the game are those of the expected game in every draw.

    Parameters
    ----------
    options
        By a name of your own, one option with another formula each: what it costs does not depend on who pays.
    """
    if not options:
        return {}
    views = doubt(case)
    better: dict[str, list[NDArray[np.bool_]]] = {name: [] for name in options}
    swings: dict[str, list[Array]] = {name: [] for name in options}
    option = next(iter(options.values()))
    for block in blocks(draws, seed, BLOCK):
        world = World(case, RandomDraws(block))
        paths = {p: today(p, world) for p in partners_with_figures(case)}
        cost = flows(option, case.members(option), world, paths)
        worth = present_worth(service_draws(option, world), world)
        for name, changed in options.items():
            s = savings(changed, cost, paths, world, views, pool_only=True)
            better[name].append(present_value(every_draw(s.pool, world), world) + worth > 0)
            swings[name].append(_swings(every_draw(s.bills, world), option, world))
    return {
        name: Held(
            np.concatenate(better[name], axis=1).mean(1),
            np.asarray(np.median(np.concatenate(swings[name], axis=1), axis=1)),
        )
        for name in options
    }


def _swings(bills: Array, option: Option, world: World) -> Array:
    """Return the spread of each bill's yearly change once the service runs a full year: ``(partners, draws)``."""
    starts = (option.starts or world.first) + 1 - world.first
    paid = bills[..., starts : world.money_years]
    before = paid[..., :-1]
    change = np.divide(np.diff(paid, axis=-1), before, out=np.zeros_like(before), where=before != 0)
    return np.std(change, axis=-1) if change.shape[-1] else np.zeros(change.shape[:-1])
