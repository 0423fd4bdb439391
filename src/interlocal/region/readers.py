"""Files into columns of text: CSV (also gzipped), Parquet and Excel."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem

if TYPE_CHECKING:
    from pathlib import Path

Columns = dict[str, list[str]]
_TRUE, _FALSE = frozenset({"true", "yes"}), frozenset({"false", "no"})


def read_columns(path: Path) -> Columns:
    """Return each column of a table as a list of stripped words, in the order of the file.

    Raises
    ------
    InputError
        When the file is absent, has no rows, has two columns of one name or rows of unlike length.
    """
    if not path.is_file():
        raise InputError(Problem("", str(path), "no such file", "a table", "Check the path."))
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path)
    if suffix in {".xlsx", ".xlsm"}:
        rows = _excel(path)
    else:
        raw = gzip.decompress(path.read_bytes()) if suffix == ".gz" else path.read_bytes()
        rows = list(csv.reader(io.StringIO(_decoded(raw, path), newline="")))
    return _columns(rows, path)


def _decoded(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                "",
                f"{path}, byte {error.start}",
                "text that is not UTF-8",
                "UTF-8",
                "Save the file as UTF-8.",
            )
        ) from error


def _columns(rows: list[list[str]], path: Path) -> Columns:
    if len(rows) < 2:
        raise InputError(
            Problem("", str(path), "no rows", "a header row and rows below it", "Check the file.")
        )
    header = [name.strip() for name in rows[0]]
    problems = [
        Problem(
            f"/{name}",
            f"{path}, row 1",
            f"two columns named {name}",
            "one name per column",
            "Rename one of them.",
        )
        for name in sorted({n for n in header if n and header.count(n) > 1})
    ]
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    problems += [
        Problem(
            f"/{number}",
            f"{path}, row {number}",
            f"{len(row)} cells",
            f"{len(header)} cells as in the header",
            "Look for a missing comma or quote.",
        )
        for number, row in body
        if len(row) != len(header)
    ]
    if problems:
        raise InputError(problems)
    return {
        name: [cell.strip() for cell in cells]
        for name, cells in zip(header, zip(*(row for _, row in body), strict=True), strict=True)
    }


def _late(module: str, path: Path) -> Any:
    import importlib  # noqa: PLC0415 – only these two kinds of file need it

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise InputError(
            Problem(
                "",
                str(path),
                f"a {path.suffix} file, and no {module} to read it",
                "CSV, or the package",
                f"Install {module}, or save the table as CSV.",
            )
        ) from error


def _parquet(path: Path) -> Columns:
    polars = _late("polars", path)
    frame = polars.read_parquet(path)
    return {name: [_word(value) for value in frame[name].to_list()] for name in frame.columns}


def _excel(path: Path) -> list[list[str]]:
    openpyxl = _late("openpyxl", path)
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return [[_word(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def numbers(cells: list[str], codes: tuple[float, ...] = ()) -> tuple[npt.NDArray[np.float64], list[int]]:
    """Return the cells as numbers (blank and ``codes`` → nan) and the rows that are words instead.

    Thousands commas and a currency sign are understood; nothing else is guessed.
    """
    words: list[int] = []
    try:
        values = np.array([cell or "nan" for cell in cells], dtype=np.float64)
    except ValueError:
        values = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells):
            try:
                values[row] = float(cell.replace(",", "").lstrip("$£€") or "nan")
            except ValueError:
                words.append(row)
    values[~np.isfinite(values)] = np.nan
    if codes:
        values[np.isin(values, codes)] = np.nan
    return values, words


class Typed(Mapping[str, npt.NDArray[Any]]):
    """Columns as arrays for conditions: numbers, truth values or words, decided by what every cell holds."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._arrays: dict[str, npt.NDArray[Any]] = {}

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self._arrays:
            self._arrays[name] = self._array(self._columns[name])
        return self._arrays[name]

    def __iter__(self) -> Any:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @staticmethod
    def _array(cells: list[str]) -> npt.NDArray[Any]:
        lowered = {cell.lower() for cell in cells} - {""}
        if lowered and lowered <= _TRUE | _FALSE:
            return np.array([cell.lower() in _TRUE for cell in cells])
        values, words = numbers(cells)
        return np.array(cells, dtype=np.str_) if words else values
