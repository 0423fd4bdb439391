"""Answer a case's questions, and show what lies behind the answers: the lessons and the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Audience, Engine, Gate, Json, Scheduler, WhereTo, Workers


@app.command()
def study(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: Annotated[Path, typer.Argument(help="Case file: YAML, JSON or Excel.")],
    out: Annotated[Path | None, typer.Option(help="Folder for study.json and study.html.")] = None,
    draws: Annotated[int, typer.Option(min=100, max=10_000_000, help="Futures to draw.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same futures.")] = 1,
    gate: Annotated[Gate | None, typer.Option(help="Judge the case at this gate.")] = None,
    audience: Annotated[Audience, typer.Option(help="Whom the results are for.")] = Audience.partners,
    packet: Annotated[
        bool,
        typer.Option("--packet", help="Also write brief, report, partner sheets, agreement and workbook."),
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(help="Language of what residents read, page and packet: en, or es (a draft)."),
    ] = None,
    engine: WhereTo = Engine.local,
    scheduler: Scheduler = None,
    workers: Workers = 1,
    would_change: Annotated[
        bool,
        typer.Option(
            help="Search for the smallest set of changes that betters the advice; it takes a few seconds more."
        ),
    ] = True,
    as_json: Json = False,
) -> None:
    """Answer the three questions for a case: money, service level, sustainability."""
    from interlocal.cli.usable import read_usable
    from interlocal.report.files import write
    from interlocal.report.language import known_language
    from interlocal.report.terminal import summary
    from interlocal.study import study as answer
    from interlocal.terminal import answers, emit, progress

    if packet and out is None:
        raise typer.BadParameter("a packet needs a folder: add --out DIR", param_hint="--packet")
    tongue = known_language(language)
    read = read_usable(case)
    if gate is not None:
        read = read.model_copy(update={"gate": gate.value})
    with progress("Drawing futures") as advance, progress("Trying changes") as advance_changes:
        result = answer(
            read,
            draws=draws,
            seed=seed,
            audience=audience.value,
            engine=engine.value,
            scheduler=scheduler,
            workers=workers,
            progress=lambda done, all_: advance(done / all_),
            changes=would_change,
            changes_progress=lambda done, all_: advance_changes(done / all_),
        )
    files = write(result, out, tongue) if out is not None else []
    if packet and out is not None:
        from interlocal.report.packet import write_packet

        with progress("Writing the packet") as advance:
            files += write_packet(result, out, [tongue], lambda done, all_: advance(done / all_))
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
