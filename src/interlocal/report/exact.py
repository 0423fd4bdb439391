"""Amounts to the cent, as bills and the figures they are held against say them."""

from __future__ import annotations

from interlocal.blocks import Cell


def exact(amount: int, currency: str) -> str:
    """Say whole cents to the cent."""
    return f"{amount / 100:,.2f} {currency}".replace("-", "−")


def cents(amount: int | None) -> Cell:
    """Return whole cents as a cell; None is not known."""
    return (
        Cell("not known") if amount is None else Cell(f"{amount / 100:,.2f}".replace("-", "−"), amount / 100)
    )
