"""Surveys for programs: begin, open a wave, make and send links, see how far it is, close. No answer comes this way.

The same addresses serve a case and an agreement: ``/cases/ID/surveys`` and ``/agreements/ID/surveys``.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.web import policies
from interlocal.web.actions import answers
from interlocal.web.actions import surveys as actions
from interlocal.web.api.agreements import allowed_agreement
from interlocal.web.api.answers import CHANGED, REFUSALS
from interlocal.web.api.tokens import allowed
from interlocal.web.forms import survey as form
from interlocal.web.models import Survey
from interlocal.web.surveyed import surveyed
from interlocal.web.turnout import turnout

router = Router()
Of = Literal["cases", "agreements"]
_ALLOWED = {"cases": allowed, "agreements": allowed_agreement}
Kind = Literal["trust", "readiness", "safety", "pulse"]
Group = Literal["elected", "managers", "staff", "union", "residents", "other"]


class Asked(Schema):
    """A group that is asked, with its links."""

    partner: str
    group: str
    links: int


class Closed(Schema):
    """A wave that was closed, and the revision that holds what may be shown of it."""

    wave: int
    on: dt.date
    revision: int


class SurveyRow(Schema):
    """A survey, as everybody in the case or agreement sees it. What was found stands there, under ``surveys`` or ``life/pulses``."""

    kind: Kind
    statements: list[str]
    smallest_group: int = Field(description="Fewest people behind any figure.")
    wave: int = Field(description="Number of the latest wave; 0 before the first.")
    until: dt.date | None = Field(description="Last day of the wave that runs.")
    takes_answers: bool
    ended: bool
    asked: list[Asked]
    closed: list[Closed]


class NewSurvey(Schema):
    """A survey to begin; its statements stay the same in every wave. All of its kind where none is named. An agreement takes a pulse."""

    kind: Kind
    statements: list[str] = []
    smallest_group: int = 5


class Until(Schema):
    """The last day of a wave."""

    until: dt.date


class Raised(Schema):
    """More people behind any figure."""

    smallest_group: int


class NewLinks(Schema):
    """Links for people of one partner's group."""

    partner: str
    group: Group
    number: int


class Links(Schema):
    """Addresses to hand out, one to each person; they are shown this once."""

    links: list[str]


class Addresses(Schema):
    """To whom to send; the addresses are not kept."""

    addresses: list[str]
    language: Literal["en", "es"] = "en"


class NewMessages(Addresses):
    """Links to send to people of one partner's group."""

    partner: str
    group: Group


class Sent(Schema):
    """Addresses that the mail server did not take."""

    failed: list[str]


class Line(Schema):
    """How far a wave is, for one partner or several together; ``answered`` is empty where it would tell of single people."""

    partners: list[str]
    invited: int
    answered: int | None
    words: str


class Sure(Schema):
    """That answers and links may be destroyed."""

    sure: Literal[True]


@router.get("/{of}/{uuid:record}/surveys", response={200: list[SurveyRow], **REFUSALS})
def list_surveys(request: HttpRequest, of: Of, record: UUID) -> Any:
    """List the surveys of a case or an agreement."""
    access = _ALLOWED[of](request, record, scope="read", power="see")
    return [_row(s) for s in access.case.surveys.all()]


@router.post("/{of}/{uuid:record}/surveys", response={201: SurveyRow, **CHANGED})
def begin_survey(request: HttpRequest, of: Of, record: UUID, body: NewSurvey) -> Any:
    """Begin a survey; there is one of a kind."""
    access = _ALLOWED[of](request, record, scope="survey", power="manage")
    chosen = body.statements or actions.statements_of(body.kind)
    made = actions.start_survey(case=access.case, kind=body.kind, statements=chosen, smallest_group=body.smallest_group, by=access.person)  # fmt: skip
    return Status(201, _row(made))


@router.get("/{of}/{uuid:record}/surveys/{kind}", response={200: SurveyRow, **REFUSALS})
def get_survey(request: HttpRequest, of: Of, record: UUID, kind: str) -> Any:
    """Give a survey."""
    return _row(_held(_ALLOWED[of](request, record, scope="read", power="see"), kind))


@router.put("/{of}/{uuid:record}/surveys/{kind}/wave", response={200: SurveyRow, **CHANGED})
def open_wave(request: HttpRequest, of: Of, record: UUID, kind: str, body: Until) -> Any:
    """Open the next wave, or move the last day of the one that runs."""
    access, held = _run(request, of, record, kind)
    actions.open_wave(survey=held, until=body.until, by=access.person)
    return _row(_held(access, kind))


