"""What agreements can start from: almost nothing, a table, a register, the example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from interlocal.case.text import as_node, parse, read_bytes
from interlocal.partnership.document import Partnership, apart, partnership_from_node
from interlocal.partnership.register import parse_register, read_register
from interlocal.partnership.table import read_table
from interlocal.problems import InputError, Problem
from interlocal.web.examples import slugs

_EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "seven-member-partnership" / "register.yaml"
"""Beside the checkout's sources; an installed package has none."""


def from_nothing(entry: Mapping[str, str]) -> Partnership:
    """Return the least an agreement can be: a title, two parties by name, and a first day.

    Raises
    ------
    InputError
        With what is missing.
    """
    names = [line.strip() for line in entry.get("parties", "").splitlines() if line.strip()]
    title, starts = entry.get("title", "").strip(), entry.get("starts", "").strip()
    problems = [
        Problem(field, where, found or "nothing", expected, fix)
        for field, good, where, found, expected, fix in (
            ("title", title, "Title", "", "a title", "Write what is shared."),
            ("parties", len(names) > 1, "Parties", "one name" if names else "", "at least two parties", "Write one name a line."),
            ("starts", _is_day(starts), "First day", starts, "a day", "Write it like 2026-07-01."),
        )
        if not good
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    organisations = [{"id": i, "name": n} for i, n in zip(slugs(names), names, strict=True)]
    document: dict[str, Any] = {
        "format": 1,
        "id": slugs([title])[0],
        "title": title,
        "currency": entry.get("currency", "").strip().upper() or "USD",
        "organisations": organisations,
        "parties": [{"organisation": o["id"]} for o in organisations],
        "starts": starts,
    }
    if entry.get("service"):
        document["service"] = entry["service"]
    return partnership_from_node(as_node(document), "the new agreement")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def from_table(path: Path, *, currency: str, as_of: dt.date) -> tuple[Partnership, ...]:
    """Return the agreements of a table, one a row; see :func:`interlocal.partnership.table.read_table`."""
    return apart(read_table(path, as_of=as_of, currency=currency.strip().upper() or "USD"))


def from_file(path: Path) -> tuple[Partnership, ...]:
    """Return the agreements of a register in YAML or JSON, or the one agreement that somebody downloaded."""
    data = read_bytes(path)
    root = parse(data, str(path))
    if isinstance(root.value, dict) and "parties" in root.value:
        return (partnership_from_node(root, str(path)),)
    return apart(parse_register(data, str(path)))


@cache
def example() -> tuple[Partnership, ...]:
    """Return the agreements of the example; none where it is not installed."""
    return apart(read_register(_EXAMPLE)) if _EXAMPLE.exists() else ()
