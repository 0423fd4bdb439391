"""Agreements for programs: the list, one as a document, what comes due, a year's money, promised against actual."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.problems import InputError
from interlocal.web import audiences, kinds, money, policies, running
from interlocal.web.actions import cases as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.tokens import demand
from interlocal.web.models import AgreementRecord
from interlocal.web.models.cases import as_values

router = Router()


class AgreementRow(Schema):
    """An agreement of a list."""

    id: UUID
    title: str
    organisation: str
    revision: int


class AgreementWhole(AgreementRow):
    """An agreement with what it says; where an entry is not for you, a marker ``__kept`` stands: send it back as it is."""

    document: dict[str, Any]


class AgreementSave(Schema):
    """A whole agreement to be saved."""

    base: int = Field(ge=1, description="The revision it was made from.")
    document: dict[str, Any]


class AgreementSaved(Schema):
    """The revision that a save made."""

    revision: int


class Coming(Schema):
    """Something that is overdue or comes due."""

    agreement: UUID
    title: str
    on: dt.date
    days: int = Field(description="Days left; below 0 it is overdue.")
    kind: str
    text: str
    organisations: list[str]


class Bill(Schema):
    """What one member owes for a year; amounts are whole cents."""

    organisation: str
    gross: int = Field(description="Its part of the budget.")
    reserve: int
    gifts: int = Field(description="What it gives in kind.")
    buy_in: int
    carried: int = Field(description="What earlier years leave: true-ups and corrected drivers.")
    net: int


class InvoiceRow(Schema):
    """One invoice; amounts are whole cents."""

    number: str
    organisation: str
    issued: dt.date
    due: dt.date
    cents: int
    paid: int


class YearOfMoney(Schema):
    """A year's bills; they add up to the year's budget, in whole cents."""

    year: int
    currency: str
    bills: list[Bill]
    invoices: list[InvoiceRow] = Field(description="Those that this token's person may open.")


class SavedYear(Schema):
    """Promised against recorded for all members of a year, in whole cents."""

    year: int
    promised: int
    realised: int | None = Field(description="Null unless it is known for every member.")
    certified: bool
    unknown: list[str]


@router.get("/agreements", response={200: list[AgreementRow], **REFUSALS})
def list_agreements(request: HttpRequest) -> Any:
    """List the agreements this token may see."""
    demand(request, "read")
    return [agreement_row(a) for a in policies.agreements_of(_person(request))]


@router.get("/agreements/due", response={200: list[Coming], **REFUSALS})
def what_comes_due(request: HttpRequest, within: int = 365) -> Any:
    """List what is overdue or comes due within some days, at most 365, in all agreements this token may see."""
    demand(request, "read")
    found = running.coming(policies.accesses(_person(request), policies.agreements_of(_person(request))))
    return [
        {"agreement": c.record.pk, "title": c.record.title, "on": c.due.on, "days": c.days, "kind": c.due.kind, "text": c.due.text, "organisations": c.due.organisations}
        for c in found
        if c.days <= within
    ]  # fmt: skip


@router.get("/agreements/{uuid:agreement}", response={200: AgreementWhole, **REFUSALS})
def get_agreement(request: HttpRequest, agreement: UUID) -> Any:
    """Give an agreement, as far as this token may see."""
    access = allowed_agreement(request, agreement, scope="read", power="see")
    return agreement_row(access.case) | {"document": audiences.hide(access.case.head.data, access)}


@router.put("/agreements/{uuid:agreement}", response={200: AgreementSaved, 409: Refused, **CHANGED})
def put_agreement(request: HttpRequest, agreement: UUID, body: AgreementSave) -> Any:
    """Save a whole agreement as a new revision; refused where somebody saved since ``base``."""
    access = allowed_agreement(request, agreement, scope="write", power="edit")
    held = access.case.head.data
    if body.base != access.case.latest:
        return Status(409, {"detail": f"The agreement is at revision {access.case.latest}, not {body.base}. Get it again."})  # fmt: skip
    markers = [sorted(map(str, audiences.markers(d))) for d in (body.document, audiences.hide(held, access))]
    if markers[0] != markers[1]:
        return Status(409, {"detail": "An entry that is not for you is missing or doubled. Send each marker back once."})  # fmt: skip
    document = audiences.put_back(body.document, held, access)
    try:
        made = kinds.AGREEMENT.checked(document, "the agreement")
    except InputError as error:
        raise InputError(audiences.unquoted(error.problems, document, access)) from None
    audiences.demand_kept(held, as_values(made.canonical_json()), access)
    try:
        revision = actions.save_case(record=access.case, case=made, base=body.base, by=access.person, about="By a program")  # fmt: skip
    except actions.Overtaken:
        return Status(409, {"detail": "Somebody saved at the same moment. Get it again."})
    return {"revision": revision.number}


@router.get("/agreements/{uuid:agreement}/money/{int:year}", response={200: YearOfMoney, **CHANGED})
def get_money(request: HttpRequest, agreement: UUID, year: int) -> Any:
    """Give a year's bills of all members, and the invoices one may open."""
    access = _with_books(request, agreement, year)
    o = running.overview(access.case, access.audience, year)
    return {
        "year": year,
        "currency": o.register.currency,
        "bills": [{"organisation": s.organisation, "gross": s.gross, "reserve": s.reserve, "gifts": s.gifts, "buy_in": s.buy_in, "carried": s.carried, "net": s.net} for s in o.statements],
        "invoices": [
            {"number": i.number, "organisation": i.organisation, "issued": i.issued, "due": i.due, "cents": i.cents, "paid": i.paid}
            for i in o.invoices
            if money.opens(access, i.organisation)
        ],
    }  # fmt: skip


