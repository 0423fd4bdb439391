"""Files that people send: bounded, read, and never kept as files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from interlocal.case.document import Case
from interlocal.partnership.document import Partnership
from interlocal.problems import InputError, Problem

LARGEST = 8_000_000
"""Largest file that is read [bytes]."""
MOST_AT_ONCE = 40_000_000
"""Largest request with files [bytes]: a region has up to five tables."""
Read = TypeVar("Read")


class Bounded(FileUploadHandler):
    """Lets no request with files fill the disk before anybody looks at it."""

    def handle_raw_input(self, _input: Any, _meta: Any, content_length: int, *_more: Any) -> None:
        """Refuse a request by its length, before it is read."""
        if content_length > MOST_AT_ONCE:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Pass on what came."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def read(request: HttpRequest, reader: Callable[[Path], Read], expected: str, pasted: str = "") -> Read:
    """Return what a reader makes of the file in the field ``file``, or of the text in a field where no file is sent.

    Parameters
    ----------
    expected
        What the file should be, for the message where there is none.
    pasted
        Name of the field for text; it is read as a table with separators.

    Raises
    ------
    InputError
        Where there is no file, it is too large, or the reader refuses it; messages call it by the sender's name.
    """
    sent = request.FILES.get("file")
    text = request.POST.get(pasted, "") if pasted else ""
    if sent is None and text.strip():
        sent = SimpleUploadedFile("table.csv", text.encode())
    if sent is None or sent.size is None:
        raise InputError(Problem("file", "the file", "no file", expected, "Choose a file."))
    _bounded(sent.name or "the file", sent.size)
    return parsed(sent.name or "file", sent.read(), reader)


def _bounded(name: str, size: int) -> None:
    if size > LARGEST:
        raise InputError(Problem("file", name, f"{size / 1e6:.0f} MB", f"at most {LARGEST / 1e6:.0f} MB", "Check that it is the right file."))  # fmt: skip


def _demand_plain(made: object, path: Path) -> None:
    """Refuse a case or agreements with a character that no database keeps; YAML and JSON can write it as an escape."""
    documents = made if isinstance(made, list | tuple) else [made]
    if any(isinstance(d, Case | Partnership) and _holds_none(d.model_dump()) for d in documents):
        raise InputError(Problem("file", str(path), "the character U+0000, which nobody sees", "text without it", "Look for \\0, \\x00 or \\u0000 in the file, and take it out."))  # fmt: skip


def _holds_none(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_none(v) for pair in value.items() for v in pair)
    if isinstance(value, list | tuple):
        return any(map(_holds_none, value))
    return isinstance(value, str) and "\0" in value


def parsed(name: str, content: bytes, reader: Callable[[Path], Read]) -> Read:
    """Return what a reader makes of a file by its sender's name for it.

    Raises
    ------
    InputError
        Where it is too large, or the reader refuses it.
    """
    _bounded(name, len(content))
    name = Path(name).name or "file"
    with tempfile.TemporaryDirectory() as folder:
        # The reader chooses the form by the ending; the rest of a stranger's file name goes nowhere.
        path = Path(folder) / f"sent{Path(name).suffix.lower()[:6]}"
        path.write_bytes(content)
        try:
            made = reader(path)
            _demand_plain(made, path)
        except InputError as error:
            raise InputError([Problem(p.path, p.where.replace(str(path), name), p.found, p.expected, p.fix) for p in error.problems]) from None  # fmt: skip
    return made
