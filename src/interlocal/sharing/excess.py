"""Which groups would be better off by themselves under given shares, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.sharing.compiled import available, in_threads, kernel
from interlocal.sharing.game import Floats, Game, additive

SHOWN = 10
"""Groups that are listed, the worst first; the others are counted."""

PLAIN_PLAYERS = 16
_PARTS = 4


@dataclass(frozen=True)
class Violation:
    """A group that is worse off than by itself."""

    group: tuple[str, ...]
    excess: float
    """By how much, in the unit of the game."""


@dataclass(frozen=True)
class Violations:
    """The groups that would walk away from given shares."""

    count: int
    worst: tuple[Violation, ...]
    """At most ten, the largest excess first."""


def excesses(game: Game, shares: npt.ArrayLike) -> Floats:
    """Return by how much each of the 2ⁿ groups is worse off under these shares than by itself.

    For a cost game x(S) − c(S), for a savings game v(S) − x(S); negative where the group is better off.
    """
    return game.sign * (game.table - additive(shares))


def violations(game: Game, shares: npt.ArrayLike, shown: int = SHOWN) -> Violations:
    """Return the groups whose excess lies above the tolerance of the game, without nobody and all."""
    masks, values, count = worst_groups(game, np.asarray(shares, float), game.tolerance, shown)
    return Violations(
        count,
        tuple(
            Violation(tuple(game.group(mask)), value)
            for mask, value in zip(masks.tolist(), values.tolist(), strict=True)
        ),
    )


def in_core(game: Game, shares: npt.ArrayLike) -> bool:
    """Tell whether shares add up to the whole and leave no group worse off than by itself (by 10⁻⁹ of the whole)."""
    x = np.asarray(shares, float)
    return abs(x.sum() - game.whole) <= game.tolerance and violations(game, x, 1).count == 0


def worst_groups(game: Game, shares: Floats, above: float, shown: int) -> tuple[Any, Floats, int]:
    """Return masks and excesses of the worst groups above a level, and how many there are in all."""
    n = game.n
    low = max(n // 2, min(n, 10))
    x_low, x_high = additive(shares[:low]), additive(shares[low:])
    blocks = x_high.size
    grid = game.table.reshape(blocks, 1 << low)
    counts = np.zeros(blocks, np.int64)
    tops = np.empty(blocks)
    if n <= PLAIN_PLAYERS or not available():
        for block in range(blocks):
            gaps = _gaps(game, grid, x_low, x_high, block)
            counts[block] = (gaps > above).sum()
            tops[block] = gaps.max()
    else:
        edges = [blocks * k // _PARTS for k in range(_PARTS + 1)]
        in_threads(
            lambda k: _scan(
                game.table, low, game.sign, x_low, x_high, above, edges[k], edges[k + 1], counts, tops
            ),
            _PARTS,
        )
        # The compiled pass takes nobody and all for groups like any other.
        for block in (0, blocks - 1):
            gaps = _gaps(game, grid, x_low, x_high, block)
            counts[block] = (gaps > above).sum()
            tops[block] = gaps.max()
    # The ten worst groups lie in the ten blocks with the worst groups.
    chosen = [block for block in np.argsort(-tops, kind="stable")[:shown].tolist() if tops[block] > above]
    found = []
    for block in chosen:
        gaps = _gaps(game, grid, x_low, x_high, block)
        places = np.flatnonzero(gaps > above)
        if places.size > shown:
            places = places[np.argpartition(-gaps[places], shown - 1)[:shown]]
        found += [(-gaps[place], (block << low) + int(place)) for place in places.tolist()]
    found = sorted(found)[:shown]
    masks = np.array([mask for _, mask in found], np.int64)
    return masks, np.array([-gap for gap, _ in found]), int(counts.sum())


def _gaps(game: Game, grid: Floats, x_low: Floats, x_high: Floats, block: int) -> Floats:
    gaps: Floats = game.sign * (grid[block] - x_low) - game.sign * x_high[block]
    if block == 0:
        gaps[0] = -np.inf
    if block == len(grid) - 1:
        gaps[-1] = -np.inf
    return gaps


@kernel()
def _scan(  # noqa: PLR0913, PLR0917 - compiled code takes arrays, not objects
    table: Any,
    low: int,
    sign: float,
    x_low: Any,
    x_high: Any,
    above: float,
    first: int,
    last: int,
    counts: Any,
    tops: Any,
) -> None:
    size = 1 << low
    gaps = np.empty(size)
    for block in range(first, last):
        start = block << low
        shift = sign * x_high[block]
        count = 0
        for j in range(size):
            gap = sign * (table[start + j] - x_low[j]) - shift
            gaps[j] = gap
            count += gap > above
        half = size
        while half > 1:
            half >>= 1
            for j in range(half):
                gaps[j] = gaps[j] if gaps[j] > gaps[j + half] else gaps[j + half]  # noqa: FURB136 - max is slower here
        counts[block] = count
        tops[block] = gaps[0]
