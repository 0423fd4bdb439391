"""Who carries the project, month by month: coverage of roles, single points of failure, and ends inside the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Role = Literal["sponsor", "champion", "lead", "successor"]
ROLES: tuple[Role, ...] = ("sponsor", "champion", "lead", "successor")


@dataclass(frozen=True)
class Holder:
    """A post or person that holds a role for a partner; without dates, for as long as the plan lasts."""

    partner: str
    role: Role
    name: str
    """The post, or the person where a name is given; the same name is the same holder."""
    since: date | None = None
    until: date | None = None
    """Last day in the role, where it is known."""
    reason: str = ""
    """Why it ends: a retirement, a contract, a term."""


@dataclass(frozen=True)
class Election:
    """A day on which a partner's governing body is elected."""

    partner: str
    day: date
    body: str = ""


@dataclass(frozen=True)
class Coverage:
    """How long a role of a partner is filled over the plan's life."""

    partner: str
    role: Role
    months: tuple[float, ...]
    """Share of the days of each month on which somebody holds the role."""

    @property
    def share(self) -> float:
        """Share of all months in which the role is filled on every day."""
        return sum(month == 1 for month in self.months) / len(self.months)


@dataclass(frozen=True)
class SinglePoint:
    """A holder on whom the project hangs: nobody would step in, or it carries several roles."""

    name: str
    roles: tuple[tuple[str, Role], ...]
    """(partner, role) pairs it holds."""
    why: Literal["no successor", "several roles"]
    months: tuple[date, ...]
    """First days of the months in which it is so."""


@dataclass(frozen=True)
class Ending:
    """An election, or a role that ends, inside the plan."""

    day: date
    partner: str
    what: str


@dataclass(frozen=True)
class Roster:
    """Coverage by month with what endangers it; facilitator's audience."""

    months: tuple[date, ...]
    coverage: tuple[Coverage, ...]
    single_points: tuple[SinglePoint, ...]
    endings: tuple[Ending, ...]


def roster(
    holders: Collection[Holder],
    partners: Sequence[str],
    first: date,
    last: date,
    elections: Iterable[Election] = (),
) -> Roster:
    """Return who carries the project from ``first`` to ``last``, both days included.

    A role counts as covered by whoever holds it on a day. A lead, sponsor or champion is a single point of failure in
    a month in which its partner has no second holder of that role and no successor, or in which it holds two roles
    (a successor's aside) anywhere.
    """
    spans = _months(first, last)
    months = tuple(begin for begin, _ in spans)
    coverage = tuple(
        Coverage(partner, role, tuple(_share(_held(holders, partner, role), span) for span in spans))
        for partner in partners
        for role in ROLES
    )
    ends = [
        Ending(h.until, h.partner, f"{h.role}: {h.name}" + (f" ({h.reason})" if h.reason else ""))
        for h in holders
        if h.until and first <= h.until <= last
    ]
    ends += [
        Ending(e.day, e.partner, f"election: {e.body}" if e.body else "election")
        for e in elections
        if first <= e.day <= last
    ]
    ends.sort(key=lambda ending: (ending.day, ending.partner, ending.what))
    return Roster(months, coverage, _single_points(holders, spans), tuple(ends))


def _single_points(
    holders: Collection[Holder], spans: Sequence[tuple[date, date]]
) -> tuple[SinglePoint, ...]:
    carrying = [h for h in holders if h.role != "successor"]
    found = []
    for name in sorted({h.name for h in carrying}):
        alone: dict[tuple[str, Role], list[date]] = {}
        several: list[tuple[date, frozenset[tuple[str, Role]]]] = []
        for span in spans:
            own = [h for h in carrying if h.name == name and _active(h, span)]
            if len({(h.partner, h.role) for h in own}) > 1:
                several.append((span[0], frozenset((h.partner, h.role) for h in own)))
            for h in own:
                others = [
                    o
                    for o in holders
                    if o.partner == h.partner and o.role in (h.role, "successor") and o.name != name
                ]
                if not any(_active(o, span) for o in others):
                    alone.setdefault((h.partner, h.role), []).append(span[0])
        found += [
            SinglePoint(name, (role,), "no successor", tuple(dict.fromkeys(months)))
            for role, months in sorted(alone.items())
        ]
        if several:
            roles = sorted(frozenset[tuple[str, Role]]().union(*(held for _, held in several)))
            found.append(
                SinglePoint(name, tuple(roles), "several roles", tuple(month for month, _ in several))
            )
    return tuple(found)


def _held(holders: Iterable[Holder], partner: str, role: Role) -> list[Holder]:
    return [h for h in holders if h.partner == partner and h.role == role]


def _months(first: date, last: date) -> list[tuple[date, date]]:
    """Return (first day, last day) of each month or part of one."""
    spans = []
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        spans.append((first, min(last, following - timedelta(days=1))))
        first = following
    return spans


def _active(holder: Holder, span: tuple[date, date]) -> bool:
    begin, end = span
    return (holder.since or begin) <= end and (holder.until or end) >= begin


def _share(holders: Collection[Holder], span: tuple[date, date]) -> float:
    begin, end = span
    days = [begin + timedelta(days=i) for i in range((end - begin).days + 1)]
    return sum(any(_active(h, (day, day)) for h in holders) for day in days) / len(days)
