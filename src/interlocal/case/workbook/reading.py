"""From the cells of a workbook back to the same tree that text is parsed into, with the cell of every value."""

from __future__ import annotations

from typing import Any

from interlocal.case.sheets import Grid, Unusable, read_grids
from interlocal.case.text import Node
from interlocal.case.workbook.book import Book
from interlocal.case.workbook.cells import FIELD, KEY, MEANING
from interlocal.case.workbook.headings import headings
from interlocal.case.workbook.layout import (
    Path,
    Sheet,
    field_of,
    is_quantity,
    sheets,
)
from interlocal.case.workbook.leaves import Leaves
from interlocal.case.workbook.wrong import YOURS, cell_name
from interlocal.problems import Problem, nearest

GUIDE = "start here"


def read_workbook(data: bytes, name: str, book: Book) -> tuple[Node, list[Problem]]:
    """Return the document in a workbook, unchecked, and what is wrong with its cells.

    Raises
    ------
    InputError
        Where the file is no workbook that can be opened.
    """
    return gather(read_grids(data, name), name, book)


def gather(grids: list[Grid], name: str, book: Book) -> tuple[Node, list[Problem]]:
    """Put the cells of a document's sheets together."""
    return _Gatherer(name, book).gather(grids)


class _Gatherer:
    def __init__(self, name: str, book: Book) -> None:
        self.name, self.book = name, book
        self.problems: list[Problem] = []
        self.root = Node({}, 0, cell="the workbook")
        self.leaves = Leaves(self._problem)

    def gather(self, grids: list[Grid]) -> tuple[Node, list[Problem]]:
        known, model = {s.name: s for s in sheets(self.book)}, self.book.model
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
                    f"a section of {self.book.one}",
                    f"Did you mean {close}?"
                    if close
                    else f"For notes of your own, begin its name with {YOURS}.",
                )
        for title, sheet in known.items():
            needed = not sheet.path or (len(sheet.path) == 1 and model.model_fields[title].is_required())
            if needed and title not in given:
                self._problem(
                    "the workbook",
                    f"no sheet {title}",
                    f"the sheet {title}, which every {self.book.name} needs",
                    f"Copy it from: {self.book.fresh}",
                )
        for title, sheet in known.items():  # sections before what belongs to their entries
            if title in given:
                self._sheet(sheet, given[title])
                if sheet.many and len(sheet.path) == 1 and model.model_fields[title].is_required():
                    self._child(
                        self.root, title, [], Node(None, self.leaves.order, cell=f"sheet {given[title].name}")
                    )
        return self.root, self.problems

    def _problem(self, where: str, found: str, expected: str, fix: str) -> None:
        self.problems.append(Problem("", f"{self.name}, {where}", found, expected, fix))

    def _sheet(self, sheet: Sheet, grid: Grid) -> None:
        grid = _upright(grid) if sheet.is_form else grid
        heads = headings(sheet, grid, self._problem)
        if heads is None:
            return
        row_of_heads, at = heads
        for top, left, bottom, right in grid.merged:
            if bottom > row_of_heads and any(left <= c <= right for c in at):
                self._problem(
                    cell_name(sheet, grid, top, left),
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
                    cell_name(sheet, grid, r, c),
                    f"“{str(grid.cells[r, c])[:40]}” under no heading",
                    "a heading above each column that is used",
                    f"Give it a heading; one that begins with {YOURS} is for notes of your own.",
                )

    def _entry(
        self, sheet: Sheet, grid: Grid, row: int, cells: dict[int, Any], at: dict[int, Path | str]
    ) -> None:
        place = f"sheet {grid.name}, " + (f"column {_letter(row)}" if sheet.is_form else f"row {row}")
        self.leaves.order += 1
        node = Node({}, self.leaves.order, cell=place)
        leading: dict[str, tuple[str, str]] = {}
        used = {at[c] for c in cells}
        for c, raw in sorted(cells.items()):
            path, where = at[c], cell_name(sheet, grid, row, c)
            if isinstance(raw, Unusable):
                self.problems.append(raw.at(f"{self.name}, {where}"))
            if isinstance(path, str):
                leading[path] = (str(raw), where)
                continue
            self.leaves.order += 1
            annotation = field_of(sheet.annotation, path)
            leaf = self.leaves.leaf(raw, annotation, where)
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
        key = sheet.owner.own_key
        by_id = {str(o.value.get(key)): o for o in owners if isinstance(o.value, dict)}
        name, where = leading.get(heading, ("", place))
        if name in by_id:
            return by_id[name]
        if heading in leading or any((r, c) for (r, c) in grid.cells if grid.cells[r, c] == heading):
            close = nearest(name, by_id)
            self._problem(
                where,
                f"the {heading} {name}" if name else f"no {heading}",
                f"the {key} of an entry of sheet {sheet.path[0]}",
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


def _letter(column: int) -> str:
    return Grid("", {}).place(1, column).split()[-1].rstrip("1")
