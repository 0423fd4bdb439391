"""The case's plan, simulated: what several lessons read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from interlocal.case.document import Case
from interlocal.case.people import Role as RoleEntry
from interlocal.case.walk import visibilities
from interlocal.lessons.finding import Evidence
from interlocal.people.openings import like
from interlocal.people.plan import DRAWS, Forecast, Plan, Task, simulate
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
_RANGE = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


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


def plan_answer(case: Case, visible: Collection[str]) -> dict[str, Any]:
    """Return the part ``plan`` of study.json: when the plan and each of its tasks end, what it takes, what decides.

    Parameters
    ----------
    visible
        Audiences whose entries the reader may see; a plan with any part kept from them is left out whole, for its end
        follows from all its parts.
    """
    plan = case.plan
    if plan is not None and not all(v in visible for v in visibilities(case, "/plan")):
        return {"unknown": "The plan is not for this audience.", "tasks": []}
    ahead = forecast(case)
    if plan is None or ahead is None:
        lacks = "no plan" if plan is None else "a plan without tasks"
        return {"unknown": f"The case has {lacks}.", "tasks": []}
    critical = ahead.criticality()
    return {
        "unknown": None,
        "start": plan.start.isoformat(),
        "promised_finish": plan.promised_finish.isoformat() if plan.promised_finish else None,
        "p_promised": ahead.probability_by(plan.promised_finish) if plan.promised_finish else None,
        "blackout_months": sorted(set(plan.blackout_months)),
        "finish": {k: ahead.finish_date(p).isoformat() for k, p in _RANGE.items()},
        "staff_hours": {k: ahead.staff_hours(p) for k, p in _RANGE.items()},
        "outside_view": next((e.text for e in outside_view(case, ahead)), None),
        "draws": DRAWS,
        "tasks": [
            {
                "id": t.id,
                "name": t.name,
                "phase": t.phase,
                "done_on": t.done_on.isoformat() if t.done_on else None,
                "start": None if t.done_on else ahead.task_start_date(t.id, 0.5).isoformat(),
                "finish": None
                if t.done_on
                else {k: ahead.task_finish_date(t.id, p).isoformat() for k, p in _RANGE.items()},
                "criticality": critical[t.id],
            }
            for t in plan.tasks
        ],
    }


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
