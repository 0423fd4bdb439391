"""A partner's own line-item budget onto cost lines of a case, by a small mapping; every row is accounted for."""

from __future__ import annotations

import csv
import fnmatch
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from interlocal.case.amounts import NotAnAmountError, amount_of
from interlocal.case.document import Case
from interlocal.case.options import Category
from interlocal.case.read import parse_case, validated
from interlocal.case.text import is_workbook, parse, read_bytes
from interlocal.case.values import Entry, Frozen, Quantity, Slug, Text, Year
from interlocal.case.written import document_of, to_json
from interlocal.problems import InputError, Problem, nearest

Patterns = Annotated[tuple[Text, ...], Field(min_length=1)]


class Headings(Frozen):
    """What the columns of the budget are headed."""

    amount: Text
    account: Text | None = None
    text: Text | None = None


class MappedLine(Entry):
    """A cost line and the rows of the budget that make it up."""

    id: Slug
    name: Text | None = None
    category: Category
    rows: Patterns
    """Accounts or descriptions: ``5110``, ``5100-5199``, ``51*``, ``*overtime*``; the first line that fits takes a row."""
    avoidable: Quantity | None = None
    """Share that would end with the service, as in a cost line."""


class LeftOut(Frozen):
    """Rows that are not counted, and why."""

    rows: Patterns
    reason: Text


class BudgetMap(Frozen):
    """How a budget maps onto cost lines."""

    year: Year
    """The fiscal year of the amounts."""
    headings: Headings
    sheet: Text | None = None
    """The sheet of a workbook; the first one where empty."""
    decimal: Literal[".", ","] | None = None
    """The sign before decimals in amounts that are written as text."""
    unit: Annotated[float, Field(gt=0)] = 1
    """1000 where the budget is in thousands."""
    lines: Annotated[tuple[MappedLine, ...], Field(min_length=1)]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class BudgetRow:
    """One row with an amount [currency/year]."""

    where: str
    account: str
    text: str
    amount: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"where": self.where, "account": self.account, "text": self.text, "amount": self.amount}


@dataclass(frozen=True)
class Budget:
    """Every row of a budget with an amount, under the line it makes up, left out, or not mapped."""

    name: str
    mapping: BudgetMap
    lines: dict[str, list[BudgetRow]]
    left_out: list[tuple[BudgetRow, str]]
    not_mapped: list[BudgetRow]

    def as_dict(self, partner: str) -> dict[str, Any]:
        """Return the account of the budget as ``--json`` gives it [currency/year]."""
        return {
            "partner": partner,
            "year": self.mapping.year,
            "lines": [
                {
                    "id": m.id,
                    "category": m.category,
                    "amount": _sum(self.lines[m.id]),
                    "rows": len(self.lines[m.id]),
                }
                for m in self.mapping.lines
            ],
            "left_out": [r.as_dict() | {"reason": why} for r, why in self.left_out],
            "not_mapped": [r.as_dict() for r in self.not_mapped],
            "total": {
                "mapped": _sum([r for rows in self.lines.values() for r in rows]),
                "left_out": _sum([r for r, _ in self.left_out]),
                "not_mapped": _sum(self.not_mapped),
            },
        }

    def cost_lines(self, partner: str) -> list[dict[str, Any]]:
        """Return the do-nothing lines of a partner; lines without rows are left out."""
        return [
            {
                "id": f"{partner}_{m.id}"[:64],
                "name": m.name or m.id.replace("_", " "),
                "category": m.category,
                "payer": partner,
                "amount": {"value": _sum(self.lines[m.id]), "year": self.mapping.year},
                "source": m.source or f"{self.name}, {len(self.lines[m.id])} rows",
                "basis": m.basis or "fact",
                "visibility": m.visibility,
            }
            | ({"avoidable": m.avoidable.model_dump(exclude_defaults=True)} if m.avoidable else {})
            for m in self.mapping.lines
            if self.lines[m.id]
        ]


def read_budget(path: Path, mapping: Path) -> Budget:
    """Read a budget in CSV or Excel by a mapping in YAML.

    Raises
    ------
    InputError
        With everything wrong in the mapping or, once that is sound, in the budget.
    """
    rules = validated(BudgetMap, parse(read_bytes(mapping), str(mapping)), str(mapping))
    grid = _grid(read_bytes(path), path, rules)
    found = _rows(grid, rules, str(path))
    budget = Budget(path.name, rules, {m.id: [] for m in rules.lines}, [], [])
    for row in found:
        line = next((m for m in rules.lines if _fits(row, m.rows)), None)
        out = next((x for x in rules.left_out if _fits(row, x.rows)), None)
        if line is not None:
            budget.lines[line.id].append(row)
        elif out is not None:
            budget.left_out.append((row, out.reason))
        else:
            budget.not_mapped.append(row)
    return budget


