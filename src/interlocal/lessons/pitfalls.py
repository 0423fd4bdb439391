"""Ways to fail: each a detector. Verdicts: clear, watch, warning, unknown."""

from __future__ import annotations

from interlocal.consensus.surveys import closed, latest, level, trust_of
from interlocal.lessons import expected, rivals, signs
from interlocal.lessons.catalogue import reached
from interlocal.lessons.finding import Evidence, Judgement
from interlocal.lessons.planning import forecast
from interlocal.lessons.reading import UNKNOWN, Reading, count, futures
from interlocal.phrases import listed


def mandate(reading: Reading) -> Judgement:
    """Made to share, without a vote, a sponsor or a benefit of its own; or not free to decline."""
    case = reading.case
    because, lacking, settled = [], [], True
    for i, p in enumerate(case.partners):
        bound = [m.citation for m in case.mandates if m.requires == "to_share" and p.id in m.binds]
        if p.free_to_decline is False or bound:
            lacks = signs.lacks(reading, p.id)
            lacking.append(3 if p.free_to_decline is False else len(lacks))
            why = f"{p.name} is bound by {listed(bound)}" if bound else f"{p.name} must share"
            free = f"{why} and was not free to decline" if p.free_to_decline is False else why
            rest = f"it lacks {listed(lacks)}" if lacks else "it has a vote, a sponsor and a benefit"
            text = f"{free}; {rest}."
            because.append(Evidence(text, f"/partners/{i}", len(lacks), "of vote, sponsor and benefit"))
        settled = settled and (p.free_to_decline is not None or bool(bound))
    willing = [p.id for p in case.partners if p.free_to_decline]
    if willing:
        text = f"Free to decline: {reading.names(willing)}."
        because.append(Evidence(text, "/partners", len(willing), "partners"))
    if any(n >= reading.threshold("lacks") for n in lacking):
        return Judgement("warning", tuple(because))
    if any(lacking):
        return Judgement("watch", tuple(because))
    return Judgement("clear" if settled else "unknown", tuple(because))


def inconsistent_pressure(reading: Reading) -> Judgement:
    """Things overdue, decisions out of rhythm, a study that nobody voted on."""
    looked = [*signs.overdue(reading), *signs.rhythm(reading), *signs.old_study(reading)]
    found = sum(sign for sign, _ in looked)
    verdict = "warning" if found >= reading.threshold("warning") else "watch" if found else "clear"
    return Judgement(verdict, tuple(e for _, e in looked))


def quick_results(reading: Reading) -> Judgement:
    """Promised dates and paybacks against the simulated plan, the money result and the outside view."""
    because, chances = [], []
    plan = forecast(reading.case)
    if plan and reading.case.plan and reading.case.plan.promised_finish:
        promised = reading.case.plan.promised_finish
        p = plan.probability_by(promised)
        chances.append(p)
        text = f"The plan ends by the promised {promised} in {futures(p)}; its middle date is {plan.finish_date(0.5)}."
        because.append(Evidence(text, "/plan/promised_finish", p, "probability"))
    early = False
    for i, e in enumerate(reading.case.expectations):
        if e.metric == "payback_year" and (odds := expected.chance(reading, e)[0]) is not None:
            year = e.value.central if e.value else e.by_year
            chances.append(odds)
            text = f"{e.who} expects payback by {year:.0f}; it comes in {futures(odds)}."
            because.append(Evidence(text, f"/expectations/{i}", odds, "probability"))
        if (sooner := signs.years_sooner(reading, i)) is not None:
            early = True
            text = f"{e.who} expects savings {count(sooner, 'year')} after the start; elsewhere they often took {reading.threshold('first_savings'):g} to 5 years to show."
            because.append(Evidence(text, f"/expectations/{i}", sooner, "years after the start"))
    if early or any(p < reading.threshold("warning") for p in chances):
        return Judgement("warning", tuple(because))
    likely = all(p >= reading.threshold("clear") for p in chances)
    return Judgement("clear" if likely else "watch", tuple(because))


def mutual_benefit(reading: Reading) -> Judgement:
    """Each partner's chance of being better off, and alternatives that serve their members better."""
    option = reading.option
    rows, place = reading.answer("sharing", "options", option.id if option else "", "partners")
    if option is None or not rows:
        return UNKNOWN
    limit = reading.threshold("better_off")
    because = [
        Evidence(
            f"{reading.name(p)} is better off in {futures(row['p_better_off'])}.",
            f"{place}/{p}/p_better_off",
            row["p_better_off"],
            "probability",
        )
        for p, row in sorted(rows.items(), key=lambda pair: float(pair[1]["p_better_off"]))
    ]
    held = list(rivals.alternatives(reading))
    worse = any(row["p_better_off"] < limit for row in rows.values())
    beaten = any(sign for sign, _ in held)
    return Judgement("warning" if worse or beaten else "clear", (*because, *(e for _, e in held)))


