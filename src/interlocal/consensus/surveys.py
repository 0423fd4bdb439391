"""A case's closed surveys in the terms of the consensus room; they hold published counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from interlocal.case.deciding import SurveyCell, SurveyWave
from interlocal.case.document import Case
from interlocal.consensus.aggregates import LEVELS, Aggregate, pooled
from interlocal.consensus.agreement import agreement, mean
from interlocal.consensus.statements import dimensions
from interlocal.consensus.trust import Trend, Trust, trend, trust

DIMENSIONS = ("reliability", "openness", "shared_mission")
Wave = tuple[int, SurveyWave]
"""A wave and its place among the case's surveys."""


@dataclass(frozen=True)
class Change:
    """How the level of a survey moved between its last two waves."""

    place: int
    """Of the last wave among the surveys."""
    since: date
    by: float
    """Levels; negative where it fell."""
    same_people: bool
    """Whether only panels and statements of both waves are compared."""


def closed(case: Case, kind: str) -> list[Wave]:
    """Return the closed waves of a kind, the earliest first."""
    waves = [(i, w) for i, w in enumerate(case.surveys) if w.kind == kind and w.closed_on <= case.as_of]
    return sorted(waves, key=lambda pair: pair[1].closed_on)


def latest(case: Case, kind: str) -> Wave | None:
    """Return the last closed wave of a kind and its place among the surveys."""
    return next(reversed(closed(case, kind)), None)


def aggregates(wave: SurveyWave, number: int = 1) -> list[Aggregate]:
    """Return the published cells of a wave; what is withheld, or had to be, stays out.

    A cell that names no panel has one of its own, with a number below 0 that no other wave has.
    """
    return [
        Aggregate(
            cell.statement,
            number,
            cell.panel if cell.panel is not None else -(number * _CELLS + place),
            (cell.partner,) if cell.partner else (),
            (cell.group,) if cell.group else (),
            (cell.about,) if cell.about else (),
            sum(cell.counts),
            cell.invited,
            cell.counts,
        )
        for place, cell in enumerate(wave.cells)
        if cell.counts is not None and may_be_shown(cell, wave.smallest_group)
    ]


_CELLS = 1_000_000


def may_be_shown(cell: SurveyCell, smallest: int) -> bool:
    """Tell whether a cell's counts hide everyone: enough answers, and for each person the others' answers differ."""
    counts = cell.counts or ()
    used = sorted(n for n in counts if n)
    differ = len(used) > 2 or (len(used) == 2 and used[0] > 1)
    return len(counts) == LEVELS and sum(counts) >= smallest and differ


def level(wave: SurveyWave) -> float | None:
    """Return the mean level over all published cells of a wave, 1 to 5."""
    found = agreement(aggregates(wave))
    return found.mean if found else None


def by_statement(wave: SurveyWave) -> Mapping[str, float]:
    """Return the mean level of each statement over its published cells, 1 to 5, in the order of the wave."""
    cells = aggregates(wave)
    names = dict.fromkeys(c.statement for c in cells)
    return {s: mean(pooled(c for c in cells if c.statement == s)) for s in names}


def dimension_of(cells: Iterable[Aggregate]) -> Mapping[str, str]:
    """Return the dimension of trust of each statement; one that names no dimension is one of its own."""
    known = dimensions()
    names = {c.statement for c in cells}
    return {x: known.get(x) or next((d for d in DIMENSIONS if d in x), x) for x in sorted(names)}


def trust_of(case: Case, wave: SurveyWave) -> Trust:
    """Return the trust of a wave."""
    cells = aggregates(wave)
    return trust(cells, dimension_of(cells), case.partner_ids, 1)


def trust_trend(case: Case) -> Trend | None:
    """Return how trust moved between the last two waves, over panels on record in both; None before a second wave."""
    waves = closed(case, "trust")[-2:]
    if len(waves) < 2:
        return None
    cells = [a for n, (_, w) in enumerate(waves, 1) for a in aggregates(w, n) if a.panel >= 0]
    return trend(cells, dimension_of(cells), 1, 2)


def change(case: Case, kind: str) -> Change | None:
    """Return how a survey's level moved since the wave before, over the same people where panels are on record."""
    waves = closed(case, kind)[-2:]
    if len(waves) < 2:
        return None
    (_, before), (place, after) = waves
    if kind == "trust":
        found = trust_trend(case)
        if found is not None and found.change is not None:
            return Change(place, before.closed_on, found.change, same_people=True)
    both = [aggregates(before, 1), aggregates(after, 2)]
    in_both = [Counter(a.cell for a in cells if a.panel >= 0) for cells in both]
    same = [[a for a in cells if in_both[0][a.cell] and in_both[1][a.cell]] for cells in both]
    chosen = same if all(same) else both
    if not all(chosen):
        return None
    levels = [mean(pooled(cells)) for cells in chosen]
    return Change(place, before.closed_on, levels[1] - levels[0], same_people=all(map(bool, same)))
