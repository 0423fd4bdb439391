"""The Shapley value and the Banzhaf value, from one pass over a table of 2ⁿ values.

Both average what a player adds to a group S of the others, with a weight p[s] that depends on the size of S. Collected
by group, φᵢ = Σ_{S∋i} v(S) (p[s−1] + p[s]) − Σ_S v(S) p[s]: a pass of O(2ⁿ), not O(n 2ⁿ).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from interlocal.sharing.compiled import available, in_threads, kernel
from interlocal.sharing.game import Floats, Game, UndefinedError

MATRIX_PLAYERS = 12
"""Up to so many players the pass is a product with a matrix that is kept."""

PLAIN_PLAYERS = 16
"""Up to so many players numpy is quick enough that loading the compiler does not pay."""

_THREADED_PLAYERS = 22
_PARTS = 4


def shapley(game: Game) -> Floats:
    """Return the Shapley value: each player's addition to those before it, averaged over all orders of joining.

    Parameters
    ----------
    game
        A cost or savings game. The shares of a cost game are what each player pays; they equal what the player pays
        alone minus its Shapley value in the game of savings.

    Returns
    -------
    numpy.ndarray
        Shape (n,), in the unit of the game; adds up to the value of the whole.

    References
    ----------
    L. S. Shapley (1953), A value for n-person games, *Contributions to the Theory of Games* II, 307–317.

    Examples
    --------
    >>> shapley(Game(("Ash", "Birch"), [0, 60, 50, 90], "cost")).tolist()
    [50.0, 40.0]
    """
    n = game.n
    return _semivalue(game.table, n, tuple(1.0 / (n * comb(n - 1, k)) for k in range(n)))


def additions_by_place(game: Game) -> Floats:
    """Return what each player adds as the first, second, … to join, on average over all orders: shape (n, n).

    The Shapley value is the mean over the places.
    """
    n = game.n
    return np.stack(
        [
            _semivalue(game.table, n, tuple(1.0 / comb(n - 1, k) if k == at else 0.0 for k in range(n)))
            for at in range(n)
        ],
        axis=1,
    )


def banzhaf_value(game: Game) -> Floats:
    """Return the Banzhaf value: each player's addition averaged over all groups of the others, equally likely.

    It does not add up to the whole; :func:`banzhaf` scales it so that it does.

    References
    ----------
    J. F. Banzhaf (1965), Weighted voting doesn't work, *Rutgers Law Review* 19, 317–343.
    """
    return _semivalue(game.table, game.n, (0.5 ** (game.n - 1),) * game.n)


def banzhaf(game: Game) -> Floats:
    """Return the Banzhaf value scaled so that it adds up to the whole (the normalised value).

    Raises
    ------
    UndefinedError
        When the values add up to zero and the whole does not.
    """
    value = banzhaf_value(game)
    total = float(value.sum())
    if abs(total) <= game.tolerance:
        if abs(game.whole) <= game.tolerance:
            return value
        raise UndefinedError(
            "The players' Banzhaf values add up to zero, so they cannot be scaled to the whole."
        )
    return value * (game.whole / total)


def _semivalue(table: Floats, n: int, weight: tuple[float, ...]) -> Floats:
    if n <= MATRIX_PLAYERS:
        return _matrix(n, weight) @ table
    plan = _plan(n, weight)
    if n <= PLAIN_PLAYERS or not available():
        grid = table.reshape(-1, 1 << plan.low)
        sums = np.stack([grid[order].sum(0) for order in plan.orders])
        weighted = np.einsum("ij,ij->i", grid, plan.member[plan.high_sizes])
    else:
        sums, weighted = _summed(table, plan)
    everyone = float((sums * plan.everyone).sum())
    low_players = plan.low_membership @ (sums * plan.member).sum(0)
    high_players = plan.high_membership @ weighted
    return np.concatenate([low_players, high_players]) - everyone


@dataclass(frozen=True, eq=False)
class _Plan:
    """What the pass needs besides the table: row p belongs to groups whose high part has p members."""

    low: int
    high_sizes: Any
    orders: list[Any]
    member: Floats
    everyone: Floats
    low_membership: Floats
    high_membership: Floats


@functools.lru_cache(maxsize=8)
def _plan(n: int, weight: tuple[float, ...]) -> _Plan:
    low = max(n // 2, 10)
    high = n - low
    high_sizes = _sizes(high)
    size = np.arange(high + 1)[:, None] + _sizes(low)
    before = np.array([0.0, *weight])
    after = np.array([*weight, 0.0])
    return _Plan(
        low,
        high_sizes,
        [np.flatnonzero(high_sizes == p) for p in range(high + 1)],
        (before + after)[size],
        after[size],
        _membership(low),
        _membership(high),
    )


@functools.lru_cache(maxsize=64)
def _matrix(n: int, weight: tuple[float, ...]) -> Floats:
    before = np.array([0.0, *weight])
    after = np.array([*weight, 0.0])
    member = _membership(n)
    shares: Floats = member * (before + after)[_sizes(n)] - after[_sizes(n)]
    return shares


def _summed(table: Floats, plan: _Plan) -> tuple[Floats, Floats]:
    # The number of parts depends on the game alone, so that any machine adds up in the same order.
    parts = _PARTS if table.size >= 1 << _THREADED_PLAYERS else 1
    weighted = np.empty(table.size >> plan.low)

    def part(k: int) -> Floats:
        sums = np.zeros(plan.member.shape)
        for p, order in enumerate(plan.orders):
            mine = order[order.size * k // parts : order.size * (k + 1) // parts]
            _sum_blocks(table, plan.low, mine, plan.member[p], weighted, sums[p])
        return sums

    return np.sum(in_threads(part, parts), axis=0), weighted


@kernel(reorder=True)
def _sum_blocks(table: Any, low: int, order: Any, weights: Any, weighted: Any, sums: Any) -> None:
    """Add up blocks elementwise, and each block by itself with weights; four at a time share the sums they load."""
    size = 1 << low
    at = 0
    while at + 4 <= order.size:
        a = table[order[at] << low : (order[at] << low) + size]
        b = table[order[at + 1] << low : (order[at + 1] << low) + size]
        c = table[order[at + 2] << low : (order[at + 2] << low) + size]
        d = table[order[at + 3] << low : (order[at + 3] << low) + size]
        of_a = of_b = of_c = of_d = 0.0
        for j in range(size):
            weight = weights[j]
            of_a += a[j] * weight
            of_b += b[j] * weight
            of_c += c[j] * weight
            of_d += d[j] * weight
            sums[j] += (a[j] + b[j]) + (c[j] + d[j])
        weighted[order[at]] = of_a
        weighted[order[at + 1]] = of_b
        weighted[order[at + 2]] = of_c
        weighted[order[at + 3]] = of_d
        at += 4
    while at < order.size:
        a = table[order[at] << low : (order[at] << low) + size]
        of_a = 0.0
        for j in range(size):
            of_a += a[j] * weights[j]
            sums[j] += a[j]
        weighted[order[at]] = of_a
        at += 1


def _sizes(bits: int) -> Any:
    out = np.zeros(1, np.int64)
    for _ in range(bits):
        out = np.concatenate([out, out + 1])
    return out


def _membership(bits: int) -> Floats:
    return (np.arange(1 << bits) >> np.arange(bits)[:, None] & 1).astype(float)
