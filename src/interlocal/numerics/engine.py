"""The only door to other processes and other machines.

A task runs once per chunk and the results come back in the order of the chunks. Chunks must follow from the case
alone and never from the number of workers; then the same case gives the same bytes with any number of workers and on
every engine. A task is a picklable pure function; it must not rely on sums whose order a threaded library chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import joblib

from interlocal.problems import InputError, Problem

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Engine = Literal["local", "dask"]

_SECONDS_TO_CONNECT = 10


class Cancelled(Exception):  # noqa: N818 – what happened, and nobody's error
    """The user stopped the run; workers are gone and there is no result."""


def run(
    task: Callable[[Chunk], Result],
    chunks: Sequence[Chunk],
    *,
    engine: Engine = "local",
    scheduler: str | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Result]:
    """Run ``task`` on every chunk and return the results in the order of the chunks.

    Parameters
    ----------
    task : callable
        Pure function of one chunk. What it raises is raised here.
    chunks : sequence
    engine : "local" or "dask"
        Processes of this machine, or a Dask cluster (the extra ``interlocal[dask]``).
    scheduler : str, optional
        Address of a running Dask scheduler; without it a cluster of ``workers`` local processes serves this call.
    workers : int, default 1
        Processes at work; with 1, or with a single chunk, local work stays in this process.
    progress : callable, optional
        Called with the number of chunks done, in order, and the number of all.
    cancelled : callable, optional
        Asked between chunks; True ends the run.

    Raises
    ------
    Cancelled
        When ``cancelled`` said so.
    InputError
        When Dask is not installed, or the scheduler cannot be reached.

    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    done: list[Result] = []
    results = _results(task, chunks, engine, scheduler, workers)
    try:
        for result in results:
            done.append(result)
            if progress is not None:
                progress(len(done), len(chunks))
            if cancelled is not None and cancelled():
                raise Cancelled  # noqa: TRY301 – it takes the way out that an interrupt takes
    except BaseException as stop:  # noqa: BLE001 – even an interrupt must end the workers; it is raised again
        # Raised at its yield, the exception makes joblib end the workers at once, and comes back out of it.
        results.throw(stop)
    return done


def _results(
    task: Callable[[Chunk], Result],
    chunks: Sequence[Chunk],
    engine: Engine,
    scheduler: str | None,
    workers: int,
) -> Generator[Result, None, None]:
    if engine == "local" and (workers == 1 or len(chunks) < 2):
        yield from map(task, chunks)
        return
    calls = (joblib.delayed(task)(chunk) for chunk in chunks)
    if engine == "local":
        yield from joblib.Parallel(min(workers, len(chunks)), backend="loky", return_as="generator")(calls)
        return
    with _dask_client(scheduler, workers) as client, joblib.parallel_config("dask", client=client):
        yield from joblib.Parallel(-1, return_as="generator")(calls)


@contextmanager
def _dask_client(scheduler: str | None, workers: int) -> Iterator[Any]:
    try:
        import distributed  # noqa: PLC0415 – an extra that most users do without
    except ImportError as missing:
        raise InputError(
            Problem(
                path="",
                where="--engine dask",
                found="no Dask on this machine",
                expected="the package 'distributed'",
                fix="Install it with: pip install 'interlocal[dask]', or use --engine local.",
            )
        ) from missing
    # Untyped: distributed annotates some of its calls and not these.
    dask: Any = distributed
    if scheduler is None:
        local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        with dask.LocalCluster(**local) as cluster, dask.Client(cluster) as client:
            yield client
        return
    try:
        client = dask.Client(scheduler, timeout=_SECONDS_TO_CONNECT)
    except (OSError, ValueError) as unreachable:
        raise InputError(
            Problem(
                path="",
                where=f"--scheduler {scheduler}",
                found="nothing that answers there as a Dask scheduler",
                expected="the address of a running scheduler, such as tcp://hostname:8786",
                fix="Check the address and that the scheduler runs; without --scheduler this machine does the work.",
            )
        ) from unreachable
    with client:
        yield client
