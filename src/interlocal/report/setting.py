"""How text and tables are set, the same in Word and PDF: direction, room of columns, size of pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from interlocal.blocks import Table
from interlocal.report.language import _

_PAGE = 100
"""Letters of a table's size that fit across a page."""
_LEAST, _WORD, _LINE, _MOST, _GAP = 7, 19, 14, 26, 1.5
"""Least width of a column, longest word that is kept whole, longest cell that keeps to one line, most for a name, room at
the sides of a cell [letters]."""
_BOLD = 1.3
"""How much wider a letter of a name is, which is set bold, than one of the cells that make a page full."""
_ENDLESS = re.compile(rf"\S{{{_WORD - 1}}}(?=\S)")
_WIDE, _TALL = 12.5, 18.0
"""Most that a picture may take of a page [cm]."""


def right_to_left(text: str) -> bool:
    """Return whether a text reads from the right: its first letter with a direction says so (Unicode UAX 9, rule P2)."""
    return next((d for d in map(unicodedata.bidirectional, text) if d in {"L", "R", "AL"}), "L") != "L"


def breakable(text: str) -> str:
    """Let a word longer than its column break: a name without a space must not run over its neighbour."""
    return _ENDLESS.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


def widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Share a page by what each column holds: words have room, then short cells keep to one line, then long ones [letters]."""
    columns = list(zip(*rows, strict=True))
    words = [max(_LEAST, *(min(len(w), _WORD) for t in column for w in t.split(" "))) for column in columns]
    longest = [max(map(len, column)) for column in columns]
    shared = [_GAP + (letters if i else _BOLD * letters) for i, letters in enumerate(words)]
    for wish in ([_wanted(letters, names_row=i == 0) for i, letters in enumerate(longest)], longest):
        more = [max(0.0, _GAP + want - has) for want, has in zip(wish, shared, strict=True)]
        part = min(1.0, max(0.0, _PAGE - sum(shared)) / (sum(more) or 1))
        shared = [has + part * extra for has, extra in zip(shared, more, strict=True)]
    return shared


def heads(table: Table) -> list[str]:
    """Return what stands over the columns; over the names of the rows too, for a cell needs a head that can be read out."""
    return [c or _("Name") for c in table.columns]


def figures(table: Table) -> tuple[int, ...]:
    """Return the positions of columns that hold figures, which are set to the right."""
    return tuple(
        i for i in range(1, len(table.columns)) if any(row[i].value is not None for row in table.rows)
    )


def picture_width(svg: str) -> float:
    """Return how wide a picture stands on a page, from its viewBox, so that it is not too tall either [cm]."""
    width, height = map(float, svg.partition('viewBox="')[2].partition('"')[0].split()[2:4])
    return min(_WIDE, _TALL * width / height)


def _wanted(longest: int, *, names_row: bool) -> int:
    if longest <= _LINE or names_row:
        return min(longest, _MOST)
    return min(2 * _MOST, max(_LINE, longest // 2))
