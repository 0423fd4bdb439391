"""How agreements begin and end, for programs: start them, what leaving costs a member, how an end divides what is shared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import model_validator

from interlocal.case.values import Day
from interlocal.partnership.document import Partnership
from interlocal.partnership.endings import settlement
from interlocal.partnership.membership import leaving
from interlocal.web import beginnings, kinds, money, running, uploads
from interlocal.web.actions import cases as actions
from interlocal.web.api.agreements import AgreementRow, agreement_row, allowed_agreement
from interlocal.web.api.agreements import router as of_the_list
from interlocal.web.api.answers import CHANGED
from interlocal.web.api.files import SentFile, content_of
from interlocal.web.api.tokens import demand, home_of

router = Router()


class NewAgreements(Schema):
    """Agreements to start, from one of three things."""

    organisation: str = Field(
        "", max_length=200, description="Who hosts them; the first that you may start in where empty."
    )
    document: dict[str, Any] | None = Field(None, description="One agreement, as it stands in a file.")
    file: SentFile | None = Field(None, description="A workbook of one agreement, or a register.")
    table: SentFile | None = Field(None, description="A table (CSV or Excel), one agreement a row.")
    currency: str = Field("USD", max_length=3, description="Of the agreements of a table.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(x is not None for x in (self.document, self.file, self.table)) != 1:
            message = "give one of document, file and table"
            raise ValueError(message)
        return self


class Cost(Schema):
    """One thing that leaving costs."""

    what: str
    text: str
    cents: int | None = Field(
        description="Null where nobody agreed or estimated it; below 0 it gets money back."
    )


class Leaving(Schema):
    """What leaving costs a member by the terms."""

    organisation: str
    notice_on: dt.date
    earliest: dt.date | None = Field(description="Null where no notice is agreed.")
    costs: list[Cost]
    known_cents: int
    unknown: list[str]


class Divided(Schema):
    """One thing divided at the end, in whole cents."""

    name: str
    text: str
    parts: dict[str, int] = Field(description="What each member gets, or bears below 0.")


class EndOf(Schema):
    """How an end divides what the members had together."""

    on: dt.date
    why: list[str]
    divisions: list[Divided]
    totals: dict[str, int]
    open: list[str] = Field(description="What the terms do not say.")


@of_the_list.post("/agreements", response={201: list[AgreementRow], **CHANGED})
def start_agreements(request: HttpRequest, body: NewAgreements) -> Any:
    """Start agreements from a document, a workbook, a register or a table; where anything is wrong, none."""
    demand(request, "write")
    home = home_of(request, body.organisation)
    person = request.auth.person
    made = actions.start_agreements(
        agreements=_begun(body), organisation=home, by=person, about="Started by a program"
    )
    return Status(201, [agreement_row(r) for r in made])


def _begun(body: NewAgreements) -> Sequence[Partnership]:
    if body.file is not None:
        return uploads.parsed(body.file.name, content_of(body.file), beginnings.from_file)
    if body.table is not None:
        day, currency = running.today(), body.currency
        return uploads.parsed(
            body.table.name,
            content_of(body.table, "table"),
            lambda path: beginnings.from_table(path, currency=currency, as_of=day),
        )
    return (kinds.AGREEMENT.checked(body.document or {}, "the agreement"),)


@router.get("/agreements/{uuid:agreement}/leaving/{organisation}", response={200: Leaving, **CHANGED})
def get_leaving(request: HttpRequest, agreement: UUID, organisation: str, on: Day | None = None) -> Any:
    """Give what it costs a member to leave with notice on a day, today where none is given; it saves nothing."""
    access = allowed_agreement(request, agreement, scope="read", power="see")
    if not money.opens(access, organisation):
        raise HttpError(404, "There is no such member whose bills this token’s person may open.")
    found = leaving(money.ledger(access), organisation, on or running.today())
    return {
        "organisation": organisation,
        "notice_on": found.notice_on,
        "earliest": found.earliest,
        "costs": [{"what": c.what, "text": c.text, "cents": c.cents} for c in found.costs],
        "known_cents": found.known,
        "unknown": list(found.unknown),
    }


@router.get("/agreements/{uuid:agreement}/ending", response={200: EndOf, **CHANGED})
def get_ending(request: HttpRequest, agreement: UUID) -> Any:
    """Give how the end on record divides assets, what it costs on, and the reserve."""
    access = allowed_agreement(request, agreement, scope="read", power="see")
    books = money.ledger(access)
    end = books.agreement.ending
    if end is None:
        raise HttpError(404, "No end is on record.")
    found = settlement(books)
    divisions = [{"name": d.name, "text": d.text, "parts": dict(d.parts)} for d in found.divisions]
    return {"on": end.on, "why": list(end.why), "divisions": divisions, "totals": found.totals, "open": list(found.open)}  # fmt: skip
