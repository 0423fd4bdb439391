"""Statements put to partners: the list, a new one, one's own position, the published result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from interlocal.problems import InputError, Problem
from interlocal.web import audiences, policies
from interlocal.web.actions import positions
from interlocal.web.actions import statements as actions
from interlocal.web.models import Statement
from interlocal.web.models.deciding import Position, today
from interlocal.web.whole import whole

STATES = {
    "planned": "opens later",
    "open": "takes positions",
    "closed": "closed, to be published",
    "published": "published",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed: nobody published it in time",
}

_FIRST = {"open": 0, "closed": 1, "planned": 2}
"""What still goes on comes first in the list."""


@policies.of_case("see")
def statements(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """List the statements, those that can be answered first."""
    found = sorted(access.case.statements.all(), key=lambda s: _FIRST.get(s.state, len(_FIRST)))
    shown = {
        "access": access,
        "case": access.case,
        "at": "deciding",
        "tab": "statements",
        "statements": [(s, STATES[s.state]) for s in found],
        "manages": access.may("manage"),
    }
    return render(request, "web/statements.html", shown)


@policies.of_case("manage")
def new_statement(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Put a statement to partners."""
    if request.method != "POST":
        return _new(request, access)
    partners, options = offered(access)
    given = {p: request.POST.get(f"quorum.{p}", "").strip() for p in partners}
    try:
        made = actions.put(
            case=access.case,
            question=request.POST.get("question", ""),
            option=request.POST.get("option", ""),
            opens_on=day_of(request.POST.get("opens_on", "")),
            closes_on=day_of(request.POST.get("closes_on", "")),
            quorums={p: whole(text, 0) for p, text in given.items() if text},
            options=options,
            by=request.user,
        )
    except InputError as error:
        return _new(request, access, as_sent(request, error.problems))
    return redirect("statement", access.case.pk, made.number)


