"""The best way to divide up to 22 governments into groups: dynamic programming over subsets, exact."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EXACT_UP_TO = 22


def best_of_all_subsets(values: Floats, members: int) -> tuple[float, list[int]]:
    """Return the best division by dynamic programming over subsets: exact, for at most 22 members.

    The part with the lowest member is chosen, 3ⁿ⁻¹/2 times in all; the rest is already solved (Yeh 1986,
    10.1007/BF01934995; Rothkopf, Pekeč & Harstad 1998, 10.1287/mnsc.44.8.1131).

    Parameters
    ----------
    values
        Worth of each subset as a bit mask, shape (2ⁿ,); −inf where a group is not allowed.

    Returns
    -------
    The best total and the masks chosen.
    """
    if members > EXACT_UP_TO:
        raise ValueError(f"{members} members; the exact method ends at {EXACT_UP_TO}")
    best: Floats = _kernel(_all_subsets)(values)
    mask, chosen = len(values) - 1, []
    while mask:
        part = int(_kernel(_part_of_the_best)(mask, values, best))
        chosen.append(part)
        mask ^= part
    return float(best[-1]), chosen


def _part_of_the_best(mask: int, values: Floats, best: Floats) -> int:
    """Return the group with the lowest member in the best division of a subset, found again on the way back."""
    low = mask & -mask
    rest = sub = mask ^ low
    while values[sub | low] + best[rest ^ sub] < best[mask]:
        sub = (sub - 1) & rest
    return sub | low


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


@cache
def _kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba  # noqa: PLC0415 – slow to import, and only these two need it

    compiled: Callable[..., Any] = numba.njit(cache=True)(function)
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
    """Solve every subset without the first member, and the whole: no other is ever what is left."""
    best = np.zeros(len(values))
    one = np.uint64(1)
    whole = np.uint64(len(values) - 1)
    for half in range(1, len(values) // 2 + 1):
        mask = min(np.uint64(2 * half), whole)
        low = mask & (~mask + one)
        rest = mask ^ low
        sub = rest
        top = values[mask]
        while sub != np.uint64(0):
            sub = (sub - one) & rest
            top = max(top, values[sub | low] + best[rest ^ sub])
        best[mask] = top
    return best
