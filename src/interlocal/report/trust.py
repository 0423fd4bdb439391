"""Trust between partners: pooled for everyone who may see it, pair by pair for the facilitator alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Cell, Picture, Table
from interlocal.consensus.agreement import STRENGTH
from interlocal.report import drawing, words
from interlocal.report.drawing import GREY, INK, MIDDLE, PALE, WIDTH
from interlocal.report.language import _
from interlocal.report.tables import text
from interlocal.report.words import Document

_CELL = 44
_HEADS = "Rated by", "Rated", "Level", "Change since the wave before"
_LEFT = 190


def sentences(document: Document) -> list[str]:
    """Return the pooled level, how it moved, and of how many pairs enough people answered."""
    found = document["consensus"]["trust"]
    if found is None or found["level"] is None:
        return []
    moved = found["change"]
    lines = [f"Trust, all answers pooled, stands at {found['level']:.1f} of 5."]
    if moved is not None:
        lines.append(f"Since the wave before, over the same people and statements: {_signed(moved)}.")
    pairs = found["pairs_shown"] + found["pairs_hidden"]
    return [*lines, f"Enough people answered to speak of {found['pairs_shown']} of {pairs} pairs."]


def dimensions(document: Document, key: str = "trust") -> Picture | None:
    """Draw the pooled level of each dimension of trust."""
    found = document["consensus"]["trust"]
    if found is None or not found["by_dimension"]:
        return None
    rows = tuple((k.replace("_", " ").capitalize(), v) for k, v in found["by_dimension"].items())
    bars = [(name, f"{level:.1f}", level) for name, level in rows]
    says = (
        "; ".join(
            _("{dimension}: {level} of 5").format(dimension=_(name), level=f"{level:.1f}")
            for name, level in rows
        )
        + "."
    )
    title = "Trust by dimension, all answers pooled (levels 1 to 5)"
    return drawing.bars(
        bars, key, title, says, (("Dimension", "Level"), rows), axis="datum.value", domain=(0, 5)
    )


def pairs(document: Document) -> Table | None:
    """Return how the people of each partner see working with each other one: rows rate columns."""
    known, names = _levels(document), _names(document)
    if known is None:
        return None
    rows = tuple(
        (text(name), *(_cell(known.get((a, b))) if a != b else text("–") for b in names))
        for a, name in names.items()
    )
    columns = ("Rated by", *names.values())
    return Table("table-pairs", "Trust pair by pair: the row rates the column, levels 1 to 5", columns, rows, "/consensus/trust/pairs")  # fmt: skip


def matrix(document: Document, key: str = "pairs") -> Picture | None:
    """Draw the matrix of pairs, each level written into its cell; one that is a strength is darker."""
    known, names = _levels(document), _names(document)
    if not known:
        return None
    alt = drawing.altair()
    order = list(names)
    cells = [
        {
            "x": order.index(b),
            "x2": order.index(b) + 1,
            "y": order.index(a),
            "y2": order.index(a) + 1,
            "t": f"{row['level']:.1f}" if (row := known.get((a, b))) else "?",
            "shade": "#ffffff" if not row else PALE if row["level"] < STRENGTH else MIDDLE,
            "weakest": bool(row and row["weakest"]),
        }
        for a in order
        for b in order
        if a != b
    ]
    heads = [{"x": i, "y": -1, "t": str(i + 1)} for i in range(len(order))]
    sides = [{"x": 0, "y": i, "t": f"{i + 1} {name}"} for i, name in enumerate(names.values())]
    n = len(order)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, n], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1, n], reverse=True, nice=False))
    base = alt.Chart(alt.Data(values=cells))
    boxes = base.encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    half = (WIDTH - _LEFT - 24) / n / 2
    layers = [
        boxes.mark_rect(stroke="white").encode(color=alt.Color("shade:N", scale=None)),
        boxes.transform_filter("datum.weakest").mark_rect(fill=None, stroke=INK, strokeWidth=2.5),
        base.mark_text(color=INK, dx=half, dy=_CELL / 2).encode(x=x, y=y, text="t:N"),
        alt.Chart(alt.Data(values=heads)).mark_text(color=GREY, dx=half, dy=_CELL / 2).encode(x=x, y=y, text="t:N"),
        alt.Chart(alt.Data(values=sides)).mark_text(align="left", color=INK, dx=8 - _LEFT, dy=_CELL / 2).encode(x=x, y=y, text="t:N"),
    ]  # fmt: skip
    says = " ".join(
        f"{names[a]} rates {names[b]} {row['level']:.1f}{', the weakest pair' if row['weakest'] else ''}."
        for (a, b), row in known.items()
    )
    shown = tuple((names[a], names[b], row["level"], row["change"]) for (a, b), row in known.items())
    title = "Trust pair by pair: the row rates the column (“?”: too few answers; framed: the weakest)"
    return drawing.picture(
        alt.layer(*layers), key, title, says, (_HEADS, shown), height=_CELL * (n + 1), sides=(_LEFT, 24)
    )


def _levels(document: Document) -> Mapping[tuple[str, str], Mapping[str, Any]] | None:
    found = document["consensus"]["trust"]
    if found is None or found["pairs"] is None:
        return None
    return {(row["rater"], row["rated"]): row for row in found["pairs"]}


def _names(document: Document) -> dict[str, str]:
    return {p: words.partner_name(document, p) for p in document["case"]["partners"]}


def _cell(row: Mapping[str, Any] | None) -> Cell:
    if row is None:
        return text("too few answers")
    moved = "" if row["change"] is None else f" ({_signed(row['change'])})"
    return Cell(f"{row['level']:.1f}{moved}{', the weakest' if row['weakest'] else ''}", row["level"])


def _signed(change: float) -> str:
    return f"{change:+.1f} levels".replace("-", words.MINUS)
