"""Statements put to partners: put, move the last day, withdraw. Nothing here sees a position."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction

from interlocal.problems import InputError, Problem
from interlocal.web.actions.audit import note
from interlocal.web.actions.decisions import add
from interlocal.web.models import CaseRecord, Person, Statement
from interlocal.web.models.deciding import LAPSES, today

LONGEST = 366
"""Longest time ahead of a first or last day [days]."""
MOST = 200
"""Statements of one case."""
_MOST_QUORUM = 500


@transaction.atomic
def put(
    *,
    case: CaseRecord,
    question: str,
    option: str,
    opens_on: dt.date | None,
    closes_on: dt.date | None,
    quorums: Mapping[str, int],
    options: Collection[str],
    by: Person,
) -> Statement:
    """Put a statement to those partners that have a quorum.

    Parameters
    ----------
    options
        Ids of the options that who puts it may see.

    Raises
    ------
    InputError
        With everything that cannot be.
    """
    held = CaseRecord.objects.select_for_update().get(pk=case.pk)
    read, question, now = held.head.read, question.strip(), today()
    last = now + dt.timedelta(days=LONGEST)
    problems = []
    if not 10 <= len(question) <= 1000:
        problems.append(Problem("question", "Statement", f"{len(question)} letters", "10 to 1000 letters", "Write one sentence that can be endorsed or blocked."))  # fmt: skip
    if option and option not in options:
        problems.append(Problem("option", "Option it is about", option[:60], "an option of this case, or none", "Choose one."))  # fmt: skip
    if opens_on is None or not now <= opens_on <= last:
        problems.append(Problem("opens_on", "First day", f"{opens_on or 'no day'}", f"a day, {now} to {last}", "Today is usual."))  # fmt: skip
    first_day = max(now, opens_on or now)
    if closes_on is None or not first_day <= closes_on <= last:
        problems.append(Problem("closes_on", "Last day", f"{closes_on or 'no day'}", f"a day, {first_day} to {last}", "Two weeks are usual, and shortly before the announced meeting."))  # fmt: skip
    unknown = quorums.keys() - set(read.partner_ids)
    if unknown or not quorums:
        problems.append(Problem("quorums", "Quorum", ", ".join(sorted(unknown))[:80] or "no partner", "partners of this case, with a number", "Write how many must answer beside each partner that is asked."))  # fmt: skip
    problems += [
        Problem(f"quorum.{p}", f"Quorum of {read.partner(p).name}", str(n), f"1 to {_MOST_QUORUM}", "Take it from the body’s own rules.")
        for p, n in quorums.items()
        if p not in unknown and not 1 <= n <= _MOST_QUORUM
    ]  # fmt: skip
    first = held.statements.first()
    if first and first.number >= MOST:
        problems.append(Problem("", "Statements", f"{first.number}", f"at most {MOST} in a case", "Record decisions in the log instead."))  # fmt: skip
    if problems:
        raise InputError(problems)
    made = Statement.objects.create(
        case=held, number=first.number + 1 if first else 1, question=question, option=option, opens_on=opens_on,
        closes_on=closes_on, quorums=dict(quorums), by=by,
    )  # fmt: skip
    note(person=by, did="statement.put", about=f"{made.number}: {question}", case=held)
    return made


@transaction.atomic
def move_last_day(*, statement: Statement, closes_on: dt.date | None, by: Person) -> None:
    """Give people longer. The day is never brought forward: nobody can close once the right ones have answered.

    Raises
    ------
    InputError
        Where the statement has ended or the day cannot be.
    """
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    _must_go_on(held)
    first, last = max(held.closes_on, today()), today() + dt.timedelta(days=LONGEST)
    if closes_on is None or not first <= closes_on <= last:
        raise InputError(Problem("closes_on", "Last day", f"{closes_on or 'no day'}", f"a day, {first} to {last}", "It can be moved later, never earlier."))  # fmt: skip
    held.closes_on = closes_on
    held.save(update_fields=["closes_on"])
    note(person=by, did="statement.last_day_moved", about=f"{held.number}: {closes_on}", case=held.case)


@transaction.atomic
def withdraw(*, statement: Statement, because: str, by: Person) -> None:
    """Take a statement back, with the ground, into the log. No position taken on it is ever shown.

    Raises
    ------
    InputError
        Where it has ended, or no ground is given.
    """
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    _must_go_on(held)
    because = because.strip()
    if not 1 <= len(because) <= 1000:
        raise InputError(Problem("because", "Why it is withdrawn", f"{len(because)} letters", "1 to 1000 letters", "The log keeps it."))  # fmt: skip
    held.outcome, held.ended_on, held.because = Statement.Outcome.WITHDRAWN, today(), because
    held.save(update_fields=["outcome", "ended_on", "because"])
    what = f"Statement {held.number} withdrawn: {held.question}"
    add(case=held.case, on=held.ended_on, what=what, ground=because, kind="withdrawn", by=by, statement=held)
    note(person=by, did="statement.withdrawn", about=str(held.number), case=held.case)


@transaction.atomic
def lapse_overdue() -> int:
    """End statements whose result nobody published in time, and return how many; the log says so."""
    overdue = Statement.objects.select_for_update().filter(outcome="", closes_on__lt=today() - LAPSES)
    found = list(overdue.select_related("case"))
    for held in found:
        held.outcome, held.ended_on = Statement.Outcome.LAPSED, held.publish_by
        held.save(update_fields=["outcome", "ended_on"])
        what = f"Statement {held.number} lapsed: {held.question}"
        ground = f"Nobody published its result until {held.publish_by}. Nothing of it is shown."
        add(case=held.case, on=held.publish_by, what=what, ground=ground, kind="lapsed", by=None, statement=held)  # fmt: skip
    return len(found)


def _must_go_on(held: Statement) -> None:
    if held.state not in {"planned", "open", "closed"}:
        raise InputError(Problem("", f"Statement {held.number}", f"one that is {held.state}", "one that goes on", "Put another statement."))  # fmt: skip
