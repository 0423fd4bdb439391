"""Start a case, check it, print the format's schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Json


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
    from interlocal.lessons.overrides import refuse_unknown_overrides
    from interlocal.terminal import emit

    read = read_case(case, strict=True)
    refuse_unknown_overrides(read)
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
