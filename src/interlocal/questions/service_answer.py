"""The answer to the service question, from draws to what study.json says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.questions.answers import share_of
from interlocal.questions.joined import Joined
from interlocal.questions.service_level import deciding, missing
from interlocal.questions.simulation import why_unknown


def service_answer(case: Case, joined: Mapping[str, Joined]) -> dict[str, Any]:
    """Return the part ``questions/service`` of study.json."""
    measures = {
        m.id: {"name": m.name, "unit": m.unit, "better": m.better, "primary": m.primary, "margin": m.margin}
        for m in case.service_measures
    }
    answers: dict[str, Any] = {}
    for option in case.options:
        if option.kind == "do_nothing":
            continue
        gaps = missing(case, option)
        j = joined.get(option.id)
        if j is None:
            answers[option.id] = {"unknown": why_unknown(case, option), "joint": None}
            continue
        keys = list(j.parts[0].service.met)
        rows = [
            {
                "measure": m,
                "partner": p,
                **share_of(j.of(lambda part, k=(m, p): part.service.met[k])),  # type: ignore[misc]
                "change": _change(j.of(lambda part, k=(m, p): part.service.change[k])),  # type: ignore[misc]
            }
            for m, p in keys
        ]
        met = j.of(lambda part: part.service_met) if j.parts[0].service_met is not None else None
        answer: dict[str, Any] = {
            "unknown": None,
            "measures": rows,
            "joint": None,
            "partners": {},
            "worst_off": None,
            "saves_and_serves": None,
        }
        if met is None:
            answer["unknown"] = (
                f"We do not know: the case lacks {'; '.join(gaps)}." if gaps else "We do not know."
            )
        else:
            answer["joint"] = share_of(met[-1])
            answer["partners"] = {
                p: share_of(met[i]) for i, p in enumerate(case.partner_ids) if p in j.members
            }
            worst = min(j.members, key=lambda p: answer["partners"][p]["p"])
            answer["worst_off"] = {"partner": worst, **answer["partners"][worst]}
            saves = j.npv("pool")[-1] > 0
            answer["saves_and_serves"] = share_of(saves & met[-1])
        answers[option.id] = answer
    return {"measures": measures, "deciding": [m.id for m in deciding(case)], "options": answers}


def _change(values: np.ndarray[Any, Any]) -> dict[str, float]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {"p10": float(low), "p50": float(middle), "p90": float(high)}
