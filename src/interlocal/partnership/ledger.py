"""The money between the partners over the years: bills, what closed books and corrected drivers change, and invoices.

What has been billed is never changed. Once books are closed or a driver is restated, the year is worked out again; the
difference is carried to the next bills that are made after that day. So the sum of all bills is always the sum of what
was assessed, whatever the order in which things became known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from interlocal.case.values import Money
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.assessment import Assessment, Basis, Step, assess
from interlocal.partnership.fiscal import first_day, presence
from interlocal.partnership.money import FiscalYear, cents, split
from interlocal.partnership.register import Register
from interlocal.partnership.year_as_case import YearsFacts
from interlocal.problems import InputError, Problem
from interlocal.sharing.bending import buy_in

Known = frozenset[tuple[int, str]]
"""Restatements that are known: year of the driver and id."""


@dataclass(frozen=True)
class Statement:
    """What one member owes for a year, from its part of the budget to what is left to pay [cents]."""

    organisation: str
    gross: int
    """Its part of the budget."""
    reserve: int
    """Its addition to the reserve."""
    gifts: int
    """What it gives in kind, at the agreed value."""
    buy_in: int
    """What it pays once to join; below 0, its part of what joiners pay."""
    carried: int
    """What earlier years leave: true-ups and restated drivers."""

    @property
    def net(self) -> int:
        """What is left to pay in money; below 0 it is paid out."""
        return self.gross + self.reserve - self.gifts + self.buy_in + self.carried


@dataclass(frozen=True)
class Settled:
    """A year worked out again with what has become known, beside what was billed [cents]."""

    year: int
    basis: Basis
    billed: Mapping[str, int]
    now: Mapping[str, int]

    @property
    def difference(self) -> dict[str, int]:
        """What each member still owes (+) or gets back (−)."""
        everyone = sorted({*self.billed, *self.now})
        return {p: self.now.get(p, 0) - self.billed.get(p, 0) for p in everyone}


class Ledger:
    """The books of one agreement, read once and worked out as asked.

    Parameters
    ----------
    register
        Where names and the currency come from.
    agreement
        One with fiscal years.
    """

    def __init__(self, register: Register, agreement: Agreement) -> None:
        self.register, self.agreement = register, agreement
        self._assessed: dict[tuple[int, Known, Basis], Assessment] = {}
        self._stated: dict[int, tuple[Statement, ...]] = {}

    @cached_property
    def years(self) -> dict[int, FiscalYear]:
        """The books by year, in the order of the years."""
        return {y.year: y for y in sorted(self.agreement.years, key=lambda y: y.year)}

    def books(self, year: int) -> FiscalYear:
        """Return a year's books.

        Raises
        ------
        InputError
            Where there are none.
        """
        if year not in self.years:
            known = ", ".join(map(str, self.years)) or "none"
            raise InputError(
                Problem(
                    f"/agreements/{self.agreement.id}/years",
                    f"agreement {self.agreement.id}",
                    f"no books for {year}",
                    f"a fiscal year with books: {known}",
                    "Choose one of these, or add the year's budget and drivers.",
                )
            )
        return self.years[year]

    def billed_on(self, year: int) -> date:
        """Return the day on which a year's bills were made."""
        return self.books(year).billed_on or first_day(self.agreement, year)

    def billed(self, year: int) -> Assessment:
        """Return the year's assessment as billed: its budget, by the drivers known on the day of the bills."""
        return self._assess(year, self._known_before(year), "budget")

    def settled(self, year: int, day: date) -> Settled | None:
        """Return a year worked out again with what was known on a day; None where nothing had changed.

        Closed books count where the agreement settles at year end.
        """
        known, basis = self._state(year, day)
        billed, now = self.billed(year), self._assess(year, known, basis)
        return None if now is billed else Settled(year, basis, billed.gross, now.gross)

    def trail(self, year: int, day: date | None = None) -> tuple[Step, ...]:
        """Return every step of the way to a year's bills, or to the year worked out again with what was known on a day."""
        known, basis = self._state(year, day) if day else (self._known_before(year), "budget")
        return assess(self.agreement, self.books(year), self._facts(year, known), basis, told=True).steps

    def carried(self, year: int) -> dict[str, int]:
        """Return what the bills of a year take over from earlier years [cents], by member; those who left included."""
        return _summed(self.carried_from(year).values())

    def carried_from(self, year: int) -> dict[int, dict[str, int]]:
        """Return what the bills of a year take over from each earlier year [cents], where it is anything."""
        earlier = [y for y in self.years if y < year]
        return (
            self._became_known(earlier, self.billed_on(earlier[-1]), self.billed_on(year)) if earlier else {}
        )

    def outstanding(self) -> dict[str, int]:
        """Return what is settled by the register's day and on no bill yet [cents]."""
        made = [y for y in self.years if self.billed_on(y) <= self.register.as_of]
        if not made:
            return {}
        before = self.billed_on(made[-1])
        found = self._became_known(made, before, self.register.as_of)
        return _summed(found.values())

    def statements(self, year: int) -> tuple[Statement, ...]:
        """Return what each member owes for a year, those with something left from earlier years included."""
        if year not in self._stated:
            self._stated[year] = self._statements(year)
        return self._stated[year]

    def _statements(self, year: int) -> tuple[Statement, ...]:
        gross, carried = self.billed(year).gross, self.carried(year)
        gifts, joining = self._gifts(year), self._buy_in(year)
        formula = self.agreement.formula
        assert formula is not None, "an assessment refuses an agreement without a formula"
        rate = formula.reserve_contribution.central if formula.reserve_contribution else 0.0
        owing = [p for p, amount in carried.items() if amount]
        return tuple(
            Statement(
                p,
                gross.get(p, 0),
                round(gross.get(p, 0) * rate),
                gifts.get(p, 0),
                joining.get(p, 0),
                carried.get(p, 0),
            )
            for p in sorted({*gross, *owing})
        )

    def _became_known(self, years: Sequence[int], before: date, now: date) -> dict[int, dict[str, int]]:
        """Return by how much the difference of each year to its bills moved from one day to another [cents].

        ``before`` is the day of the last year's bills, which carried the years before it and nothing of itself.
        """
        found = {}
        for year in years:
            last = year == years[-1]
            if not last and self._state(year, before) == self._state(year, now):
                continue
            then = None if last else self.settled(year, before)
            since = self.settled(year, now)
            moved = _summed(
                [
                    since.difference if since else {},
                    {p: -x for p, x in then.difference.items()} if then else {},
                ]
            )
            if any(moved.values()):
                found[year] = moved
        return found

    def _state(self, year: int, day: date) -> tuple[Known, Basis]:
        """Return what a year is worked out from on a day: the restatements known, and its actual cost or its budget."""
        books, formula = self.books(year), self.agreement.formula
        closed = books.closed_on is not None and books.closed_on <= day
        known = frozenset(k for k in self._known(max(day, self.billed_on(year))) if k[0] <= year)
        return (
            known,
            "actual" if closed and formula is not None and formula.true_up == "year_end" else "budget",
        )

    def _known_before(self, year: int) -> Known:
        """Return which corrections of earlier years were known when a year's bills were made."""
        return frozenset(k for k in self._known(self.billed_on(year)) if k[0] < year)

    def _known(self, day: date) -> Known:
        return frozenset((y.year, r.id) for y in self.years.values() for r in y.restatements if r.on <= day)

    def _assess(self, year: int, known: Known, basis: Basis) -> Assessment:
        key = (year, known, basis)
        if key not in self._assessed:
            self._assessed[key] = assess(self.agreement, self.books(year), self._facts(year, known), basis)
        return self._assessed[key]

    def _facts(self, year: int, known: Known) -> YearsFacts:
        names = {o.id: o.name for o in self.register.organisations}
        return YearsFacts(self._drivers(year, known), self._last_bills(year), names, self.register.currency)

    def _drivers(self, year: int, known: Known) -> dict[int, Mapping[str, Mapping[str, float]]]:
        found: dict[int, Mapping[str, Mapping[str, float]]] = {}
        for y, books in self.years.items():
            if y > year:
                break
            values = {driver: dict(by_member) for driver, by_member in books.drivers.items()}
            for r in sorted(books.restatements, key=lambda r: (r.on, r.id)):
                if (y, r.id) in known:
                    values[r.driver][r.organisation] = r.value
            found[y] = values
        return found

    def _last_bills(self, year: int) -> dict[str, int]:
        """Return each member's bill of the year before as for a whole year; before the first, what it paid before."""
        formula = self.agreement.formula
        if formula is None or formula.phase_in is None or formula.phase_in.cap_per_year is None:
            return {}
        earlier = [y for y in self.years if y < year]
        if not earlier:
            return {p: cents(amount) for p, amount in self.agreement.before.items()}
        part = presence(self.agreement, earlier[-1])
        return {p: int(bill / part[p]) for p, bill in self.billed(earlier[-1]).gross.items()}

    def _gifts(self, year: int) -> dict[str, int]:
        """Return gifts in kind by member: those of the books, or what the formula agrees where the books name none."""
        formula = self.agreement.formula
        given: dict[str, int] = {}
        entries = [(g.organisation, cents(g.value)) for g in self.books(year).gifts]
        if not entries and formula is not None:
            members = presence(self.agreement, year)
            entries = [
                (g.partner, round(100 * g.value.central)) for g in formula.in_kind if g.partner in members
            ]
        for p, value in entries:
            given[p] = given.get(p, 0) + value
        return given

    def _buy_in(self, year: int) -> dict[str, int]:
        """Return what joiners pay once in a year and what it brings the others [cents]; it adds up to 0."""
        formula = self.agreement.formula
        entries = [b for b in formula.buy_in if self._joins(b.partner, b.year) == year] if formula else []
        gross = self.billed(year).gross
        members = tuple(gross)
        if not entries or sum(gross.values()) <= 0:
            return {}
        paid = np.zeros(len(members))
        for entry in entries:
            if entry.partner in members:
                paid[members.index(entry.partner)] += _cents_of(entry.amount)
        part = np.array([float(b) for b in gross.values()])
        received = -(buy_in(paid, part / part.sum()) - paid)
        whole = (
            split(int(paid.sum()), tuple(round(x * 2**20) for x in received))
            if paid.any()
            else (0,) * len(members)
        )
        return {p: int(x) - y for p, x, y in zip(members, paid, whole, strict=True)}

    def _joins(self, organisation: str, year: int | None) -> int | None:
        if year is not None:
            return year
        return next((y for y in self.years if organisation in presence(self.agreement, y)), None)


def _summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for p, amount in part.items():
            total[p] = total.get(p, 0) + amount
    return dict(sorted(total.items()))


def _cents_of(amount: Money) -> int:
    return round(100 * amount.central)
