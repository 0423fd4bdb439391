"""A proof in whole numbers that shares are the nucleolus.

The linear programmes of the nucleolus name, stage by stage, the groups that fix a level and their multipliers. Both
are computed again in exact rationals and checked: every group not yet settled has at most the level, and the groups
that fix it balance with positive multipliers. By duality each level is then the least possible and its groups are
settled in every optimal solution: Kohlberg's criterion, for one spanning balanced collection per stage.

References
----------
E. Kohlberg (1971), On the nucleolus of a characteristic function game, *SIAM Journal on Applied Mathematics* 20(1),
62–66.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from interlocal.problems import InputError, Problem
from interlocal.sharing.game import Game, UndefinedError
from interlocal.sharing.nucleoli import Stage, stages

LARGEST_PROOF = 16

_Row = list[Fraction]


class NotProvenError(ArithmeticError):
    """The nucleolus was computed, but the exact check of it failed; the message says where."""


@dataclass(frozen=True)
class Proof:
    """One level of the nucleolus and why it can be no smaller."""

    level: Fraction
    """The excess of the groups below (per head, for the per-head nucleolus)."""
    groups: tuple[tuple[str, ...], ...]
    multipliers: tuple[Fraction, ...]
    """Positive weights under which the groups balance, given what earlier stages settled."""


@dataclass(frozen=True)
class Certificate:
    """The exact nucleolus of a game in whole numbers, proven."""

    shares: tuple[Fraction, ...]
    """In the order of the players, in the unit of the game (cents); they need not be whole."""
    proofs: tuple[Proof, ...]
    difference: Fraction | None
    """The largest difference from the shares that were to be certified, if any were given."""


def certify_nucleolus(
    game: Game,
    shares: Sequence[float | Fraction] | None = None,
    *,
    per_capita: bool = False,
    rational: bool = True,
) -> Certificate:
    """Prove the nucleolus of a game in whole cents, and compare given shares with it.

    Parameters
    ----------
    game
        At most 16 players; every value a whole number, for instance of cents.
    shares
        Shares to compare, one per player, exact (``Fraction``) or not.
    per_capita, rational
        Which nucleolus: excess per head; nobody worse off than alone.

    Returns
    -------
    Certificate
        Rounding its shares to whole cents for a bill is a separate step.

    Raises
    ------
    InputError
        When a value is not a whole number, or the game has more than 16 players.
    UndefinedError
        When the nucleolus is not defined; see :func:`interlocal.sharing.nucleoli.nucleolus`.
    NotProvenError
        When the proof fails, which would be a fault of ours.
    """
    _require_whole(game)
    steps = stages(game, per_capita=per_capita, rational=rational)
    values = (int(game.sign) * game.table.astype(np.int64)).astype(object)
    x, levels = _solve_stages(values, game.n, steps, per_capita)
    if rational:
        _check_alone(values, x)
    multipliers = _check_stages(values, x, levels, steps, per_capita)
    exact = tuple(int(game.sign) * share for share in x)
    difference = None
    if shares is not None:
        difference = max(abs(Fraction(given) - share) for given, share in zip(shares, exact, strict=True))
    proofs = tuple(
        Proof(level, tuple(tuple(game.group(mask)) for mask in step.masks), tuple(weights))
        for level, step, weights in zip(levels, steps, multipliers, strict=True)
    )
    return Certificate(exact, proofs, difference)


def certificate_in_cents(
    game: Game, shares: Sequence[float], *, per_capita: bool = False, rational: bool = True
) -> dict[str, Any]:
    """Prove the nucleolus of a game in money and return what a reader needs of the proof.

    Parameters
    ----------
    game
        Values in a currency's main unit; they are taken to the nearest cent.
    shares
        What is held against the proof, in the same unit.

    Returns
    -------
    dict
        ``steps``: how many levels were proven; ``rounded``: whether a value was not in whole cents, so that the proof
        is of the rounded game; ``largest_difference`` of the given shares from the proven ones, in the unit of the
        game. Or ``why_not``, for a game too large to prove.
    """
    cents = np.round(100 * game.table)
    if game.n > LARGEST_PROOF:
        return {"why_not": f"Proofs are made for at most {LARGEST_PROOF} players."}
    if np.abs(cents).max() >= 2.0**53:
        return {"why_not": "The amounts are too large to be held in whole cents."}
    in_cents = Game(game.players, cents, game.kind)
    try:
        proven = certify_nucleolus(
            in_cents, [100 * x for x in shares], per_capita=per_capita, rational=rational
        )
    except UndefinedError as error:
        return {"why_not": f"In whole cents there is no answer to prove. {error}"}
    return {
        "steps": len(proven.proofs),
        "rounded": bool((np.abs(cents - 100 * game.table) > 100 * game.tolerance).any()),
        "largest_difference": float(proven.difference or 0) / 100,
    }


def _require_whole(game: Game) -> None:
    problems = []
    if game.n > LARGEST_PROOF:
        problems.append(
            Problem(
                "/players",
                "the game's players",
                f"{game.n} players",
                f"at most {LARGEST_PROOF} for an exact proof",
                "Use nucleolus, which is not proven but needs no such limit.",
            )
        )
    fractional = np.flatnonzero(game.table != np.round(game.table))
    if fractional.size:
        problems.append(
            Problem(
                f"/table/{fractional[0]}",
                "the game's table",
                f"{fractional.size} values that are not whole numbers, the first {game.table[fractional[0]]}",
                "whole numbers",
                "Give money in whole cents.",
            )
        )
    elif np.abs(game.table).max() >= 2.0**53:
        problems.append(
            Problem(
                "/table", "the game's table", "values of 2⁵³ or more", "smaller ones", "Use a larger unit."
            )
        )
    if problems:
        raise InputError(problems)


def _indicator(mask: int, n: int) -> _Row:
    return [Fraction(mask >> i & 1) for i in range(n)]


def _weight(mask: int, *, rational: bool, per_capita: bool) -> int:
    if rational:
        return 0
    return mask.bit_count() if per_capita else 1


def _solve_stages(
    values: Any,
    n: int,
    steps: list[Stage],
    per_capita: bool,  # noqa: FBT001
) -> tuple[list[Fraction], list[Fraction]]:
    """Solve for shares and levels together: each group's excess is the level of its stage."""
    everybody = (1 << n) - 1
    rows, sides = [_indicator(everybody, n) + [Fraction(0)] * len(steps)], [Fraction(int(values[everybody]))]
    for k, step in enumerate(steps):
        for mask, rational in zip(step.masks, step.rational, strict=True):
            level = [Fraction(0)] * len(steps)
            level[k] = Fraction(_weight(mask, rational=rational, per_capita=per_capita))
            rows.append(_indicator(mask, n) + level)
            sides.append(Fraction(int(values[mask])))
    solved = _solve_exactly(rows, sides)
    if solved is None:
        raise NotProvenError("The groups that fix the levels do not determine the shares.")
    return solved[:n], solved[n:]


