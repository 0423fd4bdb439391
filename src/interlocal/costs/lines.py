"""What one cost line costs in each year, by its behaviour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interlocal.case.options import CostLine, FixedCost, Option, PostsCost, StepCost, VariableCost
from interlocal.case.staffing import Post
from interlocal.case.values import Money
from interlocal.costs.staffing import post_cost
from interlocal.costs.world import Array, World

ONE_OFF = frozenset({"capital", "transition"})
INCOME = frozenset({"revenue", "grant"})


def is_joint(line: CostLine) -> bool:
    """Whether the members share the line by the formula."""
    return line.scope == "joint" or (line.scope is None and line.payer is None)


def line_cost(line: CostLine, option: Option, members: Sequence[str], world: World) -> Array:
    """Cost of a line for a group of members, as it comes: before sharing, optimism and delay.

    Parameters
    ----------
    members
        Partners whose volumes the line serves. Of the posts of a joint line, a group has those that its members employ
        today or would fill, and those that come from nobody.

    Returns
    -------
    ``(draws or 1, years)`` [currency/year]; income is negative; nothing before the line's start or after its end.
    One-off lines (capital, transition) are spread evenly from start to end, or fall in the start year.
    """
    amount = _yearly(line, option, members, world)
    starts = line.start or option.starts or world.first
    if line.category in ONE_OFF:
        ends = line.end or starts
        amount = amount / (ends - starts + 1)
    else:
        ends = line.end or world.last
    if line.category == "grant" and world.shift.grants_end is not None:
        ends = min(ends, world.shift.grants_end)
    live = (world.years >= starts) & (world.years <= ends)
    sign = -1.0 if line.category in INCOME else 1.0
    return sign * amount * live


def _yearly(line: CostLine, option: Option, members: Sequence[str], world: World) -> Array:
    name = f"options/{option.id}/lines/{line.id}"
    label = f"{option.name}: {line.name or line.id.replace('_', ' ')}"

    def priced(money: Money) -> Array:
        return world.money(money, name, label) * world.growth(line.escalator, money.year or world.price_year)

    match line.behaviour:
        case FixedCost(amount=amount):
            return priced(amount)
        case VariableCost(driver=driver, rate=rate):
            return priced(rate) * volume(driver, option, members, world)
        case StepCost() as step:
            steps = np.ceil(volume(step.driver, option, members, world) / step.capacity - 1e-9)
            return priced(step.step) * np.maximum(steps, step.minimum_steps)
        case PostsCost(posts=ids):
            joint = is_joint(line)
            posts = [p for p in world.case.staffing.posts if p.id in ids]
            if joint:
                posts = [p for p in posts if _brought_by(p) is None or _brought_by(p) in members]
            starts = (option.starts or world.first) if joint else None
            none = np.zeros((1, len(world.years)))
            return sum((post_cost(p, world, line.escalator, starts) for p in posts), start=none)


def _brought_by(post: Post) -> str | None:
    """Return the partner without which a group has no such post, None for one that any group needs."""
    return post.partner or post.comes_from


def volume(driver: str, option: Option, members: Sequence[str], world: World) -> Array:
    """Sum of a measure over members, each by the part of the service it takes: ``(draws or 1, years)``."""
    total = np.zeros((1, len(world.years)))
    for p in members:
        taken = option.tiers[p].share if p in option.tiers else 1.0
        total = total + taken * world.measure(p, driver)
    return total
