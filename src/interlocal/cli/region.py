"""Screen a region, and divide it into groups."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Engine, Json, Scheduler, WhereTo, Workers
from interlocal.problems import InputError, Problem

Governments = Annotated[Path, typer.Argument(help="Table of governments: CSV, Parquet or Excel.")]
Tables = Annotated[
    Path, typer.Argument(help="Table of governments (CSV, Parquet or Excel), or a folder of such tables.")
]
Mapping = Annotated[str, typer.Option("--map", help="Mapping file, or the name of a shipped one.")]
Adjacency = Annotated[Path | None, typer.Option(help="Who borders whom: CSV of pairs, or GeoJSON.")]
Hubs = Annotated[
    list[str] | None, typer.Option("--hub", help="May be grouped with anyone near, border or not.")
]
HubKm = Annotated[float, typer.Option(min=0, max=1000, help="How far a hub reaches, in km.")]
Fixed = Annotated[list[str] | None, typer.Option(help="Ids of a partnership that exists and stays: A,B.")]
Coordination = Annotated[
    float, typer.Option(min=0, max=1, help="Share of the joint cost that each further partner adds.")
]
AgreementsFile = Annotated[
    Path | None,
    typer.Option(
        "--agreements", help="CSV of agreements that exist: member, agreement and, if known, service."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Folder for the page with CSV and JSON beside it.")]
AsHtml = Annotated[bool, typer.Option("--html", help="One page that needs no network.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="One row per candidate or group.")]


@app.command()
def scan(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    governments: Tables,
    mapping: Annotated[
        str | None,
        typer.Option("--map", help="Mapping file, or the name of a shipped one; a folder needs none."),
    ] = None,
    adjacency: Adjacency = None,
    service: Annotated[list[str] | None, typer.Option(help="Only these services.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100_000, help="How many candidates.")] = 50,
    largest: Annotated[int, typer.Option(min=2, max=6, help="Largest group; 2 looks at pairs alone.")] = 6,
    hub: Hubs = None,
    hub_km: HubKm = 25.0,
    fixed: Fixed = None,
    agreements: AgreementsFile = None,
    exclude: Annotated[
        bool, typer.Option("--exclude-agreements", help="Leave out those who already share, not mark them.")
    ] = False,
    register: Annotated[
        Path | None, typer.Option(help="CSV of key posts, for leadership windows; for facilitators only.")
    ] = None,
    coordination: Coordination = 0.01,
    checks: Annotated[bool, typer.Option("--checks", help="Check the curves out of sample.")] = False,
    as_case: Annotated[
        tuple[int, Path] | None, typer.Option(help="Write candidate N as a starter case to PATH.")
    ] = None,
    out: Out = None,
    engine: WhereTo = Engine.local,
    scheduler: Scheduler = None,
    workers: Workers = 1,
    as_csv: AsCsv = False,
    as_html: AsHtml = False,
    as_json: Json = False,
) -> None:
    """Screen a region: who could share what with whom, and whether it is worth a study."""
    from interlocal.region.commands import scan_document
    from interlocal.region.savings import Rules
    from interlocal.region.scan import Options
    from interlocal.terminal import progress

    options = Options(
        top=top,
        largest=largest,
        hub_km=hub_km,
        hubs=tuple(hub or ()),
        fixed=_lists(fixed),
        rules=Rules(coordination=coordination),
    )
    if governments.is_dir():
        given: dict[str, Any] = {"--map": mapping, "--adjacency": adjacency, "--service": service}
        given |= {"--agreements": agreements, "--exclude-agreements": exclude, "--register": register}
        given |= {"--as-case": as_case, "--csv": as_csv, "--html": as_html, "--json": as_json}
        _refuse_for_folder([name for name, value in given.items() if value])
        _whole_folder(governments, out, options, engine=engine.value, scheduler=scheduler, workers=workers)
        return
    region = _region(
        governments,
        _required(mapping),
        adjacency=adjacency,
        services=tuple(service or ()),
        agreements=agreements,
        exclude_agreements=exclude or None,
    )
    with progress("Looking at each service") as advance:
        document = scan_document(
            region,
            options,
            checks=checks,
            engine=engine.value,
            scheduler=scheduler,
            workers=workers,
            progress=lambda done, all_: advance(done / all_),
        )
    if register is not None:
        _add_windows(region, document, register)
    if as_case is not None:
        _write_candidate(region, document, *as_case)
        return
    _print_region(region, document, out, as_csv=as_csv, as_html=as_html, as_json=as_json)


@app.command()
def group(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    governments: Governments,
    mapping: Mapping,
    service: Annotated[str, typer.Option(help="The service to divide the region for.")],
    adjacency: Adjacency = None,
    max_size: Annotated[int, typer.Option(min=1, max=22, help="Largest group.")] = 5,
    together: Annotated[list[str] | None, typer.Option(help="Ids that must be in one group: A,B.")] = None,
    apart: Annotated[list[str] | None, typer.Option(help="Ids that may not be in one group: A,B.")] = None,
    fixed: Fixed = None,
    agreements: AgreementsFile = None,
    hub: Hubs = None,
    hub_km: HubKm = 25.0,
    coordination: Coordination = 0.01,
    gap: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Stop at this proven gap; 0.001 is a tenth of a percent."),
    ] = None,
    replications: Annotated[int, typer.Option(min=0, max=10_000, help="Redrawn curves, for stability.")] = 20,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    out: Out = None,
    engine: WhereTo = Engine.local,
    scheduler: Scheduler = None,
    workers: Workers = 1,
    as_csv: AsCsv = False,
    as_html: AsHtml = False,
    as_json: Json = False,
) -> None:
    """Divide a region into groups that could share a service, with the proven gap to the best division.

    Ctrl-C keeps the best division so far; a second one stops at once.
    """
    from interlocal.region.commands import group_document
    from interlocal.region.demands import Demands
    from interlocal.region.savings import Rules
    from interlocal.terminal import progress

    region = _region(governments, mapping, adjacency=adjacency, services=(service,), agreements=agreements)
    demands = Demands(
        max_size=max_size,
        together=_lists(together),
        apart=_lists(apart),
        fixed=_lists(fixed),
        hubs=tuple(hub or ()),
        hub_km=hub_km,
        gap=gap,
        rules=Rules(coordination=coordination),
    )
    with _interruptible() as cancelled, progress("Drawing the curve anew") as advance:
        document = group_document(
            region,
            service,
            demands,
            replications=replications,
            seed=seed,
            engine=engine.value,
            scheduler=scheduler,
            workers=workers,
            progress=lambda done, all_: advance(done / all_),
            cancelled=cancelled,
        )
    _print_region(region, document, out, as_csv=as_csv, as_html=as_html, as_json=as_json)
    if document["replications"]["stopped"] == "cancelled":
        best = f"no other division can be better by more than {document['gap']:.2%}"
        typer.echo(f"Cancelled. What stands above is the best found so far: {best}.", err=True)
        raise typer.Exit(130)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop with the best so far; the second stops at once."""
    asked = False

    def note(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        typer.echo("Stopping with the best so far; press Ctrl-C again to stop at once.", err=True)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def _lists(given: list[str] | None) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word.strip() for word in text.split(",")) for text in given or ())


