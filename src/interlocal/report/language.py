"""What a resident reads, in the resident's language: gettext catalogues, read as they are committed.

A catalogue is ``locale/CODE/interlocal.po``. Python's gettext reads only compiled catalogues; these are small, so they
are read as text and nobody has to compile, or to notice that it was forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from interlocal.problems import InputError, Problem

SOURCE = "en"
"""The language that the code is written in."""
DRAFT = frozenset({"es"})
"""Languages whose catalogue no speaker has reviewed yet; each document in them says so."""
_ENTRY = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)^msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def languages() -> tuple[str, ...]:
    """Return the codes of all languages that have a catalogue, the source first."""
    folder = files("interlocal.report").joinpath("locale")
    return (
        SOURCE,
        *sorted(entry.name for entry in folder.iterdir() if entry.joinpath("interlocal.po").is_file()),
    )


def known_language(code: str | None) -> str:
    """Return the code of a language that there is a catalogue for; the source where none is asked for.

    Raises
    ------
    InputError
        Where there is no catalogue for it.
    """
    if code is None or code in languages():
        return code or SOURCE
    raise InputError(
        Problem(
            "",
            "--language",
            code,
            f"one of {', '.join(languages())}",
            "Choose one of these, or add a catalogue.",
        )
    )


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Make every text that is worked out inside speak this language; raise InputError where it has no catalogue."""
    before = _current.set(known_language(code))
    try:
        yield
    finally:
        _current.reset(before)


def current() -> str:
    """Return the code of the language spoken now."""
    return _current.get()


def _(text: str) -> str:
    """Return a text in the language spoken now; one that the catalogue lacks stays as it is."""
    code = _current.get()
    return text if code == SOURCE else catalogue(code).get(text) or text


@cache
def catalogue(code: str) -> dict[str, str]:
    """Return a catalogue: what the code says, and what it is in this language."""
    written = files("interlocal.report").joinpath(f"locale/{code}/interlocal.po").read_text(encoding="utf-8")
    return {_joined(key): _joined(value) for key, value in _ENTRY.findall(written) if _joined(key)}


def _joined(quoted: str) -> str:
    return "".join(ast.literal_eval(line) for line in quoted.strip().splitlines())
