"""Net present value per partner for a million draws and more, in memory that is bounded by a block.

Only the totals of each draw are kept, 8 bytes per draw and total. The draws of a block follow from the seed and the
block's number, so that the number of threads changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlocal.numerics.correlation import copula_factor
from interlocal.numerics.distributions import Distribution, Floats
from interlocal.numerics.summary import quantiles

BLOCK = 65_536
# Large enough that threads seldom wait for the interpreter, small enough for a processor's own cache.
_TILE = 4_096


@dataclass(frozen=True)
class Line:
    """A yearly amount of money that grows, from its first to its last year, and who receives or pays it."""

    amount: int
    """Which input is the amount at the prices of year 0 [currency/year]."""
    shares: tuple[float, ...]
    """Part of the amount that each partner gains; negative where it pays."""
    first: int
    last: int
    """Years counted from 0, both included."""
    growth: int | None = None
    """Which input is the yearly growth [1/year]; without one the amount does not grow."""


@dataclass(frozen=True)
class Cashflow:
    """Uncertain inputs, how they move together, and the lines of money that follow from them."""

    inputs: tuple[Distribution, ...]
    rank_correlations: tuple[tuple[float, ...], ...]
    lines: tuple[Line, ...]
    discount_rate: float
    """[1/year]; year 0 is not discounted."""

    @property
    def partners(self) -> int:
        """Number of partners."""
        return len(self.lines[0].shares)


def net_present_values(model: Cashflow, draws: int, seed: int, threads: int = 1) -> Floats:
    """Return net present values (partners + 1, draws) [currency]; the last row is the sum over partners."""
    correlate, discount = _kernels()
    factor = copula_factor(model.rank_correlations)
    shares = np.array([line.shares for line in model.lines])
    terms = np.array(
        [(n.amount, -1 if n.growth is None else n.growth, n.first, n.last) for n in model.lines],
        dtype=np.int64,
    )
    totals = np.empty((model.partners + 1, draws))
    starts = range(0, draws, BLOCK)
    streams = np.random.SeedSequence(seed).spawn(len(starts))

    def fill(start: int, sequence: np.random.SeedSequence) -> None:
        generator = np.random.Generator(np.random.SFC64(sequence))
        stop = min(start + BLOCK, draws)
        memory = np.empty(len(model.inputs) * _TILE)
        for left in range(start, stop, _TILE):
            right = min(left + _TILE, stop)
            scores = memory[: len(model.inputs) * (right - left)].reshape(len(model.inputs), -1)
            generator.standard_normal(out=scores)
            correlate(factor, scores)
            for row, distribution in zip(scores, model.inputs, strict=True):
                row[:] = distribution.from_normal(row)
            discount(scores, terms, shares, 1 / (1 + model.discount_rate), totals[:, left:right])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, starts, streams))
    return totals


def percentiles(
    totals: Floats, probabilities: tuple[float, ...] = (0.1, 0.5, 0.9), threads: int = 1
) -> tuple[tuple[float, ...], ...]:
    """Return the percentiles of each row of totals (totals, draws)."""
    with ThreadPoolExecutor(threads) as pool:
        return tuple(pool.map(lambda row: quantiles(row, probabilities), totals))


def correlate(factor: Floats, scores: Floats) -> None:
    """Replace independent scores (inputs, draws) by L times them, in place."""
    for row in range(len(factor) - 1, -1, -1):
        scores[row] *= factor[row, row]
        for column in range(row):
            if factor[row, column]:
                scores[row] += factor[row, column] * scores[column]


def discount(values: Floats, terms: NDArray[np.int64], shares: Floats, yearly: float, totals: Floats) -> None:
    """Write the net present value of every draw to ``totals`` (partners + 1, draws).

    A line's present value is amount · Σ_t qᵗ over its years, with q = (1 + growth) · yearly discount factor,
    summed by Horner's rule.
    """
    totals[:] = 0.0
    for (amount, growth, first, last), gained in zip(terms, shares, strict=True):
        q = (1.0 + values[growth]) * yearly if growth >= 0 else np.full(values.shape[1], yearly)
        series = np.ones_like(q)
        for _ in range(first, last):
            series = 1.0 + q * series
        present = values[amount] * series * q**first
        for partner, share in enumerate(gained):
            if share:
                totals[partner] += share * present
    totals[-1] = totals[:-1].sum(axis=0)


def _kernels() -> tuple[Callable[..., None], Callable[..., None]]:
    try:
        from interlocal.numerics import compiled  # noqa: PLC0415 – numba is slow to import
    except ImportError:
        return correlate, discount
    return compiled.correlate, compiled.discount
