"""What a collaboration needs. Verdicts: strong, adequate, weak, missing, unknown."""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.case.scope import COMPONENTS, latest_spending, unknown_components
from interlocal.consensus.surveys import closed, latest, trust_of
from interlocal.governance.clauses import clauses_of
from interlocal.governance.ranking import Choice, choose, chosen, legal_review
from interlocal.lessons import rivals, terms
from interlocal.lessons.commitment import (
    administration,
    beyond_study,
    champion,
    persistence,
    political_will,
    vision,
)
from interlocal.lessons.finding import Evidence, Judgement
from interlocal.lessons.reading import UNKNOWN, Reading, count, percent
from interlocal.phrases import listed
from interlocal.reference import governance_models


def trust(reading: Reading) -> Judgement:
    """Hold the pooled trust level beside how much of the full cost is on the table."""
    case = reading.case
    because = []
    wave = latest(case, "trust")
    waves = len(closed(case, "trust"))
    level = trust_of(case, wave[1]).level if wave else None
    if wave and level is not None:
        text = f"Trust between the partners, all answers pooled, stands at {level:.1f} of 5 after {count(waves, 'wave')}."
        because.append(Evidence(text, f"/surveys/{wave[0]}", level, "level from 1 to 5", "raters"))
    unsaid = unknown_components(case)
    said = 1 - sum(map(len, unsaid.values())) / (len(COMPONENTS) * len(case.partners))
    if latest_spending(case):
        text = f"The partners say of {percent(said)} of cost components whether their figures contain them."
        because.append(Evidence(text, "/spending", said, "share"))
        if unsaid and any(unsaid.values()):
            most = max(len(x) for x in unsaid.values())
            silent = [p for p, x in unsaid.items() if len(x) == most]
            text = f"Least is said by {reading.names(silent)}: {most} of {count(len(COMPONENTS), 'component')} left open."
            because.append(Evidence(text, "/spending", most, "components"))
    found = [d for p in case.partners for d in p.disclosures]
    unexplained = [
        d
        for p in case.partners
        for d in p.disclosures
        if d.found_by != p.id and not (d.explained or d.corrected)
    ]
    if found:
        own = sum(d.corrected for p in case.partners for d in p.disclosures if d.found_by == p.id)
        text = f"{count(len(found), 'difference')} in the figures came to light; corrected by their owner: {own}; found by others and never explained: {len(unexplained)}."
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
    waits = sorted((e.answered_on - e.on).days for e in comments if e.answered_on)
    if waits:
        text = f"An answer took {waits[len(waits) // 2]} days in the middle, {waits[-1]} at the longest."
        because.append(Evidence(text, "/engagement", waits[-1], "days"))
    unheard = sorted({s.partner for s in case.stakeholders if s.partner and not s.heard_on})
    if unheard:
        text = f"Groups that were not heard yet belong to {count(len(unheard), 'partner')}."
        because.append(Evidence(text, "/stakeholders", len(unheard), "partners"))
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
    ways = {
        (
            o.kind,
            o.form,
            o.formula.rule.kind if o.formula else None,
            frozenset(reading.case.members(o)),
            bool(o.tiers),
        )
        for o in others
    }
    bends = terms.flexible(reading.option) if reading.option else []
    because = [
        Evidence(
            f"Options beside carrying on: {len(others)}, different in {count(len(ways), 'way')} of kind, form, formula, members or scope.",
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
    return Judgement(
        "adequate" if len(ways) >= reading.threshold("adequate") or bends else "weak", tuple(because)
    )


def equity(reading: Reading) -> Judgement:
    """Graded consent with quorum and dissent, shares held against every group, and each partner's benefit."""
    case, option = reading.case, reading.option
    given = {c.partner: (i, c) for i, c in enumerate(case.consents) if option and c.about == option.id}
    if option is None:
        return UNKNOWN
    members = case.members(option)
    held = list(rivals.excesses(reading, option))
    least = list(rivals.benefits(reading, option))
    if not given:
        return Judgement("unknown", (*(e for _, e in held), *(e for _, e in least)))
    agreed = [p for p, (_, c) in given.items() if c.level in {"endorse", "live_with"} and c.quorum_met]
    because = []
    for p in members:
        i, c = given.get(p, (None, None))
        if c is None:
            because.append(
                Evidence(f"{reading.name(p)} has not said how far it consents.", "/consents", 0, "consents")
            )
            continue
        quorum = "with" if c.quorum_met else "without"
        against = f"; dissent on record: {listed(c.dissent)}" if c.dissent else ""
        text = f"{reading.name(p)} {_CONSENT[c.level]}, {quorum} a quorum{against}."
        because.append(Evidence(text, f"/consents/{i}", len(c.dissent), "dissents"))
    dissent = sum(len(c.dissent) for _, c in given.values())
    text = f"{len(agreed)} of {count(len(members), 'partner')} consent with a quorum; {count(dissent, 'dissent')} on record."
    because = [Evidence(text, "/consents", len(agreed), "partners"), *because]
    because += [e for _, e in (*least, *held)]
    if any(c.level == "block" for _, c in given.values()):
        return Judgement("missing", tuple(because))
    if len(agreed) < len(members) or any(sign for sign, _ in least):
        return Judgement("weak", tuple(because))
    if not least:
        return Judgement("unknown", tuple(because))
    outside = any(sign for sign, _ in held)
    return Judgement("adequate" if dissent or outside or not held else "strong", tuple(because))


_CONSENT = {
    "endorse": "endorses it",
    "live_with": "can live with it",
    "stand_aside": "stands aside",
    "block": "blocks it",
}


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
