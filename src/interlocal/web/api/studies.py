"""The routes of studies: ask for one, see how far it is, stop it, get its answers and the documents made of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.web import audiences
from interlocal.web.actions import studies as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.tokens import allowed
from interlocal.web.models import Packet, StudyRun
from interlocal.web.policies import Access

router = Router()


class Ask(Schema):
    """A study to be run, over the latest revision where none is named."""

    revision: int | None = Field(None, ge=1, lt=10**9)
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


class PacketRow(Schema):
    """How far the documents of a study are."""

    files: list[str] = Field(description="Names of the documents; empty until all are made.")
    done: int = Field(description="Documents that are made so far.")
    problem: str


@router.get("/cases/{uuid:case}/studies", response={200: list[Run], **REFUSALS})
def list_studies(request: HttpRequest, case: UUID) -> Any:
    """List the studies of a case that this token may see, the latest first."""
    access = allowed(request, case, scope="read", power="see")
    return [_run(r) for r in audiences.studies(access)]


@router.post("/cases/{uuid:case}/studies", response={202: Run, 409: Refused, **CHANGED})
def ask_study(request: HttpRequest, case: UUID, body: Ask) -> Any:
    """Run a study over a revision in the background."""
    access = allowed(request, case, scope="study", power="edit")
    if body.audience == "facilitator" and access.audience != "facilitator":
        raise HttpError(403, "Only the facilitator asks for a study of everything.")
    if audiences.studies(access).filter(status__in=("waiting", "running")).count() >= actions.AT_ONCE:
        return Status(409, {"detail": "Three studies of this case are under way. Wait for one, or cancel it."})  # fmt: skip
    wanted = body.dict()
    number = wanted.pop("revision")
    revision = access.case.revisions.filter(number=number).first() if number else access.case.head
    if revision is None:
        raise HttpError(404, f"There is no revision {number}.")
    run = actions.ask_for_study(revision=revision, by=access.person, **wanted)
    return Status(202, _run(run))


@router.get("/cases/{uuid:case}/studies/{uuid:run}", response={200: Run, **REFUSALS})
def get_study(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Say how far a study is."""
    return _run(_seen(allowed(request, case, scope="read", power="see"), run))


@router.post("/cases/{uuid:case}/studies/{uuid:run}/cancel", response={200: Run, **REFUSALS})
def cancel_study(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Stop a study."""
    access = allowed(request, case, scope="study", power="edit")
    found = _seen(access, run)
    actions.cancel_study(run=found, by=access.person)
    found.refresh_from_db()
    return _run(found)


@router.get("/cases/{uuid:case}/studies/{uuid:run}/study.json", response={200: dict[str, Any], **REFUSALS})
def get_answers(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Give study.json, to the byte what the command line writes."""
    found = _done(allowed(request, case, scope="read", power="see"), run)
    return HttpResponse(found.document.encode(), content_type="application/json")


@router.post("/cases/{uuid:case}/studies/{uuid:run}/packet", response={202: PacketRow, 409: Refused, **REFUSALS})  # fmt: skip
def ask_packet(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Have the documents of a study made in the background; they are made once."""
    access = allowed(request, case, scope="study", power="edit")
    found = _done(access, run)
    held = Packet.objects.filter(run=found).first()
    if held is not None and (held.files or not held.may_be_asked):
        return Status(409, {"detail": "The documents are made, or are being made. Get the packet."})
    return Status(202, _packet(actions.ask_for_packet(run=found, by=access.person)))


@router.get("/cases/{uuid:case}/studies/{uuid:run}/packet", response={200: PacketRow, **REFUSALS})
def get_packet(request: HttpRequest, case: UUID, run: UUID) -> Any:
    """Say which documents there are of a study."""
    return _packet(_held(allowed(request, case, scope="read", power="see"), run))


@router.get("/cases/{uuid:case}/studies/{uuid:run}/packet/{path:name}", response={200: bytes, **REFUSALS})
def get_packet_file(request: HttpRequest, case: UUID, run: UUID, name: str) -> Any:
    """Give one document of a study, or all of them as packet.zip."""
    found = _held(allowed(request, case, scope="read", power="see"), run).document(name)
    if found is None:
        raise HttpError(404, "There is no such document.")
    return HttpResponse(found, content_type="application/octet-stream")


def _seen(access: Access, run: UUID) -> StudyRun:
    found = audiences.studies(access).filter(pk=run).first()
    if found is None:
        raise HttpError(404, "There is no such study.")
    return found


def _done(access: Access, run: UUID) -> StudyRun:
    found = _seen(access, run)
    if not found.document:
        raise HttpError(404, "The study is not done.")
    return found


def _held(access: Access, run: UUID) -> Packet:
    found = Packet.objects.filter(run=_seen(access, run)).first()
    if found is None:
        raise HttpError(404, "Nobody asked for the documents of this study.")
    return found


def _run(run: StudyRun) -> dict[str, Any]:
    shown = {k: getattr(run, k) for k in ("audience", "status", "percent", "problem")}
    return {"id": run.pk, "revision": run.revision.number, **shown}


def _packet(held: Packet) -> dict[str, Any]:
    return {"files": held.names, "done": held.done, "problem": held.problem}
