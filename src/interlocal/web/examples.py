"""What a case can start from: an example, or almost nothing."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path

from interlocal.case.document import Case
from interlocal.case.read import from_node, parse_case, read_case
from interlocal.case.starter import starter
from interlocal.case.text import as_node
from interlocal.problems import InputError, Problem
from interlocal.reference import services

# Beside the checkout's sources; an installed package has the two starters alone.
_FOLDER = Path(__file__).resolve().parents[3] / "examples"
FIRST = "franklin-police"
"""The example a new workbench opens with, where it is there."""


@cache
def titles() -> dict[str, str]:
    """Return the titles of the examples by name."""
    return {name: case(name).title for name in (*_files(), "starter")}


def _files() -> dict[str, Path]:
    return {path.parent.name: path for path in sorted(_FOLDER.glob("*/case.yaml"))}


def case(name: str) -> Case:
    """Return an example.

    Raises
    ------
    InputError
        Where there is none of this name.
    """
    if name == "starter":
        return parse_case(starter().encode(), "the starter")
    if name not in _files():
        raise InputError(Problem("example", "the example", name or "none", "one of the list", "Choose one."))
    return read_case(_files()[name])


def from_nothing(*, title: str, service: str, partners: str, currency: str, as_of: dt.date) -> Case:
    """Return the least a case can be: a title, a service, partners by name. Rates are placeholders that say so.

    Raises
    ------
    InputError
        With what is missing.
    """
    names = [line.strip() for line in partners.splitlines() if line.strip()]
    problems = [
        Problem(field, where, "nothing", expected, fix)
        for field, given, where, expected, fix in (
            ("title", title.strip(), "Title", "a title", "Write what the case is about."),
            ("partners", names, "Partners", "at least one partner", "Write one name a line."),
            ("service", service in services(), "Service", "a service of the list", "Choose one."),
        )
        if not given
    ]
    if problems:
        raise InputError(problems)
    first = as_of.year + 1
    document = {
        "format": 1,
        "title": title,
        "as_of": as_of.isoformat(),
        "currency": currency.strip().upper() or "USD",
        "service": {"id": service},
        "partners": [{"id": i, "name": n} for i, n in zip(slugs(names), names, strict=True)],
        "assumptions": {
            "horizon": {"first": first, "last": first + 9},
            "discount": {
                "rate": {"value": 0.04, "basis": "assumption"},
                "prices": "nominal",
                "year": as_of.year,
                "source": "Placeholder; ask the treasurers what the partners pay when they borrow",
            },
            "escalators": [
                {
                    "id": "costs",
                    "rate": {"low": 0.015, "likely": 0.03, "high": 0.047, "basis": "assumption"},
                    "volatility": {"value": 0.01, "basis": "assumption"},
                    "year": as_of.year,
                    "source": "Placeholder; look at the last contracts",
                }
            ],
        },
        "options": [
            {"id": "do_nothing", "name": "Everybody carries on alone", "kind": "do_nothing"},
            {"id": "together", "name": "One service for all", "kind": "shared"},
        ],
    }
    return checked(document, "the new case")


def checked(document: dict[str, object], name: str) -> Case:
    """Return plain values as a checked Case; problems say where by pointer."""
    return from_node(as_node(document), name)


def slugs(names: list[str]) -> list[str]:
    """Return an id for each name, all different."""
    made: list[str] = []
    for name in names:
        stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:50] or "item"
        number = next(n for n in range(1, 1000) if (f"{stem}_{n}" if n > 1 else stem) not in made)
        made.append(f"{stem}_{number}" if number > 1 else stem)
    return made


def region_files(*, mapping: bool = False) -> list[tuple[str, str, bytes]]:
    """Return role, name and content of each file of the example region; none where it is not there.

    Parameters
    ----------
    mapping
        Give its mapping alone.
    """
    folder = _FOLDER / "franklin-region"
    roles = {"mapping.yaml": "mapping"} if mapping else {"towns.csv": "table", "neighbours.csv": "neighbours"}
    if not folder.is_dir():
        return []
    return [(role, name, (folder / name).read_bytes()) for name, role in roles.items()]
