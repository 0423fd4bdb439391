"""The plan as a picture, a table and sentences: when it ends, what it takes and which tasks decide."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from interlocal.blocks import Cell, Picture, Table
from interlocal.report import drawing, words
from interlocal.report.drawing import INK, MIDDLE, PALE, WIDTH
from interlocal.report.tables import chance, text
from interlocal.report.words import Document

_ROW = 46
_SIDE = 24
_NO_WORK = "#ebebeb"


def sentences(document: Document) -> list[str]:
    """Return what the plan comes to in words; the reason where it cannot be told."""
    plan = document["plan"]
    if plan["unknown"]:
        return [plan["unknown"]]
    end, hours = plan["finish"], plan["staff_hours"]
    lines = [
        f"The plan ends by {end['p10']} in 10 of 100 futures, by {end['p50']} in 50 and by {end['p90']} in 90.",
        f"It still takes {hours['p10']:,.0f} to {hours['p90']:,.0f} staff hours, {hours['p50']:,.0f} in the middle.",
    ]
    if plan["promised_finish"]:
        lines.append(
            f"The promised day, {plan['promised_finish']}, is kept: {words.chance(plan['p_promised'])}."
        )
    if plan["blackout_months"]:
        months = ", ".join(calendar.month_name[m] for m in plan["blackout_months"])
        lines.append(f"No work is counted in {months}.")
    return [*lines, *([plan["outside_view"]] if plan["outside_view"] else [])]


def table(document: Document) -> Table:
    """Return each task with its dates and how often it decides the end."""
    rows = tuple(_row(t) for t in document["plan"]["tasks"])
    columns = ("Task", "Phase", "Starts, middle", "Ends, 1 in 10 by", "Ends, middle", "Ends, 9 in 10 by", "Decides the end")  # fmt: skip
    return Table("table-plan", "The plan, task by task", columns, rows, "/plan/tasks")


def _row(task: Mapping[str, Any]) -> tuple[Cell, ...]:
    name, phase = text(task["name"]), text(task["phase"].replace("_", " "))
    if task["done_on"]:
        return (name, phase, *map(text, ("–", "–", f"done {task['done_on']}", "–", "–")))
    ends = task["finish"]
    return (name, phase, text(task["start"]), *(text(ends[k]) for k in ends), chance(task["criticality"]))


def picture(document: Document, key: str = "plan") -> Picture | None:
    """Draw each open task from its start to its end, the months without work, and the promised day.

    The pale bar runs from the middle start to the middle end, the line holds 8 in 10 ends and the dot is the middle.
    """
    plan = document["plan"]
    left = [t for t in plan["tasks"] if not t["done_on"]]
    if plan["unknown"] or not left:
        return None
    alt = drawing.altair()
    rows = [
        {
            "row": i,
            "label": t["name"],
            "value": f"decides {words.percent(t['criticality'])}",
            "from": t["start"],
            **t["finish"],
        }
        for i, t in enumerate(left)
    ]
    first, last = min(t["start"] for t in left), max(t["finish"]["p90"] for t in left)
    promised = plan["promised_finish"]
    first, last = (
        min([first, *([promised] if promised else [])]),
        max([last, *([promised] if promised else [])]),
    )
    base = alt.Chart(alt.Data(values=rows))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.8, len(rows) - 0.5], reverse=True, nice=False))
    x = alt.X("from:T", title=None, scale=alt.Scale(domain=[first, last]), axis=alt.Axis(format="%b ’%y", tickCount=4, labelOverlap=True, grid=False))  # fmt: skip
    dark = alt.Chart(alt.Data(values=list(_no_work(plan["blackout_months"], first, last))))
    layers = [
        dark.mark_rect(color=_NO_WORK).encode(x=x, x2="to:T"),
        base.mark_bar(color=PALE, height=12).encode(x=x, x2="p50:T", y=y),
        base.mark_rule(color=MIDDLE, strokeWidth=5).encode(x=alt.X("p10:T"), x2="p90:T", y=y),
        base.mark_point(color=INK, fill=INK, size=60, opacity=1).encode(x=alt.X("p50:T"), y=y),
        *drawing.labels(base, y, WIDTH - 2 * _SIDE),
    ]
    if promised:
        day = alt.Chart(alt.Data(values=[{"from": promised}]))
        layers.insert(1, day.mark_rule(color=INK, strokeWidth=1.5, strokeDash=[5, 3]).encode(x=x))
    says = " ".join(
        f"{t['name']}: starts about {t['start']}, ends about {t['finish']['p50']}, 8 in 10 between {t['finish']['p10']} and "
        f"{t['finish']['p90']}; decides the end in {words.percent(t['criticality'])} of futures."
        for t in left
    )
    columns = (
        "Task",
        "Starts",
        "Ends, 1 in 10 by",
        "Ends, middle",
        "Ends, 9 in 10 by",
        "Share of futures in which it decides",
    )
    shown = tuple((t["name"], t["start"], *t["finish"].values(), t["criticality"]) for t in left)
    kept = f", promised for {promised} (dashed)" if promised else ""
    return drawing.picture(alt.layer(*layers), key, f"When each task ends{kept}", says, (columns, shown), height=_ROW * len(rows))  # fmt: skip


def _no_work(months: Collection[int], first: str, last: str) -> Iterator[Mapping[str, str]]:
    """Yield the stretches inside the picture in which no work is counted."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    began: date | None = None
    while day <= end:
        if day.month not in months:
            if began:
                yield {"from": began.isoformat(), "to": day.isoformat()}
            began = None
        elif began is None:
            began = day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if began:
        yield {"from": began.isoformat(), "to": end.isoformat()}
