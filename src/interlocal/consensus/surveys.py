"""A case's closed surveys in the terms of the consensus room; they hold published counts only."""

from __future__ import annotations

from interlocal.case.deciding import SurveyWave
from interlocal.case.document import Case
from interlocal.consensus.aggregates import LEVELS, Aggregate
from interlocal.consensus.agreement import agreement
from interlocal.consensus.trust import Trust, trust

DIMENSIONS = ("reliability", "openness", "shared_mission")


def latest(case: Case, kind: str) -> tuple[int, SurveyWave] | None:
    """Return the last closed wave of a kind and its place among the surveys."""
    waves = [(i, w) for i, w in enumerate(case.surveys) if w.kind == kind and w.closed_on <= case.as_of]
    return max(waves, key=lambda pair: pair[1].closed_on, default=None)


def aggregates(wave: SurveyWave) -> list[Aggregate]:
    """Return the published cells of a wave; what is withheld stays out."""
    return [
        Aggregate(
            cell.statement,
            1,
            number,
            (cell.partner,) if cell.partner else (),
            (cell.group,) if cell.group else (),
            (cell.about,) if cell.about else (),
            sum(cell.counts),
            cell.invited,
            cell.counts,
        )
        for number, cell in enumerate(wave.cells)
        if cell.counts is not None and len(cell.counts) == LEVELS and any(cell.counts)
    ]


def level(wave: SurveyWave) -> float | None:
    """Return the mean level over all published cells of a wave, 1 to 5."""
    found = agreement(aggregates(wave))
    return found.mean if found else None


def trust_of(case: Case, wave: SurveyWave) -> Trust:
    """Return the trust of a wave; a statement that names no dimension is one of its own."""
    cells = aggregates(wave)
    dimension = {c.statement: next((d for d in DIMENSIONS if d in c.statement), c.statement) for c in cells}
    return trust(cells, dimension, case.partner_ids, 1)
