"""Everything about one agreement on the register's day, worked out once for every screen, page and program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from interlocal.partnership.agreement import Agreement
from interlocal.partnership.assessment import Step
from interlocal.partnership.due import Due, due
from interlocal.partnership.fiscal import year_of
from interlocal.partnership.invoices import Invoice, invoices
from interlocal.partnership.ledger import Ledger, Statement
from interlocal.partnership.performance import Observed, Performance, YearTotal, observed, performance, totals
from interlocal.partnership.register import Register
from interlocal.partnership.relationship import Relationship, relationship
from interlocal.partnership.renewal import as_case, lacking
from interlocal.partnership.rhythm import Rhythm, Sign, drift, rhythm
from interlocal.partnership.terms import term_end
from interlocal.partnership.victories import Victory, saved_line, victories


@dataclass(frozen=True)
class Overview:
    """One agreement on the register's day; each part is worked out when it is asked for.

    Parameters
    ----------
    year
        The fiscal year whose bills are shown; the latest that was billed where None.
    """

    register: Register
    agreement: Agreement
    asked_year: int | None = None

    @cached_property
    def ledger(self) -> Ledger:
        """The agreement's books."""
        return Ledger(self.register, self.agreement)

    @cached_property
    def year(self) -> int | None:
        """The fiscal year that is shown; None where there are no books or no formula."""
        if self.asked_year is not None:
            return self.ledger.books(self.asked_year).year
        made = [y for y in self.ledger.years if self.ledger.billed_on(y) <= self.register.as_of]
        return made[-1] if made and self.agreement.formula is not None else None

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What each member owes for the year."""
        return self.ledger.statements(self.year) if self.year is not None else ()

    @cached_property
    def invoices(self) -> tuple[Invoice, ...]:
        """The year's invoices."""
        return invoices(self.ledger, self.year) if self.year is not None else ()

    @cached_property
    def recent_invoices(self) -> tuple[Invoice, ...]:
        """Invoices of the last two years that were billed, whichever year is shown: late ones reach over a year's end."""
        if self.agreement.formula is None:
            return ()
        made = [y for y in self.ledger.years if self.ledger.billed_on(y) <= self.register.as_of]
        return tuple(i for y in made[-2:] for i in invoices(self.ledger, y))

    @cached_property
    def trail(self) -> tuple[Step, ...]:
        """Every step of the way to the year's bills."""
        return self.ledger.trail(self.year) if self.year is not None else ()

    @cached_property
    def due(self) -> tuple[Due, ...]:
        """What is overdue or comes due within a year."""
        return due(self.register, agreement=self.agreement.id)

    @cached_property
    def performance(self) -> tuple[Performance, ...]:
        """Promised against recorded, for years that have ended."""
        return performance(self.agreement, year_of(self.agreement, self.register.as_of) - 1)

    @cached_property
    def totals(self) -> tuple[YearTotal, ...]:
        """The same for all members together."""
        return totals(self.performance)

    @cached_property
    def observed(self) -> tuple[Observed, ...]:
        """Service measures since the start."""
        return observed(self.agreement)

    @cached_property
    def rhythm(self) -> Rhythm:
        """Check-ins and actions."""
        return rhythm(self.agreement, self.register.as_of)

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """Early signs of drift."""
        return drift(self.register, self.agreement, self.recent_invoices)

    @cached_property
    def relationship(self) -> Relationship:
        """Pulses, issues and disputes."""
        return relationship(self.agreement, as_case(self.register, self.agreement))

    @cached_property
    def victories(self) -> tuple[Victory, ...]:
        """What was reached."""
        return victories(self.agreement, self.register.as_of)

    @cached_property
    def saved(self) -> str | None:
        """What was saved, in a sentence, as far as it is certified."""
        return saved_line(self.agreement, self.totals, self.register.currency)

    def document(self) -> dict[str, Any]:
        """Return everything as plain data for programs; amounts are whole cents."""
        a, ends = self.agreement, term_end(self.agreement, self.register.as_of)
        return {
            "format": 1,
            "register": self.register.title,
            "fictional": self.register.fictional,
            "as_of": self.register.as_of.isoformat(),
            "currency": self.register.currency,
            "agreement": {
                "id": a.id,
                "title": a.title,
                "members": list(a.members_on(self.register.as_of)),
                "starts": a.starts.isoformat(),
                "ends": ends.isoformat() if ends else None,
            },
            "due": _plain(self.due),
            "year": self.year,
            "statements": [asdict(s) | {"net": s.net} for s in self.statements],
            "invoices": _plain(self.invoices),
            "outstanding": self.ledger.outstanding() if self.year is not None else {},
            "steps": _plain(self.trail),
            "performance": [
                _plain(asdict(p)) | {"promised": p.promised, "realised": p.realised} for p in self.performance
            ],
            "totals": _plain(self.totals),
            "measures": _plain(self.observed),
            "rhythm": {
                "planned": self.rhythm.planned,
                "held": self.rhythm.held,
                "attendance": self.rhythm.attendance,
                "open_actions": self.rhythm.open_actions,
                "overdue": [
                    {"id": o.action.id, "text": o.action.text, "days": o.days, "escalated_to": o.escalated_to}
                    for o in self.rhythm.overdue
                ],
            },
            "signs": _plain(self.signs),
            "relationship": {
                "pulses": _plain(self.relationship.pulses),
                "trend": self.relationship.trend,
                "asked": _plain(self.relationship.asked),
                "issues": [
                    {"id": i.issue.id, "text": i.issue.text, "days": i.days} for i in self.relationship.issues
                ],
                "disputes": [
                    {
                        "id": d.dispute.id,
                        "text": d.dispute.text,
                        "days": d.days,
                        "step": d.step,
                        "over": d.over,
                    }
                    for d in self.relationship.disputes
                ],
                "warnings": _plain(self.relationship.warnings),
            },
            "victories": _plain(self.victories),
            "saved": self.saved,
            "collect": [str(x) for x in lacking(a)],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return _plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value
