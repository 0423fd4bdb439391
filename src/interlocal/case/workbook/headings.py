"""Which row of a sheet holds its headings, and what stands under each."""

from __future__ import annotations

from interlocal.case.sheets import Grid
from interlocal.case.workbook.cells import FIELD, KEY, MEANING, WHOLE
from interlocal.case.workbook.layout import Path, Sheet, columns, field_of
from interlocal.case.workbook.wrong import YOURS, Report, cell_name
from interlocal.problems import nearest

_LOOK_FOR_HEADINGS = 12


def headings(sheet: Sheet, grid: Grid, problem: Report) -> tuple[int, dict[int, Path | str]] | None:
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
            problem(
                f"sheet {grid.name}",
                "no headings that are known",
                f"headings such as {first}",
                f"Copy the headings from: {sheet.book.fresh}; sheet {sheet.name}.",
            )
        return None
    _look_at(sheet, grid, *best, leading, problem)
    return best


def _look_at(
    sheet: Sheet, grid: Grid, row: int, at: dict[int, Path | str], leading: set[str | None], problem: Report
) -> None:
    seen: dict[Path | str, int] = {}
    for (r, c), text in sorted(grid.cells.items()):
        if r != row:
            continue
        if c not in at:
            if str(text).startswith(YOURS) or str(text) in {FIELD, MEANING}:
                continue
            close = nearest(str(text), [x.heading for x in columns(sheet)])
            problem(
                cell_name(sheet, grid, r, c),
                f"the unknown heading {str(text)[:60]}",
                "a value of this section",
                f"Did you mean {close}?" if close else f"For notes of your own, begin it with {YOURS}.",
            )
        elif at[c] in seen:
            problem(
                cell_name(sheet, grid, r, c),
                f"the heading {text} a second time",
                "each heading once",
                "Remove one of the two.",
            )
            del at[c]
        else:
            seen[at[c]] = c
    lacking = [h for h in leading if h and h not in seen]
    for heading in lacking:
        problem(
            f"sheet {grid.name}",
            f"no heading {heading}",
            "it says what an entry belongs to",
            f"Add {heading}.",
        )
