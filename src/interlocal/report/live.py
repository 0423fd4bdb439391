"""Spreadsheet formulas that know their value: what is written beside a formula is what the formula gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell


@dataclass(frozen=True)
class Live:
    """A formula without its equals sign, and its value."""

    text: str
    value: float

    def __add__(self, other: Operand) -> Live:
        """Return the sum."""
        return self._with("+", other, lambda a, b: a + b)

    def __sub__(self, other: Operand) -> Live:
        """Return the difference."""
        return self._with("-", other, lambda a, b: a - b)

    def __mul__(self, other: Operand) -> Live:
        """Return the product."""
        return self._with("*", other, lambda a, b: a * b)

    def __pow__(self, other: Operand) -> Live:
        """Return the power."""
        return self._with("^", other, lambda a, b: a**b)

    def __rsub__(self, other: float) -> Live:
        """Return the difference from a plain number."""
        return live(other) - self

    def _with(self, sign: str, other: Operand, apply: Callable[[float, float], float]) -> Live:
        right = live(other)
        return Live(f"({self.text}{sign}{right.text})", apply(self.value, right.value))


Operand = Live | float


def live(value: Operand) -> Live:
    """Return a plain number as part of a formula."""
    return value if isinstance(value, Live) else Live(f"{float(value)!r}".removesuffix(".0"), float(value))


def total(parts: Sequence[Operand]) -> Live:
    """Return a sum; nothing sums to 0."""
    found = live(0.0)
    for i, part in enumerate(parts):
        found = live(part) if i == 0 else found + part
    return found


@dataclass
class Page:
    """A sheet written row by row; each row gives back references to its cells."""

    sheet: Any
    first_column: int
    row: int = 0

    def cells(self, values: Sequence[Operand], style: Any, at: int | None = None) -> list[Live]:
        """Write numbers and formulas from a column on (the first year's by default) in the present row."""
        start = self.first_column if at is None else at
        return [self.cell(start + i, value, style) for i, value in enumerate(values)]

    def cell(self, column: int, value: Operand, style: Any) -> Live:
        """Write one number or formula in the present row."""
        if isinstance(value, Live):
            self.sheet.write_formula(self.row, column, f"={value.text}", style, value.value)
        else:
            self.sheet.write_number(self.row, column, value, style)
        place = xl_rowcol_to_cell(self.row, column, row_abs=True, col_abs=True)
        return Live(f"'{self.sheet.get_name()}'!{place}", live(value).value)
