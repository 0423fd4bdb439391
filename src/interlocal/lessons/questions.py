"""The three fundamental questions, answered as probabilities and told as findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.case.document import Case
from interlocal.lessons.catalogue import Step, items
from interlocal.lessons.finding import Evidence, Finding, Judgement
from interlocal.lessons.reading import Reading, assess, futures
from interlocal.questions.answers import verdict

_ANSWERS = {
    "money": (("pool", "total", "p_saves"), "The partners together save money in {}."),
    "service": (("joint", "p"), "Service is equal or better for every partner in {}."),
    "sustainability": (
        ("p_stays", "total", "p"),
        "Every partner stays better off in {}; endings elsewhere came more from responsiveness, control and relationships than from money.",
    ),
}


def money(reading: Reading) -> Judgement:
    """Probability that the partners together save money."""
    return _answer(reading, "money")


def service(reading: Reading) -> Judgement:
    """Probability that service is equal or better for every partner."""
    return _answer(reading, "service")


def sustainability(reading: Reading) -> Judgement:
    """Probability that every partner stays better off."""
    return _answer(reading, "sustainability")


CHECKS = (money, service, sustainability)


def questions(document: Mapping[str, Any], case: Case) -> tuple[Finding, ...]:
    """Return the three findings of a study."""
    return tuple(assess(c, items()[f"question.{c.__name__}"], case, document) for c in CHECKS)


def _answer(reading: Reading, name: str) -> Judgement:
    option = reading.option.id if reading.option else ""
    path, says = _ANSWERS[name]
    p, pointer = reading.answer("questions", name, "options", option, *path)
    if p is None:
        reason, _ = reading.answer("questions", name, "options", option, "unknown")
        return Judgement("unknown", steps=(Step(reason, "the facilitator"),) if reason else ())
    return Judgement(verdict(p), (Evidence(says.format(futures(p)), pointer, p, "probability"),))
