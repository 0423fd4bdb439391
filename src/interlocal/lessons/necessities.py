"""What a collaboration needs. Verdicts: strong, adequate, weak, missing, unknown."""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.case.scope import COMPONENTS, latest_spending, unknown_components
from interlocal.consensus.surveys import latest, trust_of
from interlocal.governance.clauses import clauses_of
from interlocal.governance.ranking import Choice, choose, chosen, legal_review
from interlocal.lessons import terms
from interlocal.lessons.finding import Evidence, Judgement
from interlocal.lessons.reading import UNKNOWN, Reading, count, futures, listed, money, months, percent
from interlocal.reference import governance_models


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
            f"{len(seen.agreed_by)} of {count(len(reading.case.partners), 'partner')} agreed to the vision; {count(len(seen.scenarios_run), 'scenario')} were run.",
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


def trust(reading: Reading) -> Judgement:
    """Hold the pooled trust level beside how much of the full cost is on the table."""
    case = reading.case
    because = []
    wave = latest(case, "trust")
    level = trust_of(case, wave[1]).level if wave else None
    if wave and level is not None:
        text = f"Trust between the partners, all answers pooled, stands at {level:.1f} of 5."
        because.append(Evidence(text, f"/surveys/{wave[0]}", level, "level from 1 to 5", "raters"))
    unsaid = unknown_components(case)
    said = 1 - sum(map(len, unsaid.values())) / (len(COMPONENTS) * len(case.partners))
    if latest_spending(case):
        text = f"The partners say of {percent(said)} of cost components whether their figures contain them."
        because.append(Evidence(text, "/spending", said, "share"))
    found = [d for p in case.partners for d in p.disclosures]
    unexplained = [
        d
        for p in case.partners
        for d in p.disclosures
        if d.found_by != p.id and not (d.explained or d.corrected)
    ]
    if found:
        text = f"{count(len(found), 'difference')} in the figures came to light; found by others and never explained: {len(unexplained)}."
        because.append(Evidence(text, "/partners", len(unexplained), "differences"))
    if unexplained or (level is not None and level < reading.threshold("discuss")):
        return Judgement("weak", tuple(because))
    if level is None:
        return Judgement("unknown", tuple(because))
    if said == 0:
        return Judgement("missing", tuple(because))
    full = level >= reading.threshold("strength") and said >= reading.threshold("disclosed")
    return Judgement("strong" if full else "adequate", tuple(because))


def open_process(reading: Reading) -> Judgement:
    """Count groups heard, open meetings, documents, and comments answered."""
    case = reading.case
    heard = [s for s in case.stakeholders if s.heard_on]
    meetings = [e for e in case.engagement if e.kind == "public_meeting"]
    documents = [e for e in case.engagement if e.kind == "document"]
    comments = [e for e in case.engagement if e.kind == "comment"]
    quick = [
        e
        for e in comments
        if e.answered_on and (e.answered_on - e.on).days <= reading.threshold("answer_days")
    ]
    because = []
    if case.stakeholders:
        text = f"Groups heard: {len(heard)} of {len(case.stakeholders)} that the change touches."
        because.append(Evidence(text, "/stakeholders", len(heard) / len(case.stakeholders), "share"))
    if case.engagement:
        text = f"{count(len(meetings), 'open meeting')}, {count(len(documents), 'published document')}; comments answered within {reading.threshold('answer_days'):g} days: {len(quick)} of {len(comments)}."
        because.append(Evidence(text, "/engagement", len(case.engagement), "entries"))
    if not case.stakeholders:
        return Judgement("unknown", tuple(because))
    share = len(heard) / len(case.stakeholders)
    if share == 1 and meetings and documents and len(quick) == len(comments):
        return Judgement("strong", tuple(because))
    if share >= reading.threshold("adequate") and (meetings or documents):
        return Judgement("adequate", tuple(because))
    return Judgement("weak" if heard or meetings or documents else "missing", tuple(because))


