"""The decision log: what was decided, when, on which ground. Entries are added, never changed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from interlocal.problems import InputError, Problem
from interlocal.web.actions.audit import note
from interlocal.web.models import CaseRecord, Decision, Person, Revision, Statement
from interlocal.web.models.deciding import today

LONGEST = {"what": 1000, "ground": 4000}
"""Most letters of an entry made by hand."""
MOST = 5000
"""Entries of one case that are made by hand."""
_FIRST = dt.date(1900, 1, 1)


@transaction.atomic
def record(
    *, case: CaseRecord, on: dt.date | None, what: str, ground: str, by: Person, corrects: int | None = None
) -> Decision:
    """Add an entry by hand; it keeps which revision of the case stood then, and which entry it corrects, by its number.

    Raises
    ------
    InputError
        With what is missing, too long or not yet.
    """
    what, ground = what.strip(), ground.strip()
    problems = [
        *_words("what", "What was decided", what, "Write it as one would read it aloud."),
        *_words(
            "ground", "On which ground", ground, "Name the vote, the meeting, the minutes or the result."
        ),
    ]
    if on is None or not _FIRST <= on <= today():
        problems.append(Problem("on", "When", f"{on or 'no day'}", f"a day up to {today()}", "Record decisions after they were taken."))  # fmt: skip
    if case.decisions.count() >= MOST:
        problems.append(Problem("", "The log", f"{MOST} entries", "fewer", "Start a case for what goes on."))
    # Numbers beyond those of a database are none of the log.
    corrected = case.decisions.filter(number=corrects).first() if 0 < (corrects or 0) < 2**31 else None
    if corrects is not None and corrected is None:
        problems.append(Problem("corrects", "What it corrects", f"entry {corrects}", "an entry of the log", "Look up its number."))  # fmt: skip
    if problems or on is None:
        raise InputError(problems)
    return add(case=case, on=on, what=what, ground=ground, kind="hand", by=by, revision=case.head, corrects=corrected)  # fmt: skip


@transaction.atomic
def add(
    *,
    case: CaseRecord,
    on: dt.date,
    what: str,
    ground: str,
    kind: str,
    by: Person | None,
    **links: Statement | Revision | Decision | None,
) -> Decision:
    """Add an entry under the next number; ``links`` are what it leads to: statement, revision, corrects."""
    held = CaseRecord.objects.select_for_update().get(pk=case.pk)
    last = held.decisions.order_by("-number").first()
    number = last.number + 1 if last else 1
    made = Decision.objects.create(case=held, number=number, on=on, what=what, ground=ground, kind=kind, by=by, **links)  # fmt: skip
    note(person=by, did="decision.recorded", about=f"{number}: {what}", case=held)
    return made


def _words(field: str, where: str, given: str, fix: str) -> list[Problem]:
    if given and len(given) <= LONGEST[field]:
        return []
    found = f"{len(given)} letters" if given else "nothing"
    return [Problem(field, where, found, f"1 to {LONGEST[field]} letters", fix)]
