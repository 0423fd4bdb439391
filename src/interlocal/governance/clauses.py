"""Where the clauses of an agreement stand: agreed, missing for the form chosen, still to be seen by a lawyer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from interlocal.case.document import Case
from interlocal.governance.conditions import option_at
from interlocal.reference import Clause, clauses

Status = Literal["agreed", "not_needed", "open", "missing"]
SETTLED = frozenset({"agreed", "not_needed"})


@dataclass(frozen=True)
class ClauseStanding:
    """One clause and how far it has come."""

    clause: Clause
    status: Status
    """``open`` where the case names the clause and nobody agreed to it; ``missing`` where the case does not name it."""
    needed: bool
    """Whether the form usually needs it."""
    text: str | None
    legal_review: Literal["done", "asked", "none"]
    pointer: str
    """JSON pointer into the case."""

    @property
    def settled(self) -> bool:
        """Whether the partners agreed to it, or agreed that they do without."""
        return self.status in SETTLED

    @property
    def for_a_lawyer(self) -> bool:
        """Whether a lawyer has still to look at it: every clause that is not reviewed, agreed or not."""
        return self.clause.legal_review and self.legal_review != "done"


def clauses_of(case: Case, model: str) -> tuple[ClauseStanding, ...]:
    """Return each clause that a form usually needs or the case names, in the usual order of an agreement."""
    option, place = option_at(case)
    named = {c.id: (i, c) for i, c in enumerate(option.clauses)} if option else {}
    found = []
    for clause in clauses().values():
        needed = model in clause.needed_by
        if clause.id in named:
            i, told = named[clause.id]
            at = f"{place}/clauses/{i}"
            found.append(ClauseStanding(clause, told.status, needed, told.text, told.legal_review, at))
        elif needed:
            found.append(ClauseStanding(clause, "missing", needed, None, "none", f"{place}/clauses"))
    return tuple(found)
