"""The books of a shared service: budget, drivers, gifts in kind, payments. Amounts are whole cents, never rounded twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer, WithJsonSchema

from interlocal.case.values import Day, Entry, Frozen, Slug, Text, Year

Amount = Annotated[
    Decimal,
    Field(max_digits=15, decimal_places=2),
    PlainSerializer(float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
"""An amount of money to the cent [currency]; fifteen digits survive the way through a JSON number."""


def cents(amount: Decimal) -> int:
    """Return an amount in whole cents."""
    return int(amount.scaleb(2))


def money(whole_cents: int) -> Decimal:
    """Return whole cents as an amount."""
    return Decimal(whole_cents).scaleb(-2)


def split(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Split whole cents by whole weights so that the parts add up exactly, by the largest remainder.

    Of equal remainders the first gets the cent. (Hamilton's rule for seats; exact in whole numbers, whatever the size.)
    """
    of = sum(weights)
    parts = [divmod(total * w, of) for w in weights]
    left = total - sum(q for q, _ in parts)
    order = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    extra = set(order[:left])
    return tuple(q + (i in extra) for i, (q, _) in enumerate(parts))


class BudgetLine(Entry):
    """One line of the budget of the shared service."""

    id: Slug
    name: Text | None = None
    item: Slug | None = None
    """The part of the menu it pays for; all members share it where empty."""
    capital: bool = False
    """Capital and debt, which the formula's own rule for capital shares where it has one."""
    budget: Amount
    """[currency/year]"""
    actual: Amount | None = None
    """What it came to once the books are closed [currency/year]."""


class Gift(Entry):
    """Something a member gave instead of money, at its agreed value."""

    organisation: Slug
    what: Text
    value: Amount
    """[currency/year]"""


class Payment(Entry):
    """Money that came in."""

    id: Slug
    organisation: Slug
    on: Day
    amount: Amount
    """[currency]"""


class Restatement(Entry):
    """A driver found to be wrong after the bills went out."""

    id: Slug
    organisation: Slug
    driver: Slug
    value: Annotated[float, Field(ge=0)]
    on: Day
    why: Text


class Instalments(Frozen):
    """When bills fall due."""

    months: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(min_length=1)] = (1,)
    """Months of the fiscal year in whose first days a part is due: 1 is its first month; 1, 4, 7, 10 is quarterly."""
    days_to_pay: Annotated[int, Field(ge=0, le=365)] = 30


class FiscalYear(Entry):
    """One year's books."""

    year: Year
    lines: tuple[BudgetLine, ...] = ()
    drivers: dict[Slug, dict[Slug, Annotated[float, Field(ge=0)]]] = {}
    """Value by driver and organisation, as known when the bills were made."""
    gifts: tuple[Gift, ...] = ()
    payments: tuple[Payment, ...] = ()
    restatements: tuple[Restatement, ...] = ()
    adopted_on: Day | None = None
    billed_on: Day | None = None
    """When the bills were made; what was settled by then is on them. The year's first day where empty."""
    closed_on: Day | None = None
    """When the books were closed; actual amounts are final from then on."""
