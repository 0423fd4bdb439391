"""The relationship of the partners: short surveys, issues and disputes, and an early warning with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from interlocal.case.deciding import SurveyWave
from interlocal.case.document import Case
from interlocal.case.running import Dispute, Issue
from interlocal.consensus.statements import statements
from interlocal.consensus.surveys import by_statement, change, closed, level
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.rhythm import Sign

LOW = 3.0
"""Level of a pulse, 1 to 5, below which it is low (judgement; that of the lessons)."""
FALL = 0.5
"""Levels since the wave before from which it falls (judgement; that of the lessons)."""
OLD_DAYS = 90
"""Days after which an open issue is old (judgement; that of the lessons)."""


_NOTICED = 0.05
"""Levels apart that still show in figures with one decimal."""


@dataclass(frozen=True)
class Pulse:
    """One closed wave; nothing but its pooled level, and that only where it hides everybody."""

    closed_on: date
    level: float | None


@dataclass(frozen=True)
class Asked:
    """One statement of the pulse: what moved the trend, or did not."""

    statement: str
    text: str
    levels: tuple[float | None, ...]
    """By wave, as :attr:`Relationship.pulses`; None where it was not asked or too few answered."""


@dataclass(frozen=True)
class OpenIssue:
    """An issue that is open, and for how long."""

    issue: Issue
    days: int


@dataclass(frozen=True)
class OpenDispute:
    """A dispute on its way through the agreed steps."""

    dispute: Dispute
    days: int
    step: str | None
    """The step it should be at by its age; None where no steps are agreed."""
    over: int
    """Days beyond the last agreed step."""


@dataclass(frozen=True)
class Relationship:
    """How the partners get on, as far as it is on record."""

    pulses: tuple[Pulse, ...]
    trend: float | None
    """Levels since the wave before, over the same people where they are known; None before a second wave."""
    same_people: bool
    asked: tuple[Asked, ...]
    issues: tuple[OpenIssue, ...]
    disputes: tuple[OpenDispute, ...]
    settled: int
    """Disputes that were closed."""
    warnings: tuple[Sign, ...]


def relationship(agreement: Agreement, case: Case) -> Relationship:
    """Return the state of the relationship on the day of the case.

    Parameters
    ----------
    case
        The agreement as a case; see :func:`interlocal.partnership.renewal.as_case`.
    """
    as_of = case.as_of
    waves = [wave for _, wave in closed(case, "pulse")]
    pulses = tuple(Pulse(wave.closed_on, level(wave)) for wave in waves)
    moved = change(case, "pulse")
    issues = sorted((i for i in agreement.life.issues if _open(i, as_of)), key=lambda i: (i.opened_on, i.id))
    disputes = sorted(
        (d for d in agreement.life.disputes if _open(d, as_of)), key=lambda d: (d.opened_on, d.id)
    )
    found = Relationship(
        pulses,
        moved.by if moved else None,
        bool(moved and moved.same_people),
        _asked(waves),
        tuple(OpenIssue(i, (as_of - i.opened_on).days) for i in issues),
        tuple(_dispute(d, agreement, as_of) for d in disputes),
        sum(d.closed_on is not None and d.closed_on <= as_of for d in agreement.life.disputes),
        (),
    )
    return replace(found, warnings=_warnings(found))


def _asked(waves: Sequence[SurveyWave]) -> tuple[Asked, ...]:
    known, levels = statements(), [by_statement(wave) for wave in waves]
    order = {s: place for place, s in enumerate(known)}
    found = dict.fromkeys(cell.statement for wave in waves for cell in wave.cells)
    names = sorted(found, key=lambda s: order.get(s, len(order)))
    return tuple(
        Asked(s, known[s].text if s in known else s.replace("_", " "), tuple(at.get(s) for at in levels))
        for s in names
    )


def _fell_most(asked: Sequence[Asked]) -> str:
    """Return which statement fell most since the wave before, as the end of a sentence; nothing where several did."""
    both = [(a.levels[-2], a.levels[-1], a.text) for a in asked]
    moved = sorted((now - before, before, now, text) for before, now, text in both if before and now)
    if not moved or moved[0][0] >= 0 or (len(moved) > 1 and moved[1][0] - moved[0][0] < _NOTICED):
        return ""
    _, before, now, text = moved[0]
    return f"; most in “{text}”, from {before:.1f} to {now:.1f}"


def _open(entry: Issue | Dispute, as_of: date) -> bool:
    return entry.opened_on <= as_of and (entry.closed_on is None or entry.closed_on > as_of)


def _dispute(dispute: Dispute, agreement: Agreement, as_of: date) -> OpenDispute:
    reached = dispute.opened_on
    step = None
    for agreed in agreement.life.dispute_steps:
        step = agreed.name
        reached += timedelta(days=agreed.days)
        if as_of <= reached:
            break
    over = max(0, (as_of - reached).days) if agreement.life.dispute_steps else 0
    return OpenDispute(dispute, (as_of - dispute.opened_on).days, step, over)


def _warnings(found: Relationship) -> tuple[Sign, ...]:
    warnings = []
    last = found.pulses[-1] if found.pulses else None
    if last is not None and last.level is not None and last.level < LOW:
        warnings.append(
            Sign("low_pulse", f"The last pulse stands at {last.level:.1f} of 5.", f"closed {last.closed_on}")
        )
    if found.trend is not None and found.trend <= -FALL:
        who = "the same people" if found.same_people else "not always the same people"
        text = f"The pulse fell by {-found.trend:.1f} levels since the wave before ({who})."
        evidence = f"closed {found.pulses[-1].closed_on}{_fell_most(found.asked)}"
        warnings.append(Sign("falling_pulse", text, evidence))
    warnings += [
        Sign(
            "old_issue", f"An issue is open for {i.days} days: {i.issue.text}", f"opened {i.issue.opened_on}"
        )
        for i in found.issues
        if i.days > OLD_DAYS
    ]
    warnings += [
        Sign("dispute", f"A dispute is {d.over} days beyond its last agreed step: {d.dispute.text}", f"opened {d.dispute.opened_on}")
        for d in found.disputes
        if d.over > 0
    ]  # fmt: skip
    return tuple(warnings)
