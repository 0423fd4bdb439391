"""What surveys found, as tables: the distribution of each statement first, and who sees it differently."""

from __future__ import annotations

from interlocal.blocks import Cell, Table
from interlocal.report import words
from interlocal.report.tables import number, text
from interlocal.report.waves import said
from interlocal.report.words import Document

_BANDS = {"strength": "a strength", "discuss": "to discuss", "address": "to address"}


def tables(document: Document) -> list[Table]:
    """Return a table for each survey with something to show."""
    return [
        Table(
            f"table-survey-{i}",
            f"Survey of {wave['kind'].replace('_', ' ')}, closed {wave['closed_on']}",
            ("Statement", *(f"Level {k}" for k in range(1, 6)), "Mean", "Reads as", "Agreement, 0 to 1"),
            tuple(_row(s) for s in wave["statements"] if "counts" in s),
            f"/consensus/surveys/{i}",
        )
        for i, wave in enumerate(document["consensus"]["surveys"])
        if any("counts" in s for s in wave["statements"])
    ]


def _row(statement: dict[str, object]) -> tuple[Cell, ...]:
    counts, mean, agreed = statement["counts"], statement["mean"], statement["consensus"]
    return (
        text(said(statement)),
        *(number(n) for n in counts),  # type: ignore[attr-defined]
        number(mean),  # type: ignore[arg-type]
        text(_BANDS[str(statement["band"])]),
        text("too few answers to tell") if agreed is None else number(agreed),  # type: ignore[arg-type]
    )


def differently(document: Document) -> list[str]:
    """Return a sentence for each statement that two sides see differently."""
    lines = []
    for wave in document["consensus"]["surveys"]:
        texts = {s["statement"]: s["text"] or s["statement"].replace("_", " ") for s in wave["statements"]}
        for d in wave["differently"]:
            high, low = (words.partner_name(document, d[side]).replace("_", " ") for side in ("high", "low"))
            lines.append(f"“{texts[d['statement']]}”: {high} stands {d['gap']:.1f} levels above {low}.")
    return lines