def obvious_choice(reading: Reading) -> Judgement:
    """Real options beside carrying on, one settled on beforehand, and a winner that a little weight overturns."""
    case = reading.case
    others = [o for o in case.options if o.kind != "do_nothing"]
    preferred = case.preferred_before_study
    if not any("costed_on_its_own" in o.model_fields_set for o in others) and preferred is None:
        return UNKNOWN
    found = rivals.real_options(reading)
    text = f"{len(found.real)} of {count(len(others), 'option')} beside carrying on {'is' if len(found.real) == 1 else 'are'} real, worked out for this case"
    because = [
        Evidence(
            text + (f": {listed(found.real)}." if found.real else "."),
            "/options",
            len(found.real),
            "real options",
        )
    ]
    if found.never_best:
        text = f"Worked out, but best in hardly any future: {listed(found.never_best)}."
        _, place = reading.answer("choice", "ranking", "p_best")
        because.append(Evidence(text, place, len(found.never_best), "options"))
    if preferred:
        text = f"{case.option(preferred.option).name} was preferred before the study, by {preferred.by}" + (
            f", on {preferred.on}." if preferred.on else "."
        )
        because.append(Evidence(text, "/preferred_before_study", preferred.option))
    held = list(rivals.tippy(reading))
    because += [e for _, e in held]
    few = len(found.real) < reading.threshold("real_options")
    marks = few + (preferred is not None) + any(sign for sign, _ in held)
    if len(found.real) < reading.threshold("choice") or marks >= reading.threshold("warning"):
        return Judgement("warning", tuple(because))
    if marks:
        return Judgement("watch", tuple(because))
    return Judgement("unknown" if found.unsure else "clear", tuple(because))


def save_and_better(reading: Reading) -> Judgement:
    """Both promised: how many futures hold both, by margins agreed before anyone forecast."""
    promises = reading.case.promises
    promised = {p.what for p in promises}
    if not promised:
        return UNKNOWN
    if len(promised) == 1:
        text = f"Only {'a saving' if 'saves_money' in promised else 'better service'} was promised, {count(len(promises), 'time')}."
        return Judgement("clear", (Evidence(text, "/promises", len(promises), "promises", "claim"),))
    option = reading.option.id if reading.option else ""
    both, place = reading.answer("questions", "service", "options", option, "saves_and_serves")
    if both is None:
        text = f"Both a saving and better service were promised, in {count(len(promises), 'promise')}."
        return Judgement("unknown", (Evidence(text, "/promises", len(promises), "promises"),))
    p = both["p"]
    text = f"A saving and better service were both promised; both hold in {futures(p)}."
    held = list(signs.margins(reading))
    because = (
        Evidence(text, f"{place}/p", p, "probability"),
        *signs.traded(reading, option),
        *(e for _, e in held),
    )
    if p < reading.threshold("warning"):
        return Judgement("warning", because)
    sound = p >= reading.threshold("clear") and not any(sign for sign, _ in held)
    return Judgement("clear" if sound else "watch", because)


def no_leader(reading: Reading) -> Judgement:
    """Who leads, with hours and a mandate; partners that name each other."""
    case = reading.case
    leads = [(i, r) for i, r in enumerate(case.roles) if r.role == "lead"]
    named = {n.partner: n.names for n in case.lead_nominations}
    mutual = [(a, b) for a, b in named.items() if a < b and named.get(b) == a]
    because = [
        Evidence(
            f"{reading.names(pair)} each name the other as lead.", "/lead_nominations", len(named), "partners"
        )
        for pair in mutual
    ]
    for i, r in leads:
        text = f"{r.post} of {reading.name(r.partner)} leads, with {r.hours_per_month or 0:g} hours a month and {'a' if r.mandate else 'no'} mandate."
        because.append(Evidence(text, f"/roles/{i}", r.hours_per_month, "hours/month"))
    if not leads and case.roles:
        text = f"{count(len(case.roles), 'role is', 'roles are')} filled and none of them is the lead."
        because.append(Evidence(text, "/roles", len(case.roles), "roles"))
    if mutual or not leads:
        return Judgement("warning" if mutual or case.roles else "unknown", tuple(because))
    ready = any(r.hours_per_month and r.mandate for _, r in leads)
    return Judgement("clear" if ready else "watch", tuple(because))


