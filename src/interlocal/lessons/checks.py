"""All 42 checks on one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from interlocal.case.document import Case
from interlocal.lessons import drivers, necessities, pitfalls, principles, questions
from interlocal.lessons.catalogue import items
from interlocal.lessons.finding import Finding, Judgement
from interlocal.lessons.reading import Reading, assess

Check = Callable[[Reading], Judgement]

_MODULES = {
    "driver": drivers,
    "principle": principles,
    "pitfall": pitfalls,
    "question": questions,
    "necessity": necessities,
}
CHECKS: Mapping[str, Check] = MappingProxyType(
    {f"{prefix}.{check.__name__}": check for prefix, module in _MODULES.items() for check in module.CHECKS}
)
"""The check of each item, by its id."""


def findings(case: Case, document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the 42 findings on a case, list by list in the checklist's order.

    Parameters
    ----------
    case
        A checked case.
    document
        The study so far, as ``study.json`` holds it: ``questions`` and ``sharing`` are read. What it lacks is unknown.
    """
    return tuple(assess(CHECKS[item.id], item, case, document) for item in items().values())
