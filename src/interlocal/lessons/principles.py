"""How to share well. Verdicts: strong, adequate, weak, missing, unknown."""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.case.service import ComplexityFacts, ServiceTraits
from interlocal.case.values import Entry
from interlocal.consensus.surveys import change, latest, level, trust_of
from interlocal.lessons import expected
from interlocal.lessons.finding import Evidence, Judgement
from interlocal.lessons.planning import forecast, outside_view, project_roster
from interlocal.lessons.reading import UNKNOWN, Reading, count, futures, months, percent
from interlocal.people.roster import Role
from interlocal.phrases import listed

_HARD = ("asset_specificity", "labour_intensity", "capital_intensity", "union_presence", "division_conflict")
"""Traits that make sharing harder where they are high."""
_CARRYING: dict[Role, str] = {"sponsor": "sponsors", "champion": "a champion", "lead": "a project lead"}
_ENDINGS = {
    "agreed": "agreed between the partners",
    "mediated": "settled with a mediator",
    "arbitrated": "decided by an arbitrator",
    "court": "decided in court",
    "withdrawn": "withdrawn",
}


def complexity(reading: Reading) -> Judgement:
    """How much of the service-and-setting profile is known, and what makes this one hard."""
    service = reading.case.service
    traits = _given(service.traits, ServiceTraits)
    facts = _given(service.complexity, ComplexityFacts)
    size = len(_names(ServiceTraits)) + len(_names(ComplexityFacts))
    known = len(traits) + len(facts)
    if not known:
        return UNKNOWN
    text = f"{known} of {size} parts of the profile are known."
    because = [Evidence(text, "/service", known / size, "share")]
    hard = [_words(t) for t in _HARD if traits.get(t, 0) >= reading.threshold("high")]
    if traits:
        text = f"Rated {reading.threshold('high'):g} or more of 5: {listed(hard) or 'none of the traits that make sharing harder'}."
        because.append(Evidence(text, "/service/traits", len(hard), "traits", "raters"))
    because += [
        Evidence(f"{_words(k).capitalize()}: {v}.", f"/service/complexity/{k}", v, _words(k))
        for k, v in facts.items()
    ]
    share = known / size
    verdict = "adequate" if share >= reading.threshold("adequate") else "weak"
    return Judgement("strong" if share >= reading.threshold("strong") else verdict, tuple(because))


def trust(reading: Reading) -> Judgement:
    """Read the pooled level of the last trust wave, by dimension, and how it moved; pairs are for the facilitator."""
    case = reading.case
    wave = latest(case, "trust")
    found = trust_of(case, wave[1]) if wave else None
    if wave is None or found is None or found.level is None:
        return UNKNOWN
    place = f"/surveys/{wave[0]}"
    parts = listed(f"{_words(d)} {x:.1f}" for d, x in found.by_dimension.items())
    text = f"Trust, all answers pooled, stands at {found.level:.1f} of 5: {parts}."
    because = [Evidence(text, place, found.level, "level from 1 to 5", "raters")]
    withheld = sum(c.counts is None for c in wave[1].cells)
    if withheld:
        text = f"{count(withheld, 'group is', 'groups are')} withheld, so that nobody's answer can be worked out."
        because.append(Evidence(text, f"{place}/cells", withheld, "groups"))
    pairs = len(found.pairs) + len(found.hidden)
    text = f"Enough people answered to speak of {len(found.pairs)} of {count(pairs, 'pair')} of partners; the facilitator sees which."
    because.append(Evidence(text, f"{place}/cells", len(found.pairs), "pairs"))
    because += moves(reading, "trust")
    verdict = "adequate" if found.level >= reading.threshold("discuss") else "weak"
    return Judgement("strong" if found.level >= reading.threshold("strength") else verdict, tuple(because))


