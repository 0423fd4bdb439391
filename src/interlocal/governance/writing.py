"""Small words that the drafts share: amounts to the cent, lists, blanks to be filled in by hand."""

from __future__ import annotations

from interlocal.blocks import Cell, Paragraph

BLANK = "____________________"
NOT_ADVICE = Paragraph(
    "Interlocal made it from what the case holds. It is not legal advice, and no part of it binds anyone. Counsel of each "
    "party must review it, and the governing bodies must vote, before it is used.",
    lead="A draft for discussion.",
    tone="mark",
)
MADE_UP = Paragraph("Its places, people and figures are not real.", lead="This case is made up.", tone="mark")


def amount(value: float, currency: str) -> str:
    """Return money [currency] to the cent, as a bill has it."""
    return f"{currency} {value:,.2f}"


def percent(share: float) -> str:
    """Return a share in percent with as many digits as it has, four at most."""
    return f"{share * 100:.4f}".rstrip("0").rstrip(".") + " percent"


def cells(*words: str) -> tuple[Cell, ...]:
    """Return words as a row of a table."""
    return tuple(Cell(w) for w in words)


def money_cell(value: float, currency: str) -> Cell:
    """Return a cell with money [currency] to the cent."""
    return Cell(amount(value, currency), value)
