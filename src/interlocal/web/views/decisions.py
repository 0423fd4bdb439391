"""The decision log: what was decided, when, by whom recorded, on which ground."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from interlocal.problems import InputError, Problem
from interlocal.web import policies
from interlocal.web.actions import decisions as actions
from interlocal.web.exports import as_csv
from interlocal.web.models.deciding import today
from interlocal.web.views.deciding import as_sent, day_of
from interlocal.web.whole import whole


@policies.of_case("see")
def decisions(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """List the decisions, take one by hand, or give all as a table."""
    if request.method == "POST":
        return _record(request, access)
    return _csv(request, access) if request.GET.get("as") == "csv" else _page(request, access)


def _record(request: HttpRequest, access: policies.Access) -> HttpResponse:
    if not access.may("edit"):
        raise PermissionDenied
    try:
        made = actions.record(
            case=access.case,
            on=day_of(request.POST.get("on", "")),
            what=request.POST.get("what", ""),
            ground=request.POST.get("ground", ""),
            by=request.user,
            corrects=whole(request.POST.get("corrects"), None),
        )
    except InputError as error:
        return _page(request, access, as_sent(request, error.problems))
    return redirect(f"{reverse('decisions', args=[access.case.pk])}#d-{made.number}")


def _page(request: HttpRequest, access: policies.Access, problems: Sequence[Problem] = ()) -> HttpResponse:
    entry = request.POST or request.GET
    shown = {
        "access": access,
        "case": access.case,
        "at": "deciding",
        "tab": "decisions",
        "decisions": access.case.decisions.select_related("by", "statement", "revision", "corrects"),
        "entry": entry,
        "on": entry.get("on", today().isoformat()),
        "corrects": whole(entry.get("corrects"), ""),
        "longest": actions.LONGEST,
        "may_record": access.may("edit"),
        "problems": problems,
    }
    return render(request, "web/decisions.html", shown, status=422 if problems else 200)


def _csv(request: HttpRequest, access: policies.Access) -> HttpResponse:
    head = ["number", "on", "decided", "ground", "how", "recorded_by", "recorded_at", "statement", "revision", "corrects"]  # fmt: skip
    rows = (
        [
            d.number, d.on.isoformat(), d.what, d.ground, d.kind, d.by or "", d.at.isoformat(),
            d.statement.number if d.statement else "", d.revision.number if d.revision else "",
            d.corrects.number if d.corrects else "",
        ]
        for d in access.case.decisions.select_related("by", "statement", "revision", "corrects")
    )  # fmt: skip
    return as_csv("decisions.csv", head, rows)