def _check_alone(values: Any, x: list[Fraction]) -> None:
    for i, share in enumerate(x):
        if share < int(values[1 << i]):
            raise NotProvenError(f"Player {i + 1} is worse off than alone by {int(values[1 << i]) - share}.")


def _check_stages(
    values: Any,
    x: list[Fraction],
    levels: list[Fraction],
    steps: list[Stage],
    per_capita: bool,  # noqa: FBT001
) -> list[list[Fraction]]:
    n = len(x)
    scale = lcm(*(number.denominator for number in (*x, *levels)))
    sums: Any = np.zeros(1, object)
    sizes = np.zeros(1, np.int64)
    for share in x:
        sums = np.concatenate([sums, sums + int(share * scale)])
        sizes = np.concatenate([sizes, sizes + 1])
    excess = values * scale - sums
    members = np.arange(1 << n)[:, None] >> np.arange(n) & 1
    basis = [_indicator((1 << n) - 1, n)]
    out = []
    for k, (level, step) in enumerate(zip(levels, steps, strict=True)):
        bound = int(level * scale) * (sizes.astype(object) if per_capita else 1)
        above = np.flatnonzero((excess > bound).astype(bool))
        # A group is settled when it is orthogonal to all that is orthogonal to the settled ones.
        if (members[above] @ _orthogonal(basis, n)).any(axis=1).any():
            raise NotProvenError(f"A group that stage {k + 1} has not settled lies above its level.")
        new = [_indicator(mask, n) for mask in step.masks]
        weights = [
            _weight(mask, rational=rational, per_capita=per_capita)
            for mask, rational in zip(step.masks, step.rational, strict=True)
        ]
        rows = [[row[i] for row in (*new, *basis)] for i in range(n)]
        rows.append([*map(Fraction, weights), *([Fraction(0)] * len(basis))])
        solved = _solve_exactly(rows, [Fraction(0)] * n + [Fraction(1)])
        if solved is None or min(solved[: len(new)]) <= 0:
            raise NotProvenError(f"The groups of stage {k + 1} do not balance with positive multipliers.")
        out.append(solved[: len(new)])
        for row in new:
            if len(_reduced([*basis, row])[1]) > len(basis):
                basis.append(row)
    if len(basis) < n:
        raise NotProvenError("The stages do not settle every share.")
    return out


def _orthogonal(basis: list[_Row], n: int) -> Any:
    """Return whole-number vectors, as columns, that span what is orthogonal to the basis."""
    reduced, pivots = _reduced(basis)
    columns = []
    for free in (j for j in range(n) if j not in pivots):
        vector = [Fraction(0)] * n
        vector[free] = Fraction(1)
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free]
        scale = lcm(*(entry.denominator for entry in vector))
        columns.append([int(entry * scale) for entry in vector])
    return np.array(columns, np.int64).reshape(-1, n).T


def _reduced(rows: list[_Row]) -> tuple[list[_Row], list[int]]:
    """Return the non-zero rows of the reduced echelon form and their pivots."""
    work = [list(row) for row in rows]
    pivots: list[int] = []
    for column in range(len(work[0])):
        top = len(pivots)
        found = next((r for r in range(top, len(work)) if work[r][column]), None)
        if found is None:
            continue
        work[top], work[found] = work[found], work[top]
        pivot = work[top][column]
        work[top] = [entry / pivot for entry in work[top]]
        for r, row in enumerate(work):
            if r != top and row[column]:
                factor = row[column]
                work[r] = [a - factor * b if b else a for a, b in zip(row, work[top], strict=True)]
        pivots.append(column)
        if len(pivots) == len(work):
            break
    return work[: len(pivots)], pivots


def _solve_exactly(rows: list[_Row], sides: list[Fraction]) -> list[Fraction] | None:
    """Return the one solution of a system of equations; None where there is none or more than one."""
    unknowns = len(rows[0])
    reduced, pivots = _reduced([[*row, side] for row, side in zip(rows, sides, strict=True)])
    if pivots != list(range(unknowns)):
        return None
    return [row[-1] for row in reduced]