def creativity(reading: Reading) -> Judgement:
    """How different the options are, and what in the terms can bend."""
    others = [o for o in reading.case.options if o.kind != "do_nothing"]
    if not others:
        return UNKNOWN
    ways = {(o.kind, o.form, o.formula.rule.kind if o.formula else None) for o in others}
    bends = terms.flexible(reading.option) if reading.option else []
    because = [
        Evidence(
            f"Options beside carrying on: {len(others)}, different in {count(len(ways), 'way')} of kind, form or formula.",
            "/options",
            len(ways),
            "ways",
        )
    ]
    if reading.option:
        because.append(
            Evidence(f"Terms that can bend: {listed(bends) or 'none'}.", reading.place, len(bends), "terms")
        )
    enough = reading.threshold("ways")
    if len(ways) >= enough and bends:
        return Judgement("strong", tuple(because))
    return Judgement("adequate" if len(ways) >= enough - 1 or bends else "weak", tuple(because))


def equity(reading: Reading) -> Judgement:
    """Graded consent with quorum and dissent, and each partner's chance of being better off."""
    case, option = reading.case, reading.option
    given = {c.partner: c for c in case.consents if option and c.about == option.id}
    rows, place = reading.answer("sharing", "options", option.id if option else "", "partners")
    if option is None or not given:
        return UNKNOWN
    members = case.members(option)
    agreed = [p for p, c in given.items() if c.level in {"endorse", "live_with"} and c.quorum_met]
    dissent = sum(len(c.dissent) for c in given.values())
    text = f"{len(agreed)} of {count(len(members), 'partner')} consent with a quorum; {count(dissent, 'dissent')} on record."
    because = [Evidence(text, "/consents", len(agreed), "partners")]
    least = min((row["p_better_off"] for row in rows.values()), default=None) if rows else None
    if least is not None:
        text = f"The partner least sure of it is better off in {futures(least)}."
        because.append(Evidence(text, place, least, "probability"))
    per_head, place = reading.answer("questions", "money", "options", option.id, "per_year", "partners")
    benefits = {p: row["per_head"] for p, row in (per_head or {}).items() if row["per_head"] is not None}
    if len(benefits) > 1:
        low, high = min(benefits, key=benefits.__getitem__), max(benefits, key=benefits.__getitem__)
        text = f"The mean yearly benefit per head runs from {money(reading, benefits[low])} in {reading.name(low)} to {money(reading, benefits[high])} in {reading.name(high)}."
        because.append(Evidence(text, place, benefits[high] - benefits[low], f"{case.currency}/head/year"))
    if any(c.level == "block" for c in given.values()):
        return Judgement("missing", tuple(because))
    if len(agreed) < len(members) or (least is not None and least < reading.threshold("better_off")):
        return Judgement("weak", tuple(because))
    if least is None:
        return Judgement("unknown", tuple(because))
    return Judgement("adequate" if dissent else "strong", tuple(because))


def timing(reading: Reading) -> Judgement:
    """Find the months in which doors are open together."""
    doors = terms.doors(reading.case)
    if not doors:
        return UNKNOWN
    ahead = [d for d in doors if d.on >= reading.case.as_of]
    text = f"Dates on record that lie ahead: {len(ahead)} of {len(doors)}."
    because = [Evidence(text, "/events", len(ahead), "dates")]
    if not ahead:
        return Judgement("missing", tuple(because))
    best = terms.busiest(ahead, reading.threshold("window_months"))
    kinds = sorted({d.kind for d in best})
    text = f"Between {best[0].on} and {best[-1].on}: {listed(kinds)}."
    because.append(Evidence(text, best[0].pointer, len(kinds), "kinds of dates"))
    if len(kinds) >= reading.threshold("strong"):
        return Judgement("strong", tuple(because))
    return Judgement("adequate" if len(kinds) >= reading.threshold("adequate") else "weak", tuple(because))


