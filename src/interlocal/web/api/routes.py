"""The routes: cases and their revisions, studies and their answers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema, Status

from interlocal.problems import InputError
from interlocal.web import audiences, policies
from interlocal.web.actions import cases as case_actions
from interlocal.web.actions import studies as study_actions
from interlocal.web.api import agreements, comments, comparisons, deciding, life, regions, surveys
from interlocal.web.api.answers import REFUSALS, Refused, Wrong
from interlocal.web.api.tokens import Bearer, allowed, demand
from interlocal.web.examples import checked
from interlocal.web.models import CaseRecord, Revision, StudyRun
from interlocal.web.models.cases import as_values

api = NinjaAPI(
    title="Interlocal", version="1", urls_namespace="api", auth=Bearer(), docs_url=None, openapi_url="openapi.json"
)  # fmt: skip
api.add_router("", agreements.router)
api.add_router("", comments.router)
api.add_router("", comparisons.router)
api.add_router("", deciding.router)
api.add_router("", life.router)
api.add_router("", regions.router)
api.add_router("", surveys.router)


class CaseRow(Schema):
    """A case of a list."""

    id: UUID
    title: str
    organisation: str
    revision: int


class CaseWhole(CaseRow):
    """A case with what it says; where an entry is not for you, a marker ``__kept`` stands: send it back as it is."""

    document: dict[str, Any]


class Save(Schema):
    """A whole case to be saved."""

    base: int = Field(ge=1, description="The revision it was made from.")
    document: dict[str, Any]


class RevisionRow(Schema):
    """A revision."""

    number: int
    sha256: str | None = Field(
        description="Of the whole case; null where it holds entries that are not for you."
    )
    about: str
    at: dt.datetime


class Ask(Schema):
    """A study to be run over the latest revision."""

    audience: str = Field("partners", pattern="^(facilitator|partners|public)$")
    draws: int = Field(10_000, ge=100, le=100_000)
    seed: int = Field(1, ge=0, le=2**31 - 1)
    would_change: bool = Field(True, description="Whether to search for what would change the advice.")


class Run(Schema):
    """How far a study is."""

    id: UUID
    revision: int
    audience: str
    status: str
    percent: int
    problem: str


@api.exception_handler(InputError)
def _wrong(request: HttpRequest, error: InputError) -> HttpResponse:
    return api.create_response(request, {"problems": [p.as_dict() for p in error.problems]}, status=422)


@api.get("/cases", response={200: list[CaseRow], **REFUSALS})
def list_cases(request: HttpRequest) -> Any:
    """List the cases this token may see."""
    demand(request, "read")
    return [_row(c) for c in policies.cases_of(request.auth.person)]


@api.get("/cases/{uuid:case}", response={200: CaseWhole, **REFUSALS})
def get_case(request: HttpRequest, case: UUID) -> Any:
    """Give a case, as far as this token may see."""
    access = allowed(request, case, scope="read", power="see")
    return _row(access.case) | {"document": audiences.hide(access.case.head.data, access)}


@api.put("/cases/{uuid:case}", response={200: RevisionRow, 409: Refused, 422: Wrong, **REFUSALS})
def put_case(request: HttpRequest, case: UUID, body: Save) -> Any:
    """Save a whole case as a new revision; refused where somebody saved since ``base``."""
    access = allowed(request, case, scope="write", power="edit")
    if body.base != access.case.latest:
        return Status(
            409, {"detail": f"The case is at revision {access.case.latest}, not {body.base}. Get it again."}
        )
    held = access.case.head.data
    markers = (sorted(map(str, audiences.markers(d))) for d in (body.document, audiences.hide(held, access)))
    if next(markers) != next(markers):
        return Status(
            409, {"detail": "An entry that is not for you is missing or doubled. Send each marker back once."}
        )
    document = audiences.put_back(body.document, held, access)
    try:
        made = checked(document, "the case")
    except InputError as error:
        raise InputError(audiences.unquoted(error.problems, document, access)) from None
    audiences.demand_kept(held, as_values(made.canonical_json()), access)
    try:
        revision = case_actions.save_case(
            record=access.case, case=made, base=body.base, by=access.person, about="By a program"
        )
    except case_actions.Overtaken:
        return Status(409, {"detail": "Somebody saved at the same moment. Get it again."})
    return _revision(revision, access)


@api.get("/cases/{uuid:case}/revisions", response={200: list[RevisionRow], **REFUSALS})
def list_revisions(request: HttpRequest, case: UUID) -> Any:
    """List the revisions of a case, the newest first."""
    access = allowed(request, case, scope="read", power="see")
    return [_revision(r, access) for r in access.case.revisions.all()]


@api.post("/cases/{uuid:case}/studies", response={202: Run, **REFUSALS, 422: Wrong})
def ask_study(request: HttpRequest, case: UUID, body: Ask) -> Any:
    """Run a study over the latest revision in the background."""
    access = allowed(request, case, scope="study", power="edit")
    if body.audience == "facilitator" and access.audience != "facilitator":
        return Status(403, {"detail": "Only the facilitator asks for a study of everything."})
    run = study_actions.ask_for_study(
        revision=access.case.head, audience=body.audience, by=access.person, draws=body.draws, seed=body.seed,
        would_change=body.would_change,
    )  # fmt: skip
    return Status(202, _run(run))


@api.get("/cases/{uuid:case}/studies/{uuid:run}", response={200: Run, **REFUSALS})
def get_study(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Say how far a study is."""
    found = _seen(request, case, run)
    return Status(404, {"detail": "There is no such study."}) if found is None else _run(found)


@api.get("/cases/{uuid:case}/studies/{uuid:run}/study.json", response={200: dict[str, Any], **REFUSALS})
def get_answers(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Give study.json, to the byte what the command line writes."""
    found = _seen(request, case, run)
    if found is None or not found.document:
        return Status(404, {"detail": "There is no such study, or it is not done."})
    return HttpResponse(found.document.encode(), content_type="application/json")


def _seen(request: HttpRequest, case: UUID, run: UUID) -> StudyRun | None:
    access = allowed(request, case, scope="read", power="see")
    runs = StudyRun.objects.select_related("revision").filter(case=access.case, pk=run)
    return (runs if access.audience == "facilitator" else runs.exclude(audience="facilitator")).first()


def _row(case: CaseRecord) -> dict[str, Any]:
    return {"id": case.pk, "title": case.title, "organisation": case.organisation.name, "revision": case.latest}  # fmt: skip


def _revision(revision: Revision, access: policies.Access) -> dict[str, Any]:
    shown = {k: getattr(revision, k) for k in ("number", "about", "at")}
    return shown | {"sha256": revision.sha256 if audiences.shows_all(revision.document, access) else None}


def _run(run: StudyRun) -> dict[str, Any]:
    shown = {k: getattr(run, k) for k in ("audience", "status", "percent", "problem")}
    return {"id": run.pk, "revision": run.revision.number, **shown}
