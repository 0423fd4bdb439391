"""Promised against actual as a paper of its own: a chart anyone can read, the gap explained, and who certified what."""

from __future__ import annotations

from interlocal.blocks import Block, Cell, Heading, Paper, Paragraph, Table
from interlocal.partnership.overview import Overview
from interlocal.report import words
from interlocal.report.partnership import _cents, _made_up, _performance


def promised(o: Overview) -> Paper:
    """Return what was promised at adoption against what is recorded since, year by year and member by member."""
    blocks: list[Block] = [
        Paragraph(o.saved or "No saving is certified yet.", tone="lead"),
        *_made_up(o.register),
        *_frozen(o),
        *_performance(o)[1:],
        *_members(o),
    ]
    return Paper(
        f"Promised and actual: {o.agreement.title}",
        tuple(blocks),
        footer="For the members of the agreement",
        dated=o.register.as_of.isoformat(),
    )


def _frozen(o: Overview) -> list[Block]:
    b = o.agreement.baseline
    if b is None:
        return []
    growth = f"{100 * b.price_growth:.3g} % a year"
    text = f"The promise was frozen on {b.frozen_on}, with prices expected to rise by {growth}. Nobody changes it."
    if b.study:
        text += f" It is that of the study of the case {b.study[:12]}."
    return [Paragraph(text)]


def _members(o: Overview) -> list[Block]:
    if not o.performance:
        return []
    rows = tuple(
        (
            Cell(str(p.year)),
            Cell(o.register.name(p.organisation)),
            _cents(p.promised),
            _cents(p.alone),
            _cents(p.paid),
            _cents(p.moved),
            _cents(p.realised),
            Cell(words.listed(p.certified_by) if p.certified_by else "nobody"),
        )
        for p in o.performance
    )
    columns = ("Year", "Member", "Promised", "Alone, at recorded prices", "Paid", "Moved to others", "Saved", "Certified by")  # fmt: skip
    note = "Saved is what it would have paid alone, at recorded prices and volume, less what it paid and what moved to others."
    return [
        Heading("Each member"),
        Table("members", f"Saved by each member ({o.register.currency})", columns, rows),
        Paragraph(note, tone="note"),
    ]
