"""Residents' comments as the people of a case see them: who manages it decides, who speaks for a partner answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from interlocal.problems import InputError, Problem
from interlocal.report import public_words
from interlocal.report.language import NAMES
from interlocal.web import policies
from interlocal.web.actions import residents as actions
from interlocal.web.exports import as_csv
from interlocal.web.models import Answer, ModerationEvent, ResidentComment

PAGE = 25


@policies.of_case("edit")
def residents(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """List the comments in a state, those that wait first."""
    return _page(request, access, request.GET.get("state", ""))


def _page(request: HttpRequest, access: policies.Access, state: str, problems: Sequence[Problem] = ()) -> HttpResponse:  # fmt: skip
    every = ResidentComment.objects.filter(publication__case=access.case)
    counts = Counter(every.values_list("state", flat=True))
    state = state if state in ResidentComment.State.values else "waiting"
    found = every.filter(state=state).order_by("number" if state == "waiting" else "-number")
    found = found.prefetch_related("answers__by", "events__by").select_related("publication")
    shown = {
        "access": access,
        "case": access.case,
        "at": "public",
        "state": state,
        "states": [(k, t, counts[k]) for k, t in ResidentComment.State.choices],
        "comments": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "rules": [(k, *said) for k, said in public_words.rules().items()],
        "languages": NAMES,
        "names": {k: said[0] for k, said in public_words.rules().items()},
        "speaker": policies.speaker(access),
        "manages": access.may("manage"),
        "problems": problems,
        "entry": request.POST,
        "most": public_words.LONGEST,
    }
    return render(request, "web/residents.html", shown, status=422 if problems else 200)


@require_POST
@policies.of_case("manage")
def decide(request: HttpRequest, access: policies.Access, number: int) -> HttpResponse:
    """Show a comment, or do not, or let it wait again."""
    held = _comment(access, number)
    try:
        actions.decide(
            comment=held,
            seen=request.POST.get("seen", ""),
            state=request.POST.get("state", ""),
            rule=request.POST.get("rule", ""),
            why=request.POST.get("why", ""),
            by=request.user,
        )
    except InputError as error:
        held.refresh_from_db()
        return _page(request, access, held.state, error.problems)
    return _to(access, request.POST.get("seen", ""))


@require_POST
@policies.of_case("edit")
def answer(request: HttpRequest, access: policies.Access, number: int) -> HttpResponse:
    """Answer a comment in the name of a government, or as the facilitator."""
    held, speaker = _comment(access, number), policies.speaker(access)
    if speaker is None:
        raise PermissionDenied
    try:
        actions.answer(comment=held, text=request.POST.get("text", ""), speaker=speaker, by=request.user)
    except InputError as error:
        return _page(request, access, held.state, error.problems)
    return _to(access, "shown", number)


@require_POST
@policies.of_case("edit")
def take_back(request: HttpRequest, access: policies.Access, answer: int) -> HttpResponse:
    """Take an answer back: its author, or who manages the case."""
    held = get_object_or_404(Answer, pk=answer, comment__publication__case=access.case)
    if not policies.may_take_back(access, held):
        raise PermissionDenied
    try:
        actions.take_back(answer=held, why=request.POST.get("why", ""), by=request.user)
    except InputError as error:
        return _page(request, access, held.comment.state, error.problems)
    return _to(access, "shown", held.comment.number)


@policies.of_case("manage")
def log(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Give every decision about comments as a table: who, when, what, by which rule, why."""
    events = ModerationEvent.objects.filter(comment__publication__case=access.case)
    rows = (
        [e.at.isoformat(), e.by or "", e.comment.number, e.comment.on.isoformat(), e.did, e.rule, e.why]
        for e in events.select_related("by", "comment")
    )
    return as_csv("comments.csv", ["at", "by", "comment", "comment_on", "did", "rule", "why"], rows)


def _comment(access: policies.Access, number: int) -> ResidentComment:
    return get_object_or_404(ResidentComment, publication__case=access.case, number=number)


def _to(access: policies.Access, state: str, number: int | None = None) -> HttpResponse:
    place = f"#comment-{number}" if number else ""
    return redirect(f"{reverse('residents', args=[access.case.pk])}?state={state}{place}")
