"""How each partner's bill came about, line by line, at the medians."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from interlocal.case.check_formulas import formula_findings
from interlocal.case.document import Case
from interlocal.case.formulas import Formula
from interlocal.case.options import Option
from interlocal.costs.timing import steady_year
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import CentralDraws
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import pointer, priced
from interlocal.sharing.apportion import Bent, bend, bounds
from interlocal.sharing.bending import band, bounds_problems, buy_in, in_kind
from interlocal.sharing.formulas import whole_cents
from interlocal.sharing.in_words import Setting, left_over, number, percent, rule_in_words
from interlocal.sharing.rules import parts_by_rule


@dataclass(frozen=True)
class Line:
    """One line of the way to a bill."""

    partner: str | None
    """Whom it concerns; all where None."""
    step: str
    """cost, rule, band, phase_in, floors_and_caps, reserve, in_kind, bill, total, capital, buy_in or true_up."""
    text: str
    """A sentence with its figures."""
    amount: float | None = None
    """Bill after this step [currency/year]; once [currency] for buy_in."""


def explain(option: Option, case: Case) -> list[Line]:
    """Explain the bills of the first steady year, after the transition, with every input at its median.

    The last line of the step ``bill`` of each partner is its bill in whole cents; these add up exactly.

    Raises
    ------
    InputError
        With everything that keeps the formula from being worked out, such as caps that do not cover the cost.
    """
    world = World(case, CentralDraws())
    members = case.members(option)
    s = Setting(option, members, world, steady_year(option, world.first, world.last))
    formula = option.formula
    if formula is not None and (problems := formula_problems(option, case)):
        raise InputError(problems)
    bent = bend(option, members, world)
    assert formula is not None, "bend refuses an option without a formula"
    return [
        *_cost_and_rule(formula, bent, s),
        *_banded(formula, bent, s),
        *_phased(formula, bent, s),
        *_limited(formula, bent, s),
        *_bills(formula, bent, s),
        *_capital(formula, bent, s),
        *_settled(formula),
    ]


def formula_problems(option: Option, case: Case) -> list[Problem]:
    """Return what keeps a formula from working: what does not fit the option, and bounds that the cost breaks.

    Floors and caps are held against the cost of the first steady year, with every input at its median.
    """
    formula = option.formula
    if formula is None:
        return []
    at, where = f"{pointer(option, case)}/formula", f"option {option.id}, formula"
    problems = [
        Problem(at + "".join(f"/{step}" for step in path), where, found, expected, fix)
        for path, found, expected, fix in formula_findings(case, option, formula, ())
    ]
    if problems or not (formula.floors or formula.caps):
        return problems
    members = case.members(option)
    world = World(case, CentralDraws())
    s = Setting(option, members, world, steady_year(option, world.first, world.last))
    low, high = (side[:, 0, s.at] for side in bounds(formula, option, members, world))
    return [
        Problem(at + p.path, f"{where}, {s.year}", p.found, p.expected, p.fix)
        for p in bounds_problems(s.cost(), low, high, members)
    ]


def _cost_and_rule(formula: Formula, bent: Bent, s: Setting) -> list[Line]:
    cost = s.cost()
    lines = [
        Line(
            None,
            "cost",
            f"The members share {s.money(cost)} in {s.year}, the first steady year: the recurring joint cost of the plan with "
            "every input at its median, before any allowance for optimism, and without one-off cost and grants.",
            cost,
        )
    ]
    words = rule_in_words(formula.rule, s)
    if note := left_over(formula.rule, s):
        lines.append(Line(None, "rule", note))
    for p, part in zip(s.members, bent.by_rule[:, 0, s.at], strict=True):
        lines += [Line(p, "rule", text) for text in words[p]]
        lines.append(
            Line(
                p,
                "rule",
                f"{s.name(p)}: {percent(part)} of {s.money(cost)} is {s.money(part * cost)}.",
                part * cost,
            )
        )
    return lines


def _banded(formula: Formula, bent: Bent, s: Setting) -> list[Line]:
    if formula.band is None:
        return []
    reference = parts_by_rule(formula.band.reference, s.option, s.members, s.world)[:, 0, s.at]
    low, high = band(reference, formula.band.within)
    kind = formula.band.reference.kind.replace("_", " ")
    what = f"within ±{number(100 * formula.band.within)} % of its part by the reference formula ({kind})"
    return [
        Line(
            p,
            "band",
            f"{s.name(p)} stays {what}, {percent(r)}: from {percent(a)} to {percent(b)}. "
            f"{_change(before, after, percent)}",
            after * s.cost(),
        )
        for p, r, a, b, before, after in zip(
            s.members, reference, low, high, bent.by_rule[:, 0, s.at], bent.banded[:, 0, s.at], strict=True
        )
    ]


def _phased(formula: Formula, bent: Bent, s: Setting) -> list[Line]:
    rule = formula.phase_in
    if rule is None:
        return []
    starts = s.option.starts or s.world.first
    old = "its part of what all pay today" if rule.start_from == "today" else "an equal part"
    years = [y for y in range(starts, starts + rule.years) if s.world.first <= y <= s.world.last]

    def steps(i: int) -> str:
        return ", ".join(
            f"{percent(bent.phased[i, 0, y - s.world.first])} in {y} ({y - starts + 1}/{rule.years} of the way)"
            for y in years
        )

    return [
        Line(
            p,
            "phase_in",
            f"{s.name(p)} leaves from {old}, {percent(bent.start[i, 0, 0])}, for the formula: {steps(i)}.",
            float(bent.phased[i, 0, s.at] * s.cost()),
        )
        for i, p in enumerate(s.members)
    ]


def _limited(formula: Formula, bent: Bent, s: Setting) -> list[Line]:
    rise = formula.phase_in.cap_per_year if formula.phase_in else None
    if not formula.floors and not formula.caps and rise is None:
        return []
    low, high = (side[:, 0, s.at] for side in bounds(formula, s.option, s.members, s.world))
    lines = []
    for i, p in enumerate(s.members):
        limits = []
        if p in formula.floors:
            limits.append(f"at least {s.money(low[i])} (in prices of {s.year})")
        if p in formula.caps:
            limits.append(f"at most {s.money(high[i])} (in prices of {s.year})")
        if rise is not None:
            limits.append(
                f"at most {number(100 * rise)} % more than the year before where the others can bear it"
            )
        before, after = (x[i, 0, s.at] * s.cost() for x in (bent.phased, bent.parts))
        text = f"{s.name(p)} pays {', '.join(limits) or 'without a floor or cap'}. {_change(before, after, s.money)}"
        lines.append(Line(p, "floors_and_caps", text, after))
    return lines


def _bills(formula: Formula, bent: Bent, s: Setting) -> list[Line]:
    bills = bent.parts[:, 0, s.at] * s.cost()
    lines = []
    if formula.reserve_contribution is not None:
        rate = formula.reserve_contribution.central
        lines += [
            Line(
                p,
                "reserve",
                f"{s.name(p)} adds {percent(rate)} of its bill for the reserve: {s.money(b)} × {1 + rate:.6g} = "
                f"{s.money(b * (1 + rate))}.",
                b * (1 + rate),
            )
            for p, b in zip(s.members, bills, strict=True)
        ]
        bills = bills * (1 + rate)
    gifts = np.zeros(len(s.members))
    for gift in formula.in_kind:
        value = priced(gift.value, f"options/{s.option.id}/in_kind/{gift.partner}", s.world)
        gifts[s.members.index(gift.partner)] += _in_year(value, s.year, s)
    money = in_kind(bills, gifts)
    for gift in formula.in_kind:
        i = s.members.index(gift.partner)
        left = f"{s.money(bills[i])} − {s.money(gifts[i])} = {s.money(money[i])}"
        tail = (
            "is left to pay in money"
            if money[i] >= 0
            else "below 0: it gives more than its bill and is paid the difference"
        )
        lines.append(
            Line(
                gift.partner, "in_kind", f"{s.name(gift.partner)} gives {gift.what}. {left} {tail}.", money[i]
            )
        )
    cents = whole_cents(money).tolist()
    lines += [
        Line(p, "bill", f"{s.name(p)} pays {s.money(b)} in {s.year}, to the cent.", b)
        for p, b in zip(s.members, cents, strict=True)
    ]
    total = round(sum(cents), 2)
    return [*lines, Line(None, "total", f"All bills together are {s.money(total)}.", total)]


def _capital(formula: Formula, bent: Bent, s: Setting) -> list[Line]:
    parts = bent.parts[:, 0, s.at]
    lines = []
    if formula.capital_rule is not None:
        parts = parts_by_rule(formula.capital_rule, s.option, s.members, s.world)[:, 0, s.at]
        words = rule_in_words(formula.capital_rule, s)
        for p, part in zip(s.members, parts, strict=True):
            lines += [Line(p, "capital", text) for text in words[p]]
            lines.append(Line(p, "capital", f"{s.name(p)} pays {percent(part)} of capital cost."))
    if formula.buy_in:
        paid = np.zeros(len(s.members))
        for entry in formula.buy_in:
            year = min(max(entry.year or s.world.first, s.world.first), s.world.last)
            paid[s.members.index(entry.partner)] += _in_year(
                priced(entry.amount, f"options/{s.option.id}/buy_in/{entry.partner}", s.world), year, s
            )
        for p, gives, net in zip(s.members, paid, buy_in(paid, parts), strict=True):
            lines.append(Line(p, "buy_in", f"{s.name(p)}: {_once(gives, gives - net, s)}.", net))
    return lines


def _once(gives: float, receives: float, s: Setting) -> str:
    paid = [f"pays {s.money(gives)} once to join"] if gives else []
    if receives or not gives:
        paid.append(
            f"the buy-ins of others bring it {s.money(receives)}, by its part of capital cost among those who receive"
        )
    return "; ".join(paid)


def _settled(formula: Formula) -> list[Line]:
    if formula.true_up == "none":
        return []
    text = (
        "At year end the parts are worked out again with the year's actual measures, times its actual cost; each "
        "partner pays or gets back the difference to what it was billed."
    )
    return [Line(None, "true_up", text)]


def _in_year(values: Array, year: int, s: Setting) -> float:
    return float(values[0, year - s.world.first])


def _change(before: float, after: float, say: Callable[[float], str]) -> str:
    if np.isclose(before, after, rtol=1e-9, atol=0):
        return f"It stays at {say(after)}."
    why = (
        "the bound, or its part of what others are spared"
        if after > before
        else "the bound, or what others bear more"
    )
    return f"{say(before)} becomes {say(after)} ({why})."