def effort(reading: Reading) -> Judgement:
    """When the simulated plan ends, what it takes, and the chance of the promised date."""
    plan = reading.case.plan
    if plan is None:
        return UNKNOWN
    ahead = forecast(reading.case)
    if ahead is None:
        return Judgement(
            "missing", (Evidence(f"The plan starts on {plan.start} and has no tasks.", "/plan"),)
        )
    dates = listed(str(ahead.finish_date(p)) for p in (0.1, 0.5, 0.9))
    hours = [ahead.staff_hours(p) for p in (0.1, 0.5, 0.9)]
    left = [t for t in plan.tasks if t.done_on is None]
    ranged = sum(t.days.is_uncertain for t in left) / len(left) if left else 1.0
    critical = max(ahead.criticality().items(), key=lambda pair: pair[1])
    names = {t.id: t.name for t in plan.tasks}
    because = [
        Evidence(
            f"The plan ends by these dates in 10, 50 and 90 of 100 futures: {dates}.",
            "/plan/tasks",
            str(ahead.finish_date(0.5)),
            "date",
        ),
        Evidence(
            f"It still takes {hours[0]:,.0f} to {hours[2]:,.0f} staff hours, {hours[1]:,.0f} in the middle.",
            "/plan/tasks",
            hours[1],
            "hours",
        ),
        Evidence(f"{percent(ranged)} of open tasks have a range.", "/plan/tasks", ranged, "share"),
    ]
    if left:
        text = f"“{names[critical[0]]}” decides the end in {futures(critical[1])}."
        because.append(Evidence(text, "/plan/tasks", critical[1], "probability"))
    because += outside_view(reading.case, ahead)
    wide = ranged >= reading.threshold("ranges")
    if plan.promised_finish is None:
        return Judgement("adequate" if wide else "weak", tuple(because))
    p = ahead.probability_by(plan.promised_finish)
    because.insert(
        0,
        Evidence(
            f"The promised {plan.promised_finish} is kept in {futures(p)}.",
            "/plan/promised_finish",
            p,
            "probability",
        ),
    )
    verdict = "adequate" if wide and p >= reading.threshold("adequate") else "weak"
    return Judgement("strong" if wide and p >= reading.threshold("strong") else verdict, tuple(because))


def expectations(reading: Reading) -> Judgement:
    """Each expectation against the computed range, and those that contradict one another."""
    judged = [(i, e, expected.chance(reading, e)[0]) for i, e in enumerate(reading.case.expectations)]
    known = [(i, e, p) for i, e, p in judged if p is not None]
    because = [
        Evidence(
            f"{e.who}: {expected.says(reading, i)}, {expected.place_in_range(p)}; met in {futures(p)}.",
            f"/expectations/{i}",
            p,
            "probability",
        )
        for i, e, p in sorted(known, key=lambda row: row[2])
    ]
    because += expected.contradictions(reading)
    lost = [e.who for _, e, p in judged if p is None]
    if known and lost:
        text = f"Not held against anything, for want of a figure: {count(len(lost), 'expectation')}, of {listed(lost)}."
        because.append(Evidence(text, "/expectations", len(lost), "expectations"))
    if not known:
        return Judgement("unknown", tuple(because))
    least = min(p for _, _, p in known)
    verdict = "adequate" if least >= reading.threshold("even") else "weak"
    return Judgement("strong" if least >= reading.threshold("likely") else verdict, tuple(because))


def leadership(reading: Reading) -> Judgement:
    """Who carries the work in each month of the plan, single points of failure, and what ends inside it."""
    if not reading.case.roles:
        return UNKNOWN
    found = project_roster(reading.case)
    least, because = 1.0, []
    shares = []
    for role, words in _CARRYING.items():
        rows = [c for c in found.coverage if c.role == role]
        if role == "sponsor":
            share = sum(c.share for c in rows) / len(rows)
            text = f"The partners have {words} in {percent(share)} of the months of the plan, all partners counted."
        else:
            held = [max(c.months[m] for c in rows) for m in range(len(found.months))]
            share = sum(x == 1 for x in held) / len(held)
            text = f"There is {words} in {percent(share)} of the months of the plan."
        shares.append(share)
        because.append(Evidence(text, "/roles", share, "share of months"))
        least = min(least, share)
    alone = len({p.name for p in found.single_points})
    text = f"{count(alone, 'post carries', 'posts carry')} a role alone; {count(len(found.endings), 'role or term ends', 'roles or terms end')} inside the plan."
    because.append(Evidence(text, "/roles", alone, "posts"))
    because += [
        Evidence(f"{e.day}, {reading.name(e.partner)}: {e.what}.", "/roles", str(e.day), "date")
        for e in found.endings[:4]
    ]
    if not any(shares):
        return Judgement("missing", tuple(because))
    verdict = "adequate" if least >= reading.threshold("covered") else "weak"
    return Judgement("strong" if least == 1 and not alone else verdict, tuple(because))


