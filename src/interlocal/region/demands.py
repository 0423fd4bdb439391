"""What a division of a region must respect, and the groups that it leaves possible."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem
from interlocal.region.coalitions import Groups, connected_groups, distinct
from interlocal.region.governments import Region
from interlocal.region.savings import Rules
from interlocal.region.scan import candidate_pairs, named_groups, positions

Members = tuple[int, ...]


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
class Possible:
    """Every group that the demands allow, level by level, with what it would save."""

    levels: tuple[Groups, ...]
    members: tuple[Members, ...]
    must: frozenset[int]
    fixed: tuple[Members, ...]


@dataclass(frozen=True)
class _Named:
    """The demands' governments as positions."""

    together: list[frozenset[int]]
    apart: list[frozenset[int]]
    fixed: list[frozenset[int]]


def check_demands(region: Region, service: str, demands: Demands) -> None:
    """Look at what the demands name, before any group is made.

    Raises
    ------
    InputError
        When the demands name unknown governments or contradict each other.
    """
    _named(region, service, demands)


def _named(region: Region, service: str, demands: Demands) -> _Named:
    problems: list[Problem] = []
    together = named_groups(region, demands.together, "--together", problems)
    apart = named_groups(region, demands.apart, "--apart", problems)
    fixed = named_groups(region, demands.fixed, "--fixed", problems)
    fixed += region.registers.partnerships(service).values()
    named_groups(region, (demands.hubs,), "--hub", problems)
    if problems:
        raise InputError(problems)
    _check(region, region.services[service].used, together, apart, fixed, demands.max_size)
    return _Named(together, apart, fixed)


def possible_groups(region: Region, service: str, demands: Demands) -> Possible:
    """Return every connected group that the demands allow.

    Raises
    ------
    InputError
        When the demands name unknown governments or contradict each other, or there are too many groups to look at.
    """
    named = _named(region, service, demands)
    hubs = np.array(positions(region, demands.hubs, "--hub"), dtype=np.int64)
    pairs = candidate_pairs(region, hubs, demands.hub_km if len(hubs) else 0.0)
    bound_together = [list(p) for t in named.together for p in combinations(sorted(t), 2)]
    if bound_together:
        pairs = distinct(np.concatenate([pairs, np.array(bound_together)]), len(region.ids))
    free = region.services[service].used.copy()
    for members in named.fixed:
        free[list(members)] = False
    levels = connected_groups(pairs[free[pairs].all(axis=1)], len(region.ids), demands.max_size)
    levels = [level[_allowed(level, named.together, named.apart)] for level in levels]
    every = tuple(tuple(row) for level in levels for row in level.tolist())
    return Possible(
        tuple(levels),
        every,
        frozenset().union(*named.together),
        tuple(tuple(sorted(members)) for members in named.fixed),
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


def impossible() -> InputError:
    """Return the error for demands that no division meets."""
    return InputError(
        Problem(
            "",
            "--together, --apart, --max-size",
            "demands that no division meets",
            "demands that can all hold",
            "Relax one of them: those kept together must be able to form a group from which every member gains.",
        )
    )
