"""Whole numbers as a browser or a program sends them: digits, or anything else."""

from __future__ import annotations

from typing import TypeVar

_DIGITS = 9
"""More digits than a revision, a year or a page has, and fewer than a column of the database holds."""


Otherwise = TypeVar("Otherwise")


def whole(text: str | None, otherwise: Otherwise) -> int | Otherwise:
    """Return the number that a text says in up to nine digits, or something else where it says none."""
    given = (text or "").strip()
    return int(given) if given.isdecimal() and len(given) <= _DIGITS else otherwise
