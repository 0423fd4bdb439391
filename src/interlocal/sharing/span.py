"""Which coalitions follow from those that are settled: the span of their indicator vectors.

Membership is decided modulo a prime, for two random vectors orthogonal to the span at once, not by a tolerance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

PRIME = 2147483647


def extend_span(echelon: Any, pivots: Any, rank: int, mask: int, n: int) -> int:  # noqa: C901 - plain loops compile best
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


def mark_span(  # noqa: C901 - plain loops compile best
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


HELPERS = (extend_span, mark_span)
