"""Comparisons of two runs: asked for at any time, made once both runs are over, begun again after a kill."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from interlocal.web.actions.audit import note
from interlocal.web.models import Comparison, Person, StudyRun

SILENCE = dt.timedelta(minutes=3)
"""A comparison that is not made so long after the worker was told was cut short, and is queued again."""


@transaction.atomic
def ask_for_comparison(
    *, first: StudyRun, second: StudyRun, by: Person, first_option: str = "", second_option: str = ""
) -> Comparison:
    """Queue a comparison; it is made once, and again only where it failed."""
    which = {"first": first, "second": second, "first_option": first_option, "second_option": second_option}
    found, new = Comparison.objects.get_or_create(**which, defaults={"case": first.case, "asked_by": by})
    if found.problem:
        Comparison.objects.filter(pk=found.pk).update(problem="", queued_at=None)
    if new or found.problem:
        about = f"revisions {first.revision.number} and {second.revision.number}, {first.audience}"
        note(person=by, did="comparison.asked", about=about, case=first.case)
        _take_up(Comparison.objects.filter(pk=found.pk))
    return found


def run_is_over(*, run: StudyRun) -> None:
    """Take up the comparisons that wait for a run."""
    _take_up(Comparison.objects.filter(Q(first=run) | Q(second=run)))


def resume_comparisons() -> int:
    """Queue again what a worker left behind, and return how many."""
    long_ago = timezone.now() - SILENCE
    return _take_up(Comparison.objects.filter(Q(queued_at__isnull=True) | Q(queued_at__lt=long_ago)))


def keep_comparison(*, comparison: Comparison, document: str = "", view: str = "", problem: str = "") -> None:
    """Write down how a comparison ended."""
    Comparison.objects.filter(pk=comparison.pk).update(document=document, view=view, problem=problem)


@transaction.atomic
def _take_up(comparisons: QuerySet[Comparison]) -> int:
    """Queue those whose runs are done, and say of the others which run stands in the way; return how many are queued."""
    from interlocal.web.tasks import compare_runs  # noqa: PLC0415 - tasks import actions

    queued = 0
    for c in comparisons.filter(document="", problem="").select_related(
        "first__revision", "second__revision"
    ):
        lost = next((r for r in (c.first, c.second) if r.is_over and not r.is_done), None)
        if lost is not None:
            keep_comparison(comparison=c, problem=f"The study of revision {lost.revision.number} was not finished: {lost.get_status_display().lower()}. Study it again, then compare.")  # fmt: skip
        elif c.first.is_done and c.second.is_done:
            Comparison.objects.filter(pk=c.pk).update(queued_at=timezone.now())
            transaction.on_commit(lambda pk=c.pk: compare_runs.enqueue(str(pk)))
            queued += 1
    return queued