def governance(reading: Reading) -> Judgement:
    """Hold the chosen form against the other forms, the clauses it needs and the legal review."""
    case = reading.case
    model, pointer = chosen(case)
    told = case.governance
    stated = told.reasons if told else ()
    if model is None:
        text = "A section on governance is there, with no form chosen."
        missing = (Evidence(text, "/governance", len(stated), "reasons"),)
        return Judgement("missing", missing) if told else UNKNOWN
    choice, review = choose(case), legal_review(case)
    needed = [c for c in clauses_of(case, model) if c.needed]
    open_ = [c for c in needed if not c.settled]
    share = 1 - len(open_) / len(needed) if needed else 1.0
    name = governance_models()[model].name
    text = f"{name} was chosen, with {count(len(stated), 'reason')} stated and legal review {review}."
    because = [Evidence(text, pointer, len(stated), "reasons"), *_standing(choice, model, pointer)]
    text = f"Clauses settled: {len(needed) - len(open_)} of {len(needed)} that it usually needs" + (
        f"; open are {listed(c.clause.title for c in open_[:4])}" if open_ else ""
    )
    text += f" and {len(open_) - 4} more." if len(open_) > 4 else "."
    because.append(
        Evidence(text, f"{reading.place}/clauses" if reading.option else "/governance", share, "share")
    )
    rank = choice.rank(model)
    if rank is None:
        return Judgement("weak", tuple(because))
    if not open_ and stated and review == "done" and rank == 1:
        return Judgement("strong", tuple(because))
    nearly = share >= reading.threshold("adequate") and stated and review != "none"
    return Judgement("adequate" if nearly else "weak", tuple(because))


def _standing(choice: Choice, model: str, pointer: str) -> Iterator[Evidence]:
    """Yield where a form ranks and the weightiest reasons for and against it, or why it is impossible."""
    rank, standing = choice.rank(model), choice.standing(model)
    if rank is None or standing is None:
        for screen in choice.screening.impossible[model]:
            yield Evidence(f"It is impossible as the case stands: {screen.because}", screen.pointer)
        return
    first = [governance_models()[s.model].name for s in choice.standings if choice.rank(s.model) == 1]
    also = f"; first {'is' if len(first) == 1 else 'are'} {listed(first)}" if rank > 1 else ""
    tied = f", with {count(len(first) - 1, 'other')} beside it" if rank == 1 and len(first) > 1 else ""
    text = f"It ranks {rank} of {count(len(choice.standings), 'form')} that are possible{tied}{also}."
    yield Evidence(text, pointer, rank, "rank")
    for reason in (*standing.reasons[:2], *(r for r in standing.reasons[2:] if r.weight < 0)):
        side = "For" if reason.weight > 0 else "Against"
        text = f"{side} it ({reason.weight:+d}): {reason.because} {reason.fact}"
        yield Evidence(text, reason.pointer, reason.weight, "weight")


def no_one_size(reading: Reading) -> Judgement:
    """Where the terms depart from the template, and whether that, or keeping to it, was decided."""
    option = reading.option
    if option is None or option.kind != "shared" or option.formula is None:
        return UNKNOWN
    fitted = terms.fitted(option)
    decided = terms.decided(option)
    because = (
        Evidence(
            f"{count(len(fitted), 'term')} fitted to the partners: {listed(fitted) or 'all follows the template'}.",
            reading.place,
            len(fitted),
            "terms",
        ),
        Evidence(
            f"{count(len(decided), 'term')} decided on record: {listed(decided) or 'all was left as it came'}.",
            f"{reading.place}/formula",
            len(decided),
            "terms",
        ),
    )
    if not decided:
        return Judgement("weak", because)
    return Judgement("strong" if fitted else "adequate", because)


CHECKS = (
    political_will,
    administration,
    vision,
    champion,
    persistence,
    beyond_study,
    trust,
    open_process,
    creativity,
    equity,
    timing,
    governance,
    no_one_size,
)
