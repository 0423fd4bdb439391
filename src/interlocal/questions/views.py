"""How far a study's own figures are believed: inside view, outside view and their pool.

A study's saving is a claim, and claims run high. *Inside* takes the case's figures, moved down by an optimism and
widened. *Outside* takes what was published for this kind of service. Both reach the result by one factor a year on the
joint organisation's recurring cost, so that what partners pay still adds up and follows from the formula. The *pool*
takes the inside view in a draw with a stated weight, and the outside view otherwise (a linear pool).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interlocal.case.document import Case
from interlocal.case.formulas import Equal
from interlocal.case.options import Option
from interlocal.costs.flows import Flows
from interlocal.costs.today import Today
from interlocal.costs.world import Array, World
from interlocal.numerics.distributions import Distribution, Mixture
from interlocal.reference import judgement, outside_view
from interlocal.sharing.apportion import formula_shares, shares

CLAIMS = frozenset({"shared", "buy_outside"})
"""Options whose saving is a study's claim and therefore doubted; others are changes the partner makes itself."""


@dataclass(frozen=True)
class Doubt:
    """What is believed about claims, from the case or from the shipped judgements."""

    inside_weight: float
    reason: str
    optimism: Distribution
    """Share of do-nothing cost by which a claimed recurring saving is too high."""
    spread: float
    delay: Distribution
    """Months by which the joint service starts late, at most twelve."""
    published: Mixture
    """Published recurring saving as a share of do-nothing cost."""
    published_years: Distribution
    """Years until a published saving is reached."""
    judged: tuple[str, ...]
    """Which of these are the shipped judgements rather than the case's own."""


def doubt(case: Case) -> Doubt:
    """Return the case's views, with the shipped judgements where it has none."""
    v = case.assumptions.views
    judged = []

    def own(name: str, given: Distribution | None) -> Distribution:
        if given is None:
            judged.append(name)
            return judgement(name).distribution
        return given

    weight = v.inside_weight
    if weight is None:
        judged.append("inside_weight")
        weight = judgement("inside_weight").value
    spread = v.spread
    if spread is None:
        judged.append("inside_spread")
        spread = judgement("inside_spread").value
    return Doubt(
        inside_weight=weight,
        reason=v.reason or judgement("inside_weight").why,
        optimism=own("optimism", v.optimism.distribution if v.optimism else None),
        spread=spread,
        delay=own("delay_months", v.delay_months.distribution if v.delay_months else None),
        published=outside_view(case.service.id).distribution,
        published_years=judgement("years_until_savings").distribution,
        judged=tuple(judged),
    )


@dataclass(frozen=True)
class Savings:
    """Savings of one option, before discounting; ``(partners, draws, years)`` [currency/year], positive saves."""

    pool: Array
    inside: Array | None
    """None where only the pool was asked for."""
    outside: Array | None
    """None where nothing was published on this kind of option, or only the pool was asked for."""
    joint: Array
    """Recurring joint cost in the pool, with coordination: ``(draws, years)`` [currency/year]."""
    part: Array
    """The part of the joint cost each partner pays: ``(partners, draws or 1, years)``."""
    believed: Array
    """Recurring joint cost in the inside view, without coordination: ``(draws, years)`` [currency/year]."""

    @property
    def bills(self) -> Array:
        """What each partner pays in the pool, by the formula: its part of all recurring joint cost."""
        return self.part * self.joint


