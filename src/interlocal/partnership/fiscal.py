"""Fiscal years of an agreement: their days, and for how much of one each member was in."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from interlocal.partnership.agreement import Agreement, Party


def first_day(agreement: Agreement, year: int) -> date:
    """Return the first day of a fiscal year, which is named for the calendar year in which it ends."""
    month = agreement.fiscal_year_start
    return date(year if month == 1 else year - 1, month, 1)


def last_day(agreement: Agreement, year: int) -> date:
    """Return the last day of a fiscal year."""
    return first_day(agreement, year + 1) - timedelta(days=1)


def year_of(agreement: Agreement, day: date) -> int:
    """Return the fiscal year that a day lies in."""
    return day.year + (agreement.fiscal_year_start > 1 and day.month >= agreement.fiscal_year_start)


def month_of(agreement: Agreement, year: int, month: int) -> date:
    """Return the first day of a month of the fiscal year, 1 to 12."""
    return add_months(first_day(agreement, year), month - 1)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later or earlier, or the last day of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    following = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    return min(
        date(day.year + years, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1)
    )


def days_in(agreement: Agreement, party: Party, year: int) -> int:
    """Return for how many days of a fiscal year a party was in the agreement."""
    begins = max(party.since or agreement.starts, first_day(agreement, year))
    ends = min(party.until or date.max, agreement.ending.on if agreement.ending else date.max)
    return max(0, (min(ends, last_day(agreement, year)) - begins).days + 1)


def presence(agreement: Agreement, year: int) -> dict[str, Fraction]:
    """Return the part of the fiscal year's days for which each member was in, in the order of their ids."""
    whole = (last_day(agreement, year) - first_day(agreement, year)).days + 1
    days: dict[str, int] = {}
    for party in agreement.parties:
        days[party.organisation] = days.get(party.organisation, 0) + days_in(agreement, party, year)
    return {p: Fraction(n, whole) for p, n in sorted(days.items()) if n}
