"""The options beside one another, draw by draw: which is best, which beats the proposal, what service costs.

Every option was worked out on the same futures, so that "better" is counted future by future and never read off two
separate distributions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.costs.world import Array
from interlocal.questions.answers import share_of
from interlocal.questions.joined import Joined
from interlocal.questions.service_level import deciding
from interlocal.questions.simulation import BlockResult

WEIGHTS = tuple(round(0.1 * i, 1) for i in range(11))
"""Weights of money against service, 0 service alone to 1 money alone."""
POINTS = 11
"""Points on a trade-off curve."""
_EVEN = 1e-9


def choice_answer(case: Case, joined: Mapping[str, Joined], results: Sequence[BlockResult]) -> dict[str, Any]:
    """Return the part ``choice`` of study.json.

    Returns
    -------
    dict
        ``ranking`` (share of futures in which each option is best, by the weight of money), ``alternatives`` (groups
        and suppliers held against the proposal for their own members) and ``tradeoff`` (how likely a saving goes
        together with a given gain in service).
    """
    proposal = case.proposed_option
    return {
        "proposed": proposal.id if proposal else None,
        "ranking": _ranking(case, joined),
        "alternatives": _alternatives(case, joined, results, joined.get(proposal.id) if proposal else None),
        "tradeoff": {
            m.id: {o: _curve(case, j, m.id) for o, j in joined.items() if _everywhere(j, m.id)}
            for m in deciding(case)
        },
    }


def _ranking(case: Case, joined: Mapping[str, Joined]) -> dict[str, Any]:
    """Return which option is best by money, by service and between; doing nothing is no option here.

    Money is the net present saving of all partners, service the share of partners whose deciding measures are equal
    or better. Each is stretched over the range of the options' means, 0 the worst and 1 the best, before it is
    weighed: how much better matters, not only that it is better.
    """
    unknown = [o.id for o in case.options if o.kind != "do_nothing" and o.id not in joined]
    money = {o: j.npv("pool")[-1] for o, j in joined.items()}
    served = {
        o: j.of(lambda part: part.service_met)[:-1].mean(0)
        for o, j in joined.items()
        if j.parts[0].service_met is not None
    }
    known = bool(joined) and len(served) == len(joined)
    weights = WEIGHTS if known else (1.0,)
    scores = _stretched(money)
    service = _stretched(served) if known else {o: 0.0 * s for o, s in scores.items()}
    best: dict[str, dict[str, float]] = {o: {} for o in joined}
    winner: dict[str, str] = {}
    for weight in weights if joined else ():
        each = np.stack([weight * scores[o] + (1 - weight) * service[o] for o in joined])
        at_top = (each >= each.max(0) - _EVEN).mean(1)
        means = each.mean(1)
        winner[f"{weight:g}"] = list(joined)[int(np.argmax(means))]
        for o, share in zip(joined, at_top, strict=True):
            best[o][f"{weight:g}"] = float(share)
    return {
        "weights": [f"{w:g}" for w in weights] if joined else [],
        "p_best": best,
        "winner": winner,
        "not_compared": unknown,
        "service_unknown": [o for o in joined if o not in served],
    }


def _stretched(values: Mapping[str, Array]) -> dict[str, Array]:
    means = [float(v.mean()) for v in values.values()]
    low, width = min(means, default=0.0), max(means, default=0.0) - min(means, default=0.0)
    return {o: (v - low) / width if width > _EVEN else 0.0 * v for o, v in values.items()}


def _alternatives(
    case: Case, joined: Mapping[str, Joined], results: Sequence[BlockResult], proposal: Joined | None
) -> list[dict[str, Any]]:
    """Return each smaller group and supplier with the share of futures in which it beats the proposal.

    An option beats the proposal where none of its members is worse off than under the proposal and together they are
    better off, the service each said it is willing to pay for counted. A group that was only declared feasible has no
    bills and no forecast of its own: it beats the proposal where its members together pay less for the same service.
    """
    if proposal is None:
        return []
    rows = []
    cost = np.concatenate([r.alone for r in results], axis=1)
    theirs = _worth(proposal)
    for o in case.options:
        j = joined.get(o.id)
        if j is None or j is proposal or not (_smaller(case, o, proposal) or o.kind == "buy_outside"):
            continue
        at = [case.partner_ids.index(p) for p in j.members if p in proposal.members]
        gain = (_worth(j) - theirs)[at]
        if at:
            beats = (gain >= -_EVEN).all(0) & (gain.sum(0) > _EVEN)
            rows.append(_row(o.id, o.name, j.members, beats, gain.sum(0), cost[at].sum(0)))
    money = proposal.npv("pool")
    for group in results[0].groups if results else ():
        at = [case.partner_ids.index(p) for p in group]
        gain = np.concatenate([r.groups[group] for r in results]) - money[at].sum(0)
        name = ", ".join(case.partner(p).name for p in group)
        rows.append(_row(None, name, group, gain > _EVEN, gain, cost[at].sum(0)))
    return rows


def _row(
    option: str | None, name: str, members: Sequence[str], beats: Any, gain: Array, cost: Array
) -> dict[str, Any]:
    mean, whole = float(gain.mean()), float(cost.mean())
    return {
        "option": option,
        "name": name,
        "members": list(members),
        "beats": share_of(beats),
        "gain": mean,
        "share_of_cost": mean / whole if whole > 0 else None,
    }


def _smaller(case: Case, option: Option, proposal: Joined) -> bool:
    return option.kind == "shared" and len(case.members(option)) < len(proposal.members)


def _worth(j: Joined) -> Array:
    """Return what each partner gains, money and the service it would pay for: ``(partners, draws)`` [currency]."""
    value: Array = j.npv("pool")[:-1] + j.of(lambda part: part.worth)
    return value


def _everywhere(j: Joined, measure: str) -> bool:
    return all((measure, p) in j.parts[0].service.change for p in j.members)


def _curve(case: Case, j: Joined, measure: str) -> dict[str, Any]:
    """Return how many futures reach a gain in service for every member, and how many also save money."""
    least = np.min(
        [j.of(lambda part, k=(measure, p): part.service.change[k]) for p in j.members],  # type: ignore[misc]
        axis=0,
    )
    saving = j.npv("pool")[-1]
    low, high = np.quantile(least, [0.05, 0.95])
    levels = np.linspace(float(low), float(high), POINTS)
    margin = next((m.margin for m in case.service_measures if m.id == measure), None)
    return {
        "margin": margin,
        "change": [float(x) for x in levels],
        "p_service": [float((least >= x).mean()) for x in levels],
        "p_both": [float(((least >= x) & (saving > 0)).mean()) for x in levels],
        "saving_p50": [float(np.median(saving[least >= x])) for x in levels],
    }
