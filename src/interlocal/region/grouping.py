"""The best division of a whole region into groups, and how firm it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.numerics import engine
from interlocal.problems import InputError, Problem
from interlocal.region.coalitions import Groups, connected_groups, distinct
from interlocal.region.curves import Curve, fit_curve
from interlocal.region.exact import EXACT_UP_TO, best_of_listed
from interlocal.region.governments import Region
from interlocal.region.partition import Division, Infeasible, divide
from interlocal.region.savings import Rules, Savings, draw, score
from interlocal.region.scan import candidate_pairs, named_groups, positions

Floats = npt.NDArray[np.float64]
Members = tuple[int, ...]

SMALL_REGION = 100
"""Up to this many governments the search runs until nothing better is possible."""
LARGE_GAP = 0.001
REPLICATION_GAP = 0.01
"""Replications stop at this gap: they ask who stays together, not for the last dollar."""


@dataclass(frozen=True)
class Demands:
    """What a division must respect; governments by id or by a name that only one bears."""

    max_size: int = 5
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[tuple[str, ...], ...] = ()
    """Partnerships that exist and stay as they are."""
    hubs: tuple[str, ...] = ()
    """Governments that may be in a group with anyone near, border or not."""
    hub_km: float = 25.0
    gap: float | None = None
    """Stop at this gap; empty: 0 for small regions, 0.1 % for large ones."""
    nodes: int = 2_000
    """Limit on work, in branching nodes."""
    rules: Rules = dataclasses.field(default_factory=Rules)


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


@dataclass(frozen=True)
class _Possible:
    """Every group that the demands allow, level by level, with what it would save."""

    levels: tuple[Groups, ...]
    members: tuple[Members, ...]
    must: frozenset[int]
    fixed: tuple[Members, ...]


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
    possible = _possible(region, service, demands)
    curve = fit_curve(region, service)
    scored = [score(region, curve, level, demands.rules) for level in possible.levels]
    values = np.concatenate([s.mean for s in scored]) if scored else np.empty(0)
    division, unstable, method = _stable_division(region, possible, values, demands, cancelled)
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


def _possible(region: Region, service: str, demands: Demands) -> _Possible:
    problems: list[Problem] = []
    together = named_groups(region, demands.together, "--together", problems)
    apart = named_groups(region, demands.apart, "--apart", problems)
    fixed = named_groups(region, demands.fixed, "--fixed", problems)
    fixed += region.registers.partnerships(service).values()
    named_groups(region, (demands.hubs,), "--hub", problems)
    if problems:
        raise InputError(problems)
    hubs = np.array(positions(region, demands.hubs, "--hub"), dtype=np.int64)
    used = region.services[service].used
    _check(region, used, together, apart, fixed, demands.max_size)
    pairs = candidate_pairs(region, hubs, demands.hub_km if len(hubs) else 0.0)
    bound_together = [list(p) for t in together for p in combinations(sorted(t), 2)]
    if bound_together:
        pairs = distinct(np.concatenate([pairs, np.array(bound_together)]), len(region.ids))
    free = used.copy()
    for members in fixed:
        free[list(members)] = False
    levels = connected_groups(pairs[free[pairs].all(axis=1)], len(region.ids), demands.max_size)
    levels = [level[_allowed(level, together, apart)] for level in levels]
    every = tuple(tuple(row) for level in levels for row in level.tolist())
    return _Possible(
        tuple(levels), every, frozenset().union(*together), tuple(tuple(sorted(f)) for f in fixed)
    )


def _check(
    region: Region,
    used: npt.NDArray[np.bool_],
    together: list[frozenset[int]],
    apart: list[frozenset[int]],
    fixed: list[frozenset[int]],
    max_size: int,
) -> None:
    problems: list[Problem] = []

    def names(members: frozenset[int]) -> str:
        return ", ".join(region.names[i] for i in sorted(members))

    for group in together:
        if len(group) > max_size:
            problems.append(
                Problem("", "--together", names(group), f"at most {max_size} members", "Raise --max-size.")
            )
        if not used[list(group)].all():
            problems.append(
                Problem(
                    "",
                    "--together",
                    names(group),
                    "members with a figure for the service",
                    "See the data notes.",
                )
            )
        problems += [
            Problem(
                "", "--together", names(group), "members that are not also kept apart", "Drop one of the two."
            )
            for other in apart
            if len(group & other) > 1
        ]
        problems += [
            Problem(
                "", "--together", names(group), "members outside fixed partnerships", "Drop one of the two."
            )
            for other in fixed
            if group & other
        ]
    problems += [
        Problem("", "--together", names(a & b), "each government named once", "Join the two into one.")
        for a, b in combinations(together, 2)
        if a & b
    ]
    if problems:
        raise InputError(problems)


def _allowed(
    groups: Groups, together: list[frozenset[int]], apart: list[frozenset[int]]
) -> npt.NDArray[np.bool_]:
    keep = np.ones(len(groups), dtype=np.bool_)
    for members in together:
        inside = np.isin(groups, list(members)).sum(axis=1)
        keep &= (inside == 0) | (inside == len(members))
    for members in apart:
        keep &= np.isin(groups, list(members)).sum(axis=1) < 2
    return keep


def _stable_division(
    region: Region,
    possible: _Possible,
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
    possible: _Possible,
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
        raise _impossible() from error
    chosen = tuple(int(keep[k]) for k in division.chosen)
    method = "set packing with proven bound (HiGHS)"
    return Division(chosen, division.objective, division.bound, division.stopped), method


def _exact(possible: _Possible, values: Floats, taking_part: list[int]) -> Division:
    bit = {i: 1 << n for n, i in enumerate(taking_part)}
    rows = [k for k in range(len(values)) if np.isfinite(values[k])]
    alone = [i for i in taking_part if i not in possible.must]
    masks = [sum(bit[i] for i in possible.members[k]) for k in rows] + [bit[i] for i in alone]
    worth = np.concatenate([values[rows], np.zeros(len(alone))])
    best, parts = best_of_listed(np.array(masks, dtype=np.int64), worth, len(taking_part))
    if best == -np.inf:
        raise _impossible()
    return Division(tuple(rows[p] for p in parts if p < len(rows)), best, best)


def _impossible() -> InputError:
    return InputError(
        Problem(
            "",
            "--together, --apart, --max-size",
            "demands that no division meets",
            "demands that can all hold",
            "Relax one of them: those kept together must be able to form a group from which every member gains.",
        )
    )


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


def stability(
    region: Region,
    service: str,
    demands: Demands | None = None,
    *,
    replications: int = 20,
    seed: int = 0,
    **engine_options: Any,
) -> dict[tuple[int, int], float]:
    """Return how often each pair is in one group when the curve is drawn anew: pairs that always stay are the finding.

    Each replication draws the slopes once, values every possible group with them and divides the region, to a gap of
    ``REPLICATION_GAP``. Replications are the chunks of the engine.
    """
    demands = dataclasses.replace(demands or Demands(), gap=REPLICATION_GAP)
    only = dataclasses.replace(region, services={service: region.services[service]})
    chunks = [(only, demands, child) for child in np.random.SeedSequence(seed).spawn(replications)]
    pairs: dict[tuple[int, int], int] = {}
    for groups in engine.run(_replicate, chunks, **engine_options):
        for members in groups:
            for pair in combinations(members, 2):
                pairs[pair] = pairs.get(pair, 0) + 1
    return {pair: times / replications for pair, times in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))}


def _replicate(chunk: tuple[Region, Demands, np.random.SeedSequence]) -> tuple[Members, ...]:
    region, demands, seed = chunk
    (service,) = region.services
    curve = fit_curve(region, service)
    slopes = np.random.default_rng(seed).multivariate_normal(curve.slopes, curve.covariance)
    possible = _possible(region, service, demands)
    drawn = [draw(region, curve, level, slopes, demands.rules) for level in possible.levels]
    values = np.concatenate(drawn) if drawn else np.empty(0)
    division, _, _ = _stable_division(region, possible, values, demands, None)
    return tuple(possible.members[k] for k in division.chosen)
