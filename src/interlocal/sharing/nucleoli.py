"""The nucleolus and its kin: shares under which the unhappiest groups are as well off as can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlocal.sharing import lexicographic
from interlocal.sharing.basis import RATIONAL
from interlocal.sharing.game import Floats, Game, UndefinedError

PLAIN_PLAYERS = 16
"""Up to so many players a first game runs uncompiled, so that it need not wait for the compiler to load."""


@dataclass(frozen=True, eq=False)
class LeastCore:
    """The smallest largest excess, and shares that reach it."""

    epsilon: float
    """In the unit of the game; the core is empty when it is above 0 (above the tolerance of the game)."""
    shares: Floats
    """One point of the least core, shape (n,)."""


@dataclass(frozen=True)
class Stage:
    """One step of the nucleolus: the groups that fix its level, with their multipliers."""

    level: float
    masks: tuple[int, ...]
    multipliers: tuple[float, ...]
    rational: tuple[bool, ...]
    """Whether a row says "no less than alone" rather than "no excess above the level"."""


def nucleolus(game: Game) -> Floats:
    """Return the nucleolus: over shares that leave nobody worse off than alone, make the largest excess smallest.

    Then the second largest, and so on. The excess of a group is the amount by which it is worse off than by itself.

    Parameters
    ----------
    game
        A cost or savings game; it need not be subadditive or have a core.

    Returns
    -------
    numpy.ndarray
        Shape (n,), in the unit of the game; adds up to the whole.

    Raises
    ------
    UndefinedError
        When the whole is worse than all players alone, so that somebody must lose; see :func:`prenucleolus`.

    References
    ----------
    D. Schmeidler (1969), The nucleolus of a characteristic function game, *SIAM Journal on Applied Mathematics* 17(6),
    1163–1170.

    Examples
    --------
    >>> nucleolus(Game(("Ash", "Birch"), [0, 60, 50, 90], "cost")).tolist()
    [50.0, 40.0]
    """
    return _shares(game, per_head=False, rational=True)


def prenucleolus(game: Game) -> Floats:
    """Return the prenucleolus: as the nucleolus, but a player may be left worse off than alone.

    It always exists, and is the nucleolus wherever the core is not empty.
    """
    return _shares(game, per_head=False, rational=False)


def per_capita_nucleolus(game: Game) -> Floats:
    """Return the per-head nucleolus: as the nucleolus, with each group's excess divided by its size.

    Size counts players, not residents.

    Raises
    ------
    UndefinedError
        When the whole is worse than all players alone.

    References
    ----------
    H. P. Young, N. Okada & T. Hashimoto (1982), Cost allocation in water resources development, *Water Resources
    Research* 18(3), 463–475.
    """
    return _shares(game, per_head=True, rational=True)


def per_capita_prenucleolus(game: Game) -> Floats:
    """Return the per-head prenucleolus: a player may be left worse off than alone."""
    return _shares(game, per_head=True, rational=False)


def least_core(game: Game, *, per_capita: bool = False) -> LeastCore:
    """Return ε, the least over all ways to share of the largest excess of a group other than nobody and all.

    Parameters
    ----------
    game
        A game of two players or more.
    per_capita
        Divide each excess by the size of the group.

    Raises
    ------
    UndefinedError
        For a game of one player, which has no such group.
    """
    if game.n == 1:
        raise UndefinedError("A game of one player has no group that could be worse off.")
    solved = _solve(game, per_head=per_capita, rational=False, stages=1)
    return LeastCore(float(solved[2][0]), game.sign * solved[1])


def stages(game: Game, *, per_capita: bool = False, rational: bool = True) -> list[Stage]:
    """Return how the nucleolus came about: the groups that fixed each level, the highest level first."""
    if game.n == 1:
        return []
    _require_rational(game, needed=rational)
    _, _, levels, masks, of_stage, kinds, multipliers = _solve(
        game, per_head=per_capita, rational=rational, stages=game.n
    )
    out = []
    for k, level in enumerate(levels):
        rows = np.flatnonzero(of_stage == k)
        out.append(
            Stage(
                float(level),
                tuple(masks[rows].tolist()),
                tuple(multipliers[rows].tolist()),
                tuple((kinds[rows] == RATIONAL).tolist()),
            )
        )
    return out


def _shares(game: Game, *, per_head: bool, rational: bool) -> Floats:
    if game.n == 1:
        return np.array([game.whole])
    _require_rational(game, needed=rational)
    shares: Floats = game.sign * _solve(game, per_head=per_head, rational=rational, stages=game.n)[1]
    return shares


def _require_rational(game: Game, *, needed: bool) -> None:
    if not needed:
        return
    loss = game.sign * (game.alone.sum() - game.whole)
    if loss > 1e-12 * float(np.abs(game.alone).sum() + abs(game.whole)):
        how = (
            "costs more than all players pay alone"
            if game.kind == "cost"
            else "brings less than all players alone"
        )
        raise UndefinedError(
            f"Acting together {how} (by {loss:.6g}), so no shares leave everybody at least as well off."
        )


def _solve(game: Game, *, per_head: bool, rational: bool, stages: int) -> Any:
    solved = lexicographic.solve(
        game.table, game.n, game.sign, per_head, rational, stages, small=game.n <= PLAIN_PLAYERS
    )
    if solved[0] != lexicographic.DONE:
        raise RuntimeError("The linear programmes of the nucleolus did not finish; please report this game.")
    return solved
