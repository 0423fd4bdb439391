"""Write a document as a workbook that people fill in: guidance beside every value, choices where there are some."""

from __future__ import annotations

import datetime as dt
import io
import math
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from interlocal.case.canonical import Document
from interlocal.case.workbook.book import CASE, Book
from interlocal.case.workbook.cells import HEADINGS_ROW, KEY, Filled, spread
from interlocal.case.workbook.layout import Column, bare, is_quantity, list_item, mapping_item

_GUIDE = "Start here"
_LISTS = "_choices"
_LAST_ROW = 500
"""Rows of a table that get choices and checks."""
_WIDE = frozenset(
    {"text", "title", "summary", "scope", "note", "source", "what", "reason", "name", "citation", "statement"}
)
_MUCH = frozenset({"low", "likely", "high", "value"})
_ADVICE = (
    "Each sheet is a section. Fill in what you know; leave the rest empty: what is not known is said to be so.",
    "Sheets that are still empty are hidden: right-click any sheet's tab and choose Unhide.",
    "Dark headings must be filled in; their guidance begins with “Required”. Click a cell to see what belongs in it.",
    "Money is in units of the currency, without signs: 412000. Rates and shares are parts of one: 0.03, or 3%.",
    (
        "Where you are unsure of a number, give a range: fill in low, likely and high instead, or write "
        "low: 80, likely: 95, high: 120 in the cell."
    ),
    "Several entries in a cell have commas between them. Ids are small letters, digits and _.",
    "Any entry may say its source, who may see it (visibility: facilitator, partners or public) and its basis.",
    (
        "You may paste, sort, use formulas, and add any heading of the reference (such as amount.source). "
        "Sheets and headings that begin with _ are yours and are not read."
    ),
)


def to_workbook(held: Document, book: Book = CASE, *, every_section: bool = False) -> bytes:
    """Return a document as an Excel workbook.

    Parameters
    ----------
    every_section
        Show the sheets of all sections, not only those it has.

    Raises
    ------
    InputError
        Where a text is too long for a cell.
    """
    filled = spread(held, book)
    target = io.BytesIO()
    file = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    about = {"title": _title(held), "comments": f"An Interlocal {book.name}, format 1"}
    file.set_properties(about | {"created": dt.datetime.combine(book.made_on(held), dt.time())})
    _Writer(file, book, filled, every_section=every_section).write(_title(held))
    file.close()
    return target.getvalue()


