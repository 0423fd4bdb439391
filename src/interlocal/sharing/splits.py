"""Whether larger groups are ever worse: subadditivity, and the splits that beat acting all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlocal.sharing.compiled import kernel
from interlocal.sharing.game import Floats, Game, UndefinedError

LARGEST_SEARCH = 20
"""Players up to which all ways of parting a group are tried: 3²⁰ / 2 of them take a few seconds."""

SHOWN = 10
_PLAIN_PLAYERS = 9
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Split:
    """A way of parting all players into groups, and by how much the groups together beat the whole."""

    groups: tuple[tuple[str, ...], ...]
    value: float
    """Sum of the groups' own values, in the unit of the game."""
    beats_by: float


@dataclass(frozen=True)
class Splits:
    """Splits into two groups that beat the whole."""

    count: int
    largest: tuple[Split, ...]
    """At most ten, the largest gain first."""


def splits_that_beat_the_whole(game: Game, shown: int = SHOWN) -> Splits:
    """Return every split into two groups that together cost less (or gain more) than all players, counted exactly.

    The whole may also be beaten by three or more groups; :func:`best_partition` finds the best split of any kind.
    """
    half = game.table.size // 2
    backwards = game.table[::-1]
    count = 0
    found: list[tuple[float, int]] = []
    for start in range(0, half, _BLOCK):
        stop = min(start + _BLOCK, half)
        gains = game.sign * (game.table[start:stop] + backwards[start:stop] - game.whole)
        if start == 0:
            gains[0] = -np.inf
        better = np.flatnonzero(gains > game.tolerance)
        count += better.size
        if better.size > shown:
            better = better[np.argpartition(-gains[better], shown - 1)[:shown]]
        found = sorted([*found, *((-float(gains[k]), start + k) for k in better.tolist())])[:shown]
    everybody = game.table.size - 1
    return Splits(count, tuple(_split(game, [mask, everybody - mask]) for _, mask in found))


def best_partition(game: Game) -> Split:
    """Return the best way of parting all players into groups, which may be the whole itself.

    Raises
    ------
    UndefinedError
        For more than 20 players.
    """
    _, part = _parted(game)
    groups = []
    rest = game.table.size - 1
    while rest:
        groups.append(int(part[rest]))
        rest -= groups[-1]
    return _split(game, groups)


def is_subadditive(game: Game) -> bool:
    """Tell whether no group does better by parting: subadditive for cost, superadditive for savings.

    Raises
    ------
    UndefinedError
        For more than 20 players.
    """
    best, _ = _parted(game)
    return bool((best - game.sign * game.table <= game.tolerance).all())


def _split(game: Game, masks: list[int]) -> Split:
    value = float(game.table[masks].sum())
    return Split(
        tuple(tuple(game.group(mask)) for mask in masks),
        value,
        game.sign * (value - game.whole) if len(masks) > 1 else 0.0,
    )


def _parted(game: Game) -> tuple[Floats, Any]:
    if game.n > LARGEST_SEARCH:
        raise UndefinedError(
            f"Not tried for more than {LARGEST_SEARCH} players: there are too many ways to part them."
        )
    best, part = _best_parts(game.table, game.sign, game.tolerance, small=game.n <= _PLAIN_PLAYERS)
    return best, part


@kernel()
def _best_parts(table: Any, sign: float, tolerance: float) -> tuple[Any, Any]:
    """For each group, the best value of any partition of it, and the part that holds its lowest member."""
    best = np.zeros(table.size)
    part = np.zeros(table.size, np.int64)
    for group in range(1, table.size):
        value = sign * table[group]
        chosen = group
        others = group & (group - 1)
        # Parts without the lowest member, so that each pair of parts is met once; a split must beat the group itself
        # by more than rounding.
        rest = others
        while rest:
            other = best[rest] + sign * table[group ^ rest]
            if other > value + (tolerance if chosen == group else 0.0):
                value = other
                chosen = group ^ rest
            rest = (rest - 1) & others
        best[group] = value
        part[group] = chosen
    return best, part
