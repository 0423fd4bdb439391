"""A register of key posts as CSV: one row per post, for a whole region."""

from __future__ import annotations

import csv
from datetime import date
from typing import TextIO, get_args

from interlocal.people.windows import PostRecord, Status
from interlocal.problems import InputError, Problem, nearest

REQUIRED = ("organisation", "title", "status")
OPTIONAL = ("post", "since", "until", "reason")
ALSO = {"organization": "organisation", "post_id": "post", "from": "since", "from_date": "since"}
"""Other names under which a column is understood."""
_STATUSES: tuple[Status, ...] = get_args(Status)


def read_register(file: TextIO, name: str = "register") -> tuple[PostRecord, ...]:
    """Return the posts of a register.

    Parameters
    ----------
    file
        Text of the CSV, its first row the column names ``organisation``, ``title``, ``status`` (filled, vacant,
        interim or ending) and, where known, ``post``, ``since``, ``until`` (2027-06-30) and ``reason``.
    name
        The file's name, for messages.

    Raises
    ------
    InputError
        With every problem of every row.
    """
    reader = csv.DictReader(file)
    columns = [column.lstrip("\ufeff").strip().casefold() for column in reader.fieldnames or ()]
    columns = [ALSO.get(column, column) for column in columns]
    reader.fieldnames = columns
    problems = [
        Problem(
            f"/{column}",
            f"{name}, row 1",
            f"no column {column}",
            f"the columns {', '.join(REQUIRED)}",
            f"Rename the column {like} or add the column."
            if (like := nearest(column, columns))
            else "Add the column.",
        )
        for column in REQUIRED
        if column not in columns
    ]
    if problems:
        raise InputError(problems)
    records = []
    for row in reader:
        if None in row:
            problems.append(
                Problem(
                    f"/{reader.line_num}",
                    f"{name}, row {reader.line_num}",
                    f"{len(columns) + len(row[None])} cells",
                    f"{len(columns)}, one for each column",
                    "Put quotation marks around text that contains a comma.",
                )
            )
            continue
        cells = {column: (row.get(column) or "").strip() for column in (*REQUIRED, *OPTIONAL)}
        if any(cells.values()):
            record = _Row(name, reader.line_num, cells, problems).record()
            if record:
                records.append(record)
    if problems:
        raise InputError(problems)
    return tuple(records)


def read_pairs(file: TextIO, name: str = "neighbours") -> list[tuple[str, str]]:
    """Return pairs of neighbours: the first two columns of a CSV whose first row names them.

    Raises
    ------
    InputError
        With every row that is not a pair.
    """
    rows = list(csv.reader(file))[1:]
    pairs, problems = [], []
    for number, row in enumerate(rows, 2):
        cells = [cell.strip() for cell in row]
        if len(cells) >= 2 and cells[0] and cells[1]:
            pairs.append((cells[0], cells[1]))
        elif any(cells):
            problems.append(
                Problem(
                    f"/{number}",
                    f"{name}, row {number}",
                    ", ".join(cells),
                    "two organisations that border one another",
                    "Fill in both of the first two columns.",
                )
            )
    if problems:
        raise InputError(problems)
    return pairs


class _Row:
    """One row while it is read; adds what is wrong with it to ``problems``."""

    def __init__(self, name: str, number: int, cells: dict[str, str], problems: list[Problem]) -> None:
        self.name, self.number, self.cells, self.problems = name, number, cells, problems

    def record(self) -> PostRecord | None:
        before = len(self.problems)
        for column in ("organisation", "title"):
            if not self.cells[column]:
                self._wrong(column, f"the {column}", "Fill the cell in or delete the row.")
        status = next((s for s in _STATUSES if s == self.cells["status"].casefold()), None)
        if status is None:
            like = nearest(self.cells["status"].casefold(), _STATUSES)
            self._wrong(
                "status",
                f"one of {', '.join(_STATUSES)}",
                f"Write {like}." if like else "Choose one of them.",
            )
        since, until = self._day("since"), self._day("until")
        if status == "ending" and not self.cells["until"]:
            self._wrong(
                "until", "the day on which the post falls open", "Give the known end of the term or contract."
            )
        if since and until and until < since:
            self._wrong("until", f"a day not before {since}", "Check both dates.")
        if status is None or len(self.problems) > before:
            return None
        return PostRecord(
            self.cells["organisation"],
            self.cells["title"],
            status,
            self.cells["post"] or None,
            since,
            until,
            self.cells["reason"],
        )

    def _day(self, column: str) -> date | None:
        text = self.cells[column]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._wrong(column, "a day such as 2027-06-30", "Write year, month and day with hyphens.")
            return None

    def _wrong(self, column: str, expected: str, fix: str) -> None:
        where = f"{self.name}, row {self.number}, column {column}"
        found = self.cells[column] or "an empty cell"
        self.problems.append(Problem(f"/{self.number}/{column}", where, found, expected, fix))
