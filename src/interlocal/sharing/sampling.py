"""The Shapley value of games too large for a table, by sampling orders of joining; it says that it was sampled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem
from interlocal.sharing.game import Floats

_NEIGHBOURS = 5

_CELLS = 1 << 24
"""Entries of the membership array that are handed to the value function at a time."""


@dataclass(frozen=True, eq=False)
class SampledShapley:
    """An estimate of the Shapley value, never exact: each interval covers its share with the stated confidence."""

    shares: Floats
    low: Floats
    high: Floats
    confidence: float
    rounds: int
    evaluations: int
    """Groups whose value was computed."""

    @property
    def note(self) -> str:
        """Return a sentence that says how the shares were found."""
        return (
            f"Sampled, not exact: {self.rounds} random rounds, {self.evaluations:,} groups valued; each interval holds "
            f"the true share in about {self.confidence:.0%} of such samples."
        )


def sampled_shapley(
    value: Callable[[npt.NDArray[np.bool_]], npt.ArrayLike],
    n: int,
    *,
    rounds: int = 32,
    seed: int = 0,
    confidence: float = 0.95,
) -> SampledShapley:
    """Estimate the Shapley value of a game of any number of players.

    A round draws one order of the players and uses all its n rotations, so that every player joins at every position
    exactly once: sampling is stratified by the size of the group it joins, and every round's shares add up to the
    whole. Rounds are independent. The intervals are Student's, over rounds; each player's variance is averaged with
    that of players of like stand-alone value, because a few rounds may show a player none.

    Parameters
    ----------
    value
        Takes an array of groups, shape (k, n), True where a player belongs, and returns k values. A group of nobody
        is never asked for.
    n
        Number of players, 2 or more.
    rounds
        Independent rounds, 8 or more; a round values n(n − 1) + 1 groups.
    seed
        Of the random orders; the same seed gives the same answer.
    confidence
        Of each player's interval, taken by itself.

    Raises
    ------
    InputError
        When n, rounds or confidence is out of range, or a value is not finite.

    References
    ----------
    J. Castro, D. Gómez & J. Tejada (2009), Polynomial calculation of the Shapley value based on sampling, *Computers &
    Operations Research* 36(5), 1726–1730.
    """
    _check(n, rounds, confidence)
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import

    alone = _values(value, np.eye(n, dtype=bool))
    whole = float(_values(value, np.ones((1, n), bool))[0])
    random = np.random.default_rng(np.random.SeedSequence(seed))
    added = np.stack([_round(value, random.permutation(n), whole) for _ in range(rounds)])
    shares = added.mean(0)
    variance = _smoothed(added.var(0, ddof=1), alone) / rounds
    half = float(stdtrit(rounds - 1, (1 + confidence) / 2)) * np.sqrt(variance)
    return SampledShapley(
        shares, shares - half, shares + half, confidence, rounds, rounds * n * (n - 1) + n + 1
    )


def _smoothed(variance: Floats, alone: Floats) -> Floats:
    """Return the mean of each player's variance and that of the players with the nearest stand-alone values.

    A player whose addition is rarely anything but its usual one may show no variance at all in a sample, though its
    share is not certain.
    """
    n = variance.size
    width = min(n, max(_NEIGHBOURS, n // 10))
    order = np.argsort(alone, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(variance[order])])
    first = np.clip(np.arange(n) - width // 2, 0, n - width)
    near = np.empty(n)
    near[order] = (running[first + width] - running[first]) / width
    return (variance + near) / 2


def _round(
    value: Callable[[npt.NDArray[np.bool_]], npt.ArrayLike],
    order: npt.NDArray[np.int64],
    whole: float,
) -> Floats:
    """Return each player's mean addition over the rotations of an order."""
    n = order.size
    added = np.zeros(n)
    place = np.arange(n)
    starts = max(1, _CELLS // (n * n))
    for first in range(0, n, starts):
        turns = np.arange(first, min(first + starts, n))
        rotated = order[(place + turns[:, None]) % n]
        groups = np.zeros((turns.size, n - 1, n), bool)
        for k, players in enumerate(rotated):
            groups[k][:, players[:-1]] = np.tri(n - 1, dtype=bool)
        worth = np.empty((turns.size, n + 1))
        worth[:, 0] = 0.0
        worth[:, -1] = whole
        worth[:, 1:-1] = _values(value, groups.reshape(-1, n)).reshape(turns.size, n - 1)
        np.add.at(added, rotated, np.diff(worth, axis=1))
    return added / n


def _values(value: Callable[[npt.NDArray[np.bool_]], npt.ArrayLike], groups: npt.NDArray[np.bool_]) -> Floats:
    values = np.asarray(value(groups), float)
    if values.shape != (len(groups),) or not np.isfinite(values).all():
        raise InputError(
            Problem(
                "",
                "the value function",
                f"an array of shape {values.shape}"
                if values.shape != (len(groups),)
                else "a value that is not finite",
                f"{len(groups)} finite values, one per row of the array of groups",
                "Mend the function.",
            )
        )
    return values


def _check(n: int, rounds: int, confidence: float) -> None:
    problems = [
        Problem(f"/{name}", name, str(given), expected, f"Change {name}.")
        for name, given, expected, fine in (
            ("n", n, "2 players or more", n >= 2),
            ("rounds", rounds, "8 rounds or more", rounds >= 8),
            ("confidence", confidence, "a number between 0 and 1", 0 < confidence < 1),
        )
        if not fine
    ]
    if problems:
        raise InputError(problems)
