"""Compiled twins of the two array loops in `cashflow`, which let go of the interpreter's lock.

They run in our own threads and use no threads of numba's, whose default layer ends the process when several threads
call it. Compiled once per machine and kept in numba's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from interlocal.numerics.distributions import Floats

Kernel = TypeVar("Kernel", bound=Callable[..., None])


def _compiled(signature: str) -> Callable[[Kernel], Kernel]:
    # Joining a product and a sum into one instruction is the one liberty taken: the order of sums stays.
    options: dict[str, Any] = {"nogil": True, "cache": True, "fastmath": {"contract"}, "error_model": "numpy"}
    return cast("Callable[[Kernel], Kernel]", njit(signature, **options))


@_compiled("void(f8[::1], f8, f8[::1])")
def _add(target: Floats, weight: float, source: Floats) -> None:
    if weight != 0.0:
        for i in range(target.size):
            target[i] += weight * source[i]


@_compiled("void(f8[::1], f8[::1])")
def _multiply(target: Floats, by: Floats) -> None:
    for i in range(target.size):
        target[i] *= by[i]


@_compiled("void(f8[::1], f8[::1])")
def _horner(series: Floats, q: Floats) -> None:
    for i in range(series.size):
        series[i] = 1.0 + q[i] * series[i]


@_compiled("void(f8[:,::1], f8[:,::1])")
def correlate(factor: Floats, scores: Floats) -> None:
    """Replace independent scores (inputs, draws) by L times them, in place."""
    for row in range(len(factor) - 1, -1, -1):
        scores[row] *= factor[row, row]
        for column in range(row):
            _add(scores[row], factor[row, column], scores[column])


@_compiled("void(f8[:,::1], i8[:,::1], f8[:,::1], f8, f8[:,:])")
def discount(values: Floats, terms: NDArray[np.int64], shares: Floats, yearly: float, totals: Floats) -> None:
    """Write the net present value of every draw to ``totals`` (partners + 1, draws)."""
    draws = values.shape[1]
    partners = shares.shape[1]
    sums = np.zeros((partners + 1, draws))
    q = np.empty(draws)
    present = np.empty(draws)
    for line in range(len(terms)):
        amount, growth, first, last = terms[line]
        q[:] = yearly
        if growth >= 0:
            _add(q, yearly, values[growth])
        present[:] = 1.0
        for _ in range(first, last):
            _horner(present, q)
        for _ in range(first):
            _multiply(present, q)
        _multiply(present, values[amount])
        for partner in range(partners):
            _add(sums[partner], shares[line, partner], present)
    for partner in range(partners):
        _add(sums[partners], 1.0, sums[partner])
    totals[:, :] = sums
