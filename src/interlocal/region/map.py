"""The map of a region as plain SVG, from borders or points: groups outlined and numbered, places that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import numpy.typing as npt

from interlocal.region.governments import Region
from interlocal.region.labels import Label, Point, placed

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]

WIDTH, HEIGHT, MARGIN = 720, 520, 14
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


@dataclass(frozen=True)
class Marks:
    """What a map shows beside the places themselves, by position in the region."""

    groups: Sequence[Sequence[int]] = ()
    """Outlined and numbered in this order, never told apart by colour alone."""
    links: Mapping[int, str] = field(default_factory=dict)
    """Where a place leads."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """What is said of a place beside its name."""
    standing_out: frozenset[int] = frozenset()


class Map:
    """Where everything of a region falls on the picture; made once, drawn with other marks again and again."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.many = len(region.ids) > LABELS_UP_TO
        self.pairs: list[Pair] = region.neighbours.pairs.tolist()
        borders = region.neighbours.borders
        known = np.flatnonzero(np.isfinite(region.lat) & np.isfinite(region.lon)).tolist()
        points = [ring for rings in borders.values() for ring in rings]
        points.append(np.column_stack([region.lon[known], region.lat[known]]))
        every = np.concatenate(points)
        self.centre: dict[int, Point] = {}
        self.rings: dict[int, list[list[Point]]] = {}
        if not len(every):
            return
        plane = Plane.around(every[:, 0], every[:, 1])
        self.height = plane.at(0.0, float(every[:, 1].min()))[1] + 2 * MARGIN
        self.centre = {i: plane.at(float(region.lon[i]), float(region.lat[i])) for i in known}
        for i, rings in borders.items():
            self.centre.setdefault(i, plane.at(*np.concatenate(rings).mean(axis=0).tolist()))
            self.rings[i] = [_snapped(plane, ring, 1.0 if self.many else 0.5) for ring in rings]

    def draw(self, alt: str, marks: Marks | None = None) -> str | None:
        """Return the picture; None where nothing is known of where the governments lie."""
        if not self.centre:
            return None
        marks = marks or Marks()
        groups = [[i for i in members if i in self.centre] for members in marks.groups]
        number: dict[int, int] = {}
        for n, members in enumerate(groups):
            for i in members:
                number.setdefault(i, n)
        tints = _tints(number, self.pairs)
        shown = [(a, b) for a, b in self.pairs if a in self.centre and b in self.centre]
        lines = (
            ""
            if self.rings
            else f'<path class="edge" d="{_lines(self.centre[i] for p in shown for i in p)}"/>'
        )
        outlines = "".join(
            self._outline(g, tints.get(n, n % TINTS), shown) for n, g in enumerate(groups) if len(g) > 1
        )
        shapes = "".join(self._place(i, marks, number, tints) for i in sorted(self.centre))
        body = shapes + outlines if self.rings else lines + outlines + shapes
        texts = self._names(number, shown) if not self.many else self._numbers(groups)
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height:.0f}" role="group" aria-label="{escape(alt)}" class="map">'
            f"{body}{texts}</svg>"
        )

    def _outline(self, members: Sequence[int], tint: int, shown: Sequence[Pair]) -> str:
        """Return the line around a group: its outer borders, or where there are only points a band along its ties."""
        if self.rings:
            sides: Counter[tuple[Point, Point]] = Counter()
            for i in members:
                for ring in self.rings.get(i, ()):
                    sides.update(
                        (min(p, q), max(p, q))
                        for p, q in zip(ring, [*ring[1:], ring[0]], strict=True)
                        if p != q
                    )
            outer = [point for side, times in sides.items() if times == 1 for point in side]
            return f'<path class="outline" stroke-width="3" d="{_lines(outer)}"/>'
        inside = set(members)
        ties = [(a, b) for a, b in shown if a in inside and b in inside]
        joined = {i for pair in ties for i in pair}
        ties += [(members[0], i) for i in members if i not in joined and i != members[0]]
        d, width = _lines(self.centre[i] for pair in ties for i in pair), 14 if self.many else 24
        return f'<path class="outline" stroke-width="{width + 3}" d="{d}"/><path class="band t{tint}" stroke-width="{width}" d="{d}"/>'

    def _place(self, i: int, marks: Marks, number: Mapping[int, int], tints: Mapping[int, int]) -> str:
        name = escape(self.region.names[i])
        said = [f"group {number[i] + 1}"] if i in number else []
        said += [escape(marks.notes[i])] if i in marks.notes else []
        title = ", ".join([name, *said])
        tint = f" g{tints[number[i]]}" if i in number else ""
        tint += " out" if i in marks.standing_out else ""
        if i in self.rings:
            d = "".join(f"M{'L'.join(f'{x:g},{y:g}' for x, y in ring)}Z" for ring in self.rings[i])
            shape = f'<path d="{d}" class="land{tint}"/>'
        else:
            x, y = self.centre[i]
            size = (4 if self.many else 7) + (2 if i in marks.standing_out else 0)
            shape = f'<circle cx="{x}" cy="{y}" r="{size}" class="land{tint}"/>'
        drawn = f"<g><title>{title}</title>{shape}</g>"
        return (
            f'<a href="{escape(marks.links[i])}" aria-label="{title}">{drawn}</a>'
            if i in marks.links
            else drawn
        )

    def _names(self, number: Mapping[int, int], shown: Sequence[Pair]) -> str:
        names = {
            i: self.region.names[i] + (f" {number[i] + 1}" if i in number else "")
            for i in sorted(self.centre)
        }
        ends = [] if self.rings else [(self.centre[a], self.centre[b]) for a, b in shown]
        written = placed(names, self.centre, ends, (WIDTH, self.height), inside=bool(self.rings))
        return "".join(_text(label) for label in written.values())

    def _numbers(self, groups: Sequence[Sequence[int]]) -> str:
        """Return each group's number in its middle, where there are too many places for names."""
        middles = [np.mean([self.centre[i] for i in members], axis=0) for members in groups if members]
        return "".join(
            _text(Label(f"{n}", float(x), float(y) + 4, "middle"))
            for n, (x, y) in enumerate(middles, start=1)
        )


