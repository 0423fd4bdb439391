"""What publications say of scale, as the starting belief about a cost curve."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache

import numpy as np

from interlocal.reference.figures import ScaleFinding, scale_for
from interlocal.reference.files import sources

GENERAL_SLOPE, GENERAL_SD = -0.04, 0.08
"""Judgement. Published effects of cooperation centre on 0 to −6 %, seen from −17 to +8 %; a typical case about doubles
the scale, and −3 % for a doubling is a slope of ln 0.97 / ln 2 = −0.044. The spread of 0.08 lets a doubling change cost by
about ±11 % (two standard deviations either way)."""


@dataclass(frozen=True)
class Published:
    """A belief about the slope of unit cost, before anybody's table is looked at."""

    slope: float
    """Change in the logarithm of cost per head for a rise of one in the logarithm of population."""
    sd: float
    smallest_efficient: float | None
    """Population from which the curve is flat [people]."""
    source: str
    mark: str
    """V read at the source, V2 in a secondary one, R recalled, C computed, J judgement."""

    def as_dict(self) -> dict[str, float | str | None]:
        """Return the fields for a report."""
        return asdict(self)


@cache
def published(service: str) -> Published:
    """Return what is published for a kind of service; the general belief, which is judgement, fills what is missing.

    An elasticity is taken as it stands, a saving expected beforehand as that of a doubling, and the part lost at a
    small size as the slope up to the efficient size (the middle of each range). Of several efficient sizes the largest
    counts. The spread stays that of the general belief: one study is one place.
    """
    rows = scale_for(service)
    sizes = [max(row.value) for row in rows if row.kind == "efficient_size" and row.value]
    size = float(max(sizes)) if sizes else None
    slopes = [(slope, row) for row in rows if (slope := _slope(row, size)) is not None]
    used = [row for _, row in slopes] + [row for row in rows if row.kind == "efficient_size"]
    if not used:
        text = "no figure was found for this service; general effect of sharing"
        return Published(GENERAL_SLOPE, GENERAL_SD, None, text, "J")
    slope = float(np.mean([slope for slope, _ in slopes])) if slopes else GENERAL_SLOPE
    general = "" if slopes else " The slope is the general effect of sharing (judgement)."
    source = " ".join(f"{row.finding} {sources()[row.source].citation}, mark {row.mark}." for row in used)
    return Published(slope, GENERAL_SD, size, source + general, "C" if slopes else "J")


def _slope(row: ScaleFinding, efficient_size: float | None) -> float | None:
    middle = float(np.mean(row.value)) if row.value else 0.0
    match row.kind:
        case "elasticity":
            return middle
        case "expected_saving":
            return float(np.log(1 - middle) / np.log(2))
        case "inefficiency" if efficient_size is not None and row.population:
            return float(np.log(1 - middle) / np.log(efficient_size / row.population))
    return None
