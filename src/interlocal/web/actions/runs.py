"""What every run in the worker goes through: claimed, seen alive, cancelled, ended, picked up where it was cut short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from interlocal.web.models.runs import BackgroundRun

SILENCE = dt.timedelta(seconds=90)
"""A run without a sign of life for so long was cut short, and begins again."""
MOST_STARTS = 3
Status = BackgroundRun.Status
Run = TypeVar("Run", bound=BackgroundRun)


@transaction.atomic
def claim(*, model: type[Run], run: str) -> Run | None:
    """Take a run for this worker; None where it was cancelled, is done or is in other hands."""
    now = timezone.now()
    free = Q(status=Status.WAITING) | Q(status=Status.RUNNING, seen_at__lt=now - SILENCE)
    every: Any = model._default_manager  # noqa: SLF001 - Django's name for it
    taken = every.filter(free, pk=run).update(
        status=Status.RUNNING, seen_at=now, starts=F("starts") + 1, blocks_done=0
    )
    return every.select_related("revision").get(pk=run) if taken else None


def is_alive(*, run: BackgroundRun, done: int, all_: int) -> bool:
    """Write down how far a run is; return whether somebody asked to stop it."""
    same: Any = type(run)._default_manager.filter(pk=run.pk)  # noqa: SLF001 - the same
    same.update(blocks_done=done, blocks_all=all_, seen_at=timezone.now())
    return bool(same.filter(cancel_asked=True).exists())


@transaction.atomic
def stop(*, run: BackgroundRun) -> bool:
    """Ask the worker to stop; a run that nobody began ends at once, which is told."""
    same: Any = type(run)._default_manager.filter(pk=run.pk)  # noqa: SLF001 - the same
    waiting = same.filter(status=Status.WAITING)
    if waiting.update(status=Status.CANCELLED, ended_at=timezone.now(), cancel_asked=True):
        return True
    same.filter(status=Status.RUNNING).update(cancel_asked=True)
    return False


@transaction.atomic
def end(*, run: BackgroundRun, status: str, **result: Any) -> None:
    """Write down how a run ended, and what came of it."""
    same: Any = type(run)._default_manager.filter(pk=run.pk)  # noqa: SLF001 - the same
    same.update(status=status, ended_at=timezone.now(), **result)


@transaction.atomic
def resume(
    *,
    model: type[Run],
    enqueue: Callable[[str], Any],
    advice: str,
    end: Callable[..., None] = end,
    at_start: bool = False,
) -> int:
    """Queue again what a worker left behind, and return how many; three times is enough.

    Parameters
    ----------
    end
        Called as :func:`end` for a run that failed, where something waits for it.
    advice
        What to do where three times were not enough.
    at_start
        The worker has just started, so that whatever runs was cut short; and what waits may have lost its place in the
        queue with a worker that was killed before it began. A run that is queued twice is claimed once.
    """
    running: Any = model._default_manager.filter(status=Status.RUNNING)  # noqa: SLF001 - the same
    lost = running if at_start else running.filter(seen_at__lt=timezone.now() - SILENCE)
    for run in lost.filter(starts__gte=MOST_STARTS):
        end(run=run, status=Status.FAILED, problem=f"The run was cut short three times. {advice}")
    again = [str(pk) for pk in lost.values_list("pk", flat=True)]
    running.filter(pk__in=again).update(status=Status.WAITING)
    if at_start:
        waiting: Any = model._default_manager.filter(status=Status.WAITING)  # noqa: SLF001 - the same
        again = [str(pk) for pk in waiting.order_by("asked_at").values_list("pk", flat=True)]
    for pk in again:
        transaction.on_commit(lambda pk=pk: enqueue(pk))
    return len(again)
