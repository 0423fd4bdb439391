"""The form of governance as a study holds it: ``governance`` in ``study.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from interlocal.case.document import Case
from interlocal.case.values import Visibility
from interlocal.governance.clauses import ClauseStanding, clauses_of
from interlocal.governance.ranking import (
    Choice,
    Firmness,
    Weighed,
    choose,
    chosen,
    firmness,
    legal_review,
    would_lead,
)
from interlocal.governance.screening import Screen, laws, places_without_rule
from interlocal.governance.view import View
from interlocal.reference import PlaceRule, ask_counsel, asks, governance_models, ranking
from interlocal.reference import conditions as known_conditions


def governance_answer(case: Case, seed: int, visible: frozenset[Visibility]) -> dict[str, Any]:
    """Return which forms are possible, how they rank and why, how firm that is, and where the clauses stand.

    Parameters
    ----------
    case
        A checked case.
    seed
        Seed of the draws in which weights are changed.
    visible
        Visibilities of the audience; a reason that rests on anything else is left out and counted.
    """
    view = View(case, visible)
    choice = choose(case)
    firm = firmness(choice.standings, seed)
    hinges = would_lead(case, choice, seed)
    model, pointer = chosen(case)
    # The form of the option proposed is part of what is studied; what a case says of governance itself may be kept back.
    told = model is not None and (pointer.startswith("/options") or view.sees(pointer))
    shown = model if told else None
    found = governance_models()[shown] if shown else None
    return {
        "model": shown,
        "name": found.name if found else None,
        "good_when": found.good_when if found else None,
        "unknown": _why_not(model) if not told else None,
        "rank": choice.rank(shown) if shown else None,
        "impossible": shown in choice.screening.impossible if shown else None,
        "legal_review": legal_review(case),
        "answer": _answer(choice, firm, hinges),
        "first": list(firm.first),
        "firmness": {
            "stays_first": firm.stays_first.get(firm.first[0]) if firm.first else None,
            **{k: getattr(ranking(), k) for k in ("draws", "change", "tie_below")},
        },
        "forms": [_form(choice, firm, view, s.model) for s in choice.standings],
        "screened": [
            {"model": m, "name": governance_models()[m].name, **_screens(view, "reasons", screens)}
            for m, screens in choice.screening.impossible.items()
        ],
        "not_known": _not_known(choice, hinges),
        "clauses": _clauses(case, model or _alone(firm), view, told=told or model is None),
        "law": {
            "rules": [_law(r) for r in laws(case)],
            "ask_counsel": ask_counsel() if places_without_rule(case) else None,
        },
    }


def _shown(view: View, row: Screen | Weighed) -> bool:
    return row.shown_anyway or view.sees(row.pointer)


def _screens(view: View, key: str, rows: Iterable[Screen]) -> dict[str, Any]:
    every = list(rows)
    kept = [{"because": s.because, "pointer": s.pointer, "cite": s.cite} for s in every if _shown(view, s)]
    return {key: kept, f"{key}_withheld": len(every) - len(kept)}


def _law(rule: PlaceRule) -> dict[str, Any]:
    plain = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(rule).items()}
    return plain | {"read_on": rule.read_on.isoformat()}


def _why_not(model: str | None) -> str:
    if model is None:
        return "No form of governance has been chosen."
    return "The form that was chosen is not for this audience."


def _alone(firm: Firmness) -> str | None:
    return firm.first[0] if len(firm.first) == 1 else None


def _answer(choice: Choice, firm: Firmness, hinges: Mapping[str, Any]) -> str:
    """``firm``, ``so_far`` where an unknown condition could change it, ``tie``, ``unknown``, or ``none`` possible."""
    if not choice.standings:
        return "none"
    if not any(r.weight > 0 for r in choice.standings[0].reasons):
        return "unknown"
    if len(firm.first) > 1:
        return "tie"
    return "so_far" if hinges else "firm"


def _form(choice: Choice, firm: Firmness, view: View, model: str) -> dict[str, Any]:
    standing = next(s for s in choice.standings if s.model == model)
    reasons = [
        {k: v for k, v in asdict(r).items() if k != "shown_anyway"}
        for r in standing.reasons
        if _shown(view, r)
    ]
    withheld = len(standing.reasons) - len(reasons)
    # With the score and all reasons but one, anybody could work out the one that is withheld.
    scores = (None,) * 3 if withheld else (standing.score, standing.worst, standing.best)
    return {
        "model": model,
        "name": governance_models()[model].name,
        "good_when": governance_models()[model].good_when,
        "rank": choice.rank(model),
        **dict(zip(("score", "worst", "best"), scores, strict=True)),
        "stays_first": firm.stays_first[model],
        "reasons": reasons,
        "reasons_withheld": withheld,
        **_screens(view, "ask_counsel", choice.screening.ask_counsel.get(model, ())),
    }


def _not_known(choice: Choice, hinges: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """Return what to find out, what could change the first place first."""
    rows = [
        {
            "conditions": [known_conditions()[c] for c in missing],
            "collect": ask.text,
            "who": ask.who,
            "pointer": ask.pointer,
            "would_lead": list(dict.fromkeys(m for c in missing for m in hinges.get(c, ()))),
        }
        for ask in asks()
        if (missing := [c for c in ask.conditions if c in choice.unknown])
    ]
    return sorted(rows, key=lambda r: not r["would_lead"])


def _clauses(case: Case, model: str | None, view: View, *, told: bool) -> dict[str, Any]:
    """Return the clauses of the form chosen, or of the one that comes first alone where none was chosen."""
    nothing: dict[str, Any] = {"model": None, "rows": [], "agreed": [], "missing": [], "for_a_lawyer": []}
    if not told:
        return nothing | {"unknown": _why_not(model)}
    if model is None:
        return nothing | {"unknown": "Which clauses are needed follows from the form; choose one first."}
    found = clauses_of(case, model)
    if not any(c.needed for c in found):
        return nothing | {"model": model, "unknown": "This form follows a law of its own. Ask counsel."}
    seen = [c for c in found if view.sees(c.pointer) or c.status == "missing"]
    return {
        "model": model,
        "unknown": None,
        "rows": [_clause(c, seen=c in seen) for c in found],
        "agreed": [c.clause.id for c in seen if c.settled],
        "missing": [c.clause.id for c in seen if c.needed and not c.settled],
        "for_a_lawyer": [c.clause.id for c in seen if c.for_a_lawyer],
    }


def _clause(row: ClauseStanding, *, seen: bool) -> dict[str, Any]:
    return {
        "id": row.clause.id,
        "title": row.clause.title,
        "settles": row.clause.settles,
        "needed": row.needed,
        "status": row.status if seen else None,
        "text": row.text if seen else None,
        "legal_review": row.legal_review if seen else None,
        "questions": list(row.clause.questions) if seen and not row.settled else [],
        "pointer": row.pointer,
    }
