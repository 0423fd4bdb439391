"""Publish a case: choose what its public page holds, look at it, publish it, take it down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from interlocal.problems import InputError, Problem
from interlocal.report import public
from interlocal.report.naming import by_document
from interlocal.web import policies, public_page, publishing
from interlocal.web.actions import publishing as actions
from interlocal.web.forms import publishing as form
from interlocal.web.models import Publication, StudyRun
from interlocal.web.views.public import language
from interlocal.web.whole import whole


@policies.of_case("manage")
def desk(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show how the public page stands, and choose what the next edition holds."""
    if request.method != "POST":
        return _desk(request, access)
    publication = held(access)
    address = publication.slug if publication else None
    try:
        chosen = form.prepared_from(request.POST, publishing.prepared(publication), address)
    except InputError as error:
        return _desk(request, access, error.problems)
    actions.prepare(case=access.case, chosen=chosen, by=request.user)
    return redirect("publish_leave_out" if request.POST.get("do") == "leave_out" else "publish_preview", access.case.pk)  # fmt: skip


def _desk(
    request: HttpRequest, access: policies.Access, problems: Sequence[Problem] = (), **more: Any
) -> HttpResponse:
    publication = held(access)
    chosen = publishing.prepared(publication)
    runs = list(publishing.runs_for_public(access.case)[:20])
    run = publishing.run_of(access.case, chosen) or (runs[0] if runs else None)
    sent = request.POST if problems and not more else None
    entry = {
        "slug": chosen.slug, "dates": form.written_dates(chosen.dates), "take_part": chosen.take_part,
        "comments_from": chosen.comments_from, "comments_until": chosen.comments_until,
        "comments": "comments" in sent if sent else chosen.comments,
    } | ({k: sent.get(k, "") for k in ("slug", "dates", "take_part", "comments_from", "comments_until")} if sent else {})  # fmt: skip
    ticked = {k: set(sent.getlist(k)) if sent else set(getattr(chosen, k)) for k in ("parts", "documents")}
    shown = {
        "access": access,
        "case": access.case,
        "at": "public",
        "publication": publication,
        "editions": _editions(publication),
        "runs": [(r, str(r.pk) == (sent.get("run") if sent else str(run.pk if run else ""))) for r in runs],
        "parts": [(p, p.id in ticked["parts"]) for p in (publishing.parts_of(run) if run else [])],
        "documents": _offered(run, ticked["documents"]),
        "run": run,
        "left_out": chosen.left_out,
        "entry": entry,
        "problems": problems,
        **more,
    }
    return render(request, "web/publish.html", shown, status=422 if problems else 200)


def _offered(run: StudyRun | None, ticked: set[str]) -> list[tuple[str, str, bool]]:
    """Return each file that can be published: its name, what it is called, whether it is chosen."""
    if run is None:
        return []
    called = by_document(
        publishing.offered_documents(run), {p.id: p.name for p in run.revision.read.partners}
    )
    return [(n, f"{title}: {form}", n in ticked) for title, files in called.items() for form, n in files]


def _editions(publication: Publication | None) -> list[dict[str, Any]]:
    if publication is None:
        return []
    say = public_page.frame("en")["say"]
    return public_page.editions(publication, "en", say)


@policies.of_case("manage")
def leave_out(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Choose figures and sentences that the chosen parts are to leave out."""
    publication = held(access)
    chosen = publishing.prepared(publication)
    run = publishing.run_of(access.case, chosen)
    if run is None:
        messages.error(request, "Choose a study first.")
        return redirect("publish_desk", access.case.pk)
    found = publishing.parts_of(run)
    offered = [p for p in found if p.id in chosen.parts]
    problems: Sequence[Problem] = ()
    keys, why = set(chosen.left_out), chosen.why
    if request.method == "POST":
        keys, why = set(request.POST.getlist("piece")), request.POST.get("why", "")
        try:
            all_pieces = [x for p in offered for x in public.pieces(p)]
            after = form.left_out_from(request.POST, chosen, all_pieces)
        except InputError as error:
            problems = error.problems
        else:
            actions.prepare(case=access.case, chosen=after, by=request.user)
            return redirect("publish_preview", access.case.pk)
    shown = {
        "access": access,
        "case": access.case,
        "at": "public",
        "parts": [(p, [(x, x.key in keys) for x in public.pieces(p)]) for p in offered],
        "why": why,
        "problems": problems,
    }
    return render(request, "web/publish_leave_out.html", shown, status=422 if problems else 200)


@policies.of_case("manage")
def preview(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show the page exactly as the public would read it, and publish what is looked at."""
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            edition = actions.publish(
                case=access.case,
                looked_at=request.POST.get("looked_at", ""),
                knows_older="older" in request.POST,
                changed=request.POST.get("changed", ""),
                by=request.user,
            )
        except InputError as error:
            problems = error.problems
        else:
            messages.success(request, f"Edition {edition.number} is public.")
            return redirect("publish_desk", access.case.pk)
    publication = held(access) or Publication()
    chosen = publishing.prepared(publication)
    run = publishing.run_of(access.case, chosen)
    hinders = publishing.hindrances(access.case, chosen, run)
    if run is None:
        return _desk(request, access, problems or hinders, kept=True)
    code = language(request)
    made = publishing.content(access.case, chosen, run)
    shown = public_page.whole(publication, made, code, number=None)
    seen = [p for p in publishing.parts_of(run) if p.id in chosen.parts]
    more = {
        "preview": True,
        "case": access.case,
        "problems": problems or hinders,
        "can_publish": not hinders,
        "looked_at": publishing.digest(made),
        "behind": made["behind"],
        "revision": run.revision.number,
        "again": publication.latest is not None if publication.pk else False,
        "changed": request.POST.get("changed", ""),
        "echoes": public.echoes(seen, set(chosen.left_out)),
    }
    return render(request, "web/public/page.html", shown | more, status=422 if problems else 200)


@require_POST
@policies.of_case("manage")
def take_down(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Take the page, or one of its earlier editions, from the public."""
    publication = get_object_or_404(Publication, case=access.case)
    edition = whole(request.POST.get("edition"), None)
    why = request.POST.get("why", "")
    try:
        actions.take_down(publication=publication, why=why, by=request.user, edition=edition)
    except InputError as error:
        return _desk(request, access, error.problems, down=why)
    messages.success(request, f"Edition {edition} is taken down." if edition else "The page is taken down. A stub says when and why.")  # fmt: skip
    return redirect("publish_desk", access.case.pk)


@require_POST
@policies.of_case("manage")
def record(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Write editions, comments and days of answers into the case."""
    publication = get_object_or_404(Publication, case=access.case)
    try:
        revision = actions.record_in_case(publication=publication, by=request.user)
    except InputError as error:
        return _desk(request, access, error.problems, recorded=True)
    messages.success(request, f"Revision {revision.number} of the case holds what the public page brought.")
    return redirect("publish_desk", access.case.pk)


def held(access: policies.Access) -> Publication | None:
    """Return the public page of a case, or what is prepared of one."""
    return Publication.objects.filter(case=access.case).first()
