"""The command line: one command per job, each a few lines over a function of the core.

A command imports what it needs when it runs, so that ``interlocal --help`` stays quick. It raises `InputError` for what
the user can mend; :func:`main` turns that, and everything else that can go wrong, into words and an exit status:
0 done, 1 the input needs mending, 2 wrong usage, 70 a fault of ours, 130 cancelled.
"""

from __future__ import annotations  # noqa: I001 - the commands stand in the help's order

import os
import sys
from typing import NoReturn

import typer

from interlocal.cli import cases, study, shares, region, windows, partnership, server  # noqa: F401 - importing a module adds its commands
from interlocal.cli.app import app
from interlocal.problems import InputError, Problem

BAD_INPUT = 1
OUR_FAULT = 70
CANCELLED = 130


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
