"""What any group of an option's members would pay by itself, worked out for many groups at a time.

Sources are the option's lines, a cost curve and a table of figures; a study says which it used. On the curve a group S
costs what its members pay today, each at its own level of service, moved from its own size to that of the group::

    c(S) = Σ cᵢ exp(b [min(log P(S), log F) − min(log Pᵢ, log F)]) × (1 + k (|S| − 1))

with b the slope of unit cost in size, F the size from which it stays the same and k the cost of working together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import CostLine, FixedCost, Option, StepCost, VariableCost
from interlocal.case.stand_alone import FromCurve, FromLines, FromTable, StandAlone
from interlocal.costs.flows import Flows, flows, uplift
from interlocal.costs.lines import ONE_OFF, is_joint, line_cost, volume
from interlocal.costs.scale import published
from interlocal.costs.timing import is_recurring, steady_year
from interlocal.costs.today import today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import RandomDraws, blocks
from interlocal.sharing.amounts import priced, taken
from interlocal.sharing.game import additive

Add = Callable[[Array], Array]
"""Adds up one number per member over each of many groups: ``(members,)`` to ``(groups,)``."""

DRAWS, SEED = 1000, 1
"""Draws in the mean; fixed, so that a formula has the same parts in every study of a case."""
WORK = 1 << 26
"""Groups × draws × years; larger games take fewer draws, so that a step in cost takes seconds and not hours."""
FEWEST = 16


class StandAloneCosts:
    """Mean cost of groups of members over draws, in the first steady year or as a present value.

    Parameters
    ----------
    option, case
        The option and its case.
    members
        Those who take part; each one's cost of today is known.
    groups
        How many groups will be asked for: more groups take fewer draws.
    """

    def __init__(self, option: Option, case: Case, members: Sequence[str], groups: int) -> None:
        self.option, self.members = option, tuple(members)
        self.source: StandAlone = option.stand_alone or FromLines(kind="lines")
        self.in_present_value = self.source.basis == "present_value"
        horizon = case.assumptions.horizon
        years = horizon.last - horizon.first + 1 if self.in_present_value else 1
        self.draws = max(FEWEST, min(DRAWS, WORK // (groups * years)))
        self._world = World(case, RandomDraws(blocks(self.draws, SEED, self.draws)[0]))
        self.year = steady_year(option, self._world.first, self._world.last)
        self._columns = (
            slice(0, self._world.money_years)
            if self.in_present_value
            else slice(self.year - self._world.first, self.year - self._world.first + 1)
        )
        paths = {p: today(p, self._world) for p in self.members}
        self._flows = flows(option, self.members, self._world, paths)
        self._at = [case.partner_ids.index(p) for p in self.members]
        self._recurring = np.array([self._mean(paths[p].recurring) for p in self.members])
        self._renewals = np.array([self._mean(paths[p].one_off) for p in self.members])
        self.alone = self._recurring + (self._renewals if self.in_present_value else 0)
        """``(members,)`` what each pays by itself: as today [currency/year, or currency]."""
        self._share = np.array([taken(option, p) for p in self.members])
        self._own_by_lines = self._borne(paths_recurring=[paths[p].recurring for p in self.members])
        self.inside = self.source.inside_weight if isinstance(self.source, FromLines) else 1.0
        if isinstance(self.source, FromCurve):
            self.inside = 0.0
        self.own = self.inside * self._own_by_lines + (1 - self.inside) * self._kept
        """``(members,)`` the part of a group's cost that each member bears itself, outside the formula."""

    @property
    def period(self) -> str:
        """Return the time the costs are of, in words."""
        world = self._world
        last = world.first + world.money_years - 1
        return f"over {world.first}–{last}, in present value" if self.in_present_value else f"in {self.year}"

    @property
    def basis(self) -> str:
        """Return what the costs are and where they come from, in words."""
        what = (
            f"mean present value over {self._world.first}–{self._world.first + self._world.money_years - 1}"
            if self.in_present_value
            else f"mean yearly cost in {self.year}, the first steady year"
        )
        return f"{what}, over {self.draws:,} draws, {self._source_in_words()}"

    def _source_in_words(self) -> str:
        source = self.source
        if isinstance(source, FromTable):
            return f"from figures given for {len(source.groups)} groups"
        curve = "a cost curve by size"
        if isinstance(source, FromCurve):
            by = source.measure.replace("_", " ")
            slope, flat = self._slope()
            rest = f" up to {flat:,.0f}" if flat else ""
            return f"from {curve}: unit cost changes by {slope:+.2f} % for each percent more {by}{rest}"
        if source.inside_weight == 1:
            return "from the option's lines"
        weight = f"{source.inside_weight:.0%}"
        return f"from the option's lines ({weight}) and, for the rest, {curve} as published"

    def together(self, add: Add) -> Array:
        """Return what each group pays if it shares: ``(groups,)``; 0 for nobody."""
        total = np.zeros(add(self.own).shape)
        if self.inside:
            total += self.inside * self._by_lines(add)
        if self.inside < 1:
            total += (1 - self.inside) * self._by_curve(add)
        return total

    def given(self) -> dict[tuple[str, ...], float]:
        """Return the cost of each group that the case states, by its members; empty unless it has a table."""
        if not isinstance(self.source, FromTable):
            return {}
        name = f"options/{self.option.id}/stand_alone"
        at_once = self.in_present_value
        answer = {}
        for group in self.source.groups:
            label = f"{name}/{'+'.join(group.members)}"
            if at_once:
                cost = float(
                    self._world.money(group.cost, label, label.removeprefix("options/"))[:, 0].mean()
                )
            else:
                cost = self._mean(priced(group.cost, label, self._world))
            answer[tuple(group.members)] = cost
        return answer

    def _mean(self, values: Array) -> float:
        return float(self._drawn(values).sum(1).mean())

    def _drawn(self, values: Array) -> Array:
        """Return ``(draws or 1, columns)``, each year by its weight."""
        wide = np.broadcast_to(values, (values.shape[0], len(self._world.years)))[:, self._columns]
        if not self.in_present_value:
            return wide
        weighted: Array = wide * self._world.discount()[:, self._columns]
        return weighted

    def _borne(self, paths_recurring: Sequence[Array]) -> Array:
        f: Flows = self._flows
        yearly = f.own + f.own_coordination + f.retained + f.moved
        if not self.in_present_value:
            return np.array([self._mean(yearly[i]) for i in self._at])
        yearly = yearly + f.own_one_off + f.own_grants
        before = [self._mean(path * (1 - f.live)) for path in paths_recurring]
        return np.array([self._mean(yearly[i]) for i in self._at]) + before + self._renewals_kept

    @property
    def _renewals_kept(self) -> Array:
        """Renewals that stay with each member: those of the service it does not hand over."""
        return self._renewals * (1 - self._share) if self.option.replaces else self._renewals

    @property
    def _kept(self) -> Array:
        """Return what each member keeps paying by itself on the curve: the service it does not hand over."""
        kept: Array = (1 - self._share) * self.alone
        return kept

    def _slope(self) -> tuple[float, float | None]:
        belief = published(self._world.case.service.id)
        if not isinstance(self.source, FromCurve):
            return belief.slope, belief.smallest_efficient
        by_people = self.source.measure == "population"
        slope = belief.slope if self.source.slope is None else self.source.slope
        flat = self.source.flat_from
        return slope, belief.smallest_efficient if flat is None and by_people else flat

    def _by_curve(self, add: Add) -> Array:
        source = self.source if isinstance(self.source, FromCurve) else FromCurve(kind="curve")
        slope, flat = self._slope()
        at = slice(self.year - self._world.first, self.year - self._world.first + 1)
        size = np.array(
            [
                float(self._world.measure(p, source.measure)[:, at].mean()) * share
                for p, share in zip(self.members, self._share, strict=True)
            ]
        )
        limit = np.inf if flat is None else flat
        # A partner that hands nothing over has no size to move from, and nothing to move.
        from_own = np.exp(-slope * np.log(np.minimum(np.where(size > 0, size, 1), limit)))
        group = np.minimum(np.maximum(add(size), 1e-300), limit)
        cost = add(self._share * self.alone * from_own) * np.exp(slope * np.log(group))
        count = add(np.ones(len(self.members)))
        total: Array = cost * (1 + source.coordination * np.maximum(count - 1, 0)) + add(self._kept)
        return np.where(count > 0, total, 0.0)

    def _by_lines(self, add: Add) -> Array:
        total = add(self._own_by_lines)
        for line in self.option.lines:
            if is_joint(line) and (self.in_present_value or is_recurring(line)):
                total = total + self._line(line, add)
        return total

    def _line(self, line: CostLine, add: Add) -> Array:
        option, world = self.option, self._world
        more = 1 + uplift(line, world) if line.category in ONE_OFF else np.ones((1, 1))

        def cost(changed: CostLine, group: Sequence[str]) -> Array:
            return self._drawn(line_cost(changed, option, group, world) * more)

        if isinstance(line.behaviour, VariableCost):
            return add(np.array([cost(line, [p]).sum(1).mean() for p in self.members]))
        if isinstance(line.behaviour, StepCost):
            step = line.behaviour
            one = line.model_copy(update={"behaviour": FixedCost(kind="fixed", amount=step.step)})
            columns = np.ones(len(world.years))[None, :]
            wide = [
                (volume(step.driver, option, [p], world) * columns)[:, self._columns] for p in self.members
            ]
            drawn = np.stack(np.broadcast_arrays(cost(one, self.members), *wide), axis=2)
            # What does not vary over draws or years is counted once, with the weight of all of it.
            rows, inverse = np.unique(drawn.reshape(-1, drawn.shape[2])[:, 1:], axis=0, return_inverse=True)
            prices = np.bincount(inverse.reshape(-1), drawn[..., 0].reshape(-1), len(rows)) / len(drawn)
            table = np.zeros(add(self.own).shape)
            for price, filled in zip(prices, rows, strict=True):
                steps = np.ceil(add(filled) / step.capacity - 1e-9)
                table += price * np.maximum(steps, step.minimum_steps)
        else:
            table = np.full(add(self.own).shape, cost(line, self.members).sum(1).mean())
        return np.where(add(np.ones(len(self.members))) > 0, table, 0.0)


