"""The command line: one command per job, each a few lines over a function of the core.

A command imports what it needs when it runs, so that ``interlocal --help`` stays quick. It raises `InputError` for what
the user can mend; :func:`main` turns that, and everything else that can go wrong, into words and an exit status:
0 done, 1 the input needs mending, 2 wrong usage, 70 a fault of ours, 130 cancelled.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from interlocal import __version__
from interlocal.problems import InputError, Problem

BAD_INPUT = 1
OUR_FAULT = 70
CANCELLED = 130

Json = Annotated[
    bool, typer.Option("--json", help="Write one JSON document and nothing else to standard output.")
]


class Gate(StrEnum):
    """Where a case stands."""

    explore = "explore"
    negotiate = "negotiate"
    adopt = "adopt"
    run = "run"


class Audience(StrEnum):
    """Whom results are for."""

    facilitator = "facilitator"
    partners = "partners"
    public = "public"


class Engine(StrEnum):
    """Where draws are worked out."""

    local = "local"
    dask = "dask"


app = typer.Typer(
    help="Decide whether to share a local service, with whom, on what terms and in what form.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help opens three times as fast and reads well aloud
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"interlocal {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Hold the options that stand before any command."""


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to write, such as case.yaml.")],
    full: Annotated[
        bool, typer.Option("--full", help="Every section of the format, not the shortest case.")
    ] = False,
) -> None:
    """Write a commented starter case."""
    from interlocal.case.starter import write_starter

    write_starter(path, full=full)
    typer.echo(f"Wrote {path}. Edit it, then run: interlocal check {path}")


@app.command()
def check(
    case: Annotated[Path, typer.Argument(help="Case file in YAML or JSON.")], as_json: Json = False
) -> None:
    """Report every problem of a case: where, what was found, what was expected, how to mend it."""
    from interlocal.case.read import read_case
    from interlocal.terminal import emit

    read = read_case(case, strict=True)
    if as_json:
        emit({"title": read.title, "sha256": read.sha256, "problems": []})
    else:
        typer.echo(f"{case}: no problems. {read.title}; sha256 {read.sha256[:12]}…")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a case, for editors that complete and check it."""
    from interlocal.case.schema import case_schema
    from interlocal.terminal import emit

    emit(case_schema())


@app.command()
def study(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: Annotated[Path, typer.Argument(help="Case file in YAML or JSON.")],
    out: Annotated[Path | None, typer.Option(help="Folder for study.json and study.html.")] = None,
    draws: Annotated[int, typer.Option(min=100, max=10_000_000, help="Futures to draw.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same futures.")] = 1,
    gate: Annotated[Gate | None, typer.Option(help="Judge the case at this gate.")] = None,
    audience: Annotated[Audience, typer.Option(help="Whom the results are for.")] = Audience.partners,
    engine: Annotated[
        Engine, typer.Option(help="Where draws are worked out; the result is the same.")
    ] = Engine.local,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=512, help="Processes at work.")] = 1,
    as_json: Json = False,
) -> None:
    """Answer the three questions for a case: money, service level, sustainability."""
    from interlocal.case.read import read_case
    from interlocal.report.files import write
    from interlocal.report.terminal import summary
    from interlocal.study import study as answer
    from interlocal.terminal import answers, emit, progress

    read = read_case(case)
    if gate is not None:
        read = read.model_copy(update={"gate": gate.value})
    with progress("Drawing futures") as advance:
        result = answer(
            read,
            draws=draws,
            seed=seed,
            audience=audience.value,
            engine=engine.value,
            scheduler=scheduler,
            workers=workers,
            progress=lambda done, all_: advance(done / all_),
        )
    files = write(result, out) if out is not None else []
    if as_json:
        emit(result.document)
        return
    answers().print(summary(result.document))
    for file in files:
        typer.echo(f"Wrote {file}")


@app.command()
def lessons(
    name: Annotated[str | None, typer.Argument(help="One item or list: pitfall.copying, drivers, …")] = None,
    case: Annotated[Path | None, typer.Option(help="Show what it finds in this case.")] = None,
    as_json: Json = False,
) -> None:
    """Print the 42 lessons, or explain one and show what it finds in a case."""
    from interlocal.report.lessons import explain_lessons, render_lessons
    from interlocal.terminal import answers, emit

    found = explain_lessons(name, case)
    if as_json:
        emit(found)
    else:
        answers().print(render_lessons(found))


@app.command()
def shares(
    path: Annotated[Path, typer.Argument(help="A case (YAML), or a game (JSON).")],
    formula: Annotated[
        list[str] | None, typer.Option(help="Try these: equal, per_head, by_usage:calls, shapley, …")
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold formulas side by side: who pays what, and which group would be better off by itself."""
    from interlocal.report.shares import render_game, render_laboratory
    from interlocal.terminal import answers, emit

    if path.suffix.lower() == ".json" and (game := _game(path)) is not None:
        from interlocal.sharing import answer

        document, render = answer(game), render_game
    else:
        from interlocal.case.read import read_case
        from interlocal.questions.laboratory import laboratory

        document, render = laboratory(read_case(path), formulas=tuple(formula or ())), render_laboratory
    if as_json:
        emit(document)
    else:
        answers().print(render(document))


