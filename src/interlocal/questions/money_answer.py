"""The answer to the money question, from draws to what study.json says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.numerics.summary import drivers
from interlocal.questions.answers import fan
from interlocal.questions.central import break_even, components
from interlocal.questions.joined import Joined
from interlocal.questions.provenance import inputs_of
from interlocal.questions.simulation import BlockResult, why_unknown
from interlocal.questions.views import Doubt

LEADING = 8
"""How many inputs are named as driving the spread."""
LEAST_SHARE = 0.01
"""An input with a smaller part in the spread cannot be told from chance at these numbers of draws."""
_HIDDEN = "An input that its owner keeps private"


def money_answer(
    case: Case,
    results: Sequence[BlockResult],
    joined: Mapping[str, Joined],
    views: Doubt,
    visible: frozenset[str],
    *,
    in_depth: bool = True,
) -> dict[str, Any]:
    """Return the part ``questions/money`` of study.json; not in depth, without what drives and what turns the answer."""
    horizon = case.assumptions.horizon
    inputs = {k: np.concatenate([r.inputs[k] for r in results if k in r.inputs]) for k in results[0].inputs}
    labels = {k: v for r in results for k, v in r.labels.items()}
    places = inputs_of(case)
    hidden = {name for name, (_, seen_by) in places.items() if seen_by not in visible}
    years = list(range(horizon.first, horizon.first + case.assumptions.sustainability_years))
    years = list(range(horizon.first, max(years[-1], horizon.last) + 1))
    paths = {p: np.concatenate([r.do_nothing[p] for r in results]) for p in results[0].do_nothing}
    answers: dict[str, Any] = {}
    for option in case.options:
        if option.kind == "do_nothing":
            continue
        reason = why_unknown(case, option)
        if reason is not None:
            answers[option.id] = {
                "name": option.name,
                "kind": option.kind,
                "inside": None,
                "outside": None,
                "pool": None,
                "unknown": reason,
            }
            continue
        j = joined[option.id]
        yearly = j.of(lambda p: p.money.yearly)
        own = {k: v for k, v in inputs.items() if _concerns(option, case, k)}
        outcome = yearly[-1, :, : horizon.last - horizon.first + 1].sum(1)
        ranked = (
            [(k, x) for k, x in drivers(own, outcome) if x >= LEAST_SHARE][:LEADING]
            if own and in_depth
            else []
        )
        weight = views.inside_weight if option.kind == "shared" else 1.0
        answers[option.id] = {
            "name": option.name,
            "kind": option.kind,
            "unknown": None,
            "inside": j.answer("inside"),
            "outside": j.answer("outside"),
            "pool": j.answer("pool"),
            "outside_reason": None
            if j.has("outside")
            else "Published effects are about sharing; they say nothing on this option.",
            "weight": {
                "inside": weight,
                "reason": _reason(case, views.reason, visible)
                if option.kind == "shared"
                else "Only the case's own figures speak to this option.",
                "judgement": "inside_weight" in views.judged and option.kind == "shared",
            },
            "p_saves_at_weight": _at_weights(j),
            "yearly": fan(yearly, years, case.partner_ids, j.members),
            "drivers": [
                {
                    "input": k,
                    "label": _HIDDEN if k in hidden else labels.get(k, k),
                    "pointer": places[k][0] if k in places and k not in hidden else None,
                    "share": float(x),
                }
                for k, x in ranked
            ],
            "break_even": _break_even(
                case, option, [k for k, _ in ranked if k not in hidden], inputs, labels, places
            ),
            "per_year": _per_year(case, j),
            "components": components(case, option.id) if in_depth else None,
            "moved": [
                {"from": m.partner, "to": m.to, "amount": m.amount.central}
                for m in option.moved
                if m.visibility in visible
            ],
            "optimism": _optimism(j),
        }
    return {
        "currency": case.currency,
        "price_basis": case.assumptions.price_basis,
        "horizon": [horizon.first, horizon.last],
        "do_nothing": {p: _band(x) for p, x in paths.items()},
        "years": years,
        "judged": list(views.judged),
        "options": answers,
    }


def _concerns(option: Option, case: Case, name: str) -> bool:
    """Whether an input belongs to this option, to today's cost or to all options."""
    first, _, rest = name.partition("/")
    if first == "views":
        return option.kind == "shared" or (
            option.kind == "buy_outside" and rest in {"optimism", "delay_months"}
        )
    if first != "options":
        return True
    owner = rest.partition("/")[0]
    return owner == option.id or case.option(owner).kind == "do_nothing"


def _at_weights(j: Joined) -> dict[str, float | None]:
    """Probability of saving over the whole if the case's own figures had weight 0, ½ and 1."""
    inside = float((j.npv("inside")[-1] > 0).mean())
    if not j.has("outside"):
        return {"0": None, "0.5": None, "1": inside}
    outside = float((j.npv("outside")[-1] > 0).mean())
    return {"0": outside, "0.5": (inside + outside) / 2, "1": inside}


def _optimism(j: Joined) -> dict[str, float]:
    return {k: float(v.mean()) for k, v in j.parts[0].optimism.items()}


def _break_even(
    case: Case,
    option: Option,
    names: list[str],
    inputs: Mapping[str, np.ndarray[Any, Any]],
    labels: Mapping[str, str],
    places: Mapping[str, tuple[str, str]],
) -> list[dict[str, Any]]:
    chosen = [n for n in names if not n.startswith("views/published") and n != "views/pool"][:5]
    ranges = {}
    for n in chosen:
        low, high = float(inputs[n].min()), float(inputs[n].max())
        spread = high - low
        ranges[n] = (low - 2 * spread if low < 0 else max(low - 2 * spread, 0.0), high + 2 * spread)
    values = break_even(case, option.id, chosen, ranges)
    return [
        {
            "input": n,
            "label": labels.get(n, n),
            "pointer": places[n][0] if n in places else None,
            "value": values[n],
            "median": float(np.median(inputs[n])),
            "looked_at": list(ranges[n]),
        }
        for n in chosen
    ]


def _per_year(case: Case, j: Joined) -> dict[str, Any]:
    """Equal yearly amount that is worth the mean net present saving; per head and per household where counted."""
    horizon = case.assumptions.horizon
    rate = case.assumptions.discount.rate.central
    annuity = sum((1 + rate) ** -k for k in range(horizon.last - horizon.first + 1))
    means = j.npv("pool").mean(1) / annuity
    rows: dict[str, Any] = {"total": {"amount": float(means[-1])}, "partners": {}}
    for i, p in enumerate(case.partner_ids):
        if p not in j.members:
            continue
        measures = case.partner(p).measures
        rows["partners"][p] = {"amount": float(means[i])} | {
            f"per_{word}": float(means[i] / measures[m].central)
            if m in measures and measures[m].central
            else None
            for word, m in (("head", "population"), ("household", "households"))
        }
    return rows


def _band(values: np.ndarray[Any, Any]) -> dict[str, list[float]]:
    rows = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
    return {k: [float(x) for x in row] for k, row in zip(("p10", "p50", "p90"), rows, strict=True)}


def _reason(case: Case, reason: str, visible: frozenset[str]) -> str:
    """Return why the case's own figures count as much as they do, where the audience may read what partners wrote."""
    given = case.assumptions.views
    hidden = given.reason is not None and given.visibility not in visible
    return "The reason is not for this audience." if hidden else reason