class _Writer:
    def __init__(
        self, file: xlsxwriter.Workbook, book: Book, filled: list[Filled], *, every_section: bool
    ) -> None:
        self.file, self.book, self.filled, self.every_section = file, book, filled, every_section
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.plain = file.add_format(base)
        self.wrapped = file.add_format(base | {"text_wrap": True})
        self.title = file.add_format(base | {"bold": True, "font_size": 14})
        self.help = file.add_format(
            base | {"italic": True, "text_wrap": True, "font_size": 9, "font_color": "#444444"}
        )
        self.must = file.add_format(
            base | {"bold": True, "bg_color": "#1F3B57", "font_color": "#FFFFFF", "border": 1}
        )
        self.may = file.add_format(base | {"bold": True, "bg_color": "#DCE6F0", "border": 1})
        self.date = file.add_format(base | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.money = file.add_format(base | {"num_format": "#,##0"})
        self.cents = file.add_format(base | {"num_format": "#,##0.00"})
        self.choices: dict[tuple[str, ...], str] = {}

    def write(self, title: str) -> None:
        guide = self.file.add_worksheet(_GUIDE)
        for f in self.filled:
            sheet = self.file.add_worksheet(f.sheet.name)
            if not f.rows and not self.every_section:
                sheet.hide()
            sheet.write_string(0, 0, f.sheet.help, self.title)
            sheet.set_row(0, 24)
            (self._form if f.sheet.is_form else self._table)(sheet, f)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(HEADINGS_ROW - 1)
            sheet.hide_gridlines(0)
        self._guide(guide, title)
        self._write_choices()
        guide.activate()

    def _guide(self, sheet: Any, title: str) -> None:
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 92)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(
            0, 0, f"{self.book.one[0].upper()}{self.book.one[1:]} for Interlocal: {title}", self.title
        )
        advices = (*_ADVICE, *self.book.advice)
        for i, advice in enumerate(advices, start=2):
            sheet.write_number(i, 0, i - 1, self.file.add_format({"align": "left", "valign": "top"}))
            sheet.write_string(i, 1, advice, self.wrapped)
            sheet.set_row(i, 16 * math.ceil(len(advice) / 100))
        top = len(advices) + 3
        sheet.write_row(top, 0, ["sheet", "what it holds"], self.may)
        for i, f in enumerate(self.filled, start=top + 1):
            sheet.write_url(i, 0, f"internal:'{f.sheet.name}'!A1", string=f.sheet.name)
            count = "" if f.rows else " (empty)"
            sheet.write_string(i, 1, f.sheet.help + count, self.wrapped)

    def _table(self, sheet: Any, f: Filled) -> None:
        heads = [*((h, None) for h in f.leading), *((c.heading, c) for c in f.columns)]
        for j, (heading, column) in enumerate(heads):
            must = column is None or column.required
            sheet.write_string(1, j, _guidance(column) if column else _about_leading(heading, f), self.help)
            sheet.write_string(HEADINGS_ROW - 1, j, heading, self.must if must else self.may)
            sheet.set_column(j, j, self._width(f, heading, column), self.plain)
            self._rules(sheet, f, heading, column, (HEADINGS_ROW, j, _LAST_ROW, j))
        sheet.set_row(1, 60)
        self._values(sheet, f)
        frozen = len(f.leading) + (f.columns[0].path == ("id",) if f.columns else 0)
        sheet.freeze_panes(HEADINGS_ROW, frozen)

    def _form(self, sheet: Any, f: Filled) -> None:
        wide = max(1, len(f.rows), 4 if f.sheet.many else 1)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 1 + wide, 34, self.wrapped)
        for j, word in enumerate(("field", "what it means", *(["value"] if not f.sheet.many else []))):
            sheet.write_string(HEADINGS_ROW - 1, j, word, self.may)
        for i, column in enumerate(f.columns, start=HEADINGS_ROW):
            sheet.write_string(i, 0, column.heading or ".", self.must if column.required else self.may)
            sheet.write_string(i, 1, _guidance(column), self.help)
            longest = max(
                [len(_guidance(column)) / 72, *(len(str(r.values.get(column.path, ""))) / 34 for r in f.rows)]
            )
            sheet.set_row(i, min(200, 16 * max(1, math.ceil(longest))))
            self._rules(sheet, f, column.heading, column, (i, 2, i, 1 + wide))
        self._values(sheet, f)
        sheet.freeze_panes(HEADINGS_ROW, 1)

    def _values(self, sheet: Any, f: Filled) -> None:
        first = 3 if f.sheet.is_form else 1
        for (row, column), value in f.cells().items():
            if row <= HEADINGS_ROW or column < first:
                continue
            at = (row - 1, column - 1)
            match value:
                case bool():
                    sheet.write_boolean(*at, value, self.plain)
                case int() | float():
                    spec = f.columns[(row - HEADINGS_ROW if f.sheet.is_form else column - len(f.leading)) - 1]
                    exact = _is_amount(spec.annotation) and value != int(value)
                    plenty = (
                        is_quantity(spec.annotation) or _is_amount(spec.annotation) or spec.path[-1] in _MUCH
                    )
                    shown = (
                        self.cents if exact else self.money if plenty and abs(value) >= 1000 else self.plain
                    )
                    sheet.write_number(*at, value, shown)
                case dt.date():
                    sheet.write_datetime(*at, dt.datetime.combine(value, dt.time()), self.date)
                case _:
                    sheet.write_string(
                        *at, value, self.wrapped if f.sheet.is_form or len(value) > 24 else self.plain
                    )

    def _width(self, f: Filled, heading: str, column: Column | None) -> float:
        values = (
            r.values.get(column.path) if column else r.key if heading == KEY else r.parent for r in f.rows
        )
        written = [len(str(v)) for v in values if v is not None]
        least = 30 if heading.rpartition(".")[2] in _WIDE else 12
        return min(46, max([least, len(heading) + 3, *written]))

    def _rules(
        self, sheet: Any, f: Filled, heading: str, column: Column | None, area: tuple[int, ...]
    ) -> None:
        """Give cells their choices, their checks and the guidance that shows when one is clicked."""
        rule: dict[str, Any] = {"validate": "any"}
        choices = _choices_of(column)
        catalogue = (self.book.catalogues or {}).get((f.sheet.name, heading))
        table = f.sheet.path[0] if heading == f.sheet.parent else (self.book.own_ids or {}).get(heading)
        if choices:
            rule = {"validate": "list", "source": self._listed(choices)}
        elif catalogue is not None:
            rule = {"validate": "list", "source": self._listed(tuple(catalogue()))}
        elif table:
            rule = {"validate": "list", "source": self._ids_of(table), "error_type": "warning"}
        elif column is not None and (limits := _limits_of(column)):
            rule = limits
        text = _guidance(column) if column else _about_leading(heading, f)
        rule |= {
            "input_title": heading[:32],
            "input_message": text if len(text) <= 255 else text[:254] + "…",
            "error_title": heading[:32],
            "error_message": "This does not fit here. The guidance says what does.",
        }
        sheet.data_validation(*area, rule)
        if column is not None and bare(column.annotation) is dt.date and not f.sheet.is_form:
            sheet.set_column(area[1], area[1], self._width(f, heading, column), self.date)

    def _listed(self, words: tuple[str, ...]) -> str:
        column = xl_col_to_name(
            list(self.choices).index(words) if words in self.choices else len(self.choices)
        )
        return self.choices.setdefault(words, f"='{_LISTS}'!${column}$1:${column}${len(words)}")

    def _ids_of(self, table: str) -> str:
        f = next(x for x in self.filled if x.sheet.name == table)
        at = next(i for i, c in enumerate(f.columns) if c.path == (f.sheet.own_key,))
        if f.sheet.is_form:
            row = HEADINGS_ROW + at + 1
            return f"='{table}'!$C${row}:$Z${row}"
        column = xl_col_to_name(len(f.leading) + at)
        return f"='{table}'!${column}${HEADINGS_ROW + 1}:${column}${_LAST_ROW}"

    def _write_choices(self) -> None:
        sheet = self.file.add_worksheet(_LISTS)
        sheet.hide()
        for j, words in enumerate(self.choices):
            sheet.write_column(0, j, words)


