"""The case's plan, simulated: what several lessons read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from interlocal.case.document import Case
from interlocal.case.people import Role as RoleEntry
from interlocal.lessons.finding import Evidence
from interlocal.people.openings import like
from interlocal.people.plan import Forecast, Plan, Task, simulate
from interlocal.people.roster import Election, Holder, Role, Roster, roster
from interlocal.reference import facts

_ROLES: dict[str, Role] = {
    "sponsor": "sponsor",
    "champion": "champion",
    "project_lead": "lead",
    "lead": "lead",
    "successor": "successor",
    "stand_in": "successor",
}
_YEAR = timedelta(days=365)


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


def outside_view(case: Case, plan: Forecast) -> Iterator[Evidence]:
    """Yield how long the plan takes beside how long savings of a merged service took elsewhere."""
    option = case.proposed_option
    if case.plan is None or option is None or option.kind != "shared":
        return
    elsewhere = next(f for f in facts("timing") if f.id == "savings_take_years")
    if not elsewhere.value:
        return
    years = (plan.finish_date(0.5) - case.plan.start).days / 365.25
    first, last = elsewhere.value[0], elsewhere.value[-1]
    text = f"The middle date is {years:.1f} years after the start; elsewhere first savings of a merged service often took {first:g} to {last:g} years, while a joint purchase or a post left vacant can save at once."
    yield Evidence(text, "/plan/start", round(years, 1), "years")


def project_roster(case: Case) -> Roster:
    """Return who carries the work from today to the promised or simulated end of the plan, a year at least.

    A role ends when its holder's key post is known to end, and elections inside the plan are listed.
    """
    plan = forecast(case)
    ends = [case.as_of + _YEAR]
    ends += [plan.finish_date(0.5)] if plan else []
    ends += [case.plan.promised_finish] if case.plan and case.plan.promised_finish else []
    holders = [Holder(r.partner, _ROLES[r.role], r.post, r.since, *_end(case, r)) for r in case.roles]
    elections = [Election(e.partner, e.on, e.text) for e in case.events if e.kind == "election" and e.partner]
    return roster(holders, case.partner_ids, case.as_of, max(ends), elections)


def _end(case: Case, role: RoleEntry) -> tuple[date | None, str]:
    """Return the day on which a role ends, its own or that of the post it goes with, and why."""
    known = [(role.until, "")] if role.until else []
    known += [
        (k.until, k.reason or "the post falls open")
        for k in case.key_posts
        if k.until and k.status == "ending" and k.partner == role.partner and _same_post(k.title, role.post)
    ]
    return min(known, default=(None, ""))


def _same_post(one: str, other: str) -> bool:
    return one.casefold() == other.casefold() or (like(one) is not None and like(one) == like(other))