def whole_table(costs: StandAloneCosts) -> Array:
    """Return what each group pays by itself: ``(2ⁿ,)``; together where it could share, and else the least it reaches.

    A partner alone carries on as today. A group that could share (one of ``feasible_groups``, or any with one of
    ``possible_leads``; one in the table, where the case has one) pays what sharing costs it.
    """
    option, members = costs.option, costs.members
    alone = costs.alone.copy()
    given = {mask_of(g, members): cost for g, cost in costs.given().items() if set(g) <= set(members)}
    for mask, cost in given.items():
        if mask.bit_count() == 1:
            alone[mask.bit_length() - 1] = cost
    table = additive(alone)
    together = costs.together(additive)
    masks = np.arange(len(table))
    everyone = len(table) - 1
    if given:
        listed = {mask: cost for mask, cost in given.items() if mask.bit_count() > 1}
    elif option.feasible_groups is not None:
        groups = {mask_of(g, members) for g in option.feasible_groups if set(g) <= set(members)}
        listed = {mask: float(together[mask]) for mask in groups if mask.bit_count() > 1}
    else:
        listed = {}
        leads = mask_of(
            [p for p in members if not option.possible_leads or p in option.possible_leads], members
        )
        could = ((masks & leads) > 0) & ((masks & (masks - 1)) > 0)
        table[could] = together[could]
    # One pass is enough: a partition into groups is built up in the order in which they are visited.
    for group, cost in listed.items():
        holds = masks[(masks & group) == group]
        table[holds] = np.minimum(table[holds], cost + table[holds ^ group])
    # A group listed pays its own cost even if its members would do better apart: that is a finding, not an error.
    for group, cost in listed.items():
        table[group] = cost
    table[everyone] = given.get(everyone, together[everyone])
    return table


def mask_of(group: Sequence[str], members: Sequence[str]) -> int:
    """Return the group's position in a table: bit i for member i; those who are no members are left out."""
    return sum(1 << i for i, p in enumerate(members) if p in group)
