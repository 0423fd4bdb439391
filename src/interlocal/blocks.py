"""What a document holds before it takes a form: headings, paragraphs, lists, tables and pictures, in order.

Whoever writes a document makes blocks; ``interlocal.report`` turns the same blocks into Word and PDF. So nobody who
has something to say needs to know a file format, and the forms cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "lead", "note", "mark"]
"""How a paragraph speaks: as text, as the sentence to remember, in small print, or set apart as still to settle."""


@dataclass(frozen=True)
class Cell:
    """What a reader sees, the figure as the study has it, and the anchor of its source."""

    text: str
    value: float | int | None = None
    anchor: str | None = None


@dataclass(frozen=True)
class Heading:
    """A heading; levels follow one another without a gap, from 1."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Some sentences, perhaps after a few words in bold."""

    text: str
    lead: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True)
class Items:
    """A list, with numbers where the order matters."""

    items: tuple[Paragraph, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    pointer: str | None = None
    """JSON pointer into ``study.json`` under which the figures stand."""


@dataclass(frozen=True)
class Picture:
    """A picture and everything it says in other forms."""

    svg: str
    title: str
    alternative: str
    """The same in words, computed from the data."""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | float | int | None, ...], ...] = ()
    """The table behind it, numbers in full."""


@dataclass(frozen=True)
class Contents:
    """The place of the table of contents."""

    title: str


@dataclass(frozen=True)
class NewPage:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Items | Table | Picture | Contents | NewPage


@dataclass(frozen=True)
class Paper:
    """A whole document, not yet in any form."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    footer: str = ""
    """Stands at the foot of each page, beside the page's number."""
    language: str = "en"
    """As BCP 47 has it: ``en``, ``es``."""
    dated: str = ""
    """The day to which it speaks, ISO 8601; the same case gives the same bytes on any other day."""
