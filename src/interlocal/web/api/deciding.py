"""Deciding together, for programs: statements and their results, one's own position, the decision log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.web import audiences, policies
from interlocal.web.actions import decisions, positions, statements
from interlocal.web.api.answers import CHANGED, REFUSALS
from interlocal.web.api.tokens import allowed, need
from interlocal.web.models import Decision, Statement

router = Router()


class Reason(Schema):
    """A reason on record, with the position of who gave it."""

    level: Literal["endorse", "live_with", "block"]
    reason: str


class OfPartner(Schema):
    """The published result of one partner; without a quorum it has no level."""

    partner: str
    name: str
    quorum: int
    answered: int
    quorum_met: bool
    level: Literal["endorse", "live_with", "block"] | None
    reasons: list[Reason]


class Asked(Schema):
    """A partner that is asked."""

    partner: str
    quorum: int
    people: int = Field(description="How many can answer for it.")
    yet_to_answer: int | None = Field(description="For the facilitator alone, until the result is published.")


class StatementRow(Schema):
    """A statement; ``result`` is empty until it is published."""

    number: int
    question: str
    option: str | None
    opens_on: dt.date
    closes_on: dt.date
    state: Literal["planned", "open", "closed", "published", "withdrawn", "lapsed"]
    ended_on: dt.date | None
    because: str | None
    revision: int | None
    asked: list[Asked]
    result: list[OfPartner]


class NewStatement(Schema):
    """A statement to put to the partners that have a quorum."""

    question: str
    option: str = ""
    opens_on: dt.date
    closes_on: dt.date
    quorums: dict[str, int]


class LastDay(Schema):
    """A later last day."""

    closes_on: dt.date


class Because(Schema):
    """Why a statement is withdrawn."""

    because: str


class OwnPosition(Schema):
    """One's own position. ``on_record`` publishes the reason with the result, without a name."""

    level: Literal["endorse", "live_with", "block"]
    reason: str = ""
    on_record: bool = False


class DecisionRow(Schema):
    """An entry of the decision log."""

    number: int
    on: dt.date
    what: str
    ground: str
    kind: Literal["hand", "result", "withdrawn", "lapsed"]
    by: str | None
    at: dt.datetime
    statement: int | None
    revision: int | None
    corrects: int | None


class NewDecision(Schema):
    """A decision to record; it may correct an earlier entry."""

    on: dt.date
    what: str
    ground: str
    corrects: int | None = None


@router.get("/cases/{uuid:case}/statements", response={200: list[StatementRow], **REFUSALS})
def list_statements(request: HttpRequest, case: UUID) -> Any:
    """List the statements, the newest first, with the results of those that are published."""
    access = allowed(request, case, scope="read", power="see")
    return _statements(access, access.case.statements.select_related("revision"))


@router.post("/cases/{uuid:case}/statements", response={201: StatementRow, **CHANGED})
def put_statement(request: HttpRequest, case: UUID, body: NewStatement) -> Any:
    """Put a statement to partners."""
    access = allowed(request, case, scope="decide", power="manage")
    made = statements.put(case=access.case, by=access.person, options=_options(access), **body.dict())
    return Status(201, _statements(access, [made])[0])


@router.get("/cases/{uuid:case}/statements/{number}", response={200: StatementRow, **REFUSALS})
def get_statement(request: HttpRequest, case: UUID, number: int) -> Any:
    """Give a statement, with its result once it is published."""
    access = allowed(request, case, scope="read", power="see")
    return _statements(access, [_held(access, number)])[0]


@router.put("/cases/{uuid:case}/statements/{number}/last-day", response={200: StatementRow, **CHANGED})
def move_last_day(request: HttpRequest, case: UUID, number: int, body: LastDay) -> Any:
    """Give people longer; the last day is never brought forward."""
    access = allowed(request, case, scope="decide", power="manage")
    statements.move_last_day(statement=_held(access, number), closes_on=body.closes_on, by=access.person)
    return _statements(access, [_held(access, number)])[0]


@router.post("/cases/{uuid:case}/statements/{number}/withdrawal", response={200: StatementRow, **CHANGED})
def withdraw_statement(request: HttpRequest, case: UUID, number: int, body: Because) -> Any:
    """Withdraw a statement; the ground goes into the log."""
    access = allowed(request, case, scope="decide", power="manage")
    statements.withdraw(statement=_held(access, number), because=body.because, by=access.person)
    return _statements(access, [_held(access, number)])[0]


