"""How text and tables are set, the same in Word and PDF: direction, room of columns, size of pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from interlocal.blocks import Table
from interlocal.report.language import _

_LEAST, _LINE, _MOST = 7, 14, 26
"""Least width of a column, longest cell that keeps to one line, most width that one word or name may claim [letters]."""
_ENDLESS = re.compile(r"\S{18}(?=\S)")
_WIDE, _TALL = 12.5, 18.0
"""Most that a picture may take of a page [cm]."""


def right_to_left(text: str) -> bool:
    """Return whether a text reads from the right: its first letter with a direction says so (Unicode UAX 9, rule P2)."""
    return next((d for d in map(unicodedata.bidirectional, text) if d in {"L", "R", "AL"}), "L") != "L"


def breakable(text: str) -> str:
    """Let a word longer than its column break: a name without a space must not run over its neighbour."""
    return _ENDLESS.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Share a page by what each column holds: short cells stay on one line, long ones share what is left [letters]."""
    return [
        _width(
            max(map(len, column)), max(len(w) for text in column for w in text.split(" ")), names_row=i == 0
        )
        for i, column in enumerate(zip(*rows, strict=True))
    ]


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


def _width(longest: int, word: int, *, names_row: bool) -> int:
    if longest <= _LINE or names_row:
        return min(max(_LEAST, longest), _MOST)
    return max(_LINE, min(word, _MOST), min(2 * _MOST, longest // 2))
