"""Dues of a council or a joint board: who is in which class, what it pays, and whether it renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from interlocal.case.formulas import Dues
from interlocal.partnership.fiscal import presence
from interlocal.partnership.invoices import invoices
from interlocal.partnership.ledger import Ledger
from interlocal.sharing.dues import class_of


@dataclass(frozen=True)
class Renewal:
    """One member's dues of a year."""

    organisation: str
    name_of_class: str
    discount: float
    """Of its class and its role together, as a share."""
    cents: int
    due: date | None
    """Of the first part; None where nothing is to pay."""
    renewed_on: date | None
    """When its first part was paid in full, which renews the membership; None before."""


def renewals(ledger: Ledger, year: int) -> tuple[Renewal, ...]:
    """Return each member's dues of a year; nothing where the agreement has no schedule of dues."""
    formula = ledger.agreement.formula
    if formula is None or not isinstance(formula.rule, Dues):
        return ()
    rule, gross = formula.rule, ledger.billed(year).gross
    members = tuple(presence(ledger.agreement, year))
    size = np.array([ledger.books(year).drivers[rule.measure][p] for p in members])
    first = {i.organisation: i for i in reversed(invoices(ledger, year))}
    found = []
    for p, at in zip(members, class_of(size, rule.classes), strict=True):
        its_class, invoice = rule.classes[at], first.get(p)
        role = rule.role_discounts.get(p, 0.0)
        renewed = invoice.paid_on if invoice and invoice.paid >= invoice.cents else None
        discount = 1 - (1 - its_class.discount) * (1 - role)
        found.append(
            Renewal(p, its_class.name, discount, gross[p], invoice.due if invoice else None, renewed)
        )
    return tuple(found)
