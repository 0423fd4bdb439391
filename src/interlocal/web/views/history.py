"""What happened to a case or an agreement: its revisions, the difference between two, going back, and who did what."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from interlocal.problems import InputError
from interlocal.web import audiences, kinds, policies
from interlocal.web.actions import cases as actions
from interlocal.web.exports import as_csv
from interlocal.web.forms.merge import differences
from interlocal.web.models import AuditEvent, Organisation
from interlocal.web.places import called
from interlocal.web.whole import whole


@policies.of_document("see")
def history(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """List the revisions."""
    revisions = access.case.revisions.select_related("by")
    for r in revisions:
        r.hash_shown = r.sha256[:12] if audiences.shows_all(r.document, access) else ""
    return render(request, "web/history.html", {"access": access, "case": access.case, "at": "history", "revisions": revisions})  # fmt: skip


@policies.of_document("see")
def difference(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what changed from one revision to another, as far as this person may see."""
    latest = access.case.latest
    usual = {"from": max(1, latest - 1), "to": latest}
    numbers = [whole(request.GET.get(k), n) for k, n in usual.items()]
    pair = [get_object_or_404(access.case.revisions, number=n) for n in numbers]
    sides = [audiences.without_hidden(r.data, access) for r in pair]
    guided = kinds.of(access.case).path
    changes = [(called(c.pointer, sides, guided), c) for c in differences(*sides)]
    shown = {"access": access, "case": access.case, "at": "history", "first": pair[0], "second": pair[1], "changes": changes}  # fmt: skip
    return render(request, "web/difference.html", shown)


@require_POST
@policies.of_document("edit")
def restore(request: HttpRequest, access: policies.Access, number: int) -> HttpResponse:
    """Save an earlier revision again as the newest; nothing in between is lost."""
    revision = get_object_or_404(access.case.revisions, number=number)
    try:
        audiences.demand_kept(access.case.head.data, revision.data, access)
        made = actions.save_case(
            record=access.case,
            case=kinds.said(revision, access.case),
            base=access.case.latest,
            by=request.user,
            about=f"As in revision {number}",
        )
        messages.success(request, f"Revision {made.number} says what revision {number} said.")
    except InputError as error:
        messages.error(request, str(error.problems[0]))
    except actions.Overtaken:
        messages.error(request, "Somebody saved at the same moment. Look at the history, then try again.")
    return redirect(kinds.address(access.case, "history"))


@policies.of_document("manage")
def audit(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show who did what in it, or give it as a table."""
    events = access.case.events.select_related("person")
    if request.GET.get("as") != "csv":
        return render(request, "web/audit.html", {"access": access, "case": access.case, "events": events[:500]})  # fmt: skip
    rows = ([e.at.isoformat(), e.person or "", e.did, e.about] for e in events)
    return as_csv("audit.csv", ["at", "person", "did", "about"], rows)


@policies.of_organisation("owner")
def organisation_audit(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Show who did what in an organisation and all that is its own, or give it as a table."""
    # With a token a member’s program acts here too; its making is nobody else’s to record.
    tokens = Q(organisation=None, case=None, did__startswith="token.", person__in=organisation.people.all())
    events = AuditEvent.objects.filter(Q(organisation=organisation) | tokens).select_related("person", "case")
    if request.GET.get("as") != "csv":
        return render(request, "web/organisation_audit.html", {"organisation": organisation, "events": events[:500]})  # fmt: skip
    rows = ([e.at.isoformat(), e.person or "", e.did, e.case_id or "", e.case or "", e.about] for e in events)
    return as_csv("audit.csv", ["at", "person", "did", "case", "title", "about"], rows)
