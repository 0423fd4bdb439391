"""Pictures of a region as plain SVG: a map from borders or points, and cost curves. Each has its table on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.region.curves import Curve, observations
from interlocal.region.governments import Region
from interlocal.region.labels import Label, placed
from interlocal.region.validation import spending_band
from interlocal.region.wording import words

Floats = npt.NDArray[np.float64]

WIDTH, HEIGHT, MARGIN = 720, 520, 14
CHART_WIDTH, CHART_HEIGHT, LEFT, BOTTOM = 640, 320, 64, 44
TINTS = 6
"""Fills for groups that the page knows."""
LABELS_UP_TO = 60
"""With more governments the map shows names only when a place is pointed at."""


@dataclass(frozen=True)
class Plane:
    """Where longitude and latitude fall on the map: as long a kilometre to the north as to the east."""

    west: float
    north: float
    scale: float
    squeeze: float

    @classmethod
    def around(cls, lon: Floats, lat: Floats) -> Plane:
        """Fit all places into the picture."""
        squeeze = float(np.cos(np.radians(np.mean(lat))))
        across = max(float(np.ptp(lon)) * squeeze, 1e-9)
        down = max(float(np.ptp(lat)), 1e-9)
        scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / down)
        return cls(float(lon.min()), float(lat.max()), scale, squeeze)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return x and y in the picture."""
        x = MARGIN + (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round(MARGIN + (self.north - lat) * self.scale, 1)


def region_map(region: Region, colour: dict[int, int], linked: set[int], alt: str) -> str | None:
    """Draw the region; None where nothing is known of where its governments lie.

    Parameters
    ----------
    colour
        Number of the group by position; groups are outlined and numbered, never told apart by colour alone.
    linked
        Positions that have an entry ``place-ID`` on the page.
    """
    known = np.flatnonzero(np.isfinite(region.lat) & np.isfinite(region.lon)).tolist()
    borders = region.neighbours.borders
    if not known and not borders:
        return None
    points = [ring for rings in borders.values() for ring in rings]
    points.append(np.column_stack([region.lon[known], region.lat[known]]))
    every = np.concatenate(points)
    plane = Plane.around(every[:, 0], every[:, 1])
    centre = {i: plane.at(float(region.lon[i]), float(region.lat[i])) for i in known}
    for i, rings in borders.items():
        centre.setdefault(i, plane.at(*np.concatenate(rings).mean(axis=0).tolist()))
    joined = [
        (a, b)
        for a, b in region.neighbours.pairs.tolist()
        if a in centre and b in centre and (not borders or colour.get(a, -1) == colour.get(b, -2))
    ]
    lines = [
        f'<line x1="{centre[a][0]}" y1="{centre[a][1]}" x2="{centre[b][0]}" y2="{centre[b][1]}" class="'
        f'{"tie" if a in colour and colour.get(a) == colour.get(b) else "edge"}"/>'
        for a, b in joined
    ]
    height = max(y for _, y in (plane.at(*p) for p in every.tolist())) + 2 * MARGIN
    written: dict[int, Label] = {}
    if len(region.ids) <= LABELS_UP_TO:
        names = {
            i: f"{region.names[i]} {colour[i] + 1}" if i in colour else region.names[i]
            for i in sorted(centre)
        }
        ends = [(centre[a], centre[b]) for a, b in joined]
        written = placed(names, centre, ends, (WIDTH, height), inside=bool(borders))
    tints = _tints(colour, region.neighbours.pairs.tolist())
    shapes = [
        _place(region, i, centre[i], borders.get(i, ()), plane, colour, tints, i in linked)
        for i in sorted(centre)
    ]
    texts = [
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.side}">{escape(label.text)}</text>'
        for label in written.values()
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="group" aria-label="{escape(alt)}" class="map">'
        f"{''.join(shapes + lines if borders else lines + shapes)}{''.join(texts)}</svg>"
    )


def _tints(colour: dict[int, int], pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Give groups that touch unlike tints while there are enough; the numbers tell them apart in any case."""
    touching: dict[int, set[int]] = {group: set() for group in colour.values()}
    for a, b in pairs:
        if a in colour and b in colour and colour[a] != colour[b]:
            touching[colour[a]].add(colour[b])
            touching[colour[b]].add(colour[a])
    tints: dict[int, int] = {}
    for group in sorted(touching):
        taken = {tints[other] for other in touching[group] if other in tints}
        used = list(tints.values())
        tints[group] = min(range(TINTS), key=lambda tint: (tint in taken, used.count(tint), tint))
    return tints


def _place(
    region: Region,
    i: int,
    centre: tuple[float, float],
    rings: tuple[Floats, ...],
    plane: Plane,
    colour: dict[int, int],
    tints: dict[int, int],
    linked: bool,  # noqa: FBT001 – one place to call it from
) -> str:
    group = f" g{tints[colour[i]]}" if i in colour else ""
    name = escape(region.names[i])
    number = f", group {colour[i] + 1}" if i in colour else ""
    if rings:
        d = "".join(
            "M" + "L".join(f"{px},{py}" for px, py in (plane.at(*p) for p in ring.tolist())) + "Z"
            for ring in rings
        )
        shape = f'<path d="{d}" class="land{group}"/>'
    else:
        size = 4 if len(region.ids) > LABELS_UP_TO else 7
        shape = f'<circle cx="{centre[0]}" cy="{centre[1]}" r="{size}" class="land{group}"/>'
    drawn = f"<g><title>{name}{number}</title>{shape}</g>"
    return f'<a href="#{anchor(region.ids[i])}" aria-label="{name}{number}">{drawn}</a>' if linked else drawn


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


def anchor(identity: str) -> str:
    """Return where on the page a government has its entry; ids may hold spaces, anchors may not."""
    return "place-" + re.sub(r"[^A-Za-z0-9]+", "-", identity)


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