@router.put("/{of}/{uuid:record}/surveys/{kind}/smallest-group", response={200: SurveyRow, **CHANGED})
def raise_smallest_group(request: HttpRequest, of: Of, record: UUID, kind: str, body: Raised) -> Any:
    """Ask for more people behind every figure; it is never lowered."""
    access, held = _run(request, of, record, kind)
    actions.raise_smallest_group(survey=held, smallest_group=body.smallest_group, by=access.person)
    return _row(_held(access, kind))


@router.post("/{of}/{uuid:record}/surveys/{kind}/links", response={201: Links, **CHANGED})
def make_links(request: HttpRequest, of: Of, record: UUID, kind: str, body: NewLinks) -> Any:
    """Make links; everybody in it sees how many each group has."""
    access, held = _run(request, of, record, kind)
    made = actions.add_links(survey=held, by=access.person, **body.dict())
    return Status(201, {"links": [_link(request, token) for token in made]})


@router.post("/{of}/{uuid:record}/surveys/{kind}/messages", response={200: Sent, **CHANGED})
def send_links(request: HttpRequest, of: Of, record: UUID, kind: str, body: NewMessages) -> Any:
    """Send each address a link of its own, which nobody sees."""
    access, held = _run(request, of, record, kind)

    def say(token: str) -> tuple[str, str]:
        return form.message(held, surveyed(access.case), body.language, "invitation", _link(request, token))

    to = " ".join(body.addresses)
    failed = actions.send_links(survey=held, partner=body.partner, group=body.group, addresses=to, by=access.person, say=say)  # fmt: skip
    return {"failed": failed}


@router.post("/{of}/{uuid:record}/surveys/{kind}/reminders", response={200: Sent, **CHANGED})
def send_reminder(request: HttpRequest, of: Of, record: UUID, kind: str, body: Addresses) -> Any:
    """Send the same reminder to each address, whoever has answered."""
    access, held = _run(request, of, record, kind)
    subject, text = form.message(held, surveyed(access.case), body.language, "reminder")
    send = partial(actions.send_reminder, survey=held, by=access.person, subject=subject, text=text)
    return {"failed": send(addresses=" ".join(body.addresses))}


@router.get("/{of}/{uuid:record}/surveys/{kind}/progress", response={200: list[Line], **REFUSALS})
def get_progress(request: HttpRequest, of: Of, record: UUID, kind: str) -> Any:
    """Say how far the wave is, by partner and without names."""
    _, held = _run(request, of, record, kind)
    return [{"partners": list(t.partners), "invited": t.invited, "answered": t.answered, "words": t.words} for t in turnout(held.used(), held.smallest_group)]  # fmt: skip


@router.post("/{of}/{uuid:record}/surveys/{kind}/close", response={200: Closed, **CHANGED})
def close_wave(request: HttpRequest, of: Of, record: UUID, kind: str) -> Any:
    """Close the wave: what may be shown is frozen into a revision."""
    access, held = _run(request, of, record, kind)
    revision = answers.close_wave(survey=held, by=access.person)
    last = held.closings.get(revision=revision)
    return {"wave": last.wave, "on": last.on, "revision": revision.number}


@router.post("/{of}/{uuid:record}/surveys/{kind}/end", response={200: SurveyRow, **CHANGED})
def end_survey(request: HttpRequest, of: Of, record: UUID, kind: str, body: Sure) -> Any:
    """Destroy every raw answer and link; what was published stays."""
    access, held = _run(request, of, record, kind)
    answers.end_survey(survey=held, by=access.person)
    return _row(_held(access, kind))


def _run(request: HttpRequest, of: Of, record: UUID, kind: str) -> tuple[policies.Access, Survey]:
    access = _ALLOWED[of](request, record, scope="survey", power="manage")
    return access, _held(access, kind)


def _held(access: policies.Access, kind: str) -> Survey:
    found = Survey.objects.filter(case=access.case, kind=kind).first() if kind in Survey.Kind.values else None
    if found is None:
        raise HttpError(404, "There is no such survey.")
    return found


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("answer", args=[token]))


def _row(held: Survey) -> dict[str, Any]:
    shown = {k: getattr(held, k) for k in ("kind", "statements", "smallest_group", "wave", "until", "takes_answers", "ended")}  # fmt: skip
    return {
        **shown,
        "asked": [{"partner": p, "group": g, "links": n} for p, g, n in held.asked()],
        "closed": [{"wave": c.wave, "on": c.on, "revision": c.revision.number} for c in held.closings.select_related("revision")],
    }  # fmt: skip
