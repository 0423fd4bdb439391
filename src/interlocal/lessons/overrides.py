"""Thresholds that a case sets otherwise: what they were, and which names nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from interlocal.case.document import Case
from interlocal.lessons.catalogue import Threshold, items
from interlocal.problems import Problem, nearest
from interlocal.reference.files import index


@cache
def thresholds() -> Mapping[str, Threshold]:
    """Return every threshold of the lessons by its full name."""
    return index({t.id: t for item in items().values() for t in item.thresholds.values()})


def overrides(case: Case) -> list[dict[str, Any]]:
    """Return each threshold the case overrides, with the shipped one, for the report."""
    return [
        {"id": o.id, "value": o.value, "reason": o.reason, "shipped": asdict(thresholds()[o.id])}
        for o in case.thresholds
        if o.id in thresholds()
    ]


def unknown_overrides(case: Case) -> list[Problem]:
    """Say which overrides name no threshold; a misspelt one would change nothing and nobody would know."""
    found = []
    for i, o in enumerate(case.thresholds):
        if o.id not in thresholds():
            like = nearest(o.id, thresholds())
            fix = f"Did you mean {like}?" if like else "Run `interlocal lessons` to see the names."
            found.append(
                Problem(f"/thresholds/{i}/id", f"threshold {i + 1}", o.id, "the name of a threshold", fix)
            )
    return found
