"""How a problem of a workbook is told: by sheet and cell."""

from __future__ import annotations

from collections.abc import Callable

from interlocal.case.sheets import Grid
from interlocal.case.workbook.layout import Sheet

Report = Callable[[str, str, str, str], None]
"""Takes where it is, what was found, what was expected and how to mend it."""
YOURS = "_"
"""Sheets and headings that begin so belong to the author and are not read."""


def cell_name(sheet: Sheet, grid: Grid, row: int, column: int) -> str:
    """Return the name of a cell as the file has it; a form was turned so that its headings stand in a row."""
    return grid.place(column, row) if sheet.is_form else grid.place(row, column)
