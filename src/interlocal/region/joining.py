"""The governments table and the tables beside it, as one table with a row per government."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from interlocal.problems import InputError, Problem, nearest
from interlocal.region.cells import Columns
from interlocal.region.governments import Note
from interlocal.region.mapping import Mapping, Pivot, Table
from interlocal.region.readers import read_columns


@contextmanager
def gathering(problems: list[Problem]) -> Iterator[None]:
    """Add the problems of an ``InputError`` to a list, so that they can be told with those of other parts."""
    try:
        yield
    except InputError as error:
        problems += error.problems


def joined(path: Path, mapping: Mapping, notes: list[Note]) -> Columns:
    """Return the governments table with the further tables beside it.

    Raises
    ------
    InputError
        With every file, column and word of the mapping that is not there.
    """
    problems: list[Problem] = []
    main: Columns = {}
    beside: list[tuple[Table, Columns]] = []
    with gathering(problems):
        main = read_columns(path)
        problems += lacking(path.name, main, _shape(mapping.id, mapping.where, mapping.pivot))
    for table in mapping.tables:
        with gathering(problems):
            other = read_columns(path.parent / Path(table.file).name)
            beside.append((table, other))
            problems += lacking(table.file, other, _shape(table.key, table.where, table.pivot))
    if not problems:
        offered = set(main).union(
            _lines(main, mapping.pivot), *({*other, *_lines(other, table.pivot)} for table, other in beside)
        )
        problems += lacking(path.name, offered, _named(mapping))
    if problems:
        raise InputError(problems)
    main = _one_row_each(main, path, mapping.id, mapping.where, mapping.pivot)
    for table, other in beside:
        _join(
            main,
            _one_row_each(other, Path(table.file), table.key, table.where, table.pivot),
            mapping.id,
            table,
            notes,
        )
    return main


def lacking(file: str, columns: Iterable[str], named: dict[str, str]) -> list[Problem]:
    """Return a problem for each column that the mapping names and the file does not have.

    Parameters
    ----------
    named
        The column by the key of the mapping that names it, such as ``place.lat``.
    """
    has = list(columns)
    return [
        Problem(
            "/" + where.replace(".", "/"),
            f"mapping, {where}",
            f"the column {name}",
            f"a column of {file}",
            f"Did you mean {guess}?"
            if (guess := nearest(name, has))
            else f"It has: {', '.join(sorted(has)[:20])}.",
        )
        for where, name in named.items()
        if name not in has
    ]


def _shape(key: str, where: dict[str, Any], pivot: Pivot | None) -> dict[str, str]:
    named = {f"where.{name}": name for name in where} | {"id": key}
    return named | ({"pivot.names": pivot.names, "pivot.values": pivot.values} if pivot else {})


def _lines(columns: Columns, pivot: Pivot | None) -> list[str]:
    return columns[pivot.names] if pivot else []


def _named(mapping: Mapping) -> dict[str, str]:
    named = {"name": mapping.name, "population": mapping.population}
    if mapping.place:
        named |= {"place.lat": mapping.place.lat, "place.lon": mapping.place.lon}
    if mapping.area:
        named["area.column"] = mapping.area.column
    named |= {key: column for key in ("kind", "valuation", "tax_effort") if (column := getattr(mapping, key))}
    named |= {f"drivers.{k}": d if isinstance(d, str) else d.column for k, d in mapping.drivers.items()}
    for name, service in mapping.services.items():
        named[f"services.{name}.spending"] = service.spending
        named |= {f"services.{name}.{key}": c for key in ("volume", "units") if (c := getattr(service, key))}
        named |= {f"services.{name}.level.{k}": c for k, c in service.level.items()}
    return named


def _join(main: Columns, other: Columns, key: str, table: Table, notes: list[Note]) -> None:
    row_of = {value: row for row, value in enumerate(other[table.key])}
    absent = [value for value in main[key] if value not in row_of]
    year = ", ".join(f"{k} {v}" for k, v in table.where.items()) or "any year"
    notes += [Note("year", value, f"no row in {table.file} for {year}") for value in absent]
    for name, cells in other.items():
        if name not in main:
            main[name] = [cells[row_of[value]] if value in row_of else "" for value in main[key]]


def _one_row_each(
    columns: Columns, path: Path, key: str, where: dict[str, Any], pivot: Pivot | None
) -> Columns:
    """Keep the rows asked for and, with a pivot, turn the lines of each government into columns."""
    rows = range(len(columns[key]))
    keep = [r for r in rows if all(columns[name][r] == str(value) for name, value in where.items())]
    if not keep:
        asked = ", ".join(f"{k} = {v}" for k, v in where.items())
        raise InputError(
            Problem("/where", str(path), f"no row with {asked}", "at least one", "Check the words.")
        )
    if pivot is None:
        return {name: [cells[r] for r in keep] for name, cells in columns.items()}
    members = list(dict.fromkeys(columns[key][r] for r in keep))
    lines = list(dict.fromkeys(columns[pivot.names][r] for r in keep))
    cells = {(columns[key][r], columns[pivot.names][r]): columns[pivot.values][r] for r in keep}
    first = {columns[key][r]: r for r in reversed(keep)}
    carried = [name for name in columns if name not in {pivot.names, pivot.values}]
    wide = {name: [columns[name][first[m]] for m in members] for name in carried}
    return wide | {line: [cells.get((m, line), "") for m in members] for line in lines}
