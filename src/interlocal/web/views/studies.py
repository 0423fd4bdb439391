"""Studies: ask for one, see how far it is, read the answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from interlocal.web import audiences, bearings, closer, policies
from interlocal.web.actions import studies as actions
from interlocal.web.models import StudyRun
from interlocal.web.results import CLOSER, SCREENS
from interlocal.web.whole import whole

DRAWS = (2_000, 10_000, 100_000)


@policies.of_case("see")
def studies(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """List the runs, and ask for one."""
    if request.method == "POST":
        return _ask(request, access)
    allowed = ["partners", "public", *(["facilitator"] if access.audience == "facilitator" else [])]
    wished = whole(request.GET.get("revision"), 0)
    shown = {
        "access": access,
        "case": access.case,
        "at": "studies",
        "runs": audiences.studies(access).select_related("asked_by")[:50],
        "audiences": allowed,
        "draws": DRAWS,
        "revision": wished if 1 <= wished <= access.case.latest else access.case.latest,
        "may_edit": access.may("edit"),
    }
    return render(request, "web/studies.html", shown)


def _ask(request: HttpRequest, access: policies.Access) -> HttpResponse:
    if not access.may("edit"):
        return render(request, "web/403.html", status=403)
    wished = request.POST.get("revision", str(access.case.latest)).strip()
    revision = access.case.revisions.filter(number=whole(wished, 0)).first()
    if revision is None:
        messages.error(
            request, f"There is no revision “{wished[:20]}”. Choose one from 1 to {access.case.latest}."
        )
        return redirect("studies", access.case.pk)
    audience, draws = request.POST.get("audience", "partners"), request.POST.get("draws", "10000")
    if audience not in {"partners", "public", "facilitator"} or (audience == "facilitator" and access.audience != "facilitator"):  # fmt: skip
        return render(request, "web/403.html", status=403)
    if audiences.studies(access).filter(status__in=("waiting", "running")).count() >= actions.AT_ONCE:
        messages.error(request, "Three studies of this case are under way. Wait for one, or cancel it.")
        return redirect("studies", access.case.pk)
    chosen = whole(draws, 0) if whole(draws, 0) in DRAWS else 10_000
    run = actions.ask_for_study(
        revision=revision,
        audience=audience,
        by=request.user,
        draws=chosen,
        would_change="would_change" in request.POST,
    )
    return redirect("study", access.case.pk, run.pk)


def run_of(access: policies.Access, pk: object) -> StudyRun:
    """Return a run of the case that this person may see; others do not exist for them."""
    runs = StudyRun.objects.select_related("revision").filter(case=access.case, pk=pk)
    found = (runs if access.audience == "facilitator" else runs.exclude(audience="facilitator")).first()
    if found is None:
        raise Http404
    return found


@policies.of_case("see")
def progress(request: HttpRequest, access: policies.Access, run: object) -> HttpResponse:
    """Show how far a run is; the page asks again by itself, with or without scripts."""
    found = run_of(access, run)
    if found.status == StudyRun.Status.DONE:
        response = redirect("study_screen", access.case.pk, found.pk, "overview")
        if request.headers.get("HX-Request"):
            response = HttpResponse(headers={"HX-Redirect": response.url})
        return response
    name = "web/progress_part.html" if request.headers.get("HX-Request") else "web/progress.html"
    shown = {"access": access, "case": access.case, "at": "studies", "run": found, "may_edit": access.may("edit")}  # fmt: skip
    return render(request, name, shown)


@require_POST
@policies.of_case("edit")
def cancel(request: HttpRequest, access: policies.Access, run: object) -> HttpResponse:
    """Stop a run."""
    actions.cancel_study(run=run_of(access, run), by=request.user)
    return redirect("study", access.case.pk, run)


@policies.of_case("see")
def document(request: HttpRequest, access: policies.Access, run: object) -> HttpResponse:
    """Give study.json, the bytes that the command line writes."""
    found = run_of(access, run)
    if not found.document:
        raise Http404
    response = HttpResponse(found.document.encode(), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="study.json"'
    return response


@policies.of_case("see")
def screen(request: HttpRequest, access: policies.Access, run: object, screen: str) -> HttpResponse:
    """Show one screen of the answers."""
    found = run_of(access, run)
    if screen not in SCREENS or screen not in found.views:
        raise Http404
    shown = {
        "access": access,
        "case": access.case,
        "at": "studies",
        "run": found,
        "screen": screen,
        "screens": SCREENS,
        "fragment": found.views[screen],
        "closer": closer.chosen(found.views.get(CLOSER), request.GET.dict()) if screen == "money" else None,
        "rests_on": bearings.read_by(screen),
        "comments_on": f"study/{screen}",
    }
    return render(request, "web/results.html", shown)
