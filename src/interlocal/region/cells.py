"""Words of a table as numbers and truth values, and numbers written with a decimal comma as ordinary ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Columns = dict[str, list[str]]
_TRUE, _FALSE = frozenset({"true", "yes"}), frozenset({"false", "no"})
_GROUPED = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COMMA = re.compile(r"[-−]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
"""A number with a decimal comma, or with points between thousands."""


def numbers(cells: list[str], codes: tuple[float, ...] = ()) -> tuple[npt.NDArray[np.float64], list[int]]:
    """Return the cells as numbers (blank and ``codes`` → nan) and the rows that are words instead.

    Commas between thousands and a currency sign are understood; nothing else is guessed.
    """
    words: list[int] = []
    try:
        values = np.array([cell or "nan" for cell in cells], dtype=np.float64)
    except ValueError:
        values = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells):
            plain = cell.lstrip("$£€ ")
            try:
                values[row] = float((plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain) or "nan")
            except ValueError:
                words.append(row)
    values[~np.isfinite(values)] = np.nan
    if codes:
        values[np.isin(values, codes)] = np.nan
    return values, words


def with_points(columns: Columns) -> Columns:
    """Return a table whose numbers have decimal points, where it is written with decimal commas.

    It is taken to be so where some cell can be read in no other way (``12,5`` or ``1.234,56``) and none the other way
    round (``1,234.5`` or ``12.5``); then each column that holds nothing but such numbers is turned.
    """
    written = [cell for cells in columns.values() for cell in cells if cell]
    if not any(_COMMA.fullmatch(c) and _ends_in_comma(c) for c in written) or any(map(_has_point, written)):
        return columns
    return {name: _turned(cells) for name, cells in columns.items()}


def _ends_in_comma(cell: str) -> bool:
    whole, comma, rest = cell.rpartition(",")
    return bool(comma) and (len(rest) != 3 or "." in whole)


def _has_point(cell: str) -> bool:
    whole, point, rest = cell.rpartition(".")
    return bool(point) and rest.isdigit() and whole.lstrip("-−").replace(",", "").isdigit() and (len(rest) != 3 or "," in whole)  # fmt: skip


def _turned(cells: list[str]) -> list[str]:
    if not all(_COMMA.fullmatch(cell) for cell in cells if cell):
        return cells
    return [cell.replace(".", "").replace(",", ".") for cell in cells]


class Typed(Mapping[str, npt.NDArray[Any]]):
    """Columns as arrays for conditions: numbers, truth values or words, decided by what every cell holds."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._arrays: dict[str, npt.NDArray[Any]] = {}

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self._arrays:
            self._arrays[name] = self._array(self._columns[name])
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @staticmethod
    def _array(cells: list[str]) -> npt.NDArray[Any]:
        if are_truths(cells):
            return np.array([cell.lower() in _TRUE for cell in cells])
        values, words = numbers(cells)
        return np.array(cells, dtype=np.str_) if words else values


def are_truths(cells: Iterable[str]) -> bool:
    """Whether a column says yes or no and nothing else."""
    lowered = {cell.lower() for cell in cells} - {""}
    return bool(lowered) and lowered <= _TRUE | _FALSE
