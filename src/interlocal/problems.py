"""What is wrong with an input, said so that its author can mend it.

Every reader of files, tables and games reports through these two types, so that the command line, the web and the
interface for programs show the same words. All problems are collected first and reported together.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

LONGEST = 400
"""Letters that a message quotes of what was found."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend: ``where`` is a place a person can go to, ``path`` the same place for a program."""

    path: str
    """JSON pointer into the document (``/partners/0/id``), or a column or row; empty for the whole input."""
    where: str
    """File and line, sheet and cell, or row and column, in words."""
    found: str
    expected: str
    fix: str

    def __post_init__(self) -> None:
        """Quote of what was found no more than helps: it can be as long as the file."""
        if len(self.found) > LONGEST:
            object.__setattr__(self, "found", f"{self.found[:LONGEST]}…")

    def as_dict(self) -> dict[str, str]:
        """Return the five fields as the ``--json`` form of the commands gives them."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}; expected {self.expected}. {self.fix}"


class InputError(Exception):
    """The input cannot be used; ``problems`` holds everything that was found, never only the first."""

    def __init__(self, problems: Sequence[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like ``word``, or None when nothing is close."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None
