"""The public directory: which agreements stand in it, and what it says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.core.cache import cache
from django.db.models import Count, Max

from interlocal.partnership.directory import Listed, directory
from interlocal.web import running
from interlocal.web.models import AgreementRecord, ListingConsent
from interlocal.web.policies import Access

_KEPT = 26 * 3600
"""Seconds that the list is kept: no longer than its day."""


@dataclass(frozen=True)
class Row:
    """One public agreement."""

    listed: Listed
    currency: str
    fictional: bool


@dataclass(frozen=True)
class Member:
    """A member and its consent, as the page for it shows them."""

    id: str
    name: str
    consent: ListingConsent | None
    mine: bool
    """Whether this person speaks for it here."""
    on_paper: bool
    """Whether this person may record its consent, because nobody stands for it here."""


def rows(text: str = "") -> list[Row]:
    """Return every agreement to whose listing all its members of today consented, by title.

    Parameters
    ----------
    text
        Only those in whose title, service or members it is found.
    """
    sought = text.casefold()
    return [r for r in cache.get_or_set(_state(), _all, _KEPT) if sought in _words(r)]


def _state() -> str:
    """Return a key that changes whenever an agreement or a consent does, and with the day; consents are never changed, only made and ended."""
    consents = ListingConsent.objects.aggregate(n=Count("pk"), last=Max("pk"))
    saved = AgreementRecord.objects.aggregate(n=Count("pk"), last=Max("changed_at"))
    stamp = saved["last"].timestamp() if saved["last"] else 0
    return f"directory:{consents['n']}:{consents['last']}:{saved['n']}:{stamp}:{running.today()}"


def _all() -> list[Row]:
    records = AgreementRecord.objects.filter(listing_consents__isnull=False).distinct().prefetch_related("listing_consents")  # fmt: skip
    found = (_agreed(r, *running.kept(r, "partners", "listed", partial(_listed, r))) for r in records)
    return sorted((r for r in found if r is not None), key=lambda r: (r.listed.title, r.listed.since))


def _words(row: Row) -> str:
    return " ".join((row.listed.title, row.listed.service or "", *row.listed.members)).casefold()


def members(access: Access) -> list[Member]:
    """Return the members of today with what each said to being listed."""
    agreement = access.case.head.partnership
    names = {o.id: o.name for o in agreement.organisations}
    given = {c.party: c for c in access.case.listing_consents.all()}
    standing = {m.partner for m in access.case.members.all() if m.role == "partner"}
    return [
        Member(
            p,
            names.get(p, p),
            given.get(p),
            p in access.speaks_for,
            access.may("edit") and p not in standing,
        )
        for p in agreement.members_on(max(running.today(), agreement.starts))
    ]


def _listed(record: AgreementRecord) -> tuple[Row | None, tuple[str, ...]]:
    agreement = record.head.partnership
    found = directory(agreement.register(running.today()))
    row = Row(found[0], agreement.currency, agreement.fictional) if found else None
    return row, agreement.members_on(max(running.today(), agreement.starts))


def _agreed(record: AgreementRecord, row: Row | None, today: Sequence[str]) -> Row | None:
    given = {c.party: c for c in record.listing_consents.all()}
    if row is None or not today or any(p not in given for p in today):
        return None
    return (
        row if all(given[p].results for p in today) else replace(row, listed=replace(row.listed, saved=None))
    )
