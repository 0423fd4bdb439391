"""A formula held against the simulation: how likely each partner is better off, and how far its bill swings."""

from __future__ import annotations

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
    """What draws say of an option's formula, by partner."""

    better_off: Array
    """``(partners,)`` chance of being better off over the horizon, counting the service it is willing to pay for."""
    volatility: Array
    """``(partners,)`` spread of the bill's change from year to year, as a share of the bill: the median draw."""


def held_against_draws(case: Case, option: Option, seed: int) -> Held:
    """Hold the option's formula against draws of the whole case.

    Shares that follow from the game are those of the expected game in every draw.
    """
    views = doubt(case)
    better: list[NDArray[np.bool_]] = []
    swings: list[Array] = []
    for block in blocks(DRAWS, seed, BLOCK):
        world = World(case, RandomDraws(block))
        paths = {p: today(p, world) for p in partners_with_figures(case)}
        s = savings(
            option, flows(option, case.members(option), world, paths), paths, world, views, pool_only=True
        )
        npv = present_value(every_draw(s.pool, world), world)
        better.append(npv + present_worth(service_draws(option, world), world) > 0)
        starts = (option.starts or world.first) + 1 - world.first
        bills = every_draw(s.bills, world)[..., starts : world.money_years]
        change = np.divide(
            np.diff(bills, axis=-1),
            bills[..., :-1],
            out=np.zeros_like(bills[..., 1:]),
            where=bills[..., :-1] != 0,
        )
        swings.append(np.std(change, axis=-1) if change.shape[-1] else np.zeros(change.shape[:-1]))
    return Held(
        np.concatenate(better, axis=1).mean(1), np.asarray(np.median(np.concatenate(swings, axis=1), axis=1))
    )
