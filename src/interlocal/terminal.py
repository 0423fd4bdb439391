"""What a command says: its answer on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from interlocal.problems import Problem


def answers() -> Console:
    """Return a console on standard output, for what the user asked for."""
    return Console(highlight=False, markup=False)


def notices() -> Console:
    """Return a console on standard error, for progress, warnings and problems."""
    return Console(stderr=True, highlight=False, markup=False)


def emit(document: object) -> None:
    """Write one JSON document to standard output, as every ``--json`` does.

    Raises
    ------
    ValueError
        When a number is not finite: JSON has no word for it, so the caller must say what it means.
    """
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def print_problems(problems: Sequence[Problem], *, as_json: bool = False) -> None:
    """Write every problem to standard error, for a person or, ``as_json``, for a program."""
    if as_json:
        sys.stderr.write(json.dumps([p.as_dict() for p in problems], ensure_ascii=False, indent=2) + "\n")
        return
    console = notices()
    if len(problems) > 1:
        console.print(f"{len(problems)} problems:")
    for problem in problems:
        text = Text.assemble(
            (_printable(problem.where), "bold red"),
            ("\n  found     ", "dim"),
            _printable(problem.found),
            ("\n  expected  ", "dim"),
            _printable(problem.expected),
            ("\n  to mend   ", "dim"),
            _printable(problem.fix),
        )
        console.print(text, soft_wrap=not console.is_terminal)


def _printable(text: str) -> str:
    # What was found may come from a hostile file: no escape sequence of its may reach the terminal.
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


@contextmanager
def progress(label: str, *, shown: bool | None = None) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error while work runs; it leaves nothing behind.

    Parameters
    ----------
    label
        What is being done, in a few words.
    shown
        True or False where the user asked; by default only when standard error is a terminal.

    Yields
    ------
    Callable
        Takes the share done so far, from 0 to 1.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - 30 ms

    console = notices()
    visible = console.is_terminal if shown is None else shown
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not visible) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda done: bar.update(task, completed=done)
