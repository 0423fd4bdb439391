"""How a pulse moved from wave to wave: one small picture for each statement, all on the same axes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from interlocal.blocks import Block, Cell, Picture, Table
from interlocal.partnership.relationship import LOW, Relationship
from interlocal.report import drawing
from interlocal.report.drawing import BLUE, GREY, INK, LINE, MARGIN, PALE, WIDTH

MOST = 6
"""Waves shown by statement, the latest."""
_LEAST, _BEST = 1, 5
_LETTER, _FIGURE, _TALL, _GAP = 15, 20, 42, 14
"""Heights of a line of a statement, of a figure above the line, of the levels from 1 to 5, and below them [px]."""
_APART = 0.35
"""Share of the width between dates that both are told."""

Level = float | None
Rows = Sequence[tuple[str, Sequence[Level]]]


def pulses(found: Relationship) -> list[Block]:
    """Return what the waves found: from the second on a picture, and always its table."""
    if not found.pulses:
        return []
    days = [p.closed_on for p in found.pulses[-MOST:]]
    rows = [("All together", tuple(p.level for p in found.pulses[-MOST:]))]
    rows += [(a.text, a.levels[-MOST:]) for a in found.asked]
    cells = tuple((Cell(text), *(Cell(_said(n), n) for n in levels)) for text, levels in rows)
    columns = ("Statement", *(str(day) for day in days))
    table = Table("pulses", "Level by the day its wave closed, from 1 to 5, the best", columns, cells)
    return [_picture(days, rows), table] if len(days) > 1 else [table]


def _picture(days: Sequence[date], rows: Rows) -> Picture:
    alt = drawing.altair()
    # Even steps: two waves soon after each other would stand one over the other.
    at = [k / (len(days) - 1) for k in range(len(days))]
    heads = [textwrap.wrap(text, LINE) for text, _ in rows]
    head = _LETTER * max(map(len, heads))
    pitch = head + _FIGURE + _TALL + _GAP

    def height(row: int, level: float) -> float:
        return pitch * row + head + _FIGURE + _TALL * (_BEST - level) / (_BEST - _LEAST)

    points = [
        {"x": x, "y": height(i, level), "t": f"{level:.1f}"}
        for i, (_, levels) in enumerate(rows)
        for x, level in zip(at, levels, strict=True)
        if level is not None
    ]
    lines = [
        {"x": at[k], "x2": at[k + 1], "y": height(i, before), "y2": height(i, now)}
        for i, (_, levels) in enumerate(rows)
        for k, before, now in _steps(levels)
    ]
    rules = [
        {"x": 0, "x2": 1, "y": height(i, level), "low": level == LOW}
        for i in range(len(rows))
        for level in (_LEAST, LOW, _BEST)
    ]
    names = [
        {"x": 0, "y": pitch * i + head - _LETTER * (len(lines) - k), "t": line}
        for i, lines in enumerate(heads)
        for k, line in enumerate(lines)
    ]
    dates = [{"x": x, "y": pitch * len(rows), "t": day.isoformat()} for x, day in _told(at, days)]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, pitch * len(rows)], reverse=True, nice=False))
    ruled, base = alt.Chart(alt.Data(values=rules)), alt.Chart(alt.Data(values=points))
    named, dated = alt.Chart(alt.Data(values=names)), alt.Chart(alt.Data(values=dates))
    figures = {"dy": -12, "fontWeight": "bold"}
    chart = alt.layer(
        ruled.transform_filter("!datum.low").mark_rule(color=PALE).encode(x=x, x2="x2:Q", y=y),
        ruled.transform_filter("datum.low").mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=x, x2="x2:Q", y=y),
        alt.Chart(alt.Data(values=lines)).mark_rule(color=BLUE, strokeWidth=2).encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        base.mark_point(color=BLUE, fill=BLUE, size=36, opacity=1).encode(x=x, y=y),
        base.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **figures).encode(x=x, y=y, text="t:N"),
        base.mark_text(color=INK, **figures).encode(x=x, y=y, text="t:N"),
        named.mark_text(color=INK, align="left", baseline="top", dx=-MARGIN / 2).encode(x=x, y=y, text="t:N"),
        *(dated.transform_filter(which).mark_text(color=GREY, align=align, dy=4).encode(x=x, y=y, text="t:N")
          for which, align in (("datum.x == 0", "left"), ("datum.x == 1", "right"), ("datum.x > 0 && datum.x < 1", "center"))),
    )  # fmt: skip
    says = " ".join(f"{text.rstrip('.')}: {', '.join(map(_said, levels))}." for text, levels in rows)
    title = f"Pulse by wave, levels 1 to 5; the broken line is {LOW:.0f}, below which it is low"
    return drawing.picture(chart, "pulses", title, says, ((), ()), height=pitch * len(rows), width=WIDTH)


def _steps(levels: Sequence[Level]) -> Iterator[tuple[int, float, float]]:
    """Yield neighbouring waves that both have a level: over a wave that hides itself no line is drawn."""
    for k, (before, now) in enumerate(pairwise(levels)):
        if before is not None and now is not None:
            yield k, before, now


def _told(at: Sequence[float], days: Sequence[date]) -> Iterator[tuple[float, date]]:
    """Yield the days that have room: the first and the last, and those between that stand clear of their neighbours."""
    told = 0.0
    yield at[0], days[0]
    for x, day in zip(at[1:-1], days[1:-1], strict=True):
        if x - told > _APART and 1 - x > _APART:
            told = x
            yield x, day
    yield at[-1], days[-1]


def _said(level: Level) -> str:
    return "too few answers to show" if level is None else f"{level:.1f}"
