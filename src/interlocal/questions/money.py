"""Does it have the potential to save money? Net present savings of one option in one block of draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlocal.costs.world import Array, World
from interlocal.questions.views import Savings

VIEWS = ("inside", "outside", "pool")


@dataclass(frozen=True)
class MoneyDraws:
    """What one block contributes for one option; the last row of ``(partners + 1, draws)`` is the whole."""

    npv: dict[str, Array]
    """Net present saving over the horizon, by view [currency]."""
    payback: dict[str, NDArray[np.float32]]
    """Year from which cumulated savings are never below nothing; inf where there is none in the horizon."""
    yearly: Array
    """``(partners + 1, detail draws, years)`` pooled saving [currency/year]."""


def money_draws(s: Savings, world: World, detail: int) -> MoneyDraws:
    """Discount savings over the money horizon and find when they pay back.

    Parameters
    ----------
    detail
        How many of the block's draws keep their years for the fan of yearly savings.
    """
    npv: dict[str, Array] = {}
    payback: dict[str, NDArray[np.float32]] = {}
    for view in VIEWS:
        saving = getattr(s, view)
        if saving is None:
            continue
        whole = with_total(every_draw(saving, world))
        npv[view] = present_value(whole, world)
        payback[view] = payback_year(whole[..., : world.money_years], world.first)
    return MoneyDraws(npv, payback, with_total(every_draw(s.pool, world)[:, :detail]))


def every_draw(values: Array, world: World) -> Array:
    """Repeat what is certain for every draw: ``(partners, draws, years)``."""
    return np.broadcast_to(values, (values.shape[0], world.draws.size, values.shape[2]))


def with_total(values: Array) -> Array:
    """Append the sum over partners as a last row."""
    return np.concatenate([values, values.sum(0, keepdims=True)])


def present_value(saving: Array, world: World) -> Array:
    """Net present value over the money horizon: ``(partners, draws)`` [currency]."""
    n = world.money_years
    discount = np.broadcast_to(world.discount()[:, :n], (world.draws.size, n))
    value: Array = np.einsum("pdt,dt->pd", saving[..., :n], discount)
    return value


def payback_year(saving: Array, first: int) -> NDArray[np.float32]:
    """Year from which cumulated savings are never below nothing: ``(partners, draws)``, inf where there is none.

    An option that never costs more than today pays back in its first year.
    """
    cumulated = np.cumsum(saving, axis=-1)
    below = cumulated < 0
    years = saving.shape[-1]
    last_below = np.where(below.any(-1), years - np.argmax(below[..., ::-1], axis=-1), 0)
    never = (last_below >= years) | (cumulated[..., -1] <= 0)
    return np.where(never, np.inf, first + last_below).astype(np.float32)
