"""Runs of the study: ask for one, run it in the worker, cancel it, pick up what was cut short."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from interlocal.web.actions.audit import note
from interlocal.web.actions.comparisons import run_is_over
from interlocal.web.models import Packet, Person, Revision, StudyRun

SILENCE = dt.timedelta(seconds=90)
"""A run without a sign of life for so long was cut short, and begins again."""
MOST_STARTS = 3
AT_ONCE = 3
"""Studies of one case that wait or run at once."""


@transaction.atomic
def ask_for_study(
    *,
    revision: Revision,
    audience: str,
    by: Person | None,
    draws: int = 10_000,
    seed: int = 1,
    would_change: bool = False,
) -> StudyRun:
    """Queue a run."""
    from interlocal.web.tasks import run_study  # noqa: PLC0415 - tasks import actions

    run = StudyRun.objects.create(
        case=revision.case, revision=revision, audience=audience, asked_by=by, draws=draws, seed=seed,
        would_change=would_change,
    )  # fmt: skip
    transaction.on_commit(lambda: run_study.enqueue(str(run.pk)))
    note(person=by, did="study.asked", about=f"revision {revision.number}, {audience}", case=revision.case)
    return run


@transaction.atomic
def cancel_study(*, run: StudyRun, by: Person) -> None:
    """Ask the worker to stop; a run that nobody began ends at once."""
    waiting = StudyRun.objects.filter(pk=run.pk, status=StudyRun.Status.WAITING)
    if waiting.update(status=StudyRun.Status.CANCELLED, ended_at=timezone.now(), cancel_asked=True):
        run_is_over(run=run)
    else:
        StudyRun.objects.filter(pk=run.pk, status=StudyRun.Status.RUNNING).update(cancel_asked=True)
    note(person=by, did="study.cancelled", case=run.case)


@transaction.atomic
def begin(*, run: str) -> StudyRun | None:
    """Claim a run for this worker; None where it was cancelled, is done or is in other hands."""
    now = timezone.now()
    free = Q(status=StudyRun.Status.WAITING) | Q(status=StudyRun.Status.RUNNING, seen_at__lt=now - SILENCE)
    claimed = StudyRun.objects.filter(free, pk=run).update(
        status=StudyRun.Status.RUNNING, seen_at=now, starts=F("starts") + 1, blocks_done=0
    )
    return StudyRun.objects.select_related("revision", "case").get(pk=run) if claimed else None


def report_progress(*, run: StudyRun, done: int, all_: int) -> bool:
    """Write down how far a run is; return whether somebody asked to stop it."""
    StudyRun.objects.filter(pk=run.pk).update(blocks_done=done, blocks_all=all_, seen_at=timezone.now())
    return StudyRun.objects.filter(pk=run.pk, cancel_asked=True).exists()


@transaction.atomic
def end(
    *, run: StudyRun, status: str, document: str = "", views: dict[str, Any] | None = None, problem: str = ""
) -> None:
    """Write down how a run ended."""
    StudyRun.objects.filter(pk=run.pk).update(
        status=status, document=document, views=views or {}, problem=problem, ended_at=timezone.now()
    )
    run_is_over(run=run)


@transaction.atomic
def resume_cut_short(*, at_start: bool = False) -> int:
    """Queue again what a worker left behind, and return how many; three times is enough.

    Parameters
    ----------
    at_start
        The only worker has just started, so that whatever runs was cut short.
    """
    from interlocal.web.tasks import run_study  # noqa: PLC0415 - tasks import actions

    long_ago = timezone.now() - SILENCE
    running = StudyRun.objects.filter(status=StudyRun.Status.RUNNING)
    lost = running if at_start else running.filter(seen_at__lt=long_ago)
    problem = "The run was cut short three times. Try fewer futures, or tell whoever runs this server."
    for run in lost.filter(starts__gte=MOST_STARTS):
        end(run=run, status=StudyRun.Status.FAILED, problem=problem)
    again = list(lost.filter(status=StudyRun.Status.RUNNING).values_list("pk", flat=True))
    StudyRun.objects.filter(pk__in=again).update(status=StudyRun.Status.WAITING)
    for pk in again:
        transaction.on_commit(lambda pk=pk: run_study.enqueue(str(pk)))
    return len(again)


@transaction.atomic
def ask_for_packet(*, run: StudyRun, by: Person) -> Packet:
    """Queue the documents of a run; they are made once."""
    from interlocal.web.tasks import make_packet  # noqa: PLC0415 - tasks import actions

    packet, _ = Packet.objects.update_or_create(
        run=run, defaults={"asked_by": by, "asked_at": timezone.now(), "problem": "", "done": 0}
    )
    transaction.on_commit(lambda: make_packet.enqueue(packet.pk))
    note(
        person=by, did="packet.asked", about=f"revision {run.revision.number}, {run.audience}", case=run.case
    )
    return packet


def keep_packet(*, packet: Packet, done: int, files: bytes | None = None, problem: str = "") -> None:
    """Write down how far the documents are, and the documents once all are made."""
    Packet.objects.filter(pk=packet.pk).update(done=done, files=files, problem=problem)
