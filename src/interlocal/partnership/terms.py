"""The term that an agreement is in: its first one, or one that followed by itself."""

from __future__ import annotations

from datetime import date, timedelta

from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import add_months


def term_end(agreement: Agreement, day: date) -> date | None:
    """Return the last day of the term that an agreement is in on a day; None where no term is agreed.

    One that renews itself goes on by the agreed months, again and again. Where the day returned is before ``day``, the
    term is over and nothing on record says whether it goes on.
    """
    ends, months = agreement.ends, agreement.renewal.months
    if ends is None or ends >= day or agreement.renewal.kind != "automatic" or months is None:
        return ends
    # A term is counted from the day after the one before, so that months of any length end on their last day.
    following, terms = ends + timedelta(days=1), 0
    while add_months(following, terms * months) <= day:
        terms += 1
    return add_months(following, terms * months) - timedelta(days=1)
