"""The life of an agreement for programs: rhythm, relationship and victories, and the small steps people do there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from interlocal.problems import InputError
from interlocal.web import audiences, moves, running
from interlocal.web.actions.moves import make_move
from interlocal.web.api.agreements import AgreementSaved, allowed_agreement
from interlocal.web.api.answers import CHANGED, REFUSALS

router = Router()
_PARTS = ("as_of", "rhythm", "relationship", "victories", "saved")


class LifeToday(Schema):
    """How the partnership stands today, as the command line says it."""

    as_of: str
    rhythm: dict[str, Any]
    signs: list[dict[str, Any]] = Field(description="Early signs of drift, each with its evidence.")
    relationship: dict[str, Any]
    victories: list[dict[str, Any]]
    saved: str | None


class Taken(Schema):
    """What a step enters: fields of one entry of the agreement, as its document has them."""

    entry: str = Field("", description="Id of the entry it changes, or the planned day of a check-in.")
    values: dict[str, Any]


@router.get("/agreements/{uuid:agreement}/life", response={200: LifeToday, **REFUSALS})
def get_life(request: HttpRequest, agreement: UUID) -> Any:
    """Give check-ins, overdue actions, signs of drift, the relationship and victories."""
    access = allowed_agreement(request, agreement, scope="read", power="see")
    said = running.overview(access.case, access.audience).document()
    return {k: said[k] for k in (*_PARTS, "signs")}


@router.post("/agreements/{uuid:agreement}/steps/{step}", response={200: AgreementSaved, **CHANGED})
def take_step(request: HttpRequest, agreement: UUID, step: str, body: Taken) -> Any:
    """Make a step, such as ``check-in``, ``done`` or ``told``, on top of the latest revision."""
    access = allowed_agreement(request, agreement, scope="write", power="edit")
    move = moves.MOVES.get(step)
    seen = audiences.hide(access.case.head.data, access)
    if (
        move is None
        or move.changes != bool(body.entry)
        or (move.changes and not moves.found(move, seen, body.entry))
    ):
        raise HttpError(404, "There is no such step, or no such entry for it.")
    document, _ = moves.applied(move, access.case.head.data, body.entry, body.values)
    try:
        revision = make_move(
            record=access.case, move=move, key=body.entry, values=body.values, by=access.person
        )
    except InputError as error:
        raise InputError(audiences.unquoted(error.problems, document, access)) from None
    return {"revision": revision.number}