def _new(request: HttpRequest, access: policies.Access, problems: Sequence[Problem] = ()) -> HttpResponse:
    (partners, options), speak, entry = offered(access), policies.voices(access.case), request.POST
    people = {p: len(speak.get(p, ())) for p in partners}
    # More than half of those who can answer, until somebody looks up the rules.
    usual = {p: n // 2 + 1 if n and not entry else "" for p, n in people.items()}
    rows = [(f"quorum.{p}", name, people[p], entry.get(f"quorum.{p}", usual[p])) for p, name in partners.items()]  # fmt: skip
    shown = {
        "access": access,
        "case": access.case,
        "at": "deciding",
        "tab": "statements",
        "rows": rows,
        "silent": sum(not n for n in people.values()),
        "options": list(options.items()),
        "opens_on": entry.get("opens_on", today().isoformat()),
        "closes_on": entry.get("closes_on", (today() + dt.timedelta(days=14)).isoformat()),
        "entry": entry,
        "problems": problems,
    }
    return render(request, "web/statement_new.html", shown, status=422 if problems else 200)


@policies.of_case("see")
def statement(request: HttpRequest, access: policies.Access, number: int) -> HttpResponse:
    """Show a statement: one's own position while it is open, nobody else's ever, the result once it is published."""
    return _statement(request, access, get_object_or_404(Statement, case=access.case, number=number))


def _statement(request: HttpRequest, access: policies.Access, held: Statement, **more: Any) -> HttpResponse:
    (names, options), speak = offered(access), policies.voices(access.case)
    mine = positions.own(statement=held, person=request.user)
    asked = access.voice in held.quorums
    shown = {
        "access": access,
        "case": access.case,
        "at": "deciding",
        "tab": "statements",
        "statement": held,
        "state": STATES[held.state],
        "option": options.get(held.option, ""),
        "asked": [(names.get(p, p), n, len(speak.get(p, ()))) for p, n in held.quorums.items()],
        "levels": Position.Level.choices,
        "mine": mine,
        "may_take": asked and held.state == "open",
        "why_not": _why_not(access, held),
        "partner": names.get(access.voice or "", access.voice),
        "alone": asked and len(speak.get(access.voice or "", ())) == 1,
        "most": positions.LONGEST,
        "result": [(r, [(positions.SAYS[x["level"]], x["reason"]) for x in r["reasons"]]) for r in held.result],
        "manages": access.may("manage"),
        "entry": request.POST or (vars(mine) if mine else {}),
        **more,
    }  # fmt: skip
    if access.audience == "facilitator" and held.state in {"open", "closed"}:
        left = positions.waiting(statement=held, voices=speak)
        shown["waiting"] = [(names.get(p, p), n, of) for p, (n, of) in left.items()]
    return render(request, "web/statement.html", shown, status=422 if more.get("problems") else 200)


def _why_not(access: policies.Access, held: Statement) -> str:
    """Say why a person takes no position; empty where they do."""
    if len(access.speaks_for) > 1:
        return "You work for several partners of this case, and a position is taken for exactly one. Ask an owner to end one of your memberships."
    if access.partners and not access.speaks_for:
        return "You read for your organisation. An owner of it can give you the role of a rater, who takes positions."  # fmt: skip
    if access.voice is None:
        return "You take no position here: your organisation stands for no partner of the case."
    if access.voice not in held.quorums:
        return "This statement is not put to the partner you work for."
    return ""


Do = Callable[[HttpRequest, policies.Access, Statement], str]
"""Does what a form asks, and returns what to say of it."""


def _form(power: policies.Power, do: Do) -> policies.View:
    """Make a view of what a form of the statement's page does; an error keeps the entry on the page."""

    @require_POST
    @policies.of_case(power)
    def view(request: HttpRequest, access: policies.Access, number: int) -> HttpResponse:
        held = get_object_or_404(Statement, case=access.case, number=number)
        try:
            messages.success(request, do(request, access, held))
        except InputError as error:
            held.refresh_from_db()
            return _statement(request, access, held, problems=as_sent(request, error.problems))
        return redirect("statement", access.case.pk, number)

    return view


def _take(request: HttpRequest, access: policies.Access, held: Statement) -> str:
    if access.voice not in held.quorums:
        raise PermissionDenied
    positions.take(
        statement=held,
        person=request.user,
        partner=access.voice,
        level=request.POST.get("level", ""),
        reason=request.POST.get("reason", ""),
        on_record=request.POST.get("on_record") == "on",
    )
    return f"Your position is kept. You can change it until {held.closes_on}."


def _move(request: HttpRequest, access: policies.Access, held: Statement) -> str:
    day = day_of(request.POST.get("closes_on", ""))
    actions.move_last_day(statement=held, closes_on=day, by=request.user)
    return f"Positions are taken until {day}."


def _withdraw(request: HttpRequest, access: policies.Access, held: Statement) -> str:
    actions.withdraw(statement=held, because=request.POST.get("because", ""), by=request.user)
    return "The statement is withdrawn. The decision log says so."


def _publish(request: HttpRequest, access: policies.Access, held: Statement) -> str:
    revision = positions.publish(statement=held, by=request.user)
    said = f" Revision {revision.number} of the case holds the consent." if revision else ""
    return f"The result is published, and in the decision log.{said}"


take, move_last_day = _form("rate", _take), _form("manage", _move)
withdraw, publish = _form("manage", _withdraw), _form("manage", _publish)


def offered(access: policies.Access) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of partners and options by id, as far as this person may see them."""
    seen = audiences.without_hidden(access.case.head.data, access)
    partners, options = ({x["id"]: x["name"] for x in seen.get(k, [])} for k in ("partners", "options"))
    return partners, options


def day_of(given: str) -> dt.date | None:
    """Return the day that a text says, or None."""
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        return None


def as_sent(request: HttpRequest, problems: Iterable[Problem]) -> list[Problem]:
    """Return problems that quote a day or a number as it was written; what is none comes to the actions as nothing."""
    quoted = ("opens_on", "closes_on", "on", *(k for k in request.POST if k.startswith("quorum.")))
    return [replace(p, found=request.POST.get(p.path, "")[:40] or p.found) if p.path in quoted else p for p in problems]  # fmt: skip