def with_budget(case: Case, partner: str, budget: Budget, name: str) -> Case:
    """Return a case whose do-nothing option has the partner's lines from its budget; lines of the same id are replaced.

    Raises
    ------
    InputError
        Where the case has no such partner, or the lines do not fit it.
    """
    if partner not in case.partner_ids:
        close = nearest(partner, case.partner_ids)
        raise InputError(
            Problem(
                "",
                "--partner",
                partner,
                f"a partner of the case: {', '.join(case.partner_ids)}",
                f"Did you mean {close}?" if close else "Choose one of these.",
            )
        )
    document = document_of(case)
    options = document["options"]
    today = next((o for o in options if o["kind"] == "do_nothing"), None)
    if today is None:
        today = {"id": "do_nothing", "name": "As today", "kind": "do_nothing"}
        options.insert(0, today)
    lines = budget.cost_lines(partner)
    ids = {line["id"] for line in lines}
    today["lines"] = [x for x in today.get("lines", []) if x["id"] not in ids] + lines
    text = to_json(Case.model_validate(document))
    return parse_case(text.encode(), name)


def _sum(rows: list[BudgetRow]) -> float:
    return round(sum(r.amount for r in rows), 2)


def _fits(row: BudgetRow, patterns: tuple[str, ...]) -> bool:
    for pattern in patterns:
        span = re.fullmatch(r"(\d+)-(\d+)", pattern)
        if span and row.account.isdigit() and int(span[1]) <= int(row.account) <= int(span[2]):
            return True
        if any(
            fnmatch.fnmatchcase(word.lower(), pattern.lower()) for word in (row.account, row.text) if word
        ):
            return True
    return False


def _grid(data: bytes, path: Path, rules: BudgetMap) -> Any:
    from interlocal.case.sheets import Grid, read_grids  # noqa: PLC0415 - openpyxl takes its time

    name = str(path)
    if is_workbook(data, name):
        grids = {g.name: g for g in read_grids(data, name)}
        wanted = rules.sheet or next(iter(grids))
        if wanted not in grids:
            close = nearest(wanted, grids)
            fix = f"Did you mean {close}?" if close else "Correct sheet in the mapping."
            raise InputError(Problem("/sheet", name, f"no sheet {wanted}", f"one of {', '.join(grids)}", fix))
        return grids[wanted]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # what Excel on Windows saves as CSV
    first = text[:4000]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = {(r, c): v.strip() for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1) if v.strip()}
    return Grid(path.name, cells)


def _rows(grid: Any, rules: BudgetMap, name: str) -> list[BudgetRow]:
    head, at = _headings(grid, rules, name)
    filled = dict(grid.cells)
    for top, left, bottom, right in grid.merged:  # a department named once for many rows
        if (top, left) in filled and left in {at.get("account"), at.get("text")}:
            filled |= {
                (r, c): filled[top, left]
                for r in range(top, min(bottom, top + 10_000) + 1)
                for c in range(left, right + 1)
            }
    found, problems = [], []
    for row in sorted({r for r, c in grid.cells if r > head and c == at["amount"]}):
        place = (row, at["amount"])
        where = grid.place(*place)
        try:
            amount = _amount(grid.cells[place], rules.decimal, percent=place in grid.percents)
        except NotAnAmountError as error:
            shown, fix = str(grid.cells[place])[:40], "Correct the cell, or leave the row without an amount."
            if "either" in str(error):
                fix = 'Say which in the mapping: decimal: "." or decimal: ","'
            problems.append(Problem("", f"{name}, {where}", f"“{shown}”, {error}", "an amount", fix))
            continue
        if amount is not None:
            words = [str(filled.get((row, at[k]), "")) if k in at else "" for k in ("account", "text")]
            words = [w.removesuffix(".0") for w in words]
            found.append(BudgetRow(where, words[0], words[1], amount * rules.unit))
    if problems:
        raise InputError(problems)
    return found


def _amount(value: Any, decimal: str | None, *, percent: bool) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if percent:
            raise NotAnAmountError("a percentage, where an amount is needed")
        return float(value)
    if hasattr(value, "found"):
        raise NotAnAmountError(f"{value.found}; {value.fix[:1].lower()}{value.fix[1:].rstrip('.')}")
    return amount_of(str(value), decimal)


def _headings(grid: Any, rules: BudgetMap, name: str) -> tuple[int, dict[str, int]]:
    wanted = {k: v for k, v in rules.headings if v is not None}
    rows: dict[int, dict[str, int]] = {}
    for (r, c), text in sorted(grid.cells.items()):
        rows.setdefault(r, {}).setdefault(" ".join(str(text).split()).lower(), c)
    for r, words in rows.items():
        if all(v.lower() in words for v in wanted.values()):
            return r, {k: words[v.lower()] for k, v in wanted.items()}
    seen = {w for r in list(rows)[:30] for w in rows[r]}
    lacking = [v for v in wanted.values() if v.lower() not in seen] or list(wanted.values())
    raise InputError(
        [
            Problem(
                "/headings",
                f"{name}, sheet {grid.name}",
                f"no heading {word}",
                "all headings of the mapping in one row",
                f"Did you mean {close}?"
                if (close := nearest(word.lower(), seen))
                else "Correct headings in the mapping.",
            )
            for word in lacking
        ]
    )
