"""One's agreements: the list with what comes due, a new one, one agreement's overview, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interlocal.partnership import table, workbook
from interlocal.partnership.document import Partnership
from interlocal.partnership.due import HORIZONS
from interlocal.partnership.table_cells import CELLS
from interlocal.problems import InputError, Problem
from interlocal.reference import services
from interlocal.web import beginnings, kinds, policies, running, uploads
from interlocal.web.actions import cases as actions


@policies.of_everyone_signed_in
def agreements(request: HttpRequest) -> HttpResponse:
    """List one's agreements, and what is overdue or comes due in 30, 90 or 365 days."""
    asked = request.GET.get("within", "")
    within = int(asked) if asked in map(str, HORIZONS) else HORIZONS[1]
    accesses = policies.accesses(request.user, policies.agreements_of(request.user))
    found = running.coming(accesses)
    shown = {
        "agreements": [a.case for a in accesses],
        "may_start": policies.organisations_to_start_in(request.user).exists(),
        "within": within,
        "overdue": [c for c in found if c.days < 0],
        "soon": [c for c in found if 0 <= c.days <= within],
        "horizons": [(days, sum(0 <= c.days <= days for c in found)) for days in HORIZONS],
    }
    return render(request, "web/agreements.html", shown)


@policies.of_agreement("see")
def agreement(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show everything about an agreement, as the report says it."""
    record = access.case
    shown: dict[str, object] = {"access": access, "case": record, "at": "agreement", "today": running.today()}
    try:
        shown["report"] = running.overview_page(record, access.audience)
    except InputError as error:
        shown["lacking"] = error.problems
    return render(request, "web/agreement.html", shown)


@policies.of_agreement("see")
def promised(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what was promised at adoption against what is recorded since, and who certified it."""
    shown = {
        "access": access,
        "case": access.case,
        "at": "promised",
        "report": running.promised_page(access.case, access.audience),
        "has_baseline": access.case.head.partnership.baseline is not None,
    }
    return render(request, "web/promised.html", shown)


@policies.of_everyone_signed_in
def pairs(request: HttpRequest) -> HttpResponse:
    """Give claimed and realised savings of all one's agreements, without any name."""
    found = policies.accesses(request.user, policies.agreements_of(request.user))
    response = HttpResponse(running.pairs(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="claimed-and-realised.csv"'
    return response


@policies.of_agreement("see")
def says(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what the agreement says, in the order of the work, with what is missing."""
    shown = {"access": access, "case": access.case, "at": "says", "steps": kinds.steps(access)}
    return render(request, "web/agreement_says.html", shown)


@policies.of_agreement("see")
def whole(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Give an agreement as a workbook, with what this person may see."""
    data = workbook.to_workbook(kinds.AGREEMENT.seen(access))
    return _excel(data, f"agreement-{access.case.latest}.xlsx")


@policies.of_everyone_signed_in
def table_to_fill_in(request: HttpRequest) -> HttpResponse:
    """Give a table of many agreements to fill in."""
    response = HttpResponse(table.template().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agreements.csv"'
    return response


@policies.of_everyone_signed_in
def workbook_to_fill_in(request: HttpRequest) -> HttpResponse:
    """Give a workbook of one agreement to fill in."""
    return _excel(workbook.template(), "agreement.xlsx")


def _excel(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(
        data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@policies.of_everyone_signed_in
def new_agreement(request: HttpRequest) -> HttpResponse:
    """Start agreements: from nothing, from a table, from a register, from the example."""
    homes = policies.organisations_to_start_in(request.user)
    shown = {
        "organisations": homes,
        "example": beginnings.example(),
        "adopted": beginnings.adopted(request.user),
        "services": sorted(services().values(), key=lambda s: s.name),
        "columns": [
            (name, CELLS[name], name in table.REQUIRED) for name in (*table.REQUIRED, *table.OPTIONAL)
        ],
        "entry": request.POST,
    }
    if request.method != "POST":
        return render(request, "web/new_agreement.html", shown)
    home = next((o for o in homes if str(o.pk) == request.POST.get("organisation")), None) or homes.first()
    if home is None:
        return render(request, "web/403.html", status=403)
    try:
        made, about = _begun(request)
    except InputError as error:
        shown |= {"problems": _here(request, error), "table": _table(request)}
        if "file" in request.FILES and not shown["table"]:
            shown["kept"] = "Nothing was brought in. Mend your file, then choose it again."
        return render(request, "web/new_agreement.html", shown, status=422)
    case = _case(request)
    records = actions.start_agreements(
        agreements=made, organisation=home, by=request.user, about=about, out_of=case.record if case else None
    )
    if len(records) == 1:
        return redirect("agreement", records[0].pk)
    messages.success(request, f"{len(records)} agreements are in the list.")
    return redirect("agreements")


def _begun(request: HttpRequest) -> tuple[Sequence[Partnership], str]:
    match request.POST.get("from"):
        case "table":
            read = partial(
                beginnings.from_table, currency=request.POST.get("currency", ""), as_of=running.today()
            )
            return uploads.read(request, read, "a table (CSV or Excel)", "table"), "Brought in from a table"
        case "case":
            found = _case(request)
            if found is None:
                raise InputError(Problem("case", "Case", "no case", "a case that reached adoption", "Choose one of the list."))  # fmt: skip
            return [
                beginnings.from_case(found, request.POST.get("starts", ""))
            ], f"Adopted: {found.record.title}"
        case "file":
            return uploads.read(request, beginnings.from_file, "a register (YAML or JSON), or a workbook of one agreement"), "Started from a file"  # fmt: skip
        case "example":
            return beginnings.example(), "Started from the example"
        case _:
            return [beginnings.from_nothing(request.POST)], "Started from nothing"


def _here(request: HttpRequest, error: InputError) -> list[Problem]:
    """Return problems of a file with a link to where it is chosen or pasted."""
    pasted = "table" if _table(request) else "file"
    field = {"table": pasted, "file": "register"}.get(request.POST.get("from", ""))
    return [replace(p, path=field) if field else p for p in error.problems]


def _case(request: HttpRequest) -> beginnings.Adopted | None:
    """Return the case that was chosen, where the person may start an agreement from it."""
    if request.POST.get("from") != "case":
        return None
    found = beginnings.adopted(request.user)
    return next((a for a in found if str(a.record.pk) == request.POST.get("case")), None)


def _table(request: HttpRequest) -> str:
    """Return the table that was sent, so that it can be mended where it is shown."""
    if request.POST.get("from") != "table":
        return ""
    sent = request.FILES.get("file")
    if sent is None:
        return request.POST.get("table", "")
    sent.seek(0)
    try:
        return uploads.read(request, beginnings.as_text, "a table")
    except InputError:
        return ""
