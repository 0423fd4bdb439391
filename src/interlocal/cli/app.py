"""The application that every module of commands adds to."""

from __future__ import annotations

from typing import Annotated

import typer

from interlocal import __version__

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
