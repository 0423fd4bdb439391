"""Money between partners: a year's bills with their lines, what was worked out again, joining, leaving, the next year."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from interlocal.case.values import as_day
from interlocal.partnership.agreement import Party
from interlocal.partnership.membership import joining, leaving
from interlocal.partnership.next_year import next_year
from interlocal.problems import InputError, Problem
from interlocal.web import money as screens
from interlocal.web import policies, running
from interlocal.web.actions import cases as actions
from interlocal.web.examples import slugs


@policies.of_agreement("see")
def money(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show a year: its budget and drivers, what each member pays, invoices, and what changed since."""
    agreement = access.case.head.partnership
    year = screens.chosen_year(access, request.GET.get("year", ""))
    shown = _shown(access) | {"years": screens.years(access), "year": year, "formula": agreement.formula}
    if year is None or agreement.formula is None:
        return render(request, "web/money.html", shown)
    numbers = [y.year for y in agreement.years]
    shown |= {
        "books_path": f"years/{numbers.index(year)}",
        "mine": screens.may_open(access),
        "latest": year == max(numbers),
    }
    try:
        shown["found"] = screens.year(access, year)
    except InputError as error:
        shown["problems"] = _here(error)
    return render(request, "web/money.html", shown)


@policies.of_agreement("see")
def bill(request: HttpRequest, access: policies.Access, year: int, organisation: str) -> HttpResponse:
    """Show a member's bill with every step of the way to it."""
    _demand(access, year, organisation)
    found = _bill(access, year, organisation)
    name = access.case.head.partnership.register(running.today()).name(organisation)
    shown = _shown(access) | {"year": year, "organisation": organisation, "name": name, "bill": found}
    return render(request, "web/money_bill.html", shown)


@policies.of_agreement("see")
def bill_pdf(request: HttpRequest, access: policies.Access, year: int, organisation: str) -> HttpResponse:
    """Give a member's bill as PDF."""
    _demand(access, year, organisation)
    _bill(access, year, organisation)
    data = screens.bill_pdf(access, year, organisation)
    return _file(data, "application/pdf", f"bill-{year}-{organisation}.pdf")


@policies.of_agreement("see")
def invoices(request: HttpRequest, access: policies.Access, year: int) -> HttpResponse:
    """Give a year's invoices as CSV for a ledger: all, or one's own for the people of a party."""
    _demand(access, year)
    try:
        text = screens.invoices_csv(access, year)
    except InputError:
        raise Http404 from None
    return _file(text.encode(), "text/csv; charset=utf-8", f"invoices-{year}.csv")


@policies.of_agreement("see")
def again(request: HttpRequest, access: policies.Access, year: int) -> HttpResponse:
    """Show a year as billed beside the year worked out again with closed books and corrected drivers."""
    _demand(access, year)
    try:
        found = screens.again(access, year)
    except InputError:
        raise Http404 from None
    return render(request, "web/money_again.html", _shown(access) | {"year": year, "found": found})


