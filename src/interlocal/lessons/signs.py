"""Signs that the pitfalls look for, each with the figures it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interlocal.case.options import Option
from interlocal.consensus.aggregates import RankAggregate
from interlocal.consensus.agreement import kendall
from interlocal.consensus.surveys import latest
from interlocal.lessons.catalogue import Step
from interlocal.lessons.finding import Evidence
from interlocal.lessons.planning import days_at_work
from interlocal.lessons.reading import Reading, count, listed, months, percent

Sign = tuple[bool, Evidence]
"""Whether a sign was found, and what was looked at."""


def lacks(reading: Reading, partner: str) -> list[str]:
    """Return which of a vote, a sponsor and a benefit a partner lacks."""
    case = reading.case
    has = {
        "a free vote of its own": any(
            v.partner == partner and v.own_free_vote and v.about != "study" for v in case.votes
        ),
        "a sponsor": any(r.partner == partner and r.role == "sponsor" for r in case.roles),
        "a benefit of its own": case.partner(partner).benefit_of_its_own is not None,
    }
    return [what for what, there in has.items() if not there]


def overdue(reading: Reading) -> Iterator[Sign]:
    """Yield how many dated actions and recommendations are overdue."""
    case = reading.case
    dated = [a.closed_on is None and a.due < case.as_of for a in case.actions if a.due]
    dated += [r.decided_on is None and r.due < case.as_of for r in case.recommendations if r.due]
    if dated:
        late = sum(dated)
        text = f"Actions and recommendations overdue: {late} of {len(dated)} with a date."
        yield late > 0, Evidence(text, "/actions" if case.actions else "/recommendations", late, "overdue")


def rhythm(reading: Reading) -> Iterator[Sign]:
    """Yield how long no decision was taken, against the agreed rhythm."""
    case = reading.case
    if case.plan is None or case.plan.rhythm_days is None:
        return
    decided = [a.closed_on for a in case.actions if a.is_decision and a.closed_on]
    decided += [c.held for c in case.check_ins if c.held and c.decided]
    decided += [v.on for v in case.votes if v.outcome != "tabled"]
    decided += [r.decided_on for r in case.recommendations if r.decided_on]
    decided += [e.on for e in case.events if e.kind == "decision"]
    last = max((d for d in decided if d <= case.as_of), default=case.plan.start)
    quiet = days_at_work(case, last, case.as_of)
    text = f"{count(quiet, 'day')} without a decision since {last}, blackout months left out; the agreed rhythm is {case.plan.rhythm_days} days."
    yield (
        quiet > reading.threshold("rhythms") * case.plan.rhythm_days,
        Evidence(text, "/plan/rhythm_days", quiet, "days"),
    )


def old_study(reading: Reading) -> Iterator[Sign]:
    """Yield the age of the latest study and the votes that followed it."""
    case = reading.case
    studies = [(e.on, i) for i, e in enumerate(case.events) if e.kind == "study_published"]
    if not studies:
        return
    on, i = max(studies)
    followed = [v for v in case.votes if v.about in {"negotiate", "adopt", "fund"} and v.on >= on]
    age = months(on, case.as_of)
    text = f"The study is {age:.0f} months old; {count(len(followed), 'vote')} followed it."
    old = age > reading.threshold("study_months") and not followed
    yield old, Evidence(text, f"/events/{i}", round(age, 1), "months")


def years_sooner(reading: Reading, index: int) -> float | None:
    """Return the years after the start at which an expected saving undercuts the outside view; None where it does not."""
    e = reading.case.expectations[index]
    year = e.value.central if e.metric == "payback_year" and e.value else e.by_year
    if e.metric not in {"payback_year", "yearly_saving"} or year is None or reading.option is None:
        return None
    after = year - (reading.option.starts or reading.case.assumptions.horizon.first)
    return after if after < reading.threshold("first_savings") else None


def alternatives(reading: Reading, proposal: Option) -> Iterator[Evidence]:
    """Yield smaller groups and suppliers in whose middle future no member is worse off and all together gain enough."""
    case = reading.case
    money, _ = reading.answer("questions", "money")
    for o in case.options:
        members = case.members(o)
        smaller = o.kind == "shared" and len(members) < len(case.members(proposal))
        mine, place = reading.answer("questions", "money", "options", o.id, "pool", "partners")
        theirs, _ = reading.answer("questions", "money", "options", proposal.id, "pool", "partners")
        if not (smaller or o.kind == "buy_outside") or not mine or not theirs:
            continue
        gains = [mine[p]["npv"]["p50"] - theirs[p]["npv"]["p50"] for p in members if p in theirs]
        years = case.assumptions.horizon.last - case.assumptions.horizon.first + 1
        cost = sum(sum(money["do_nothing"][p]["p50"][:years]) for p in members if p in money["do_nothing"])
        if gains and cost and min(gains) >= 0 and sum(gains) > reading.threshold("material") * cost:
            text = f"In the middle future, {o.name} is worth {percent(sum(gains) / cost)} of their cost more to {reading.names(members)} than the proposal: an alternative to be answered."
            yield Evidence(text, place, sum(gains) / cost, "share of cost")


def who(reading: Reading, comparable: str) -> str:
    """Return who a comparable is."""
    return next((c.who for c in reading.case.comparables if c.id == comparable), comparable)


def likeness(reading: Reading) -> Iterator[Sign]:
    """Compare each comparable on the measures that all partners have, and on the number of members."""
    case = reading.case
    limit = reading.threshold("unlike")
    for i, c in enumerate(case.comparables):
        sizes = {
            m: (q.central, sum(p.measures[m].central for p in case.partners))
            for m, q in c.measures.items()
            if all(m in p.measures for p in case.partners)
        }
        sizes |= {"number of members": (float(c.members), float(len(case.partners)))} if c.members else {}
        for name, (there, here) in sizes.items():
            if there > 0 and here > 0:
                ratio = there / here
                text = f"{c.who}: its {name} is {ratio:.2g} times this case's."
                yield not 1 / limit < ratio < limit, Evidence(text, f"/comparables/{i}", ratio, "times")


def to_transfer(reading: Reading) -> tuple[Step, ...]:
    """Say what would have to be true for a comparable's result to hold here."""
    form = reading.option.form if reading.option else None
    return tuple(
        Step(
            f"Find out whether the result of {c.who} would hold with this case's size, pay and service mix"
            + (f", and under “{form}” instead of “{c.form}”" if form and c.form and c.form != form else ""),
            "each partner's finance officer",
        )
        for c in reading.case.comparables
    )


