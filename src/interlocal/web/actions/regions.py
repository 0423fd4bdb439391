"""Regions: upload and map tables, look for partners in the worker, open a candidate as a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from interlocal.case.read import parse_case
from interlocal.region.starter import as_case
from interlocal.web.actions import runs
from interlocal.web.actions.audit import note
from interlocal.web.actions.cases import Overtaken, start_case
from interlocal.web.models import (
    CaseRecord,
    Organisation,
    Person,
    RegionFile,
    RegionRecord,
    RegionRevision,
    RegionRun,
)
from interlocal.web.tables import Upload, as_kept, region_of


@transaction.atomic
def start_region(
    *,
    organisation: Organisation,
    by: Person | None,
    files: Sequence[Upload],
    mapping: Mapping[str, Any],
    checked: bool,
    about: str,
) -> RegionRecord:
    """Put a region into an organisation's list."""
    record = RegionRecord.objects.create(organisation=organisation, title="Region")
    _add(record, files=_kept(record, files), mapping=mapping, checked=checked, by=by, about=about)
    note(person=by, did="region.started", about=f"{record.title}: {about}", organisation=organisation)
    return record


@transaction.atomic
def save_region(
    *,
    record: RegionRecord,
    base: int,
    by: Person | None,
    mapping: Mapping[str, Any],
    checked: bool,
    about: str,
    files: Sequence[Upload] | None = None,
) -> RegionRevision:
    """Add a revision: another mapping of the same files, or other files.

    Raises
    ------
    Overtaken
        Where ``base`` is no longer the latest revision.
    """
    held = RegionRecord.objects.select_for_update().get(pk=record.pk)
    if held.latest != base:
        raise Overtaken
    kept = list(held.head.files.all()) if files is None else _kept(held, files)
    revision = _add(held, files=kept, mapping=mapping, checked=checked, by=by, about=about)
    note(
        person=by,
        did="region.saved",
        about=f"{held.title}, revision {revision.number}: {about}",
        organisation=held.organisation,
    )
    return revision


@transaction.atomic
def delete_region(*, record: RegionRecord, by: Person) -> None:
    """Delete a region with its tables and runs; cases opened from it stay."""
    note(person=by, did="region.deleted", about=record.title, organisation=record.organisation)
    record.delete()


@transaction.atomic
def ask_for_run(
    *, revision: RegionRevision, kind: str, options: Mapping[str, Any], by: Person | None
) -> RegionRun:
    """Queue a run."""
    from interlocal.web.scanning import run_region  # noqa: PLC0415 - tasks import actions

    run = RegionRun.objects.create(
        region=revision.region, revision=revision, kind=kind, options=dict(options), asked_by=by
    )
    transaction.on_commit(lambda: run_region.enqueue(str(run.pk)))
    region = revision.region
    note(person=by, did=f"region.{kind}", about=f"{region.title}, revision {revision.number}", organisation=region.organisation)  # fmt: skip
    return run


@transaction.atomic
def cancel_run(*, run: RegionRun, by: Person) -> None:
    """Ask the worker to stop; of a division the best so far is kept."""
    runs.stop(run=run)
    note(person=by, did="region.cancelled", about=run.region.title, organisation=run.region.organisation)


def resume_cut_short(*, at_start: bool = False) -> int:
    """Queue again what a worker left behind."""
    from interlocal.web.scanning import run_region  # noqa: PLC0415 - tasks import actions

    advice = "Try smaller groups, or tell whoever runs this server."
    return runs.resume(model=RegionRun, enqueue=run_region.enqueue, advice=advice, at_start=at_start)


@transaction.atomic
def open_as_case(
    *, revision: RegionRevision, candidate: Mapping[str, Any], organisation: Organisation, by: Person
) -> CaseRecord:
    """Start a case from a candidate: what the table says filled in with its source, the rest left for people to say.

    Parameters
    ----------
    candidate
        ``members``, ``service``, ``saving`` and ``today`` as a scan has them.
    """
    region = region_of(revision)
    text = as_case(region, dict(candidate), as_of=dt.datetime.now(tz=dt.UTC).date())
    about = f"Started from a screening of {region.title}, revision {revision.number} of its tables"
    case = parse_case(text.encode(), "the candidate")
    note(person=by, did="region.opened", about=case.title, organisation=revision.region.organisation)
    return start_case(case=case, organisation=organisation, by=by, about=about)


def _kept(record: RegionRecord, files: Iterable[Upload]) -> list[RegionFile]:
    return [
        RegionFile.objects.create(region=record, role=f.role, name=f.name, content=f.content, sha256=f.sha256)
        for f in files
    ]


def _add(
    record: RegionRecord,
    *,
    files: list[RegionFile],
    mapping: Mapping[str, Any],
    checked: bool,
    by: Person | None,
    about: str,
) -> RegionRevision:
    kept, text = as_kept(mapping)
    revision = RegionRevision.objects.create(
        region=record,
        number=record.latest + 1,
        mapping=kept,
        checked=checked,
        sha256=RegionRevision.digest(text, files),
        about=about[:200],
        by=by,
    )
    revision.files.set(files)
    title = str(kept.get("title") or "Region")[:200]
    record.latest, record.title, record.changed_at = revision.number, title, timezone.now()
    record.save(update_fields=["latest", "title", "changed_at"])
    return revision


__all__ = [
    "Overtaken",
    "ask_for_run",
    "cancel_run",
    "delete_region",
    "open_as_case",
    "resume_cut_short",
    "save_region",
    "start_region",
]
