"""How firm a division is: who stays together when the curve is drawn anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from interlocal.numerics import engine
from interlocal.region.curves import fit_curve
from interlocal.region.demands import Demands, Members, possible_groups
from interlocal.region.governments import Region
from interlocal.region.grouping import stable_division
from interlocal.region.savings import draw

REPLICATION_GAP = 0.01
"""Replications stop at this gap: they ask who stays together, not for the last dollar."""


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
    # Within this process a long replication can be asked to stop; no other could hear it.
    here = engine_options.get("engine", "local") == "local" and engine_options.get("workers", 1) == 1
    task = partial(_replicate, cancelled=engine_options.get("cancelled")) if here else _replicate
    for groups in engine.run(task, chunks, **engine_options):
        for members in groups:
            for pair in combinations(members, 2):
                pairs[pair] = pairs.get(pair, 0) + 1
    return {pair: times / replications for pair, times in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))}


def _replicate(
    chunk: tuple[Region, Demands, np.random.SeedSequence], *, cancelled: Callable[[], bool] | None = None
) -> tuple[Members, ...]:
    region, demands, seed = chunk
    (service,) = region.services
    curve = fit_curve(region, service)
    slopes = np.random.default_rng(seed).multivariate_normal(curve.slopes, curve.covariance)
    possible = possible_groups(region, service, demands)
    drawn = [draw(region, curve, level, slopes, demands.rules) for level in possible.levels]
    values = np.concatenate(drawn) if drawn else np.empty(0)
    division, _, _ = stable_division(region, possible, values, demands, cancelled)
    if division.stopped == "cancelled":
        raise engine.Cancelled
    return tuple(possible.members[k] for k in division.chosen)
