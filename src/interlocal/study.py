"""The one entry point: a case goes in, a Study comes out, with everything needed to check it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from interlocal import __version__
from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.case.values import Entry, Quantity, Visibility
from interlocal.costs.flows import flows
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws, blocks
from interlocal.numerics.engine import run
from interlocal.numerics.summary import drivers, enough_draws, probability
from interlocal.questions.answers import both, fan, share_of, verdict
from interlocal.questions.central import break_even, central_path, components
from interlocal.questions.collect import collect_next
from interlocal.questions.service_level import deciding, missing
from interlocal.questions.simulation import BLOCK, BlockResult, OptionDraws, simulate, why_unknown
from interlocal.questions.sustainability import stresses, transition_ends
from interlocal.questions.views import Doubt, doubt
from interlocal.reference import governance_models, outside_view, services

Audience = Literal["facilitator", "partners", "public"]
LEADING = 8
"""How many inputs are named as driving the spread."""
LEAST_SHARE = 0.01
"""An input with a smaller part in the spread cannot be told from chance at these numbers of draws."""


@dataclass(frozen=True)
class Study:
    """The answers to a case.

    ``document`` is ``study.json``: see the reference documentation for its schema. Same case, seed and number of
    draws give the same bytes, on any engine and number of workers.
    """

    case: Case
    document: Mapping[str, Any]

    def to_json(self) -> str:
        """Return the document as text, UTF-8, numbers in full."""
        return json.dumps(self.document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def study(  # noqa: PLR0913 - keyword-only settings of one run
    case: Case,
    *,
    draws: int = 10_000,
    seed: int = 1,
    audience: Audience = "partners",
    engine: Literal["local", "dask"] = "local",
    scheduler: str | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Study:
    """Answer the three fundamental questions for every option of a case.

    Parameters
    ----------
    case
        A checked case.
    draws
        Futures drawn; 10,000 give probabilities to about one point in a hundred.
    seed
        Same seed, same futures.
    audience
        Whom the document is for; it holds nothing that this audience may not see.
    engine, scheduler, workers
        Where blocks of draws run; this never changes a byte of the result.
    progress
        Called with blocks done and blocks in all.
    cancelled
        Asked between blocks; True stops with ``interlocal.numerics.engine.Cancelled``.
    """
    results = run(
        partial(simulate, case=case),
        blocks(draws, seed, BLOCK),
        engine=engine,
        scheduler=scheduler,
        workers=workers,
        progress=progress,
        cancelled=cancelled,
    )
    views = doubt(case)
    joined = {o.id: _Joined(case, o, results) for o in case.options if o.id in results[0].options}
    visible = _visible_to(audience)
    service = services()[case.service.id]
    document: dict[str, Any] = {
        "format": 1,
        "interlocal": __version__,
        "case": {
            "title": case.title,
            "sha256": case.sha256,
            "gate": case.gate,
            "as_of": case.as_of.isoformat(),
            "fictional": case.fictional,
            "summary": case.summary,
            "service": {"id": service.id, "name": service.name, "scope": case.service.scope},
            "partners": {p.id: _partner(case, p.id, visible) for p in case.partners},
            "proposed": case.proposed_option.id if case.proposed_option else None,
        },
        "seed": seed,
        "draws": draws,
        "audience": audience,
        "questions": {
            "money": _money(case, results, joined, views, visible),
            "service": _service(case, joined),
            "sustainability": _sustainability(case, joined),
        },
        "sharing": _sharing(case, joined),
        "governance": _governance(case),
        "lessons": [],
        "collect_next": collect_next(case),
        "central": central_path(case) if audience != "public" else None,
        "sources": _sources(case, visible, audience),
    }
    document["lessons"] = _question_findings(case, document["questions"])
    document["warnings"] = _warnings(document, draws)
    return Study(case, document)


class _Joined:
    """One option's draws from all blocks, in the order of the blocks."""

    def __init__(self, case: Case, option: Option, results: Sequence[BlockResult]) -> None:
        self.case, self.option = case, option
        self.parts: list[OptionDraws] = [r.options[option.id] for r in results]
        self.members = case.members(option)

    def npv(self, view: str) -> np.ndarray[Any, Any]:
        return np.concatenate([p.money.npv[view] for p in self.parts], axis=1)

    def payback(self, view: str) -> np.ndarray[Any, Any]:
        return np.concatenate([p.money.payback[view] for p in self.parts], axis=1)

    def has(self, view: str) -> bool:
        return view in self.parts[0].money.npv

    def of(self, take: Callable[[OptionDraws], Any]) -> np.ndarray[Any, Any]:
        """Draws of all blocks; arrays have draws as their only or second axis."""
        arrays = [take(p) for p in self.parts]
        return np.concatenate(arrays, axis=min(1, arrays[0].ndim - 1))

    def answer(self, view: str) -> dict[str, Any] | None:
        if not self.has(view):
            return None
        return both(self.npv(view), self.payback(view), self.case.partner_ids, self.members)