def agreement(reading: Reading, texts: Mapping[str, str]) -> Iterator[Sign]:
    """Yield Kendall's W of the last survey's rankings, or of the partners' own."""
    for ranking, pointer in _surveyed(reading) or _own(reading, sorted(texts)):
        found = kendall(ranking)
        divides = listed(f"“{texts.get(x, x)}”" for x in found.dividing[:2])
        few = "" if found.p_value is not None else ", too few to tell it from chance"
        text = f"{count(found.rankers, 'ranker')} agree to {found.w:.2f} on a scale from 0 to 1 (Kendall's W{few}); {divides} divide them most."
        diverge = found.w < reading.threshold("agreement")
        yield diverge, Evidence(text, pointer, found.w, "Kendall's W", "raters")


def _surveyed(reading: Reading) -> list[tuple[RankAggregate, str]]:
    wave = latest(reading.case, "goals")
    if wave is None:
        return []
    return [
        (RankAggregate(1, n, r.items, r.rankers, r.rank_sums, r.tie_term), f"/surveys/{wave[0]}/rankings/{n}")
        for n, r in enumerate(wave[1].rankings)
        if r.rankers > 1
    ]


def _own(reading: Reading, goals: Sequence[str]) -> list[tuple[RankAggregate, str]]:
    full = [g.ranking for g in reading.case.partner_goals if len(g.ranking) == len(goals) > 1]
    if len(full) < 2:
        return []
    sums = tuple(float(sum(ranking.index(goal) + 1 for ranking in full)) for goal in goals)
    return [(RankAggregate(1, 0, tuple(goals), len(full), sums, 0.0), "/partner_goals")]
