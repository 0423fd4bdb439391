"""The rhythm of a partnership: what was held and done when it was agreed, and signs that it drifts, named early."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from interlocal.case.running import Action
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.invoices import Invoice
from interlocal.partnership.register import Register

RHYTHMS = 2
"""Times the agreed rhythm without a decision from which it drifts (judgement; that of the lessons)."""
MISSED = 2
"""Check-ins missed in a row from which it drifts (judgement)."""
ELECTION_DAYS = 90
"""Days before an election from which it is named (judgement)."""
LATE, LATE_DAYS = 3, 180
"""Late payments within so many days that make a cluster (judgement)."""


@dataclass(frozen=True)
class Sign:
    """An early sign with what it rests on."""

    kind: str
    text: str
    evidence: str


@dataclass(frozen=True)
class Overdue:
    """An action that is overdue, and who has it now by the agreed rule."""

    action: Action
    days: int
    escalated_to: str | None
    """None before the first step of the rule, or where none is agreed."""


@dataclass(frozen=True)
class Rhythm:
    """What was planned and what was held."""

    planned: int
    held: int
    attendance: float | None
    """Part of the members that came to the check-ins held; None where none was held."""
    open_actions: int
    overdue: tuple[Overdue, ...]
    last_decision: date | None


def rhythm(agreement: Agreement, as_of: date) -> Rhythm:
    """Return how the agreed rhythm is kept up to a day."""
    life = agreement.life
    planned = [c for c in life.check_ins if c.planned <= as_of]
    held = [c for c in planned if c.held is not None and c.held <= as_of]
    came = [len(set(c.attended)) / len(agreement.members_on(c.held or c.planned) or (0,)) for c in held]
    active = [a for a in life.actions if a.closed_on is None or a.closed_on > as_of]
    overdue = sorted(
        (a for a in active if a.due is not None and a.due < as_of), key=lambda a: (a.due or as_of, a.id)
    )
    return Rhythm(
        len(planned),
        len(held),
        sum(came) / len(came) if came else None,
        len(active),
        tuple(_overdue(a, agreement, as_of) for a in overdue),
        _last_decision(agreement, as_of),
    )


def drift(register: Register, agreement: Agreement, bills: Iterable[Invoice] = ()) -> tuple[Sign, ...]:
    """Return the signs that the partnership drifts on the register's day, each with its evidence.

    Parameters
    ----------
    bills
        Invoices with what came in; late ones are looked for among them.
    """
    as_of = register.as_of
    found = (
        _missed(agreement, as_of),
        _undecided(agreement, as_of),
        *_people(register, agreement),
        _late(bills, as_of),
    )
    return tuple(s for s in found if s is not None)


def _overdue(action: Action, agreement: Agreement, as_of: date) -> Overdue:
    days = (as_of - action.due).days if action.due else 0
    reached = [step for step in agreement.life.escalation if step.after_days <= days]
    to = max(reached, key=lambda step: step.after_days).to if reached else None
    return Overdue(action, days, to)


def _last_decision(agreement: Agreement, as_of: date) -> date | None:
    life = agreement.life
    decided = [c.held for c in life.check_ins if c.held and c.decided]
    decided += [a.closed_on for a in life.actions if a.is_decision and a.closed_on]
    return max((d for d in decided if d <= as_of), default=None)


def _missed(agreement: Agreement, as_of: date) -> Sign | None:
    planned = sorted((c for c in agreement.life.check_ins if c.planned < as_of), key=lambda c: c.planned)
    missed = []
    for c in reversed(planned):
        if c.held is not None:
            break
        missed.append(c)
    if len(missed) < MISSED:
        return None
    days = ", ".join(str(c.planned) for c in reversed(missed))
    return Sign("missed_check_ins", f"The last {len(missed)} check-ins were not held.", f"planned for {days}")


def _undecided(agreement: Agreement, as_of: date) -> Sign | None:
    every = agreement.life.rhythm_days
    if every is None:
        return None
    last = _last_decision(agreement, as_of)
    quiet = (as_of - (last or agreement.starts)).days
    if quiet <= RHYTHMS * every:
        return None
    since = f"the last on {last}" if last else f"none since the start on {agreement.starts}"
    return Sign(
        "no_decision", f"Nothing was decided for {quiet} days; the agreed rhythm is {every} days.", since
    )


def _people(register: Register, agreement: Agreement) -> Iterable[Sign]:
    as_of = register.as_of
    for post in agreement.life.key_posts:
        leads = agreement.lead in {None, post.partner}
        if not leads or post.status == "filled" or (post.since is not None and post.since > as_of):
            continue
        if post.status == "ending" and (
            post.until is None or post.until > as_of + timedelta(days=ELECTION_DAYS)
        ):
            continue
        words = {
            "vacant": "is vacant",
            "interim": "is held by an interim",
            "ending": f"falls open on {post.until}",
        }
        whose = "The lead’s post" if agreement.lead else f"{register.name(post.partner)}’s post"
        text = f"{whose} of {post.title} {words[post.status]}."
        yield Sign("lead_post", text, f"since {post.since}" if post.since else "no date on record")
    for election in sorted(agreement.life.elections, key=lambda e: (e.on, e.organisation)):
        if as_of <= election.on <= as_of + timedelta(days=ELECTION_DAYS):
            days = (election.on - as_of).days
            text = f"{register.name(election.organisation)} elects in {days} days: {election.what}."
            yield Sign("election", text, str(election.on))


def _late(bills: Iterable[Invoice], as_of: date) -> Sign | None:
    recent = as_of - timedelta(days=LATE_DAYS)
    late = [i for i in bills if i.cents > 0 and recent <= i.due < as_of and i.late_days(as_of) > 0]
    if len(late) < LATE:
        return None
    worst = max(i.late_days(as_of) for i in late)
    text = f"{len(late)} payments of the last {LATE_DAYS} days were or are late, the longest by {worst} days."
    return Sign("late_payments", text, ", ".join(sorted(i.number for i in late)))
