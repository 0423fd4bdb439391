"""A register from a table that a clerk keeps: one agreement a row, CSV or Excel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from interlocal.partnership.check import check
from interlocal.partnership.register import Register
from interlocal.problems import InputError, Problem, nearest
from interlocal.reference import find_service
from interlocal.region.readers import read_columns

REQUIRED = ("title", "parties", "starts")
OPTIONAL = (
    "id",
    "service",
    "form",
    "lead",
    "ends",
    "notice_months",
    "renewal",
    "review_date",
    "fiscal_year_start",
    "listed",
)
"""Columns; parties stand in one cell with semicolons between them."""


def read_table(path: Path, *, as_of: date, currency: str, title: str | None = None) -> Register:
    """Read agreements from a table.

    Parameters
    ----------
    path
        CSV (UTF-8) or Excel; its first row names the columns: title, parties and starts, and where known id, service,
        form, lead, ends, notice_months, renewal (automatic, by_vote, none), review_date, fiscal_year_start, listed.
    as_of
        The day the register describes.

    Raises
    ------
    InputError
        With every problem of every row and column.
    """
    columns = {_slug(name): cells for name, cells in read_columns(path).items()}
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
        if name not in (*REQUIRED, *OPTIONAL)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    names: dict[str, str] = {}
    agreements = []
    for number, cells in enumerate(zip(*columns.values(), strict=True), 2):
        row = dict(zip(columns, cells, strict=True))
        if any(row.values()):
            agreements.append((number, _agreement(row, names, number)))
    return _register(
        path, agreements, names, {"as_of": as_of, "currency": currency, "title": title or path.stem}
    )


def _agreement(row: Mapping[str, str], names: dict[str, str], number: int) -> dict[str, Any]:
    parties = [p.strip() for p in row["parties"].split(";") if p.strip()]
    for p in parties:
        names.setdefault(_slug(p), p)
    found: dict[str, Any] = {
        "id": row.get("id") or _slug(row["title"]) or f"row_{number}",
        "title": row["title"] or None,
        "parties": [{"organisation": _slug(p)} for p in parties],
        "starts": row["starts"] or None,
    }
    for name in ("form", "ends", "notice_months", "review_date", "fiscal_year_start"):
        if row.get(name):
            found[name] = row[name]
    if row.get("service"):
        service = find_service(row["service"])
        found["service"] = service.id if service else row["service"]
    if row.get("lead"):
        found["lead"] = _slug(row["lead"])
    if row.get("renewal"):
        found["renewal"] = {"kind": row["renewal"]}
    if row.get("listed"):
        found["publication"] = {"listed": row["listed"]}
    return found


_COLUMN = {"organisation": "parties", "kind": "renewal", "publication": "listed"}


def _register(
    path: Path,
    agreements: Sequence[tuple[int, dict[str, Any]]],
    names: Mapping[str, str],
    head: Mapping[str, Any],
) -> Register:
    document = {
        "format": 1,
        **head,
        "organisations": [{"id": p, "name": name} for p, name in sorted(names.items())],
        "agreements": [a for _, a in agreements],
    }

    def told(at: Sequence[str | int], found: str, expected: str, fix: str) -> Problem:
        place = f"{path}"
        column = ""
        if len(at) >= 2 and at[0] == "agreements" and isinstance(at[1], int):
            column = str(at[2]) if len(at) > 2 else "id"
            column = _COLUMN.get(column, column)
            place = f"{path}, row {agreements[at[1]][0]}, column {column}"
        return Problem("/" + "/".join(map(str, at)), place, found, expected, fix)

    try:
        register = Register.model_validate(document)
    except ValidationError as error:
        raise InputError(
            [
                told(
                    e["loc"],
                    f"“{str(e['input'])[:60]}”" if e["input"] else "nothing",
                    _expected(e),
                    "Correct the cell.",
                )
                for e in error.errors()
            ]
        ) from None
    problems = [told(*found) for found in check(register.organisations, register.agreements)]
    if problems:
        raise InputError(problems)
    return register


def _expected(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if kind.startswith("date"):
        return "a day as year-month-day, such as 2026-07-01"
    if kind == "too_short":
        return "at least two parties with a semicolon between them"
    if kind == "literal_error":
        return "one of " + str(error["ctx"]["expected"]).replace(" or ", ", ")
    return str(error["msg"])


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:64]