def _is_amount(annotation: Any) -> bool:
    """Whether a value is money to the cent."""
    return Decimal in {bare(annotation), bare(mapping_item(annotation))}


def _title(held: Document) -> str:
    return str(getattr(held, "title", ""))


def _about_leading(heading: str, f: Filled) -> str:
    if heading == KEY:
        return "Required. The id under which this entry is known, such as population."
    return (
        f"Required. The {f.sheet.owner.own_key} of the entry of sheet {f.sheet.path[0]} that this belongs to."
    )


def _guidance(column: Column) -> str:
    words = column.help.replace("``", "").strip()
    words = words[:1].upper() + words[1:]
    must = "Required. " if column.required else ""
    return " ".join(f"{must}{words} {_form_of(column)}".split())


def _form_of(column: Column) -> str:
    plain = bare(column.annotation)
    if choices := _choices_of(column):
        return f"One of {', '.join(choices)}."
    if is_quantity(column.annotation):
        return "A number, or a range."
    if list_item(column.annotation) is not None:
        return "Several have commas between them."
    if mapping_item(column.annotation) is not None:
        return f"Key: value, with commas; or headings such as {column.heading}.KEY."
    return {
        dt.date: "A date.",
        int: "A whole number.",
        float: "A number.",
        Decimal: "An amount to the cent.",
    }.get(plain, "")


def _choices_of(column: Column | None) -> tuple[str, ...]:
    if column is None:
        return ()
    plain = bare(column.annotation)
    if plain is bool:
        return ("TRUE", "FALSE")
    return tuple(map(str, get_args(plain))) if get_origin(plain) is Literal else ()


def _limits_of(column: Column) -> dict[str, Any] | None:
    plain = bare(column.annotation)
    if plain is dt.date:
        return {"validate": "date", "criteria": ">=", "value": dt.date(1900, 1, 1)}
    if plain is int:
        return {"validate": "integer", "criteria": ">=", "value": 0}
    if plain in {float, Decimal}:
        return {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
    return None
