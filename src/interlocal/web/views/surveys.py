"""Surveys as the people of a case or an agreement see them: who takes part reads, who manages it runs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from interlocal.consensus.statements import Statement, statements
from interlocal.consensus.suppression import THRESHOLD
from interlocal.problems import InputError, Problem
from interlocal.web import kinds, policies
from interlocal.web.actions import answers
from interlocal.web.actions import surveys as actions
from interlocal.web.forms import survey as form
from interlocal.web.models import Survey
from interlocal.web.surveyed import surveyed
from interlocal.web.turnout import turnout
from interlocal.web.whole import whole

Do = Callable[[HttpRequest, policies.Access, Survey], dict[str, object] | None]
"""Does what a form asks; returns what to show on the page, or None for nothing but the page itself."""


@policies.of_document("see")
def surveys(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """List the surveys of a case or an agreement; who manages it begins one."""
    if request.method != "POST":
        return _surveys(request, access)
    if not access.may("manage"):
        return render(request, "web/403.html", status=403)
    try:
        made = actions.start_survey(
            case=access.case,
            kind=request.POST.get("kind", ""),
            statements=request.POST.getlist("statements"),
            smallest_group=_number(request, "smallest_group"),
            by=request.user,
        )
    except InputError as error:
        return _surveys(request, access, problems=_as_sent(request, error.problems))
    return redirect(kinds.address(access.case, "survey", made.kind))


def _surveys(request: HttpRequest, access: policies.Access, problems: Sequence[Problem] = ()) -> HttpResponse:
    existing = list(access.case.surveys.prefetch_related("closings"))
    taken, open_ = {s.kind for s in existing}, surveyed(access.case).kinds
    free = [(k, t) for k, t in Survey.Kind.choices if k in open_ and k not in taken]
    chosen = request.POST.getlist("statements")
    known = statements()
    shown = {
        "access": access,
        "case": access.case,
        "at": "surveys",
        "surveys": existing,
        "kinds": free,
        "offers": [
            (t, [(s, _general(known[s]), s in chosen or not request.POST) for s in actions.statements_of(k)])
            for k, t in free
        ],
        "entry": request.POST,
        "smallest": request.POST.get("smallest_group", THRESHOLD),
        "problems": problems,
        "manages": access.may("manage"),
    }
    return render(request, "web/surveys.html", shown, status=422 if problems else 200)


def _general(statement: Statement) -> str:
    """Return a statement as it stands for every partner that is rated."""
    return statement.text.replace("{partner}", "another partner")


@policies.of_document("see")
def survey(request: HttpRequest, access: policies.Access, kind: str) -> HttpResponse:
    """Show a survey: what it asks, how answers are protected, what was found; to who manages it also how far it is."""
    return _survey(request, access, get_object_or_404(Survey, case=access.case, kind=kind))


def _survey(request: HttpRequest, access: policies.Access, held: Survey, **more: object) -> HttpResponse:
    of, now, known = surveyed(access.case), timezone.now().date(), statements()
    shown = {
        "access": access,
        "case": access.case,
        "at": "surveys",
        "survey": held,
        "asks": [_general(known[s]) for s in held.statements if s in known],
        "cells": list(_asked(held, of.names)),
        "closings": held.closings.select_related("revision"),
        "passed_over": of.as_of < max((c.on for c in held.closings.all()), default=of.as_of),
        "manages": access.may("manage"),
        "entry": request.POST,
        **more,
    }
    if access.may("manage"):
        shown |= {
            "lines": [([of.names.get(p, p) for p in t.partners], t) for t in turnout(held.used(), held.smallest_group)],
            "made": held.links.count(),
            "partners": list(of.partners.items()),
            "groups": Survey.Group.choices,
            "languages": [(code, w["name"]) for code, w in form.words().items()],
            "can_send": settings.ENVIRONMENT.email is not None,
            "reminders": [(w["name"], form.message(held, of, code, "reminder")) for code, w in form.words().items()],
            "until": request.POST.get("until") or held.until or now + dt.timedelta(days=14),
        }  # fmt: skip
    return render(request, "web/survey.html", shown, status=422 if more.get("problems") else 200)


def _asked(held: Survey, names: Mapping[str, str]) -> Iterator[tuple[str, str, int, bool]]:
    """Yield each group that was asked, by partner, with its links and whether it is too small to stand alone."""
    for partner, group, n in held.asked():
        yield names.get(partner, partner), str(Survey.Group(group).label), n, n < held.smallest_group


def _managed(do: Do) -> policies.View:
    """Make a view of what a form of the survey's page does; an error keeps the entry on the page."""

    @require_POST
    @policies.of_document("manage")
    def view(request: HttpRequest, access: policies.Access, kind: str) -> HttpResponse:
        held = get_object_or_404(Survey, case=access.case, kind=kind)
        try:
            result = do(request, access, held)
        except InputError as error:
            held.refresh_from_db()
            return _survey(request, access, held, problems=_as_sent(request, error.problems))
        if result is None:
            return redirect(kinds.address(access.case, "survey", kind))
        return _survey(request, access, held, **result)

    return view


