"""Agreements as they stand today: what the core works out of a revision, kept for the day.

Nothing of it changes until somebody saves or the day ends, so that each is worked out once for everybody with the same
eyes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache

from interlocal.blocks import Paper
from interlocal.partnership.due import Due, due
from interlocal.partnership.endings import Learned, learned
from interlocal.partnership.overview import Overview
from interlocal.partnership.performance import pair, pairs_csv
from interlocal.partnership.rhythm import Sign, drift
from interlocal.problems import InputError
from interlocal.report import partnership as papers
from interlocal.report.paper_page import to_body
from interlocal.report.promised import promised
from interlocal.report.pulses import pulses
from interlocal.web import audiences
from interlocal.web.models import AgreementRecord, CaseRecord, Person
from interlocal.web.policies import Access, Audience, accesses, agreements_of, cases_of

Found = TypeVar("Found")
_KEPT = 26 * 3600
"""Seconds that something is kept: no longer than its day."""


def today() -> dt.date:
    """Return the day for which agreements are shown."""
    return dt.datetime.now(tz=dt.UTC).date()


def kept(record: CaseRecord, audience: Audience, what: str, work: Callable[[], Found]) -> Found:
    """Return what was worked out of the latest revision today, or work it out."""
    return cache.get_or_set(key(record, audience, what), work, _KEPT)


def overview(record: CaseRecord, audience: Audience, year: int | None = None) -> Overview:
    """Return everything about an agreement today, as an audience sees it."""
    register = record.head.partnership.register(today()).seen_by(audience)
    return Overview(register, register.agreements[0], year)


def overview_page(record: CaseRecord, audience: Audience) -> str:
    """Return the report of an agreement as a piece of HTML."""

    def work() -> str:
        return to_body(papers.overview(overview(record, audience), trail=False))

    return kept(record, audience, "overview", work)


def signs(record: CaseRecord, audience: Audience) -> tuple[Sign, ...]:
    """Return the early signs that a partnership drifts; where its bills cannot be made, those that need none."""

    def work() -> tuple[Sign, ...]:
        o = overview(record, audience)
        try:
            return o.signs
        except InputError:
            return drift(o.register, o.agreement)

    return kept(record, audience, "signs", work)


@dataclass(frozen=True)
class Before:
    """An attempt that stopped, or an agreement that ended, in one of a person's records."""

    record: CaseRecord
    learned: Learned
    service: str | None


def learned_elsewhere(person: Person, service: str | None, but: CaseRecord | None = None) -> list[Before]:
    """Return what stopped or ended in the agreements and cases a person sees, the latest first.

    Parameters
    ----------
    service
        Only about this service of the catalogue; all where None.
    but
        A record to leave out.
    """
    found = []
    others = [a for a in accesses(person, agreements_of(person)) if a.case.pk != (but and but.pk)]
    for access, (about, told) in _kept_of_each(others, "learned", _learned):
        found += [Before(access.case, x, about) for x in told]
    for access in accesses(person, cases_of(person)):
        case = audiences.case_of(access)
        about = case.service.id if case else None
        for t in case.attempts if case else ():
            why = t.stopped_because or "not on record"
            kept_ = Learned(t.title, t.year, t.members, why, t.lessons, t.worth_again_if)
            found.append(Before(access.case, kept_, about))
    wanted = [b for b in found if service in (None, b.service)]
    return sorted(wanted, key=lambda b: (-b.learned.year, b.learned.title))


def _learned(access: Access) -> tuple[str | None, tuple[Learned, ...]]:
    register = overview(access.case, access.audience).register
    return register.agreements[0].service, learned(register)


def promised_page(record: CaseRecord, audience: Audience) -> str:
    """Return promised against actual as a piece of HTML."""
    return kept(record, audience, "promised", lambda: to_body(promised(overview(record, audience))))


def pulses_part(record: CaseRecord, audience: Audience) -> str:
    """Return how the pulse moved from wave to wave as a piece of HTML."""

    def work() -> str:
        return to_body(Paper("Pulse", tuple(pulses(overview(record, audience).relationship))))

    return kept(record, audience, "pulses", work)


def pairs(accesses: Sequence[Access]) -> str:
    """Return claimed and realised savings of many agreements as CSV, without any name."""
    found = _kept_of_each(accesses, "pair", lambda a: pair(overview(a.case, a.audience).agreement))
    return pairs_csv(row for _, row in found)


def _kept_of_each(
    accesses: Sequence[Access], what: str, work: Callable[[Access], Found]
) -> list[tuple[Access, Found]]:
    """Return what was worked out of each of many agreements today, or work it out."""
    at = {key(a.case, a.audience, what): a for a in accesses}
    held: dict[str, list[Found]] = cache.get_many(at)
    # In a list, because the cache takes nothing for a key that is not there.
    fresh = {k: [work(a)] for k, a in at.items() if k not in held}
    if fresh:
        cache.set_many(fresh, _KEPT)
    return [(a, (held.get(k) or fresh[k])[0]) for k, a in at.items()]


@dataclass(frozen=True)
class Coming:
    """Something that comes due in one of many agreements."""

    record: AgreementRecord
    due: Due
    days: int
    """Days left; below 0 it is overdue."""


def coming(accesses: Sequence[Access]) -> list[Coming]:
    """Return what is overdue or comes due within a year in many agreements, the earliest first.

    People of a party are told what concerns it; those of the host, and who facilitates, all.
    """
    day = today()
    found = [
        Coming(access.case, d, d.days(day))
        for access, these in _kept_of_each(accesses, "due", _due)
        for d in these
        if access.roles != {"partner"} or not access.partners or access.partners & {*d.organisations}
    ]
    return sorted(found, key=lambda c: (c.due.on, c.record.title, c.due.kind, c.due.key))


def _due(access: Access) -> tuple[Due, ...]:
    return due(overview(access.case, access.audience).register)


def key(record: CaseRecord, audience: Audience, what: str) -> str:
    """Return under which key something of the latest revision is kept today."""
    return f"{what}:{record.pk}:{record.latest}:{today()}:{audience}"
