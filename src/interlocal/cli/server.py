"""Run the web application, and look after its data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from interlocal.cli.app import app
from interlocal.problems import InputError, Problem

Data = Annotated[
    Path | None, typer.Option(help="Data folder; interlocal-data, or INTERLOCAL_DATA, where not given.")
]


@app.command()
def serve(
    data: Data = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; a reverse proxy with TLS stands before any other.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")] = 2,
) -> None:
    """Start the web application; on an empty folder it prints the link for the first account."""
    _use(data)
    os.environ.setdefault("INTERLOCAL_URL", f"http://127.0.0.1:{port}")
    from interlocal.web.serving import serve as run

    raise typer.Exit(run(host=host, port=port, workers=workers, say=typer.echo))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="File to write.")], data: Data = None) -> None:
    """Write all cases, accounts and studies into one file; people may go on working."""
    _use(data)
    from interlocal.web.backup import backup as write
    from interlocal.web.environment import read_environment

    write(read_environment().database, file)
    typer.echo(f"Wrote {file}. It holds everything, also what is private: keep it as safe as the server.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    data: Data = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let a workbench that is there give way; it is kept aside.")
    ] = False,
) -> None:
    """Put a backup in an empty place, or with --replace in place of the workbench there. Stop the server first."""
    _use(data)
    from interlocal.web.backup import restore as put_back
    from interlocal.web.environment import read_environment

    environment = read_environment()
    kept = put_back(environment.database, file, replace=replace, aside=environment.data)
    typer.echo(f"Restored {file}." + (f" What was there before is kept in {kept}." if kept else ""))


@app.command()
def remind(data: Data = None) -> None:
    """Send the letters of what comes due to those who asked for them; a timer runs this once a day."""
    _use(data)
    from interlocal.web.environment import read_environment

    if read_environment().email is None:
        raise InputError(
            Problem("", "INTERLOCAL_EMAIL_URL", "no mail server", "a mail server to send letters by", "Set INTERLOCAL_EMAIL_URL and INTERLOCAL_EMAIL_FROM; see the guide to running the workbench.")
        )  # fmt: skip
    from interlocal.web import bootstrap

    bootstrap.set_up()
    from interlocal.web.actions.reminders import send_letters
    from interlocal.web.reminders import letter
    from interlocal.web.running import today

    sent, failed = send_letters(day=today(), say=letter)
    typer.echo(
        f"Sent {sent} letters."
        + (f" {failed} could not be sent; the next run tries again." if failed else "")
    )
    if failed:
        raise typer.Exit(1)


def _use(data: Path | None) -> None:
    # What these commands write holds what is private: nobody else on this machine reads it.
    os.umask(0o077)
    if data is not None:
        os.environ["INTERLOCAL_DATA"] = str(data)
