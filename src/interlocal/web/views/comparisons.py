"""Two revisions, or two options of one study, side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from interlocal.web import audiences, guide, policies
from interlocal.web.actions.comparisons import ask_for_comparison
from interlocal.web.actions.studies import ask_for_study
from interlocal.web.forms.merge import differences
from interlocal.web.models import Revision, StudyRun
from interlocal.web.views.studies import run_of
from interlocal.web.whole import whole

USUAL = (10_000, 1)
"""Draws and seed of a study that is asked for here where neither revision has one."""


@policies.of_case("see")
def comparisons(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Offer what can be compared, and compare it."""
    if request.method == "POST":
        if not access.may("edit"):
            raise PermissionDenied
        what = _options if "run" in request.POST else _revisions
        return what(request, access)
    return _form(request, access)


def _form(request: HttpRequest, access: policies.Access, **more: object) -> HttpResponse:
    case = access.case
    done = audiences.answers(access)
    run = run_of(access, request.GET["run"]) if _is_id(request.GET.get("run", "")) else done.first()
    given = {k: request.POST.get(k) or request.GET.get(k, "") for k in ("from", "to", "audience")}
    shown = {
        "access": access,
        "case": case,
        "at": "compare",
        "revisions": case.revisions.defer("document"),
        "first": whole(given["from"], max(1, case.latest - 1)),
        "second": whole(given["to"], case.latest),
        "audiences": audiences_of(access),
        "audience": given["audience"],
        "runs": done[:50],
        "run": run,
        "options": [o for o in run.studied.options if o.kind != "do_nothing"] if run else [],
        "made": audiences.comparisons(access).defer("document", "view")[:20],
        "may_edit": access.may("edit"),
        **more,
    }
    return render(request, "web/compare.html", shown, status=422 if "status_text" in more else 200)


def audiences_of(access: policies.Access) -> list[str]:
    """Return the audiences for which this person may ask for a study."""
    return ["partners", "public", *(["facilitator"] if access.audience == "facilitator" else [])]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@dataclass(frozen=True)
class Wanted:
    """The runs that a comparison of two revisions needs: found, or to be asked for with the same settings."""

    revisions: tuple[Revision, Revision]
    runs: tuple[StudyRun | None, StudyRun | None]
    draws: int
    seed: int

    @property
    def missing(self) -> list[Revision]:
        """Return the revisions that have no run."""
        return [r for r, run in zip(self.revisions, self.runs, strict=True) if run is None]


def wanted(first: Revision, second: Revision, audience: str) -> Wanted:
    """Find a run of each revision, both with the same futures; prefer settings that most of the two have, then more futures."""
    alive = ~Q(status__in=(StudyRun.Status.CANCELLED, StudyRun.Status.FAILED))
    found: dict[tuple[int, int], dict[int, StudyRun]] = {}
    runs = StudyRun.objects.filter(alive, revision__in=(first, second), audience=audience)
    for run in runs.defer("document", "views").order_by("asked_at"):
        held = found.setdefault((run.draws, run.seed), {})
        if run.revision_id not in held or run.is_done:
            held[run.revision_id] = run
    draws, seed = max(found, key=lambda k: (len(found[k]), k[0]), default=USUAL)
    held = found.get((draws, seed), {})
    return Wanted((first, second), (held.get(first.pk), held.get(second.pk)), draws, seed)


def _revisions(request: HttpRequest, access: policies.Access) -> HttpResponse:
    audience = request.POST.get("audience", "partners")
    if audience not in audiences_of(access):
        raise PermissionDenied
    numbers = [whole(request.POST.get(k), 0) for k in ("from", "to")]
    first, second = (access.case.revisions.filter(number=n).first() for n in numbers)
    if first is None or second is None or first == second:
        found = "revision " + " and ".join(str(n) for n in numbers)
        return _form(request, access, status_text=f"Choose two revisions that differ; found {found}.")
    need = wanted(first, second, audience)
    if need.missing and request.POST.get("do") != "study":
        return _form(request, access, need=need, audience=audience)
    runs = [
        run or ask_for_study(revision=r, audience=audience, by=request.user, draws=need.draws, seed=need.seed)
        for r, run in zip(need.revisions, need.runs, strict=True)
    ]
    made = ask_for_comparison(first=runs[0], second=runs[1], by=request.user)
    return redirect("comparison", access.case.pk, made.pk)


def _options(request: HttpRequest, access: policies.Access) -> HttpResponse:
    if not _is_id(request.POST["run"]):
        raise Http404
    run = run_of(access, request.POST["run"])
    known = {o.id for o in run.studied.options if o.kind != "do_nothing"}
    first, second = (request.POST.get(k, "") for k in ("first", "second"))
    if not {first, second} <= known or first == second or not run.is_done:
        messages.error(request, "Choose two options that differ, of a study that is done.")
        return redirect("compare", access.case.pk)
    made = ask_for_comparison(first=run, second=run, first_option=first, second_option=second, by=request.user)  # fmt: skip
    return redirect("comparison", access.case.pk, made.pk)


@policies.of_case("see")
def comparison(request: HttpRequest, access: policies.Access, comparison: object) -> HttpResponse:
    """Show what differs; until it is made the page asks again by itself, with or without scripts."""
    made = get_object_or_404(audiences.comparisons(access), pk=comparison)
    waits = bool(request.headers.get("HX-Request"))
    if waits and made.is_over:
        return HttpResponse(headers={"HX-Redirect": request.path})
    changes = differences(*(audiences.without_hidden(r.revision.data, access) for r in (made.first, made.second)))  # fmt: skip
    where: dict[str, int] = {}
    for change in changes:
        page = guide.page_of(change.pointer.strip("/"))
        title = page.title if page else "The case in short"
        where[title] = where.get(title, 0) + 1
    shown = {
        "access": access,
        "case": access.case,
        "at": "compare",
        "made": made,
        "changed": where,
        "runs": [r for r in (made.first, made.second) if not r.is_over],
        "sides": [s["label"] for s in json.loads(made.document)["sides"]] if made.document else [],
    }
    return render(request, "web/comparison_part.html" if waits else "web/comparison.html", shown)
