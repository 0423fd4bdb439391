"""Leadership windows of a case, or of a register of a whole region, as rows for a table and a timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from interlocal.case.document import Case
from interlocal.people.register import read_pairs, read_register
from interlocal.people.windows import PostRecord, Window, windows
from interlocal.problems import InputError, Problem
from interlocal.reference import find_post, posts

DAYS_PER_MONTH = 365.25 / 12


def case_openings(case: Case, months: float) -> tuple[Window, ...]:
    """Return the windows among the key posts of a case, by who borders whom in it.

    Parameters
    ----------
    months
        Length of the window [months].
    """
    adjacency = [(p.id, other) for p in case.partners for other in p.adjacent]
    records = [
        PostRecord(k.partner, k.title, k.status, k.post, k.since, k.until, k.reason or "")
        for k in case.key_posts
    ]
    return windows(records, adjacency, like, as_of=case.as_of, days=round(months * DAYS_PER_MONTH))


def openings(case: Case, months: float) -> dict[str, Any]:
    """Return the windows of a case as a document, partners by their names."""
    names = {p.id: p.name for p in case.partners}
    bordered = any(p.adjacent for p in case.partners)
    neighbours = (
        "as the case says" if bordered else "not known: say in the case which partners border one another"
    )
    return _document(case_openings(case, months), case.as_of, months, names, len(case.key_posts), neighbours)


def region_windows(
    path: Path, adjacency: Path | None, months: float, as_of: date
) -> tuple[tuple[Window, ...], int]:
    """Return the windows of a register in CSV and the number of posts on it.

    Parameters
    ----------
    adjacency
        CSV of pairs of organisations that border one another; all count as neighbours where it is None.
    as_of
        The day for which the register is true.

    Raises
    ------
    InputError
        With every problem of the register and of the pairs.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = read_register(file, path.name)
    pairs = None
    if adjacency is not None:
        with adjacency.open(encoding="utf-8-sig", newline="") as file:
            pairs = read_pairs(file, adjacency.name)
        _known(pairs, records, adjacency.name)
    found = windows(records, pairs, like, as_of=as_of, days=round(months * DAYS_PER_MONTH))
    return found, len(records)


def region_openings(
    path: Path, adjacency: Path | None, months: float, as_of: date
) -> tuple[dict[str, Any], tuple[Window, ...]]:
    """Return the windows of a register as a document, and as they are."""
    found, count = region_windows(path, adjacency, months, as_of)
    neighbours = f"as in {adjacency.name}" if adjacency else "not given: all count as neighbours of all"
    return _document(found, as_of, months, {}, count, neighbours), found


def like(title: str) -> str | None:
    """Return the id of the post that a title means, by the catalogue of posts; None where it is unknown."""
    found = find_post(title)
    return found.id if found else None


def _known(pairs: Collection[tuple[str, str]], records: Iterable[PostRecord], name: str) -> None:
    """Refuse pairs of which none names an organisation of the register: they would hide every window."""
    there = {r.organisation for r in records}
    if not any({a, b} <= there for a, b in pairs):
        raise InputError(
            Problem(
                "",
                name,
                "no pair of organisations that both stand in the register",
                "the organisations' names as the register writes them",
                "Write the same names in both files.",
            )
        )


def _document(
    found: Sequence[Window], as_of: date, months: float, names: dict[str, str], count: int, neighbours: str
) -> dict[str, Any]:
    known = posts()
    return {
        "as_of": as_of.isoformat(),
        "within_months": months,
        "audience": "facilitator",
        "posts_on_record": count,
        "neighbours": neighbours,
        "windows": [
            {
                "id": w.id,
                "post": known[w.post].name if w.post in known else w.post,
                "organisations": [names.get(o, o) for o in w.organisations],
                "first_day": w.first_day.isoformat(),
                "last_day": w.last_day.isoformat(),
                "openings": [
                    {
                        "organisation": names.get(r.organisation, r.organisation),
                        "title": r.title,
                        "status": r.status,
                        "since": r.since.isoformat() if r.since else None,
                        "until": r.until.isoformat() if r.until else None,
                        "reason": r.reason,
                    }
                    for r in w.records
                ],
            }
            for w in found
        ],
    }
