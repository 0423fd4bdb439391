"""A study on one screen of a terminal; words carry everything, so that nothing is lost without colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interlocal.report import governance, words
from interlocal.report.headline import headline
from interlocal.report.words import Document

NEXT = 5
PARTNERS = 8
"""How many partners fit on the screen; the page has them all."""


def summary(document: Document, files: Sequence[Path] = ()) -> RenderableType:
    """Return a screenful that a manager understands.

    Parameters
    ----------
    document
        What ``study.json`` holds.
    files
        What was written, to be named at the end.
    """
    option = words.proposed(document)
    parts: list[RenderableType] = []
    if document["case"]["fictional"]:
        parts.append(Text("This case is made up; its figures are not real.", style="bold"))
    parts += [_line(document["case"]["title"], "bold"), _line(headline(document)), Text()]
    for question, asked in words.QUESTIONS.items():
        parts.append(_line(f"{asked}  {words.answer(document, option, question)}"))
    parts.append(_line(governance.summary(document)))
    parts += [Text(), *map(_line, _advice(document))]
    table = _partners(document, option)
    if table is not None:
        parts += [Text(), table]
    if document["collect_next"]:
        parts += [Text(), Text("Collect next", style="bold")]
        parts += [
            Padding(_line(f"{i}. {step['text']} ({step['who']})"), (0, 0, 0, 2))
            for i, step in enumerate(document["collect_next"][:NEXT], 1)
        ]
    parts += [_line(f"Take care: {warning}") for warning in document["warnings"]]
    if files:
        parts += [Text(), _line("Written: " + ", ".join(str(f) for f in files))]
    return Group(*parts)


def _advice(document: Document) -> list[str]:
    """Return the advice with the reason that decides it, and what would better it where that is known."""
    found = document["advice"]
    reason = next((r["because"] for r in found["rules"] if r["verdict"] == found["verdict"]), "")
    lines = [f"Advice at the gate “{found['gate']}”: {found['verdict']}. {reason}".rstrip()]
    if found["would_change"]:
        changes = " ".join(c["text"] for c in found["would_change"])
        lines.append(f"It would be “{found['would_change_verdict']}” after: {changes}")
    return lines


def _partners(document: Document, option: str | None) -> Table | None:
    money = document["questions"]["money"]
    answer = money["options"].get(option) if option else None
    if answer is None or answer["pool"] is None:
        return None
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in ("Partner", "Saves money", "A year, on average", "Per household"):
        table.add_column(column, justify="left" if column in {"Partner", "Saves money"} else "right")
    rows = list(answer["pool"]["partners"].items())
    for p, n in rows[:PARTNERS]:
        year = answer["per_year"]["partners"].get(p, {})
        table.add_row(
            _line(words.partner_name(document, p)),
            words.chance(n["p_saves"]),
            words.money(year.get("amount"), money["currency"]),
            words.money(year.get("per_household"), money["currency"]),
        )
    if len(rows) > PARTNERS:
        table.add_row(f"and {len(rows) - PARTNERS} more", "", "", "")
    return table


def _line(text: str, style: str = "") -> Text:
    # A title comes from a file that anyone may have written: no escape sequence of its may reach the terminal.
    return Text("".join(c if c.isprintable() else " " for c in text), style=style)
