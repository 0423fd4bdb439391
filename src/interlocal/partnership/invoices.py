"""Invoices: what is due from whom and when, and whether it came in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from interlocal.cells import inert
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import first_day, last_day, month_of
from interlocal.partnership.ledger import Ledger, Statement
from interlocal.partnership.money import cents, money, split


@dataclass(frozen=True)
class Invoice:
    """One instalment of one member's year."""

    number: str
    """The same however often the bills are made: agreement, year, member, instalment."""
    organisation: str
    year: int
    instalment: int
    of: int
    issued: date
    due: date
    cents: int
    """Below 0 it is a credit note."""
    paid: int = 0
    paid_on: date | None = None
    """When the last of it came in."""

    def late_days(self, as_of: date) -> int:
        """Return for how many days it was, or is, overdue."""
        settled = self.paid_on if self.paid >= self.cents else as_of
        return max(0, ((settled or self.due) - self.due).days)


def invoices(ledger: Ledger, year: int) -> tuple[Invoice, ...]:
    """Return a year's invoices with what came in; each member's add up to its statement exactly.

    Payments go to the member's oldest open invoice first.
    """
    made: list[Invoice] = []
    for statement in ledger.statements(year):
        if statement.net:
            made += _paid(_instalments(ledger, year, statement), ledger, year)
    return tuple(made)


def _instalments(ledger: Ledger, year: int, statement: Statement) -> list[Invoice]:
    a = ledger.agreement
    begins, ends = _stay(a, statement.organisation, year)
    days = [month_of(a, year, m) for m in sorted(set(a.instalments.months))]
    days = [d for d in days if begins.replace(day=1) <= d <= ends] or [max(begins, first_day(a, year))]
    if statement.net < 0:
        days = days[:1]
    issued = [max(d, begins, ledger.billed_on(year)) for d in days]
    parts = split(statement.net, (1,) * len(days))
    return [
        Invoice(
            f"{a.id}-{year}-{statement.organisation}-{k}",
            statement.organisation,
            year,
            k,
            len(days),
            day,
            day + timedelta(days=a.instalments.days_to_pay),
            amount,
        )
        for k, (day, amount) in enumerate(zip(issued, parts, strict=True), 1)
    ]


def _stay(a: Agreement, organisation: str, year: int) -> tuple[date, date]:
    """Return the first and last day of a member within a year; the whole year for one that has left."""
    first, last = first_day(a, year), last_day(a, year)
    stays = [
        (max(p.since or a.starts, first), min(p.until or last, last))
        for p in a.parties
        if p.organisation == organisation and (p.since or a.starts) <= last and (p.until or last) >= first
    ]
    return (min(s for s, _ in stays), max(e for _, e in stays)) if stays else (first, last)


def _paid(made: list[Invoice], ledger: Ledger, year: int) -> list[Invoice]:
    from_member = [p for p in ledger.books(year).payments if p.organisation == made[0].organisation]
    coming = [(p.on, cents(p.amount)) for p in sorted(from_member, key=lambda p: (p.on, p.id))]
    done = []
    for i, invoice in enumerate(made):
        paid, when = 0, None
        last = i == len(made) - 1
        while coming and (paid < invoice.cents or last):
            on, amount = coming.pop(0)
            taken = amount if last else min(amount, invoice.cents - paid)
            if amount > taken:
                coming.insert(0, (on, amount - taken))
            when = on if paid < invoice.cents else when
            paid += taken
        done.append(replace(invoice, paid=paid, paid_on=when))
    return done


COLUMNS = (
    "number",
    "organisation",
    "name",
    "agreement",
    "fiscal_year",
    "instalment",
    "issued",
    "due",
    "amount",
    "currency",
    "paid",
)


def to_csv(ledger: Ledger, made: Iterable[Invoice]) -> str:
    """Return invoices as CSV that a ledger can take in: one row each, amounts with a point and two decimals."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for i in made:
        name = inert(ledger.register.name(i.organisation))
        of = f"{i.instalment}/{i.of}"
        writer.writerow(
            [i.number, i.organisation, name, ledger.agreement.id, i.year, of, i.issued, i.due, f"{money(i.cents):.2f}",
             ledger.register.currency, f"{money(i.paid):.2f}"]
        )  # fmt: skip
    return text.getvalue()