def _snapped(plane: Plane, ring: Floats, step: float) -> list[Point]:
    """Return a border on a grid of the picture: two governments keep the border they share, and points too near fall together."""
    points = [plane.at(*p) for p in ring.tolist()]
    on_grid = [(round(x / step) * step, round(y / step) * step) for x, y in points]
    return [p for p, q in zip(on_grid, [None, *on_grid], strict=False) if p != q]


def _lines(ends: Iterable[Point]) -> str:
    """Return lines between each two points that follow each other in pairs."""
    points = [f"{x:g},{y:g}" for x, y in ends]
    return "".join(f"M{a}L{b}" for a, b in zip(points[::2], points[1::2], strict=True))


def _text(label: Label) -> str:
    return f'<text x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.side}">{escape(label.text)}</text>'


def _tints(number: dict[int, int], pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Give groups that touch unlike tints while there are enough; the numbers tell them apart in any case."""
    touching: dict[int, set[int]] = {group: set() for group in number.values()}
    for a, b in pairs:
        if a in number and b in number and number[a] != number[b]:
            touching[number[a]].add(number[b])
            touching[number[b]].add(number[a])
    tints: dict[int, int] = {}
    for group in sorted(touching):
        taken = {tints[other] for other in touching[group] if other in tints}
        used = list(tints.values())
        tints[group] = min(range(TINTS), key=lambda tint: (tint in taken, used.count(tint), tint))
    return tints


def anchor(identity: str) -> str:
    """Return where on the page a government has its entry; ids may hold spaces, anchors may not."""
    return "place-" + re.sub(r"[^A-Za-z0-9]+", "-", identity)