def copying(reading: Reading) -> Judgement:
    """Look for savings taken over as they stand, and comparables unlike this case."""
    case, as_it_stands = reading.case, list(signs.taken_over(reading))
    compared = list(signs.unlike(reading))
    own = [i for i, o in enumerate(case.options) if o.costed_on_its_own]
    worked_out = [
        Evidence(
            f"{case.options[i].name} was worked out for this case.",
            f"/options/{i}/costed_on_its_own",
            case.options[i].id,
        )
        for i in own
    ]
    unlike = any(sign for sign, _ in compared)
    verdict = "warning" if as_it_stands else "watch" if unlike else "clear"
    because = (*as_it_stands, *(e for _, e in compared), *(() if as_it_stands else worked_out))
    return Judgement(verdict, because, signs.to_transfer(reading) if as_it_stands or unlike else ())


def punishing(reading: Reading) -> Judgement:
    """Earlier attempts with penalties or without lessons; how safe people feel."""
    attempts = reading.case.attempts
    because = [
        Evidence(
            f"{a.title} of {a.year}: {count(len(a.lessons), 'lesson')} written down"
            + (", and a penalty on record." if a.penalty else "."),
            f"/attempts/{i}",
            len(a.lessons),
            "lessons",
        )
        for i, a in enumerate(attempts)
    ]
    wave = latest(reading.case, "safety")
    felt = level(wave[1]) if wave else None
    if wave and felt is not None:
        text = f"Whether it is safe to speak of mistakes stands at {felt:.1f} of 5."
        because.append(Evidence(text, f"/surveys/{wave[0]}", felt, "level from 1 to 5", "raters"))
    if any(a.penalty for a in attempts) or (felt is not None and felt < reading.threshold("safety")):
        return Judgement("warning", tuple(because))
    return Judgement("clear" if all(a.lessons for a in attempts) else "watch", tuple(because))


def missions(reading: Reading) -> Judgement:
    """Goals of one that another could not live with, and how far rankings agree."""
    case = reading.case
    texts = {g.id: g.text for g in case.goals}
    wanted = {
        g.partner: g.ranking[: round(len(g.ranking) * reading.threshold("goals"))] for g in case.partner_goals
    }
    clashes = [
        Evidence(
            f"{reading.name(b.partner)} could not live with “{texts.get(goal, goal)}”, which {reading.name(a)} wants.",
            f"/partner_goals/{i}/deal_breakers",
            goal,
        )
        for i, b in enumerate(case.partner_goals)
        for goal in b.deal_breakers
        for a, goals in wanted.items()
        if a != b.partner and goal in goals
    ]
    agreed = list(signs.agreement(reading, texts))
    if clashes:
        return Judgement("warning", (*clashes, *(e for _, e in agreed)))
    said = [
        Evidence(
            f"{count(len(wanted), 'partner')} ranked their goals; no goal of one is a deal-breaker of another.",
            "/partner_goals",
            len(wanted),
            "partners",
        )
    ]
    diverge = any(sign for sign, _ in agreed)
    because = (*(e for _, e in agreed), *(said if len(wanted) > 1 else ()))
    return Judgement("watch" if diverge else "clear", because)


def skipping_trust(reading: Reading) -> Judgement:
    """Terms before meetings and a trust wave, or a pair below the floor."""
    case = reading.case
    tasks = case.plan.tasks if case.plan else ()
    talks = [t for t in tasks if t.relationship]
    met = [t for t in talks if t.done_on]
    wave = latest(case, "trust")
    settled = [t.done_on for t in tasks if t.negotiates_terms and t.done_on]
    because = []
    if tasks:
        text = f"Steps that build the relationship, done: {len(met)} of {len(talks)}."
        because.append(Evidence(text, "/plan/tasks", len(met), "tasks"))
    if settled:
        because.append(
            Evidence(f"Terms were first settled on {min(settled)}.", "/plan/tasks", str(min(settled)), "date")
        )
    weak = False
    if wave:
        text = f"The first trust wave closed on {closed(case, 'trust')[0][1].closed_on}, the last on {wave[1].closed_on}."
        because.append(Evidence(text, f"/surveys/{wave[0]}/closed_on", str(wave[1].closed_on), "date"))
        pair = trust_of(case, wave[1]).weakest
        weak = pair is not None and pair.below(reading.threshold("floor"))
        because += signs.pairs(reading, wave)
    terms = bool(settled) or reached(case.gate, "negotiate")
    begun = min(settled, default=case.as_of)
    prepared = any(t.done_on and t.done_on <= begun for t in talks) and any(
        w.closed_on <= begun for _, w in closed(case, "trust")
    )
    skipped = bool(tasks) and not prepared
    if weak or (skipped and terms):
        return Judgement("warning", tuple(because))
    if skipped or len(met) < len(talks):
        return Judgement("watch", tuple(because))
    return Judgement("clear" if tasks and wave else "unknown", tuple(because))


CHECKS = (
    mandate,
    inconsistent_pressure,
    quick_results,
    mutual_benefit,
    obvious_choice,
    save_and_better,
    no_leader,
    copying,
    punishing,
    missions,
    skipping_trust,
)
