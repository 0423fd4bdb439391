"""What a check may read: the case, the study so far, and the thresholds of its item."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.case.values import Visibility
from interlocal.case.walk import visibilities
from interlocal.lessons.catalogue import Item
from interlocal.lessons.finding import Evidence, Finding, Judgement, finding
from interlocal.phrases import listed

DAYS_PER_MONTH = 365.25 / 12
UNKNOWN = Judgement("unknown")
"""Nothing to go by; what to collect stands in the catalogue."""


@dataclass(frozen=True)
class Reading:
    """One item's view of a case."""

    case: Case
    document: Mapping[str, Any]
    """The study so far; empty before one was run."""
    item: Item

    def threshold(self, name: str) -> float:
        """Return a threshold of the item, as the case sets it or as shipped."""
        shipped = self.item.thresholds[name]
        return next((t.value for t in self.case.thresholds if t.id == shipped.id), shipped.value)

    @property
    def option(self) -> Option | None:
        """The option proposed."""
        return self.case.proposed_option

    @property
    def place(self) -> str:
        """Pointer to the option proposed."""
        ids = [o.id for o in self.case.options]
        return f"/options/{ids.index(self.option.id)}" if self.option else "/options"

    def answer(self, *path: str) -> tuple[Any, str]:
        """Return a part of the study, None where it has none, and the pointer to it."""
        return lookup(self.document, path)

    def name(self, partner: str) -> str:
        """Return a partner's name."""
        return self.case.partner(partner).name

    def names(self, partners: Iterable[str]) -> str:
        """Return partners' names as a list in words."""
        return listed(self.name(p) for p in partners)


def lookup(document: Mapping[str, Any], path: Sequence[str]) -> tuple[Any, str]:
    """Return a part of a document, None where it has none, and the JSON pointer to it."""
    found: Any = document
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found, "/" + "/".join(path)


def count(number: float, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 partner, 2 partners."""
    return f"{number:g} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share as a whole percentage, in words at the ends so that 99.7 is not shown as certain."""
    shown = round(share * 100)
    if shown == 100 and share < 1:
        return "more than 99 percent"
    return "less than 1 percent" if shown == 0 and share > 0 else f"{shown} percent"


def futures(p: float) -> str:
    """Return a probability as futures out of 100."""
    shown = round(p * 100)
    if shown in {0, 100} and p not in {0.0, 1.0}:
        return "fewer than 1 of 100 futures" if shown == 0 else "more than 99 of 100 futures"
    return f"{shown} of 100 futures"


def months(first: date, last: date) -> float:
    """Return the months from one day to another; negative where the second comes first."""
    return (last - first).days / DAYS_PER_MONTH


def money(reading: Reading, amount: float) -> str:
    """Return an amount with its currency, to three figures."""
    digits = max(0, math.floor(math.log10(abs(amount))) - 2) if amount else 0
    return f"{reading.case.currency} {round(amount, -digits):,.0f}"


def assess(
    check: Callable[[Reading], Judgement], item: Item, case: Case, document: Mapping[str, Any]
) -> Finding:
    """Return the finding of one check."""
    judgement = check(Reading(case, document, item))
    if judgement.because:
        judgement = replace(judgement, because=(*judgement.because, *_overridden(case, item)))
    return finding(item, judgement, case.gate, audience(case, item, judgement.because))


def _overridden(case: Case, item: Item) -> Iterator[Evidence]:
    """Yield a sentence for each threshold of the item that the case sets otherwise."""
    by_id = {t.id: t for t in item.thresholds.values()}
    for i, override in enumerate(case.thresholds):
        shipped = by_id.get(override.id)
        if shipped:
            text = f"This case judges by {override.value:g} and not by {shipped.value:g} {shipped.unit} ({shipped.meaning}): {override.reason}."
            yield Evidence(text, f"/thresholds/{i}", override.value, shipped.unit)


def audience(case: Case, item: Item, because: Iterable[Evidence]) -> Visibility:
    """Return who may see a finding: no more people than may see every entry it rests on."""
    levels: tuple[Visibility, ...] = get_args(Visibility)
    kept = [item.audience, *(v for e in because for v in visibilities(case, e.pointer))]
    return min(kept, key=levels.index)