def _open(request: HttpRequest, access: policies.Access, held: Survey) -> None:
    given = request.POST.get("until", "")
    try:
        until = dt.date.fromisoformat(given)
    except ValueError:
        raise InputError(Problem("until", "Last day", given[:40] or "nothing", "a day such as 2027-03-31", "Choose a day.")) from None  # fmt: skip
    actions.open_wave(survey=held, until=until, by=request.user)


def _raise(request: HttpRequest, access: policies.Access, held: Survey) -> None:
    actions.raise_smallest_group(survey=held, smallest_group=_number(request, "smallest_group"), by=request.user)  # fmt: skip


def _links(request: HttpRequest, access: policies.Access, held: Survey) -> dict[str, object]:
    tokens = actions.add_links(
        survey=held,
        partner=request.POST.get("partner", ""),
        group=request.POST.get("group", ""),
        number=_number(request, "number"),
        by=request.user,
    )
    return {"links": [_link(request, token) for token in tokens], "entry": {}}


def _send(request: HttpRequest, access: policies.Access, held: Survey) -> dict[str, object] | None:
    of, language = surveyed(access.case), _language(request)
    failed = actions.send_links(
        survey=held,
        partner=request.POST.get("partner", ""),
        group=request.POST.get("group", ""),
        addresses=request.POST.get("addresses", ""),
        by=request.user,
        say=lambda token: form.message(held, of, language, "invitation", _link(request, token)),
    )
    return _sent(request, failed)


def _remind(request: HttpRequest, access: policies.Access, held: Survey) -> dict[str, object] | None:
    subject, text = form.message(held, surveyed(access.case), _language(request), "reminder")
    addresses = request.POST.get("reminded", "")
    failed = actions.send_reminder(survey=held, addresses=addresses, by=request.user, subject=subject, text=text)  # fmt: skip
    return _sent(request, failed)


def _sent(request: HttpRequest, failed: list[str]) -> dict[str, object] | None:
    if failed:
        return {"problems": [Problem("", address, "an address the mail server did not take", "a message on its way", "Check it, and send to it once more; the others are sent.") for address in failed]}  # fmt: skip
    messages.success(request, "Sent. The addresses are not kept.")
    return None


def _close(request: HttpRequest, access: policies.Access, held: Survey) -> None:
    revision = answers.close_wave(survey=held, by=request.user)
    messages.success(request, f"The wave is closed. Revision {revision.number} of the {access.case.kind} holds what may be shown.")  # fmt: skip


def _end(request: HttpRequest, access: policies.Access, held: Survey) -> None:
    if request.POST.get("sure") != "on":
        raise InputError(Problem("sure", "End the survey", "no tick", "a tick", "Tick the box: this cannot be taken back."))  # fmt: skip
    answers.end_survey(survey=held, by=request.user)
    messages.success(request, "The survey has ended. Its answers and links are destroyed.")


open_wave, raise_smallest_group = _managed(_open), _managed(_raise)
add_links, send_links, remind = _managed(_links), _managed(_send), _managed(_remind)
close_wave, end = _managed(_close), _managed(_end)


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("answer", args=[token]))


def _language(request: HttpRequest) -> str:
    given = request.POST.get("language", "en")
    return given if given in form.words() else "en"


def _as_sent(request: HttpRequest, problems: Iterable[Problem]) -> list[Problem]:
    """Return problems that quote a number as it was written; what is no number comes to the actions as 0."""
    written = {k: request.POST.get(k, "")[:40] or "nothing" for k in ("number", "smallest_group")}
    return [replace(p, found=written.get(p.path, p.found)) for p in problems]


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.POST.get(name), 0)
