"""The best division of a whole region into groups from which every member can gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from interlocal.region.curves import Curve, fit_curve
from interlocal.region.demands import Demands, Members, Possible, impossible, possible_groups
from interlocal.region.exact import EXACT_UP_TO, best_of_listed
from interlocal.region.governments import Region
from interlocal.region.partition import Division, Infeasible, divide
from interlocal.region.savings import Savings, score

Floats = npt.NDArray[np.float64]

SMALL_REGION = 100
"""Up to this many governments the search runs until nothing better is possible."""
LARGE_GAP = 0.001


@dataclass(frozen=True)
class Grouping:
    """A division of the region, with proof of how good it is."""

    curve: Curve
    groups: tuple[Members, ...]
    savings: tuple[Savings, ...]
    """One entry each, in the order of ``groups``."""
    objective: float
    """Expected yearly saving of all groups [currency/year]."""
    bound: float
    gap: float
    method: str
    stopped: str | None
    fixed: tuple[Members, ...]
    without_figures: Members
    considered: int
    """Groups that were possible."""
    unstable: tuple[Members, ...]
    """Groups cut off because some of their members could do better among themselves."""


def best_grouping(
    region: Region,
    service: str,
    demands: Demands | None = None,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Grouping:
    """Divide the region into connected groups with the highest expected saving, from which every member can gain.

    A group is kept only where its saving can be divided so that no part of it would do better on its own (its core is
    not empty). This is tested for the groups that a division chose; those that fail are cut off and the region is divided
    again.

    Raises
    ------
    InputError
        When the demands name unknown governments or contradict each other.
    """
    demands = demands or Demands()
    possible = possible_groups(region, service, demands)
    curve = fit_curve(region, service)
    scored = [score(region, curve, level, demands.rules) for level in possible.levels]
    values = np.concatenate([s.mean for s in scored]) if scored else np.empty(0)
    division, unstable, method = stable_division(region, possible, values, demands, cancelled)
    chosen = [possible.members[k] for k in division.chosen]
    order = sorted(range(len(chosen)), key=lambda j: -values[division.chosen[j]])
    return Grouping(
        curve=curve,
        groups=tuple(chosen[j] for j in order),
        savings=tuple(_one(scored, division.chosen[j]) for j in order),
        objective=division.objective,
        bound=division.bound,
        gap=division.gap,
        method=method,
        stopped=division.stopped,
        fixed=possible.fixed,
        without_figures=tuple(np.flatnonzero(~region.services[service].used).tolist()),
        considered=len(values),
        unstable=unstable,
    )


def _one(scored: list[Savings], row: int) -> Savings:
    for savings in scored:
        if row < len(savings):
            return savings.take(np.array([row]))
        row -= len(savings)
    raise IndexError(row)


def stable_division(
    region: Region,
    possible: Possible,
    values: Floats,
    demands: Demands,
    cancelled: Callable[[], bool] | None,
) -> tuple[Division, tuple[Members, ...], str]:
    """Divide, cut off chosen groups with an empty core, and divide again until none is left."""
    value_of = dict(zip(possible.members, values.tolist(), strict=True))
    open_values = values.copy()
    unstable: list[Members] = []
    while True:
        division, method = _divide(region, possible, open_values, demands, cancelled)
        failing = [
            k for k in division.chosen if values[k] > 0 and core_is_empty(possible.members[k], value_of)
        ]
        if not failing:
            return division, tuple(unstable), method
        if division.stopped == "cancelled":
            keep = tuple(k for k in division.chosen if k not in failing)
            objective = float(values[list(keep)].sum())
            return Division(keep, objective, division.bound, division.stopped), tuple(unstable), method
        unstable += [possible.members[k] for k in failing]
        open_values[failing] = -np.inf


def _divide(
    region: Region,
    possible: Possible,
    values: Floats,
    demands: Demands,
    cancelled: Callable[[], bool] | None,
) -> tuple[Division, str]:
    taking_part = sorted({i for members in possible.members for i in members})
    if len(taking_part) <= EXACT_UP_TO:
        return _exact(possible, values, taking_part), "exact: dynamic programme over all subsets"
    gap = demands.gap
    if gap is None:
        gap = 0.0 if len(taking_part) <= SMALL_REGION else LARGE_GAP
    keep = np.flatnonzero(np.isfinite(values))
    columns = [np.array(possible.members[k], dtype=np.int64) for k in keep]
    try:
        division = divide(
            columns,
            values[keep],
            len(region.ids),
            must=possible.must,
            gap=gap,
            nodes=demands.nodes,
            cancelled=cancelled,
        )
    except Infeasible as error:
        raise impossible() from error
    chosen = tuple(int(keep[k]) for k in division.chosen)
    method = "set packing with proven bound (HiGHS)"
    return Division(chosen, division.objective, division.bound, division.stopped), method


def _exact(possible: Possible, values: Floats, taking_part: list[int]) -> Division:
    bit = {i: 1 << n for n, i in enumerate(taking_part)}
    rows = [k for k in range(len(values)) if np.isfinite(values[k])]
    alone = [i for i in taking_part if i not in possible.must]
    masks = [sum(bit[i] for i in possible.members[k]) for k in rows] + [bit[i] for i in alone]
    worth = np.concatenate([values[rows], np.zeros(len(alone))])
    best, parts = best_of_listed(np.array(masks, dtype=np.int64), worth, len(taking_part))
    if best == -np.inf:
        raise impossible()
    return Division(tuple(rows[p] for p in parts if p < len(rows)), best, best)


def core_is_empty(members: Members, value_of: dict[Members, float]) -> bool:
    """Say whether every division of a group's saving leaves some part of it better off on its own.

    A part is worth the best that its possible groups save; staying alone is worth 0. The core is empty where the least
    total that satisfies every part exceeds what the group saves (Bondareva 1963; Shapley 1967).
    """
    from interlocal.sharing import Game, core_empty  # noqa: PLC0415 – slow to import

    table = np.zeros(1 << len(members))
    for size in range(2, len(members)):
        for part in combinations(range(len(members)), size):
            worth = value_of.get(tuple(members[j] for j in part), 0.0)
            table[sum(1 << j for j in part)] = max(worth, 0.0)
    table[-1] = value_of[members]
    return core_empty(Game(tuple(map(str, members)), table, "savings"))
