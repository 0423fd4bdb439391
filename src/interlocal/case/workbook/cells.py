"""A document as the cells of its sheets: spread out for writing, with what a cell can hold said in one place."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from interlocal.case.canonical import Document
from interlocal.case.sheets import Cells
from interlocal.case.workbook.book import Book
from interlocal.case.workbook.layout import (
    Column,
    Path,
    Sheet,
    bare,
    elsewhere,
    field_of,
    is_quantity,
    ordered,
    sheets,
)
from interlocal.case.written import document_of, in_one_line
from interlocal.problems import InputError, Problem

KEY = "key"
"""Heading of the column with the key of an entry of a mapping."""
FIELD, MEANING = "field", "what it means"
"""Headings of the first two columns of a form."""
WHOLE = "."
"""Heading of a section that is there and says nothing."""
HEADINGS_ROW = 3
CELL_LIMIT = 32_767
_FIRST_SAFE_DAY = dt.date(1900, 3, 1)  # before it Excel counts a day that never was


@dataclass(frozen=True)
class Row:
    """One entry of a sheet: what it belongs to, its key, and its values by path."""

    values: dict[Path, Any]
    parent: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Filled:
    """A sheet with its headings and the cells below (or, in a form, beside) them."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def leading(self) -> tuple[str, ...]:
        """Headings before the values: the entry it belongs to and its key."""
        return tuple(filter(None, (self.sheet.parent, KEY if self.sheet.keyed else None)))

    def cells(self) -> Cells:
        """Return the sheet's cells from its headings on."""
        found: Cells = {}
        if self.sheet.is_form:
            found[HEADINGS_ROW, 1], found[HEADINGS_ROW, 2] = FIELD, MEANING
            for i, column in enumerate(self.columns, start=1):
                found[HEADINGS_ROW + i, 1] = column.heading or WHOLE
                found[HEADINGS_ROW + i, 2] = column.help
                for j, row in enumerate(self.rows, start=3):
                    found[HEADINGS_ROW + i, j] = row.values.get(column.path)
        else:
            heads = (*self.leading, *(c.heading for c in self.columns))
            found.update({(HEADINGS_ROW, j): h for j, h in enumerate(heads, start=1)})
            for i, row in enumerate(self.rows, start=HEADINGS_ROW + 1):
                leading = tuple(x for x in (row.parent, row.key) if x is not None)
                line = (*leading, *(row.values.get(c.path) for c in self.columns))
                found.update({(i, j): v for j, v in enumerate(line, start=1)})
        return {place: value for place, value in found.items() if value is not None}


def spread(held: Document, book: Book) -> list[Filled]:
    """Return every sheet of a document, the empty ones with their usual headings."""
    document = document_of(held)
    filled = []
    for sheet in sheets(book):
        rows = tuple(_rows(sheet, document))
        used = {path for row in rows for path in row.values}
        filled.append(Filled(sheet, tuple(ordered(sheet, used)), rows))
    return filled


def _rows(sheet: Sheet, document: dict[str, Any]) -> list[Row]:
    if not sheet.path:
        return [_row(sheet, document)]
    section = document.get(sheet.path[0])
    if section is None:
        return []
    if len(sheet.path) == 1:
        return [_row(sheet, entry) for entry in (section if sheet.many else [section])]
    name, found = sheet.path[1], []
    for owner in section if isinstance(section, list) else [section]:
        parent = str(owner[sheet.owner.own_key]) if sheet.parent else None
        entries = owner.get(name, [])
        keyed = entries.items() if isinstance(entries, dict) else ((None, e) for e in entries)
        for key, entry in keyed:
            found.append(_row(sheet, entry if isinstance(entry, dict) else {"value": entry}, parent, key))
    return found


def _row(sheet: Sheet, entry: dict[str, Any], parent: str | None = None, key: str | None = None) -> Row:
    skipped = elsewhere(sheet)
    own = {k: v for k, v in entry.items() if k not in skipped}
    values: dict[Path, Any] = dict(_flat(own, sheet.annotation, ())) if own or entry else {(): "{}"}
    for path, value in values.items():
        if isinstance(value, str) and len(value) > CELL_LIMIT:
            where = f"sheet {sheet.name}, {'.'.join(path)}"
            raise InputError(
                Problem(
                    "",
                    where,
                    f"{len(value):,} characters",
                    f"at most {CELL_LIMIT:,}, as Excel allows in a cell",
                    f"Keep this {sheet.book.name} in YAML, or shorten the text.",
                )
            )
    return Row(values, parent, str(key) if key is not None else None)


def _flat(value: Any, annotation: Any, path: Path) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        if not value:
            return [(path, "{}")]
        found = []
        for key, part in value.items():
            at_itself = key == "value" and path and is_quantity(annotation)
            found += (
                [(path, part)]
                if at_itself
                else _flat(part, field_of(annotation, str(key)), (*path, str(key)))
            )
        return [(p, as_cell(v)) for p, v in found]
    return [(path, in_one_line(value) if isinstance(value, list) else _typed(value, annotation))]


def _typed(value: Any, annotation: Any) -> Any:
    if bare(annotation) is dt.date and isinstance(value, str):
        day = dt.date.fromisoformat(value)
        return day if day >= _FIRST_SAFE_DAY else value
    return as_cell(quoted(value) if isinstance(value, str) else value)


def as_cell(value: Any) -> Any:
    """Return a number as text where a workbook, which keeps sixteen digits, would change it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and float(f"{value:.16G}") != value:
        return repr(value)
    return value


def quoted(text: str) -> str:
    """Return text as a cell holds it: in quotes with escapes where the bare text would not come back the same."""
    odd = any(unicodedata.category(c) in {"Cc", "Cn", "Zl", "Zp"} and c != "\n" for c in text)
    return json.dumps(text) if odd or text != text.strip() or text[:1] == '"' else text


def unquoted(text: str) -> str:
    """Return the text a cell means; see :func:`quoted`."""
    if text[:1] != '"':
        return text
    try:
        meant = json.loads(text)
    except ValueError:
        return text
    return meant if isinstance(meant, str) else text
