"""A running partnership in a terminal: the blocks of its document, tables as tables, the picture as its words."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE
from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text

from interlocal.blocks import Block, Cell, Heading, Items, Paragraph, Picture, Table
from interlocal.partnership.overview import Overview
from interlocal.report.partnership import overview


def summary(o: Overview) -> Iterator[RenderableType]:
    """Yield the document of a partnership for a terminal; how each bill came about stays for the pages."""
    paper = overview(o, trail=False)
    yield Text(paper.title, style="bold")
    for block in paper.blocks:
        yield from _shown(block)


def _shown(block: Block) -> Iterator[RenderableType]:
    match block:
        case Heading():
            yield Text(f"\n{block.text}", style="bold")
        case Paragraph():
            yield Text(f"{block.lead} {block.text}".strip())
        case Items():
            for item in block.items:
                yield Text(f"- {item.lead} {item.text}".rstrip())
        case Table():
            grid = Grid(title=block.caption, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
            for i, column in enumerate(block.columns):
                figures = i > 0 and any(row[i].value is not None for row in block.rows)
                grid.add_column(column, justify="right" if figures else "left", overflow="fold")
            for row in block.rows:
                grid.add_row(*map(_figure, row))
            yield grid
        case Picture():
            yield Text(block.alternative)
        case _:
            return


_LARGE = 1000


def _figure(cell: Cell) -> str:
    """Return a cell for a narrow terminal: large amounts without cents; the pages and the CSV have them."""
    if cell.value is None or abs(cell.value) < _LARGE:
        return cell.text
    return f"{cell.value:,.0f}".replace("-", "\N{MINUS SIGN}")
