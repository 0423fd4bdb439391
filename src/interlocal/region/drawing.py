"""Cost curves as plain SVG, with the numbers behind them."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from interlocal.region.curves import Curve, observations
from interlocal.region.governments import Region
from interlocal.region.validation import spending_band
from interlocal.region.wording import words

CHART_WIDTH, CHART_HEIGHT, LEFT, BOTTOM = 640, 320, 64, 44


def curve_chart(region: Region, curve: Curve) -> str | None:
    """Draw spending per head against population, with the middle and the 80 % band; None without a fitted curve."""
    if curve.fit is None:
        return None
    seen = observations(region, curve.service)
    at = np.linspace(seen.x.min(), seen.x.max(), 40)
    middle, low, high = spending_band(seen, at)
    levels = np.concatenate([seen.y, low, high])
    x_of = _axis(float(at[0]), float(at[-1]), LEFT, CHART_WIDTH - 12)
    least, most = (float(v) for v in np.quantile(levels, [0.002, 0.998]))
    y_of = _axis(least, most, CHART_HEIGHT - BOTTOM, 12)
    band = [(x_of(x), y_of(y)) for x, y in zip(at, high, strict=True)]
    band += [(x_of(x), y_of(y)) for x, y in zip(at[::-1], low[::-1], strict=True)]
    line = [(x_of(x), y_of(y)) for x, y in zip(at, middle, strict=True)]
    dots = "".join(
        f'<circle cx="{x_of(x)}" cy="{y_of(y)}" r="2.2" class="dot"/>'
        for x, y in zip(seen.x[:2000], seen.y[:2000], strict=True)
    )
    alt = f"{words(curve.service)}: spending per head by population, with the middle and an 80 % band; table below"
    return (
        f'<svg viewBox="0 0 {CHART_WIDTH} {CHART_HEIGHT}" role="img" aria-label="{escape(alt)}" class="chart">'
        f"{_ticks(float(at[0]), float(at[-1]), x_of, down=False)}"
        f"{_ticks(float(levels.min()), float(levels.max()), y_of, down=True)}"
        f'<polygon points="{_points(band)}" class="band"/>{dots}<polyline points="{_points(line)}" class="line"/>'
        f'<text x="{CHART_WIDTH - 12}" y="{CHART_HEIGHT - 6}" text-anchor="end">population</text>'
        f'<text x="{LEFT}" y="10">{region.currency} per head, {region.year}</text></svg>'
    )


def curve_table(region: Region, curve: Curve) -> list[dict[str, Any]]:
    """Return the numbers behind a curve: spending per head at a few populations."""
    if curve.fit is None:
        return []
    seen = observations(region, curve.service)
    at = np.quantile(seen.x, [0.05, 0.25, 0.5, 0.75, 0.95])
    middle, low, high = (np.exp(v) for v in spending_band(seen, at))
    return [
        {
            "population": round(float(np.exp(x))),
            "low": round(float(a), 1),
            "middle": round(float(m), 1),
            "high": round(float(b), 1),
        }
        for x, a, m, b in zip(at, low, middle, high, strict=True)
    ]


def _axis(low: float, high: float, start: float, end: float) -> Any:
    def place(value: float) -> float:
        share = (value - low) / max(high - low, 1e-9)
        return round(start + (end - start) * min(max(share, -0.02), 1.02), 1)

    return place


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _ticks(low: float, high: float, place: Any, *, down: bool) -> str:
    steps = [10.0**k for k in range(-3, 10)]
    inside = [s for s in steps if low <= np.log(s) <= high]
    if len(inside) < 2:
        fine = [m * s for s in steps for m in (1, 2, 5)]
        inside = [s for s in fine if low <= np.log(s) <= high]
    parts = []
    for step in inside:
        p, text = place(float(np.log(step))), f"{step:,.10g}"
        if down:
            parts.append(f'<line x1="{LEFT}" x2="{CHART_WIDTH - 12}" y1="{p}" y2="{p}" class="grid"/>')
            parts.append(f'<text x="{LEFT - 6}" y="{p + 4}" text-anchor="end">{text}</text>')
        else:
            parts.append(f'<line y1="12" y2="{CHART_HEIGHT - BOTTOM}" x1="{p}" x2="{p}" class="grid"/>')
            parts.append(f'<text x="{p}" y="{CHART_HEIGHT - BOTTOM + 15}" text-anchor="middle">{text}</text>')
    return "".join(parts)
