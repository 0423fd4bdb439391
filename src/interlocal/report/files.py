"""The files of a study: each is whole or is not there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from interlocal.problems import InputError, Problem
from interlocal.report.language import SOURCE, own_words, speaking
from interlocal.report.page import render_page
from interlocal.study import Study


def write(study: Study, folder: str | Path, language: str = SOURCE) -> list[Path]:
    """Write ``study.json`` and ``study.html`` into a folder, which is made where it is missing, and return their paths.

    Parameters
    ----------
    language
        The page is written in it too, as ``study.CODE.html``.

    Raises
    ------
    InputError
        When the folder cannot be made or written.
    """
    folder = Path(folder)
    texts = {"study.json": study.to_json(), "study.html": render_page(study.document)}
    if language != SOURCE:
        with speaking(language, own_words(study.case.model_dump(mode="json"))):
            texts[f"study.{language}.html"] = render_page(study.document)
    with writing(folder):
        return [_text(folder / name, text) for name, text in texts.items()]


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make a folder, and turn what goes wrong while writing into a problem that tells how to mend it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise InputError(
            Problem(
                path="",
                where=str(folder),
                found=error.strerror or type(error).__name__,
                expected="a folder in which Interlocal may write",
                fix="Name another folder, or check who may write there and the free space on the disk.",
            )
        ) from error


def whole(path: Path, make: Callable[[Path], None]) -> Path:
    """Make beside the file and rename: a reader, or a run cut short, never meets half of it."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    os.close(handle)
    try:
        make(Path(beside))
        # mkstemp lets only its owner read; a report is for others too, as far as the umask allows.
        mask = os.umask(0)
        os.umask(mask)
        Path(beside).chmod(0o666 & ~mask)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def _text(path: Path, text: str) -> Path:
    def make(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8", newline="\n")

    return whole(path, make)