def _required(mapping: str | None) -> str:
    from interlocal.region.mapping import shipped

    if mapping is None:
        raise InputError(
            Problem(
                "",
                "--map",
                "nothing",
                "a mapping: the short file that says which column means what",
                f"Write one, or name a shipped one: {', '.join(shipped())}.",
            )
        )
    return mapping


def _refuse_for_folder(given: list[str]) -> None:
    if given:
        raise InputError(
            [
                Problem(
                    "",
                    name,
                    "an option for one table beside a folder of tables",
                    "one table",
                    "Name the table instead of the folder; a folder always gives page, CSV and JSON.",
                )
                for name in given
            ]
        )


def _whole_folder(folder: Path, out: Path | None, options: Any, **engine_options: Any) -> None:
    from interlocal.region.brief import on_screen
    from interlocal.region.folder import run_folder
    from interlocal.terminal import answers

    def shown(document: dict[str, Any]) -> None:
        answers().print(*on_screen(document, rows=3), "", sep="\n")

    pages = run_folder(
        folder=folder,
        out=out or Path("out") / folder.resolve().name,
        options=options,
        said=lambda text: typer.echo(text, err=True),
        shown=shown,
        **engine_options,
    )
    for page in pages:
        typer.echo(f"Wrote {page}, with .csv and .json beside it")


def _add_windows(region: Any, document: dict[str, Any], register: Path) -> None:
    import datetime as dt

    from interlocal.people.register import read_register
    from interlocal.region.leadership import add_windows

    with register.open(encoding="utf-8", newline="") as file:
        records = read_register(file, str(register))
    add_windows(region, document, records, as_of=dt.datetime.now(tz=dt.UTC).date())


def _region(governments: Path, mapping: str, **options: Any) -> Any:
    from interlocal.region.mapping import load_mapping
    from interlocal.region.tables import read_region

    return read_region(governments, load_mapping(mapping), **options)


def _print_region(
    region: Any, document: dict[str, Any], out: Path | None, *, as_csv: bool, as_html: bool, as_json: bool
) -> None:
    from interlocal.region import render
    from interlocal.region.brief import checks_table, on_screen
    from interlocal.region.folder import write
    from interlocal.terminal import answers

    if as_json:
        typer.echo(render.as_json(document), nl=False)
    elif as_csv:
        typer.echo(render.as_csv(document), nl=False)
    elif as_html:
        typer.echo(render.as_html(document, region), nl=False)
    else:
        answers().print(*on_screen(document), sep="\n")
        if any(service["checks"] for service in document.get("services", {}).values()):
            answers().print(checks_table(document))
    if out is not None:
        name = document["kind"] if document["kind"] == "scan" else f"group-{document['service']}"
        typer.echo(f"Wrote {write(document, region, out, name)}, with .csv and .json beside it", err=True)


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
