"""What surveys found, as a study holds it: distributions first, indices beside them, nothing that gives a person away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from interlocal.case.deciding import SurveyWave
from interlocal.case.document import Case
from interlocal.consensus.aggregates import Aggregate, RankAggregate, pooled
from interlocal.consensus.agreement import (
    Agreement,
    Side,
    agreement,
    kendall,
    settled,
    who_sees_it_differently,
)
from interlocal.consensus.statements import statements
from interlocal.consensus.surveys import aggregates, closed, may_be_shown, trust_of, trust_trend

_SIDES: tuple[Side, ...] = ("partner", "group")


def consensus_answer(case: Case, visible: Collection[str]) -> dict[str, Any]:
    """Return the part ``consensus`` of study.json.

    Every count is a sum of panels that were published before, so that there is no complement to take. Partners are
    told apart only for those who may see partners' matters, and pairs of partners only for the facilitator.

    Parameters
    ----------
    visible
        Audiences whose entries the reader may see: ``partners`` and ``public`` for a partner, all three for the
        facilitator.
    """
    seen = [
        _only_visible(wave, visible)
        for wave in case.surveys
        if wave.visibility in visible and wave.closed_on <= case.as_of
    ]
    allowed = case.model_copy(update={"surveys": tuple(seen)})
    return {
        "surveys": [_wave(wave, visible) for wave in seen],
        "settled": {
            k: v for kind in sorted({w.kind for w in seen}) for k, v in _settled(allowed, kind).items()
        },
        "trust": _trust(allowed, pairs="facilitator" in visible),
        "left_out": len(case.surveys) - len(seen),
    }


def _only_visible(wave: SurveyWave, visible: Collection[str]) -> SurveyWave:
    cells = tuple(c for c in wave.cells if c.visibility in visible)
    return wave.model_copy(update={"cells": cells})


def _wave(wave: SurveyWave, visible: Collection[str]) -> dict[str, Any]:
    cells = aggregates(wave)
    by_statement: defaultdict[str, list[Aggregate]] = defaultdict(list)
    for cell in cells:
        by_statement[cell.statement].append(cell)
    hidden = [c for c in wave.cells if c.counts is None or not may_be_shown(c, wave.smallest_group)]
    sides = _allowed(wave, visible)
    return {
        "id": wave.id,
        "kind": wave.kind,
        "closed_on": wave.closed_on.isoformat(),
        "smallest_group": wave.smallest_group,
        "statements": [
            _statement(name, parts, sum(c.invited for c in hidden if c.statement == name), sides)
            for name, parts in by_statement.items()
        ],
        "withheld": len(hidden),
        "nothing_shown": sorted({c.statement for c in hidden} - set(by_statement)),
        "differently": [asdict(d) for side in sides for d in who_sees_it_differently(cells, side)],
        "rankings": [
            _ranking(RankAggregate(1, n, r.items, r.rankers, r.rank_sums, r.tie_term))
            for n, r in enumerate(wave.rankings)
            if r.rankers >= wave.smallest_group and r.visibility in visible
        ],
    }


def _allowed(wave: SurveyWave, visible: Collection[str]) -> tuple[Side, ...]:
    """Return by what raters may be told apart: in a trust survey whose raters they are tells of a pair."""
    if "facilitator" in visible:
        return _SIDES
    if "partners" in visible and wave.kind != "trust":
        return _SIDES
    return ("group",)


def _statement(name: str, parts: Sequence[Aggregate], silent: int, sides: Sequence[Side]) -> dict[str, Any]:
    found = agreement(parts)
    known = statements().get(name)
    row: dict[str, Any] = {
        "statement": name,
        "text": known.text if known else None,
        "levels": list(known.levels) if known else None,
    }
    if found is None:
        return row
    return row | _numbers(found, silent) | {"by": {side: _by(parts, side) for side in sides}}


def _numbers(found: Agreement, silent: int) -> dict[str, Any]:
    """Return the distribution and what is said of it; those in cells that are withheld count as not heard."""
    invited = found.invited + silent
    few = found.too_few
    return {
        "counts": list(found.counts),
        "answers": found.answers,
        "invited": invited,
        "not_shown": 1 - found.answers / invited if invited else 0.0,
        "mean": found.mean,
        "median": found.median,
        "band": found.band,
        "consensus": None if few else found.consensus,
        "disagreement": None if few else found.disagreement,
        "too_few": few,
    }


def _by(parts: Sequence[Aggregate], side: Side) -> dict[str, list[int]]:
    panels: defaultdict[str, list[Aggregate]] = defaultdict(list)
    for part in parts:
        name = part.partner if side == "partner" else part.group
        if name is not None:
            panels[name].append(part)
    return {name: list(pooled(found)) for name, found in sorted(panels.items())}


def _ranking(ranking: RankAggregate) -> dict[str, Any]:
    found = kendall(ranking)
    order = sorted(zip(ranking.rank_sums, ranking.items, strict=True))
    return {
        "order": [item for _, item in order],
        "mean_ranks": {item: total / ranking.rankers for total, item in order},
        "rankers": found.rankers,
        "w": found.w,
        "p_value": found.p_value,
        "dividing": list(found.dividing),
    }


def _settled(case: Case, kind: str) -> dict[str, bool | None]:
    cells = [a for n, (_, wave) in enumerate(closed(case, kind), 1) for a in aggregates(wave, n)]
    return settled(cells)


def _trust(case: Case, *, pairs: bool) -> dict[str, Any] | None:
    waves = closed(case, "trust")
    if not waves:
        return None
    found, moved = trust_of(case, waves[-1][1]), trust_trend(case)
    answer: dict[str, Any] = {
        "wave": waves[-1][1].id,
        "level": found.level,
        "by_dimension": dict(found.by_dimension),
        "change": moved.change if moved else None,
        "pairs_shown": len(found.pairs),
        "pairs_hidden": len(found.hidden),
        "pairs": None,
        "asymmetries": None,
    }
    if pairs:
        answer["pairs"] = [
            {
                "rater": p.rater,
                "rated": p.rated,
                "level": p.level,
                "by_dimension": dict(p.by_dimension),
                "answers": p.answers,
                "change": moved.pairs.get((p.rater, p.rated)) if moved else None,
                "weakest": p is found.weakest,
            }
            for p in found.pairs.values()
        ]
        answer["asymmetries"] = [{"more": a, "less": b, "gap": gap} for a, b, gap in found.asymmetries()]
    return answer
