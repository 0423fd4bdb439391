"""The survey's statements, each with five levels described in its own words; they rate conditions, never people.

The words are data (``reference/statements.toml``, and ``statements.es.toml`` for Spanish) and our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from interlocal.problems import InputError, Problem
from interlocal.reference.files import index, toml

LANGUAGES = {"en": "statements", "es": "statements.es"}


@dataclass(frozen=True)
class Statement:
    """One statement and its levels, the weakest first."""

    id: str
    about: str
    """``trust.`` and a dimension, a necessity's id (``necessity.timing``), ``safety``, or ``pulse``."""
    text: str
    """The question; trust statements speak of ``{partner}``, the partner rated."""
    levels: tuple[str, ...]
    draft: bool
    """A translation that nobody who speaks the language natively has checked yet."""

    @property
    def rates_partner(self) -> bool:
        """Whether the statement is asked about each other partner."""
        return self.about.startswith("trust.")


@cache
def statements(language: str = "en") -> Mapping[str, Statement]:
    """Return every statement by id, in the order of asking.

    Raises
    ------
    InputError
        For a language there are no statements in.

    Examples
    --------
    >>> statements()["trust_reliability_dates"].rates_partner
    True
    >>> statements("es")["safety_mistakes"].draft
    True
    """
    if language not in LANGUAGES:
        raise InputError(
            Problem(
                "/language",
                "the survey's language",
                language,
                " or ".join(LANGUAGES),
                "Choose one of these; a new one is a new file beside them.",
            )
        )
    data = toml(LANGUAGES[language])
    found = {
        row["id"]: Statement(row["id"], row["about"], row["text"], tuple(row["levels"]), data["draft"])
        for row in data["statement"]
    }
    return index(found)


def dimensions() -> Mapping[str, str]:
    """Return the trust dimension of each trust statement."""
    return {s.id: s.about.removeprefix("trust.") for s in statements().values() if s.rates_partner}
