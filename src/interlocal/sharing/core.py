"""The core: shares that no group could better by itself. What each player could pay there, and how near it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interlocal.sharing.excess import worst_groups
from interlocal.sharing.game import Floats, Game, UndefinedError
from interlocal.sharing.nucleoli import least_core

_ADDED = 20
_ROUNDS = 1000


@dataclass(frozen=True, eq=False)
class CoreRange:
    """The least and the most that each player has at any point of the core, in the unit of the game."""

    least: Floats
    most: Floats


def core_empty(game: Game) -> bool:
    """Tell whether every way to share leaves some group worse off than by itself."""
    return game.n > 1 and least_core(game).epsilon > game.tolerance


def core_range(game: Game) -> CoreRange:
    """Return the range of shares each player could accept: its least and most over all points of the core.

    Raises
    ------
    UndefinedError
        When the core is empty.
    """
    _require_core(game)
    n = game.n
    least, most = np.empty(n), np.empty(n)
    programme = _Programme(game)
    for i in range(n):
        direction = np.zeros(n)
        direction[i] = 1.0
        least[i] = programme.minimise(direction)[i]
        most[i] = programme.minimise(-direction)[i]
    return CoreRange(least, most)


def nearest_core_point(game: Game, shares: npt.ArrayLike) -> Floats:
    """Return the point of the core nearest to given shares, by the sum of squared changes.

    Squares make the point unique, and spread a necessary change over players rather than load it on one. Least
    distance programming after Lawson & Hanson (1974), *Solving Least Squares Problems*, chapter 23, on the groups
    that turn out to matter.

    Parameters
    ----------
    game
        A game with a core.
    shares
        Shape (n,); need not add up to the whole.

    Raises
    ------
    UndefinedError
        When the core is empty.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 - slow to import

    _require_core(game)
    n = game.n
    given = np.asarray(shares, float)
    start: Floats = given + (game.whole - given.sum()) / n
    if n == 1:
        return start
    unit = max(game.tolerance * 1e9, 1e-300)
    # Directions that keep the sum: an orthonormal basis of the vectors that add up to zero.
    directions = np.linalg.svd(np.ones((1, n)))[2][1:].T
    masks = np.zeros(0, np.int64)
    x: Floats = start
    for _ in range(_ROUNDS):
        worst, _, _ = worst_groups(game, x, 0.1 * game.tolerance, _ADDED)
        fresh = np.setdiff1d(worst, masks)
        if not fresh.size:
            return x
        masks = np.concatenate([masks, fresh])
        members = game.sign * (masks[:, None] >> np.arange(n) & 1)
        rows = members @ directions
        sides = (game.sign * game.table[masks] - members @ start) / unit
        stacked = np.vstack([rows.T, sides])
        target = np.zeros(n)
        target[-1] = 1.0
        weights = nnls(stacked, target, maxiter=100 * masks.size + 1000)[0]
        residual = stacked @ weights - target
        x = start + directions @ (-residual[:-1] / residual[-1]) * unit
    raise RuntimeError("The search for the nearest core point did not finish; please report this game.")


class _Programme:
    """A linear programme over the core whose constraints are found as they are needed, and kept."""

    def __init__(self, game: Game) -> None:
        import highspy  # noqa: PLC0415 - slow to import

        self._game = game
        self._unit = max(game.tolerance * 1e9, 1e-300)
        self._known: set[int] = set()
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._ok = highspy.HighsStatus.kOk
        self._inf = highspy.kHighsInf
        n = game.n
        self._columns = np.arange(n, dtype=np.int32)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
        solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
        # Nobody pays more than alone, and everybody at least its separable cost, at every point of the core.
        ends = np.sort([game.alone, game.separable], axis=0) / self._unit
        solver.addVars(n, ends[0], ends[1])
        whole = game.whole / self._unit
        solver.addRow(whole, whole, n, self._columns, np.ones(n))
        self._solver = solver

    def minimise(self, direction: Floats) -> Floats:
        solver, game = self._solver, self._game
        solver.changeColsCost(game.n, self._columns, direction)
        for _ in range(_ROUNDS):
            if solver.run() != self._ok or solver.getModelStatus() != self._optimal:
                raise RuntimeError("A linear programme over the core failed; please report this game.")
            x = np.array(solver.getSolution().col_value) * self._unit
            worst = worst_groups(game, x, 0.1 * game.tolerance, _ADDED)[0]
            fresh = [mask for mask in worst.tolist() if mask not in self._known]
            if not fresh:
                return x
            for mask in fresh:
                self._known.add(mask)
                members = self._columns[mask >> self._columns & 1 == 1]
                side = float(game.table[mask]) / self._unit
                bounds = (side, self._inf) if game.kind == "savings" else (-self._inf, side)
                solver.addRow(*bounds, members.size, members, np.ones(members.size))
        raise RuntimeError("A linear programme over the core did not finish; please report this game.")


def _require_core(game: Game) -> None:
    if core_empty(game):
        raise UndefinedError(
            "The core is empty: however the whole is shared, some group is worse off than alone."
        )
