"""Leadership windows as a picture, a page and a table: which posts fall open together, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from typing import Any

from rich.table import Table

from interlocal.blocks import Picture
from interlocal.report import drawing
from interlocal.report.drawing import BLUE, GREY, INK, PALE, WIDTH

_ROW = 30
_WORDS = {"vacant": "vacant", "interim": "held by an interim", "ending": "ends"}


def timeline(document: Mapping[str, Any], key: str = "windows") -> Picture | None:
    """Draw each opening as a bar or a mark, and each window as the band behind its openings; None where there is none."""
    found = document["windows"]
    if not found:
        return None
    alt = drawing.altair()
    bands, bars, heads, last = [], [], [], max(w["last_day"] for w in found)
    as_of, row = document["as_of"], 0
    for w in found:
        heads.append({"row": row, "label": w["post"], "at": as_of})
        first_row = row
        for o in w["openings"]:
            row += 1
            begins = o["until"] if o["status"] == "ending" else max(o["since"] or as_of, as_of)
            ends = o["until"] or last
            unknown = ", end not known" if o["until"] is None else ""
            label = f"{o['organisation']}, {_WORDS[o['status']]}{unknown}" + (
                f" {o['until']}" if o["status"] == "ending" else ""
            )
            bars.append({"row": row, "label": label, "from": begins, "to": _day_after(ends), "at": as_of})
        bands.append(
            {
                "top": first_row + 0.5,
                "bottom": row + 0.55,
                "from": w["first_day"],
                "to": _day_after(w["last_day"]),
            }
        )
        row += 1
    base = alt.Chart(alt.Data(values=bars))
    domain = [as_of, _day_after(max([last, *(b["to"] for b in bars)]))]
    x = alt.X("from:T", title=None, scale=alt.Scale(domain=domain, nice="month"), axis=alt.Axis(format="%b ’%y", tickCount=4, labelOverlap=True))  # fmt: skip
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, row - 0.2], reverse=True, nice=False))
    chart = alt.layer(
        alt.Chart(alt.Data(values=bands)).mark_rect(color=PALE).encode(x=x, x2="to:T", y=alt.Y("top:Q", axis=None), y2="bottom:Q"),
        base.mark_bar(color=BLUE, height=8, yOffset=8).encode(x=x, x2="to:T", y=y),
        base.mark_point(color=INK, fill=INK, size=45, opacity=1, yOffset=8).encode(x=x, y=y),
        base.mark_text(align="left", color=INK, yOffset=-6).encode(x=alt.XValue(0), y=y, text="label:N"),
        alt.Chart(alt.Data(values=heads)).mark_text(align="left", color=GREY, fontWeight="bold").encode(x=alt.XValue(0), y=y, text="label:N"),
    )  # fmt: skip
    says = " ".join(
        f"{w['post']}: {', '.join(w['organisations'])}, between {w['first_day']} and {w['last_day']}."
        for w in found
    )
    columns = ("Post", "Organisation", "Title", "Status", "Open since", "Ends", "Window from", "Window to")
    rows = tuple(
        (
            w["post"],
            o["organisation"],
            o["title"],
            o["status"],
            o["since"],
            o["until"],
            w["first_day"],
            w["last_day"],
        )
        for w in found
        for o in w["openings"]
    )
    title = "Posts that fall open together, in neighbouring places"
    return drawing.picture(chart, key, title, says, (columns, rows), height=_ROW * (row + 1), width=WIDTH)


def windows_page(document: Mapping[str, Any]) -> str:
    """Return the windows as one page that needs no network: the picture and its table."""
    picture = timeline(document)
    note = "For the facilitator only: it names posts that fall open. Do not file it with public papers."
    body = (
        f"<figure>{picture.svg}<figcaption>{escape(picture.alternative)}</figcaption></figure>{_table(picture)}"
        if picture
        else f"<p>{escape(nothing(document))}</p>"
    )
    return _PAGE.format(as_of=document["as_of"], basis=escape(_basis(document)), note=note, body=body)


def windows_table(document: Mapping[str, Any]) -> Table | str:
    """Return the windows as a table for a terminal, or a sentence where there is none."""
    if not document["windows"]:
        return nothing(document)
    table = Table(title="Leadership windows (facilitator only)", caption=_basis(document))
    for column in ("Post", "Where", "First day", "Last day", "Openings"):
        table.add_column(column)
    for w in document["windows"]:
        opened = "; ".join(
            f"{o['organisation']}: {o['title']}, {o['status']}" + (f" {o['until']}" if o["until"] else "")
            for o in w["openings"]
        )
        table.add_row(w["post"], ", ".join(w["organisations"]), w["first_day"], w["last_day"], opened)
    return table


def nothing(document: Mapping[str, Any]) -> str:
    """Say that no window was found, and on what ground."""
    return f"No window: among {document['posts_on_record']} posts on record, no like posts fall open in neighbouring places. {_basis(document)}"


def _basis(document: Mapping[str, Any]) -> str:
    return f"As of {document['as_of']}, within {document['within_months']:g} months; neighbours {document['neighbours']}."


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _table(picture: Picture) -> str:
    head = "".join(f'<th scope="col">{escape(c)}</th>' for c in picture.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(x or ''))}</td>" for x in row) + "</tr>" for row in picture.rows
    )
    return f'<div class="wide" tabindex="0" role="region" aria-label="Table of openings"><table><caption>Every opening</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leadership windows</title>
<style>
body {{ font: 1rem/1.5 'Public Sans', system-ui, sans-serif; color: #1b1b1b; max-width: 44rem; margin: 0 auto; padding: 1rem }}
figure {{ margin: 0; max-width: 32rem }} .wide {{ overflow-x: auto }} table {{ border-collapse: collapse; font-size: .9rem }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #c9c9c9; white-space: nowrap }}
caption {{ text-align: left; font-weight: bold }} .note {{ border-left: 4px solid #1f4e79; padding-left: .8rem }}
</style></head><body><main><h1>Leadership windows</h1>
<p>{basis}</p><p class="note">{note}</p>{body}</main></body></html>
"""
