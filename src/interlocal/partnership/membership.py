"""Joining and leaving: what it costs whom, by the terms of the agreement, in words and cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from interlocal.partnership.agreement import Agreement, Party
from interlocal.partnership.fiscal import add_months, presence
from interlocal.partnership.ledger import Ledger
from interlocal.problems import InputError, Problem, nearest


@dataclass(frozen=True)
class Cost:
    """One line of what leaving costs [cents]; None where nobody agreed or estimated it."""

    what: str
    text: str
    cents: int | None


@dataclass(frozen=True)
class Withdrawal:
    """What leaving costs a member, and when it can leave at the earliest."""

    organisation: str
    notice_on: date
    earliest: date | None
    """None where no notice is agreed."""
    costs: tuple[Cost, ...]

    @property
    def known(self) -> int:
        """The sum of what is known [cents]."""
        return sum(c.cents for c in self.costs if c.cents is not None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is neither agreed nor estimated."""
        return tuple(c.what for c in self.costs if c.cents is None)


def leaving(ledger: Ledger, organisation: str, notice_on: date) -> Withdrawal:
    """Return what it costs a member to leave when it gives notice on a day.

    Raises
    ------
    InputError
        Where it is no member on that day, or no year has been billed.
    """
    a = ledger.agreement
    if organisation not in a.members_on(notice_on):
        close = nearest(organisation, a.members_on(notice_on))
        raise _refused(
            a,
            f"{organisation}, which is no member on {notice_on}",
            f"one of {', '.join(a.members_on(notice_on)) or '(nobody)'}",
            f"Did you mean {close}?" if close else "Check the name and the day.",
        )
    billed = [
        y for y in ledger.years if organisation in ledger.billed(y).gross and ledger.billed_on(y) <= notice_on
    ]
    if not billed:
        raise _refused(
            a, f"no bill of {organisation} by {notice_on}", "a year with books", "Add the year's books."
        )
    last = billed[-1]
    yearly = int(ledger.billed(last).gross[organisation] / presence(a, last)[organisation])
    terms = a.exit
    months = terms.notice_months if terms and terms.notice_months is not None else a.notice_months
    earliest = None if months is None else add_months(notice_on, months)
    if earliest is not None and a.ending is not None:
        earliest = max(notice_on, min(earliest, a.ending.on))
    return Withdrawal(
        organisation,
        notice_on,
        earliest,
        (
            _during_notice(ledger, yearly, last, notice_on, earliest),
            _stranded(ledger, yearly, last),
            _reserve(ledger, organisation, notice_on),
            _rebuilding(ledger, organisation),
        ),
    )


def _during_notice(ledger: Ledger, yearly: int, last: int, notice_on: date, earliest: date | None) -> Cost:
    if earliest is None:
        return Cost("notice", "The agreement names no notice: nobody knows how long it pays on.", None)
    amount = round(yearly * Fraction((earliest - notice_on).days, 365))
    text = f"Its bills during the notice, until {earliest}, at its bill of {last} of {_said(yearly, ledger)} a year: "
    return Cost("notice", f"{text}{_said(amount, ledger)}.", amount)


def _stranded(ledger: Ledger, yearly: int, last: int) -> Cost:
    terms = ledger.agreement.exit
    if terms is None or terms.stranded_share is None:
        return Cost("stranded", "No part of the cost it leaves behind is agreed; ask who would pay it.", None)
    amount = round(yearly * Fraction(terms.stranded_share).limit_denominator(10**6) * terms.stranded_years)
    part = f"{100 * terms.stranded_share:g} % of its bill of {last} for {terms.stranded_years} years"
    return Cost(
        "stranded", f"Its part of the cost it leaves behind: {part}: {_said(amount, ledger)}.", amount
    )


def reserve_paid(ledger: Ledger, day: date) -> dict[str, int]:
    """Return what each member was billed for the reserve up to a day [cents], where it is anything."""
    paid: dict[str, int] = {}
    for year in ledger.years:
        if ledger.billed_on(year) <= day:
            for s in ledger.statements(year):
                paid[s.organisation] = paid.get(s.organisation, 0) + s.reserve
    return {p: amount for p, amount in sorted(paid.items()) if amount}


def _reserve(ledger: Ledger, organisation: str, day: date) -> Cost:
    terms = ledger.agreement.exit
    paid = reserve_paid(ledger, day).get(organisation, 0)
    if not paid:
        return Cost("reserve", "It paid nothing into a reserve.", 0)
    if terms is None or terms.reserve_returned is None:
        return Cost(
            "reserve",
            f"It paid {_said(paid, ledger)} into the reserve; nothing says if it gets that back.",
            None,
        )
    if terms.reserve_returned:
        return Cost("reserve", f"It gets back what it paid into the reserve: {_said(paid, ledger)}.", -paid)
    return Cost("reserve", f"What it paid into the reserve, {_said(paid, ledger)}, stays with the others.", 0)


def _rebuilding(ledger: Ledger, organisation: str) -> Cost:
    terms = ledger.agreement.exit
    if terms is None or organisation not in terms.rebuild_cost:
        return Cost(
            "rebuilding",
            "What it costs to run the service alone again is not estimated; ask its staff.",
            None,
        )
    amount = round(100 * terms.rebuild_cost[organisation].central)
    return Cost("rebuilding", f"Building the service up again for itself: {_said(amount, ledger)}.", amount)


@dataclass(frozen=True)
class Joining:
    """What a new member changes in a year's bills [cents]."""

    organisation: str
    since: date
    year: int
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def difference(self) -> dict[str, int]:
        """What each pays more (+) or less (−); it adds up to 0, as the budget stays as it is."""
        return {p: self.after.get(p, 0) - self.before.get(p, 0) for p in sorted({*self.before, *self.after})}


def joining(ledger: Ledger, party: Party, year: int, drivers: Mapping[str, float]) -> Joining:
    """Return the bills of a year with and without a new member, the budget unchanged.

    Parameters
    ----------
    party
        Whom, since when, for which part of the service.
    drivers
        Its value of each driver of the year.

    Raises
    ------
    InputError
        Where it is a member already, or a driver of the formula is missing.
    """
    a = ledger.agreement
    since = party.since or a.starts
    if party.organisation in a.members_on(since):
        raise _refused(
            a, f"{party.organisation}, a member already on {since}", "a new member", "Choose another day."
        )
    books = ledger.books(year)
    known = {
        d: {**v, party.organisation: drivers[d]} if d in drivers else v for d, v in books.drivers.items()
    }
    years = tuple(y.model_copy(update={"drivers": known}) if y.year == year else y for y in a.years)
    wider = a.model_copy(update={"parties": (*a.parties, party), "years": years})
    after = Ledger(ledger.register, wider).billed(year).gross
    return Joining(party.organisation, since, year, ledger.billed(year).gross, after)


def _said(amount: int, ledger: Ledger) -> str:
    return f"{amount / 100:,.2f} {ledger.register.currency}"


def _refused(a: Agreement, found: str, expected: str, fix: str) -> InputError:
    return InputError(Problem(f"/agreements/{a.id}/parties", f"agreement {a.id}", found, expected, fix))
