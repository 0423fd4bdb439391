"""Money between partners as its screens show it, each worked out once a day for a revision; see :mod:`running`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from interlocal.partnership.dues import renewals
from interlocal.partnership.fiscal import last_day
from interlocal.partnership.invoices import to_csv
from interlocal.partnership.ledger import Ledger
from interlocal.partnership.membership import Withdrawal, leaving
from interlocal.partnership.money import cents
from interlocal.problems import InputError
from interlocal.report import partnership as papers
from interlocal.report.paper_page import to_body
from interlocal.report.pdf import to_pdf
from interlocal.web import running
from interlocal.web.policies import Access
from interlocal.web.whole import whole

_COLUMNS = (
    ("gross", "Part of the budget"),
    ("reserve", "Reserve"),
    ("gifts", "In kind"),
    ("buy_in", "Joining"),
    ("carried", "Earlier years"),
    ("net", "To pay"),
)
_NEVER_LEFT_OUT = {"gross", "net"}


def may_open(access: Access) -> frozenset[str] | None:
    """Return the parties whose bills a person may open; None for all: the host's people, facilitators, consultants."""
    return access.partners if access.roles == {"partner"} else None


def opens(access: Access, organisation: str) -> bool:
    """Whether a person may open a party's bill."""
    mine = may_open(access)
    return mine is None or organisation in mine


def ledger(access: Access) -> Ledger:
    """Return the books of an agreement."""
    return running.overview(access.case, access.audience).ledger


def years(access: Access) -> list[int]:
    """Return the fiscal years with books, the latest first."""
    return sorted((y.year for y in access.case.head.partnership.years), reverse=True)


def chosen_year(access: Access, asked: str) -> int | None:
    """Return the year to show: the one asked for, or else the latest whose bills were made, or the first there is."""
    known = years(access)
    wished = whole(asked, None)
    if wished in known:
        return wished
    books = ledger(access)
    made = [y for y in known if books.billed_on(y) <= running.today()]
    return made[0] if made else (known[-1] if known else None)


def year(access: Access, chosen: int) -> dict[str, Any]:
    """Return everything that a year's screen shows; amounts are whole cents.

    Raises
    ------
    InputError
        With all that the bills lack.
    """
    return running.kept(access.case, access.audience, f"money-{chosen}", lambda: _year(access, chosen))


def bill(access: Access, chosen: int, organisation: str) -> str | None:
    """Return a member's bill and how it came about, as a piece of HTML; None where it owes nothing in that year."""

    def work() -> str:
        o = running.overview(access.case, access.audience, chosen)
        owed = any(s.organisation == organisation for s in o.statements)
        return to_body(papers.bills(o, organisation)) if owed else ""

    return running.kept(access.case, access.audience, f"bill-{chosen}-{organisation}", work) or None


def bill_pdf(access: Access, chosen: int, organisation: str) -> bytes:
    """Return the bill as a tagged PDF."""
    o = running.overview(access.case, access.audience, chosen)
    return to_pdf(papers.bills(o, organisation))


def invoices_csv(access: Access, chosen: int) -> str:
    """Return the invoices that a person may open, for a ledger."""
    o = running.overview(access.case, access.audience, chosen)
    return to_csv(o.ledger, [i for i in o.invoices if opens(access, i.organisation)])


@dataclass(frozen=True)
class Leaver:
    """What leaving costs one member when it gives notice today."""

    id: str
    name: str
    cost: Withdrawal | None
    """None where no bill says what it pays."""

    @property
    def parts(self) -> list[int | None]:
        """What each term of the agreement makes it cost, in the order of :data:`TERMS` [cents]; None where not known."""
        by = {c.what: c.cents for c in self.cost.costs} if self.cost else {}
        return [by.get(what) for what in TERMS]


TERMS = {"notice": "During the notice", "stranded": "Cost it leaves behind", "reserve": "Reserve", "rebuilding": "Building up again"}  # fmt: skip
"""What leaving costs, by the names of its parts."""


def leavers(access: Access) -> list[Leaver]:
    """Return what leaving would cost each member whose bills a person may open, by the terms, with notice today."""
    found = running.kept(access.case, access.audience, "leavers", lambda: _leavers(access))
    return [x for x in found if opens(access, x.id)]