@router.post("/cases/{uuid:case}/statements/{number}/result", response={200: StatementRow, **CHANGED})
def publish_result(request: HttpRequest, case: UUID, number: int) -> Any:
    """Publish the result, after the last day."""
    access = allowed(request, case, scope="decide", power="manage")
    positions.publish(statement=_held(access, number), by=access.person)
    return _statements(access, [_held(access, number)])[0]


@router.get("/cases/{uuid:case}/statements/{number}/position", response={200: OwnPosition, **REFUSALS})
def own_position(request: HttpRequest, case: UUID, number: int) -> Any:
    """Give the position of this token's own person; there is no way to ask for another's."""
    access = allowed(request, case, scope="decide", power="see")
    found = positions.own(statement=_held(access, number), person=access.person)
    return found or Status(404, {"detail": "You have taken no position."})


@router.put("/cases/{uuid:case}/statements/{number}/position", response={204: None, **CHANGED})
def take_position(request: HttpRequest, case: UUID, number: int, body: OwnPosition) -> Any:
    """Take a position, or change it, for the one partner this token's person speaks for."""
    access = allowed(request, case, scope="decide", power="rate")
    held = _held(access, number)
    need(yes=access.voice in held.quorums)
    positions.take(statement=held, person=access.person, partner=access.voice, **body.dict())
    return Status(204, None)


@router.get("/cases/{uuid:case}/decisions", response={200: list[DecisionRow], **REFUSALS})
def list_decisions(request: HttpRequest, case: UUID) -> Any:
    """List the decision log, the latest first."""
    access = allowed(request, case, scope="read", power="see")
    found = access.case.decisions.select_related("by", "statement", "revision", "corrects")
    return [_decision(d) for d in found]


@router.post("/cases/{uuid:case}/decisions", response={201: DecisionRow, **CHANGED})
def record_decision(request: HttpRequest, case: UUID, body: NewDecision) -> Any:
    """Record a decision by hand."""
    access = allowed(request, case, scope="decide", power="edit")
    made = decisions.record(case=access.case, by=access.person, **body.dict())
    return Status(201, _decision(made))


def _held(access: policies.Access, number: int) -> Statement:
    found = Statement.objects.select_related("revision").filter(case=access.case, number=number).first() if _small(number) else None  # fmt: skip
    if found is None:
        raise HttpError(404, "There is no such statement.")
    return found


def _small(number: int) -> bool:
    """Whether a number fits into a column of the database."""
    return 0 < number < 2**31


def _statements(access: policies.Access, found: Iterable[Statement]) -> list[dict[str, Any]]:
    speak, options = policies.voices(access.case), _options(access)
    return [_statement(access, s, speak, options) for s in found]


def _options(access: policies.Access) -> list[str]:
    """Return the options that this token's person may see."""
    seen = audiences.without_hidden(access.case.head.data, access)
    return [option["id"] for option in seen["options"]]


def _statement(
    access: policies.Access, held: Statement, speak: dict[str, frozenset[int]], options: list[str]
) -> dict[str, Any]:
    left = {}
    if access.audience == "facilitator" and held.state in {"open", "closed"}:
        left = positions.waiting(statement=held, voices=speak)
    shown = {k: getattr(held, k) for k in ("number", "question", "opens_on", "closes_on", "state", "ended_on", "result")}  # fmt: skip
    return {
        **shown,
        "option": held.option if held.option in options else None,
        "because": held.because or None,
        "revision": held.revision.number if held.revision else None,
        "asked": [
            {"partner": p, "quorum": n, "people": len(speak.get(p, ())), "yet_to_answer": left[p][0] if p in left else None}
            for p, n in held.quorums.items()
        ],
    }  # fmt: skip


def _decision(made: Decision) -> dict[str, Any]:
    shown = {k: getattr(made, k) for k in ("number", "on", "what", "ground", "kind", "at")}
    links = {k: getattr(made, k).number if getattr(made, k) else None for k in ("statement", "revision", "corrects")}  # fmt: skip
    return {**shown, **links, "by": str(made.by) if made.by else None}
