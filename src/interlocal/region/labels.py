"""Where names stand on a map so that they cover neither each other nor a dot, and few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
Side = Literal["start", "middle", "end"]

CHARACTER, HEIGHT, DOT = 6.6, 13.0, 8.0
"""Width of a character, height of a line and radius of a dot [px], at 12 px type."""
OUTSIDE, COVERED, CROSSED = 100.0, 10.0, 1.0
"""What it costs a label to leave the picture, to cover a name or a dot, to lie across a line."""


@dataclass(frozen=True)
class Label:
    """A name, its baseline and the side of it that is held fast."""

    text: str
    x: float
    y: float
    side: Side

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom [px]."""
        width = CHARACTER * len(self.text)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.side]
        return left, self.y - HEIGHT + 3, left + width, self.y + 3


def placed(
    names: dict[int, str],
    centre: dict[int, Point],
    lines: list[tuple[Point, Point]],
    size: Point,
    *,
    inside: bool,
) -> dict[int, Label]:
    """Return a place for each name, each chosen as the cheapest of a few beside its dot, one after the other.

    Parameters
    ----------
    names, centre
        What to write, and where its dot stands, by government.
    size
        Width and height of the picture [px].
    inside
        Whether a name may stand on its government's centre, as it may inside borders.
    """
    chosen: dict[int, Label] = {}
    dots = [] if inside else [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in centre.values()]
    along = _along(lines)
    for i, name in names.items():
        taken = dots + [label.box for label in chosen.values()]
        options = _around(name, *centre[i], inside=inside)
        chosen[i] = min(options, key=lambda label: _cost(label.box, taken, along, size))
    return chosen


def _around(name: str, x: float, y: float, *, inside: bool) -> list[Label]:
    on_it = [Label(name, x, y + 4, "middle")] if inside else []
    return [
        *on_it,
        Label(name, x, y + 20, "middle"),
        Label(name, x, y - 12, "middle"),
        Label(name, x + 11, y + 4, "start"),
        Label(name, x - 11, y + 4, "end"),
        Label(name, x + 3, y + 20, "start"),
        Label(name, x - 3, y + 20, "end"),
        Label(name, x + 3, y - 12, "start"),
        Label(name, x - 3, y - 12, "end"),
    ]


def _cost(
    box: tuple[float, float, float, float],
    taken: list[tuple[float, float, float, float]],
    along: npt.NDArray[np.float64],
    size: Point,
) -> float:
    left, top, right, bottom = box
    out = left < 0 or top < 0 or right > size[0] or bottom > size[1]
    covered = sum(left < r and right > a and top < b and bottom > t for a, t, r, b in taken)
    x, y = along[..., 0], along[..., 1]
    crossed = ((x > left) & (x < right) & (y > top) & (y < bottom)).any(axis=1).sum()
    return OUTSIDE * out + COVERED * covered + CROSSED * float(crossed)


def _along(lines: list[tuple[Point, Point]]) -> npt.NDArray[np.float64]:
    """Return two score of points on each line, shape (lines, points, 2): near enough for a label."""
    ends = np.array(lines, dtype=np.float64).reshape(-1, 2, 2)
    return ends[:, :1] + np.linspace(0, 1, 41)[:, None] * (ends[:, 1:] - ends[:, :1])
