"""From the cells of a workbook back to the same tree that text is parsed into, with the cell of every value."""

from __future__ import annotations

import datetime as dt
from typing import Any

from interlocal.case.document import Case
from interlocal.case.sheets import Grid, Unusable, read_grids
from interlocal.case.text import Node, parse
from interlocal.case.workbook.cells import FIELD, KEY, MEANING, WHOLE, unquoted
from interlocal.case.workbook.layout import (
    Path,
    Sheet,
    bare,
    columns,
    field_of,
    is_quantity,
    list_item,
    mapping_item,
    models_in,
    sheets,
)
from interlocal.problems import InputError, Problem, nearest

YOURS = "_"
"""Sheets and headings that begin so belong to the author and are not read."""
GUIDE = "start here"
_LOOK_FOR_HEADINGS = 12


def read_workbook(data: bytes, name: str) -> tuple[Node, list[Problem]]:
    """Return the case in a workbook, unchecked, and what is wrong with its cells.

    Raises
    ------
    InputError
        Where the file is no workbook that can be opened.
    """
    return gather(read_grids(data, name), name)


def gather(grids: list[Grid], name: str) -> tuple[Node, list[Problem]]:
    """Put the cells of a case's sheets together."""
    return _Gatherer(name).gather(grids)


class _Gatherer:
    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.root = Node({}, 0, cell="the workbook")
        self.order = 0

    def gather(self, grids: list[Grid]) -> tuple[Node, list[Problem]]:
        known = {s.name: s for s in sheets()}
        given: dict[str, Grid] = {}
        for grid in grids:
            title = grid.name.strip().lower()
            if title in known:
                given[title] = grid
            elif not title.startswith(YOURS) and title != GUIDE and grid.cells:
                close = nearest(title, known)
                self._problem(
                    f"sheet {grid.name}",
                    "a sheet of an unknown name",
                    "a section of a case",
                    f"Did you mean {close}?"
                    if close
                    else f"For notes of your own, begin its name with {YOURS}.",
                )
        for title, sheet in known.items():
            needed = not sheet.path or (len(sheet.path) == 1 and Case.model_fields[title].is_required())
            if needed and title not in given:
                self._problem(
                    "the workbook",
                    f"no sheet {title}",
                    f"the sheet {title}, which every case needs",
                    "Copy it from: interlocal new --workbook PATH.xlsx",
                )
        for title, sheet in known.items():  # sections before what belongs to their entries
            if title in given:
                self._sheet(sheet, given[title])
                if sheet.many and len(sheet.path) == 1 and Case.model_fields[title].is_required():
                    self._child(
                        self.root, title, [], Node(None, self.order, cell=f"sheet {given[title].name}")
                    )
        return self.root, self.problems

    def _problem(self, where: str, found: str, expected: str, fix: str) -> None:
        self.problems.append(Problem("", f"{self.name}, {where}", found, expected, fix))

    def _sheet(self, sheet: Sheet, grid: Grid) -> None:
        grid = _upright(grid) if sheet.is_form else grid
        heads = self._headings(sheet, grid)
        if heads is None:
            return
        row_of_heads, at = heads
        for top, left, bottom, right in grid.merged:
            if bottom > row_of_heads and any(left <= c <= right for c in at):
                self._problem(
                    _place(sheet, grid, top, left),
                    "merged cells",
                    "one cell for each value",
                    "Unmerge them and fill in each cell.",
                )
        rows = sorted({r for r, c in grid.cells if r > row_of_heads and c in at})
        for row in rows:
            self._entry(sheet, grid, row, {c: grid.cells[row, c] for c in at if (row, c) in grid.cells}, at)
        for r, c in grid.cells:
            if r > row_of_heads and c not in at and (row_of_heads, c) not in grid.cells and r in rows:
                self._problem(
                    _place(sheet, grid, r, c),
                    f"“{str(grid.cells[r, c])[:40]}” under no heading",
                    "a heading above each column that is used",
                    f"Give it a heading; one that begins with {YOURS} is for notes of your own.",
                )

    def _headings(self, sheet: Sheet, grid: Grid) -> tuple[int, dict[int, Path | str]] | None:
        """Return the row with the headings and what stands under each: a path, or the name of a leading column."""
        leading = {sheet.parent, KEY if sheet.keyed else None} - {None}
        best: tuple[int, dict[int, Path | str]] | None = None
        for row in sorted({r for r, _ in grid.cells})[:_LOOK_FOR_HEADINGS]:
            at: dict[int, Path | str] = {}
            for (r, c), text in grid.cells.items():
                if r == row and isinstance(text, str):
                    path = () if text == WHOLE else tuple(text.split("."))
                    if text in leading:
                        at[c] = text
                    elif field_of(sheet.annotation, path) is not None:
                        at[c] = path
            if at and (best is None or len(at) > len(best[1])):
                best = row, at
        if best is None:
            if grid.cells:
                first = ", ".join(c.heading for c in columns(sheet)[:5])
                self._problem(
                    f"sheet {grid.name}",
                    "no headings that are known",
                    f"headings such as {first}",
                    f"Copy the headings from: interlocal new --workbook --full PATH.xlsx; sheet {sheet.name}.",
                )
            return None
        self._look_at_headings(sheet, grid, *best, leading)
        return best

    def _look_at_headings(
        self, sheet: Sheet, grid: Grid, row: int, at: dict[int, Path | str], leading: set[str | None]
    ) -> None:
        seen: dict[Path | str, int] = {}
        for (r, c), text in sorted(grid.cells.items()):
            if r != row:
                continue
            if c not in at:
                if str(text).startswith(YOURS) or str(text) in {FIELD, MEANING}:
                    continue
                close = nearest(str(text), [x.heading for x in columns(sheet)])
                self._problem(
                    _place(sheet, grid, r, c),
                    f"the unknown heading {str(text)[:60]}",
                    "a value of this section",
                    f"Did you mean {close}?" if close else f"For notes of your own, begin it with {YOURS}.",
                )
            elif at[c] in seen:
                self._problem(
                    _place(sheet, grid, r, c),
                    f"the heading {text} a second time",
                    "each heading once",
                    "Remove one of the two.",
                )
                del at[c]
            else:
                seen[at[c]] = c
        lacking = [h for h in leading if h and h not in seen]
        for heading in lacking:
            self._problem(
                f"sheet {grid.name}",
                f"no heading {heading}",
                "it says what an entry belongs to",
                f"Add {heading}.",
            )

    def _entry(
        self, sheet: Sheet, grid: Grid, row: int, cells: dict[int, Any], at: dict[int, Path | str]
    ) -> None:
        place = f"sheet {grid.name}, " + (f"column {_letter(row)}" if sheet.is_form else f"row {row}")
        self.order += 1
        node = Node({}, self.order, cell=place)
        leading: dict[str, tuple[str, str]] = {}
        used = {at[c] for c in cells}
        for c, raw in sorted(cells.items()):
            path, where = at[c], _place(sheet, grid, row, c)
            if isinstance(raw, Unusable):
                self.problems.append(raw.at(f"{self.name}, {where}"))
            if isinstance(path, str):
                leading[path] = (str(raw), where)
                continue
            self.order += 1
            annotation = field_of(sheet.annotation, path)
            leaf = self._leaf(raw, annotation, where)
            inner = any(isinstance(p, tuple) and p != path and p[: len(path)] == path for p in used)
            if is_quantity(annotation) and path and inner and not isinstance(leaf.value, dict):
                path = (*path, "value")
            self._put(node, path, leaf)
        self._place_entry(sheet, grid, node, leading, place)

    def _place_entry(
        self, sheet: Sheet, grid: Grid, node: Node, leading: dict[str, tuple[str, str]], place: str
    ) -> None:
        owner: Node | None = self.root
        if sheet.parent:
            owner = self._owner(sheet, grid, leading, place)
        elif len(sheet.path) > 1:
            owner = self._child(self.root, sheet.path[0], {}, node)
        if owner is None:
            return
        if not sheet.path:
            for key, child in node.children.items():
                self._put(self.root, (str(key),), child)
            self.root.children.setdefault("format", node)
        elif sheet.keyed:
            key, where = leading.get(KEY, ("", place))
            mapping = self._child(owner, sheet.path[-1], {}, node)
            if key and key not in mapping.children:
                _set(mapping, key, node)
            else:
                found = f"the key {key} a second time" if key else "no key"
                self._problem(where, found, "a key of its own for each entry", "Give it one.")
        elif sheet.many:
            listed = self._child(owner, sheet.path[-1], [], node)
            listed.children[len(listed.value)] = node
            listed.value.append(node.value)
        else:
            self._put(self.root, sheet.path, node)

    def _owner(
        self, sheet: Sheet, grid: Grid, leading: dict[str, tuple[str, str]], place: str
    ) -> Node | None:
        heading = str(sheet.parent)
        owners = self.root.children.get(sheet.path[0], Node([], 0)).children.values()
        by_id = {str(o.value.get("id")): o for o in owners if isinstance(o.value, dict)}
        name, where = leading.get(heading, ("", place))
        if name in by_id:
            return by_id[name]
        if heading in leading or any((r, c) for (r, c) in grid.cells if grid.cells[r, c] == heading):
            close = nearest(name, by_id)
            self._problem(
                where,
                f"the {heading} {name}" if name else f"no {heading}",
                f"the id of an entry of sheet {sheet.path[0]}",
                f"Did you mean {close}?"
                if close
                else f"Choose one of {', '.join(list(by_id)[:20]) or 'none yet'}.",
            )
        return None

    def _child(self, parent: Node, key: str, empty: Any, like: Node) -> Node:
        if key not in parent.children:
            _set(parent, key, Node(empty, like.line, cell=like.cell))
        return parent.children[key]

    def _put(self, node: Node, path: Path, leaf: Node) -> None:
        if not path:
            return
        for step in path[:-1]:
            node = self._child(node, step, {}, leaf)
            if not isinstance(node.value, dict):
                break
        last = path[-1]
        if (
            last in node.children
            and isinstance(node.children[last].value, dict)
            and isinstance(leaf.value, dict)
        ):
            for key, child in leaf.children.items():
                self._put(node.children[last], (str(key),), child)
        elif not isinstance(node.value, dict) or last in node.children:
            self._problem(
                leaf.where, f"a second value for {'.'.join(path)}", "each value once", "Clear one cell."
            )
        else:
            _set(node, last, leaf)

    def _leaf(self, raw: Any, annotation: Any, where: str) -> Node:
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
            self._problem(
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
        self._problem(
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


def _set(parent: Node, key: str, child: Node) -> None:
    parent.children[key] = child
    parent.value[key] = child.value


def _upright(grid: Grid) -> Grid:
    """Turn a form so that its headings stand in a row like those of a table."""
    merged = tuple((left, top, right, bottom) for top, left, bottom, right in grid.merged)
    head = next((r for r, c in sorted(grid.cells) if c == 1 and grid.cells[r, c] == FIELD), 0)
    skipped = {2} if grid.cells.get((head, 2)) == MEANING else set()
    cells = {(c, r): v for (r, c), v in grid.cells.items() if r > head and c not in skipped}
    return Grid(grid.name, cells, merged)


def _place(sheet: Sheet, grid: Grid, row: int, column: int) -> str:
    return grid.place(column, row) if sheet.is_form else grid.place(row, column)


def _letter(column: int) -> str:
    return Grid("", {}).place(1, column).split()[-1].rstrip("1")


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
