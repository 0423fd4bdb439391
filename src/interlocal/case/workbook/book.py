"""What differs between the documents that lie in a workbook; everything else about them is the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.case.canonical import Document
from interlocal.case.document import Case
from interlocal.reference import clauses, governance_models, services


@dataclass(frozen=True, eq=False)
class Book:
    """One kind of document, as its workbook needs it."""

    model: type[Document]
    name: str
    """What it is called in a sentence, and the name of the sheet with the single values at its top."""
    about: str
    """What the first of its sheets holds, in a sentence."""
    fresh: str
    """The command that writes a new one."""
    made_on: Callable[[Any], dt.date]
    """The day that the file says it was made, so that the same document gives the same bytes."""
    advice: tuple[str, ...]
    """What its first page says, besides what every workbook says."""
    first: tuple[str, ...] = ()
    """Sections whose sheets stand before all others."""
    side_by_side: frozenset[str] = frozenset()
    """Lists written as forms, an entry per column: few entries with many values each."""
    catalogues: Mapping[tuple[str, str], Callable[[], Iterable[str]]] | None = None
    """Ids to choose from, by sheet and heading."""
    own_ids: Mapping[str, str] | None = None
    """Table of this workbook whose ids a heading holds."""

    @property
    def one(self) -> str:
        """Its name with the article."""
        return f"{'an' if self.name[0] in 'aeiou' else 'a'} {self.name}"


CASE = Book(
    model=Case,
    name="case",
    about="What the case is about: its title, its day, its currency.",
    fresh="interlocal new --workbook --full PATH.xlsx",
    made_on=lambda case: case.as_of,
    advice=("Check the case with: interlocal check FILE.xlsx. Answer it with: interlocal study FILE.xlsx.",),
    side_by_side=frozenset({"options"}),
    catalogues={
        ("service", "id"): services,
        ("options", "form"): governance_models,
        ("governance", "model"): governance_models,
        ("options.clauses", "id"): clauses,
    },
    own_ids={
        "partner": "partners",
        "payer": "partners",
        "lead": "partners",
        "names": "partners",
        "raised_by": "partners",
        "stress.leaver": "partners",
        "escalator": "assumptions.escalators",
        "default_escalator": "assumptions.escalators",
        "comparable": "comparables",
        "scale": "staffing.scales",
        "survey": "surveys",
        "recommendation": "recommendations",
    },
)
