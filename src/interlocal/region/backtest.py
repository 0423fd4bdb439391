"""Whether the savings come true: spending after mergers that happened, held against what would have been predicted.

Each merger is predicted by the curve of the region's table, from what its members spent before. The merged government
itself is left out of the curve where the table holds it. Nothing is predicted for partners that must coordinate: a merged
government has none.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from interlocal.region.curves import fit_curve
from interlocal.region.governments import Region, ServiceData
from interlocal.region.mergers import Merger
from interlocal.region.savings import Rules, score

NONE = "none in these data: no table of mergers with spending before and after was given"


def backtest(region: Region, service: str) -> list[dict[str, Any]] | None:
    """Predict spending after each merger for a service; None where there was none.

    Returns
    -------
    A row per merger: spending before, the predicted 80 % interval and middle, what was recorded, and whether the interval
    held it [currency/year].
    """
    mergers = [merger for merger in region.mergers if merger.service == service]
    return [_held_against(region, merger) for merger in mergers] or None


def _held_against(region: Region, merger: Merger) -> dict[str, Any]:
    data = region.services[merger.service]
    itself = np.array([merger.merged in pair for pair in zip(region.ids, region.names, strict=True)])
    others = dataclasses.replace(data, spending=np.where(itself, np.nan, data.spending))
    curve = fit_curve(
        dataclasses.replace(region, services={merger.service: others}),
        merger.service,
    )
    count = len(merger.members)
    unknown = np.full(count, np.nan)
    members = dataclasses.replace(
        region,
        population=np.array(merger.population),
        lat=unknown,
        lon=unknown,
        services={merger.service: ServiceData(merger.service, np.array(merger.before), ("",) * count)},
    )
    saving = score(members, curve, np.arange(count)[None, :], Rules(coordination=0.0))
    today = float(saving.today[0])
    low, middle, high = (today - float(s[0]) for s in (saving.p90, saving.p50, saving.p10))
    return {
        "merged": merger.merged,
        "members": list(merger.members),
        "year": merger.year,
        "before": round(today),
        "predicted": {"p10": round(low), "p50": round(middle), "p90": round(high)},
        "recorded": round(merger.after),
        "held": low <= merger.after <= high,
    }
