"""Mergers that happened, with spending before and after: what a prediction can be held against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from interlocal.problems import InputError, Problem
from interlocal.region.cells import Columns
from interlocal.region.joining import lacking
from interlocal.region.readers import read_columns

if TYPE_CHECKING:
    from interlocal.region.mapping import Mapping

COLUMNS = ("merged", "service", "year", "members", "population", "before", "after")


@dataclass(frozen=True)
class Merger:
    """Governments that became one, or began to run one service together."""

    merged: str
    """Name or id of the government afterwards."""
    service: str
    year: int
    members: tuple[str, ...]
    population: tuple[float, ...]
    """Of each member before [people]."""
    before: tuple[float, ...]
    """What each member spent before [currency/year], in the prices of the governments table."""
    after: float
    """What they spent together afterwards [currency/year], in the same prices."""


def read_mergers(folder: Path, mapping: Mapping) -> tuple[Merger, ...]:
    """Read the table of mergers that the mapping names: a row per merger and service, members joined with semicolons.

    Raises
    ------
    InputError
        With every column that is not there and every row that cannot be read.
    """
    if mapping.mergers is None:
        return ()
    columns = read_columns(folder / Path(mapping.mergers).name)
    if problems := lacking(mapping.mergers, columns, {f"mergers.{name}": name for name in COLUMNS}):
        raise InputError(problems)
    read = [_merger(columns, row, mapping, problems) for row in range(len(columns["merged"]))]
    if problems:
        raise InputError(problems)
    return tuple(merger for merger in read if merger)


def _merger(columns: Columns, row: int, mapping: Mapping, problems: list[Problem]) -> Merger | None:
    cells = {name: columns[name][row] for name in COLUMNS}
    members = tuple(word.strip() for word in cells["members"].split(";"))
    wrong: dict[str, str] = {}
    if cells["service"] not in mapping.services:
        wrong["service"] = f"one of: {', '.join(mapping.services)}"
    if len(members) < 2:
        wrong["members"] = "two members or more, joined with semicolons"
    read: dict[str, tuple[float, ...]] = {}
    for name, count in (("year", 1), ("population", len(members)), ("before", len(members)), ("after", 1)):
        read[name] = _positive(cells[name])
        if len(read[name]) != count:
            wrong[name] = "a positive number" if count == 1 else f"{count} positive numbers, one per member"
    where = f"{mapping.mergers}, row {row + 2}"
    problems += [
        Problem(
            f"/mergers/{row}/{name}", f"{where}, {name}", cells[name] or "nothing", expected, "Correct it."
        )
        for name, expected in wrong.items()
    ]
    if wrong:
        return None
    return Merger(
        merged=cells["merged"],
        service=cells["service"],
        year=int(read["year"][0]),
        members=members,
        population=read["population"],
        before=read["before"],
        after=read["after"][0],
    )


def _positive(text: str) -> tuple[float, ...]:
    """Return numbers joined with semicolons; none where any is not a positive number."""
    try:
        values = tuple(float(part) for part in text.split(";"))
    except ValueError:
        return ()
    return values if all(0 < value < float("inf") for value in values) else ()
