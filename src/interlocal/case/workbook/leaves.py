"""What stands in one cell, as the tree holds it: numbers, days, words, and lists or mappings written in a cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from interlocal.case.sheets import Unusable
from interlocal.case.text import Node, parse
from interlocal.case.workbook.cells import unquoted
from interlocal.case.workbook.layout import bare, is_quantity, list_item, mapping_item, models_in
from interlocal.case.workbook.wrong import Report
from interlocal.problems import InputError


@dataclass
class Leaves:
    """Makes a node of a cell."""

    problem: Report
    order: int = 0
    """Number of the value that is read; a node carries it where text has its line."""

    def leaf(self, raw: Any, annotation: Any, where: str) -> Node:
        """Return the value of a cell as the field it fills takes it."""
        value = raw.shown if isinstance(raw, Unusable) else raw
        if isinstance(value, dt.datetime):
            value = (value.date() if value.time() == dt.time() else value).isoformat()
        elif isinstance(value, (dt.date, dt.time, dt.timedelta)):
            value = str(value)
        is_list = list_item(annotation) is not None
        quantity = is_quantity(annotation)
        in_keys = mapping_item(annotation) is not None or bool(models_in(annotation))
        if isinstance(value, str) and (is_list or (in_keys and (":" in value or value == "{}"))):
            return self._parsed(value, "[]" if is_list else "{}", where)
        if quantity and isinstance(value, str):
            value = _number(value)
        elif is_list:
            return self._relocate(Node([value], 0, {0: Node(value, 0)}), where)
        elif bare(annotation) is dt.date and isinstance(value, (int, float)) and not isinstance(value, bool):
            self.problem(
                where,
                f"the number {value}",
                "a date",
                "Write it like 2026-07-01, or format the cell as a date.",
            )
            value = str(value)
        elif _is_text(annotation):
            value = unquoted(value) if isinstance(value, str) else _as_text(value)
        return Node(value, self.order, cell=where)

    def _parsed(self, text: str, brackets: str, where: str) -> Node:
        whole = text if text[:1] == brackets[0] and text[-1:] == brackets[1] and brackets == "{}" else None
        attempts = [whole] if whole else [brackets[0] + text + brackets[1]]
        if brackets == "[]" and text[:1] == "[" and text[-1:] == "]":
            attempts.insert(0, text) if text == "[]" else attempts.append(text)
        for attempt in attempts:
            try:
                return self._relocate(parse(attempt.encode(), where), where)
            except InputError:
                continue
        self.problem(
            where,
            f"“{text[:60]}”",
            "entries with commas between them"
            if brackets == "[]"
            else "keys and values, like low: 80, high: 120",
            "Put an entry that holds commas or colons itself in quotes.",
        )
        return Node(text, self.order, cell=where)

    def _relocate(self, node: Node, where: str) -> Node:
        node.cell, node.line = where, self.order
        for child in node.children.values():
            self._relocate(child, where)
        return node


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _is_text(annotation: Any) -> bool:
    plain = bare(annotation)
    return plain is str or (isinstance(plain, type) and issubclass(plain, str))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
