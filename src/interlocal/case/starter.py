"""The case a newcomer starts from: a commented file, short or with every section."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from interlocal.case.document import Case
from interlocal.case.read import parse_case, read_case
from interlocal.case.written import to_json, to_yaml
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


def write_new(path: Path, *, full: bool = False, workbook: bool = False, source: Path | None = None) -> None:
    """Write a starter, or the case in ``source``, to a file that does not exist yet; the ending says in which form.

    Raises
    ------
    InputError
        Where the file is there already or cannot be written, or the case it comes from has problems.
    """
    if workbook and not _is_excel(path):
        raise InputError(
            Problem(
                "",
                str(path),
                f"the ending {path.suffix or '(none)'}",
                "a workbook's name ends in .xlsx",
                "Rename it.",
            )
        )
    if source is None and not _is_excel(path) and path.suffix.lower() != ".json":
        write_file(path, starter(full=full).encode())
        return
    case = parse_case(starter(full=full).encode(), "the starter") if source is None else read_case(source)
    write_case(path, case, every_section=full)


def write_case(path: Path, case: Case, *, every_section: bool = False) -> None:
    """Write a case to a file that does not exist yet, as YAML, JSON or a workbook by the file's ending.

    Raises
    ------
    InputError
        Where the file is there already or cannot be written.
    """
    if _is_excel(path):
        from interlocal.case.workbook.writing import to_workbook  # noqa: PLC0415 - only a workbook needs it

        write_file(path, to_workbook(case, every_section=every_section))
    else:
        write_file(path, (to_json if path.suffix.lower() == ".json" else to_yaml)(case).encode())


def write_file(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet.

    Raises
    ------
    InputError
        Where it is there already or cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
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


def _is_excel(path: Path) -> bool:
    return path.suffix.lower() == ".xlsx"
