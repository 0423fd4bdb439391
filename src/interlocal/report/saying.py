"""A document in the reader's language: the last step before it takes a form.

Sentences that rooms below made are in the language of the code. Here each text of a document, the letters in its
pictures too, is said in the language spoken now, so that no maker of documents can forget one. A text that was
translated where it was made passes unchanged.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from html import escape, unescape
from typing import TypeVar, cast

from interlocal.blocks import Paper
from interlocal.report.language import SOURCE, _, current

_Thing = TypeVar("_Thing")
_KEPT = frozenset({"id", "anchor", "pointer", "tone", "language", "dated"})
_MARKUP = re.compile(r"(<(?:style|script|code)\b.*?</(?:style|script|code)>|<[^>]*>)", re.DOTALL)
_SPOKEN = re.compile(r'\b(aria-label|title|alt|placeholder)="([^"]*)"')
_LANGUAGE = re.compile(r'(<html\b[^>]*?\blang=")[^"]*')


def said_paper(paper: Paper) -> Paper:
    """Return a document with each of its texts, and its language, as it is spoken now."""
    return replace(said(paper), language=current())


def said(thing: _Thing) -> _Thing:
    """Return a text, or blocks and all texts in them, in the language spoken now."""
    if current() == SOURCE:
        return thing
    if isinstance(thing, str):
        return cast("_Thing", _(thing))
    if isinstance(thing, tuple | list):
        return cast("_Thing", type(thing)(map(said, thing)))
    if is_dataclass(thing) and not isinstance(thing, type):
        read = {f.name: getattr(thing, f.name) for f in fields(thing) if f.name not in _KEPT}
        told = {name: said_markup(v) if name == "svg" else said(v) for name, v in read.items()}
        return cast("_Thing", replace(thing, **told))
    return thing


def said_markup(markup: str) -> str:
    """Return HTML or SVG with each text between its tags, and each that a screen reader says, in the language spoken now.

    Code, styles and scripts stay. A text in several pieces, by tags inside a sentence, is said piece by piece.
    """
    if current() == SOURCE:
        return markup
    parts = _MARKUP.split(markup)
    for i, part in enumerate(parts):
        if i % 2 == 0 and not part.isspace():
            parts[i] = escape(_(unescape(part)), quote=False)
        elif i % 2 and "=" in part:
            named = _SPOKEN.sub(lambda m: f'{m[1]}="{escape(_(unescape(m[2])))}"', part)
            parts[i] = _LANGUAGE.sub(rf"\g<1>{current()}", named)
    return "".join(parts)
