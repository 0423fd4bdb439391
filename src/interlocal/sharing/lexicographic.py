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

from interlocal.sharing import basis, span, table_pass
from interlocal.sharing.basis import (
    EXCESS,
    FLOOR,
    RATIONAL,
    SETTLED,
    count,
    inverse,
    leaving_row,
    pivot,
    rates,
    rows_of,
    solve_together,
    vertex,
)
from interlocal.sharing.compiled import kernel
from interlocal.sharing.span import PRIME, extend_span, mark_span
from interlocal.sharing.table_pass import block_ends, farthest, gather, price, search

DONE, STUCK = 0, 1

POOL = 4096
PARTS = 8
"""Into so many parts the search for violated constraints is cut where passing over the table is most of the work."""
PARTED_PLAYERS = 18
MULTIPLIER_TOLERANCE = 1e-9


@kernel(*basis.HELPERS, *span.HELPERS, *table_pass.HELPERS)
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

    # The first basis is each player by itself, or all others without it, whichever leaves less to climb.
    kinds = np.full(m, EXCESS, np.int64)
    masks = np.zeros(m, np.int64)
    sides = np.zeros(m)
    alone = 0.0
    without = 0.0
    for i in range(n):
        masks[i] = 1 << i
        alone += sign * table[1 << i]
        without += sign * table[full - (1 << i)]
    whole = sign * table[full]
    heads = float(n - 1) if per_head else 1.0
    if (without - (n - 1) * whole) / heads > alone - whole:
        for i in range(n):
            masks[i] = full - (1 << i)
    masks[n] = full
    kinds[n] = SETTLED
    for j in range(m):
        sides[j] = sign * table[masks[j]]

    columns = np.zeros((m, m))
    echelon = np.zeros((n, n), np.int64)
    pivots = np.zeros(n, np.int64)
    marks_low = np.zeros(low_size, np.int64)
    marks_high = np.zeros(high_size, np.int64)
    rank = extend_span(echelon, pivots, 0, full, n)
    marks = mark_span(echelon, pivots, rank, n, low, marks_low, marks_high)

    z = np.zeros(m)
    nudges = np.zeros(m)
    seed = 1
    y_low = np.zeros(low_size)
    y_high = np.zeros(high_size)
    each = np.zeros(n)
    worsts = np.zeros(high_size)
    each_then = np.zeros((high_size, low))
    offered = np.zeros(high_size, np.int64)
    above = np.zeros(high_size)
    gaps = np.zeros(low_size)
    falls = np.zeros(low_size)
    pool_low = np.zeros(POOL, np.int64)
    pool_high = np.zeros(POOL, np.int64)
    pool_side = np.zeros(POOL)
    pool_near = np.zeros(POOL)
    pooled = 0

    found = np.zeros(2 * m, np.int64)
    found_stage = np.zeros(2 * m, np.int64)
    found_kind = np.zeros(2 * m, np.int64)
    found_multiplier = np.zeros(2 * m)
    founds = 0
    levels = np.zeros(m)
    stage = 0

    # The spread of excesses at equal surplus is the natural unit of the game: unlike its values it does not change when
    # a player's own value moves all its coalitions. The worst of each block there bounds it from the start.
    equal = (whole - alone) / n
    size = abs(whole)
    for i in range(n):
        z[i] = sign * table[1 << i] + equal
        size += abs(z[i])
    price(y_low, y_high, each, z, low, False)
    spread = 0.0
    for high in range(high_size):
        block = table[high << low : (high + 1) << low]
        top, bottom = block_ends(block, sign, y_low, gaps, falls)
        spread = max(spread, top - y_high[high], y_high[high] - bottom)
        worsts[high] = top
        each_then[high, :] = each[:low]
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
                regular, columns = inverse(rows_of(kinds, masks, n, per_head), m)
                if not regular or pivoted > 200 * m:
                    return STUCK, z[:n], levels, found, found_stage, found_kind, found_multiplier
                vertex(columns, sides, z)
                stale = False
                fresh = True
            price(y_low, y_high, each, z, low, per_head)
            entering = -1
            kind = EXCESS
            most = tolerance
            p = farthest(
                pool_side[:pooled], pool_near, pool_low[:pooled], pool_high[:pooled], y_low, y_high, tolerance
            )
            if p >= 0:
                entering = (pool_high[p] << low) + pool_low[p]
                most = pool_side[p] - y_low[pool_low[p]] - y_high[pool_high[p]]
            if rational:
                for i in range(n):
                    gap = sign * table[1 << i] - z[i]
                    if gap > most and marks[i] != 0:
                        entering = 1 << i
                        kind = RATIONAL
                        most = gap

            if entering < 0:
                if pooled + candidates > POOL:
                    pooled = 0
                before = pooled
                # A part of the blocks is enough while it offers something; that nothing is left takes all of them.
                offers = 0
                for _ in range(parts):
                    offers = search(
                        table,
                        sign,
                        each,
                        y_low,
                        y_high,
                        marks_low,
                        marks_high,
                        part,
                        parts,
                        tolerance,
                        worsts,
                        each_then,
                        gaps,
                        offered,
                        above,
                    )
                    part = (part + 1) % parts
                    if offers > 0:
                        break
                pooled = gather(
                    table,
                    sign,
                    y_low,
                    marks_low,
                    marks_high,
                    worsts,
                    offered[:offers],
                    above,
                    candidates,
                    pool_low,
                    pool_high,
                    pool_side,
                    pooled,
                )
                for p in range(before, pooled):
                    members = count((pool_high[p] << low) + pool_low[p])
                    heads = float(members) if per_head else 1.0
                    pool_near[p] = 1.0 / (members * (n - members) / n + heads * heads)
                if pooled > before:
                    continue
                if not fresh:
                    stale = True
                    continue
                lowered = False
                for j in range(m):
                    if kinds[j] == FLOOR and columns[j, n] > MULTIPLIER_TOLERANCE:
                        sides[j] -= floor_step
                        floor_step *= 4.0
                        lowered = True
                if not lowered:
                    break
                vertex(columns, sides, z)
                continue

            side = sign * table[entering]
            weight = 0.0
            if kind == EXCESS:
                weight = float(count(entering)) if per_head else 1.0
            gap = side
            for i in range(n):
                if (entering >> i) & 1:
                    gap -= z[i]
            gap -= weight * z[n]
            alpha = rates(columns, entering, weight)
            leaving = leaving_row(columns, kinds, nudges, alpha)
            if leaving < 0:
                return STUCK, z[:n], levels, found, found_stage, found_kind, found_multiplier
            pivot(columns, nudges, z, alpha, leaving, gap)
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
            rank = extend_span(echelon, pivots, rank, masks[j], n)
            if kinds[j] == EXCESS and (dropped < 0 or columns[j, n] > columns[dropped, n]):
                dropped = j
        for j in range(m):
            if kinds[j] == SETTLED or not columns[j, n] > MULTIPLIER_TOLERANCE:
                continue
            if kinds[j] == EXCESS:
                sides[j] -= z[n] * (float(count(masks[j])) if per_head else 1.0)
            kinds[j] = SETTLED
        # The settled rows are one too many for their rank: the floor under t takes the place of one of them.
        kinds[dropped] = FLOOR
        masks[dropped] = 0
        floor_step = max(levels[0] - z[n], 0.1 * spread)
        sides[dropped] = z[n] - floor_step
        marks = mark_span(echelon, pivots, rank, n, low, marks_low, marks_high)
        kept = 0
        for p in range(pooled):
            if marks_low[pool_low[p]] != marks_high[pool_high[p]]:
                pool_low[kept] = pool_low[p]
                pool_high[kept] = pool_high[p]
                pool_side[kept] = pool_side[p]
                pool_near[kept] = pool_near[p]
                kept += 1
        pooled = kept
        stage += 1

    x = z[:n].copy()
    if rank == n:
        # All stages' rows at once determine shares and levels together: solving them again sheds the rounding that
        # stages pass on to each other.
        unknowns = n + stage
        if founds + 1 != unknowns:
            return STUCK, x, levels, found, found_stage, found_kind, found_multiplier
        rows = np.zeros((unknowns, unknowns))
        right = np.zeros(unknowns)
        for r in range(founds):
            for i in range(n):
                rows[r, i] = (found[r] >> i) & 1
            if found_kind[r] == EXCESS:
                rows[r, n + found_stage[r]] = float(count(found[r])) if per_head else 1.0
            right[r] = sign * table[found[r]]
        for i in range(n):
            rows[founds, i] = 1.0
        right[founds] = sign * table[full]
        regular, both = solve_together(rows, right)
        if not regular:
            return STUCK, x, levels, found, found_stage, found_kind, found_multiplier
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
