"""A whole folder of tables at once: a page, a CSV and a JSON file for each scan and each grouping."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from interlocal.problems import InputError, Problem
from interlocal.region.commands import group_document, scan_document
from interlocal.region.demands import Demands
from interlocal.region.governments import Region
from interlocal.region.mapping import Mapping, load_mapping, shipped
from interlocal.region.render import as_csv, as_html, as_json
from interlocal.region.scan import Options
from interlocal.region.tables import read_region

LARGEST_TO_GROUP = 1_000
"""Regions with more governments are scanned but not divided: a nation is divided by state."""


def run_folder(
    *,
    folder: str | Path,
    out: str | Path,
    options: Options | None = None,
    said: Callable[[str], None] = print,
    shown: Callable[[dict[str, Any]], None] = lambda _: None,
    **engine_options: Any,
) -> list[Path]:
    """Scan every table of a folder that a mapping knows, with all checks, and divide it for its most promising service.

    Mappings are the ``*.yaml`` files of the folder that name a ``table``, and those that are shipped.

    Parameters
    ----------
    said
        Told what is being done.
    shown
        Given each document as soon as its files are written.
    engine_options
        ``engine``, ``scheduler``, ``workers``, ``progress``.

    Returns
    -------
    The pages written.

    Raises
    ------
    InputError
        When no table is known; or, after all others are done, with what is wrong with those that cannot be read.
    """
    folder, out = Path(folder), Path(out)
    found = known_tables(folder)
    if not found:
        raise InputError(
            Problem(
                "",
                str(folder),
                "no table that a mapping names",
                f"a mapping (*.yaml with table:), or a table of one of: {', '.join(shipped())}",
                "Put a mapping beside the table.",
            )
        )
    pages: list[Path] = []
    problems: list[Problem] = []
    for name, mapping, table in found:
        try:
            region = read_region(table, mapping)
        except InputError as error:
            problems += error.problems
            continue
        said(f"{mapping.title}: scan …")
        scan = scan_document(region, options or Options(), checks=True, **engine_options)
        pages.append(write(scan, region, out / name, "scan"))
        shown(scan)
        if scan["candidates"] and len(region.ids) <= LARGEST_TO_GROUP:
            service = scan["candidates"][0]["service"]
            said(f"{mapping.title}: the best groups for {service} …")
            group = group_document(region, service, Demands(), **engine_options)
            pages.append(write(group, region, out / name, f"group-{service}"))
            shown(group)
    if problems:
        raise InputError(problems)
    return pages


def known_tables(folder: Path) -> list[tuple[str, Mapping, Path]]:
    """Return name, mapping and table for each table of a folder that a mapping knows."""
    own = [
        (folder.name if path.stem == "mapping" else path.stem, str(path))
        for path in sorted(folder.glob("*.yaml"))
    ]
    mappings = [(name, load_mapping(source)) for name, source in [*own, *((m, m) for m in shipped())]]
    return [
        (name, mapping, folder / mapping.table)
        for name, mapping in mappings
        if mapping.table and (folder / mapping.table).is_file()
    ]


def write(document: dict[str, Any], region: Region, folder: Path, name: str) -> Path:
    """Write a document as a page with CSV and JSON beside it; return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(as_json(document), encoding="utf-8")
    (folder / f"{name}.csv").write_text(as_csv(document), encoding="utf-8")
    page = folder / f"{name}.html"
    page.write_text(as_html(document, region), encoding="utf-8")
    return page