def _leavers(access: Access) -> list[Leaver]:
    books, day = ledger(access), running.today()
    found = []
    for p in books.agreement.members_on(day):
        try:
            cost = leaving(books, p, day)
        except InputError:
            cost = None
        found.append(Leaver(p, books.register.name(p), cost))
    return found


def again(access: Access, chosen: int) -> dict[str, Any]:
    """Return a year as billed and as worked out again today, with what made the difference and every step; or nothing."""
    return running.kept(access.case, access.audience, f"again-{chosen}", lambda: _again(access, chosen))


def _year(access: Access, chosen: int) -> dict[str, Any]:
    o = running.overview(access.case, access.audience, chosen)
    books, register = o.ledger.books(chosen), o.register
    owed, made = o.statements, o.invoices
    figures = {k: [getattr(s, k) for s in owed] for k, _ in _COLUMNS}
    figures["gifts"] = [-x for x in figures["gifts"]]
    shown = [(k, name) for k, name in _COLUMNS if any(figures[k]) or k in _NEVER_LEFT_OUT]
    came = [sum(i.paid for i in made if i.organisation == s.organisation) for s in owed]
    assessed = o.ledger.billed(chosen)
    left = {p: x for p, x in o.ledger.outstanding().items() if x}
    settled = o.ledger.settled(chosen, register.as_of)
    return {
        "currency": register.currency,
        "total": assessed.total,
        "uncovered": assessed.uncovered,
        "billed_on": o.ledger.billed_on(chosen),
        "ends": last_day(o.agreement, chosen),
        "closed_on": books.closed_on,
        "columns": [*(name for _, name in shown), "Came in"],
        "rows": [
            (s.organisation, register.name(s.organisation), [*(figures[k][i] for k, _ in shown), came[i]])
            for i, s in enumerate(owed)
        ],
        "together": [*(sum(figures[k]) for k, _ in shown), sum(came)],
        "lines": [
            (x.name or x.id.replace("_", " "), cents(x.budget), None if x.actual is None else cents(x.actual))
            for x in books.lines
        ],
        "drivers": sorted(books.drivers),
        "driven": [
            (register.name(p), [books.drivers[d].get(p) for d in sorted(books.drivers)])
            for p in sorted({p for by in books.drivers.values() for p in by})
        ],
        "invoices": [
            (i.number, i.organisation, register.name(i.organisation), i.issued, i.due, i.cents, i.paid,
             _standing(i.paid >= i.cents, i.issued > register.as_of, i.late_days(register.as_of)))
            for i in made
        ],
        "dues": [
            (register.name(r.organisation), r.name_of_class, r.discount, r.cents, r.due, r.renewed_on)
            for r in renewals(o.ledger, chosen)
        ],
        "differs": settled is not None and any(settled.difference.values()),
        "outstanding": [(register.name(p), x) for p, x in left.items()],
    }  # fmt: skip


def _standing(paid: bool, coming: bool, late: int) -> str:  # noqa: FBT001 - one row's facts
    if paid:
        return "paid" if not late else f"paid {late} days late"
    return "not sent yet" if coming else f"{late} days late" if late else "open"


def _again(access: Access, chosen: int) -> dict[str, Any]:
    o = running.overview(access.case, access.audience, chosen)
    day = o.register.as_of
    found = o.ledger.settled(chosen, day)
    if found is None:
        return {}
    known = [
        (y.year, o.register.name(r.organisation), r.driver.replace("_", " "), y.drivers.get(r.driver, {}).get(r.organisation), r.value, r.on, r.why)
        for y in o.ledger.years.values()
        if y.year <= chosen
        for r in y.restatements
        if r.on <= day
    ]  # fmt: skip
    return {
        "currency": o.register.currency,
        "basis": found.basis,
        "rows": [
            (o.register.name(p), found.billed.get(p, 0), found.now.get(p, 0), x)
            for p, x in found.difference.items()
        ],
        "together": (
            sum(found.billed.values()),
            sum(found.now.values()),
            sum(found.difference.values()),
        ),
        "restated": known,
        "closed_on": o.ledger.books(chosen).closed_on,
        "steps": [s.text for s in o.ledger.trail(chosen, day)],
    }
