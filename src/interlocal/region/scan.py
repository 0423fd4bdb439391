"""Candidates worth a study: all pairs of neighbours, hubs near by, and groups grown from the best pairs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.numerics import engine
from interlocal.problems import InputError, Problem, nearest
from interlocal.region.adjacency import distance_km
from interlocal.region.coalitions import Graph, Groups, distinct
from interlocal.region.curves import Curve, fit_curve
from interlocal.region.governments import Region
from interlocal.region.likeness import marks, unlikeness
from interlocal.region.savings import Rules, Savings, score

VARIETY_RULE = (
    "a candidate that shares half of its members or more with a better one for the same service is left out"
)
PAIRS_RULE = "every pair of neighbours, and every hub with the governments near it"
GROUPS_RULE = (
    "heuristic: the best pairs are grown by one neighbour at a time and the best groups of each size are kept, "
    "so that a better group may have been missed"
)
MOST_PAIRS = 1_000_000
KEPT = 50
"""Groups of each size that are grown further."""
HUB_QUANTILE = 0.9
"""A hub is a government larger than this share of the others, unless hubs are named."""
FINDING = (
    (0.9, "a saving"),
    (0.67, "a likely saving"),
    (0.0, "no clear saving: about even"),
)


@dataclass(frozen=True)
class Options:
    """What to look for."""

    top: int = 50
    """Candidates to report."""
    largest: int = 6
    """Largest group; 2 looks at pairs alone."""
    hub_km: float = 25.0
    """How far from a hub counts as near [km]; 0 leaves hubs that are not neighbours out."""
    hubs: tuple[str, ...] = ()
    """Ids of hubs; empty takes the largest tenth."""
    fixed: tuple[tuple[str, ...], ...] = ()
    """Partnerships that exist and stay: no candidate takes two members of one."""
    rules: Rules = dataclasses.field(default_factory=Rules)


@dataclass(frozen=True)
class ServiceScan:
    """What was found for one service."""

    curve: Curve
    pairs: int
    """Pairs that were looked at."""
    best: tuple[Savings, ...]
    """The best candidates, one entry per size."""
    saving_pairs: int
    """Pairs that more likely save than not."""
    best_saving: float
    best_chance: float
    """Expected saving [currency/year] and P(saves) of the pair with the highest expected saving."""
    partner: npt.NDArray[np.int64]
    """For each government its best partner by expected saving, −1 where it has none."""
    partner_saving: npt.NDArray[np.float64]
    """[currency/year]"""
    partner_chance: npt.NDArray[np.float64]

    @property
    def finding(self) -> str:
        """Say what the service holds, in words; "no saving here" is a proper answer."""
        if self.pairs == 0:
            return "unknown: no two neighbours with figures"
        if self.best_saving <= 0:
            return "no saving here"
        return next(words for least, words in FINDING if self.best_chance >= least)


def scan_region(
    region: Region,
    options: Options | None = None,
    *,
    run: Callable[..., list[ServiceScan]] = engine.run,
    **engine_options: Any,
) -> dict[str, ServiceScan]:
    """Look at every service of the region.

    Parameters
    ----------
    engine_options
        ``engine``, ``scheduler``, ``workers``, ``progress`` and ``cancelled`` of ``numerics.engine.run``; one chunk is
        one service.
    """
    options = options or Options()
    problems: list[Problem] = []
    fixed = named_groups(region, options.fixed, "--fixed", problems)
    named_groups(region, (options.hubs,), "--hub", problems)
    if problems:
        raise InputError(problems)
    pairs = _pairs_of(region, options)
    chunks = [dataclasses.replace(region, services={name: data}) for name, data in region.services.items()]
    scans = run(partial(_scan_service, pairs=pairs, options=options, fixed=fixed), chunks, **engine_options)
    return dict(zip(region.services, scans, strict=True))


def _pairs_of(region: Region, options: Options) -> Groups:
    pairs = candidate_pairs(region, hub_positions(region, options.hubs), options.hub_km)
    if len(pairs) > MOST_PAIRS:
        fix = "Count fewer governments as neighbours, or let hubs reach less far (--hub-km)."
        raise InputError(
            Problem("/adjacency", "pairs to look at", f"{len(pairs):,}", f"at most {MOST_PAIRS:,}", fix)
        )
    return pairs


def every_pair(region: Region, options: Options) -> list[list[Any]]:
    """Return all pairs that a scan looks at, not only those it lists, by expected saving, best first.

    Returns
    -------
    Rows of service, the two positions in the region, and whole amounts a year: today, p10, p50, p90 and mean of the saving;
    then P(saves).
    """
    pairs = _pairs_of(region, options)
    problems: list[Problem] = []
    fixed = named_groups(region, options.fixed, "--fixed", problems)
    rows: list[list[Any]] = []
    for name in region.services:
        known = region.registers.partnerships(name).values() if region.registers.exclude else ()
        s = score(
            region, fit_curve(region, name), _usable(region, name, pairs, [*fixed, *known]), options.rules
        )
        money = np.rint(np.column_stack([s.today, s.p10, s.p50, s.p90, s.mean])).astype(np.int64).tolist()
        chances = np.round(s.p_saves, 4).tolist()
        rows += [[name, *two, *m, p] for two, m, p in zip(s.groups.tolist(), money, chances, strict=True)]
    return sorted(rows, key=lambda row: (-row[7], row[:3]))


def hub_positions(region: Region, named: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return the positions of the hubs: those named, or the largest tenth.

    Raises
    ------
    InputError
        When a hub is not in the region.
    """
    if not named:
        return np.flatnonzero(region.population > np.quantile(region.population, HUB_QUANTILE))
    return np.array(positions(region, named, "--hub"), dtype=np.int64)


