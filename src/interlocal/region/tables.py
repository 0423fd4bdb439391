"""A governments table read through a mapping."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from interlocal.problems import InputError, Problem, nearest
from interlocal.region.adjacency import Neighbours, read_neighbours
from interlocal.region.cells import Columns, Typed, numbers
from interlocal.region.figures import Figures, where_it_holds
from interlocal.region.governments import Floats, Note, Region, ServiceData
from interlocal.region.joining import gathering, joined
from interlocal.region.mapping import Mapping, Service
from interlocal.region.mergers import Merger, read_mergers
from interlocal.region.registers import Registers, read_registers


def read_region(
    governments: str | Path,
    mapping: Mapping,
    *,
    adjacency: str | Path | None = None,
    services: tuple[str, ...] = (),
    agreements: str | Path | None = None,
    exclude_agreements: bool | None = None,
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
    agreements
        CSV of agreements that exist; overrides the mapping.
    exclude_agreements
        Whether candidates leave out those who already share; empty: as the mapping says.

    Raises
    ------
    InputError
        With everything for which the table cannot be used: files or columns that are not there, expressions that
        cannot be read, fewer than two governments.
    """
    path = Path(governments)
    notes: list[Note] = []
    wanted = _wanted(mapping, services)
    columns = joined(path, mapping, notes)
    rows_read = len(columns[mapping.id])
    keep, population = _usable_rows(path, columns, mapping, notes)
    columns = {name: [cells[row] for row in keep] for name, cells in columns.items()}
    ids = tuple(columns[mapping.id])
    figures = Figures(path, columns, mapping, notes, ids, population)
    lat, lon = figures.places()
    problems: list[Problem] = []
    read: dict[str, ServiceData] = {}
    for name, service in wanted.items():
        with gathering(problems):
            read[name] = figures.service(name, service)
    neighbours = Neighbours(np.empty((0, 2), dtype=np.int64), "", {})
    registers = Registers()
    mergers: tuple[Merger, ...] = ()
    with gathering(problems):
        neighbours = read_neighbours(path.parent, mapping.adjacency, adjacency, ids, lat, lon)
    with gathering(problems):
        registers = read_registers(path.parent, mapping, ids, agreements, exclude=exclude_agreements)
    with gathering(problems):
        mergers = read_mergers(path.parent, mapping)
    if problems:
        raise InputError(problems)
    notes += [Note("neighbour", about, text) for about, text in neighbours.faults]
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
        drivers=figures.drivers(),
        tax_effort=figures.positive(mapping.tax_effort) if mapping.tax_effort else None,
        services=read,
        neighbours=neighbours,
        registers=registers,
        mergers=mergers,
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


def _usable_rows(
    path: Path, columns: Columns, mapping: Mapping, notes: list[Note]
) -> tuple[list[int], Floats]:
    ids, names = columns[mapping.id], columns[mapping.name]
    population, _ = numbers(columns[mapping.population], mapping.missing_codes)
    wanted = (
        where_it_holds(mapping.use_if, Typed(columns), len(ids), "use_if")
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