@policies.of_agreement("see")
def leave(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what it costs a member to leave by the terms of the agreement."""
    ledger, mine = screens.ledger(access), screens.may_open(access)
    members = [p for p in ledger.agreement.members_on(running.today()) if mine is None or p in mine]
    entry = {"who": request.GET.get("who", ""), "on": request.GET.get("on", "") or str(running.today())}
    shown = _shown(access) | {"entry": entry, "members": [(p, ledger.register.name(p)) for p in members], "currency": ledger.register.currency}  # fmt: skip
    if not entry["who"]:
        return render(request, "web/money_leaving.html", shown)
    try:
        found = leaving(ledger, _who(entry["who"], members), _day(entry["on"], "on", "Notice given on"))
    except InputError as error:
        return render(request, "web/money_leaving.html", shown | {"problems": _here(error)}, status=422)
    place = next((f"parties/{i}" for i, p in enumerate(ledger.agreement.parties) if p.organisation == found.organisation and p.until is None), None)  # fmt: skip
    return render(request, "web/money_leaving.html", shown | {"found": found, "place": place})


@policies.of_agreement("see")
def join(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what a new member would change in a year's bills, the budget as it is."""
    ledger = screens.ledger(access)
    year = screens.chosen_year(access, request.GET.get("year", ""))
    drivers = sorted(ledger.books(year).drivers) if year is not None else []
    shown = _shown(access) | {"entry": request.GET, "years": screens.years(access), "year": year, "drivers": [(d, request.GET.get(f"driver-{d}", "")) for d in drivers], "currency": ledger.register.currency}  # fmt: skip
    if year is None or "name" not in request.GET:
        return render(request, "web/money_joining.html", shown)
    try:
        party, values = _joiner(request, drivers, {o.name: o.id for o in ledger.register.organisations})
        found = joining(ledger, party, year, values)
    except InputError as error:
        return render(request, "web/money_joining.html", shown | {"problems": _here(error)}, status=422)
    names = {party.organisation: request.GET["name"].strip()}
    rows: list[tuple[str, int, int, int]] = [
        (names.get(p) or ledger.register.name(p), found.before.get(p, 0), found.after.get(p, 0), x)
        for p, x in found.difference.items()
    ]
    together = (sum(r[1] for r in rows), sum(r[2] for r in rows), sum(r[3] for r in rows))
    return render(request, "web/money_joining.html", shown | {"found": found, "rows": rows, "together": together})  # fmt: skip


@require_POST
@policies.of_agreement("edit")
def begin_next(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Add the next year's books, carried on from the last, for somebody to bring up to date."""
    agreement = access.case.head.partnership
    books = next_year(agreement)
    if books is None:
        messages.error(request, "There is no year to go on from, or nobody is a member in the next one.")
        return redirect("agreement_money", access.case.pk)
    longer = agreement.model_copy(update={"years": (*agreement.years, books)})
    try:
        actions.save_case(record=access.case, case=longer, base=access.case.latest, by=request.user, about=f"Books of {books.year} begun")  # fmt: skip
    except actions.Overtaken:
        messages.error(request, "Somebody saved at the same moment. Look at the books, then try again.")
        return redirect("agreement_money", access.case.pk)
    messages.success(request, f"The books of {books.year} are begun from those before. Bring its budget and drivers up to date.")  # fmt: skip
    return redirect("agreement_edit", access.case.pk, f"years/{len(agreement.years)}")


def _shown(access: policies.Access) -> dict[str, Any]:
    return {"access": access, "case": access.case, "at": "money", "may_edit": access.may("edit")}


def _demand(access: policies.Access, year: int, organisation: str | None = None) -> None:
    """Refuse a year without books, and a bill of another party as if there were none."""
    if year not in screens.years(access) or access.case.head.partnership.formula is None:
        raise Http404
    if organisation is not None and not screens.opens(access, organisation):
        raise Http404


def _bill(access: policies.Access, year: int, organisation: str) -> str:
    try:
        found = screens.bill(access, year, organisation)
    except InputError:
        found = None
    if found is None:
        raise Http404
    return found


def _joiner(
    request: HttpRequest, drivers: list[str], known: dict[str, str]
) -> tuple[Party, dict[str, float]]:
    name = request.GET.get("name", "").strip()
    problems = []
    if not name:
        problems.append(Problem("name", "Who joins", "nothing", "a name", "Write the organisation’s name."))
    values = {}
    for driver in drivers:
        field, text = f"driver-{driver}", request.GET.get(f"driver-{driver}", "").replace(",", "").strip()
        try:
            values[driver] = float(text)
        except ValueError:
            values[driver] = -1.0
        if not 0 <= values[driver] < 1e15:
            problems.append(Problem(field, driver.replace("_", " "), text or "nothing", "a number, 0 or more", "Write its value in that year."))  # fmt: skip
    try:
        since = _day(request.GET.get("since", ""), "since", "Member since")
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    try:
        return Party(organisation=known.get(name) or slugs([name])[0], since=since), values
    except ValidationError:
        raise InputError(Problem("name", "Who joins", name, "a name with letters", "Write the organisation’s name.")) from None  # fmt: skip


def _day(text: str, field: str, where: str) -> dt.date:
    day = as_day(text)
    if day is None:
        raise InputError(Problem(field, where, text[:40] or "nothing", "a day", "Write it like 2026-07-01."))
    return day


def _who(text: str, members: list[str]) -> str:
    if text not in members:
        raise InputError(Problem("who", "Who leaves", text, "a member whose bill you may open", "Choose one of the list."))  # fmt: skip
    return text


def _here(error: InputError) -> list[Problem]:
    """Return problems of the document without a link to a field that is not on this page."""
    return [replace(p, path="") if p.path.startswith("/") else p for p in error.problems]


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
