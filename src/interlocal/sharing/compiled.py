"""Compile a function of plain loops when that pays, and run it as plain Python when it does not.

Importing numba takes most of a second, so a first small game must not wait for it; a machine may also lack it. Both
forms do the same floating-point operations in the same order, so they give the same bits.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from types import CellType, FunctionType
from typing import Any

Helper = Callable[..., Any] | tuple[Callable[..., Any], Callable[..., Any]]

PATIENCE = 0.3
"""Time that small calls may spend uncompiled before compiling begins to pay [s]."""


class Kernel:
    """A function of arrays and numbers, compiled on first need.

    Parameters
    ----------
    function
        Loops over arrays, in the part of Python that numba compiles.
    helpers
        Functions that ``function`` calls, of any module. A pair gives a function in numpy, for plain Python, and
        the same in loops, for the compiler; both must give the same bits.
    reorder
        Let the compiler add up in any order; the plain form then gives slightly other bits, and is never mixed in.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        helpers: Sequence[Helper] = (),
        *,
        reorder: bool = False,
    ) -> None:
        functools.update_wrapper(self, function)
        self.plain = function
        self._helpers = tuple(helpers)
        self._reorder = reorder
        self._fast: Callable[..., Any] | None = None
        self._spent = 0.0
        self._lock = Lock()

    def __call__(self, *arguments: Any, small: bool = False) -> Any:
        """Run compiled, or as plain Python while the work is ``small`` and nothing is compiled yet."""
        if self._fast is not None:
            return self._fast(*arguments)
        if small and self._spent < PATIENCE:
            start = time.perf_counter()
            result = self.plain(*arguments)
            self._spent += time.perf_counter() - start
            return result
        with self._lock:
            if self._fast is None:
                self._fast = _compile(self.plain, self._helpers, self._reorder)
        return self._fast(*arguments)


def kernel(*helpers: Helper, reorder: bool = False) -> Callable[[Callable[..., Any]], Kernel]:
    """Make a function a :class:`Kernel`; ``helpers`` are the functions it calls."""
    return lambda function: Kernel(function, helpers, reorder=reorder)


def _compile(
    function: Callable[..., Any],
    helpers: Sequence[Helper],
    reorder: bool,  # noqa: FBT001
) -> Callable[..., Any]:
    if not available():
        return function
    import numba  # noqa: PLC0415 - most of a second
    from numba.extending import overload, register_jitable  # noqa: PLC0415

    for helper in helpers:
        if callable(helper):
            register_jitable(helper)
        else:
            in_numpy, in_loops = helper
            overload(in_numpy, strict=False)(lambda *_, loops=in_loops: loops)
    fast: Callable[..., Any] = numba.njit(
        nogil=True, cache=True, fastmath={"reassoc", "nsz", "contract"} if reorder else False
    )(_stamped(function, helpers))
    return fast


def _stamped(function: Callable[..., Any], helpers: Sequence[Helper]) -> Callable[..., Any]:
    """Let a function close over a digest of its helpers' files.

    What was compiled is kept on disk under the function's own code and what it closes over. Without the digest it
    would be used again after a helper in another file has changed.
    """
    each = [part for helper in helpers for part in (helper if isinstance(helper, tuple) else (helper,))]
    files = sorted({inspect.getfile(helper) for helper in each})
    if not files:
        return function
    digest = hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).hexdigest()
    code = function.__code__.replace(co_freevars=("helpers",))
    return FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, (CellType(digest),)
    )


@functools.cache
def available() -> bool:
    """Tell whether numba can be imported."""
    try:
        import numba  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


@functools.cache
def threads() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="interlocal-sharing")


def in_threads(function: Callable[[int], Any], parts: int) -> list[Any]:
    """Return ``[function(0), …, function(parts - 1)]``; the functions let other threads run meanwhile."""
    if parts == 1:
        return [function(0)]
    rest = [_pool().submit(function, part) for part in range(1, parts)]
    return [function(0), *(each.result() for each in rest)]
