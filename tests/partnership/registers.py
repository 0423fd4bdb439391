"""Registers for the tests: seven members over some years, small enough to see through."""

import datetime as dt
import json

from interlocal.partnership.register import parse_register

SEVEN = ("alder", "birch", "cedar", "dunmore", "elm", "fairhaven", "glenrock")


def books(year, budget=1_000_000, people=None, **more):
    """Return one year's books with a single line of budget."""
    people = people or {p: 1000 * (i + 1) for i, p in enumerate(SEVEN)}
    return {
        "year": year,
        "lines": [{"id": "all", "budget": budget}],
        "drivers": {"population": people},
        **more,
    }


def agreement(**changes):
    """Return an agreement as plain data."""
    return {
        "id": "dispatch",
        "title": "Shared dispatch",
        "service": "dispatch",
        "parties": [{"organisation": p} for p in SEVEN],
        "lead": "alder",
        "starts": "2021-01-01",
        "ends": "2030-12-31",
        "notice_months": 12,
        "formula": {"rule": {"kind": "per_head"}, "true_up": "year_end"},
        "years": [books(2021)],
        **changes,
    }


def plain(*agreements, as_of="2026-06-30"):
    """Return a register as plain data."""
    return {
        "format": 1,
        "title": "Agreements of the valley",
        "as_of": as_of,
        "currency": "USD",
        "fictional": True,
        "organisations": [{"id": p, "name": p.capitalize()} for p in SEVEN],
        "agreements": list(agreements),
    }


def register(*agreements, as_of="2026-06-30"):
    """Return a register and check it as a file would be."""
    return parse_register(json.dumps(plain(*agreements, as_of=as_of), default=str).encode(), "register.yaml")


def day(text):
    return dt.date.fromisoformat(text)
