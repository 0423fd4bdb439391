"""How a rule comes to each member's part, in words and figures that can be checked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlocal.case.formulas import (
    Contract,
    Dues,
    DuesClass,
    GameBased,
    Given,
    Hybrid,
    Levy,
    Rule,
    TwoPart,
)
from interlocal.case.options import Option
from interlocal.costs.world import World
from interlocal.sharing.amounts import (
    contract_prices,
    dues_bills,
    priced,
    recurring_joint_cost,
    taken,
)
from interlocal.sharing.case_game import cost_game, parts_by_game
from interlocal.sharing.dues import class_of
from interlocal.sharing.formulas import levy, levy_rate
from interlocal.sharing.game_in_words import game_in_words
from interlocal.sharing.rules import base, single_driver


@dataclass(frozen=True)
class Setting:
    """What the words are about: one year of an option, with every input at its median."""

    option: Option
    members: tuple[str, ...]
    world: World
    year: int

    @property
    def at(self) -> int:
        """Position of the year."""
        return self.year - self.world.first

    def name(self, partner: str) -> str:
        """Return what a partner is called."""
        return self.world.case.partner(partner).name

    def money(self, amount: float) -> str:
        """Return an amount with its currency."""
        return f"{amount:,.2f} {self.world.case.currency}"

    def cost(self, members: Sequence[str] | None = None) -> float:
        """Return the recurring joint cost of the year for all members, or for some."""
        return float(recurring_joint_cost(self.option, members or self.members, self.world)[0, self.at])


def percent(part: float) -> str:
    """Return a share with the digits a hand check needs."""
    return f"{100 * part:.4f} %"


def number(x: float) -> str:
    """Return a count or a rate without needless digits."""
    return f"{x:,.6g}" if abs(x) < 1000 else f"{x:,.0f}"


def rule_in_words(rule: Rule, s: Setting) -> dict[str, list[str]]:
    """Return sentences for each member that lead to its part by the rule."""
    match rule:
        case Hybrid(weights=weights):
            words = _weighted([(w, m, None) for m, w in weights.items()], s)
        case TwoPart(readiness_share=ready, readiness_by=standing, use_by=use, years=years):
            words = _weighted([(ready, standing, None), (1 - ready, use, years)], s)
        case Contract():
            words = _contract(rule, s)
        case Dues():
            words = _dues(rule, s)
        case Levy():
            words = _levy(rule, s)
        case Given(shares=given):
            words = {p: [f"The agreement gives {s.name(p)} {percent(given.get(p, 0.0))}."] for p in s.members}
        case GameBased():
            words = _game(rule, s)
        case _:
            measure, years_or_none = single_driver(rule)
            words = {p: [f"{text}."] for p, (text, _) in _driver(measure, years_or_none, s).items()}
    return words


def _driver(measure: str, years: int | None, s: Setting) -> dict[str, tuple[str, float]]:
    """Return for each member what it has of a driver, of what all have, in words and as a part."""
    each = base(measure, years, s.option, s.members, s.world)[:, 0, s.at]
    whole = float(np.sum(each))
    label = "equal parts" if measure == "equal" else measure.replace("_", " ")
    answer = {}
    for p, x in zip(s.members, each, strict=True):
        share = taken(s.option, p)
        own = f"{number(x)} of {number(whole)} {label}"
        if share == 0:
            own = f"none of the service, so {own}"
        elif share != 1:
            own = f"{number(x / share)} × {number(share)} of the service = {own}"
        answer[p] = (
            f"{s.name(p)}: {own}{_averaged(p, measure, years, s)} is {percent(x / whole)}",
            x / whole,
        )
    return answer


def _averaged(partner: str, measure: str, years: int | None, s: Setting) -> str:
    history = {} if years is None else s.world.case.partner(partner).measures[measure].history
    if not history:
        return ""
    recent = sorted(history)[-(years or 1) :]
    listed = " + ".join(number(history[y]) for y in recent)
    return f" (the mean of {', '.join(map(str, recent))}: ({listed}) / {len(recent)}, grown to {s.year} as expected)"


def _weighted(terms: list[tuple[float, str, int | None]], s: Setting) -> dict[str, list[str]]:
    words = [(weight, _driver(measure, years, s)) for weight, measure, years in terms]
    answer = {}
    for p in s.members:
        parts = [(weight, *each[p]) for weight, each in words]
        lines = [
            f"{text}, times {number(weight)} is {percent(weight * part)}." for weight, text, part in parts
        ]
        total = " + ".join(percent(weight * part) for weight, _, part in parts)
        answer[p] = [*lines, f"{s.name(p)}: {total} = {percent(sum(w * x for w, _, x in parts))}."]
    return answer


def _contract(rule: Contract, s: Setting) -> dict[str, list[str]]:
    prices = contract_prices(rule, s.option, s.members, s.world)[:, 0, s.at]
    cost = s.cost()
    answer = {}
    for p, price in zip(s.members, prices, strict=True):
        if p == s.option.lead:
            left = cost - float(np.sum(prices))
            words = (
                f"provides the service and bears what is left: {s.money(cost)} − {s.money(float(np.sum(prices)))} = "
                f"{s.money(left)}"
            )
        elif rule.price == "fixed":
            words = f"pays a fixed price of {s.money(price)} (in prices of {s.year})"
        elif rule.price == "unit" and rule.unit_price is not None:
            bought = base(rule.by, None, s.option, [p], s.world)[0, 0, s.at]
            unit = priced(rule.unit_price, f"options/{s.option.id}/unit_price", s.world)[0, s.at]
            words = f"{number(bought)} {rule.by.replace('_', ' ')} × {s.money(unit)} = {s.money(price)}"
        else:
            charged = price / (1 + rule.markup)
            basis = _charged(p, charged, cost, rule, s)
            words = f"{basis}, plus {percent(rule.markup)} is {s.money(price)}"
        answer[p] = [f"{s.name(p)}: {words}."]
    return answer


def _charged(partner: str, charged: float, cost: float, rule: Contract, s: Setting) -> str:
    if rule.cost == "marginal":
        rest = [q for q in s.members if q != partner]
        return f"adds to the cost {s.money(cost)} − {s.money(s.cost(rest))} = {s.money(charged)}"
    each = base(rule.by, None, s.option, s.members, s.world)[:, 0, s.at]
    own = each[s.members.index(partner)]
    whole = float(np.sum(each))
    label = rule.by.replace("_", " ")
    return f"{number(own)} of {number(whole)} {label} × {s.money(cost)} = {s.money(charged)}"


def _dues(rule: Dues, s: Setting) -> dict[str, list[str]]:
    bills = dues_bills(rule, s.option, s.members, s.world)[:, 0, s.at]
    sizes = np.array([s.world.measure(p, rule.measure)[0, s.at] for p in s.members])
    answer = {}
    for p, size, at, bill in zip(s.members, sizes, class_of(sizes, rule.classes), bills, strict=True):
        c = rule.classes[at]
        words = f"class {c.name}: {s.money(c.base)} + {number(c.per_head)} × {number(size)} = "
        words += s.money(c.base + c.per_head * size)
        role = rule.role_discounts.get(p, 0.0)
        kept = (1 - c.discount) * (1 - role) * taken(s.option, p)
        if kept != 1:
            words += (
                f", times (1 − {number(c.discount)}) for its class × (1 − {number(role)}) for its role × "
            )
            words += f"{number(taken(s.option, p))} of the service"
        words += _at_limit(c, (c.base + c.per_head * size) * kept, bill)
        answer[p] = [f"{s.name(p)}, {words}: dues of {s.money(bill)}."]
    return answer


def _at_limit(c: DuesClass, before: float, after: float) -> str:
    if np.isclose(before, after):
        return ""
    return (
        f", raised to the floor of the class {c.name}"
        if after > before
        else f", held to the cap of the class {c.name}"
    )


def _levy(rule: Levy, s: Setting) -> dict[str, list[str]]:
    each = base(rule.measure, None, s.option, s.members, s.world)[:, 0, s.at]
    mills = rule.mills if rule.mills is not None else float(levy_rate(each, s.cost()))
    label = rule.measure.replace("_", " ")
    why = "the rate in the case" if rule.mills is not None else "the rate that raises the cost"
    return {
        p: [
            f"{s.name(p)}: {number(x)} {label} × {mills:.6g} / 1000 = {s.money(float(levy(x, mills)))} ({why})."
        ]
        for p, x in zip(s.members, each, strict=True)
    }


def _game(rule: GameBased, s: Setting) -> dict[str, list[str]]:
    built = cost_game(s.option, s.world.case, s.members)
    parts = parts_by_game(rule.kind, s.option, s.members, s.world.case)
    joint = built.game.whole - float(np.sum(built.own))
    name = rule.kind.replace("_", " ")
    if built.game.n == 1:
        return {p: [f"{s.name(p)} bears the whole cost: {s.money(built.game.whole)}."] for p in s.members}
    steps = game_in_words(rule.kind, built.game, tuple(s.name(p) for p in s.members), s.money)
    answer = {}
    for p, lines, alone, own in zip(s.members, steps, built.game.alone, built.own, strict=True):
        bill = float(parts[p][0, 0]) * joint
        words = f"{s.name(p)} pays {s.money(alone)} alone and {s.money(bill + own)} together by the rule {name}, of "
        words += f"{s.money(built.game.whole)} in all ({built.basis}). It bears {s.money(own)} itself, which leaves "
        answer[p] = [*lines, f"{words}{s.money(bill)} of the joint {s.money(joint)}."]
    return answer


def left_over(rule: Rule, s: Setting) -> str | None:
    """Return what dues or a levy at a given rate raise against the cost, in words; None for other rules."""
    if isinstance(rule, Dues):
        raised, what = (
            float(np.sum(dues_bills(rule, s.option, s.members, s.world)[:, 0, s.at])),
            "The dues raise",
        )
        to_cost = rule.scale_to_cost
    elif isinstance(rule, Levy) and rule.mills is not None:
        values = base(rule.measure, None, s.option, s.members, s.world)[:, 0, s.at]
        raised, what, to_cost = float(np.sum(levy(values, rule.mills))), "The levy raises", False
    else:
        return None
    cost = s.cost()
    gap = raised - cost
    how = (
        f"{s.money(abs(gap))} {'more than' if gap > 0 else 'less than'}"
        if abs(gap) >= 0.005
        else "the same as"
    )
    words = f"{what} {s.money(raised)}, {how} the cost of {s.money(cost)}."
    if abs(gap) < 0.005 or raised == 0:
        return words
    if to_cost:
        return f"{words} Each is scaled by {s.money(cost)} / {s.money(raised)} = {cost / raised:.6g} to cover it."
    return f"{words} Who bears the difference is not settled in the case; here it falls on all in proportion."
