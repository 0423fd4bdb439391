"""Leadership windows: like posts that fall open in neighbouring organisations at about the same time.

A post that is vacant, held by an interim, or has a known end can be filled together or not at all. Pure functions,
for the posts of one case or for a register of a whole region; the result is for facilitators only.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Status = Literal["filled", "vacant", "interim", "ending"]
Like = Callable[[str], str | None]

WINDOW_DAYS = 365
"""Openings further apart than this are no common window (judgement)."""


@dataclass(frozen=True)
class PostRecord:
    """A key post of an organisation as a register holds it."""

    organisation: str
    title: str
    status: Status
    post: str | None = None
    """Id of the post in the catalogue; found by the title where empty."""
    since: date | None = None
    """First day of the vacancy or interim."""
    until: date | None = None
    """Known end: of the vacancy, the interim, the contract or the term."""
    reason: str = ""


@dataclass(frozen=True)
class Window:
    """A time in which like posts in adjacent organisations are open."""

    post: str
    organisations: tuple[str, ...]
    titles: tuple[str, ...]
    first_day: date
    last_day: date
    """First and last day of the shortest time that touches every opening; where all are open together, that time."""
    records: tuple[PostRecord, ...]

    @property
    def id(self) -> str:
        """A name that stays while the records stay, whenever the register is read."""
        parts = [self.post]
        for r in self.records:
            parts += [r.organisation, r.title, r.status, str(r.since), str(r.until)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]

    def row(self) -> dict[str, str | int]:
        """Return the window as a row of a table."""
        return {
            "post": self.post,
            "organisations": ", ".join(self.organisations),
            "titles": "; ".join(f"{r.organisation}: {r.title} ({r.status})" for r in self.records),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "days": (self.last_day - self.first_day).days + 1,
        }


@dataclass(frozen=True)
class _Opening:
    record: PostRecord
    first: date
    last: date


def windows(
    records: Iterable[PostRecord],
    adjacency: Collection[tuple[str, str]] | None,
    like: Like,
    *,
    as_of: date,
    days: int = WINDOW_DAYS,
) -> tuple[Window, ...]:
    """Return every leadership window, the earliest first.

    Parameters
    ----------
    records
        The register. Openings that ended before ``as_of`` are passed over.
    adjacency
        Pairs of neighbouring organisations, in either order; None where all count as neighbours.
    like
        Returns the id of the post that a title means, or None where it is unknown (then only equal titles are alike).
    as_of
        The day for which the register is true. A vacancy without a known end is open on that day, or on its first
        day if that is later; how long it lasts we do not know.
    days
        Length of the window [days].

    Returns
    -------
    tuple of Window
        Groups of two or more organisations, connected by adjacency, whose openings lie within one window; none is
        part of another.
    """
    by_post: defaultdict[str, list[_Opening]] = defaultdict(list)
    for record in records:
        opening = _opening(record, as_of)
        if opening:
            by_post[record.post or like(record.title) or record.title.casefold().strip()].append(opening)
    neighbours = _neighbours(adjacency)
    found = [
        _window(post, group, days)
        for post, openings in by_post.items()
        for group in _groups(openings, neighbours, timedelta(days=days))
    ]
    return tuple(sorted(found, key=lambda w: (w.first_day, w.last_day, w.post, w.organisations, w.id)))


def _opening(record: PostRecord, as_of: date) -> _Opening | None:
    """Return the days on which the post is known to be open; an ending post is taken at its end."""
    if record.status == "filled" or (record.until and record.until < as_of):
        return None
    if record.status == "ending":
        return _Opening(record, record.until, record.until) if record.until else None
    first = max(record.since or as_of, as_of)
    return _Opening(record, first, max(first, record.until or first))


def _groups(
    openings: Sequence[_Opening], neighbours: Callable[[str, str], bool], length: timedelta
) -> list[tuple[_Opening, ...]]:
    """Return the largest connected groups of which all openings touch one window of this length."""
    found: list[frozenset[_Opening]] = []
    for first_day in sorted({opening.last for opening in openings}):
        inside = [o for o in openings if o.last >= first_day and o.first <= first_day + length]
        found += [group for group in _connected(inside, neighbours) if group not in found]
    return [
        tuple(sorted(group, key=_order))
        for group in found
        if len({o.record.organisation for o in group}) > 1 and not any(group < other for other in found)
    ]


def _order(opening: _Opening) -> tuple[str, str, date, date, str]:
    record = opening.record
    # Two entries of one post may open and close on the same days and still differ: the whole entry decides then.
    return record.organisation, record.title, opening.first, opening.last, repr(record)


def _connected(
    openings: Iterable[_Opening], neighbours: Callable[[str, str], bool]
) -> list[frozenset[_Opening]]:
    left = set(openings)
    groups = []
    while left:
        group = set[_Opening]()
        edge = [left.pop()]
        while edge:
            here = edge.pop()
            group.add(here)
            near = {o for o in left if neighbours(here.record.organisation, o.record.organisation)}
            left -= near
            edge += near
        groups.append(frozenset(group))
    return groups


def _neighbours(adjacency: Collection[tuple[str, str]] | None) -> Callable[[str, str], bool]:
    if adjacency is None:
        return lambda _a, _b: True
    pairs = {frozenset(pair) for pair in adjacency}
    return lambda a, b: a == b or frozenset((a, b)) in pairs


def _window(post: str, group: Sequence[_Opening], days: int) -> Window:
    first, last = sorted((max(o.first for o in group), min(o.last for o in group)))
    records = tuple(o.record for o in group)
    return Window(
        post,
        tuple(sorted({r.organisation for r in records})),
        tuple(sorted({r.title for r in records})),
        first,
        min(last, first + timedelta(days=days)),
        records,
    )
