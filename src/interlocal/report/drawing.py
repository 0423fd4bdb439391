"""What every picture is drawn with: colours, sizes, labels that find their room, bars, and the picture with its table."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from interlocal.blocks import Picture
from interlocal.report.language import _
from interlocal.report.svg import FONT, render

WIDTH = 400
"""Width of a picture [px]; text of 13 px stays legible when a narrow screen shrinks it."""
NARROW = 260
"""Width of a picture that stands in a tile [px]."""
INK, BLUE, MIDDLE, PALE, GREY = "#1b1b1b", "#1f4e79", "#7a9cbf", "#c9d8e7", "#5c5c5c"
MARGIN = 24
LINE = 52
"""Characters of a label and its value that fit on one line; the table has them whole."""
_CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "labelColor": INK,
        "gridColor": "#dddddd",
        "domain": False,
        "tickColor": GREY,
    },
    "text": {"fontSize": 12.5},
}
Row = tuple[str | float | int | None, ...]


def bars(
    items: Sequence[tuple[str, str, float]], key: str, title: str, says: str,
    table: tuple[tuple[str, ...], tuple[Row, ...]], *, axis: str, domain: tuple[float, float] | None = None,
) -> Picture:  # fmt: skip
    """Draw one bar per item from zero, over the whole ``domain`` of what is possible where there is one."""
    alt = altair()

    values = [{"row": i, **named(label, value), "value": value, "x": x, "zero": 0}
              for i, (label, value, x) in enumerate(items)]  # fmt: skip
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y(
        "row:Q", axis=None, scale=alt.Scale(domain=[-0.6, max(len(items), 1) - 0.6], reverse=True, nice=False)
    )
    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=True)
    x = alt.X("x:Q", title=None, axis=alt.Axis(labelExpr=axis, tickCount=4), scale=scale)
    chart = alt.layer(
        base.mark_bar(color=BLUE, height=11).encode(x=x, x2="zero:Q", y=y),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=INK, strokeWidth=1.5).encode(x="zero:Q"),
        *labels(base, y, WIDTH - 2 * MARGIN),
    )
    return picture(chart, key, title, says, table, height=pitch(values, 44) * max(len(items), 1))


def picture(
    chart: Any, key: str, title: str, says: str, table: tuple[tuple[str, ...], tuple[Row, ...]],
    *, height: int, width: int = WIDTH, sides: tuple[int, int] = (MARGIN, MARGIN),
) -> Picture:  # fmt: skip
    """Return a chart of this size [px] as SVG, with what it says and its table: the columns, then the rows."""
    alt = altair()

    sized = chart.properties(
        width=width - sum(sides),
        height=height,
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": sides[0], "right": sides[1], "top": 10, "bottom": 26},
        background="transparent",
    )
    # Altair checked each part as it was made; checking the whole again would double the time.
    specification = sized.to_dict(validate=False) | {"config": _CONFIG}
    return Picture(render(specification, key, title, says), title, says, *table)


def short(label: str, value: str) -> str:
    """Return a label cut to what fits on a line beside its value."""
    # The value is bold, so that each of its letters takes the room of more than one.
    label, room = _(label), LINE - 1 - round(1.3 * len(value))
    return label if len(label) <= room else label[: room - 1].rstrip() + "…"


def named(label: str, value: str) -> dict[str, str]:
    """Return a label on one line beside its value, or on two where it is long: then the first has the line above."""
    label = _(label)
    if short(label, value) == label:
        return {"above": "", "label": label}
    first = textwrap.wrap(label, LINE, break_long_words=False)[0]
    return {"above": first, "label": short(label[len(first) :].strip(), value)}


def pitch(rows: Sequence[Mapping[str, Any]], one: int) -> int:
    """Return the height of a row [px]: more where a label takes two lines."""
    return one + 15 * any(r["above"] for r in rows)


def altair() -> Any:
    """Import late, for it takes 0.9 s; it is typed only in part, hence Any."""
    import altair as alt  # noqa: PLC0415

    return alt


def labels(base: Any, y: Any, width: int) -> list[Any]:
    """Name at the left and value at the right above each line, with a halo so that no rule strikes them through."""
    alt = altair()

    marks = []
    for halo in (True, False):
        stroke: dict[str, Any] = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"} if halo else {}
        for field, align, at, dy in (
            ("above", "left", 0, -31),
            ("label", "left", 0, -16),
            ("value", "right", width, -16),
        ):
            mark = base.transform_filter(f"isValid(datum.{field})").mark_text(
                align=align, dy=dy, color=INK, fontWeight="bold" if field == "value" else "normal", **stroke
            )
            marks.append(mark.encode(x=alt.XValue(at), y=y, text=f"{field}:N"))
    return marks