def positions(region: Region, ids: tuple[str, ...], where: str) -> list[int]:
    """Return where governments stand in the region, by id or by a name that only one bears.

    Raises
    ------
    InputError
        With every id that is not there.
    """
    at = {name: i for i, name in enumerate(region.names) if region.names.count(name) == 1} if ids else {}
    at |= {identity: i for i, identity in enumerate(region.ids)}
    problems = [
        Problem(
            "",
            where,
            word,
            "the id of a government of the region",
            f"Did you mean {guess}?"
            if (guess := nearest(word, at))
            else "See the first column of the table.",
        )
        for word in ids
        if word not in at
    ]
    if problems:
        raise InputError(problems)
    return [at[word] for word in ids]


def named_groups(
    region: Region, named: tuple[tuple[str, ...], ...], where: str, problems: list[Problem]
) -> list[frozenset[int]]:
    """Return each group of named governments as positions, adding to ``problems`` what cannot be found."""
    groups: list[frozenset[int]] = []
    for ids in named:
        try:
            groups.append(frozenset(positions(region, ids, where)))
        except InputError as error:
            problems += error.problems
    return groups


def candidate_pairs(region: Region, hubs: npt.NDArray[np.int64], hub_km: float) -> Groups:
    """Return neighbours, and hubs with the governments within ``hub_km`` that are not their neighbours."""
    pairs = [region.neighbours.pairs]
    if hub_km > 0:
        everyone = np.arange(len(region.ids))
        for hub in hubs.tolist():
            apart = distance_km(region.lat[hub], region.lon[hub], region.lat, region.lon)
            near = everyone[(apart <= hub_km) & (everyone != hub)]
            pairs.append(np.sort(np.column_stack([np.full(len(near), hub), near]), axis=1))
    return distinct(np.concatenate(pairs), len(region.ids))


def _scan_service(
    region: Region, *, pairs: Groups, options: Options, fixed: list[frozenset[int]]
) -> ServiceScan:
    (service,) = region.services
    known = region.registers.partnerships(service).values() if region.registers.exclude else ()
    existing = [*fixed, *known]
    curve = fit_curve(region, service)
    usable = _usable(region, service, pairs, existing)
    savings = score(region, curve, usable, options.rules)
    leading = np.argsort(-savings.mean, kind="stable")[: max(options.top, KEPT)]
    best = [savings.take(leading)]
    if options.largest > 2:
        best += _grown(region, curve, best[0].groups, options, existing)
    partner, saving, chance = _best_partners(savings, len(region.ids))
    return ServiceScan(
        curve=curve,
        pairs=len(usable),
        best=tuple(best),
        saving_pairs=int((savings.p_saves > 0.5).sum()),
        best_saving=float(savings.mean[leading[0]]) if len(leading) else 0.0,
        best_chance=float(savings.p_saves[leading[0]]) if len(leading) else 0.0,
        partner=partner,
        partner_saving=saving,
        partner_chance=chance,
    )


