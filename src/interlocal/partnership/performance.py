"""What was promised against what is recorded, year by year; what nobody recorded stays unknown.

The promise is frozen at adoption. What each member would have paid alone is brought up to date with the recorded price
index and volume, so that a rise in prices is neither a failure of the partnership nor its success. What moved to
somebody else is not saved.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from interlocal.case.document import Case
from interlocal.cells import inert
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.money import Amount, cents, money
from interlocal.partnership.results import Baseline, MeasureAtStart, PromisedYear, Record
from interlocal.problems import InputError, Problem


@dataclass(frozen=True)
class Gap:
    """Why the recorded saving differs from the promised one [cents]; the five add up to the difference exactly.

    With promised costs alone N and together T, growth g, index I (100 in the price year y₀) and volume V:
    price = (N − T)(p − 1) with p = (I / 100) / (1 + g)^(y − y₀); volume = N p (v_N − 1) − T p (v_T − 1) with
    v = 1 + share × (V / V₀ − 1); scope and moved are the recorded amounts with their sign turned; the rest is what the
    joint service cost more (−) or less (+) than all of this explains.
    """

    price: int
    volume: int
    scope: int
    moved: int
    rest: int

    @property
    def total(self) -> int:
        """Recorded less promised saving."""
        return self.price + self.volume + self.scope + self.moved + self.rest


@dataclass(frozen=True)
class Performance:
    """One member's year [cents]; None where it is not recorded."""

    organisation: str
    year: int
    promised_alone: int
    promised_together: int
    alone: int | None = None
    """What it would have paid alone, with the recorded prices and volume."""
    paid: int | None = None
    moved: int = 0
    """Cost that somebody else bears now."""
    gap: Gap | None = None
    certified_by: tuple[str, ...] = ()
    """The offices that vouch for all of its figures; empty where any of them is not certified."""
    unknown: tuple[str, ...] = ()
    """What is missing for an answer."""

    @property
    def promised(self) -> int:
        """The saving promised."""
        return self.promised_alone - self.promised_together

    @property
    def realised(self) -> int | None:
        """The saving recorded."""
        return None if self.alone is None or self.paid is None else self.alone - self.paid - self.moved


@dataclass(frozen=True)
class YearTotal:
    """All members of a year [cents]; what was realised is None unless it is known for each."""

    year: int
    promised: int
    realised: int | None
    certified: bool
    unknown: tuple[str, ...]
    gap: Gap | None


@dataclass(frozen=True)
class Observed:
    """A service measure: at the start, promised, and as last recorded."""

    measure: str
    organisation: str | None
    start: float
    promised: float | None
    now: float | None
    year: int | None
    better: bool | None
    """Whether it is better than at the start; None where nobody recorded it or said which way is better."""


def performance(agreement: Agreement, year: int | None = None) -> tuple[Performance, ...]:
    """Return promised against recorded for each member and year of the promise, up to a year.

    Parameters
    ----------
    year
        Last year to look at; all promised years where None.
    """
    baseline = agreement.baseline
    if baseline is None:
        return ()
    promised = sorted(baseline.years, key=lambda y: (y.year, y.organisation))
    first = promised[0].year if promised else 0
    recorded = _recorded(agreement.records)
    return tuple(
        _one(baseline, p, recorded, baseline.price_year or first - 1)
        for p in promised
        if year is None or p.year <= year
    )


def totals(found: Iterable[Performance]) -> tuple[YearTotal, ...]:
    """Add members up by year."""
    by_year: dict[int, list[Performance]] = {}
    for p in found:
        by_year.setdefault(p.year, []).append(p)
    return tuple(_total(year, rows) for year, rows in sorted(by_year.items()))


