"""The case a newcomer starts from: a commented file, short or with every section."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from interlocal.problems import InputError, Problem


def starter(*, full: bool = False) -> str:
    """Return a commented case in YAML that passes the check; its places are made up.

    Parameters
    ----------
    full
        Every section of the format, rather than the shortest case that yields a study.
    """
    name = "starter_full.yaml" if full else "starter.yaml"
    return (files("interlocal.case") / name).read_text(encoding="utf-8")


def write_starter(path: Path, *, full: bool = False) -> None:
    """Write a starter to a file that does not exist yet.

    Raises
    ------
    InputError
        Where the file is there already, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(starter(full=full))
    except FileExistsError:
        raise InputError(
            Problem(
                "", str(path), "a file of this name already", "a name that is free", "Choose another name."
            )
        ) from None
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise InputError(
            Problem(
                "",
                str(path),
                f"a place that cannot be written ({reason})",
                "a folder you may write to",
                "Choose another place.",
            )
        ) from None
