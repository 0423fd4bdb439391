"""The compiled heart of the nucleolus: a sequence of small linear programmes over a table of 2ⁿ values.

Stage k minimises the largest excess t of the coalitions not yet settled: min t subject to x(S) + w(S) t ≥ v(S), with
x(S) fixed for settled S. Coalitions with a positive multiplier at the optimum have the same excess in every optimal
solution: they, and all coalitions in the span of their indicator vectors, are settled (Maschler, Peleg & Shapley
1979, *Mathematics of Operations Research* 4(4), 303–338). Each programme is solved by a dual simplex method whose
constraints are found by passing over the table: it holds n + 1 rows and never more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from interlocal.sharing.compiled import kernel

SETTLED, EXCESS, RATIONAL, FLOOR = 0, 1, 2, 3
"""Kinds of rows: x(S) = b; x(S) + w t ≥ v(S); xᵢ ≥ v({i}); t ≥ b, which only starts a stage."""

DONE, STUCK = 0, 1

PRIME = 2147483647
"""Span membership is tested modulo this prime, for two random vectors orthogonal to the span at once."""

POOL = 4096
PARTS = 8
"""Into so many parts the search for violated constraints is cut where passing over the table is most of the work."""
PARTED_PLAYERS = 18
MULTIPLIER_TOLERANCE = 1e-9


def _inverse(matrix: Any, size: int) -> tuple[bool, Any]:  # noqa: C901, PLR0912 - plain loops compile best
    """Return whether a matrix is regular, and the columns of its inverse as rows."""
    work = np.zeros((size, 2 * size))
    for i in range(size):
        for j in range(size):
            work[i, j] = matrix[i, j]
        work[i, size + i] = 1.0
    for i in range(size):
        best = i
        for r in range(i + 1, size):
            if abs(work[r, i]) > abs(work[best, i]):
                best = r
        if abs(work[best, i]) < 1e-11:
            return False, work
        if best != i:
            for j in range(2 * size):
                work[i, j], work[best, j] = work[best, j], work[i, j]
        scale = 1.0 / work[i, i]
        for j in range(2 * size):
            work[i, j] *= scale
        for r in range(size):
            factor = work[r, i]
            if r != i and factor != 0.0:
                for j in range(i, 2 * size):
                    work[r, j] -= factor * work[i, j]
    columns = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            columns[j, i] = work[i, size + j]
    return True, columns


def _count(mask: int) -> int:
    members = 0
    while mask:
        mask &= mask - 1
        members += 1
    return members


def _add_up(out: Any, each: Any, first: int, bits: int, base: float) -> None:
    out[0] = base
    for i in range(bits):
        step = 1 << i
        out[step : 2 * step] = out[:step] + each[first + i]


def _add_up_in_loops(out: Any, each: Any, first: int, bits: int, base: float) -> None:
    out[0] = base
    for i in range(bits):
        step = 1 << i
        for j in range(step):
            out[step + j] = out[j] + each[first + i]


def _price(y_low: Any, y_high: Any, each: Any, z: Any, low: int, per_head: bool) -> None:  # noqa: FBT001
    """Lay out x(S) + w(S) t so that a coalition costs one addition; ``each`` is a player's part of it."""
    n = each.size
    for i in range(n):
        each[i] = z[i] + z[n] if per_head else z[i]
    _add_up(y_low, each, 0, low, 0.0)
    _add_up(y_high, each, low, n - low, 0.0 if per_head else z[n])


def _extend_span(echelon: Any, pivots: Any, rank: int, mask: int, n: int) -> int:  # noqa: C901 - plain loops compile best
    """Add an indicator vector to the reduced echelon form, modulo the prime; return the new rank."""
    row = np.zeros(n, np.int64)
    for i in range(n):
        row[i] = (mask >> i) & 1
    for r in range(rank):
        factor = row[pivots[r]]
        if factor:
            for j in range(n):
                row[j] = (row[j] + (PRIME - factor) * echelon[r, j]) % PRIME
    pivot = 0
    while pivot < n and row[pivot] == 0:
        pivot += 1
    if pivot == n:
        return rank
    inverse = 1
    base = row[pivot]
    power = PRIME - 2
    while power:
        if power & 1:
            inverse = inverse * base % PRIME
        base = base * base % PRIME
        power >>= 1
    for j in range(n):
        row[j] = row[j] * inverse % PRIME
    for r in range(rank):
        factor = echelon[r, pivot]
        if factor:
            for j in range(n):
                echelon[r, j] = (echelon[r, j] + (PRIME - factor) * row[j]) % PRIME
    echelon[rank, :] = row
    pivots[rank] = pivot
    return rank + 1


