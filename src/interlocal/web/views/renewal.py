"""Renewal: the study again with recorded figures instead of forecasts, before the notice date."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interlocal.case.document import Case
from interlocal.partnership.due import due
from interlocal.partnership.register import Register
from interlocal.partnership.renewal import Lack, as_case, lacking, run_again
from interlocal.problems import InputError, Problem
from interlocal.web import audiences, kinds, policies, running
from interlocal.web.actions import cases as actions
from interlocal.web.actions.studies import ask_for_study
from interlocal.web.models import Person

FAR = 3660
"""Days ahead that a renewal is looked for: the end of a term may be years away."""


@policies.of_agreement("see")
def renewal(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show by when to study again and what is not recorded yet; start the case for it."""
    register = running.overview(access.case, access.audience).register
    agreement, day = register.agreements[0], register.as_of
    may_start = access.may("edit")
    homes = policies.organisations_to_start_in(request.user) if may_start else None
    studied = _studied(request.user, agreement.members_on(max(day, agreement.starts))) if may_start else []
    shown = {
        "access": access,
        "case": access.case,
        "at": "renewal",
        "may_edit": may_start,
        "organisations": homes,
        "studied": studied,
        "dates": [d for d in due(register, within=FAR) if d.kind in {"notice", "renewal", "review"}],
        "today": day,
        "lacking": [(str(x), _leads(access, x)) for x in lacking(agreement)],
        "entry": request.POST,
    }
    if request.method != "POST":
        return render(request, "web/renewal.html", shown)
    if not may_start or not homes:
        raise PermissionDenied
    try:
        made = _again(request.POST.get("study", ""), studied, register)
    except InputError as error:
        shown["problems"] = [Problem("study", p.where, p.found, p.expected, p.fix) for p in error.problems]
        return render(request, "web/renewal.html", shown, status=422)
    home = next((o for o in homes if str(o.pk) == request.POST.get("organisation")), None) or homes[0]
    record = actions.start_case(case=made, organisation=home, by=request.user, about=f"Renewal of {access.case.title}", out_of=access.case)  # fmt: skip
    if request.POST.get("then") == "study":
        run = ask_for_study(revision=record.head, audience="partners", by=request.user)
        messages.success(request, "The case is started with the figures on record, and its study is under way.")  # fmt: skip
        return redirect("study", record.pk, run.pk)
    messages.success(request, "The case is started with the figures on record. Its pages name what is still open.")  # fmt: skip
    return redirect("case", record.pk)


def _leads(access: policies.Access, lack: Lack) -> str | None:
    """Return the address where a person can fill a lack; a pulse is held rather than typed in."""
    if lack.pointer == "/life/pulses" and access.may("manage"):
        return kinds.address(access.case, "surveys")
    page = kinds.AGREEMENT.page_of(lack.pointer.strip("/"))
    return kinds.address(access.case, "edit", page.path) if page and access.may("edit") else None


def _again(asked: str, studied: list[policies.Access], register: Register) -> Case:
    """Return the case to study: the one that led to the agreement with what was recorded, or the agreement as a case."""
    agreement = register.agreements[0]
    if not asked:
        return as_case(register, agreement)
    led = next((a.case for a in studied if str(a.case.pk) == asked), None)
    if led is None:
        raise InputError(Problem("study", "The case whose study led to it", "another case", "a case of the list", "Choose one of the list."))  # fmt: skip
    return run_again(led.head.read, register, agreement)


def _studied(person: Person, members: tuple[str, ...]) -> list[policies.Access]:
    """Return the cases that may have led to the agreement: with all its members, and open to this person as a whole."""
    found = policies.accesses(person, policies.cases_of(person))
    return [
        a
        for a in found
        if a.may("edit")
        and audiences.case_of(a) is a.case.head.read
        and {*members} <= {*a.case.head.read.partner_ids}
        and a.case.head.read.proposed_option is not None
    ]
