"""What stands on a case's own page: the answers, fit to lie open on a table at a meeting.

Nothing that rests on pairs, people or positions is told there, whoever the study was made for; where something is left
out, a link says how much and leads to the study.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.report import lessons
from interlocal.report.words import count, upper_first

_WHY = "resting on what only the partners may read"
_OPINION = "What would change it rests on what people said. It stands in the study itself."


def without_positions(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study with those findings, reasons, conditions and gaps alone that the public may read too.

    Figures stay as the study has them: they hold what its own audience may see.
    """
    told = {f["item"] for f in document["lessons"] if f["audience"] == "public"}
    advice = dict(document["advice"])
    for part in ("rules", "conditions"):
        advice[part] = [row for row in advice[part] if row["audience"] == "public"]
    if any(c["effort"] == "collect an opinion" for c in advice["would_change"] or ()):
        advice |= {"would_change": None, "would_change_reason": _OPINION}
    return {
        **document,
        "advice": advice,
        "lessons": [f for f in document["lessons"] if f["item"] in told],
        "collect_next": [g for g in document["collect_next"] if not g["informs"] or told & {*g["informs"]}],
    }


def left_out(document: Mapping[str, Any]) -> dict[str, str]:
    """Return how much is left out of each part, in words; empty where nothing is."""
    shown = without_positions(document)
    due = len(lessons.due_worst_first(document, 42)) - len(lessons.due_worst_first(shown, 42))
    reasons, conditions = (len(document["advice"][part]) - len(shown["advice"][part]) for part in ("rules", "conditions"))  # fmt: skip
    kinds = ((reasons, "reason"), (conditions, "condition"))
    told = " and ".join(f"{count(n)} more {what}{'' if n == 1 else 's'}" for n, what in kinds if n)
    return {
        "due": f"{upper_first(count(due))} more due, {_WHY}" if due else "",
        "advice": f"{upper_first(told)}, {_WHY}" if told else "",
    }
