"""What an option costs whom, year by year, with one-off cost already raised for optimism: one set of arrays per option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlocal.case.options import CostLine, Option
from interlocal.costs.lines import ONE_OFF, is_joint, line_cost
from interlocal.costs.today import Today
from interlocal.costs.world import Array, World
from interlocal.reference import judgement, optimism


@dataclass(frozen=True)
class Flows:
    """Costs under one option; ``(draws or 1, years)``, or with partners as the first axis [currency/year].

    All are zero before the option starts, when every member still pays its do-nothing cost.
    """

    live: Array
    """``(years,)`` 1 from the first year of the option."""
    joint: Array
    """Recurring joint cost that the formula shares."""
    joint_coordination: Array
    joint_capital: Array
    joint_transition: Array
    joint_grants: Array
    """Negative: they lower cost."""
    own: Array
    """``(partners, draws or 1, years)`` recurring cost of a partner's own, after revenue."""
    own_coordination: Array
    own_one_off: Array
    own_grants: Array
    retained: Array
    """Today's cost that goes on: the part of the service not taken, and what is stranded."""
    stranded: Array
    """The part of ``retained`` that is stranded."""
    moved: Array
    """Cost that somebody else would bear; counted as if the partner still paid it."""
    taken: Array
    """``(partners,)`` share of the service each partner takes; 0 for those that do not take part."""


def flows(option: Option, members: Sequence[str], world: World, paths: dict[str, Today]) -> Flows:
    """Cost of an option for a group of members.

    Parameters
    ----------
    members
        Who takes part; a smaller group than the option's members gives the cost of that group.
    paths
        Each partner's do-nothing path.
    """
    partners = world.case.partner_ids
    years = len(world.years)
    zero = np.zeros((1, years))
    starts = option.starts or world.first
    live = (world.years >= starts).astype(float)
    joint = dict.fromkeys(("recurring", "coordination", "capital", "transition", "grant"), zero)
    own = {k: [zero] * len(partners) for k in ("recurring", "coordination", "one_off", "grant")}
    for line in option.lines:
        if line.payer is not None and line.payer not in members:
            continue
        cost = line_cost(line, option, members if is_joint(line) else (line.payer or "",), world)
        if line.category in ONE_OFF:
            cost = cost * (1 + uplift(line, world))
        kind: str = line.category if line.category in joint else "recurring"
        if is_joint(line):
            joint[kind] = joint[kind] + cost
        else:
            at = partners.index(line.payer or "")
            kind = "one_off" if line.category in ONE_OFF else kind
            own[kind][at] = own[kind][at] + cost
    taken = np.array(
        [(option.tiers[p].share if p in option.tiers else 1.0) if p in members else 0.0 for p in partners]
    )
    retained, stranded, moved = [zero] * len(partners), [zero] * len(partners), [zero] * len(partners)
    for i, p in enumerate(partners):
        if p not in members:
            continue
        if option.replaces:
            stranded[i] = taken[i] * paths[p].stranded * live
            retained[i] = (1 - taken[i]) * paths[p].recurring * live + stranded[i]
        else:
            retained[i] = paths[p].recurring * live
    for m in option.moved:
        if m.partner in members:
            i = partners.index(m.partner)
            amount = world.money(
                m.amount, f"options/{option.id}/moved/{m.id}", f"{option.name}: cost moved to {m.to}"
            )
            path = amount * world.growth(m.escalator, m.amount.year or world.price_year)
            moved[i] = moved[i] + path * (world.years >= (m.start or starts))
    return Flows(
        live=live,
        joint=joint["recurring"],
        joint_coordination=joint["coordination"],
        joint_capital=joint["capital"],
        joint_transition=joint["transition"],
        joint_grants=joint["grant"],
        own=_stack(own["recurring"]),
        own_coordination=_stack(own["coordination"]),
        own_one_off=_stack(own["one_off"]),
        own_grants=_stack(own["grant"]),
        retained=_stack(retained),
        stranded=_stack(stranded),
        moved=_stack(moved),
        taken=taken,
    )


def uplift(line: CostLine, world: World) -> Array:
    """Return the addition for optimism in one-off cost: the line's category in the evidence, the case's own, or a judgement."""
    given = world.case.assumptions.views.transition_uplift
    if line.uplift is not None:
        name, d = f"views/uplift/{line.uplift}", optimism(line.uplift).distribution
    elif given is not None:
        name, d = "views/transition_uplift", given.distribution
    else:
        name, d = "views/transition_uplift", judgement("transition_overrun").distribution
    return world.draws.quantity(name, d)[:, None]


def _stack(columns: Sequence[Array]) -> Array:
    return np.stack(np.broadcast_arrays(*columns))
