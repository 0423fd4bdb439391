"""How likely each expectation is to be met, read off the percentiles that the study holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from interlocal.case.deciding import Expectation
from interlocal.case.document import Case
from interlocal.case.walk import visibilities
from interlocal.lessons.catalogue import items
from interlocal.lessons.finding import Evidence
from interlocal.lessons.planning import forecast
from interlocal.lessons.reading import Reading
from interlocal.phrases import listed

_LEVELS = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
Chance = tuple[float | None, str]
"""Probability that it is met, None where we do not know, and the pointer to the range it was read off."""


def ledger(case: Case, document: Mapping[str, Any], visible: Collection[str]) -> dict[str, Any]:
    """Return the part ``expectations`` of study.json: who expects what, and how likely each is to be met.

    Parameters
    ----------
    document
        The study so far, as far as the audience may see it.
    visible
        Audiences whose entries the reader may see.
    """
    item = items()["principle.expectations"]
    places = [
        i
        for i in range(len(case.expectations))
        if item.audience in visible and all(v in visible for v in visibilities(case, f"/expectations/{i}"))
    ]
    seen = case.model_copy(update={"expectations": tuple(case.expectations[i] for i in places)})
    reading = Reading(seen, document, item)
    rows = []
    for i, (place, e) in enumerate(zip(places, seen.expectations, strict=True)):
        p, read_off = chance(reading, e)
        rows.append(
            {
                "who": e.who,
                "partner": e.partner,
                "metric": e.metric,
                "says": says(reading, i),
                "promised_publicly": e.promised_publicly,
                "p_met": p,
                "percentile": None if p is None else percentile(p),
                "pointer": f"/expectations/{place}",
                "read_off": read_off if p is not None else None,
            }
        )
    return {
        "rows": rows,
        "contradictions": [e.text for e in contradictions(reading)],
        "left_out": len(case.expectations) - len(places),
    }


def says(reading: Reading, index: int) -> str:
    """Return what is expected, in words."""
    e = reading.case.expectations[index]
    measure = next((m for m in reading.case.service_measures if m.id == e.measure), None)
    value = e.value.central if e.value else None
    unit = measure.unit if measure else reading.case.currency
    match e.metric:
        case "payback_year":
            return f"expects payback by {value if value is not None else e.by_year:g}"
        case "finish":
            return f"expects the end by {e.by}"
        case "share":
            amount = (
                f"{value:.1%} of the joint cost" if _is_part(e) else f"a bill of {unit} {value or 0:,.0f}"
            )
            who = reading.name(e.partner) if e.partner else "a partner"
            what = f"expects {who} to pay {amount}"
        case "service":
            what = f"expects {measure.name if measure else e.measure} at {value:g} {unit}"
        case _:
            size = f"{unit} {value:,.0f}" if value is not None else "any size"
            what = f"expects a {e.metric.replace('_', ' ')} of {size}"
    return f"{what} in {e.by_year}" if e.by_year else what


def place_in_range(p: float) -> str:
    """Return where an expectation lies in the computed range, from the chance that it is met or bettered."""
    beyond = " or beyond" if round(100 * p) in {0, 100} else ""
    return f"at percentile {percentile(p)}{beyond} of what was computed, worst to best"


def percentile(p: float) -> int:
    """Return the percentile, from 1 to 99 and worst to best, at which something stands that is met with chance ``p``."""
    return min(max(round(100 * (1 - p)), 1), 99)


def contradictions(reading: Reading) -> Iterator[Evidence]:
    """Yield expectations of the same thing that differ, and expected shares and bills that do not add up."""
    case = reading.case
    same: dict[tuple[object, ...], list[int]] = {}
    for i, e in enumerate(case.expectations):
        same.setdefault((e.metric, e.measure, e.partner, e.by_year), []).append(i)
    for group in same.values():
        if len({says(reading, i) for i in group}) > 1:
            text = f"{listed(case.expectations[i].who for i in group)} differ: {listed(says(reading, i) for i in group)}."
            yield Evidence(text, f"/expectations/{group[0]}", len(group), "expectations")
    bills = [e for e in case.expectations if e.metric == "share" and e.partner and e.value]
    parts = {e.partner: e.value.central for e in bills if e.value and _is_part(e)}
    whole = {e.partner: e.value.central for e in bills if e.value and not _is_part(e)}
    members = set(case.members(reading.option)) if reading.option else set()
    total = sum(parts.values())
    if parts and (total > 1.005 or (set(parts) >= members and total < 0.995)):
        text = f"The shares that {reading.names(p for p in parts if p)} expect add up to {total:.0%} of the joint cost."
        yield Evidence(text, "/expectations", total, "share")
    cost, place = reading.answer(
        "sharing", "options", reading.option.id if reading.option else "", "joint_cost"
    )
    if cost and whole and set(whole) >= members and sum(whole.values()) < cost:
        text = f"The bills that the partners expect add up to {case.currency} {sum(whole.values()):,.0f}; the joint cost is {case.currency} {cost:,.0f} on average."
        yield Evidence(text, place, cost - sum(whole.values()), f"{case.currency}/year")


def at_least(value: float, band: Mapping[str, float]) -> float:
    """Return the probability of ``value`` or more, from percentiles.

    Between percentiles, and beyond the outermost, the standard normal score is taken as linear in the value.

    Examples
    --------
    >>> at_least(10.0, {"p10": 0.0, "p50": 10.0, "p90": 30.0})
    0.5
    """
    known = [(band[k], float(ndtri(p))) for k, p in _LEVELS.items() if k in band]
    xs, zs = np.array(known).T
    if xs[0] == xs[-1]:
        return float(value <= xs[0])
    z = float(np.interp(value, xs, zs))
    if value < xs[0] and xs[1] > xs[0]:
        z += (value - xs[0]) * (zs[1] - zs[0]) / (xs[1] - xs[0])
    if value > xs[-1] and xs[-1] > xs[-2]:
        z += (value - xs[-1]) * (zs[-1] - zs[-2]) / (xs[-1] - xs[-2])
    return 1 - float(ndtr(z))


def paid_back_by(year: float, payback: Mapping[str, Any]) -> float:
    """Return the probability that the payback year is ``year`` or earlier, between its known percentiles."""
    known = [(payback[k], _LEVELS[k]) for k in ("p10", "p50", "p90") if payback[k] is not None]
    if not known or year < known[0][0]:
        return 0.0
    return float(np.interp(year, [x for x, _ in known], [p for _, p in known]))


def chance(reading: Reading, expectation: Expectation) -> Chance:
    """Return how likely an expectation is to be met under the proposal."""
    judge = _JUDGES.get(expectation.metric)
    if judge is None or reading.option is None:
        return None, ""
    return judge(reading, expectation, reading.option.id)


def _pool(reading: Reading, expectation: Expectation, option: str) -> tuple[Any, str]:
    who = ("partners", expectation.partner) if expectation.partner else ("total",)
    return reading.answer("questions", "money", "options", option, "pool", *who)


def _npv(reading: Reading, expectation: Expectation, option: str) -> Chance:
    answer, pointer = _pool(reading, expectation, option)
    if answer is None or expectation.value is None:
        return None, pointer
    return at_least(expectation.value.central, answer["npv"]), f"{pointer}/npv"


def _payback(reading: Reading, expectation: Expectation, option: str) -> Chance:
    answer, pointer = _pool(reading, expectation, option)
    year = expectation.value.central if expectation.value else expectation.by_year
    if answer is None or year is None:
        return None, pointer
    found = answer["payback_year"]
    return (paid_back_by(year, found) if found else 0.0), f"{pointer}/payback_year"


def _finish(reading: Reading, expectation: Expectation, _option: str) -> Chance:
    plan = forecast(reading.case)
    return (plan.probability_by(expectation.by) if plan and expectation.by else None), "/plan"


def _in_year(reading: Reading, expectation: Expectation, option: str) -> Chance:
    yearly, pointer = reading.answer("questions", "money", "options", option, "yearly")
    year = expectation.by_year or (expectation.by.year if expectation.by else None)
    if yearly is None or expectation.value is None or year not in yearly["years"]:
        return None, pointer
    whole = expectation.partner is None
    band = yearly["total"] if whole else yearly["partners"].get(expectation.partner)
    if band is None:
        return None, pointer
    at = yearly["years"].index(year)
    place = "total" if whole else f"partners/{expectation.partner}"
    odds = at_least(expectation.value.central, {k: band[k][at] for k in _LEVELS})
    return odds, f"{pointer}/{place}/p50/{at}"


def _service(reading: Reading, expectation: Expectation, option: str) -> Chance:
    """Levels are forecast as changes for the better from today's; the least sure partner decides."""
    rows, pointer = reading.answer("questions", "service", "options", option, "measures")
    measure = next((m for m in reading.case.service_measures if m.id == expectation.measure), None)
    if measure is None or expectation.value is None:
        return None, pointer
    sign = 1 if measure.better == "higher" else -1
    wanted = expectation.value.central
    found = [
        (at_least(sign * (wanted - measure.baseline[row["partner"]].central), row["change"]), i)
        for i, row in enumerate(rows or ())
        if row["measure"] == measure.id
        and expectation.partner in {None, row["partner"]}
        and row["partner"] in measure.baseline
    ]
    return (min(found)[0], f"{pointer}/{min(found)[1]}") if found else (None, pointer)