def savings(
    option: Option, f: Flows, paths: dict[str, Today], world: World, views: Doubt, *, pool_only: bool = False
) -> Savings:
    """Hold an option's costs against each partner's do-nothing path, in all views.

    Parameters
    ----------
    f
        The option's costs.
    paths
        Each partner's do-nothing path.
    pool_only
        Leave out the two views that the pool is made of.
    """
    members = world.case.members(option)
    recurring = _stack([paths[p].recurring if p in paths else None for p in world.case.partner_ids], world)
    renewals = _stack([paths[p].one_off if p in paths else None for p in world.case.partner_ids], world)
    taken = f.taken[:, None, None]
    part = _cost_shares(option, members, recurring * taken, world)
    rule = option.formula.capital_rule if option.formula else None
    capital_part = shares(rule, option, members, world) if rule else part

    base = np.sum(recurring * taken, axis=0) * f.live
    late = _on_time(option, world, views)
    steady = recurring * (f.live * (taken > 0)) - f.own - f.retained - f.moved
    once = -f.own_one_off - capital_part * f.joint_capital - part * (f.joint_transition + f.joint_grants)
    once = once - f.own_grants
    if option.replaces:
        once = once + renewals * (f.live * taken)

    def saving(joint: Array, own_coordination: Array) -> Array:
        recurring_saving = (steady - own_coordination - part * joint) * late
        if world.shift.vacancy is not None and option.kind == "shared":
            # Without a lead what would be saved is not; what costs more still does.
            vacant = world.years == world.shift.vacancy
            recurring_saving = np.where(vacant, np.minimum(recurring_saving, 0.0), recurring_saving)
        return recurring_saving + once

    believed = _believed(option, f, base, world, views)
    together = believed + f.joint_coordination
    if option.kind != "shared":
        inside = saving(together, f.own_coordination)
        return Savings(inside, inside, None, together, part, believed)
    elsewhere = _published(option, f, base, world, views)
    from_inside = (world.draws.uniform("views/pool") < views.inside_weight)[:, None]
    joint = np.where(from_inside, together, elsewhere)
    # Published effects are net of coordination: it is not subtracted twice.
    pool = saving(joint, f.own_coordination * from_inside)
    if pool_only:
        return Savings(pool, None, None, joint, part, believed)
    nothing = np.zeros((1, 1))
    inside = saving(together, f.own_coordination)
    return Savings(pool, inside, saving(elsewhere, nothing), joint, part, believed)


def _on_time(option: Option, world: World, views: Doubt) -> Array:
    """Part of each year's recurring saving that comes: less in the first year where the start is late."""
    late = np.ones((1, len(world.years)))
    if option.kind in CLAIMS:
        first_year = world.years == (option.starts or world.first)
        late = (
            1
            - np.clip(world.draws.quantity("views/delay_months", views.delay) / 12, 0, 1)[:, None]
            * first_year
        )
    return late


def _believed(option: Option, f: Flows, base: Array, world: World, views: Doubt) -> Array:
    """Recurring joint cost once the claimed saving is lowered by the optimism and widened."""
    if option.kind not in CLAIMS:
        return f.joint
    too_high = world.draws.quantity("views/optimism", views.optimism)[:, None]
    return f.joint + (too_high + views.spread * world.draws.normal("views/spread", 1)) * base


def _published(option: Option, f: Flows, base: Array, world: World, views: Doubt) -> Array:
    """Recurring joint cost at which the whole saves what was published, reached over the published years."""
    rate = world.draws.quantity("views/published", views.published)[:, None]
    years = world.draws.quantity("views/published_years", views.published_years)[:, None]
    since = world.years - (option.starts or world.first) + 1
    # A saving takes years to come; a rise in cost is there at once.
    reached = np.where(rate > 0, np.clip(since / np.maximum(years, 1), 0, 1), 1.0)
    own = np.sum(f.own + f.stranded, axis=0) * f.live
    joint: Array = np.maximum((1 - rate * reached) * base - own, 0.0)
    return joint


def _cost_shares(option: Option, members: tuple[str, ...], cost: Array, world: World) -> Array:
    """By the option's formula; without one, equal if anything is shared, and else by each partner's cost today."""
    f = option.formula
    if f is not None and (f.band or f.phase_in or f.floors or f.caps):
        return formula_shares(option, members, world)
    if f is not None:
        return shares(f.rule, option, members, world)
    if option.kind == "shared":
        return shares(Equal(kind="equal"), option, members, world)
    total = np.sum(cost, axis=0)
    parts: Array = np.divide(cost, total, out=np.zeros_like(cost), where=total > 0)
    return parts


def _stack(columns: list[Array | None], world: World) -> Array:
    nothing = np.zeros((1, len(world.years)))
    return np.stack(np.broadcast_arrays(*(nothing if c is None else c for c in columns)))
