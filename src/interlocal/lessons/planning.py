"""The case's plan, simulated: what several lessons read."""

from __future__ import annotations

from datetime import date, timedelta

from interlocal.case.document import Case
from interlocal.people.plan import Forecast, Plan, Task, simulate


def forecast(case: Case) -> Forecast | None:
    """Return the simulated plan, or None where the case has no tasks; work that is not done starts at the earliest now."""
    if case.plan is None or not case.plan.tasks:
        return None
    tasks = tuple(
        Task(
            t.id,
            t.name,
            t.days.distribution,
            t.hours.distribution,
            t.after,
            t.phase,
            max(t.not_before or case.as_of, case.as_of),
            t.done_on,
        )
        for t in case.plan.tasks
    )
    return simulate(Plan(tasks, case.plan.start, frozenset(case.plan.blackout_months)))


def days_at_work(case: Case, first: date, last: date) -> int:
    """Return the days from ``first`` to ``last`` that lie outside the plan's blackout months."""
    dark = set(case.plan.blackout_months) if case.plan else set()
    return sum((first + timedelta(days=i + 1)).month not in dark for i in range(max(0, (last - first).days)))
