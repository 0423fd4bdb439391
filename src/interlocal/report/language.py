"""What a resident reads, in the resident's language: gettext catalogues, read as they are committed.

The catalogues of a language are ``locale/CODE/*.po``. Python's gettext reads only compiled catalogues; these are small,
so they are read as text and nobody has to compile, or to notice that it was forgotten.

The rooms below speak one language, so that a study is the same bytes for everybody. What they say is said again here,
by the shape of the sentence: see ``shapes``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any

from interlocal.problems import InputError, Problem
from interlocal.report.shapes import Shapes, Speaker

SOURCE = "en"
"""The language that the code is written in."""
DRAFT = frozenset({"es"})
"""Languages whose catalogue no speaker has reviewed yet; each document in them says so."""
NAMES = {"en": "English", "es": "Español"}
"""What each language calls itself."""
_ENTRY = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)^msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


_current: ContextVar[tuple[str, Speaker | None]] = ContextVar("language", default=(SOURCE, None))


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
def speaking(code: str, own: Iterable[str] = ()) -> Iterator[None]:
    """Make every text that is worked out inside speak this language.

    Parameters
    ----------
    code
        As ``languages`` has it.
    own
        What people wrote themselves (see ``own_words``). It stays as they wrote it.

    Raises
    ------
    InputError
        Where there is no catalogue for it.
    """
    speaker = None if known_language(code) == SOURCE else Speaker(_shapes(code), frozenset(own))
    before = _current.set((code, speaker))
    try:
        yield
    finally:
        _current.reset(before)


def current() -> str:
    """Return the code of the language spoken now."""
    return _current.get()[0]


def _(text: str) -> str:
    """Return a text in the language spoken now, whole or by its shape; one that the catalogue lacks stays as it is."""
    speaker = _current.get()[1]
    return text if speaker is None else speaker.say(text)


def own_words(document: Any) -> frozenset[str]:
    """Return every text in what people wrote: a case as data, or any other tree of mappings and lists."""
    if isinstance(document, str):
        return frozenset({document}) if any(map(str.isalpha, document)) else frozenset()
    inside = document.values() if isinstance(document, Mapping) else document
    return frozenset().union(*map(own_words, inside)) if isinstance(inside, Iterable) else frozenset()


@cache
def catalogue(code: str) -> dict[str, str]:
    """Return the catalogues of a language as one: what the code says, and what it is in this language."""
    folder = files("interlocal.report").joinpath(f"locale/{code}")
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".po"):
            written = entry.read_text(encoding="utf-8")
            found |= {_joined(key): _joined(value) for key, value in _ENTRY.findall(written) if _joined(key)}
    return found


@cache
def _shapes(code: str) -> Shapes:
    return Shapes(catalogue(code))


def _joined(quoted: str) -> str:
    return "".join(ast.literal_eval(line) for line in quoted.strip().splitlines())
