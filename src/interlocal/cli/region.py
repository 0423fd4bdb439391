"""Screen a region, and divide it into groups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Engine, Json, Scheduler, WhereTo, Workers
from interlocal.problems import InputError, Problem

Governments = Annotated[Path, typer.Argument(help="Table of governments: CSV, Parquet or Excel.")]
Mapping = Annotated[str, typer.Option("--map", help="Mapping file, or the name of a shipped one.")]
Adjacency = Annotated[Path | None, typer.Option(help="Who borders whom: CSV of pairs, or GeoJSON.")]
AsHtml = Annotated[bool, typer.Option("--html", help="One page that needs no network.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="One row per candidate or group.")]


@app.command()
def scan(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    governments: Governments,
    mapping: Mapping,
    adjacency: Adjacency = None,
    service: Annotated[list[str] | None, typer.Option(help="Only these services.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100_000, help="How many candidates.")] = 50,
    as_case: Annotated[
        tuple[int, Path] | None, typer.Option(help="Write candidate N as a starter case to PATH.")
    ] = None,
    engine: WhereTo = Engine.local,
    scheduler: Scheduler = None,
    workers: Workers = 1,
    as_csv: AsCsv = False,
    as_html: AsHtml = False,
    as_json: Json = False,
) -> None:
    """Screen a region: who could share what with whom, and whether it is worth a study."""
    from interlocal.region.commands import scan_document
    from interlocal.region.scan import Options

    region = _region(governments, mapping, adjacency, tuple(service or ()))
    document = scan_document(
        region, Options(top=top), engine=engine.value, scheduler=scheduler, workers=workers
    )
    if as_case is not None:
        _write_candidate(region, document, *as_case)
        return
    _print_region(region, document, as_csv=as_csv, as_html=as_html, as_json=as_json)


@app.command()
def group(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    governments: Governments,
    mapping: Mapping,
    service: Annotated[str, typer.Option(help="The service to divide the region for.")],
    adjacency: Adjacency = None,
    max_size: Annotated[int, typer.Option(min=1, max=22, help="Largest group.")] = 5,
    together: Annotated[list[str] | None, typer.Option(help="Ids that must be in one group: A,B.")] = None,
    apart: Annotated[list[str] | None, typer.Option(help="Ids that may not be in one group: A,B.")] = None,
    hub: Annotated[
        list[str] | None, typer.Option(help="May be grouped with anyone near, border or not.")
    ] = None,
    replications: Annotated[int, typer.Option(min=0, max=10_000, help="Redrawn curves, for stability.")] = 20,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    engine: WhereTo = Engine.local,
    scheduler: Scheduler = None,
    workers: Workers = 1,
    as_csv: AsCsv = False,
    as_html: AsHtml = False,
    as_json: Json = False,
) -> None:
    """Divide a region into groups that could share a service, with the proven gap to the best division."""
    from interlocal.region.commands import group_document
    from interlocal.region.grouping import Demands

    region = _region(governments, mapping, adjacency, (service,))
    demands = Demands(
        max_size=max_size,
        together=tuple(tuple(x.split(",")) for x in together or ()),
        apart=tuple(tuple(x.split(",")) for x in apart or ()),
        hubs=tuple(hub or ()),
    )
    document = group_document(
        region,
        service,
        demands,
        replications=replications,
        seed=seed,
        engine=engine.value,
        scheduler=scheduler,
        workers=workers,
    )
    _print_region(region, document, as_csv=as_csv, as_html=as_html, as_json=as_json)


def _region(governments: Path, mapping: str, adjacency: Path | None, services: tuple[str, ...]) -> Any:
    from interlocal.region.mapping import load_mapping
    from interlocal.region.tables import read_region

    return read_region(governments, load_mapping(mapping), adjacency=adjacency, services=services)


def _print_region(
    region: Any, document: dict[str, Any], *, as_csv: bool, as_html: bool, as_json: bool
) -> None:
    from interlocal.region import render
    from interlocal.terminal import answers

    if as_json:
        typer.echo(render.as_json(document), nl=False)
    elif as_csv:
        typer.echo(render.as_csv(document), nl=False)
    elif as_html:
        typer.echo(render.as_html(document, region), nl=False)
    else:
        answers().print(render.as_table(document))


def _write_candidate(region: Any, document: dict[str, Any], rank: int, path: Path) -> None:
    import datetime as dt

    from interlocal.region.starter import case_of_rank

    if path.exists():
        raise InputError(
            Problem("", str(path), "a file of this name", "a name that is free", "Choose another name.")
        )
    path.write_text(
        case_of_rank(region, document, rank, as_of=dt.datetime.now(tz=dt.UTC).date()), encoding="utf-8"
    )
    typer.echo(f"Wrote {path}. Edit it, then run: interlocal check {path}")
