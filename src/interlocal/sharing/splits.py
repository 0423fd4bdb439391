"""Whether larger groups are ever worse: subadditivity, and the splits that beat acting all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlocal.sharing.compiled import kernel
from interlocal.sharing.game import Game, UndefinedError

LARGEST_SEARCH = 20
"""Players up to which all ways of parting a group are tried: 3²⁰ / 2 of them take a few seconds."""

SHOWN = 10
_PLAIN_PLAYERS = 14
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


@dataclass(frozen=True)
class Partitions:
    """What trying all ways of parting every group tells."""

    best: Split
    """The best way of parting all players, which may be the whole itself."""
    subadditive: bool
    """Whether no group does better by parting: subadditive for cost, superadditive for savings."""


def partitions(game: Game) -> Partitions:
    """Try all ways of parting each group.

    Raises
    ------
    UndefinedError
        For more than 20 players.
    """
    if game.n > LARGEST_SEARCH:
        raise UndefinedError(
            f"Not tried for more than {LARGEST_SEARCH} players: there are too many ways to part them."
        )
    best, part = _best_parts(game.table, game.sign, game.tolerance, small=game.n <= _PLAIN_PLAYERS)
    groups = []
    rest = game.table.size - 1
    while rest:
        groups.append(int(part[rest]))
        rest -= groups[-1]
    subadditive = bool((best - game.sign * game.table <= game.tolerance).all())
    return Partitions(_split(game, groups), subadditive)


def best_partition(game: Game) -> Split:
    """Return the best way of parting all players into groups; see :func:`partitions`."""
    return partitions(game).best


def is_subadditive(game: Game) -> bool:
    """Tell whether no group does better by parting (superadditive for savings); see :func:`partitions`."""
    return partitions(game).subadditive


def _split(game: Game, masks: list[int]) -> Split:
    value = float(game.table[masks].sum())
    return Split(
        tuple(tuple(game.group(mask)) for mask in masks),
        value,
        game.sign * (value - game.whole) if len(masks) > 1 else 0.0,
    )


def _best_rest(best: Any, table: Any, sign: float, group: int) -> tuple[float, int]:
    others = group & (group - 1)
    rests = np.zeros(1, np.int64)
    while others:
        bit = others & -others
        rests = np.concatenate([rests, rests + bit])
        others ^= bit
    rests = rests[:0:-1]
    if not rests.size:
        return -np.inf, 0
    values = best[rests] + sign * table[group ^ rests]
    place = int(np.argmax(values))
    return float(values[place]), int(rests[place])


def _best_rest_in_loops(best: Any, table: Any, sign: float, group: int) -> tuple[float, int]:
    value = -np.inf
    chosen = 0
    others = group & (group - 1)
    rest = others
    while rest:
        other = best[rest] + sign * table[group ^ rest]
        if other > value:
            value = other
            chosen = rest
        rest = (rest - 1) & others
    return value, chosen


@kernel((_best_rest, _best_rest_in_loops))
def _best_parts(table: Any, sign: float, tolerance: float) -> tuple[Any, Any]:
    """For each group, the best value of any partition of it, and the part that holds its lowest member.

    The rest of a group never has the lowest member, so that each pair of parts is met once.
    """
    best = np.zeros(table.size)
    part = np.zeros(table.size, np.int64)
    for group in range(1, table.size):
        best[group] = sign * table[group]
        part[group] = group
        value, rest = _best_rest(best, table, sign, group)
        if value > best[group] + tolerance:
            best[group] = value
            part[group] = group ^ rest
    return best, part
