"""The best way to divide up to 22 governments into groups: dynamic programming over subsets, exact."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EXACT_UP_TO = 22
THREADS = 2


def best_of_all_subsets(values: Floats, members: int) -> tuple[float, list[int]]:
    """Return the best division by dynamic programming over subsets: exact, for at most 22 members.

    The part with the highest member is chosen, 3ⁿ⁻¹/2 times in all; the rest is already solved (Yeh 1986,
    10.1007/BF01934995; Rothkopf, Pekeč & Harstad 1998, 10.1287/mnsc.44.8.1131).

    Parameters
    ----------
    values
        Worth of each subset as a bit mask, shape (2ⁿ,); −inf where a group is not allowed.

    Returns
    -------
    The best total (−inf where no division exists) and the masks chosen.
    """
    if members > EXACT_UP_TO:
        raise ValueError(f"{members} members; the exact method ends at {EXACT_UP_TO}")
    best = _all_subsets(values)
    mask, chosen = len(values) - 1, []
    while mask and best[-1] > -np.inf:
        part = int(_kernel(_part_of_the_best)(mask, values, best))
        chosen.append(part)
        mask ^= part
    return float(best[-1]), chosen


def _part_of_the_best(mask: int, values: Floats, best: Floats) -> int:
    """Return the group with the highest member in the best division of a subset, found again on the way back."""
    high = 1
    while high <= mask >> 1:
        high <<= 1
    rest = sub = mask ^ high
    while values[sub | high] + best[rest ^ sub] < best[mask]:
        sub = (sub - 1) & rest
    return sub | high


def best_of_listed(masks: Ints, values: Floats, members: int) -> tuple[float, list[int]]:
    """Return the best division when only the listed groups are allowed: the same dynamic programme over fewer parts.

    Parameters
    ----------
    masks
        Each allowed group as a bit mask, single members included where they may stay alone.
    values
        What each is worth [currency/year].

    Returns
    -------
    The best total (−inf where no division exists) and the positions of the groups chosen.
    """
    if len(masks) << members > 3**members:
        return _as_all_subsets(masks, values, members)
    lowest = np.array([(int(m) & -int(m)).bit_length() - 1 for m in masks], dtype=np.int64)
    order = np.argsort(lowest, kind="stable")
    starts = np.searchsorted(lowest[order], np.arange(members + 1))
    best, choice = _kernel(_listed_subsets)(masks[order], values[order], starts, members)
    chosen: list[int] = []
    mask = (1 << members) - 1
    if not np.isfinite(best[-1]):
        return -np.inf, chosen
    while mask:
        chosen.append(int(order[choice[mask]]))
        mask ^= int(masks[chosen[-1]])
    return float(best[-1]), chosen


def _as_all_subsets(masks: Ints, values: Floats, members: int) -> tuple[float, list[int]]:
    """Try every split instead: quicker than every listed group for every subset, once very many groups are listed."""
    table = np.full(1 << members, -np.inf)
    table[masks] = values
    best, parts = best_of_all_subsets(table, members)
    position = np.empty(1 << members, dtype=np.int64)
    position[masks] = np.arange(len(masks))
    return best, position[parts].tolist()


@cache
def _kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba  # noqa: PLC0415 – slow to import, and only these two need it

    compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True)(function)
    return compiled


def _listed_subsets(masks: Ints, values: Floats, starts: Ints, members: int) -> tuple[Floats, Ints]:
    best = np.full(1 << members, -np.inf)
    choice = np.zeros(1 << members, dtype=np.int64)
    best[0] = 0.0
    for mask in range(1, 1 << members):
        low = 0
        while not mask >> low & 1:
            low += 1
        for k in range(starts[low], starts[low + 1]):
            if masks[k] & mask == masks[k]:
                worth = values[k] + best[mask ^ masks[k]]
                if worth > best[mask]:
                    best[mask] = worth
                    choice[mask] = k
    return best, choice


def _all_subsets(values: Floats) -> Floats:
    """Solve every subset without the highest member, and the whole: no other is ever what is left.

    Sixteen subsets that differ in the first four members stand side by side in memory and are solved together, so that a
    line of the cache is fetched once for 81 splits. Such blocks need only blocks with fewer of the other members, so those
    with equally many are shared between threads.
    """
    best: Floats = _kernel(_first_subsets)(values)
    blocks = np.arange(1, len(values) // 32, dtype=np.uint64)
    size = np.bitwise_count(blocks)
    solve = _kernel(_solve_blocks)
    with ThreadPoolExecutor(THREADS) as pool:
        for others in range(1, int(size.max(initial=0)) + 1):
            layer = blocks[size == others]
            parts = [layer[n::THREADS] for n in range(THREADS)]
            list(pool.map(solve, parts, [values] * THREADS, [best] * THREADS))
    half = len(values) // 2
    best[-1] = np.max(values[half:] + best[:half][::-1])
    return best


def _first_subsets(values: Floats) -> Floats:
    """Solve the subsets of the first four members."""
    best = np.zeros(len(values))
    for mask in range(1, min(16, len(values) // 2)):
        high = 1
        while high <= mask >> 1:
            high <<= 1
        sub = mask ^ high
        top = values[mask]
        while sub:
            sub = (sub - 1) & (mask ^ high)
            top = max(top, values[sub | high] + best[mask ^ high ^ sub])
        best[mask] = top
    return best


def _solve_blocks(blocks: npt.NDArray[np.uint64], values: Floats, best: Floats) -> None:
    """Solve the sixteen subsets of each block, given those of all smaller blocks."""
    one, four = np.uint64(1), np.uint64(4)
    together = np.empty(16)
    for block in blocks:
        summit = one
        while summit <= block >> one:
            summit <<= one
        together[:] = -np.inf
        free = block ^ summit
        chosen = free
        while True:
            part, rest = (chosen | summit) << four, (free ^ chosen) << four
            for a in range(3):
                for b in range(3):
                    for c in range(3):
                        for d in range(3):
                            taken = np.uint64((a == 1) | (b == 1) << 1 | (c == 1) << 2 | (d == 1) << 3)
                            left = np.uint64((a == 2) | (b == 2) << 1 | (c == 2) << 2 | (d == 2) << 3)
                            worth = values[part | taken] + best[rest | left]
                            both = taken | left
                            together[both] = max(together[both], worth)
            if chosen == np.uint64(0):
                break
            chosen = (chosen - one) & free
        best[block << four : (block << four) + np.uint64(16)] = together
