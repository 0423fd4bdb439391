"""Who stands behind it and whether they go on: votes, hours, a vision, a champion, persistence, what follows a study."""

from __future__ import annotations

from interlocal.lessons.finding import Evidence, Judgement
from interlocal.lessons.reading import UNKNOWN, Reading, count, months


def political_will(reading: Reading) -> Judgement:
    """Free votes, resolutions and money by governing body."""
    case = reading.case
    free = sorted((v for v in case.votes if v.own_free_vote and v.about != "study"), key=lambda v: v.on)
    if not case.votes:
        return UNKNOWN
    last = {v.partner: v for v in free if v.about != "fund"}
    yes = [p for p, v in last.items() if v.outcome == "yes"]
    adopted = [p for p in yes if last[p].about == "adopt"]
    funded = [v for v in free if v.outcome == "yes" and (v.kind == "appropriation" or v.about == "fund")]
    conditions = sum(len(v.conditions) for v in free)
    coming = [e.on for e in case.events if e.kind == "election" and e.on >= case.as_of]
    partners = len(case.partners)
    text = f"{len(yes)} of {count(partners, 'governing body', 'governing bodies')} have a free yes on record, {len(adopted)} of them to adopt; {count(conditions, 'condition')} and {count(len(funded), 'vote')} of money."
    because = [Evidence(text, "/votes", len(yes), "governing bodies")]
    sponsors = {r.partner for r in case.roles if r.role == "sponsor"}
    if case.roles:
        text = f"{len(sponsors)} of {count(partners, 'partner')} have a named sponsor."
        because.append(Evidence(text, "/roles", len(sponsors), "partners"))
    if coming:
        ahead = months(case.as_of, min(coming))
        because.append(
            Evidence(f"The next election is {ahead:.0f} months off.", "/events", round(ahead, 1), "months")
        )
    verdict = "missing" if not yes else "weak" if len(yes) < partners else "adequate"
    if len(adopted) == partners and funded:
        verdict = "strong"
    return Judgement(verdict, tuple(because))


def administration(reading: Reading) -> Judgement:
    """Chief administrators who give hours and staff; while exploring, the proposing partner's is enough."""
    case = reading.case
    if not case.roles:
        return UNKNOWN
    chiefs = {r.partner: r for r in case.roles if r.chief_administrator and r.hours_per_month}
    staffed = [p for p, r in chiefs.items() if r.staff_assigned]
    proposing = {p.id for p in case.partners if p.proposing} if case.gate == "explore" else set()
    needed = proposing or set(case.partner_ids)
    hours = sum(r.hours_per_month or 0 for r in chiefs.values())
    text = f"The chief administrators of {len(chiefs)} of {count(len(case.partners), 'partner')} give {hours:g} hours a month, {len(staffed)} of them with staff."
    verdict = "adequate" if needed <= chiefs.keys() else "weak" if chiefs else "missing"
    verdict = "strong" if len(staffed) == len(case.partners) else verdict
    return Judgement(verdict, (Evidence(text, "/roles", len(chiefs), "partners"),))


def vision(reading: Reading) -> Judgement:
    """Who agreed to it, how far it looks, and the scenarios that were run."""
    seen, option = reading.case.vision, reading.option
    if seen is None:
        return UNKNOWN
    starts = (option and option.starts) or reading.case.assumptions.horizon.first
    ends = starts + ((option and option.term_years) or 1)
    beyond = seen.looks_to is not None and seen.looks_to >= ends
    reviewed = option is not None and option.review_date is not None
    everyone = set(seen.agreed_by) == set(reading.case.partner_ids)
    because = [
        Evidence(
            f"{len(seen.agreed_by)} of {count(len(reading.case.partners), 'partner')} agreed to the vision; {count(len(seen.scenarios_run), 'scenario was', 'scenarios were')} run.",
            "/vision/agreed_by",
            len(seen.agreed_by),
            "partners",
        )
    ]
    if seen.looks_to:
        text = f"It looks to {seen.looks_to}; the first term ends in {ends}."
        because.append(Evidence(text, "/vision/looks_to", seen.looks_to, "year"))
    if option and option.review_date:
        because.append(
            Evidence(f"The first review is on {option.review_date}.", f"{reading.place}/review_date")
        )
    if not seen.agreed_by:
        return Judgement("missing", tuple(because))
    if not everyone or not (beyond or reviewed):
        return Judgement("weak", tuple(because))
    return Judgement("strong" if beyond and seen.scenarios_run else "adequate", tuple(because))


