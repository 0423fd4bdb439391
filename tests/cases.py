"""A small case to build tests on; every figure is made up."""

from __future__ import annotations

import copy
from typing import Any

from interlocal.case.document import Case

SMALL: dict[str, Any] = {
    "format": 1,
    "title": "Three towns",
    "as_of": "2024-01-15",
    "currency": "USD",
    "fictional": True,
    "service": {"id": "police"},
    "partners": [
        {"id": "ash", "name": "Ash", "measures": {"population": 1000, "calls": 100}},
        {"id": "birch", "name": "Birch", "measures": {"population": 2000, "calls": 400}},
        {"id": "cedar", "name": "Cedar", "measures": {"population": 1000, "calls": 300}},
    ],
    "assumptions": {
        "horizon": {"first": 2026, "last": 2030},
        "price_year": 2026,
        "discount": {"rate": 0.0, "prices": "nominal", "year": 2024, "source": "test"},
        "escalators": [{"id": "flat", "rate": 0.0, "year": 2024, "source": "test"}],
        "views": {
            "optimism": 0.0,
            "spread": 0.0,
            "delay_months": 0.0,
            "transition_uplift": 0.0,
            "inside_weight": 1.0,
        },
    },
    "spending": [
        {"partner": p, "year": 2023, "amount": a}
        for p, a in (("ash", 100_000), ("birch", 200_000), ("cedar", 100_000))
    ],
    "options": [
        {
            "id": "joint",
            "name": "One department",
            "kind": "shared",
            "formula": {"rule": {"kind": "per_head"}},
            "lines": [{"id": "all", "category": "staff", "amount": 320_000}],
        }
    ],
}


def document(**changes: Any) -> dict[str, Any]:
    """Return the small case as plain data, with top-level keys replaced."""
    return copy.deepcopy(SMALL) | changes


def case(**changes: Any) -> Case:
    """Return the small case, with top-level keys replaced."""
    return Case.model_validate(document(**changes))


def with_option(**changes: Any) -> Case:
    """Return the small case with fields of its one option replaced."""
    base = document()
    base["options"][0] |= changes
    return Case.model_validate(base)