def observed(agreement: Agreement) -> tuple[Observed, ...]:
    """Return each service measure of the baseline as it was last recorded."""
    if agreement.baseline is None:
        return ()
    better = {s.id: s.better for s in agreement.standards}
    found = []
    for m in agreement.baseline.measures:
        mine = [
            r
            for r in agreement.records
            if r.kind == "measure" and (r.measure, r.organisation) == (m.measure, m.organisation)
        ]
        last = max(mine, key=lambda r: (r.year, r.id), default=None)
        way = better.get(m.measure)
        improved = None
        if last is not None and way is not None:
            improved = last.value > m.value if way == "higher" else last.value < m.value
        now, year = (last.value, last.year) if last else (None, None)
        found.append(Observed(m.measure, m.organisation, m.value, m.promised, now, year, improved))
    return tuple(found)


@dataclass
class _Recorded:
    """What is recorded of one member, or of all together, in one year."""

    paid: int | None = None
    moved: int = 0
    scope: int = 0
    index: float | None = None
    volume: float | None = None
    offices: set[str] = field(default_factory=set)
    every_figure_certified: bool = True


_NOTHING = _Recorded()


def _recorded(records: Iterable[Record]) -> dict[tuple[int, str | None], _Recorded]:
    found: dict[tuple[int, str | None], _Recorded] = {}
    for r in records:
        if r.kind == "measure":
            continue
        key = (r.year, r.organisation)
        entry = found.get(key)
        if entry is None:
            entry = found[key] = _Recorded()
        if r.kind == "cost":
            entry.paid = (entry.paid or 0) + _cents(r)
        elif r.kind == "moved":
            entry.moved += _cents(r)
        elif r.kind == "scope":
            entry.scope += _cents(r)
        elif r.kind == "price_index":
            entry.index = r.value
        else:
            entry.volume = r.value
        if r.certified_by is None:
            entry.every_figure_certified = False
        else:
            entry.offices.add(r.certified_by)
    return found


def _one(
    baseline: Baseline, p: PromisedYear, recorded: Mapping[tuple[int, str | None], _Recorded], price_year: int
) -> Performance:
    alone, together = cents(p.do_nothing), cents(p.together)
    mine, of_all = recorded.get((p.year, p.organisation), _NOTHING), recorded.get((p.year, None), _NOTHING)
    by_volume = bool(baseline.volume_share_alone or baseline.volume_share_together)
    unknown = (
        *(("what it paid",) if mine.paid is None else ()),
        *(("the price index",) if of_all.index is None else ()),
        *(("the volume",) if by_volume and of_all.volume is None else ()),
    )
    if unknown or mine.paid is None or of_all.index is None:
        return Performance(
            p.organisation, p.year, alone, together, paid=mine.paid, moved=mine.moved, unknown=unknown
        )
    price = of_all.index / 100 / (1 + baseline.price_growth) ** (p.year - price_year)
    busy = of_all.volume / baseline.volume - 1 if by_volume and baseline.volume and of_all.volume else 0.0
    on_alone, on_together = 1 + baseline.volume_share_alone * busy, 1 + baseline.volume_share_together * busy
    now_alone = round(alone * price * on_alone)
    by_price = round((alone - together) * (price - 1))
    by_busy = round(alone * price * (on_alone - 1) - together * price * (on_together - 1))
    difference = (now_alone - mine.paid - mine.moved) - (alone - together)
    gap = Gap(
        by_price, by_busy, -mine.scope, -mine.moved, difference - by_price - by_busy + mine.scope + mine.moved
    )
    certified = mine.every_figure_certified and of_all.every_figure_certified
    offices = tuple(sorted(mine.offices | of_all.offices)) if certified else ()
    return Performance(
        p.organisation, p.year, alone, together, now_alone, mine.paid, mine.moved, gap, offices
    )


def _total(year: int, rows: list[Performance]) -> YearTotal:
    lacking = [f"{r.organisation}: {what}" for r in rows for what in r.unknown]
    gaps = [r.gap for r in rows if r.gap is not None]
    whole = None
    if not lacking:
        parts = ("price", "volume", "scope", "moved", "rest")
        whole = Gap(**{name: sum(getattr(g, name) for g in gaps) for name in parts})
    promised = sum(r.promised for r in rows)
    return YearTotal(
        year,
        promised,
        promised + whole.total if whole else None,
        all(r.certified_by for r in rows) and not lacking,
        tuple(lacking),
        whole,
    )