def champion(reading: Reading) -> Judgement:
    """Look for a champion with time, standing in more than one partner, and a stand-in."""
    case = reading.case
    if not case.roles:
        return UNKNOWN
    found = [
        (i, r)
        for i, r in enumerate(case.roles)
        if r.role == "champion" and (r.until is None or r.until >= case.as_of)
    ]
    if not found:
        text = f"{count(len(case.roles), 'role is', 'roles are')} on record and none is a champion's."
        return Judgement("missing", (Evidence(text, "/roles", len(case.roles), "roles"),))
    i, best = max(found, key=lambda pair: (len(pair[1].standing_in), pair[1].hours_per_month or 0))
    stand_in = any(r.role == "stand_in" for r in case.roles)
    text = f"The champion, {best.post} of {reading.name(best.partner)}, has {best.hours_per_month or 0:g} hours a month, standing in {count(len(best.standing_in), 'partner')} and {'a' if stand_in else 'no'} stand-in."
    ready = bool(best.hours_per_month) and len(best.standing_in) >= reading.threshold("standing")
    verdict = "weak" if not ready else "strong" if stand_in else "adequate"
    return Judgement(verdict, (Evidence(text, f"/roles/{i}", best.hours_per_month, "hours/month"),))


def persistence(reading: Reading) -> Judgement:
    """Setbacks that were followed by a restart, and actions that were closed."""
    case = reading.case
    setbacks = [e.on for e in case.events if e.kind == "setback" and e.on <= case.as_of]
    setbacks += [v.on for v in case.votes if v.outcome == "no"]
    restarts = [e.on for e in case.events if e.kind == "restart" and e.on <= case.as_of]
    due = [a.closed_on is not None for a in case.actions if a.closed_on or (a.due and a.due <= case.as_of)]
    because = []
    resumed = sum(any(r >= s for r in restarts) for s in setbacks)
    if setbacks:
        text = f"Work resumed after {resumed} of {count(len(setbacks), 'setback')}."
        because.append(Evidence(text, "/events", resumed, "setbacks"))
    refused = max(setbacks, default=None)
    later = [a.closed_on for a in case.actions if a.is_decision and a.closed_on]
    later += [v.on for v in case.votes if v.outcome == "yes"] + restarts
    after = min((d for d in later if refused and refused < d <= case.as_of), default=None)
    if refused and after:
        days = (after - refused).days
        text = f"The next decision after the setback of {refused} came {count(days, 'day')} later."
        because.append(Evidence(text, "/events", days, "days"))
    closed = sum(due) / len(due) if due else None
    if closed is not None:
        text = f"Actions closed: {sum(due)} of {len(due)} that were due."
        because.append(Evidence(text, "/actions", closed, "share"))
    if not resumed and not any(due):
        return Judgement("missing", tuple(because))
    if resumed < len(setbacks) or (closed is not None and closed < reading.threshold("weak")):
        return Judgement("weak", tuple(because))
    done = closed is not None and closed >= reading.threshold("strong")
    return Judgement("strong" if done else "adequate", tuple(because))


def beyond_study(reading: Reading) -> Judgement:
    """Recommendations that were decided, or have an owner, a date and money."""
    found = reading.case.recommendations
    if not found:
        return UNKNOWN
    carried = [r for r in found if r.decided_on or (r.owner and r.due and r.money)]
    share = len(carried) / len(found)
    text = f"Recommendations decided, or with an owner, a date and money: {len(carried)} of {len(found)}."
    because = [Evidence(text, "/recommendations", share, "share")]
    studies = [(e.on, i) for i, e in enumerate(reading.case.events) if e.kind == "study_published"]
    undecided = sum(r.decided_on is None for r in found)
    if studies and undecided:
        on, i = max(studies)
        age = months(on, reading.case.as_of)
        text = f"The study is {age:.0f} months old; {count(undecided, 'recommendation is', 'recommendations are')} undecided."
        because.append(Evidence(text, f"/events/{i}", round(age, 1), "months"))
    verdict = "strong" if share == 1 else "adequate" if share >= reading.threshold("adequate") else "weak"
    return Judgement(verdict if carried else "missing", tuple(because))
