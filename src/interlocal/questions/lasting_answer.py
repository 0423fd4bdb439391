"""The answer to the question whether it lasts, from draws to what study.json says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.costs.timing import transition_ends
from interlocal.numerics.summary import probability
from interlocal.questions.answers import share_of
from interlocal.questions.joined import Joined
from interlocal.questions.simulation import OptionDraws, why_unknown
from interlocal.questions.sustainability import stresses


def lasting_answer(case: Case, joined: Mapping[str, Joined], *, in_depth: bool = True) -> dict[str, Any]:
    """Return the part ``questions/sustainability`` of study.json; not in depth, without stresses and exits."""
    answers: dict[str, Any] = {}
    for option in case.options:
        if option.kind == "do_nothing":
            continue
        j = joined.get(option.id)
        if j is None:
            answers[option.id] = {"unknown": why_unknown(case, option), "p_stays": None}
            continue
        kept = j.of(lambda part: part.stays)
        answer: dict[str, Any] = {
            "unknown": None,
            "p_stays": {
                "total": share_of(kept[-1]),
                "partners": {p: share_of(kept[i]) for i, p in enumerate(case.partner_ids) if p in j.members},
            },
            "stresses": [],
            "exits": {},
            "renewal": _renewal(option),
            "growth": _growth(case, j),
        }
        if option.kind == "shared" and in_depth:
            base = j.npv("pool").mean(1)
            for stress in stresses(case, option):
                row: dict[str, Any] = {"id": stress.id, "title": stress.title, "unknown": None}
                if stress.shift is None:
                    row["unknown"] = f"Not tested: {stress.why_not}."
                else:
                    row |= _tested(case, j, base, lambda part, s=stress.id: part.tests[s])  # type: ignore[misc]
                answer["stresses"].append(row)
            for p in j.parts[0].exits:
                answer["exits"][p] = _tested(case, j, base, lambda part, q=p: part.exits[q])  # type: ignore[misc]
        answers[option.id] = answer
    return {
        "years": case.assumptions.sustainability_years,
        "test": "no three years running, counted after the transition, in which a partner pays more than on its own",
        "limits": "This is a money test and not a prediction of survival. Endings elsewhere came more from "
        "responsiveness, control and relationships than from money.",
        "look_at": ["principle.relationships", "principle.trust", "necessity.governance", "necessity.trust"],
        "options": answers,
    }


def _tested(
    case: Case, j: Joined, base: np.ndarray[Any, Any], take: Callable[[OptionDraws], Any]
) -> dict[str, Any]:
    npv = j.of(lambda part: take(part).npv)
    kept = j.of(lambda part: take(part).stays)
    change = npv.mean(1) - base

    def one(i: int) -> dict[str, float]:
        return {
            "change": float(change[i]),
            "p_saves": probability(npv[i] > 0)[0],
            "p_stays": probability(kept[i])[0],
        }

    return {
        "total": one(-1),
        "partners": {p: one(i) for i, p in enumerate(case.partner_ids) if p in j.members},
    }


def _growth(case: Case, j: Joined) -> dict[str, Any]:
    """Yearly growth of the median bills against that of today's cost and of revenue [share/year]."""
    bills = np.median(j.of(lambda part: part.bills).sum(0), axis=0)
    first_year = case.assumptions.horizon.first
    after = transition_ends(j.option, first_year) - first_year + 1
    revenue = {}
    for p in j.members:
        history = case.partner(p).revenue
        first, last = (min(history), max(history)) if history else (0, 0)
        revenue[p] = (
            (history[last].central / history[first].central) ** (1 / (last - first)) - 1
            if last > first
            else None
        )
    years = len(bills) - 1 - after
    return {
        "bills": float((bills[-1] / bills[after]) ** (1 / years) - 1)
        if years > 0 and bills[after] > 0
        else None,
        "revenue": revenue,
        "unknown": None
        if all(revenue.values())
        else "We do not know how revenue grew where no two years are given.",
    }


def _renewal(option: Option) -> dict[str, Any]:
    if option.renewal is None:
        return {
            "unknown": "We do not know what renewal of assets needs or what is set aside for it.",
            "covered": None,
        }
    needed, kept = option.renewal.needed.central, option.renewal.set_aside.central
    return {
        "unknown": None,
        "needed": needed,
        "set_aside": kept,
        "covered": kept / needed if needed else None,
    }