def relationships(reading: Reading) -> Judgement:
    """Check-ins held against planned, open issues and their age, disputes, and the pulse: its level and its trend."""
    case = reading.case
    planned = [c for c in case.check_ins if c.planned <= case.as_of]
    held = [c for c in planned if c.held]
    because = []
    if planned:
        came = sum(len(c.attended) for c in held) / (len(held) * len(case.partners)) if held else 0.0
        text = f"Planned check-ins held: {len(held)} of {len(planned)}; {percent(came)} of partners came to them."
        because.append(Evidence(text, "/check_ins", len(held) / len(planned), "share"))
    ages = [(case.as_of - i.opened_on).days for i in case.issues if i.closed_on is None]
    if case.issues:
        oldest = f", the oldest for {max(ages)} days" if ages else ""
        text = f"Issues still open: {len(ages)} of {len(case.issues)}{oldest}."
        because.append(Evidence(text, "/issues", max(ages, default=0), "days"))
    disputes = sum(d.closed_on is None for d in case.disputes)
    if case.disputes:
        closed = sorted({d.how for d in case.disputes if d.closed_on and d.how})
        how = f"; closed ones were {listed(_ENDINGS[x] for x in closed)}" if closed else ""
        text = f"Disputes still open: {disputes} of {len(case.disputes)}{how}."
        because.append(Evidence(text, "/disputes", disputes, "disputes"))
    wave = latest(case, "pulse")
    pulse = level(wave[1]) if wave else None
    if wave and pulse is not None:
        text = f"The last pulse, of {wave[1].closed_on}, stands at {pulse:.1f} of 5."
        because.append(Evidence(text, f"/surveys/{wave[0]}", pulse, "level from 1 to 5", "raters"))
    moved = list(moves(reading, "pulse"))
    because += moved
    if planned and not held:
        return Judgement("missing", tuple(because))
    share = len(held) / len(planned) if planned else None
    if disputes or (share is not None and share < reading.threshold("adequate")):
        return Judgement("weak", tuple(because))
    if pulse is not None and pulse < reading.threshold("pulse"):
        return Judgement("weak", tuple(because))
    if share is None:
        return Judgement("unknown", tuple(because))
    fresh = all(age <= reading.threshold("old_days") for age in ages)
    steady = all(float(e.value or 0) > -reading.threshold("fall") for e in moved)
    sound = share >= reading.threshold("strong") and fresh and steady
    return Judgement("strong" if sound else "adequate", tuple(because))


def moves(reading: Reading, kind: str) -> Iterator[Evidence]:
    """Yield how a survey moved since the wave before, over the same people where their panels are on record."""
    found = change(reading.case, kind)
    if found is None:
        return
    who = "the same people" if found.same_people else "the people, who may not be the same,"
    word = "higher" if found.by >= 0 else "lower"
    text = f"Since {found.since}, {who} rate it {abs(found.by):.1f} levels {word}."
    yield Evidence(text, f"/surveys/{found.place}", found.by, "levels", "raters")


def victories(reading: Reading) -> Judgement:
    """Visible wins: the first one, how many were reached, and how many the public heard of."""
    plan, today = reading.case.plan, reading.case.as_of
    if plan is None:
        return UNKNOWN
    wins = sorted((m for m in plan.milestones if m.visible_win), key=lambda m: m.due)
    if not wins:
        text = f"None of {count(len(plan.milestones), 'milestone')} is a visible win."
        return Judgement("missing", (Evidence(text, "/plan/milestones", 0, "wins"),))
    first = months(plan.start, wins[0].due)
    due = [m for m in wins if m.due <= today]
    reached = [m for m in wins if m.reached_on]
    told = [m for m in reached if m.told_public_on]
    because = (
        Evidence(
            f"The first visible win is due {first:.0f} months after the start.",
            "/plan/milestones",
            round(first, 1),
            "months",
        ),
        Evidence(
            f"Visible wins reached: {len(reached)} of {len(wins)}; the public was told of {len(told)}.",
            "/plan/milestones",
            len(reached),
            "wins",
        ),
    )
    if first > reading.threshold("first_months"):
        return Judgement("weak", because)
    kept = all(m.reached_on for m in due) and len(told) == len(reached) > 0
    return Judgement("strong" if kept else "adequate", because)


CHECKS = (complexity, trust, effort, expectations, leadership, relationships, victories)


def _names(part: type[Entry]) -> list[str]:
    return [name for name in part.model_fields if name not in Entry.model_fields]


def _given(part: Entry | None, kind: type[Entry]) -> dict[str, int]:
    values = {name: getattr(part, name, None) for name in _names(kind)}
    return {name: value for name, value in values.items() if value is not None}


def _words(name: str) -> str:
    return name.replace("_", " ")
