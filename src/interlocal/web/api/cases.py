"""The routes of cases: start one, get it, save it whole or by parts, see what it lacks, delete it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import model_validator

from interlocal.case.document import Case
from interlocal.case.read import read_case
from interlocal.problems import InputError, Problem
from interlocal.web import audiences, examples, kinds, policies, trial, uploads
from interlocal.web.actions import cases as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.files import SentFile, content_of
from interlocal.web.api.revisions import RevisionRow, revision_row
from interlocal.web.api.tokens import allowed, demand, home_of
from interlocal.web.forms.merge import merge
from interlocal.web.forms.place import Place
from interlocal.web.forms.shape import at
from interlocal.web.models import CaseRecord, Revision
from interlocal.web.models.cases import as_values
from interlocal.web.policies import Access

router = Router()


class CaseRow(Schema):
    """A case of a list."""

    id: UUID
    title: str
    organisation: str
    revision: int


class CaseWhole(CaseRow):
    """A case with what it says; where an entry is not for you, a marker ``__kept`` stands: send it back as it is."""

    document: dict[str, Any]


class Least(Schema):
    """The least that a case can be."""

    title: str = Field(max_length=400)
    service: str = Field(max_length=80, description="Id of a service of the catalogue.")
    partners: list[str] = Field(max_length=200, description="Their names.")
    currency: str = Field("USD", max_length=3)


class NewCase(Schema):
    """A case to start, from one of four things."""

    organisation: str = Field(
        "", max_length=200, description="Its name; the first that you may start in where empty."
    )
    nothing: Least | None = Field(None, description="From nothing but a title, a service and partners.")
    file: SentFile | None = Field(None, description="From a file: YAML, JSON or Excel.")
    document: dict[str, Any] | None = Field(None, description="From a case as it stands in a file.")
    example: str | None = Field(None, max_length=80, description="From an example of this name.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(x is not None for x in (self.nothing, self.file, self.document, self.example)) != 1:
            message = "give one of nothing, file, document and example"
            raise ValueError(message)
        return self


class Save(Schema):
    """A whole case to be saved."""

    base: int = Field(ge=1, description="The revision it was made from.")
    document: dict[str, Any]


class Part(Schema):
    """A part of a case."""

    revision: int
    value: dict[str, Any] | list[Any] | None = Field(description="Null where nothing stands there.")


class SavePart(Schema):
    """A part of a case to be saved; null takes it away."""

    base: int = Field(ge=1, description="The revision it was made from; others may have saved since.")
    value: dict[str, Any] | list[Any] | None


class Both(Schema):
    """What two people changed at once: where, and what each wrote."""

    path: str
    theirs: str
    yours: str


class Meet(Refused):
    """Why a part was not saved; nothing of yours or theirs is lost."""

    both_changed: list[Both] = []


class StandingRow(Schema):
    """How a page of the guided path stands."""

    step: str
    path: str
    asks: str
    state: str
    entries: int
    adds: list[str] = Field(description="What filling it would add.")


class Try(Schema):
    """A formula to try: whole weights from 0 to 100, the least each partner pays a year, years to move over."""

    weights: dict[str, int] = Field({}, description="By measure; ``equal`` for equal parts.")
    floors: dict[str, int] = Field({}, description="By partner.")
    years: int = 0


class Tried(Schema):
    """What follows from a formula that nobody saved."""

    found: dict[str, Any]
    sentences: list[str] = Field(description="Who could do better without the others, with the amount.")


@router.get("/cases", response={200: list[CaseRow], **REFUSALS})
def list_cases(request: HttpRequest) -> Any:
    """List the cases this token may see."""
    demand(request, "read")
    return [_row(c) for c in policies.cases_of(request.auth.person)]


@router.post("/cases", response={201: CaseRow, **CHANGED})
def start_case(request: HttpRequest, body: NewCase) -> Any:
    """Start a case: from nothing, from a file, from a document or from an example."""
    demand(request, "write")
    home = home_of(request, body.organisation)
    made = actions.start_case(
        case=_begun(body), organisation=home, by=request.auth.person, about="Started by a program"
    )  # fmt: skip
    return Status(201, _row(made))


def _begun(body: NewCase) -> Case:
    if body.file is not None:
        return uploads.parsed(body.file.name, content_of(body.file), read_case)
    if body.document is not None:
        return examples.checked(body.document, "the case")
    if body.nothing is None:
        return examples.case(body.example or "")
    today = dt.datetime.now(tz=dt.UTC).date()
    least = body.nothing.dict() | {"partners": "\n".join(body.nothing.partners)}
    return examples.from_nothing(**least, as_of=today)


@router.get("/cases/{uuid:case}", response={200: CaseWhole, **REFUSALS})
def get_case(request: HttpRequest, case: UUID) -> Any:
    """Give a case, as far as this token may see."""
    access = allowed(request, case, scope="read", power="see")
    return _row(access.case) | {"document": audiences.hide(access.case.head.data, access)}


@router.put("/cases/{uuid:case}", response={200: RevisionRow, 409: Refused, **CHANGED})
def put_case(request: HttpRequest, case: UUID, body: Save) -> Any:
    """Save a whole case as a new revision; refused where somebody saved since ``base``."""
    access = allowed(request, case, scope="write", power="edit")
    if body.base != access.case.latest:
        return Status(
            409, {"detail": f"The case is at revision {access.case.latest}, not {body.base}. Get it again."}
        )
    held = access.case.head.data
    _demand_markers(body.document, audiences.hide(held, access))
    return _saved(access, audiences.put_back(body.document, held, access), "By a program")


@router.delete("/cases/{uuid:case}", response={204: None, 409: Refused, **REFUSALS})
def delete_case(request: HttpRequest, case: UUID, title: str) -> Any:
    """Delete a case with all its revisions, for good; its title says that you mean it."""
    access = allowed(request, case, scope="write", power="manage")
    if title.strip() != access.case.title.strip():
        return Status(409, {"detail": "Nothing was deleted: the title is another."})
    actions.delete_case(record=access.case, by=access.person)
    return Status(204, None)


@router.get("/cases/{uuid:case}/standing", response={200: list[StandingRow], **REFUSALS})
def get_standing(request: HttpRequest, case: UUID) -> Any:
    """Say how far a case is on the guided path, and what is missing; nothing of it blocks anything."""
    access = allowed(request, case, scope="read", power="see")
    return [
        {"step": step.title, "path": r.page.path, "asks": r.page.asks, "state": r.state, "entries": r.entries, "adds": list(r.adds)}
        for step, _, rows in kinds.steps(access)
        for r in rows
    ]  # fmt: skip


@router.get("/cases/{uuid:case}/parts/{path:part}", response={200: Part, **REFUSALS})
def get_part(request: HttpRequest, case: UUID, part: str) -> Any:
    """Give a part of a case by its place, such as ``options/0/lines``."""
    access = allowed(request, case, scope="read", power="see")
    seen = audiences.hide(access.case.head.data, access)
    return {"revision": access.case.latest, "value": _place(part, seen).get(seen)}


@router.put("/cases/{uuid:case}/parts/{path:part}", response={200: RevisionRow, 409: Meet, **CHANGED})
def put_part(request: HttpRequest, case: UUID, part: str, body: SavePart) -> Any:
    """Save a part of a case; brought together with what others saved since ``base``, refused where both changed the same."""
    access = allowed(request, case, scope="write", power="edit")
    base = access.case.revisions.filter(number=body.base).first()
    if base is None:
        raise HttpError(404, f"There is no revision {body.base}.")
    seen = audiences.hide(base.data, access)
    place = _place(part, seen)
    kind = list if place.shape.kind == "rows" else dict
    if body.value is not None and not isinstance(body.value, kind):
        raise InputError(Problem(place.pointer, place.pointer, "another form of value", "a list" if kind is list else "fields with their values", "Get the part, and send it in the same form."))  # fmt: skip
    entered = place.with_value(seen, body.value)
    _demand_markers(entered, seen)
    document = audiences.put_back(entered, base.data, access)
    if body.base != access.case.latest:
        sides = (base.data, access.case.head.data, document)
        merged, changes = merge(*(audiences.hide(side, access) for side in sides))
        if changes:
            told = [{"path": c.pointer, "theirs": c.theirs, "yours": c.mine} for c in changes]
            return Status(409, {"detail": f"Revision {access.case.latest} changed the same.", "both_changed": told})  # fmt: skip
        document = audiences.put_back(merged, access.case.head.data, access)
    return _saved(access, document, f"{part}, by a program")


@router.post("/cases/{uuid:case}/laboratory", response={200: Tried, 409: Refused, **REFUSALS})
def try_formula(request: HttpRequest, case: UUID, body: Try) -> Any:
    """Work out who would pay what by a formula that nobody saved, as the laboratory of shares does."""
    access = allowed(request, case, scope="read", power="see")
    data = access.case.head.data
    if audiences.hide(data, access) != data:
        # What each would pay alone can be worked back to its figures.
        raise HttpError(403, "The case holds figures that are kept from this token’s person.")
    said = {f"w_{k}": str(v) for k, v in body.weights.items()}
    said |= {f"floor_{k}": str(v) for k, v in body.floors.items()} | {"years": str(body.years)}
    tried = trial.attempt(access.case.head.read, said)
    if tried.found is None:
        return Status(409, {"detail": tried.problem})
    return {"found": dict(tried.found), "sentences": tried.sentences}


def _place(path: str, seen: Any) -> Place:
    """Return the place of a part that is there, or could be put there, and is not kept from the reader."""
    shape = at(path, Case)
    place = Place(path, shape, ()) if shape else None
    if place is None or shape is None or shape.kind not in {"part", "rows", "either", "table"} or not place.steps or not place.is_reached(seen) or place.is_kept(seen):  # fmt: skip
        raise HttpError(404, "A case has no such part.")
    return place


def _demand_markers(document: Any, seen: Any) -> None:
    """Refuse a document in which a marker is missing or doubled."""
    if sorted(map(str, audiences.markers(document))) != sorted(map(str, audiences.markers(seen))):
        raise HttpError(409, "An entry that is not for you is missing or doubled. Send each marker back once.")  # fmt: skip


def _saved(access: Access, document: Any, about: str) -> Any:
    try:
        made = examples.checked(document, "the case")
    except InputError as error:
        raise InputError(audiences.unquoted(error.problems, document, access)) from None
    audiences.demand_kept(access.case.head.data, as_values(made.canonical_json()), access)
    return add_revision(access, made, about)


def add_revision(access: Access, made: Case, about: str) -> Any:
    """Save on top of the revision that was looked at."""
    try:
        revision: Revision = actions.save_case(
            record=access.case, case=made, base=access.case.latest, by=access.person, about=about
        )
    except actions.Overtaken:
        raise HttpError(409, "Somebody saved at the same moment. Get it again.") from None
    return revision_row(revision, access)


def _row(case: CaseRecord) -> dict[str, Any]:
    return {"id": case.pk, "title": case.title, "organisation": case.organisation.name, "revision": case.latest}  # fmt: skip
