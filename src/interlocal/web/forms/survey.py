"""A rater's page: its words in a language, its questions, and what was chosen."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from interlocal.consensus.statements import statements
from interlocal.web.models import Survey, SurveyLink
from interlocal.web.surveyed import Surveyed

DO_NOT_KNOW = "0"
"""What is chosen by those who do not know; it is not kept."""
SECONDS = 15
"""For one question; our guess, and said to be one [seconds]."""


@dataclass(frozen=True)
class Question:
    """One statement, about one partner where it rates one."""

    name: str
    """Of the field."""
    statement: str
    about: str
    text: str
    levels: tuple[tuple[str, str], ...]
    place: str
    """Which of how many, in words."""
    chosen: str
    missing: bool
    starts: str | None
    """Heading above it, where a section starts."""


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """Return what the page and the messages say, by language."""
    return tomllib.loads((Path(__file__).parents[1] / "rater.toml").read_text(encoding="utf-8"))


def questions(
    survey: Survey,
    of: Surveyed,
    partner: str,
    language: str,
    chosen: Mapping[str, str],
    *,
    sent: bool = False,
) -> list[Question]:
    """Return the questions for a rater of a partner, with what was chosen; once ``sent``, gaps are marked."""
    known, say = statements(language), words()[language]
    asked = [known[s] for s in survey.statements if s in known]
    rated = [p for p in of.partners if p != partner] if survey.kind == "trust" else [""]
    found: list[Question] = []
    for about in rated:
        for n, statement in enumerate(asked):
            name = f"{statement.id}.{about}" if about else statement.id
            text = statement.text.replace("{partner}", of.names[about]) if about else statement.text
            heading = say["section_trust"].format(partner=of.names[about]) if about else say["section_other"]
            levels = tuple((str(i), level) for i, level in enumerate(statement.levels, 1))
            value = chosen.get(name, "")
            value = value if value in {DO_NOT_KNOW, *(k for k, _ in levels)} else ""
            found.append(
                Question(
                    name, statement.id, about, text, levels,
                    say["question"].format(n=len(found) + 1, all=len(rated) * len(asked)), value,
                    sent and not value, None if n else heading,
                )
            )  # fmt: skip
    return found


def answers(asked: list[Question]) -> dict[tuple[str, str], int]:
    """Return the levels chosen; who does not know leaves none."""
    return {(q.statement, q.about): int(q.chosen) for q in asked if q.chosen not in {"", DO_NOT_KNOW}}


def said(link: SurveyLink, of: Surveyed, language: str, asked: int) -> dict[str, str]:
    """Return the sentences of the page that hold names and numbers."""
    survey, say = link.survey, words()[language]
    fill = {
        "organisation": survey.case.organisation.name,
        "case": of.title,
        "partner": of.names.get(link.partner, link.partner),
        "group": say["groups"][link.group],
        "smallest": survey.smallest_group,
        "questions": asked,
        "minutes": math.ceil(asked * SECONDS / 60),
    }
    keys = ("asked_by", "you_are", "how_long", "promise", "small", "small_answers")
    return {key: say[key].format(**fill) for key in keys}


def message(survey: Survey, of: Surveyed, language: str, kind: str, link: str = "") -> tuple[str, str]:
    """Return subject and text of an invitation or a reminder."""
    say = words()[language]["message"]
    fill = {
        "organisation": survey.case.organisation.name,
        "case": of.title,
        "until": survey.until or "",
        "smallest": survey.smallest_group,
        "link": link,
    }
    return " ".join(say["subject"].format(**fill).split()), say[kind].format(**fill)