def _money(
    case: Case,
    results: Sequence[BlockResult],
    joined: Mapping[str, _Joined],
    views: Doubt,
    visible: frozenset[str],
) -> dict[str, Any]:
    horizon = case.assumptions.horizon
    inputs = {k: np.concatenate([r.inputs[k] for r in results if k in r.inputs]) for k in results[0].inputs}
    labels = {k: v for r in results for k, v in r.labels.items()}
    hidden = _hidden_inputs(case, visible)
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
        ranked = [(k, x) for k, x in drivers(own, outcome) if x >= LEAST_SHARE][:LEADING] if own else []
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
                "reason": views.reason
                if option.kind == "shared"
                else "Only the case's own figures speak to this option.",
                "judgement": "inside_weight" in views.judged and option.kind == "shared",
            },
            "p_saves_at_weight": _at_weights(j),
            "yearly": fan(yearly, years, case.partner_ids, j.members),
            "drivers": [
                {"input": k, "label": _HIDDEN if k in hidden else labels.get(k, k), "share": float(x)}
                for k, x in ranked
            ],
            "break_even": _break_even(
                case, option, [k for k, _ in ranked if k not in hidden], inputs, labels
            ),
            "per_year": _per_year(case, j),
            "components": components(case, option.id),
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


_HIDDEN = "An input that its owner keeps private"


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


def _at_weights(j: _Joined) -> dict[str, float | None]:
    """Probability of saving over the whole if the case's own figures had weight 0, ½ and 1."""
    inside = float((j.npv("inside")[-1] > 0).mean())
    if not j.has("outside"):
        return {"0": None, "0.5": None, "1": inside}
    outside = float((j.npv("outside")[-1] > 0).mean())
    return {"0": outside, "0.5": (inside + outside) / 2, "1": inside}


def _optimism(j: _Joined) -> dict[str, float]:
    return {k: float(v.mean()) for k, v in j.parts[0].optimism.items()}


def _break_even(
    case: Case,
    option: Option,
    names: list[str],
    inputs: Mapping[str, np.ndarray[Any, Any]],
    labels: Mapping[str, str],
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
            "value": values[n],
            "median": float(np.median(inputs[n])),
            "looked_at": list(ranges[n]),
        }
        for n in chosen
    ]


def _per_year(case: Case, j: _Joined) -> dict[str, Any]:
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


def _service(case: Case, joined: Mapping[str, _Joined]) -> dict[str, Any]:
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
                "We do not know: the case lacks " + "; ".join(gaps) + "." if gaps else "We do not know."
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


def _sustainability(case: Case, joined: Mapping[str, _Joined]) -> dict[str, Any]:
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
        if option.kind == "shared":
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
    case: Case, j: _Joined, base: np.ndarray[Any, Any], take: Callable[[OptionDraws], Any]
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


def _growth(case: Case, j: _Joined) -> dict[str, Any]:
    """Yearly growth of the median bills against that of today's cost and of revenue [share/year]."""
    bills = np.median(j.of(lambda part: part.bills).sum(0), axis=0)
    after = transition_ends(case, j.option) - case.assumptions.horizon.first + 1
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


