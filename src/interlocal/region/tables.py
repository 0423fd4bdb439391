"""The governments of a region as arrays, with an account of what was used, what was left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem, nearest
from interlocal.region.adjacency import Neighbours, read_neighbours
from interlocal.region.expressions import ExpressionError, condition
from interlocal.region.mapping import Driver, Floor, Mapping, Service, Table
from interlocal.region.readers import Columns, Typed, numbers, read_columns
from interlocal.region.registers import Registers, read_registers

Floats = npt.NDArray[np.float64]
KM2_PER_SQUARE_MILE = 2.589988
OUTLIER = 5.0
"""Robust standard deviations of the logarithm of spending per head beyond which a figure is named an outlier."""


@dataclass(frozen=True)
class Note:
    """Something about the data that a reader should know."""

    kind: str
    """duplicate, not_a_number, missing, zero, unit, outlier, neighbour, year, place."""
    about: str
    """The government's id, or the file."""
    text: str
    service: str | None = None
    left_out: bool = False


@dataclass(frozen=True)
class ServiceData:
    """One service, one number per government; nan where the figure is not used."""

    id: str
    spending: Floats
    """[currency/year]"""
    why_not: tuple[str, ...]
    """Why the figure is not used; empty where it is."""
    volume: Floats | None = None
    level: dict[str, Floats] = field(default_factory=dict)
    units: Floats | None = None
    floor: Floor | None = None
    excludes: tuple[str, ...] = ()
    catalogue: str | None = None
    """The nearest service of the catalogue."""

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Where there is a figure to work with."""
        return np.isfinite(self.spending)


@dataclass(frozen=True)
class Region:
    """Every government of a region; arrays have one entry per government, in the order of the table."""

    title: str
    source: str
    currency: str
    year: int
    law: str | None
    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    population: Floats
    """[people]"""
    lat: Floats
    lon: Floats
    drivers: dict[str, Floats]
    """What else makes spending differ: ``density`` [people/km²], ``wealth`` [currency/head], …"""
    tax_effort: Floats | None
    services: dict[str, ServiceData]
    neighbours: Neighbours
    registers: Registers
    notes: tuple[Note, ...]
    rows_read: int

    def summary(self) -> dict[str, Any]:
        """Say what was used, what was left out and why."""
        return {
            "rows_read": self.rows_read,
            "governments_used": len(self.ids),
            "neighbour_pairs": len(self.neighbours.pairs),
            "neighbours_from": self.neighbours.basis,
            "without_neighbours": [self.ids[i] for i in self.neighbours.islands(len(self.ids))],
            "services": {
                s.id: {
                    "used": int(s.used.sum()),
                    "left_out": dict(sorted(Counter(w for w in s.why_not if w).items())),
                    "booked_elsewhere": list(s.excludes),
                }
                for s in self.services.values()
            },
            "notes": [
                {
                    "kind": n.kind,
                    "about": n.about,
                    "service": n.service,
                    "text": n.text,
                    "left_out": n.left_out,
                }
                for n in self.notes
            ],
        }


def read_region(
    governments: str | Path,
    mapping: Mapping,
    *,
    adjacency: str | Path | None = None,
    services: tuple[str, ...] = (),
) -> Region:
    """Read a governments table through a mapping.

    Dirty data are reported in ``notes``, not swallowed: they leave out a row or a figure, with the reason.

    Parameters
    ----------
    governments
        CSV (also ``.gz``), Parquet or Excel.
    adjacency
        CSV of pairs or GeoJSON of borders; overrides the mapping.
    services
        Read only these; empty reads all.

    Raises
    ------
    InputError
        When the table cannot be used at all: files or columns that are not there, an expression that cannot be
        read, fewer than two governments.
    """
    path = Path(governments)
    notes: list[Note] = []
    columns = _joined(path, mapping, notes)
    rows_read = len(columns[mapping.id])
    wanted = _wanted(mapping, services)
    keep, population = _usable_rows(path, columns, mapping, notes)
    columns = {name: [cells[row] for row in keep] for name, cells in columns.items()}
    ids = tuple(columns[mapping.id])
    reader = _Reader(path, columns, mapping, notes, ids, population)
    lat, lon = reader.places()
    read = {name: reader.service(name, service) for name, service in wanted.items()}
    drivers = reader.drivers()
    neighbours = read_neighbours(path.parent, mapping.adjacency, adjacency, ids, lat, lon)
    notes += [Note("neighbour", about, text) for about, text in neighbours.faults]
    registers = read_registers(path.parent, mapping, ids)
    notes += [Note("register", about, text) for about, text in registers.faults]
    return Region(
        title=mapping.title,
        source=mapping.source,
        currency=mapping.currency,
        year=mapping.year,
        law=mapping.law,
        ids=ids,
        names=tuple(columns[mapping.name]),
        kinds=tuple(columns[mapping.kind]) if mapping.kind else ("",) * len(ids),
        population=population,
        lat=lat,
        lon=lon,
        drivers=drivers,
        tax_effort=reader.positive(mapping.tax_effort) if mapping.tax_effort else None,
        services=read,
        neighbours=neighbours,
        registers=registers,
        notes=tuple(notes),
        rows_read=rows_read,
    )


def _wanted(mapping: Mapping, services: tuple[str, ...]) -> dict[str, Service]:
    unknown = [s for s in services if s not in mapping.services]
    if unknown:
        raise InputError(
            [
                Problem(
                    "/services",
                    "--service",
                    s,
                    "a service of the mapping",
                    f"Did you mean {guess}?"
                    if (guess := nearest(s, mapping.services))
                    else f"It has: {', '.join(mapping.services)}.",
                )
                for s in unknown
            ]
        )
    return {name: service for name, service in mapping.services.items() if not services or name in services}


def _joined(path: Path, mapping: Mapping, notes: list[Note]) -> Columns:
    """Return the governments table with the further tables beside it."""
    main = _one_row_each(read_columns(path), path, mapping.id, mapping.where, mapping.pivot)
    _require(path, main, {"id": mapping.id, "name": mapping.name, "population": mapping.population})
    for table in mapping.tables:
        other_path = path.parent / Path(table.file).name
        other = _one_row_each(read_columns(other_path), other_path, table.key, table.where, table.pivot)
        _require(other_path, other, {"key": table.key})
        _join(main, other, mapping.id, table, notes)
    named = {"place.lat": mapping.place.lat, "place.lon": mapping.place.lon} if mapping.place else {}
    named |= {"area.column": mapping.area.column} if mapping.area else {}
    named |= {key: column for key in ("kind", "valuation", "tax_effort") if (column := getattr(mapping, key))}
    named |= {f"drivers.{k}": d if isinstance(d, str) else d.column for k, d in mapping.drivers.items()}
    for name, service in mapping.services.items():
        named |= {f"services.{name}.spending": service.spending}
        named |= {f"services.{name}.{key}": c for key in ("volume", "units") if (c := getattr(service, key))}
        named |= {f"services.{name}.level.{k}": c for k, c in service.level.items()}
    _require(path, main, named)
    return main


def _join(main: Columns, other: Columns, key: str, table: Table, notes: list[Note]) -> None:
    row_of = {value: row for row, value in enumerate(other[table.key])}
    absent = [value for value in main[key] if value not in row_of]
    year = ", ".join(f"{k} {v}" for k, v in table.where.items()) or "any year"
    notes += [Note("year", value, f"no row in {table.file} for {year}") for value in absent]
    for name, cells in other.items():
        if name not in main:
            main[name] = [cells[row_of[value]] if value in row_of else "" for value in main[key]]


def _one_row_each(columns: Columns, path: Path, key: str, where: dict[str, Any], pivot: Any) -> Columns:
    """Keep the rows asked for and, with a pivot, turn the lines of each government into columns."""
    _require(path, columns, {f"where.{name}": name for name in where} | {"key": key})
    rows = range(len(columns[key]))
    keep = [r for r in rows if all(columns[name][r] == str(value) for name, value in where.items())]
    if not keep:
        asked = ", ".join(f"{k} = {v}" for k, v in where.items())
        raise InputError(
            Problem("/where", str(path), f"no row with {asked}", "at least one", "Check the words.")
        )
    if pivot is None:
        return {name: [cells[r] for r in keep] for name, cells in columns.items()}
    _require(path, columns, {"pivot.names": pivot.names, "pivot.values": pivot.values})
    members = list(dict.fromkeys(columns[key][r] for r in keep))
    lines = list(dict.fromkeys(columns[pivot.names][r] for r in keep))
    cells = {(columns[key][r], columns[pivot.names][r]): columns[pivot.values][r] for r in keep}
    first = {columns[key][r]: r for r in reversed(keep)}
    carried = [name for name in columns if name not in {pivot.names, pivot.values}]
    wide = {name: [columns[name][first[m]] for m in members] for name in carried}
    return wide | {line: [cells.get((m, line), "") for m in members] for line in lines}


def _require(path: Path, columns: Columns, named: dict[str, str]) -> None:
    absent = {where: name for where, name in named.items() if name not in columns}
    if absent:
        raise InputError(
            [
                Problem(
                    "/" + where.replace(".", "/"),
                    f"mapping, {where}",
                    f"the column {name}",
                    f"a column of {path.name}",
                    f"Did you mean {guess}?"
                    if (guess := nearest(name, columns))
                    else f"It has: {', '.join(list(columns)[:20])}.",
                )
                for where, name in absent.items()
            ]
        )


def _condition(text: str, typed: Typed, rows: int, where: str) -> npt.NDArray[np.bool_]:
    try:
        return condition(text, typed, rows)
    except (ExpressionError, TypeError, ValueError) as error:
        raise InputError(
            Problem(
                "/" + where.replace(".", "/"),
                f"mapping, {where}",
                text,
                "a condition on columns, such as: not filed or spending < 100",
                f"The condition: {error}.",
            )
        ) from error


def _usable_rows(
    path: Path, columns: Columns, mapping: Mapping, notes: list[Note]
) -> tuple[list[int], Floats]:
    ids, names = columns[mapping.id], columns[mapping.name]
    population, _ = numbers(columns[mapping.population], mapping.missing_codes)
    wanted = (
        _condition(mapping.use_if, Typed(columns), len(ids), "use_if")
        if mapping.use_if
        else np.ones(len(ids), dtype=np.bool_)
    )
    keep: list[int] = []
    seen: dict[str, int] = {}
    for row, identity in enumerate(ids):
        if not wanted[row]:
            continue
        if not identity:
            notes.append(Note("missing", f"row {row + 2}", "no id; the row is left out", left_out=True))
        elif identity in seen:
            same = all(cells[row] == cells[seen[identity]] for cells in columns.values())
            how = "the same figures" if same else "different figures; the first row is used"
            notes.append(Note("duplicate", identity, f"the id stands in two rows with {how}", left_out=True))
        elif not population[row] > 0:
            found = columns[mapping.population][row] or "a blank"
            notes.append(
                Note("missing", identity, f"population is {found}; the row is left out", left_out=True)
            )
        else:
            seen[identity] = row
            keep.append(row)
    same_name = sorted(name for name, times in Counter(names[row] for row in keep).items() if times > 1)
    if same_name:
        shown = ", ".join(same_name[:5]) + (" …" if len(same_name) > 5 else "")
        text = f"{len(same_name)} names stand for more than one government ({shown}); ids tell them apart"
        notes.append(Note("duplicate", path.name, text))
    if len(keep) < 2:
        raise InputError(
            Problem(
                "",
                str(path),
                f"{len(keep)} governments that can be used",
                "at least two",
                "See the notes on rows.",
            )
        )
    return keep, population[keep]


class _Reader:
    """Reads the columns of the usable rows, noting what is wrong with them."""

    def __init__(
        self,
        path: Path,
        columns: Columns,
        mapping: Mapping,
        notes: list[Note],
        ids: tuple[str, ...],
        population: Floats,
    ) -> None:
        self.path, self.columns, self.mapping, self.notes = path, columns, mapping, notes
        self.ids, self.population = ids, population
        self.typed = Typed(columns)

    def number(self, column: str, service: str | None = None) -> Floats:
        values, words = numbers(self.columns[column], self.mapping.missing_codes)
        self.notes += [
            Note(
                "not_a_number",
                self.ids[r],
                f"{column} is “{self.columns[column][r]}”, not a number",
                service,
                True,
            )
            for r in words
        ]
        return values

    def positive(self, column: str, service: str | None = None) -> Floats:
        values = self.number(column, service)
        return np.where(values > 0, values, np.nan)

    def places(self) -> tuple[Floats, Floats]:
        blank = np.full(len(self.ids), np.nan)
        if self.mapping.place is None:
            return blank, blank
        lat, lon = self.number(self.mapping.place.lat), self.number(self.mapping.place.lon)
        wrong = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
        self.notes += [
            Note("place", self.ids[i], "no place, or one that is not on Earth") for i in np.flatnonzero(wrong)
        ]
        return np.where(wrong, np.nan, lat), np.where(wrong, np.nan, lon)

    def drivers(self) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        if self.mapping.area:
            scale = KM2_PER_SQUARE_MILE if self.mapping.area.unit == "square_mile" else 1.0
            found["density"] = self.population / (self.positive(self.mapping.area.column) * scale)
        if self.mapping.valuation:
            found["wealth"] = self.positive(self.mapping.valuation) / self.population
        for name, given in self.mapping.drivers.items():
            driver = Driver(column=given) if isinstance(given, str) else given
            values = self.positive(driver.column)
            found[name] = values / self.population if driver.per_head else values
        return found

    def service(self, name: str, service: Service) -> ServiceData:
        spending = self.number(service.spending, name) * service.unit
        why = np.full(len(self.ids), "", dtype=object)
        conditions = service.missing_if
        if isinstance(conditions, str):
            conditions = {"the mapping says it is missing": conditions}
        for reason, text in conditions.items():
            holds = _condition(text, self.typed, len(self.ids), f"services.{name}.missing_if")
            why[holds & (why == "")] = reason
        zero = (
            "zero, which may mean not reported" if service.zero == "not_reported" else "zero: no such service"
        )
        why[np.isnan(spending) & (why == "")] = "blank or not a number"
        why[(spending == 0) & (why == "")] = zero
        why[(spending < 0) & (why == "")] = "negative"
        self._odd_sizes(name, spending, why)
        spending = np.where(why == "", spending, np.nan)
        return ServiceData(
            id=name,
            spending=spending,
            why_not=tuple(why),
            volume=self.positive(service.volume, name) if service.volume else None,
            level={key: self.positive(column, name) for key, column in service.level.items()},
            units=self.number(service.units, name) if service.units else None,
            floor=service.floor,
            excludes=service.excludes,
            catalogue=service.catalogue,
        )

    def _odd_sizes(self, name: str, spending: Floats, why: npt.NDArray[np.object_]) -> None:
        """Name outliers, and leave out figures that look as if they were in thousands (or not, where others are)."""
        used = np.flatnonzero(why == "")
        if len(used) < 8:
            return
        per_head = np.log(spending[used] / self.population[used])
        middle = np.median(per_head)
        spread = 1.4826 * np.median(np.abs(per_head - middle))
        away = per_head - middle
        scale = np.abs(np.abs(away) - np.log(1000)) < np.log(2)
        for i in np.flatnonzero(scale & (np.abs(away) > OUTLIER * spread)):
            why[used[i]] = "a thousand times off: wrong unit?"
            size = "a thousandth of" if away[i] < 0 else "a thousand times"
            text = f"spending per head is about {size} the middle government's; it looks like another unit"
            self.notes.append(Note("unit", self.ids[used[i]], text, name, left_out=True))
        for i in np.flatnonzero(~scale & (np.abs(away) > OUTLIER * spread) & (spread > 0)):
            text = f"spending per head is {np.exp(away[i]):.3g} times the middle government's; kept, but weighs little"
            self.notes.append(Note("outlier", self.ids[used[i]], text, name))
        if np.exp(middle) < 0.05:
            text = (
                f"the middle government spends {np.exp(middle):.3g} {self.mapping.currency} per head: "
                "is the column in thousands? Set unit: 1000"
            )
            self.notes.append(Note("unit", self.path.name, text, name))
