"""Signs that the pitfalls look for, each with the figures it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interlocal.consensus.aggregates import RankAggregate
from interlocal.consensus.agreement import kendall
from interlocal.consensus.surveys import Wave, latest, trust_of
from interlocal.lessons.catalogue import Step
from interlocal.lessons.finding import Evidence
from interlocal.lessons.likeness import Dimension, likeness
from interlocal.lessons.planning import days_at_work
from interlocal.lessons.reading import Reading, count, futures, months
from interlocal.phrases import listed

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


def who(reading: Reading, comparable: str) -> str:
    """Return who a comparable is."""
    return next((c.who for c in reading.case.comparables if c.id == comparable), comparable)


def taken_over(reading: Reading) -> Iterator[Evidence]:
    """Yield each saving that was taken over from elsewhere as it stands."""
    case = reading.case
    said = {t.option for t in case.taken_over}
    for i, t in enumerate(case.taken_over):
        if not t.adjusted:
            text = f"The saving of {case.option(t.option).name} was taken over from {who(reading, t.comparable)} without adjustment."
            yield Evidence(text, f"/taken_over/{i}", t.comparable)
    for i, o in enumerate(case.options):
        if o.saving_taken_over and o.id not in said:
            text = f"The saving of {o.name} was taken over from {o.saving_taken_over}."
            yield Evidence(text, f"/options/{i}/saving_taken_over", o.saving_taken_over)


def unlike(reading: Reading) -> Iterator[Sign]:
    """Yield how far each comparable is from this case, the nearest first, and in what it is most unlike."""
    limit = reading.threshold("unlike")
    places = {c.id: i for i, c in enumerate(reading.case.comparables)}
    found = likeness(reading.case)
    for n, x in enumerate(found):
        far = x.dimensions[0]
        nearest = ", the nearest comparable," if n == 0 and len(found) > 1 else ""
        ratio = f", {far.ratio:.2g} times" if far.ratio is not None else ""
        text = f"{x.comparable.who}{nearest} is {x.distance:.1f} steps from this case over {count(len(x.dimensions), 'measure')}; most unlike is {_words(far.name)}: {far.there} there, {far.here} here{ratio}, {far.distance:.1f} steps (one step: {far.scale})."
        pointer = f"/comparables/{places[x.comparable.id]}"
        yield far.distance > limit, Evidence(text, pointer, x.distance, "steps")


def to_transfer(reading: Reading) -> tuple[Step, ...]:
    """Say what would have to be true for each comparable's result to hold here, dimension by dimension."""
    limit = reading.threshold("unlike")
    return tuple(
        Step(
            f"Find out whether the result of {x.comparable.who} would hold here: {listed(conditions)}",
            _FINANCE,
        )
        for x in likeness(reading.case)
        if (conditions := [_condition(d) for d in x.dimensions if d.distance > limit or d is x.dimensions[0]])
    )


_FINANCE = "each partner's finance officer"
_CONDITIONS = {
    "population": "cost per person must not change with size, from {there} people there to {here} here",
    "density": "travel must cost no more at {here} people per km² than at {there}",
    "area": "travel must cost no more over {here} km² than over {there}",
    "wage": "a post must cost here, at {here}, what it costs there, at {there}",
    "number of members": "agreeing among {here} partners must cost no more than among {there}",
    "service mix": "the result must come from {here} and not from what else is shared there ({there})",
    "form of governance": "“{here}” must allow what “{there}” allowed",
}


def _condition(dimension: Dimension) -> str:
    said = _CONDITIONS.get(
        dimension.name, f"{_words(dimension.name)} must not matter, {{here}} here and {{there}} there"
    )
    return said.format(here=dimension.here, there=dimension.there)


def _words(name: str) -> str:
    return name.replace("_", " ")


def traded(reading: Reading, option: str) -> Iterator[Evidence]:
    """Yield the trade between cost and service: how both together become less likely as more service is asked."""
    for m in reading.case.service_measures:
        curve, place = reading.answer("choice", "tradeoff", m.id, option)
        if curve:
            ends = [0, len(curve["change"]) - 1]
            low, high = (
                f"{curve['change'][i]:+.2g} {m.unit} for every member hold with a saving in {futures(curve['p_both'][i])}"
                for i in ends
            )
            yield Evidence(
                f"{m.name}, better by at least: {low}; {high}.",
                f"{place}/p_both",
                curve["p_both"][-1],
                "probability",
            )


def margins(reading: Reading) -> Iterator[Sign]:
    """Yield whether the margins of the measures that decide were agreed, and before the study was published."""
    case = reading.case
    chosen = [m for m in case.service_measures if m.primary]
    if not chosen:
        return
    most = reading.threshold("measures")
    text = f"{count(len(chosen), 'measure')} of service {'decides' if len(chosen) == 1 else 'decide'}: {listed(m.name for m in chosen)}."
    yield len(chosen) > most, Evidence(text, "/service_measures", len(chosen), "measures")
    published = min((e.on for e in case.events if e.kind == "study_published"), default=None)
    agreed = [
        m
        for m in chosen
        if m.margin is not None and m.margin_agreed_on and m.margin_agreed_on <= (published or case.as_of)
    ]
    when = f" before the study of {published}" if published else ""
    text = f"Margins on record as agreed{when}: {len(agreed)} of {len(chosen)}."
    late = len(chosen) - len(agreed)
    yield late > 0, Evidence(text, "/service_measures", late, "margins")


def pairs(reading: Reading, wave: Wave) -> Iterator[Evidence]:
    """Yield the weakest pair of partners and the widest gap between two who rate each other; for the facilitator."""
    found, place = trust_of(reading.case, wave[1]), f"/surveys/{wave[0]}/cells"
    for a, b, gap in found.asymmetries()[:1]:
        text = f"{reading.name(a)} trusts {reading.name(b)} {gap:.1f} levels more than the other way round."
        yield Evidence(text, place, gap, "levels", "raters")
    if pair := found.weakest:
        text = f"The weakest pair, {reading.name(pair.rater)} rating {reading.name(pair.rated)}, stands at {pair.level:.1f} of 5."
        yield Evidence(text, place, pair.level, "level from 1 to 5", "raters")


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
