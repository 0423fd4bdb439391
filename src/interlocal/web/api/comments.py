"""Comments, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.web import policies, talk
from interlocal.web.actions import comments
from interlocal.web.api.answers import CHANGED, REFUSALS
from interlocal.web.api.tokens import allowed, need
from interlocal.web.models import Comment
from interlocal.web.places import Places

router = Router()


class Said(Schema):
    """A comment; ``text`` is empty where it was withdrawn."""

    id: UUID
    by: str | None
    at: dt.datetime
    text: str
    edited_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


class Talk(Said):
    """A thread: its first comment, what it is about, and its answers."""

    on: str = Field(description="The item, such as case/options/together, lesson/necessity.equity or study/money.")  # fmt: skip
    name: str
    audience: Literal["partners", "facilitator"]
    resolved_at: dt.datetime | None
    answers: list[Said]


class NewTalk(Schema):
    """A thread to begin."""

    on: str
    text: str
    audience: Literal["partners", "facilitator"] = "partners"


class Text(Schema):
    """What a comment says."""

    text: str


class Settled(Schema):
    """Whether a thread is resolved."""

    resolved: bool


@router.get("/cases/{uuid:case}/comments", response={200: list[Talk], **REFUSALS})
def list_comments(request: HttpRequest, case: UUID, on: str = "") -> Any:
    """List the threads this token's person may read, of one item and what it holds, or of all."""
    access = allowed(request, case, scope="read", power="see")
    return [_talk(t) for t in talk.threads(access, Places(access), on)]


@router.post("/cases/{uuid:case}/comments", response={201: Talk, **CHANGED})
def begin_thread(request: HttpRequest, case: UUID, body: NewTalk) -> Any:
    """Begin a thread on an item."""
    access = allowed(request, case, scope="comment", power="rate")
    made = comments.begin(
        case=access.case, item=Places(access).item(body.on), text=body.text, audience=body.audience, by=access.person
    )  # fmt: skip
    return Status(201, _thread(access, made))


@router.post("/cases/{uuid:case}/comments/{uuid:comment}/answers", response={201: Talk, **CHANGED})
def answer_thread(request: HttpRequest, case: UUID, comment: UUID, body: Text) -> Any:
    """Answer a thread."""
    access, said = _said(request, case, comment)
    thread = said.parent or said
    comments.answer(thread=thread, text=body.text, by=access.person)
    return Status(201, _thread(access, thread))


@router.put("/cases/{uuid:case}/comments/{uuid:comment}", response={200: Talk, **CHANGED})
def edit_comment(request: HttpRequest, case: UUID, comment: UUID, body: Text) -> Any:
    """Write one's own comment anew."""
    access, said = _said(request, case, comment)
    need(yes=talk.may_edit(access, said))
    comments.edit(comment=said, text=body.text, by=access.person)
    return _thread(access, said.parent or said)


@router.delete("/cases/{uuid:case}/comments/{uuid:comment}", response={200: Talk, **REFUSALS})
def withdraw_comment(request: HttpRequest, case: UUID, comment: UUID) -> Any:
    """Withdraw one's own comment, or as the facilitator any; a stub stays."""
    access, said = _said(request, case, comment)
    need(yes=talk.may_withdraw(access, said))
    comments.withdraw(comment=said, by=access.person)
    return _thread(access, said.parent or said)


@router.put("/cases/{uuid:case}/comments/{uuid:comment}/resolved", response={200: Talk, **REFUSALS})
def resolve_thread(request: HttpRequest, case: UUID, comment: UUID, body: Settled) -> Any:
    """Mark a thread as resolved, or open it again."""
    access, said = _said(request, case, comment)
    need(yes=talk.may_resolve(access, said))
    comments.resolve(thread=said, resolved=body.resolved, by=access.person)
    return _thread(access, said)


def _said(request: HttpRequest, case: UUID, pk: UUID) -> tuple[policies.Access, Comment]:
    """Return a comment this token's person may read; one that is kept from them is answered as if it were not there."""
    access = allowed(request, case, scope="comment", power="see")
    found = talk.comment(access, Places(access), pk)
    if found is None:
        raise HttpError(404, "There is no such comment for this token.")
    need(yes=access.may("rate"))
    return access, found


def _thread(access: policies.Access, first: Comment) -> dict[str, Any]:
    return next(_talk(t) for t in talk.threads(access, Places(access), first.place) if t.first.pk == first.pk)


def _talk(thread: talk.Thread) -> dict[str, Any]:
    first = thread.first
    more = {"on": first.place, "name": thread.item.name, "audience": first.audience, "resolved_at": first.resolved_at}  # fmt: skip
    return {**_comment(first), **more, "answers": [_comment(c) for c in thread.answers]}


def _comment(said: Comment) -> dict[str, Any]:
    shown = {k: getattr(said, k) for k in ("at", "text", "edited_at", "withdrawn_at")}
    return {"id": said.pk, "by": str(said.by) if said.by else None, **shown}
