"""A register from a table that a clerk keeps: one agreement a row, CSV or Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from interlocal.case.read import in_words
from interlocal.partnership.check import check
from interlocal.partnership.register import Register
from interlocal.partnership.table_cells import CELLS, Row, Wrong, slug
from interlocal.problems import InputError, Problem, nearest
from interlocal.region.readers import read_numbered

REQUIRED = ("title", "parties", "starts")
OPTIONAL = tuple(name for name in CELLS if name not in REQUIRED)
"""Columns; what belongs in each stands in :data:`interlocal.partnership.table_cells.CELLS`."""


def read_table(path: Path, *, as_of: date, currency: str, title: str | None = None) -> Register:
    """Read agreements from a table.

    Parameters
    ----------
    path
        CSV (UTF-8) or Excel; its first row names the columns: those of :data:`REQUIRED`, and any of :data:`OPTIONAL`.
    as_of
        The day the register describes.

    Raises
    ------
    InputError
        With every problem of every row and column.
    """
    read, numbers = read_numbered(path)
    columns = {slug(name): cells for name, cells in read.items()}
    problems = [
        Problem(
            f"/{name}",
            f"{path}, row 1",
            f"no column {name}",
            f"the columns {', '.join(REQUIRED)}",
            f"Rename the column {close}, or add it."
            if (close := nearest(name, columns))
            else "Add the column.",
        )
        for name in REQUIRED
        if name not in columns
    ]
    problems += [
        Problem(f"/{name}", f"{path}, row 1", f"the unknown column {name}", "one of " + ", ".join((*REQUIRED, *OPTIONAL)),
                f"Did you mean {close}?" if (close := nearest(name, (*REQUIRED, *OPTIONAL))) else "Remove it.")
        for name in columns
        if name not in CELLS
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    rows = [
        Row(number, dict(zip(columns, cells, strict=True)))
        for number, cells in zip(numbers, zip(*columns.values(), strict=True), strict=True)
        if any(cells)
    ]
    names: dict[str, str] = {}
    agreements = [_agreement(row, names) for row in rows]
    head = {"as_of": as_of, "currency": currency, "title": title or path.stem}
    return _register(path, rows, agreements, names, head)


def _agreement(row: Row, names: dict[str, str]) -> dict[str, Any]:
    """Return a row as a document; what a cell cannot say is kept as a problem of the row."""
    found: dict[str, Any] = {"title": None, "starts": None, "parties": []}
    for name, cell in CELLS.items():
        text = row.cells.get(name, "")
        if not text:
            continue
        try:
            cell.put(found, text, names)
        except Wrong as wrong:
            row.wrong[name] = wrong
    found.setdefault("id", slug(row.cells["title"]) or f"row_{row.number}")
    return found


def _register(
    path: Path,
    rows: Sequence[Row],
    agreements: Sequence[dict[str, Any]],
    names: Mapping[str, str],
    head: Mapping[str, Any],
) -> Register:
    document = {
        "format": 1,
        **head,
        "organisations": [{"id": p, "name": name} for p, name in sorted(names.items())],
        "agreements": agreements,
    }

    def told(at: Sequence[str | int], found: str, expected: str, fix: str) -> Problem:
        place, column = f"{path}", ""
        if len(at) >= 2 and at[0] == "agreements" and isinstance(at[1], int):
            column = _column(at[2:])
            place = f"{path}, row {rows[at[1]].number}, column {column}"
        return Problem("/" + "/".join(map(str, at)), place, found, expected, fix)

    problems = [
        told(("agreements", i, name), w.found, CELLS[name].says, "Correct the cell.")
        for i, row in enumerate(rows)
        for name, w in row.wrong.items()
    ]
    places = {p.where for p in problems}
    register = None
    try:
        register = Register.model_validate(document)
    except ValidationError as error:
        also = [
            told(
                e["loc"],
                f"“{str(e['input'])[:60]}”" if e["input"] else "nothing",
                _expected(e, _column(e["loc"][2:])),
                "Correct the cell.",
            )
            for e in error.errors()
            # Of two parties one of which is wrong, one is right: that is not too few.
            if not (e["type"] == "too_short" and len(e["input"]) > 1)
        ]
    else:
        also = [told(*found) for found in check(register.organisations, register.agreements)]
    # A cell that is not understood leaves nothing behind; that something is missing then follows from it.
    problems += [p for p in also if p.where not in places]
    if problems or register is None:
        raise InputError(sorted(problems, key=_row))
    return register


def _row(problem: Problem) -> tuple[int, str]:
    """Return by what problems are put in the order of the table."""
    _, _, tail = problem.where.rpartition(", row ")
    number, _, column = tail.partition(", column ")
    return (int(number) if number.isdigit() else 0, column)


def _column(at: Sequence[str | int]) -> str:
    """Return the column from which a place of an agreement is filled."""
    place = [str(step) for step in at if not isinstance(step, int)]
    if not place:
        return "id"
    path = "/".join(place) + "/"
    known = {cell.fills: name for name, cell in CELLS.items() if path.startswith(f"{cell.fills}/")}
    return known[max(known, key=len)] if known else place[0]


def _expected(error: Mapping[str, Any], column: str) -> str:
    kind = str(error["type"])
    if kind.startswith("date"):
        return "a day as year-month-day, such as 2026-07-01"
    if kind == "too_short":
        return "at least two parties with a semicolon between them"
    if column in CELLS and kind in _SAID:
        return CELLS[column].says
    return in_words(kind, error, error.get("ctx", {}))[0]


_SAID = {"missing", "literal_error", "bool_parsing", "int_parsing"}
"""Errors for which the column itself says best what belongs there."""


def template() -> str:
    """Return a table to fill in: every column, and a made-up agreement that uses each."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*REQUIRED, *OPTIONAL))
    writer.writerow(CELLS[name].example for name in (*REQUIRED, *OPTIONAL))
    return text.getvalue()