def _game(path: Path) -> Any:
    """Return the game in a JSON file, None where the file is a case."""
    import json

    from interlocal.case.text import read_bytes
    from interlocal.sharing.game_document import read_game

    try:
        document = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        place = f"{path}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(path)
        raise InputError(
            Problem(
                "",
                place,
                "text that is not JSON",
                "a game or a case in JSON",
                "Look for a missing comma or quote.",
            )
        ) from None
    if isinstance(document, dict) and "format" in document and "partners" in document:
        return None
    return read_game(document, str(path))


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
    engine: Annotated[
        Engine, typer.Option(help="Where the work is done; the result is the same.")
    ] = Engine.local,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=512)] = 1,
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
    engine: Annotated[
        Engine, typer.Option(help="Where the work is done; the result is the same.")
    ] = Engine.local,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=512)] = 1,
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


@app.command()
def evidence(
    service: Annotated[
        str | None, typer.Argument(help="A service by id or name; all are listed without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what is known of a service elsewhere: published effects, scale, cases; each with its source."""
    from interlocal.reference.evidence import evidence_for, list_services, render_evidence, render_services
    from interlocal.terminal import emit

    found = evidence_for(service) if service else list_services()
    if as_json:
        emit(found)
    else:
        typer.echo(render_evidence(found) if service else render_services(found))


@app.command()
def serve(as_json: Json = False) -> None:  # noqa: ARG001 - main reads it
    """Start the web application (this version has none yet)."""
    raise InputError(
        Problem(
            path="",
            where="interlocal serve",
            found="a version of Interlocal without a web application",
            expected="a version that has one",
            fix="Until then, run `interlocal study CASE --out FOLDER` and open FOLDER/study.html in a browser.",
        )
    )


def main() -> NoReturn:
    """Run the command line and leave with its exit status; no traceback reaches the user."""
    try:
        status = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); without this Python complains once more as it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = BAD_INPUT
    sys.exit(status)


def _run() -> int:
    try:
        app(prog_name="interlocal")
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 0
        if status == CANCELLED:
            typer.echo("Cancelled; nothing was half-written.", err=True)
        return status
    except InputError as error:
        return _refuse(error)
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.filename is None:
            raise
        return _refuse(_unusable_file(error))
    except Exception as error:  # noqa: BLE001 - the last resort: a person sees words, never a traceback
        return _apologise(error)
    return 0


def _refuse(error: InputError) -> int:
    from interlocal.terminal import print_problems

    print_problems(error.problems, as_json="--json" in sys.argv)
    return BAD_INPUT


def _unusable_file(error: OSError) -> InputError:
    return InputError(
        Problem(
            path="",
            where=str(error.filename),
            found=error.strerror or type(error).__name__,
            expected="a file or folder that Interlocal may read or write",
            fix="Check the path, who may use it, and the free space on the disk.",
        )
    )


def _apologise(error: Exception) -> int:
    if os.environ.get("INTERLOCAL_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    typer.echo(
        f"Interlocal has a fault ({type(error).__name__}); your input is not to blame. Please report it to the "
        "project's issue tracker with the command you ran; INTERLOCAL_DEBUG=1 shows the details.",
        err=True,
    )
    return OUR_FAULT
