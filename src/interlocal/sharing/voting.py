"""Power in weighted voting: how often a voter decides, to be held against its share of the cost."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb, lcm
from typing import Any

import numpy as np

from interlocal.problems import InputError, Problem
from interlocal.sharing.game import Floats


def shapley_shubik(weights: Sequence[float], quota: float) -> Floats:
    """Return the Shapley–Shubik index: in what share of all orders a voter turns a losing group into a winning one.

    Parameters
    ----------
    weights
        Votes of each voter, not negative; whole numbers or decimals.
    quota
        Votes that a motion needs.

    Returns
    -------
    numpy.ndarray
        Shape (n,); adds up to 1.

    Raises
    ------
    InputError
        When a weight is negative or not finite, or the quota is not above 0 and within the sum of the weights.

    References
    ----------
    L. S. Shapley & M. Shubik (1954), *American Political Science Review* 48(3), 787–792.
    """
    return np.array(
        [
            float(
                sum(
                    Fraction(swings, len(weights) * comb(len(weights) - 1, size))
                    for size, swings in enumerate(of)
                )
            )
            for of in _swings(weights, quota)
        ]
    )


def banzhaf_power(weights: Sequence[float], quota: float) -> Floats:
    """Return the absolute Banzhaf index: in what share of all groups of the others a voter decides.

    Parameters and errors are those of :func:`shapley_shubik`.
    """
    return np.array([float(Fraction(sum(of), 2 ** (len(weights) - 1))) for of in _swings(weights, quota)])


def banzhaf_index(weights: Sequence[float], quota: float) -> Floats:
    """Return the Banzhaf index scaled so that all voters' add up to 1.

    Parameters and errors are those of :func:`shapley_shubik`.
    """
    power = banzhaf_power(weights, quota)
    shares: Floats = power / power.sum()
    return shares


def _swings(weights: Sequence[float], quota: float) -> list[list[int]]:
    """Count, for each voter, the groups of the others it turns into winning ones, by size."""
    votes, needed = _whole_numbers(weights, quota)
    n, total = len(votes), sum(votes)
    # counts[s, w]: groups of s voters with w votes; as Python integers, because they outgrow 64 bits at 67 voters.
    counts: Any = np.zeros((n + 1, total + 1), object)
    counts[0, 0] = 1
    for vote in votes:
        counts[1:, vote:] = counts[1:, vote:] + counts[:-1, : total + 1 - vote]
    swings = []
    for vote in votes:
        others: Any = counts.copy()
        for size in range(1, n + 1):
            others[size, vote:] = others[size, vote:] - others[size - 1, : total + 1 - vote]
        swings.append([int(others[size, max(needed - vote, 0) : needed].sum()) for size in range(n)])
    return swings


def _whole_numbers(weights: Sequence[float], quota: float) -> tuple[list[int], int]:
    problems = [
        Problem(f"/weights/{i}", f"voter {i + 1}", str(weight), "votes of 0 or more", "Mend the weight.")
        for i, weight in enumerate(weights)
        if not 0 <= weight < float("inf")
    ]
    if not problems and not 0 < quota <= sum(weights):
        problems.append(
            Problem(
                "/quota",
                "the quota",
                str(quota),
                f"more than 0 and at most {sum(weights)}, the sum of the weights",
                "Set the votes that a motion needs.",
            )
        )
    if problems:
        raise InputError(problems)
    exact = [Fraction(str(weight)) for weight in (*weights, quota)]
    scale = lcm(*(value.denominator for value in exact))
    *votes, needed = (int(value * scale) for value in exact)
    return votes, needed
