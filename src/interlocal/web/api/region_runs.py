"""The routes of looking for partners in a region: ask, follow, stop, get what was found, open a candidate as a case."""

from __future__ import annotations

import json
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.region.render import as_csv
from interlocal.web import tables
from interlocal.web.actions import regions as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.regions import region_allowed
from interlocal.web.api.tokens import demand, home_of
from interlocal.web.asks import AT_ONCE, ask_of
from interlocal.web.atlas import Found, seen_by
from interlocal.web.models import RegionRun
from interlocal.web.policies import RegionAccess

router = Router()


class AskRegion(Schema):
    """What to look for, with the options of the command of that name."""

    kind: Literal["scan", "group"]
    options: dict[str, Any] = {}


class RegionRunRow(Schema):
    """How far a run is."""

    id: UUID
    revision: int
    kind: str
    status: str
    percent: int
    problem: str


class Candidate(Schema):
    """A candidate of a run, counted from 1; or two neighbours, by their rows in the table, for a service."""

    candidate: int | None = Field(None, ge=1)
    pair: tuple[int, int] | None = None
    service: str = Field("", max_length=80)
    organisation: str = Field("", max_length=200)


class Opened(Schema):
    """The case that was started."""

    case: UUID


@router.post("/regions/{uuid:region}/runs", response={202: RegionRunRow, 409: Refused, **CHANGED})
def ask_region(request: HttpRequest, region: UUID, body: AskRegion) -> Any:
    """Look for partners (scan), or divide the region into groups (group), in the background."""
    access = region_allowed(request, region, "study", edit=True)
    head = access.region.head
    if not head.checked:
        return Status(409, {"detail": "What the columns mean is a guess so far. Save the mapping first."})
    wanted = ask_of(body.kind, body.options)
    wanted.check(tables.region_of(head))
    if access.region.runs.filter(status__in=("waiting", "running")).count() >= AT_ONCE:
        return Status(
            409, {"detail": "Three runs over this region are under way. Wait for one, or cancel it."}
        )
    return Status(202, _run(actions.ask_for_run(revision=head, kind=body.kind, options=wanted.model_dump(), by=access.person)))  # fmt: skip


@router.get("/regions/{uuid:region}/runs", response={200: list[RegionRunRow], **REFUSALS})
def list_region_runs(request: HttpRequest, region: UUID) -> Any:
    """List the runs over a region, the latest first."""
    access = region_allowed(request, region, "read")
    return [
        _run(r) for r in access.region.runs.defer("document", "views", "pairs").select_related("revision")
    ]


@router.get("/regions/{uuid:region}/runs/{uuid:run}", response={200: RegionRunRow, **REFUSALS})
def get_region_run(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Say how far a run is."""
    return _run(_found(region_allowed(request, region, "read"), run))


@router.post("/regions/{uuid:region}/runs/{uuid:run}/cancel", response={200: RegionRunRow, **REFUSALS})
def cancel_region_run(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Stop a run; a division keeps the best so far."""
    access = region_allowed(request, region, "study", edit=True)
    found = _found(access, run)
    actions.cancel_run(run=found, by=access.person)
    found.refresh_from_db()
    return _run(found)


@router.get("/regions/{uuid:region}/runs/{uuid:run}/result.json", response={200: dict[str, Any], **REFUSALS})
def get_region_result(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Give what was found; to an editor the bytes that the command line writes."""
    access = region_allowed(request, region, "read")
    found = _done(access, run)
    whole = json.loads(found.document)
    seen = seen_by(access, whole)
    return HttpResponse(found.document.encode(), content_type="application/json") if seen is whole else seen


@router.get("/regions/{uuid:region}/runs/{uuid:run}/result.csv", response={200: str, **REFUSALS})
def get_region_table(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Give what was found as a table for a spreadsheet."""
    access = region_allowed(request, region, "read")
    text = as_csv(seen_by(access, json.loads(_done(access, run).document)))
    return HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")


@router.post("/regions/{uuid:region}/runs/{uuid:run}/cases", response={201: Opened, **CHANGED})
def open_candidate(request: HttpRequest, region: UUID, run: UUID, body: Candidate) -> Any:
    """Open a candidate as a case."""
    access = region_allowed(request, region, "read")
    demand(request, "write")
    home = home_of(request, body.organisation)
    found = _done(access, run)
    candidate = Found(found, access).candidate(_named(body))
    if candidate is None:
        return Status(404, {"detail": "The run has no such candidate."})
    made = actions.open_as_case(
        revision=found.revision, candidate=candidate, organisation=home, by=access.person
    )
    return Status(201, {"case": made.pk})


def _named(body: Candidate) -> dict[str, str]:
    pair = ",".join(map(str, body.pair or ()))
    return {"candidate": str(body.candidate or ""), "pair": pair, "service": body.service}


def _found(access: RegionAccess, run: UUID) -> RegionRun:
    found = access.region.runs.select_related("revision", "region").filter(pk=run).first()
    if found is None:
        raise HttpError(404, "There is no such run.")
    return found


def _done(access: RegionAccess, run: UUID) -> RegionRun:
    found = _found(access, run)
    if not found.document:
        raise HttpError(404, "The run is not done.")
    return found


def _run(run: RegionRun) -> dict[str, Any]:
    shown = {k: getattr(run, k) for k in ("kind", "status", "percent", "problem")}
    return {"id": run.pk, "revision": run.revision.number, **shown}
