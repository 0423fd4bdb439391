"""Surveys as small multiples: a row for each statement, beside each other what each wave answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Picture
from interlocal.report import drawing
from interlocal.report.drawing import BLUE, GREY, INK, WIDTH
from interlocal.report.words import Document

_LATEST = 4
"""How many waves of a kind stand beside each other: the latest ones."""
_INNER, _ROW, _TALL, _HEAD = WIDTH - 48, 84, 40, 22
_WIDEST = 110
"""Width of one wave at most [px]."""

Wave = Mapping[str, Any]


def pictures(document: Document) -> list[Picture]:
    """Return a picture for each kind of survey of which anything may be shown."""
    kinds: dict[str, list[Wave]] = {}
    for wave in document["consensus"]["surveys"]:
        if any("counts" in s for s in wave["statements"]):
            kinds.setdefault(wave["kind"], []).append(wave)
    return [
        _picture_of(kind, sorted(found, key=lambda w: str(w["closed_on"]))[-_LATEST:])
        for kind, found in kinds.items()
    ]


def _picture_of(kind: str, waves: list[Wave]) -> Picture:
    alt = drawing.altair()
    shown = [{s["statement"]: s for s in wave["statements"] if "counts" in s} for wave in waves]
    statements = {k: said(s) for by in shown for k, s in by.items()}
    wide = min(_WIDEST, _INNER / len(waves))
    bars, notes, rows = [], [], []
    names = [
        {"x": 0, "y": _HEAD + _ROW * i + 12, "t": drawing.short(name, "")}
        for i, name in enumerate(statements.values())
    ]
    names += [{"x": wide * j, "y": 10, "t": str(w["closed_on"])} for j, w in enumerate(waves)]
    for i, (key, name) in enumerate(statements.items()):
        floor = _HEAD + _ROW * i + 24 + _TALL
        for j, by in enumerate(shown):
            left = wide * j
            found = by.get(key)
            if found is None:
                notes.append({"x": left, "y": floor - 6, "t": "–"})
                continue
            most = max(found["counts"]) or 1
            step = 0.62 * wide / len(found["counts"])
            bars += [
                {
                    "x": left + step * k,
                    "x2": left + step * (k + 0.85),
                    "y": floor,
                    "y2": floor - _TALL * n / most,
                }
                for k, n in enumerate(found["counts"])
            ]
            notes.append({"x": left + 0.65 * wide, "y": floor - 6, "t": f"{found['mean']:.1f}"})
            rows.append((name, str(waves[j]["closed_on"]), *found["counts"], found["mean"]))
    height = _HEAD + _ROW * len(statements)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _INNER], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False))
    base = alt.Chart(alt.Data(values=bars))
    chart = alt.layer(
        base.mark_rect(color=BLUE).encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        base.mark_rule(color=GREY, strokeWidth=1).encode(x=x, x2="x2:Q", y=y),
        alt.Chart(alt.Data(values=names)).mark_text(align="left", color=INK).encode(x=x, y=y, text="t:N"),
        alt.Chart(alt.Data(values=notes)).mark_text(align="left", color=INK, fontWeight="bold").encode(x=x, y=y, text="t:N"),
    )  # fmt: skip
    says = " ".join(f"{name}, {day}: mean {mean:.1f} of 5." for name, day, *_counts, mean in rows)
    columns = ("Statement", "Closed on", *(f"Level {k}" for k in range(1, 6)), "Mean")
    title = (
        f"Survey of {kind.replace('_', ' ')}, wave by wave: how many chose each level, 1 to 5, and the mean"
    )
    return drawing.picture(chart, f"waves-{kind}", title, says, (columns, tuple(rows)), height=height)


def said(statement: Mapping[str, Any]) -> str:
    """Return a statement as it was asked, or its name as words."""
    text = statement["text"] or str(statement["statement"]).replace("_", " ")
    return str(text).replace("{partner}", "the other partner")
