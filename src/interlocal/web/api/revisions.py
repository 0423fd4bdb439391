"""The routes of what happened to a case: its revisions, the difference between two, going back, who did what."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from interlocal.web import audiences
from interlocal.web.actions import cases as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.tokens import allowed
from interlocal.web.forms.merge import differences
from interlocal.web.models import Revision
from interlocal.web.policies import Access

router = Router()


class RevisionRow(Schema):
    """A revision."""

    number: int
    sha256: str | None = Field(
        description="Of the whole case; null where it holds entries that are not for you."
    )
    about: str
    at: dt.datetime


class RevisionWhole(RevisionRow):
    """A revision with what it says; a marker ``__kept`` stands where an entry is not for you."""

    document: dict[str, Any]


class Differs(Schema):
    """A place at which two revisions differ."""

    path: str
    before: str
    after: str


class Event(Schema):
    """Something that somebody did in a case."""

    at: dt.datetime
    person: str
    did: str
    about: str


@router.get("/cases/{uuid:case}/revisions", response={200: list[RevisionRow], **REFUSALS})
def list_revisions(request: HttpRequest, case: UUID) -> Any:
    """List the revisions of a case, the newest first."""
    access = allowed(request, case, scope="read", power="see")
    return [revision_row(r, access) for r in access.case.revisions.all()]


@router.get("/cases/{uuid:case}/revisions/{int:number}", response={200: RevisionWhole, **REFUSALS})
def get_revision(request: HttpRequest, case: UUID, number: int) -> Any:
    """Give a revision, as far as this token may see."""
    access = allowed(request, case, scope="read", power="see")
    found = _found(access, number)
    return revision_row(found, access) | {"document": audiences.hide(found.data, access)}


@router.get("/cases/{uuid:case}/difference", response={200: list[Differs], **REFUSALS})
def get_difference(request: HttpRequest, case: UUID, before: int, after: int) -> Any:
    """Say what changed from one revision to another, as far as this token may see."""
    access = allowed(request, case, scope="read", power="see")
    pair = (audiences.without_hidden(_found(access, n).data, access) for n in (before, after))
    return [{"path": c.pointer, "before": c.theirs, "after": c.mine} for c in differences(*pair)]


@router.post(
    "/cases/{uuid:case}/revisions/{int:number}/restore", response={200: RevisionRow, 409: Refused, **CHANGED}
)
def restore_revision(request: HttpRequest, case: UUID, number: int) -> Any:
    """Save an earlier revision again as the newest; nothing in between is lost."""
    access = allowed(request, case, scope="write", power="edit")
    found = _found(access, number)
    audiences.demand_kept(access.case.head.data, found.data, access)
    try:
        made = actions.save_case(
            record=access.case, case=found.read, base=access.case.latest, by=access.person, about=f"As in revision {number}"
        )  # fmt: skip
    except actions.Overtaken:
        raise HttpError(409, "Somebody saved at the same moment. Get it again.") from None
    return revision_row(made, access)


@router.get("/cases/{uuid:case}/events", response={200: list[Event], **REFUSALS})
def list_events(request: HttpRequest, case: UUID) -> Any:
    """List who did what in a case, the latest first; for whoever manages it."""
    access = allowed(request, case, scope="read", power="manage")
    events = access.case.events.select_related("person")
    return [{"at": e.at, "person": str(e.person or ""), "did": e.did, "about": e.about} for e in events]


def revision_row(revision: Revision, access: Access) -> dict[str, Any]:
    """Return a revision as a list shows it."""
    shown = {k: getattr(revision, k) for k in ("number", "about", "at")}
    return shown | {"sha256": revision.sha256 if audiences.shows_all(revision.document, access) else None}


def _found(access: Access, number: int) -> Revision:
    found: Revision | None = access.case.revisions.filter(number=number).first() if number < 10**9 else None
    if found is None:
        raise HttpError(404, f"There is no revision {number}.")
    return found