def _bill(reading: Reading, expectation: Expectation, option: str) -> Chance:
    """Return the chance of a bill no higher than expected: a share of the joint cost, or an amount in a year."""
    row, pointer = reading.answer("sharing", "options", option)
    if row is None or expectation.value is None or expectation.partner not in row["partners"]:
        return None, pointer
    wanted, own = expectation.value.central, row["partners"][expectation.partner]
    pointer = f"{pointer}/partners/{expectation.partner}"
    if _is_part(expectation):
        return 1 - at_least(wanted, own["share_range"]), f"{pointer}/share_range"
    year = expectation.by_year or (expectation.by.year if expectation.by else row["year"])
    if year not in row["years"]:
        return None, pointer
    at = row["years"].index(year)
    return 1 - at_least(wanted, {k: v[at] for k, v in own["bills"].items()}), f"{pointer}/bills/p50/{at}"


def _is_part(expectation: Expectation) -> bool:
    """Whether a bill is expected as a share of the whole: no bill is as small as 1."""
    return expectation.value is not None and 0 <= expectation.value.central <= 1


_JUDGES: Mapping[str, Callable[[Reading, Expectation, str], Chance]] = {
    "npv": _npv,
    "yearly_saving": _in_year,
    "payback_year": _payback,
    "finish": _finish,
    "service": _service,
    "share": _bill,
}
