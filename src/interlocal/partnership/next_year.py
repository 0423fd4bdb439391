"""The books of the year after the last: its budget carried on, its drivers as last known, for somebody to bring up to date."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import presence
from interlocal.partnership.money import BudgetLine, FiscalYear


def next_year(agreement: Agreement) -> FiscalYear | None:
    """Return the next fiscal year's books to start from; None where there is no year to go on from, or nobody is left.

    Amounts grow by the agreement's escalator where it names a rate. Drivers are last year's with their corrections; a
    member that joins has none yet, and the assessment asks for them.
    """
    last = max(agreement.years, key=lambda y: y.year, default=None)
    if last is None or not presence(agreement, last.year + 1):
        return None
    rate = agreement.escalator.rate if agreement.escalator and agreement.escalator.rate else 0.0
    staying = presence(agreement, last.year + 1)
    drivers = {d: {p: v for p, v in by.items() if p in staying} for d, by in last.drivers.items()}
    for r in sorted(last.restatements, key=lambda r: (r.on, r.id)):
        if r.organisation in staying:
            drivers.setdefault(r.driver, {})[r.organisation] = r.value
    return FiscalYear(
        year=last.year + 1,
        lines=tuple(
            BudgetLine(id=x.id, name=x.name, item=x.item, capital=x.capital, budget=_grown(x.budget, rate))
            for x in last.lines
        ),
        drivers=drivers,
    )


def _grown(amount: Decimal, rate: float) -> Decimal:
    return (amount * (1 + Decimal(str(rate)))).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