def _mark_span(  # noqa: C901 - plain loops compile best
    echelon: Any, pivots: Any, rank: int, n: int, low: int, marks_low: Any, marks_high: Any
) -> Any:
    """Lay out marks so that S lies in the span when ``marks_low[low bits] == marks_high[high bits]``."""
    packed = np.zeros(n, np.int64)
    seed = 20170
    for half in range(2):
        orthogonal = np.zeros(n, np.int64)
        for i in range(n):
            seed = seed * 48271 % PRIME
            orthogonal[i] = seed
        for r in range(rank):
            orthogonal[pivots[r]] = 0
        for r in range(rank):
            total = 0
            for j in range(n):
                if echelon[r, j] and j != pivots[r]:
                    total = (total + echelon[r, j] * orthogonal[j]) % PRIME
            # The other pivots' columns are zero in this row, so the order of filling does not matter.
            orthogonal[pivots[r]] = (PRIME - total) % PRIME
        for i in range(n):
            packed[i] += orthogonal[i] << (32 * half)
    word = (1 << 32) - 1
    for part in range(2):
        marks = marks_low if part == 0 else marks_high
        first = 0 if part == 0 else low
        bits = low if part == 0 else n - low
        marks[0] = 0
        for i in range(bits):
            mark = packed[first + i]
            step = 1 << i
            for j in range(step):
                a = ((marks[j] & word) + (mark & word)) % PRIME
                b = ((marks[j] >> 32) + (mark >> 32)) % PRIME
                marks[step + j] = a + (b << 32)
    for j in range(marks_high.size):
        a = (PRIME - (marks_high[j] & word)) % PRIME
        b = (PRIME - (marks_high[j] >> 32)) % PRIME
        marks_high[j] = a + (b << 32)
    return packed


def _block_worst(block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, gaps: Any) -> float:
    np.multiply(sign, block, out=gaps)
    np.subtract(gaps, y_low, out=gaps)
    gaps[marks_low == settled] = -np.inf
    return float(gaps.max())


def _block_worst_in_loops(
    block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, gaps: Any
) -> float:
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


def _block_place(block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, worst: float) -> int:
    return int(np.argmax((sign * block - y_low == worst) & (marks_low != settled)))


def _block_place_in_loops(
    block: Any, sign: float, y_low: Any, marks_low: Any, settled: int, worst: float
) -> int:
    for j in range(block.size):
        if sign * block[j] - y_low[j] == worst and marks_low[j] != settled:
            return j
    return 0


def _block_spread(block: Any, sign: float, y_low: Any, shift: float) -> float:
    gaps = sign * block - y_low
    return float(max(gaps.max() - shift, shift - gaps.min()))


def _block_spread_in_loops(block: Any, sign: float, y_low: Any, shift: float) -> float:
    top = -np.inf
    bottom = np.inf
    for j in range(block.size):
        gap = sign * block[j] - y_low[j]
        top = max(top, gap)
        bottom = min(bottom, gap)
    return float(max(top - shift, shift - bottom))


def _most_violated(pool: Any, at_low: Any, at_high: Any, y_low: Any, y_high: Any) -> int:
    return int(np.argmax(pool - y_low[at_low] - y_high[at_high])) if pool.size else -1


def _most_violated_in_loops(pool: Any, at_low: Any, at_high: Any, y_low: Any, y_high: Any) -> int:
    most = -np.inf
    place = -1
    for p in range(pool.size):
        gap = pool[p] - y_low[at_low[p]] - y_high[at_high[p]]
        if gap > most:
            most = gap
            place = p
    return place


