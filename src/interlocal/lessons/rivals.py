"""What else there is: options that are real, groups and suppliers that beat the proposal, groups that pay too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interlocal.case.options import Option
from interlocal.lessons.finding import Evidence
from interlocal.lessons.reading import Reading, count, futures, money, percent
from interlocal.lessons.signs import Sign
from interlocal.phrases import listed


def alternatives(reading: Reading) -> Iterator[Sign]:
    """Yield each smaller group or supplier, and whether it beats the proposal for its own members."""
    rows, place = reading.answer("choice", "alternatives")
    for i, row in enumerate(rows or ()):
        p, share = row["beats"]["p"], row["share_of_cost"]
        who = reading.names(row["members"])
        what = (
            f"{row['name']} beats the proposal for {who}" if row["option"] else f"{who} by themselves beat it"
        )
        mean = "" if share is None else f", worth {share:+.1%} of their cost on average"
        beaten = (
            p >= reading.threshold("likely") and share is not None and share >= reading.threshold("material")
        )
        end = ": an alternative to be answered." if beaten else "."
        yield beaten, Evidence(f"{what} in {futures(p)}{mean}{end}", f"{place}/{i}/beats/p", p, "probability")


@dataclass(frozen=True)
class RealOptions:
    """The options beside carrying on, sorted by what makes an option real."""

    real: tuple[str, ...]
    """Names of those costed on their own that come out best in some futures."""
    never_best: tuple[str, ...]
    taken: tuple[str, ...]
    """Not costed on their own."""
    unsure: bool
    """Whether one was costed and could not be compared."""


def real_options(reading: Reading) -> RealOptions:
    """Sort the options: costed on its own, and best in some futures under some weight of money and service."""
    others = [o for o in reading.case.options if o.kind != "do_nothing"]
    best, _ = reading.answer("choice", "ranking", "p_best")
    costed = [o for o in others if o.costed_on_its_own]
    shares = {o.id: max(best[o.id].values()) for o in costed if best and o.id in best}
    least = reading.threshold("best_in")
    return RealOptions(
        tuple(o.name for o in costed if shares.get(o.id, 1.0) >= least),
        tuple(o.name for o in costed if shares.get(o.id, 1.0) < least),
        tuple(o.name for o in others if not o.costed_on_its_own),
        any(o.id not in shares for o in costed),
    )


def tippy(reading: Reading) -> Iterator[Sign]:
    """Yield whether the option that comes out best changes when money weighs a little more or less against service."""
    ranking, place = reading.answer("choice", "ranking")
    if not ranking or not ranking["winner"]:
        return
    names = {o.id: o.name for o in reading.case.options}
    winner = ranking["winner"]
    if len(winner) == 1:
        lacking = [names[o] for o in ranking["service_unknown"]]
        said = f"; service is not forecast for {listed(lacking)}" if lacking else ""
        only = names[next(iter(winner.values()))]
        yield (
            False,
            Evidence(f"By money alone {only} comes out best on average{said}.", f"{place}/winner", only),
        )
        return
    middle, step = reading.threshold("money_weight"), reading.threshold("weight_change")
    near = {w: names[o] for w, o in winner.items() if abs(float(w) - middle) <= step + 1e-9}
    best = list(dict.fromkeys(near.values()))
    if not best:
        return
    text = f"With money weighed at {listed(near)} of 1 against service, {listed(best)} {'comes' if len(best) == 1 else 'come'} out best on average."
    yield len(best) > 1, Evidence(text, f"{place}/winner", len(best), "winners")


def excesses(reading: Reading, option: Option) -> Iterator[Sign]:
    """Yield the groups of partners that pay more under the formula than by themselves: shares outside the core."""
    row, place = reading.answer("sharing", "laboratory", "formulas", "proposed")
    about, _ = reading.answer("sharing", "laboratory", "option")
    if not row or about != option.id or "in_core" not in row:
        return
    currency = reading.case.currency
    if row["in_core"]:
        alone = len(row["shares"])
        text = f"No group of the {count(alone, 'partner')} pays more by this formula than by itself."
        yield False, Evidence(text, f"{place}/in_core", 0.0, f"{currency}/year")
        return
    whole, _ = reading.answer("sharing", "laboratory", "whole")
    for i, worst in enumerate(row["violations"][:3]):
        part = f", {percent(worst['excess'] / whole)} of the whole" if whole else ""
        verb = "pays" if len(worst["group"]) == 1 else "pay together"
        text = f"{reading.names(worst['group'])} {verb} {currency} {worst['excess']:,.0f} a year more by this formula than by {'itself' if len(worst['group']) == 1 else 'themselves'}{part}."
        yield True, Evidence(text, f"{place}/violations/{i}/excess", worst["excess"], f"{currency}/year")
    empty, there = reading.answer("sharing", "laboratory", "core_empty")
    more = row["violations_count"] - len(row["violations"][:3])
    if empty or more > 0:
        said = (
            f"{count(more, 'more group')} would be better off by itself"
            if more > 0
            else "No other group would be"
        )
        text = f"{said}; {'no' if empty else 'another'} formula can leave every group at least as well off as by itself."
        yield True, Evidence(text, there, row["violations_count"], "groups")


def benefits(reading: Reading, option: Option) -> Iterator[Sign]:
    """Yield the partner least sure to be better off, and the smallest and largest benefit per head."""
    rows, place = reading.answer("sharing", "options", option.id, "partners")
    if rows:
        least = min(rows, key=lambda p: rows[p]["p_better_off"])
        p = rows[least]["p_better_off"]
        text = f"The partner least sure of it, {reading.name(least)}, is better off in {futures(p)}."
        yield (
            p < reading.threshold("better_off"),
            Evidence(text, f"{place}/{least}/p_better_off", p, "probability"),
        )
    per_head, place = reading.answer("questions", "money", "options", option.id, "per_year", "partners")
    each = {p: row["per_head"] for p, row in (per_head or {}).items() if row["per_head"] is not None}
    if len(each) > 1:
        low, high = min(each, key=each.__getitem__), max(each, key=each.__getitem__)
        text = f"The mean yearly benefit per head runs from {money(reading, each[low])} in {reading.name(low)} to {money(reading, each[high])} in {reading.name(high)}."
        yield False, Evidence(text, place, each[high] - each[low], f"{reading.case.currency}/head/year")
