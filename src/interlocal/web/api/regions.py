"""The routes of regions: tables, what their columns mean, an end."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.problems import InputError, Problem
from interlocal.web import policies, tables
from interlocal.web.actions import regions as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.files import SentFile, content_of
from interlocal.web.api.tokens import demand, home_of, need
from interlocal.web.models import RegionFile, RegionRecord
from interlocal.web.policies import RegionAccess

router = Router()


class SentTable(SentFile):
    """A file of a region, and what it is."""

    role: Literal["table", "neighbours", "agreements", "posts", "beside"] = "table"


class NewRegion(Schema):
    """Tables to start a region with."""

    organisation: str = Field(
        "", max_length=200, description="Its name; the first that you may start in where empty."
    )
    files: list[SentTable] = Field(min_length=1, max_length=20)
    mapping: dict[str, Any] | None = Field(None, description="What the columns mean; guessed where left out.")


class NewMapping(Schema):
    """What the columns mean."""

    base: int = Field(ge=1, description="The revision it was made from.")
    mapping: dict[str, Any]


class NewTables(Schema):
    """All the files that a region is to have."""

    base: int = Field(ge=1, description="The revision they take the place of.")
    files: list[SentTable] = Field(min_length=1, max_length=20)


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


@router.get("/regions", response={200: list[RegionRow], **REFUSALS})
def list_regions(request: HttpRequest) -> Any:
    """List the regions this token may see."""
    demand(request, "read")
    return [_row(r) for r in policies.regions_of(_person(request))]


@router.post("/regions", response={201: RegionWhole, **CHANGED})
def start_region(request: HttpRequest, body: NewRegion) -> Any:
    """Start a region from tables."""
    demand(request, "write")
    home = home_of(request, body.organisation)
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
    return _whole(region_allowed(request, region, "read").region)


@router.put("/regions/{uuid:region}/mapping", response={200: RegionWhole, 409: Refused, **CHANGED})
def put_mapping(request: HttpRequest, region: UUID, body: NewMapping) -> Any:
    """Say what the columns mean; the tables are read through it, and it is refused where they cannot be."""
    access = region_allowed(request, region, "write", edit=True)
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


@router.put("/regions/{uuid:region}/tables", response={200: RegionWhole, 409: Refused, **CHANGED})
def put_tables(request: HttpRequest, region: UUID, body: NewTables) -> Any:
    """Put other tables in the place of those there are; where they no longer fit what the columns mean, that is to be saved again."""
    access = region_allowed(request, region, "write", edit=True)
    files = _files(body.files)
    tables.look_at(files)
    gone = set(RegionFile.Role.values) - {f.role for f in files}
    mapping, checked = tables.fitted(files, tables.without(access.region.head.mapping, gone))
    try:
        actions.save_region(
            record=access.region, base=body.base, by=access.person, mapping=mapping, checked=checked, about="Other tables, by a program", files=files
        )  # fmt: skip
    except actions.Overtaken:
        return Status(409, {"detail": f"The region is not at revision {body.base}. Get it again."})
    access.region.refresh_from_db()
    return _whole(access.region)


@router.delete("/regions/{uuid:region}", response={204: None, 409: Refused, **REFUSALS})
def delete_region(request: HttpRequest, region: UUID, title: str) -> Any:
    """Delete a region with its tables and runs, for good; its title says that you mean it. Cases opened from it stay."""
    access = region_allowed(request, region, "write", edit=True)
    need(yes=access.role == "owner")
    if title.strip() != access.region.title.strip():
        return Status(409, {"detail": "Nothing was deleted: the title is another."})
    actions.delete_region(record=access.region, by=access.person)
    return Status(204, None)


def _person(request: Any) -> Any:
    return request.auth.person


def region_allowed(request: HttpRequest, region: UUID, scope: str, *, edit: bool = False) -> RegionAccess:
    """Return what the token's person is to a region; a stranger and a region that is not there are answered alike."""
    demand(request, scope)
    access = policies.access_to_region(_person(request), region)
    if access is None:
        raise HttpError(404, "There is no such region for this token.")
    need(yes=access.may_edit or not edit)
    return access


def _files(sent: list[SentTable]) -> list[tables.Upload]:
    problems: list[Problem] = []
    found: list[tables.Upload] = []
    for file in sent:
        try:
            found.append(tables.taken(file.role, file.name, content_of(file, file.role)))
        except InputError as error:
            problems += error.problems
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
