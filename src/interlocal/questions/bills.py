"""What each partner pays under the proposed formula, and whether it is better off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.costs.timing import steady_year
from interlocal.numerics.summary import probability
from interlocal.questions.joined import Joined
from interlocal.questions.laboratory import laboratory

MOST_IN_STUDY = 12
"""Members up to which a study holds all formulas side by side; `interlocal shares` goes further."""


def bills_answer(
    case: Case, joined: Mapping[str, Joined], *, seed: int, draws: int, in_depth: bool = True
) -> dict[str, Any]:
    """Return the part ``sharing`` of study.json; not in depth, without the formulas that nobody proposed.

    Every formula is held against the study's own futures: those of ``seed`` and ``draws``.
    """
    answers: dict[str, Any] = {}
    for option in case.options:
        j = joined.get(option.id)
        if option.kind != "shared" or j is None:
            continue
        bills = j.of(lambda part: part.bills)
        first = case.assumptions.horizon.first
        steady = steady_year(option, first, first + bills.shape[2] - 1) - first
        mean = bills[:, :, steady].mean(1)
        total = float(mean.sum())
        better = j.of(lambda part: part.better_off)
        answers[option.id] = {
            "rule": option.formula.rule.model_dump(mode="json") if option.formula else None,
            "basis": f"mean bill of the first steady year, {first + steady}",
            "year": first + steady,
            "years": list(range(first, first + bills.shape[2])),
            "joint_cost": total,
            "partners": {
                p: {
                    "bill": float(mean[i]),
                    "share": float(mean[i] / total) if total else None,
                    "share_range": _range(bills[i, :, steady] / np.maximum(bills[:, :, steady].sum(0), 1.0)),
                    "bills": {
                        k: [float(x) for x in np.quantile(bills[i], q, axis=0)] for k, q in _RANGE.items()
                    },
                    "p_better_off": probability(better[i])[0],
                }
                for i, p in enumerate(case.partner_ids)
                if p in j.members
            },
        }
    known = _may_be_held_up(case, answers)
    return {
        "options": answers,
        "laboratory": _laboratory(case, seed, draws, in_depth=in_depth) if known else None,
    }


_RANGE = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def _range(values: NDArray[np.float64]) -> dict[str, float]:
    return {k: float(np.quantile(values, q)) for k, q in _RANGE.items()}


def _may_be_held_up(case: Case, answers: Mapping[str, Any]) -> bool:
    option = case.proposed_option
    if option is None or option.id not in answers or option.formula is None:
        return False
    return len(case.members(option)) <= MOST_IN_STUDY


def _laboratory(case: Case, seed: int, draws: int, *, in_depth: bool) -> dict[str, Any]:
    """Hold the proposed formula against the others, each partner and each group on its own."""
    if in_depth:
        return laboratory(case, seed=seed, draws=draws)
    # The proposed formula is held up whatever is asked for; one other is the least that can be asked for.
    return laboratory(case, formulas=("equal",), draws=0)
