"""Start a case, check it, print the format's schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Json


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to write: .yaml, .json, or .xlsx for Excel.")],
    full: Annotated[
        bool, typer.Option("--full", help="Every section of the format, not the shortest case.")
    ] = False,
    workbook: Annotated[
        bool, typer.Option("--workbook", help="Write an Excel workbook, as the ending .xlsx does too.")
    ] = False,
    source: Annotated[
        Path | None, typer.Option("--from", help="Write this case in the new form, instead of a starter.")
    ] = None,
) -> None:
    """Write a starter case to fill in, as text or as an Excel workbook; or a case you have in another form."""
    from interlocal.case.starter import write_new

    write_new(path, full=full, workbook=workbook, source=source)
    typer.echo(f"Wrote {path}. Edit it, then run: interlocal check {path}")


@app.command()
def check(
    case: Annotated[Path, typer.Argument(help="Case file: YAML, JSON or Excel.")], as_json: Json = False
) -> None:
    """Report every problem of a case: where, what was found, what was expected, how to mend it."""
    from interlocal.cli.usable import read_usable
    from interlocal.terminal import emit

    read = read_usable(case, strict=True)
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
def budget(
    file: Annotated[Path, typer.Argument(help="The partner's budget: CSV or Excel.")],
    mapping: Annotated[Path, typer.Option("--map", help="Which rows make up which cost line (YAML).")],
    partner: Annotated[str, typer.Option(help="Id of the partner whose budget it is.")],
    case: Annotated[Path | None, typer.Option(help="The case that the lines are for.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the case with these lines to a new file.")] = None,
    as_json: Json = False,
) -> None:
    """Turn a partner's own line-item budget into cost lines of today, and say what was not mapped."""
    from interlocal.case.budget import read_budget, with_budget
    from interlocal.case.read import read_case
    from interlocal.case.starter import write_case
    from interlocal.report.budget import account
    from interlocal.terminal import answers, emit

    if (case is None) != (out is None):
        raise typer.BadParameter("--case and --out belong together: the case to add to, and the new file.")
    read = read_budget(file, mapping)
    if case is not None and out is not None:
        write_case(out, with_budget(read_case(case), partner, read, str(case)))
    if as_json:
        emit(read.as_dict(partner))
        return
    answers().print(account(read))
    if out is not None:
        typer.echo(f"Wrote {out}. Check it with: interlocal check {out}")
