"""The routes of regions: tables and what their columns mean, looking for partners, a candidate opened as a case."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.problems import InputError, Problem
from interlocal.web import policies, tables
from interlocal.web.actions import regions as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.tokens import demand, need
from interlocal.web.asks import AT_ONCE, ask_of
from interlocal.web.atlas import Found, seen_by
from interlocal.web.models import Organisation, RegionRecord, RegionRun
from interlocal.web.policies import RegionAccess

router = Router()


class SentFile(Schema):
    """A file: a table as text, or anything else in Base64."""

    role: Literal["table", "neighbours", "agreements", "posts", "beside"] = "table"
    name: str = Field(max_length=200, description="With its ending, such as towns.csv.")
    content: str
    base64: bool = Field(
        default=False, description="Whether the content is in Base64, as a workbook has to be."
    )


class NewRegion(Schema):
    """Tables to start a region with."""

    organisation: str = Field(
        "", max_length=200, description="Its name; the first that you may start in where empty."
    )
    files: list[SentFile] = Field(min_length=1, max_length=20)
    mapping: dict[str, Any] | None = Field(None, description="What the columns mean; guessed where left out.")


class NewMapping(Schema):
    """What the columns mean."""

    base: int = Field(ge=1, description="The revision it was made from.")
    mapping: dict[str, Any]


class RegionRow(Schema):
    """A region of a list."""

    id: UUID
    title: str
    organisation: str
    revision: int


class RegionWhole(RegionRow):
    """A region with what its columns mean, and what was read through it."""

    checked: bool = Field(
        description="Whether the tables were read through the mapping; a guess is to be saved first."
    )
    mapping: dict[str, Any]
    files: list[str]
    read: dict[str, Any] | None


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
    """A candidate of a run, counted from 1."""

    candidate: int = Field(ge=1)
    organisation: str = Field("", max_length=200)


class Opened(Schema):
    """The case that was started."""

    case: UUID


@router.get("/regions", response={200: list[RegionRow], **REFUSALS})
def list_regions(request: HttpRequest) -> Any:
    """List the regions this token may see."""
    demand(request, "read")
    return [_row(r) for r in policies.regions_of(_person(request))]


@router.post("/regions", response={201: RegionWhole, **CHANGED})
def start_region(request: HttpRequest, body: NewRegion) -> Any:
    """Start a region from tables."""
    demand(request, "write")
    home = _home(request, body.organisation)
    files = _files(body.files)
    tables.look_at(files)
    if body.mapping is None:
        mapping = tables.suggested(files)
    else:
        mapping = tables.with_files(body.mapping, files)
        tables.read(files, mapping)
    made = actions.start_region(
        organisation=home, by=_person(request), files=files, mapping=mapping, checked=body.mapping is not None,
        about="Started by a program",
    )  # fmt: skip
    return Status(201, _whole(made))


@router.get("/regions/{uuid:region}", response={200: RegionWhole, **REFUSALS})
def get_region(request: HttpRequest, region: UUID) -> Any:
    """Give a region: what its columns mean, and what was read."""
    return _whole(_allowed(request, region, "read").region)


@router.put("/regions/{uuid:region}/mapping", response={200: RegionWhole, 409: Refused, **CHANGED})
def put_mapping(request: HttpRequest, region: UUID, body: NewMapping) -> Any:
    """Say what the columns mean; the tables are read through it, and it is refused where they cannot be."""
    access = _allowed(request, region, "write", edit=True)
    record = access.region
    tables.read(tables.files_of(record.head), body.mapping)
    try:
        actions.save_region(
            record=record, base=body.base, by=access.person, mapping=body.mapping, checked=True, about="What the columns mean, by a program"
        )  # fmt: skip
    except actions.Overtaken:
        return Status(409, {"detail": f"The region is not at revision {body.base}. Get it again."})
    record.refresh_from_db()
    return _whole(record)


@router.post("/regions/{uuid:region}/runs", response={202: RegionRunRow, 409: Refused, **CHANGED})
def ask_region(request: HttpRequest, region: UUID, body: AskRegion) -> Any:
    """Look for partners (scan), or divide the region into groups (group), in the background."""
    access = _allowed(request, region, "study", edit=True)
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
    access = _allowed(request, region, "read")
    return [
        _run(r) for r in access.region.runs.defer("document", "views", "pairs").select_related("revision")
    ]


@router.get("/regions/{uuid:region}/runs/{uuid:run}", response={200: RegionRunRow, **REFUSALS})
def get_region_run(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Say how far a run is."""
    return _run(_found(_allowed(request, region, "read"), run))


