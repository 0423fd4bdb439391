"""The rows that hold a small linear programme's vertex, and the algebra on them: dense, and no larger than the players."""

from __future__ import annotations

from typing import Any

import numpy as np

SETTLED, EXCESS, RATIONAL, FLOOR = 0, 1, 2, 3
"""Kinds of rows: x(S) = b; x(S) + w t ≥ v(S); xᵢ ≥ v({i}); t ≥ b, which only starts a stage."""

SMALLEST_PIVOT = 1e-9


def inverse(matrix: Any, size: int) -> tuple[bool, Any]:  # noqa: C901, PLR0912 - plain loops compile best
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


def count(mask: int) -> int:
    """Return how many members a coalition has."""
    members = 0
    while mask:
        mask &= mask - 1
        members += 1
    return members


def rows_of(kinds: Any, masks: Any, n: int, per_head: bool) -> Any:  # noqa: FBT001
    """Lay out the rows of a basis over shares and level."""
    rows = np.zeros((n + 1, n + 1))
    for j in range(n + 1):
        for i in range(n):
            rows[j, i] = (masks[j] >> i) & 1
        if kinds[j] == EXCESS:
            rows[j, n] = float(count(masks[j])) if per_head else 1.0
        elif kinds[j] == FLOOR:
            rows[j, n] = 1.0
    return rows


def vertex(columns: Any, sides: Any, z: Any) -> None:
    """Work out the shares and the level at which all rows of the basis hold."""
    for i in range(z.size):
        total = 0.0
        for j in range(z.size):
            total += columns[j, i] * sides[j]
        z[i] = total


def rates(columns: Any, mask: int, weight: float) -> Any:
    """Return how fast the multiplier of each row falls as that of an entering coalition rises."""
    m = columns.shape[0]
    alpha = np.zeros(m)
    for j in range(m):
        total = weight * columns[j, m - 1]
        for i in range(m - 1):
            if (mask >> i) & 1:
                total += columns[j, i]
        alpha[j] = total
    return alpha


def leaving_row(columns: Any, kinds: Any, nudges: Any, alpha: Any) -> int:
    """Return the row whose multiplier is the first to reach zero as another's rises, or −1; nudges break ties."""
    n = alpha.size - 1
    least = np.inf
    for j in range(n + 1):
        if kinds[j] != SETTLED and alpha[j] > SMALLEST_PIVOT:
            least = min(least, max(columns[j, n], 0.0) / alpha[j])
    leaving = -1
    for j in range(n + 1):
        if kinds[j] == SETTLED or not alpha[j] > SMALLEST_PIVOT:
            continue
        if max(columns[j, n], 0.0) / alpha[j] > least + 1e-12:
            continue
        if leaving < 0 or nudges[j] / alpha[j] < nudges[leaving] / alpha[leaving]:
            leaving = j
    return leaving


def pivot(columns: Any, nudges: Any, z: Any, alpha: Any, leaving: int, gap: float) -> None:
    """Put a row that is violated by ``gap`` in the place of the leaving one."""
    m = alpha.size
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


def solve_together(rows: Any, right: Any) -> tuple[bool, Any]:
    """Return whether equations are regular, and their solution, refined once."""
    size = right.size
    regular, inverse_columns = inverse(rows, size)
    both = np.zeros(size)
    for _ in range(2):
        rest = np.zeros(size)
        for r in range(size):
            total = right[r]
            for i in range(size):
                total -= rows[r, i] * both[i]
            rest[r] = total
        for i in range(size):
            total = 0.0
            for r in range(size):
                total += inverse_columns[r, i] * rest[r]
            both[i] += total
    return regular, both


HELPERS = (inverse, count, rows_of, vertex, rates, leaving_row, pivot, solve_together)
