"""From draws to statements: percentiles, probabilities with their sampling error, words, and what drives the spread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlocal.numerics.distributions import Floats

_TWO_SIDED_95 = 1.96


def quantiles(values: ArrayLike, probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return the values (draws,) undercut with each probability, between order statistics on a straight line.

    Definition 7 of Hyndman and Fan (1996), doi:10.1080/00031305.1996.10473566, everywhere in this project.
    """
    # A whole sort, because numpy's is several times faster than its partition at more than a few places.
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    places = [p * (ordered.size - 1) for p in probabilities]
    below = [ordered[math.floor(place)] for place in places]
    above = [ordered[math.ceil(place)] for place in places]
    return tuple(
        float(low + (place % 1) * (high - low) if high > low else low)
        for place, low, high in zip(places, below, above, strict=True)
    )


def probability(happened: ArrayLike) -> tuple[float, float]:
    """Return the share of draws (draws,) in which something happened, and its standard error √(p (1 − p) / n)."""
    flags = np.asarray(happened, dtype=bool)
    p = float(np.count_nonzero(flags) / flags.size)
    return p, math.sqrt(p * (1 - p) / flags.size)


def standard_error_of_mean(values: ArrayLike) -> float:
    """Return the standard deviation of the draws (draws,) over √draws; at least two draws are needed."""
    x = np.asarray(values, dtype=np.float64)
    if x.size < 2:
        raise ValueError(f"a standard error needs at least 2 draws, not {x.size}")
    return float(np.std(x, ddof=1) / math.sqrt(x.size))


def draws_needed(p: float, digits: int) -> int:
    """Return how many draws keep the sampling error of ``p`` within half a unit of its last digit, 19 times in 20."""
    half_unit = 0.5 * 10.0**-digits
    return math.ceil(p * (1 - p) * (_TWO_SIDED_95 / half_unit) ** 2)


def enough_draws(p: float, draws: int, digits: int = 1) -> str | None:
    """Return a warning when ``draws`` are too few for a probability printed with ``digits`` decimals, else None.

    Two of each outcome are added first (Agresti and Coull 1998, doi:10.1080/00031305.1998.10480550), so that
    nothing is certain because it happened in none of a few draws.
    """
    softened = (p * draws + 2) / (draws + 4)
    needed = draws_needed(softened, digits)
    if draws >= needed:
        return None
    return f"{draws:,} draws are too few to say {p:.{digits}f} to the last digit; about {_rounded_up(needed):,} would do."


def in_words(p: float) -> str:
    """Return a probability as it is spoken.

    Below 0.01 "almost certainly not", below 0.05 "very unlikely", from 0.95 "very likely", from 0.99 "almost certain",
    and in between "about k in 10", k being the nearest.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not at {p}")
    if p < 0.05:
        return "almost certainly not" if p < 0.01 else "very unlikely"
    if p >= 0.95:
        return "almost certain" if p >= 0.99 else "very likely"
    return f"about {math.floor(10 * p + 0.5)} in 10"


def drivers(inputs: Mapping[str, ArrayLike], outcome: ArrayLike) -> list[tuple[str, float]]:
    """Rank inputs by how much of the spread of an outcome goes with them.

    Parameters
    ----------
    inputs : mapping of name to (draws,) array
    outcome : (draws,) array

    Returns
    -------
    list of (name, share)
        Largest first, equals by name. A share is the input's squared Spearman correlation with the outcome as a part
        of the sum of all of them; all are 0 when nothing varies together. Ranks are whole numbers and so are the
        sums over draws: the order of the draws changes no digit.

    """
    target = _centred_ranks(outcome)
    squared = {name: _squared_correlation(_centred_ranks(inputs[name]), target) for name in sorted(inputs)}
    total = math.fsum(squared.values())
    shares = [(name, value / total if total else 0.0) for name, value in squared.items()]
    return sorted(shares, key=lambda pair: (-pair[1], pair[0]))


def _squared_correlation(x: NDArray[np.int64], y: NDArray[np.int64]) -> float:
    spread = int(x @ x) * int(y @ y)
    return int(x @ y) ** 2 / spread if spread else 0.0


def _centred_ranks(values: ArrayLike) -> NDArray[np.int64]:
    """Return twice the distance of each average rank from the middle rank, a whole number."""
    x: Floats = np.asarray(values, dtype=np.float64)
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    twice_rank = 2 * np.cumsum(count) - count + 1
    return np.asarray(twice_rank[place] - (x.size + 1), dtype=np.int64)


def _rounded_up(n: int) -> int:
    unit: int = 10 ** max(len(str(n)) - 2, 0)
    return math.ceil(n / unit) * unit
