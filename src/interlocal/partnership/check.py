"""What must hold between the entries of a register: ids that somebody has, dates in order, nothing doubled.

Each rule yields ``(location, found, expected, fix)``, as in :mod:`interlocal.case.check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from interlocal.case.walk import Location, walk
from interlocal.partnership.agreement import Agreement, Organisation
from interlocal.partnership.money import FiscalYear
from interlocal.partnership.results import Baseline, Record
from interlocal.problems import nearest
from interlocal.reference import governance_models, services

Found = tuple[Location, str, str, str]
MOST = 64
"""Members of one agreement; its books become a case, which holds no more."""


def check(organisations: Sequence[Organisation], agreements: Sequence[Agreement]) -> list[Found]:
    """Return everything in a register that does not fit together."""
    known = [o.id for o in organisations]
    found = [*_doubled(("organisations",), known), *_doubled(("agreements",), [a.id for a in agreements])]
    for i, agreement in enumerate(agreements):
        at: Location = ("agreements", i)
        found += _terms(agreement, at)
        found += _parties(agreement, at, known)
        found += _named(agreement, at)
        found += _told(agreement, at)
        for j, books in enumerate(agreement.years):
            found += _books(books, [m.id for m in agreement.menu], (*at, "years", j))
        for j, record in enumerate(agreement.records):
            found += _record(record, (*at, "records", j))
        if agreement.baseline is not None:
            found += _baseline(agreement.baseline, (*at, "baseline"))
    return found


def _terms(a: Agreement, at: Location) -> Iterator[Found]:
    if a.service is not None and a.service not in services():
        yield _unknown((*at, "service"), a.service, list(services()), "service of the catalogue")
    if a.form is not None and a.form not in governance_models():
        yield _unknown((*at, "form"), a.form, list(governance_models()), "governance model of the catalogue")
    if a.ends is not None and a.ends < a.starts:
        yield (*at, "ends"), str(a.ends), f"a day not before {a.starts}", "Check both dates."
    if a.lead is not None and a.lead not in a.members():
        yield _unknown((*at, "lead"), a.lead, a.members(), "party")
    yield from _doubled((*at, "years"), [str(y.year) for y in a.years])
    yield from _doubled((*at, "records"), [r.id for r in a.records])
    if a.frozen_parts and abs(sum(a.frozen_parts.values()) - 1) > 1e-6:
        total = sum(a.frozen_parts.values())
        yield (*at, "frozen_parts"), f"parts that sum to {total:.4g}", "a sum of 1 (100 %)", "Correct them."


def _parties(a: Agreement, at: Location, known: Sequence[str]) -> Iterator[Found]:
    items = [m.id for m in a.menu]
    if len(a.members()) > MOST:
        fix = "Split the agreement, for example by class of members."
        yield (*at, "parties"), f"{len(a.members())} members", f"at most {MOST}, as in a case", fix
    for i, p in enumerate(a.parties):
        here: Location = (*at, "parties", i)
        if p.organisation not in known:
            yield _unknown((*here, "organisation"), p.organisation, known, "organisation")
        if p.until is not None and p.until < (p.since or a.starts):
            yield (
                (*here, "until"),
                str(p.until),
                f"a day not before {p.since or a.starts}",
                "Check both dates.",
            )
        for item in p.takes:
            if item not in items:
                yield _unknown((*here, "takes"), item, items, "part of the menu")
        for q in a.parties[:i]:
            apart = (p.until is not None and p.until < (q.since or a.starts)) or (
                q.until is not None and q.until < (p.since or a.starts)
            )
            if p.organisation == q.organisation and not apart:
                fix = "Remove one, or give the first membership its last day."
                yield (
                    here,
                    f"{p.organisation} twice at the same time",
                    "each organisation once at a time",
                    fix,
                )


def _named(a: Agreement, at: Location) -> Iterator[Found]:
    """Yield every place in books, records and life that names an organisation which is no party."""
    members = a.members()
    for path, part in walk(a):
        if path[:1] == ("parties",):
            continue
        for name in ("organisation", "partner", "raised_by", "kept_by"):
            named = getattr(part, name, None)
            if isinstance(named, str) and named not in members:
                yield _unknown((*at, *path, name), named, members, "party")
    by_party: list[tuple[Location, Iterable[str]]] = [
        (("frozen_parts",), a.frozen_parts),
        (("before",), a.before),
    ]
    if a.voting is not None:
        by_party.append((("voting", "votes"), a.voting.votes))
    if a.formula is not None:
        by_party += [(("formula", "floors"), a.formula.floors), (("formula", "caps"), a.formula.caps)]
    for path, keys in by_party:
        yield from (_unknown((*at, *path, p), p, members, "party") for p in keys if p not in members)


def _told(a: Agreement, at: Location) -> Iterator[Found]:
    milestones = [m.id for m in a.life.milestones]
    for i, told in enumerate(a.life.told):
        if told.milestone not in milestones:
            yield _unknown((*at, "life", "told", i, "milestone"), told.milestone, milestones, "milestone")


def _books(y: FiscalYear, items: Sequence[str], at: Location) -> Iterator[Found]:
    yield from _doubled((*at, "lines"), [line.id for line in y.lines])
    yield from _doubled((*at, "payments"), [p.id for p in y.payments])
    for j, line in enumerate(y.lines):
        if line.item is not None and line.item not in items:
            yield _unknown((*at, "lines", j, "item"), line.item, items, "part of the menu")
        if y.closed_on is not None and line.actual is None:
            yield (
                (*at, "lines", j),
                "no actual amount in a closed year",
                "actual: what it came to",
                "Add actual.",
            )
    for j, r in enumerate(y.restatements):
        if r.driver not in y.drivers:
            yield _unknown(
                (*at, "restatements", j, "driver"), r.driver, list(y.drivers), "driver of this year"
            )


def _record(r: Record, at: Location) -> Iterator[Found]:
    if r.kind == "measure" and r.measure is None:
        yield at, "no measure", "measure: which one was observed", "Add measure."
    if r.kind in {"cost", "moved", "scope"} and r.organisation is None:
        yield at, "no organisation", "organisation: whose cost it is", "Add organisation."
    if r.kind == "moved" and r.value < 0:
        yield (
            (*at, "value"),
            f"{r.value:g}",
            "a cost that somebody else bears, 0 or more",
            "Correct the sign.",
        )
    if r.kind in {"price_index", "volume"} and r.value <= 0:
        yield (*at, "value"), f"{r.value:g}", "a number above 0", "Correct it."


def _baseline(b: Baseline, at: Location) -> Iterator[Found]:
    yield from _doubled((*at, "years"), [f"{y.organisation} in {y.year}" for y in b.years])
    moves = b.volume_share_alone or b.volume_share_together
    if moves and b.volume is None:
        yield (
            at,
            "costs that move with volume, and no volume",
            "volume: what the promise assumed",
            "Add volume.",
        )


def _doubled(at: Location, ids: Iterable[str]) -> Iterator[Found]:
    seen: Counter[str] = Counter()
    for i, one in enumerate(ids):
        seen[one] += 1
        if seen[one] > 1:
            yield (*at, i), f"{one} a second time", "each once", "Correct or remove one of them."


def _unknown(at: Location, found: str, known: Sequence[str], what: str) -> Found:
    close = nearest(found, known)
    return (
        at,
        f"{found}, which is no {what}",
        f"one of {', '.join(known[:25]) or '(none given)'}",
        f"Did you mean {close}?" if close else "Correct it, or add it.",
    )