def _governance(case: Case) -> dict[str, Any]:
    option = case.proposed_option
    model = (case.governance.model if case.governance else None) or (option.form if option else None)
    found = governance_models()[model] if model else None
    return {
        "model": model,
        "name": found.name if found else None,
        "good_when": found.good_when if found else None,
        "unknown": None if found else "No form of governance has been chosen.",
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


def _sharing(case: Case, joined: Mapping[str, _Joined]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for option in case.options:
        j = joined.get(option.id)
        if option.kind != "shared" or j is None:
            continue
        bills = j.of(lambda part: part.bills)
        first = case.assumptions.horizon.first
        steady = min(transition_ends(case, option) + 1 - first, bills.shape[2] - 1)
        mean = bills[:, :, steady].mean(1)
        total = float(mean.sum())
        better = j.of(lambda part: part.better_off)
        answers[option.id] = {
            "rule": option.formula.rule.model_dump(mode="json") if option.formula else None,
            "basis": f"mean bill of the first steady year, {first + steady}",
            "joint_cost": total,
            "partners": {
                p: {
                    "bill": float(mean[i]),
                    "share": float(mean[i] / total) if total else None,
                    "p_better_off": probability(better[i])[0],
                }
                for i, p in enumerate(case.partner_ids)
                if p in j.members
            },
        }
    return {"options": answers}


def _question_findings(case: Case, questions: Mapping[str, Any]) -> list[dict[str, Any]]:
    option = case.proposed_option
    findings = []
    for name, path in (
        ("money", ("pool", "total", "p_saves")),
        ("service", ("joint", "p")),
        ("sustainability", ("p_stays", "total", "p")),
    ):
        answer: Any = questions[name]["options"].get(option.id) if option else None
        for step in path:
            answer = answer.get(step) if isinstance(answer, Mapping) else None
        reason = (
            (questions[name]["options"].get(option.id) or {}).get("unknown")
            if option
            else "The case has no shared option."
        )
        pointer = f"/questions/{name}/options/{option.id if option else ''}/" + "/".join(path)
        findings.append(
            {
                "item": f"question.{name}",
                "list": "questions",
                "gate": "negotiate",
                "due": case.gate != "explore",
                "verdict": verdict(answer),
                "confidence": "medium" if answer is not None else "low",
                "audience": "public",
                "because": [
                    {
                        "text": _SAYS[name].format(answer * 10),
                        "pointer": pointer,
                        "value": answer,
                        "unit": "probability",
                    }
                ]
                if answer is not None
                else [],
                "next_steps": []
                if answer is not None
                else [{"text": reason or "Collect what is missing.", "who": "the facilitator"}],
            }
        )
    return findings


_SAYS = {
    "money": "The partners together save money in {:.1f} of 10 futures.",
    "service": "Service is equal or better for every partner in {:.1f} of 10 futures.",
    "sustainability": "Every partner stays better off in {:.1f} of 10 futures.",
}


def _warnings(document: Mapping[str, Any], draws: int) -> list[str]:
    found = []
    for answer in document["questions"]["money"]["options"].values():
        if answer["pool"] is not None:
            warning = enough_draws(answer["pool"]["total"]["p_saves"], draws)
            if warning:
                found.append(f"{answer['name']}: {warning}")
    return found


def _partner(case: Case, partner_id: str, visible: frozenset[str]) -> dict[str, Any]:
    p = case.partner(partner_id)
    shown = {
        k: m.central
        for k, m in p.measures.items()
        if k in {"population", "households"} and m.visibility in visible
    }
    return {"name": p.name, **shown}


def _visible_to(audience: Audience) -> frozenset[str]:
    levels = get_args(Visibility)
    return frozenset(levels[levels.index(audience) :])


def _entries(part: Any, pointer: str = "") -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    if isinstance(part, tuple):
        for i, item in enumerate(part):
            found += _entries(item, f"{pointer}/{i}")
    elif isinstance(part, dict):
        for k, item in part.items():
            found += _entries(item, f"{pointer}/{k}")
    elif hasattr(part, "model_fields_set"):
        if isinstance(part, Entry):
            found.append((pointer, part))
        for name in sorted(part.model_fields_set):
            found += _entries(getattr(part, name), f"{pointer}/{name}")
    return found


def _sources(case: Case, visible: frozenset[str], audience: Audience) -> dict[str, Any]:
    entries = _entries(case)
    view = outside_view(case.service.id)
    shown = {
        pointer: {
            "source": e.source,
            "basis": e.basis,
            "value": e.central if isinstance(e, Quantity) else None,
        }
        for pointer, e in entries
        if (e.source is not None or e.basis == "assumption") and e.visibility in visible
    }
    return {
        "case": shown,
        "left_out": sum(e.visibility not in visible for _, e in entries),
        "left_out_reason": None
        if audience == "facilitator"
        else f"kept from the audience “{audience}” by whoever entered it",
        "outside_view": view.as_dict(),
    }


def _hidden_inputs(case: Case, visible: frozenset[str]) -> frozenset[str]:
    """Names of inputs that this audience may not see, as ``World`` names them."""
    world = World(case, CentralDraws())
    paths = {p: today(p, world) for p in partners_with_figures(case)}
    for option in case.options:
        if why_unknown(case, option) is None and option.kind != "do_nothing":
            flows(option, case.members(option), world, paths)
    return frozenset(name for name, i in world.inputs.items() if i.quantity.visibility not in visible)
