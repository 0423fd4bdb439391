"""The search for coalitions that beat given prices: a pass over a table of 2ⁿ values, block by block.

A price is x(S) + w(S) t. A block holds the coalitions with the same high players; it is passed over again only when
prices have fallen by enough since that one of them may lie above the tolerance.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def add_up(out: Any, each: Any, first: int, bits: int, base: float) -> None:
    """Lay out the sums of all subsets of a run of players."""
    out[0] = base
    for i in range(bits):
        step = 1 << i
        out[step : 2 * step] = out[:step] + each[first + i]


def add_up_in_loops(out: Any, each: Any, first: int, bits: int, base: float) -> None:
    """Do as :func:`add_up`, for the compiler."""
    out[0] = base
    for i in range(bits):
        step = 1 << i
        for j in range(step):
            out[step + j] = out[j] + each[first + i]


def price(y_low: Any, y_high: Any, each: Any, z: Any, low: int, per_head: bool) -> None:  # noqa: FBT001
    """Lay out x(S) + w(S) t so that a coalition costs one addition; ``each`` is a player's part of it."""
    n = each.size
    for i in range(n):
        each[i] = z[i] + z[n] if per_head else z[i]
    add_up(y_low, each, 0, low, 0.0)
    add_up(y_high, each, low, n - low, 0.0 if per_head else z[n])


def block_worst(block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, gaps: Any) -> float:
    """Return the largest gap of a block's coalitions that are not settled; ``gaps`` is room to work in."""
    np.multiply(sign, block, out=gaps)
    np.subtract(gaps, y_low, out=gaps)
    gaps[marks_low == settled] = -np.inf
    return float(gaps.max())


def block_worst_in_loops(
    block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, gaps: Any
) -> float:
    """Do as :func:`block_worst`, for the compiler."""
    size = block.size
    for j in range(size):
        gap = sign * block[j] - y_low[j]
        gaps[j] = gap if marks_low[j] != settled else -np.inf
    # Folding in halves lets the processor compare many gaps at a time, which a running maximum does not.
    while size > 1:
        size >>= 1
        for j in range(size):
            gaps[j] = gaps[j] if gaps[j] > gaps[j + size] else gaps[j + size]  # noqa: FURB136 - max is slower here
    return float(gaps[0])


def block_place(block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, worst: float) -> int:
    """Return where in a block its largest gap lies."""
    return int(np.argmax((sign * block - y_low == worst) & (marks_low != settled)))


def block_place_in_loops(
    block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, worst: float
) -> int:
    """Do as :func:`block_place`, for the compiler."""
    for j in range(block.size):
        if sign * block[j] - y_low[j] == worst and marks_low[j] != settled:
            return j
    return 0


def block_ends(block: Any, sign: float, y_low: Any, gaps: Any, falls: Any) -> tuple[float, float]:
    """Return the largest and the smallest gap of a block; ``gaps`` and ``falls`` are room to work in."""
    np.multiply(sign, block, out=gaps)
    np.subtract(gaps, y_low, out=gaps)
    falls[:] = gaps
    return float(gaps.max()), float(falls.min())


def block_ends_in_loops(block: Any, sign: float, y_low: Any, gaps: Any, falls: Any) -> tuple[float, float]:
    """Do as :func:`block_ends`, for the compiler."""
    size = block.size
    for j in range(size):
        gaps[j] = sign * block[j] - y_low[j]
        falls[j] = gaps[j]
    while size > 1:
        size >>= 1
        for j in range(size):
            gaps[j] = gaps[j] if gaps[j] > gaps[j + size] else gaps[j + size]  # noqa: FURB136 - max is slower here
            falls[j] = falls[j] if falls[j] < falls[j + size] else falls[j + size]  # noqa: FURB136
    return float(gaps[0]), float(falls[0])


def farthest(
    side: Any, near: Any, at_low: Any, at_high: Any, y_low: Any, y_high: Any, tolerance: float
) -> int:
    """Return the place of the pool's coalition that prices are farthest from satisfying, or −1.

    Far is meant in space, along shares that add up to the whole: ``near`` is one over the squared length of a row there.
    """
    if not side.size:
        return -1
    gaps = side - y_low[at_low] - y_high[at_high]
    far = np.where(gaps > tolerance, gaps * gaps * near[: side.size], -1.0)
    place = int(np.argmax(far))
    return place if far[place] > 0 else -1


def farthest_in_loops(
    side: Any, near: Any, at_low: Any, at_high: Any, y_low: Any, y_high: Any, tolerance: float
) -> int:
    """Do as :func:`farthest`, for the compiler."""
    most = 0.0
    place = -1
    for p in range(side.size):
        gap = side[p] - y_low[at_low[p]] - y_high[at_high[p]]
        if gap > tolerance:
            far = gap * gap * near[p]
            if far > most:
                most = far
                place = p
    return place


def search(  # noqa: PLR0913, PLR0917 - compiled code takes arrays, not objects
    table: Any,
    sign: float,
    each: Any,
    y_low: Any,
    y_high: Any,
    marks_low: Any,
    marks_high: Any,
    first: int,
    step: int,
    tolerance: float,
    worsts: Any,
    each_then: Any,
    gaps: Any,
    offered: Any,
    above: Any,
) -> int:
    """Pass over every ``step``-th block; lay out which blocks hold a coalition above the tolerance, and how far.

    ``worsts`` and ``each_then`` keep each block's worst coalition, without the price of the high players, and the
    prices of the low ones at which it was found.
    """
    low_size = y_low.size
    offers = 0
    for high in range(first, y_high.size, step):
        bound = worsts[high] - y_high[high]
        for i in range(each_then.shape[1]):
            bound += max(0.0, each_then[high, i] - each[i])
        if bound > tolerance:
            start = high * low_size
            block = table[start : start + low_size]
            worsts[high] = block_worst(block, sign, y_low, marks_low, marks_high[high], gaps)
            each_then[high, :] = each[: each_then.shape[1]]
            gap = worsts[high] - y_high[high]
            if gap > tolerance:
                offered[offers] = high
                above[offers] = gap
                offers += 1
    return offers


def gather(  # noqa: PLR0913, PLR0917 - compiled code takes arrays, not objects
    table: Any,
    sign: float,
    y_low: Any,
    marks_low: Any,
    marks_high: Any,
    worsts: Any,
    offered: Any,
    above: Any,
    candidates: int,
    pool_low: Any,
    pool_high: Any,
    pool_side: Any,
    pooled: int,
) -> int:
    """Put the worst coalitions of the offered blocks into the pool, the worst first; return how many it then holds."""
    offers = offered.size
    for _ in range(min(offers, candidates)):
        best = 0
        for other in range(1, offers):
            if above[other] > above[best]:
                best = other
        high = offered[best]
        start = high * y_low.size
        block = table[start : start + y_low.size]
        place = block_place(block, sign, y_low, marks_low, marks_high[high], worsts[high])
        pool_low[pooled] = place
        pool_high[pooled] = high
        pool_side[pooled] = sign * table[start + place]
        pooled += 1
        offers -= 1
        offered[best] = offered[offers]
        above[best] = above[offers]
    return pooled


HELPERS = (
    price,
    search,
    gather,
    (add_up, add_up_in_loops),
    (block_worst, block_worst_in_loops),
    (block_place, block_place_in_loops),
    (block_ends, block_ends_in_loops),
    (farthest, farthest_in_loops),
)
