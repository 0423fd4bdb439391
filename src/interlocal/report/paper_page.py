"""Blocks as one page of HTML that needs nothing else: the form in which a document opens in any browser."""

from __future__ import annotations

from interlocal.blocks import Heading, Paper
from interlocal.report.page import _environment
from interlocal.report.setting import right_to_left


def to_page(paper: Paper) -> str:
    """Return a document as self-contained HTML; same document, same bytes."""
    return _rendered("paper.html", paper)


def to_body(paper: Paper) -> str:
    """Return what a document says as a piece of HTML, for a page that has its title and styles already."""
    return _rendered("blocks.html", paper)


def _rendered(template: str, paper: Paper) -> str:
    headings = [b for b in paper.blocks if isinstance(b, Heading) and b.level == 1]
    html: str = (
        _environment()
        .get_template(template)
        .render(
            paper=paper,
            blocks=[(type(b).__name__.lower(), b) for b in paper.blocks],
            anchors={h: f"part-{i}" for i, h in enumerate(headings, 1)},
            rtl=right_to_left(paper.title),
        )
    )
    return html
