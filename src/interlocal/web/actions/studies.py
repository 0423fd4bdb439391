"""Runs of the study: ask for one, run it in the worker, cancel it, pick up what was cut short."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from interlocal.web.actions import runs
from interlocal.web.actions.audit import note
from interlocal.web.actions.comparisons import run_is_over
from interlocal.web.models import Packet, Person, Revision, StudyRun

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
    if runs.stop(run=run):
        run_is_over(run=run)
    note(person=by, did="study.cancelled", case=run.case)


@transaction.atomic
def end(*, run: StudyRun, status: str, **result: Any) -> None:
    """Write down how a run ended, and go on with what waited for it."""
    runs.end(run=run, status=status, **result)
    run_is_over(run=run)


def resume_cut_short(*, at_start: bool = False) -> int:
    """Queue again what a worker left behind."""
    from interlocal.web.tasks import run_study  # noqa: PLC0415 - tasks import actions

    advice = "Try fewer futures, or tell whoever runs this server."
    return runs.resume(model=StudyRun, enqueue=run_study.enqueue, end=end, advice=advice, at_start=at_start)


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


def resume_packets() -> int:
    """Queue again the packets that a worker that was killed left unmade, and return how many; not for ever."""
    from interlocal.web.tasks import make_packet  # noqa: PLC0415 - tasks import actions

    lately = timezone.now() - dt.timedelta(hours=1)
    left = Packet.objects.filter(files=None, problem="", asked_at__gt=lately)
    return len([make_packet.enqueue(pk) for pk in left.values_list("pk", flat=True)])


def keep_packet(*, packet: Packet, done: int, files: bytes | None = None, problem: str = "") -> None:
    """Write down how far the documents are, and the documents once all are made."""
    Packet.objects.filter(pk=packet.pk).update(done=done, files=files, problem=problem)