@router.get("/agreements/{uuid:agreement}/money/{int:year}/invoices.csv", response={200: str, **CHANGED})
def get_invoices(request: HttpRequest, agreement: UUID, year: int) -> Any:
    """Give a year's invoices that one may open as CSV for a ledger."""
    access = _with_books(request, agreement, year)
    return HttpResponse(money.invoices_csv(access, year), content_type="text/csv; charset=utf-8")


@router.get("/agreements/{uuid:agreement}/promised", response={200: list[SavedYear], **REFUSALS})
def get_promised(request: HttpRequest, agreement: UUID) -> Any:
    """Give promised against recorded savings by year; none where no promise was frozen."""
    access = allowed_agreement(request, agreement, scope="read", power="see")
    found = running.overview(access.case, access.audience).totals
    return [
        {"year": t.year, "promised": t.promised, "realised": t.realised, "certified": t.certified, "unknown": list(t.unknown)}
        for t in found
    ]  # fmt: skip


def _person(request: Any) -> Any:
    return request.auth.person


def agreement_row(record: AgreementRecord | Any) -> dict[str, Any]:
    """Return an agreement as a row of the list."""
    return {"id": record.pk, "title": record.title, "organisation": record.organisation.name, "revision": record.latest}  # fmt: skip


def _with_books(request: HttpRequest, agreement: UUID, year: int) -> policies.Access:
    access = allowed_agreement(request, agreement, scope="read", power="see")
    if year not in money.years(access) or access.case.head.partnership.formula is None:
        raise HttpError(404, "There are no bills of this year.")
    return access


def allowed_agreement(
    request: HttpRequest, agreement: UUID, *, scope: str, power: policies.Power
) -> policies.Access:
    """Return what the token's person is in an agreement; a stranger and one that is not there are answered alike."""
    demand(request, scope)
    record = AgreementRecord.objects.select_related("organisation").filter(pk=agreement).first()
    access = policies.access_to(_person(request), record) if record else None
    if access is None:
        raise HttpError(404, "There is no such agreement for this token.")
    if not access.may(power):
        raise HttpError(403, "The role of this token’s person does not allow it.")
    return access
