"""The expectations ledger as a picture and a table: who expects what, and how likely each is to be met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Picture, Table
from interlocal.report import drawing, words
from interlocal.report.tables import chance, text
from interlocal.report.words import Document

_METRICS = {
    "npv": "saving in all",
    "yearly_saving": "yearly saving",
    "payback_year": "payback",
    "finish": "finish",
    "service": "service",
    "share": "bill",
}


def table(document: Document) -> Table | None:
    """Return each expectation with its chance and its place in the computed range; None where there is none."""
    rows = document["expectations"]["rows"]
    if not rows:
        return None
    columns = ("Who", "Met", "Percentile, worst to best", "What")
    cells = tuple((text(r["who"]), chance(r["p_met"]), text(_place(r)), text(_says(r))) for r in rows)
    return Table(
        "table-expectations", "Each expectation and its chance", columns, cells, "/expectations/rows"
    )


def picture(document: Document, key: str = "expectations") -> Picture | None:
    """Draw the chance that each expectation is met; None where none can be held against anything."""
    rows = [r for r in document["expectations"]["rows"] if r["p_met"] is not None]
    if not rows:
        return None
    bars = [(f"{r['who']}: {_METRICS[r['metric']]}", words.percent(r["p_met"]), r["p_met"]) for r in rows]
    says = " ".join(f"{r['who']} {r['says']}: {words.chance(r['p_met'])}." for r in rows)
    shown = tuple((r["who"], r["says"], r["p_met"]) for r in rows)
    title = "How likely each expectation is to be met"
    columns = ("Who", "What", "Chance that it is met")
    return drawing.bars(
        bars, key, title, says, (columns, shown), axis="format(datum.value, '.0%')", domain=(0, 1)
    )


def _says(row: Mapping[str, Any]) -> str:
    said = row["says"].removeprefix("expects ")
    return f"{said} (promised in public)" if row["promised_publicly"] else said


def _place(row: Mapping[str, Any]) -> str:
    return (
        "not known; there is nothing to hold it against"
        if row["percentile"] is None
        else str(row["percentile"])
    )