@router.post("/regions/{uuid:region}/runs/{uuid:run}/cancel", response={200: RegionRunRow, **REFUSALS})
def cancel_region_run(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Stop a run; a division keeps the best so far."""
    access = _allowed(request, region, "study", edit=True)
    found = _found(access, run)
    actions.cancel_run(run=found, by=access.person)
    found.refresh_from_db()
    return _run(found)


@router.get("/regions/{uuid:region}/runs/{uuid:run}/result.json", response={200: dict[str, Any], **REFUSALS})
def get_region_result(request: HttpRequest, region: UUID, run: UUID) -> Any:
    """Give what was found; to an editor the bytes that the command line writes."""
    access = _allowed(request, region, "read")
    found = _done(access, run)
    whole = json.loads(found.document)
    seen = seen_by(access, whole)
    return HttpResponse(found.document.encode(), content_type="application/json") if seen is whole else seen


@router.post("/regions/{uuid:region}/runs/{uuid:run}/cases", response={201: Opened, **CHANGED})
def open_candidate(request: HttpRequest, region: UUID, run: UUID, body: Candidate) -> Any:
    """Open a candidate as a case."""
    access = _allowed(request, region, "read")
    demand(request, "write")
    home = _home(request, body.organisation)
    found = _done(access, run)
    candidate = Found(found, access).candidate({"candidate": str(body.candidate)})
    if candidate is None:
        return Status(404, {"detail": "The run has no such candidate."})
    made = actions.open_as_case(
        revision=found.revision, candidate=candidate, organisation=home, by=access.person
    )
    return Status(201, {"case": made.pk})


def _person(request: Any) -> Any:
    return request.auth.person


def _allowed(request: HttpRequest, region: UUID, scope: str, *, edit: bool = False) -> RegionAccess:
    """Return what the token's person is to a region; a stranger and a region that is not there are answered alike."""
    demand(request, scope)
    access = policies.access_to_region(_person(request), region)
    if access is None:
        raise HttpError(404, "There is no such region for this token.")
    need(yes=access.may_edit or not edit)
    return access


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


def _home(request: HttpRequest, name: str) -> Organisation:
    homes = policies.organisations_to_start_in(_person(request))
    found: Organisation | None = homes.filter(name=name).first() if name else homes.first()
    if found is None:
        raise HttpError(403, "This token’s person starts nothing in an organisation of that name.")
    return found


def _files(sent: list[SentFile]) -> list[tables.Upload]:
    problems: list[Problem] = []
    found: list[tables.Upload] = []
    for file in sent:
        try:
            content = base64.b64decode(file.content, validate=True) if file.base64 else file.content.encode()
            found.append(tables.taken(file.role, file.name, content))
        except InputError as error:
            problems += error.problems
        except (binascii.Error, ValueError):
            problems.append(Problem(file.role, file.name, "text that is not Base64", "the file in Base64", "Leave base64 out where the content is the text of a table."))  # fmt: skip
    if problems:
        raise InputError(problems)
    return found


def _row(record: RegionRecord) -> dict[str, Any]:
    return {"id": record.pk, "title": record.title, "organisation": record.organisation.name, "revision": record.latest}  # fmt: skip


def _whole(record: RegionRecord) -> dict[str, Any]:
    head = record.head
    names = [f"{f.role}: {f.name}" for f in head.files.defer("content")]
    read = tables.region_of(head).summary() if head.checked else None
    return _row(record) | {"checked": head.checked, "mapping": head.mapping, "files": names, "read": read}


def _run(run: RegionRun) -> dict[str, Any]:
    shown = {k: getattr(run, k) for k in ("kind", "status", "percent", "problem")}
    return {"id": run.pk, "revision": run.revision.number, **shown}
