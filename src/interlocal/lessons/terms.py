"""Terms that can bend or were fitted to the partners, and dates on which doors are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.lessons.reading import months

_EVENTS = {
    "election": "an election",
    "budget_adoption": "a budget",
    "contract_end": "the end of a contract",
    "lease_end": "the end of a lease",
    "retirement": "a post that falls open",
}


@dataclass(frozen=True)
class Door:
    """A date on which something can change."""

    on: date
    kind: str
    pointer: str


def doors(case: Case) -> tuple[Door, ...]:
    """Return every dated opening of the case, the earliest first."""
    found = [
        Door(e.on, _EVENTS[e.kind], f"/events/{i}") for i, e in enumerate(case.events) if e.kind in _EVENTS
    ]
    found += [
        Door(k.until, "a post that falls open", f"/key_posts/{i}")
        for i, k in enumerate(case.key_posts)
        if k.until and k.status != "filled"
    ]
    found += [
        Door(s.contract_end, "the end of a contract", f"/staffing/scales/{i}")
        for i, s in enumerate(case.staffing.scales)
        if s.contract_end
    ]
    found += [
        Door(m.deadline, "the deadline of a mandate", f"/mandates/{i}")
        for i, m in enumerate(case.mandates)
        if m.deadline
    ]
    return tuple(sorted(found, key=lambda d: (d.on, d.kind, d.pointer)))


def busiest(found: Sequence[Door], length: float) -> list[Door]:
    """Return the dates of the window with the most kinds, the earliest where several tie; ``length`` in months."""
    windows = [[d for d in found if 0 <= months(first.on, d.on) <= length] for first in found]
    return max(windows, key=lambda window: len({d.kind for d in window}))


def flexible(option: Option) -> list[str]:
    """Return the terms that can bend, in words."""
    formula = option.formula
    there = {
        "a phase-in": formula is not None and formula.phase_in is not None,
        "a reopening clause": formula is not None and bool(formula.reopens_when),
        "a review date": option.review_date is not None,
        "a sunset": option.sunset is not None,
        "exit terms": option.exit is not None,
    }
    return [what for what, found in there.items() if found]


def fitted(option: Option) -> list[str]:
    """Return the terms that differ between partners, in words."""
    formula = option.formula
    there = {
        "scope by partner": any(tier.share < 1 for tier in option.tiers.values()),
        "floors or caps": formula is not None and bool(formula.floors or formula.caps),
        "a phase-in": formula is not None and formula.phase_in is not None,
        "in-kind credits": formula is not None and bool(formula.in_kind),
        "votes": option.voting is not None and len(set(option.voting.votes.values())) > 1,
    }
    return [what for what, found in there.items() if found]


def decided(option: Option) -> list[str]:
    """Return the terms that were decided and not merely left, in words."""
    there = {
        "the formula": option.formula is not None and option.formula.decided,
        "the votes": option.voting is not None and option.voting.decided,
        "scope by partner": any(tier.decided for tier in option.tiers.values()),
    }
    return [what for what, found in there.items() if found]