def _grown(
    region: Region, curve: Curve, pairs: Groups, options: Options, existing: list[frozenset[int]]
) -> list[Savings]:
    """Return the best groups of each size beyond two; only neighbours among the pairs are grown."""
    graph = Graph(region.neighbours.pairs, len(region.ids))
    count = len(region.ids)
    front = pairs[np.isin(pairs @ [count, 1], region.neighbours.pairs @ [count, 1])][:KEPT]
    best: list[Savings] = []
    while front.shape[1] < options.largest and len(front):
        usable = _usable(region, curve.service, graph.grow(front), existing)
        scored = score(region, curve, usable, options.rules)
        best.append(scored.take(np.argsort(-scored.mean, kind="stable")[: max(options.top, KEPT)]))
        front = best[-1].groups[:KEPT]
    return best


def _usable(region: Region, service: str, groups: Groups, existing: list[frozenset[int]]) -> Groups:
    """Return groups whose members all have a figure and do not already share the service, where those are to be left out."""
    groups = groups[region.services[service].used[groups].all(axis=1)]
    for members in existing:
        groups = groups[np.isin(groups, list(members)).sum(axis=1) < 2]
    return groups


def _best_partners(
    savings: Savings, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    member = savings.groups.T.ravel()
    other = savings.groups[:, ::-1].T.ravel()
    mean, chance = np.tile(savings.mean, 2), np.tile(savings.p_saves, 2)
    best = np.full(count, -np.inf)
    np.maximum.at(best, member, mean)
    is_best = mean == best[member]
    partner, probability = np.full(count, -1, dtype=np.int64), np.zeros(count)
    partner[member[is_best]] = other[is_best]
    probability[member[is_best]] = chance[is_best]
    return partner, np.where(np.isfinite(best), best, np.nan), probability


def ranked(region: Region, scans: dict[str, ServiceScan], top: int) -> list[dict[str, Any]]:
    """Return the best candidates of all services, by expected saving after selection, as entries of a report.

    A candidate that shares half of its members or more with a better one for the same service adds nothing to read and is
    left out.
    """
    neighbours = {(a, b) for a, b in region.neighbours.pairs.tolist()}
    entries = [
        (float(savings.mean[row]), name, savings, row)
        for name, scan in scans.items()
        for savings in scan.best
        for row in range(min(len(savings), top))
    ]
    entries.sort(key=lambda e: (-e[0], e[1], e[2].groups[e[3]].tolist()))
    chosen: dict[str, list[set[int]]] = {}
    report: list[dict[str, Any]] = []
    for _, name, savings, row in entries:
        members = set(savings.groups[row].tolist())
        better = chosen.setdefault(name, [])
        if any(2 * len(members & group) >= len(members | group) for group in better):
            continue
        better.append(members)
        report.append(_entry(region, scans[name], savings, row, neighbours))
        if len(report) == top:
            break
    return report


def _entry(
    region: Region, scan: ServiceScan, savings: Savings, row: int, neighbours: set[tuple[int, int]]
) -> dict[str, Any]:
    members = tuple(int(i) for i in savings.groups[row])
    service = scan.curve.service
    people = float(region.population[list(members)].sum())
    is_hub = len(members) == 2 and members not in neighbours
    kind = "hub" if is_hub else "pair" if len(members) == 2 else "group"
    return {
        "members": [region.ids[i] for i in members],
        "names": [region.names[i] for i in members],
        "service": service,
        "kind": kind,
        "found_by": GROUPS_RULE if kind == "group" else PAIRS_RULE,
        "today": round(float(savings.today[row])),
        "saving": {key: round(float(getattr(savings, key)[row])) for key in ("p10", "p50", "p90", "mean")},
        "saving_before_selection": round(float(savings.unselected[row])),
        "saving_per_head": round(float(savings.mean[row]) / people, 2),
        "saving_share": round(float(savings.mean[row] / savings.today[row]), 4),
        "p_saves": round(float(savings.p_saves[row]), 4),
        "rests_on": {
            "governments": scan.curve.governments,
            "weight_on_table": round(scan.curve.weight_on_table, 3),
            "weight_on_publications": round(1 - scan.curve.weight_on_table, 3),
            "level_of_service_measured": scan.curve.level_measured,
            "booked_elsewhere": list(region.services[service].excludes),
        },
        "unlikeness": unlikeness(region, service, members),
        **marks(region, service, members),
    }
