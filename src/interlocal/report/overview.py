"""The five lists at a glance: a mark for each of the 42 items, told apart by shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Picture
from interlocal.report import drawing, lessons
from interlocal.report.drawing import INK
from interlocal.report.words import Document

_SHAPES: Mapping[str, str] = {
    "●": "good",
    "◐": "in part",
    "◑": "to watch",
    "▲": "bad",
    "○": "not known",
    "–": "not for this audience",
}


def five_lists(document: Document, key: str = "five-lists") -> Picture:
    """Draw the 42 items as marks, a row per list: how many stand well, in part, badly, unknown or withheld."""
    alt = drawing.altair()
    marks: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    table: list[tuple[str | float | int | None, ...]] = []
    row = 0
    for title, found in lessons.by_list(document):
        counts: dict[str, int] = {}
        for i, f in enumerate(found):
            counts[f["shape"]] = counts.get(f["shape"], 0) + 1
            marks.append({"x": i % 15, "row": row + 1 + i // 15, "shape": f["shape"]})
        heads.append({"row": row + 0.2, "label": f"{title}: {len(found)}"})
        table.append((title, *(counts.get(s, 0) for s in _SHAPES)))
        row += 2 + (len(found) - 1) // 15
    scale = alt.Scale(domain=[-0.4, row], reverse=True, nice=False)
    y = alt.Y("row:Q", axis=None, scale=scale)
    base = alt.Chart(alt.Data(values=marks))
    chart = alt.layer(
        base.mark_text(fontSize=19, color=INK).encode(x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.4, 15], nice=False)), y=y, text="shape:N"),
        alt.Chart(alt.Data(values=heads)).mark_text(align="left", color=INK).encode(x=alt.XValue(0), y=y, text="label:N"),
    )  # fmt: skip
    says = " ".join(
        f"{title}: "
        + ", ".join(f"{n} {word}" for n, word in zip(counts_, _SHAPES.values(), strict=True) if n)
        + "."
        for title, *counts_ in table
    )
    columns = ("List", *(w.capitalize() for w in _SHAPES.values()))
    return drawing.picture(
        chart,
        key,
        "The five lists: ● good  ◐ in part  ◑ watch  ▲ bad  ○ not known  – withheld",
        says,
        (columns, tuple(table)),
        height=26 * row,
    )
