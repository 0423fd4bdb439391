"""Blocks as a tagged PDF that is PDF/UA-1 and PDF/A-2a at once; Typst refuses to write one that is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from importlib.resources import as_file, files
from typing import Any, Literal

from interlocal.blocks import Block, Heading, Items, Paper, Paragraph, Picture, Table
from interlocal.report.language import speaking
from interlocal.report.setting import breakable, figures, heads, picture_width, right_to_left, widths
from interlocal.report.svg import FONTS

STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]


def to_pdf(paper: Paper) -> bytes:
    """Return a document as the bytes of a PDF; same document, same bytes.

    Parameters
    ----------
    paper
        What the document holds. A picture without alternative text is refused by the standard.
    """
    import typst  # noqa: PLC0415 - 40 MB that only a PDF needs

    day = date.fromisoformat(paper.dated or "2000-01-01")
    with speaking(paper.language):
        blocks = [_told(b) for b in paper.blocks]
    told = {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "footer": paper.footer,
        "language": paper.language,
        "dated": {"year": day.year, "month": day.month, "day": day.day},
        "rtl": right_to_left(paper.title),
        "blocks": blocks,
    }
    template = files("interlocal.report").joinpath("templates/paper.typ").read_bytes()
    with as_file(FONTS) as fonts:
        made: bytes = typst.compile(  # type: ignore[misc]  # its overloads leave the type of bytes open
            template,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            pdf_standards=[*STANDARDS],
            sys_inputs={"paper": json.dumps(told, ensure_ascii=False)},
        )
    return made


def _told(block: Block) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": type(block).__name__.lower()}
    match block:
        case Table():
            rows = [[breakable(c.text) for c in row] for row in block.rows]
            return told | {"caption": block.caption, "columns": heads(block), "rows": rows, "figures": [i in figures(block) for i in range(len(block.columns))],
                           "widths": widths([heads(block), *rows])}  # fmt: skip
        case Picture():
            return told | {"svg": block.svg, "title": block.title, "alternative": block.alternative,
                           "width": picture_width(block.svg)}  # fmt: skip
        case Items():
            items = [asdict(i) | {"rtl": right_to_left(i.text)} for i in block.items]
            return told | {"items": items, "numbered": block.numbered}
        case Heading() | Paragraph():
            return told | asdict(block) | {"rtl": right_to_left(block.text)}
        case _:
            return told | asdict(block)
