"""Files into columns of text: text with separators (also gzipped), Parquet and Excel, within bounds."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from interlocal.problems import InputError, Problem
from interlocal.region.cells import Columns, with_points

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 100_000_000
"""Largest text that is read, once unpacked."""
MOST_COLUMNS = 2_000
MOST_CELLS = 10_000_000
"""In a workbook, empty ones counted: a single cell far away makes a large table."""
SHOWN = 20
"""Faulty rows that are told one by one."""
_SEPARATORS = ",;\t|"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ZIPPED = b"PK\x03\x04"

Rows = list[tuple[int, list[str]]]
"""Rows that hold something, with their numbers."""


def read_columns(path: Path) -> Columns:
    """Return each column of a table as a list of stripped words; see :func:`read_numbered`."""
    return read_numbered(path)[0]


def read_numbered(path: Path) -> tuple[Columns, tuple[int, ...]]:
    """Return each column of a table as a list of stripped words, in the order of the file, and the rows' numbers in it.

    Text may be separated by commas, semicolons, tabs or bars, and its numbers may have decimal commas.

    Raises
    ------
    InputError
        When the file is absent or too large, is no table, has no rows, has two columns of one name or rows of unlike length.
    """
    if not path.is_file():
        raise InputError(Problem("", str(path), "no such file", "a table", "Check the path."))
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        columns = _parquet(path)
        return columns, tuple(range(2, 2 + max(map(len, columns.values()), default=0)))
    if suffix in {".xlsx", ".xlsm"}:
        rows = _excel(path)
        return _columns(rows, path), _numbers(rows)
    raw = path.read_bytes()
    rows = _separated(_decoded(_unpacked(raw, path) if suffix == ".gz" else raw, path), path)
    return with_points(_columns(rows, path)), _numbers(rows)


def _numbers(rows: Rows) -> tuple[int, ...]:
    return tuple(number for number, _ in rows[1:])


def _unpacked(raw: bytes, path: Path) -> bytes:
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = unpack.decompress(raw, MOST_BYTES + 1)
    except zlib.error as error:
        raise InputError(
            Problem(
                "", str(path), "a file that is not gzip, or is damaged", "a gzipped table", "Pack it anew."
            )
        ) from error
    if len(data) > MOST_BYTES:
        found = f"more than {MOST_BYTES / 1e6:.0f} MB once unpacked"
        raise InputError(Problem("", str(path), found, "less", "Leave out columns or rows."))
    return data


def _decoded(raw: bytes, path: Path) -> str:
    coding = "utf-16" if raw[:2] in _UTF_16 else "utf-8-sig"
    if raw[:4] == _ZIPPED:
        raise InputError(
            Problem("", str(path), "a workbook or zip file under another name", "text with separators", "Give it the ending .xlsx, or save it as CSV.")
        )  # fmt: skip
    try:
        text = raw.decode(coding)
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                "",
                f"{path}, byte {error.start}",
                "text that is not UTF-8",
                "UTF-8",
                "Save the file as UTF-8; Excel calls it “CSV UTF-8”.",
            )
        ) from error
    if "\0" in text:
        raise InputError(
            Problem("", str(path), "bytes that are not text", "text with separators", "Save it as CSV.")
        )
    return text


def _separated(text: str, path: Path) -> Rows:
    head = text[: text.find("\n") + 1 or len(text)]
    separator = max(_SEPARATORS, key=head.count)
    try:
        return _filled(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise InputError(
            Problem("", str(path), f"text that is no table ({error})", "cells with separators", "Look for a quote that is not closed.")
        ) from error  # fmt: skip


def _filled(rows: Iterable[list[str]]) -> Rows:
    return [(number, row) for number, row in enumerate(rows, start=1) if any(row)]


def _columns(rows: Rows, path: Path) -> Columns:
    if len(rows) < 2 or rows[0][0] > 1:
        raise InputError(
            Problem("", str(path), "no rows", "a header row and rows below it", "Check the file.")
        )
    header = [name.strip() for name in rows[0][1]]
    if len(header) > MOST_COLUMNS:
        found = f"{len(header):,} columns"
        raise InputError(
            Problem(
                "", f"{path}, row 1", found, f"at most {MOST_COLUMNS:,}", "Leave out those you do not need."
            )
        )
    problems = [
        Problem(
            f"/{name}",
            f"{path}, row 1",
            f"two columns named {name}",
            "one name per column",
            "Rename one of them.",
        )
        for name, times in sorted(Counter(header).items())
        if name and times > 1
    ]
    uneven = [(number, len(row)) for number, row in rows[1:] if len(row) != len(header)]
    problems += list(_uneven(uneven, len(header), path))
    if problems:
        raise InputError(problems)
    return {
        name: [cell.strip() for cell in cells]
        for name, cells in zip(header, zip(*(row for _, row in rows[1:]), strict=True), strict=True)
    }


def _uneven(found: list[tuple[int, int]], expected: int, path: Path) -> Iterator[Problem]:
    for number, cells in found[:SHOWN]:
        yield Problem(
            f"/{number}",
            f"{path}, row {number}",
            f"{cells} cells",
            f"{expected} cells as in the header",
            "Look for a missing comma or quote.",
        )
    if len(found) > SHOWN:
        yield Problem(
            "",
            str(path),
            f"{len(found) - SHOWN:,} more such rows",
            f"{expected} cells each",
            "Mend them likewise.",
        )


def _parquet(path: Path) -> Columns:
    import polars as pl  # noqa: PLC0415 – slow to import

    frame = pl.read_parquet(path)
    return {name: [_word(value) for value in frame[name].to_list()] for name in frame.columns}


def _excel(path: Path) -> Rows:
    from interlocal.case.sheets import read_grids  # noqa: PLC0415 – slow to import

    cells = read_grids(path.read_bytes(), str(path))[0].cells
    numbers = sorted({row for row, _ in cells})
    wide = max((column for _, column in cells), default=0)
    if len(numbers) * wide > MOST_CELLS:
        found = f"{len(numbers):,} rows of {wide:,} columns"
        raise InputError(
            Problem("", str(path), found, f"at most {MOST_CELLS:,} cells", "Leave out columns or rows.")
        )
    rows = {number: [""] * wide for number in numbers}
    for (row, column), value in cells.items():
        rows[row][column - 1] = _word(value)
    return list(rows.items())


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value).strip()
