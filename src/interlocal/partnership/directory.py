"""The public directory: who shares what with whom since when, of agreements that their members chose to publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from interlocal.partnership.performance import performance, totals
from interlocal.partnership.register import Register
from interlocal.partnership.terms import term_end
from interlocal.reference import governance_models, services


@dataclass(frozen=True)
class Listed:
    """One published agreement; nothing else of it is public."""

    title: str
    service: str | None
    form: str | None
    members: tuple[str, ...]
    """Names of the organisations that are members on the register's day."""
    since: date
    until: date | None
    saved: int | None
    """Certified saving so far [cents]; None unless the members publish results and an office certified them."""


def directory(register: Register) -> tuple[Listed, ...]:
    """Return the agreements that their members chose to list, by title."""
    listed = []
    for a in register.agreements:
        if not a.publication.listed:
            continue
        found = totals(performance(a)) if a.publication.results else ()
        certified = [t.realised for t in found if t.certified and t.realised is not None]
        listed.append(
            Listed(
                a.title,
                services()[a.service].name if a.service else None,
                governance_models()[a.form].name if a.form else None,
                tuple(register.name(p) for p in a.members_on(register.as_of)),
                a.starts,
                a.ending.on if a.ending else term_end(a, register.as_of),
                sum(certified) if certified else None,
            )
        )
    return tuple(sorted(listed, key=lambda x: (x.title, x.since)))
