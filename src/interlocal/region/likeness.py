"""How alike the members of a candidate are, and what registers say of them. Similar missions are not assumed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.region.adjacency import distance_km
from interlocal.region.governments import Region


def unlikeness(region: Region, service: str, members: tuple[int, ...]) -> dict[str, float | None]:
    """Return how far apart the members are: ratios of the largest to the smallest, and the longest distance [km].

    A ratio of 1 is alike; null where a figure is missing. Spending per head stands for the level of service where nothing
    better is measured.
    """
    data = region.services[service]
    rows = list(members)
    found = {
        "size": _ratio(region.population[rows]),
        "wealth": _ratio(region.drivers["wealth"][rows]) if "wealth" in region.drivers else None,
        "tax_effort": _ratio(region.tax_effort[rows]) if region.tax_effort is not None else None,
        "spending_per_head": _ratio((data.spending / region.population)[rows]),
        "volume_per_head": _ratio((data.volume / region.population)[rows])
        if data.volume is not None
        else None,
    }
    found |= {f"level_{name}": _ratio(values[rows]) for name, values in data.level.items()}
    lat, lon = region.lat[rows], region.lon[rows]
    apart = float(np.max(distance_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])))
    return found | {"km": round(apart, 1) if np.isfinite(apart) else None}


def _ratio(values: npt.NDArray[np.float64]) -> float | None:
    if not (np.isfinite(values).all() and (values > 0).all()):
        return None
    return round(float(values.max() / values.min()), 2)


def marks(region: Region, service: str, members: tuple[int, ...]) -> dict[str, Any]:
    """Return existing agreements and duplicated units; posts and windows stay empty until a register of posts is read."""
    data = region.services[service]
    units = None if data.units is None else float(np.nansum(data.units[list(members)]))
    return {
        "agreements": region.registers.shared(members, service),
        "duplicated": {"units": units, "posts": None},
        "leadership_windows": [],
    }