def _cents(record: Record) -> int:
    return round(100 * record.value)


def baseline_from_study(case: Case, document: Mapping[str, Any], option: str | None = None) -> Baseline:
    """Freeze what a study promises for one option, on its central path.

    ``together`` is what a member would have paid alone less the saving promised to it, so that one-off cost and what
    it goes on doing itself are in it.

    Parameters
    ----------
    document
        The study of this case, as ``study.json`` holds it.
    option
        The one adopted; the proposed one where None.

    Raises
    ------
    InputError
        Where the document is of another case, or holds no central path for the option.
    """
    chosen = option or (case.proposed_option.id if case.proposed_option else None)
    central = document.get("central") or {"options": {}}
    if document["case"]["sha256"] != case.sha256 or chosen is None or chosen not in central["options"]:
        found = (
            "a study of another case"
            if document["case"]["sha256"] != case.sha256
            else f"no central path for {chosen}"
        )
        fix = "Run the study again, for the partners, on the case that was adopted."
        raise InputError(Problem("/central", "study", found, "the study that made the promise", fix))
    world = World(case, CentralDraws())
    escalator = next(e for e in case.assumptions.escalators if e.id == world.default_escalator)
    partners = central["options"][chosen]["partners"]
    years = tuple(
        PromisedYear(
            organisation=p,
            year=year,
            do_nothing=_amount(central["do_nothing"][p][i]),
            together=_amount(central["do_nothing"][p][i] - path["saving"][i]),
        )
        for p, path in partners.items()
        for i, year in enumerate(central["years"])
    )
    levels = {(f.measure, f.partner): f.value.central for f in case.option(chosen).forecasts}
    measures = tuple(
        MeasureAtStart(
            measure=m.id,
            organisation=p,
            value=level.central,
            promised=levels.get((m.id, p), levels.get((m.id, None))),
        )
        for m in case.service_measures
        for p, level in m.baseline.items()
    )
    return Baseline(
        frozen_on=case.as_of,
        study=case.sha256,
        years=years,
        measures=measures,
        price_growth=escalator.rate.central,
        price_year=world.price_year,
    )


def _amount(value: float) -> Amount:
    return money(round(100 * value)) if value else Decimal(0)


PAIRS = ("service", "form", "members", "years", "claimed_share", "realised_share", "certified")


Pair = tuple[str, str, int, int, str, str, str]
"""A row of the file of pairs."""


def pair(a: Agreement) -> Pair | None:
    """Return an agreement's claimed and realised saving as shares of the cost alone; None where no year is known for all."""
    found = performance(a)
    known = {t.year: t for t in totals(found) if t.realised is not None}
    alone = sum(p.promised_alone for p in found if p.year in known)
    now = sum(p.alone or 0 for p in found if p.year in known)
    if not known or alone <= 0 or now <= 0:
        return None
    claimed = sum(t.promised for t in known.values()) / alone
    realised = sum(t.realised or 0 for t in known.values()) / now
    certified = all(t.certified for t in known.values())
    return (
        inert(a.service or ""),
        inert(a.form or ""),
        len(a.members()),
        len(known),
        f"{claimed:.4f}",
        f"{realised:.4f}",
        str(certified).lower(),
    )


def pairs_csv(rows: Iterable[Pair | None]) -> str:
    """Return claimed and realised savings, one row per agreement that has any, without any name.

    Only years that are known for every member count. The file widens the reference class of the organisation's own
    region; it holds no place, title or date.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(PAIRS)
    writer.writerows(sorted((r for r in rows if r is not None), key=lambda r: [str(x) for x in r]))
    return text.getvalue()
