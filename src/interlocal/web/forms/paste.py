"""Rows pasted from a spreadsheet, matched to fields by their heading or by their order."""

from __future__ import annotations

import csv
import io

from interlocal.web.forms.entries import Entry, rows_of
from interlocal.web.forms.shape import EXTRA, Shape

MOST = 300
_LINES = ("name", "category", "amount", "payer", "start", "end", "source")


def columns(item: Shape) -> tuple[str, ...]:
    """Return the order of columns that is taken where the first row holds no headings."""
    if item.field_of("behaviour"):
        return _LINES
    return tuple(f.name for f in item.fields if f.kind not in {"part", "rows", "table", "either"} and f.name not in {*EXTRA, "id"})[:8]  # fmt: skip


def paste(text: str, item: Shape, name: str, entry: Entry) -> int:
    """Add pasted rows to an entry, to be looked at before they are saved; return how many."""
    rows = [r for r in csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ",") if any(c.strip() for c in r)]  # fmt: skip
    if not rows:
        return 0
    order = columns(item)
    known = {_plain(f.name): f.name for f in item.fields} | {_plain(f.label): f.name for f in item.fields}
    known["amount"] = "amount"
    heads = [known.get(_plain(c)) for c in rows[0]]
    # One heading alone may be a value that happens to be a field's name.
    if sum(h is not None for h in heads) >= min(2, len(rows[0])):
        rows = rows[1:]
    else:
        heads = list(order)
    start = max(rows_of(entry, name), default=-1) + 1
    for i, row in enumerate(rows[:MOST], start):
        for head, cell in zip(heads, row, strict=False):
            if head and cell.strip():
                _put(entry, f"{name}.{i}" if name else str(i), head, cell.strip(), item)
    return min(len(rows), MOST)


def _put(entry: Entry, row: str, head: str, cell: str, item: Shape) -> None:
    if head == "amount" and item.field_of("behaviour"):
        entry[f"{row}.behaviour.kind"], entry[f"{row}.behaviour.amount"] = "fixed", cell
        return
    field = item.field_of(head)
    entry[f"{row}.{head}"] = cell.lower().replace(" ", "_") if field and field.kind == "choice" else cell


def _plain(text: str) -> str:
    return text.strip().lower().replace("_", " ")