def _basis(kinds: Any, masks: Any, n: int, per_head: bool) -> Any:  # noqa: FBT001
    rows = np.zeros((n + 1, n + 1))
    for j in range(n + 1):
        for i in range(n):
            rows[j, i] = (masks[j] >> i) & 1
        if kinds[j] == EXCESS:
            rows[j, n] = float(_count(masks[j])) if per_head else 1.0
        elif kinds[j] == FLOOR:
            rows[j, n] = 1.0
    return rows


def _vertex(columns: Any, sides: Any, z: Any) -> None:
    for i in range(z.size):
        total = 0.0
        for j in range(z.size):
            total += columns[j, i] * sides[j]
        z[i] = total


@kernel(
    _inverse,
    _count,
    _price,
    _extend_span,
    _mark_span,
    (_add_up, _add_up_in_loops),
    (_block_worst, _block_worst_in_loops),
    (_block_place, _block_place_in_loops),
    (_block_spread, _block_spread_in_loops),
    (_most_violated, _most_violated_in_loops),
    _basis,
    _vertex,
)
def solve(  # noqa: C901, PLR0912, PLR0915 - one compiled loop; cutting it up costs calls per pivot
    table: Any,
    n: int,
    sign: float,
    per_head: bool,  # noqa: FBT001
    rational: bool,  # noqa: FBT001
    stages_wanted: int,
) -> tuple[int, Any, Any, Any, Any, Any, Any]:
    """Minimise the excesses of a game one after the other, the largest first.

    Parameters
    ----------
    table
        2ⁿ values, bit i of the position for player i; n ≥ 2.
    sign
        1 where more is better (savings), −1 where less is (cost).
    per_head
        Divide each excess by the size of its coalition.
    rational
        Give no player less than it has alone; the caller has checked that this is possible.
    stages_wanted
        Stop after so many stages; 1 gives the least core.

    Returns
    -------
    tuple
        Status; shares in savings form; levels, one per stage; and for each coalition that settled a stage its mask,
        stage, kind of row and multiplier.
    """
    m = n + 1
    full = (1 << n) - 1
    low = (n + 1) // 2
    low_size = 1 << low
    high_size = 1 << (n - low)
    candidates = min(high_size, 2 * n)
    parts = PARTS if n >= PARTED_PLAYERS else 1
    part = 0

    kinds = np.full(m, EXCESS, np.int64)
    masks = np.zeros(m, np.int64)
    sides = np.zeros(m)
    for i in range(n):
        masks[i] = 1 << i
        sides[i] = sign * table[1 << i]
    kinds[n] = SETTLED
    masks[n] = full
    sides[n] = sign * table[full]

    columns = np.zeros((m, m))
    echelon = np.zeros((n, n), np.int64)
    pivots = np.zeros(n, np.int64)
    marks_low = np.zeros(low_size, np.int64)
    marks_high = np.zeros(high_size, np.int64)
    rank = _extend_span(echelon, pivots, 0, full, n)
    marks = _mark_span(echelon, pivots, rank, n, low, marks_low, marks_high)

    z = np.zeros(m)
    nudges = np.zeros(m)
    seed = 1
    y_low = np.zeros(low_size)
    y_high = np.zeros(high_size)
    each = np.zeros(n)
    # No gap in a block is above its bound: what it was when last looked at, and what prices have fallen since.
    bounds = np.full(high_size, np.inf)
    each_then = np.zeros(n)
    y_high_then = np.zeros(high_size)
    offered = np.zeros(high_size, np.int64)
    offered_worst = np.zeros(high_size)
    gaps = np.zeros(low_size)
    pool_low = np.zeros(POOL, np.int64)
    pool_high = np.zeros(POOL, np.int64)
    pool_side = np.zeros(POOL)
    pooled = 0

    found = np.zeros(2 * m, np.int64)
    found_stage = np.zeros(2 * m, np.int64)
    found_kind = np.zeros(2 * m, np.int64)
    found_multiplier = np.zeros(2 * m)
    founds = 0
    levels = np.zeros(m)
    stage = 0

    # Equal surplus starts the first stage. The spread of excesses there is the natural unit of the game: unlike its
    # values it does not change when a player's own value moves all its coalitions.
    equal = sides[n]
    for i in range(n):
        equal -= sides[i]
    equal /= n
    size = abs(sides[n])
    for i in range(n):
        z[i] = sides[i] + equal
        size += abs(z[i])
    _price(y_low, y_high, each, z, low, False)
    spread = 0.0
    for high in range(high_size):
        start = high << low
        spread = max(spread, _block_spread(table[start : start + low_size], sign, y_low, y_high[high]))
    tolerance = 1e-11 * spread + 2e-14 * size
    floor_step = spread

    while rank < n and stage < stages_wanted:
        stale = True
        pivoted = 0
        # Multipliers tie at zero when a stage begins. A second, infinitely smaller set of them breaks the ties the same
        # way throughout, so that no sequence of pivots repeats.
        for j in range(m):
            seed = seed * 48271 % PRIME
            nudges[j] = 1.0 + seed / PRIME
        while True:
            if stale:
                regular, columns = _inverse(_basis(kinds, masks, n, per_head), m)
                if not regular or pivoted > 200 * m:
                    return STUCK, z[:n], levels, found, found_stage, found_kind, found_multiplier
                _vertex(columns, sides, z)
                stale = False
                fresh = True
            _price(y_low, y_high, each, z, low, per_head)
            entering = -1
            kind = EXCESS
            most = tolerance
            p = _most_violated(pool_side[:pooled], pool_low[:pooled], pool_high[:pooled], y_low, y_high)
            if p >= 0:
                gap = pool_side[p] - y_low[pool_low[p]] - y_high[pool_high[p]]
                if gap > most:
                    entering = (pool_high[p] << low) + pool_low[p]
                    most = gap
            if rational:
                for i in range(n):
                    gap = sign * table[1 << i] - z[i]
                    if gap > most and marks[i] != 0:
                        entering = 1 << i
                        kind = RATIONAL
                        most = gap

            if entering < 0:
                if not fresh:
                    stale = True
                    continue
                if pooled + candidates > POOL:
                    pooled = 0
                before = pooled
                fall = 0.0
                for i in range(low):
                    fall += max(0.0, each_then[i] - each[i])
                for high in range(high_size):
                    bounds[high] += fall + y_high_then[high] - y_high[high]
                each_then[:] = each
                y_high_then[:] = y_high
                # A part of the blocks is enough while it offers something; that nothing is left takes all of them.
                offers = 0
                for _ in range(parts):
                    for high in range(part, high_size, parts):
                        if bounds[high] > tolerance:
                            start = high << low
                            block = table[start : start + low_size]
                            worst = _block_worst(block, sign, y_low, marks_low, marks_high[high], gaps)
                            bounds[high] = worst - y_high[high]
                            if bounds[high] > tolerance:
                                offered[offers] = high
                                offered_worst[offers] = worst
                                offers += 1
                    part = (part + 1) % parts
                    if offers > 0:
                        break
                for _ in range(min(offers, candidates)):
                    best = 0
                    for other in range(1, offers):
                        if bounds[offered[other]] > bounds[offered[best]]:
                            best = other
                    high = offered[best]
                    start = high << low
                    block = table[start : start + low_size]
                    place = _block_place(block, sign, y_low, marks_low, marks_high[high], offered_worst[best])
                    pool_low[pooled] = place
                    pool_high[pooled] = high
                    pool_side[pooled] = sign * table[start + place]
                    pooled += 1
                    offers -= 1
                    offered[best] = offered[offers]
                    offered_worst[best] = offered_worst[offers]
                if pooled > before:
                    continue
                lowered = False
                for j in range(m):
                    if kinds[j] == FLOOR and columns[j, n] > MULTIPLIER_TOLERANCE:
                        sides[j] -= floor_step
                        floor_step *= 4.0
                        lowered = True
                if not lowered:
                    break
                _vertex(columns, sides, z)
                continue

            side = sign * table[entering]
            weight = 0.0
            if kind == EXCESS:
                weight = float(_count(entering)) if per_head else 1.0
            gap = side
            for i in range(n):
                if (entering >> i) & 1:
                    gap -= z[i]
            gap -= weight * z[n]
            alpha = np.zeros(m)
            least = np.inf
            for j in range(m):
                total = weight * columns[j, n]
                for i in range(n):
                    if (entering >> i) & 1:
                        total += columns[j, i]
                alpha[j] = total
                if kinds[j] != SETTLED and total > 1e-9:
                    least = min(least, max(columns[j, n], 0.0) / total)
            leaving = -1
            for j in range(m):
                if kinds[j] == SETTLED or not alpha[j] > 1e-9:
                    continue
                if max(columns[j, n], 0.0) / alpha[j] > least + 1e-12:
                    continue
                if leaving < 0 or nudges[j] / alpha[j] < nudges[leaving] / alpha[leaving]:
                    leaving = j
            if leaving < 0:
                return STUCK, z[:n], levels, found, found_stage, found_kind, found_multiplier
            scale = 1.0 / alpha[leaving]
            nudge = nudges[leaving] * scale
            for j in range(m):
                nudges[j] -= nudge * alpha[j]
            nudges[leaving] = nudge
            for i in range(m):
                columns[leaving, i] *= scale
                z[i] += gap * columns[leaving, i]
            for j in range(m):
                factor = alpha[j]
                if j != leaving and factor != 0.0:
                    for i in range(m):
                        columns[j, i] -= factor * columns[leaving, i]
            kinds[leaving] = kind
            masks[leaving] = entering
            sides[leaving] = side
            fresh = False
            pivoted += 1
            stale = pivoted % 50 == 0

        levels[stage] = z[n]
        dropped = -1
        for j in range(m):
            if kinds[j] == SETTLED or not columns[j, n] > MULTIPLIER_TOLERANCE:
                continue
            found[founds] = masks[j]
            found_stage[founds] = stage
            found_kind[founds] = kinds[j]
            found_multiplier[founds] = columns[j, n]
            founds += 1
            rank = _extend_span(echelon, pivots, rank, masks[j], n)
            if kinds[j] == EXCESS and (dropped < 0 or columns[j, n] > columns[dropped, n]):
                dropped = j
        for j in range(m):
            if kinds[j] == SETTLED or not columns[j, n] > MULTIPLIER_TOLERANCE:
                continue
            if kinds[j] == EXCESS:
                sides[j] -= z[n] * (float(_count(masks[j])) if per_head else 1.0)
            kinds[j] = SETTLED
        # The settled rows are one too many for their rank: the floor under t takes the place of one of them.
        kinds[dropped] = FLOOR
        masks[dropped] = 0
        floor_step = max(levels[0] - z[n], 0.1 * spread)
        sides[dropped] = z[n] - floor_step
        marks = _mark_span(echelon, pivots, rank, n, low, marks_low, marks_high)
        kept = 0
        for p in range(pooled):
            if marks_low[pool_low[p]] != marks_high[pool_high[p]]:
                pool_low[kept] = pool_low[p]
                pool_high[kept] = pool_high[p]
                pool_side[kept] = pool_side[p]
                kept += 1
        pooled = kept
        stage += 1

    x = z[:n].copy()
    if rank == n:
        # All stages' rows at once determine shares and levels together: solving them again sheds the rounding that
        # stages pass on to each other.
        count = n + stage
        if founds + 1 != count:
            return STUCK, x, levels, found, found_stage, found_kind, found_multiplier
        rows = np.zeros((count, count))
        right = np.zeros(count)
        for r in range(founds):
            for i in range(n):
                rows[r, i] = (found[r] >> i) & 1
            if found_kind[r] == EXCESS:
                rows[r, n + found_stage[r]] = float(_count(found[r])) if per_head else 1.0
            right[r] = sign * table[found[r]]
        for i in range(n):
            rows[founds, i] = 1.0
        right[founds] = sign * table[full]
        regular, inverse = _inverse(rows, count)
        if not regular:
            return STUCK, x, levels, found, found_stage, found_kind, found_multiplier
        both = np.zeros(count)
        for _ in range(2):
            rest = np.zeros(count)
            for r in range(count):
                total = right[r]
                for i in range(count):
                    total -= rows[r, i] * both[i]
                rest[r] = total
            for i in range(count):
                total = 0.0
                for r in range(count):
                    total += inverse[r, i] * rest[r]
                both[i] += total
        x = both[:n].copy()
        for k in range(stage):
            levels[k] = both[n + k]
    return (
        DONE,
        x,
        levels[:stage],
        found[:founds],
        found_stage[:founds],
        found_kind[:founds],
        found_multiplier[:founds],
    )
