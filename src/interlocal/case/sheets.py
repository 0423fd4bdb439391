"""Open an Excel workbook from somebody else with care, and give its sheets as plain cells.

A workbook is a zip of XML written by a stranger: sizes are looked at before anything is unpacked, and document types,
entities, passwords and links to other workbooks are refused in words. Formulas count with the value stored beside them;
one without a stored value, and an error such as ``#REF!``, stays in its cell as something that cannot be used.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from interlocal.problems import InputError, Problem

MAX_UNPACKED = 60_000_000
MAX_PARTS = 2_000
MAX_CELLS = 500_000
"""Half a gigabyte of memory, and some seconds."""
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_SHEET = re.compile(rb"<(?:\w+:)?sheetData")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True)
class Unusable:
    """What stands in a cell that holds no value; it reads as the text that the cell shows."""

    shown: str
    found: str
    expected: str
    fix: str

    def __str__(self) -> str:
        return self.shown

    def at(self, where: str, path: str = "") -> Problem:
        """Return it as a problem of the cell at a place."""
        return Problem(path, where, self.found, self.expected, self.fix)


Cells = dict[tuple[int, int], Any]


@dataclass(frozen=True)
class Grid:
    """One sheet: what is in its cells by (row, column), from 1; empty cells are left out."""

    name: str
    cells: Cells
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column of each merged area."""
    percents: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """Cells whose number is shown as a percentage."""

    def place(self, row: int, column: int) -> str:
        """Return a cell in words a person can go to."""
        return f"sheet {self.name}, cell {get_column_letter(column)}{row}"


def read_grids(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a workbook in their order; ``name`` is what messages call it.

    Raises
    ------
    InputError
        Where the file is no workbook, or one that is not safe to open.
    """
    has_formulas = _look_inside(data, name)
    try:
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        written = openpyxl.load_workbook(io.BytesIO(data), keep_links=False) if has_formulas else values
    except Exception as error:  # noqa: BLE001 - openpyxl fails in many ways on a damaged file; all mean the same
        raise _refused(
            name,
            f"a workbook that cannot be read ({type(error).__name__})",
            "a workbook that Excel opens",
            "Open it in Excel or LibreOffice and save it again as .xlsx.",
        ) from None
    return [_grid(sheet, written[sheet.title]) for sheet in values.worksheets]


def _refused(name: str, found: str, expected: str, fix: str) -> InputError:
    return InputError(Problem("", name, found, expected, fix))


def _look_inside(data: bytes, name: str) -> bool:
    """Refuse what should not be opened; return whether any sheet has formulas."""
    if data[:8] == _OLD_OFFICE:
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _refused(
                name,
                "a workbook with a password",
                "one without",
                "Save a copy without a password: File, Info.",
            )
        raise _refused(
            name, "a workbook of the old kind (.xls)", "the newer kind (.xlsx)", "Save it as .xlsx in Excel."
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise _refused(
            name,
            "a file that is not a workbook, or is damaged",
            "an Excel workbook (.xlsx)",
            "If it is text (CSV) under another name, open it in Excel and save it as .xlsx.",
        ) from None
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise _refused(
            name,
            f"a workbook of {unpacked / 1e6:,.0f} MB in {len(parts):,} parts once unpacked",
            f"at most {MAX_UNPACKED / 1e6:.0f} MB in {MAX_PARTS:,} parts",
            "Copy the sheets that matter into a new workbook, as values.",
        )
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        kind = "an OpenDocument file" if "content.xml" in names else "a zip file without a workbook in it"
        raise _refused(name, kind, "an Excel workbook (.xlsx)", "Save it as .xlsx.")
    if links := sorted(n for n in names if n.startswith("xl/externalLinks/_rels/")):
        targets = {
            t.decode(errors="replace")
            for n in links
            for t in re.findall(rb'Target="([^"]+)"', archive.read(n))
        }
        raise _refused(
            name,
            "links to other workbooks: " + ", ".join(sorted(targets)[:5]),
            "figures that stand in this workbook",
            "In Excel: Data, Edit Links, Break Link; or paste the figures as values.",
        )
    try:
        return _formulas_in([(n, _narrow(archive.read(n))) for n in names], name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise _refused(
            name,
            f"a damaged workbook ({error})",
            "a workbook that Excel opens",
            "Open it in Excel or LibreOffice and save it again.",
        ) from None


def _formulas_in(parts: list[tuple[str, bytes]], name: str) -> bool:
    for part, text in parts:
        if b"<!DOCTYPE" in text:
            raise _refused(
                name,
                f"a document type in {part}, which could hold entities",
                "plain spreadsheet data",
                "Open it in Excel or LibreOffice and save it again as .xlsx.",
            )
    sheets = [text for _, text in parts if _SHEET.search(text)]
    cells = sum(sum(1 for _ in _CELL.finditer(text)) for text in sheets)
    if cells > MAX_CELLS:
        raise _refused(
            name,
            f"{cells:,} cells",
            f"at most {MAX_CELLS:,}",
            "Copy the rows and columns that matter into a new workbook, as values.",
        )
    return any(_FORMULA.search(text) for text in sheets)


def _narrow(text: bytes) -> bytes:
    """Return XML in UTF-16 a byte a letter, so that nothing in it is overlooked."""
    return text.replace(b"\0", b"") if b"\0" in text[:4] else text


def _grid(values: Any, written: Any) -> Grid:
    cells: Cells = {}
    percents = set()
    # The cells that exist, not the rectangle around them: one stray cell can span a million rows.
    for place, cell in values._cells.items():  # noqa: SLF001
        source = written._cells[place]  # noqa: SLF001
        value = cell.value
        if source.data_type == "f" and value is None:
            formula = str(getattr(source.value, "text", source.value))
            value = Unusable(
                formula,
                f"the formula {formula[:60]} without a stored value",
                "a value",
                "Open the workbook in Excel or LibreOffice and save it, or paste the value.",
            )
        elif cell.data_type == "e":
            value = Unusable(
                str(value), f"the error {value}", "a value", "Mend the formula, or type the value."
            )
        elif isinstance(value, str):
            value = value.strip() or None
        if value is not None:
            cells[place] = value
            if "%" in (cell.number_format or ""):
                percents.add(place)
    merged = tuple((r.min_row, r.min_col, r.max_row, r.max_col) for r in values.merged_cells.ranges)
    return Grid(values.title, cells, merged, frozenset(percents))
