"""Amounts that a formula needs from the case: drivers, prices and the joint cost, for a group of members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from interlocal.case.document import Case
from interlocal.case.formulas import Contract, Dues
from interlocal.case.options import Option
from interlocal.case.values import Money
from interlocal.costs.lines import is_joint, line_cost
from interlocal.costs.timing import is_recurring
from interlocal.costs.world import Array, World
from interlocal.sharing.dues import dues
from interlocal.sharing.formulas import usage


def recurring_joint_cost(option: Option, members: Sequence[str], world: World) -> Array:
    """Return what a group of members shares each year by the plan: ``(draws or 1, years)`` [currency/year].

    Coordination and revenue are in it; transition, capital and grants are not.
    """
    total = np.zeros((1, len(world.years)))
    for line in option.lines:
        if is_joint(line) and is_recurring(line):
            total = total + line_cost(line, option, members, world)
    return total


def averaged(partner: str, measure: str, years: int, world: World) -> Array:
    """Return the measure with its level replaced by the mean of its last years on record."""
    m = world.case.partner(partner).measures[measure]
    path = world.measure(partner, measure)
    if not m.history:
        return path
    if m.central == 0:
        # Nothing this year is no share of nothing: the years before still count.
        return np.full_like(path, usage(m.history, years))
    return path * (usage(m.history, years) / m.central)


def driver(partner: str, measure: str, world: World) -> Array:
    """Return a driver of a hybrid: a measure, or the same for each where it is called ``equal``."""
    return np.ones((1, 1)) if measure == "equal" else world.measure(partner, measure)


def contract_prices(rule: Contract, option: Option, members: Sequence[str], world: World) -> Array:
    """Return what each buyer pays the lead: ``(members, draws or 1, years)`` [currency/year]; the lead's entry is 0."""
    cost = recurring_joint_cost(option, members, world)

    def price(p: str) -> Array:
        if p == option.lead:
            return np.zeros((1, 1))
        if rule.price == "fixed":
            return priced(rule.amounts[p], f"options/{option.id}/price/{p}", world)
        if rule.price == "unit" and rule.unit_price is not None:
            unit = priced(rule.unit_price, f"options/{option.id}/unit_price", world)
            return unit * taken(option, p) * world.measure(p, rule.by)
        if rule.cost == "marginal":
            rest = [q for q in members if q != p]
            return (1 + rule.markup) * (cost - recurring_joint_cost(option, rest, world))
        bought = {q: taken(option, q) * world.measure(q, rule.by) for q in members}
        whole = np.sum(np.broadcast_arrays(*bought.values()), axis=0)
        full: Array = (1 + rule.markup) * cost * bought[p] / whole
        return full

    return each(members, price, world)


def dues_bills(rule: Dues, option: Option, members: Sequence[str], world: World) -> Array:
    """Return the dues by the schedule, before they are held against the cost: ``(members, draws or 1, years)``.

    Rates are in the money of the price year and do not grow by themselves: a schedule holds until it is renewed.
    """
    column = (slice(None), None, None)
    return dues(
        np.maximum(each(members, lambda p: world.measure(p, rule.measure), world), 0),
        rule.classes,
        role_discounts=np.array([rule.role_discounts.get(p, 0.0) for p in members])[column],
        taken=np.array([taken(option, p) for p in members])[column],
    )


def priced(money: Money, name: str, world: World) -> Array:
    """Return an amount in the agreement, which grows with prices from its own year: ``(draws or 1, years)``."""
    label = name.removeprefix("options/").replace("/", ", ").replace("_", " ")
    return world.money(money, name, label) * world.growth(None, money.year or world.price_year)


def taken(option: Option, partner: str) -> float:
    """Return the share of the service a partner takes: its tier, or 1."""
    return option.tiers[partner].share if partner in option.tiers else 1.0


def each(members: Iterable[str], amount: Callable[[str], Array], world: World) -> Array:
    """Return one amount for each member: ``(members, draws or 1, years)``."""
    year = np.zeros((1, len(world.years)))
    return np.stack(np.broadcast_arrays(year, *(amount(p) for p in members))[1:])


def pointer(option: Option, case: Case) -> str:
    """Return where the option stands in the case, as a JSON pointer."""
    return f"/options/{[o.id for o in case.options].index(option.id)}"
