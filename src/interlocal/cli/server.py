"""Run the web application."""

from __future__ import annotations

from interlocal.cli.app import app
from interlocal.cli.options import Json
from interlocal.problems import InputError, Problem


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
