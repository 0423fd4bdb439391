"""Partners as dots and what lies between them as lines: who borders whom, and who trusts whom how far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Picture
from interlocal.case.document import Case
from interlocal.case.walk import visible_to
from interlocal.report import drawing
from interlocal.report.drawing import BLUE, GREY, INK, MIDDLE, WIDTH
from interlocal.report.language import _
from interlocal.report.words import Document, listed, partner_name

_HIGH = 300
"""Height of a map or network [px]."""
_LOW = 2.5
"""Trust below this is drawn with dashes: nearer to "disagree" than to "agree" on the scale from 1 to 5 [levels]."""


def neighbours(case: Case, document: Document, key: str = "neighbours") -> Picture | None:
    """Draw where the partners lie and which of them border one another; None where no place is known."""
    visible = visible_to(document["audience"])
    known = {p.id: p for p in case.partners if p.id in document["case"]["partners"]
             and p.visibility in visible and p.latitude is not None and p.longitude is not None}  # fmt: skip
    if len(known) < 2:
        return None
    squeeze = math.cos(math.radians(sum(p.latitude or 0 for p in known.values()) / len(known)))
    at = {i: ((p.longitude or 0) * squeeze, p.latitude or 0) for i, p in known.items()}
    pairs = sorted(
        {tuple(sorted((i, other))) for i, p in known.items() for other in p.adjacent if other in known}
    )
    named = {i: partner_name(document, i) for i in known}
    ties = [(*at[a], *at[b], 2.0) for a, b in pairs]
    says = (
        "; ".join(
            _("{one} borders {others}").format(
                one=named[i], others=listed(named[b if i == a else a] for a, b in pairs if i in {a, b})
            )
            for i in known
            if any(i in pair for pair in pairs)
        )
        + "."
    )
    rows = tuple(
        (
            named[i],
            p.latitude,
            p.longitude,
            listed(named[b if i == a else a] for a, b in pairs if i in {a, b}) or "none of these",
        )
        for i, p in known.items()
    )
    return _places(at, named, ties, key, "Where the partners lie, and who borders whom", says if pairs else "None of the partners is said to border another.",
                   (("Partner", "Latitude", "Longitude", "Borders"), rows))  # fmt: skip


def trust_network(document: Document, key: str = "trust") -> Picture | None:
    """Draw how each partner rates each other one, the width of an arrow its level; None for all but the facilitator."""
    pairs = document["consensus"]["trust"].get("pairs") if document["consensus"].get("trust") else None
    if not pairs:
        return None
    partners = list(document["case"]["partners"])
    turn = 2 * math.pi / len(partners)
    at = {p: (math.sin(i * turn), math.cos(i * turn)) for i, p in enumerate(partners)}
    named = {p: partner_name(document, p) for p in partners}
    told = [(named[t["rater"]], named[t["rated"]], t["level"], t["answers"]) for t in pairs]
    ties = [(*_beside(at[t["rater"]], at[t["rated"]]), t["level"]) for t in pairs]
    says = (
        "; ".join(f"{a} rates {b} {level:.1f} of 5" for a, b, level, _answers in told)
        + ". No line: too few answers to show, or none."
    )
    return _places(at, named, ties, key, "How partners rate one another, 1 to 5: the thicker, the more trust; dashed below 2.5", says,
                   (("Rater", "Rated", "Level, 1 to 5", "Answers"), tuple(told)), arrows=True)  # fmt: skip


def _places(
    at: Mapping[str, tuple[float, float]], named: Mapping[str, str], ties: list[tuple[float, float, float, float, float]],
    key: str, title: str, says: str, table: tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]], *, arrows: bool = False,
) -> Picture:  # fmt: skip
    """Draw named dots and the lines between them, to one scale both ways."""
    alt = drawing.altair()
    xs, ys = zip(*at.values(), strict=True)
    # A square of the world becomes a square of the picture, with room for names at the edge.
    half = 0.62 * max(max(xs) - min(xs), max(ys) - min(ys), 1e-6)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    wide = half * (WIDTH - 48) / _HIGH
    x = alt.X(
        "x:Q", axis=None, scale=alt.Scale(domain=[middle_x - wide, middle_x + wide], nice=False, zero=False)
    )
    y = alt.Y(
        "y:Q", axis=None, scale=alt.Scale(domain=[middle_y - half, middle_y + half], nice=False, zero=False)
    )
    lines = [
        {"x": a, "y": b, "x2": c, "y2": d, "w": 1 + 1.2 * (w - 1), "thin": arrows and w < _LOW}
        for a, b, c, d, w in ties
    ]
    dots = [{"x": p[0], "y": p[1], "t": named[i], "up": p[1] > middle_y + half / 100} for i, p in at.items()]
    width = alt.StrokeWidth("w:Q", scale=None)
    drawn = alt.Chart(alt.Data(values=lines))
    layers = [
        drawn.transform_filter("datum.thin").mark_rule(color=INK, strokeDash=[4, 4]).encode(x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=width),
        drawn.transform_filter("!datum.thin").mark_rule(color=BLUE if arrows else MIDDLE).encode(x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=width),
    ]  # fmt: skip
    if arrows:
        heads = [{"x": c, "y": d, "turn": math.degrees(math.atan2(c - a, d - b))} for a, b, c, d, _w in ties]
        layers.append(
            alt.Chart(alt.Data(values=heads))
            .mark_point(shape="triangle-up", fill=INK, color=INK, size=90, opacity=1)
            .encode(x=x, y=y, angle=alt.Angle("turn:Q", scale=None))
        )
    placed = alt.Chart(alt.Data(values=dots))
    layers.append(placed.mark_point(fill=INK, color=INK, size=80, opacity=1).encode(x=x, y=y))
    for up, dy in ((True, -14), (False, 16)):
        test = "datum.up" if up else "!datum.up"
        for halo in (True, False):
            stroke: dict[str, Any] = (
                {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"} if halo else {}
            )
            layers.append(
                placed.transform_filter(test)
                .mark_text(dy=dy, color=INK if not halo else GREY, fontWeight="bold", **stroke)
                .encode(x=x, y=y, text="t:N")
            )
    return drawing.picture(alt.layer(*layers), key, title, says, table, height=_HIGH)


def _beside(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the line from one dot to another, short of both and moved aside, so that the answer has room beside it."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1.0
    aside = (-dy / length * 0.05, dx / length * 0.05)
    near, far = 0.12 / length, 1 - 0.14 / length
    return (
        a[0] + near * dx + aside[0],
        a[1] + near * dy + aside[1],
        a[0] + far * dx + aside[0],
        a[1] + far * dy + aside[1],
    )
