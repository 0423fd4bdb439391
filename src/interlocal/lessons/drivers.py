"""Why now: what drives the partners to think of sharing. Verdicts: present, emerging, absent, unknown."""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.case.why_now import EarlierAgreement, Mandate
from interlocal.lessons.catalogue import Step
from interlocal.lessons.finding import Evidence, Judgement
from interlocal.lessons.reading import (
    UNKNOWN,
    Reading,
    count,
    money,
    months,
)
from interlocal.people.openings import case_openings
from interlocal.phrases import listed
from interlocal.reference import claimed_cases, posts

_PUBLISHED = frozenset({"survey", "press", "audit", "grand_jury"})
_PRESSURE = {
    "resolution": "A resolution",
    "campaign_commitment": "A campaign commitment",
    "legislative_inquiry": "A legislative inquiry",
}
_KINDS = {
    "units": "Separate units of the service",
    "heads": "Heads of the service",
    "fixed_posts": "Fixed posts",
    "stations": "Stations",
    "systems": "Systems",
    "neighbours_doing_the_same": "Neighbours doing the same",
}


def duplication(reading: Reading) -> Judgement:
    """Facts of duplication and the perception of it, apart."""
    facts, least = reading.case.duplication, reading.threshold("kept")
    totals = {kind: sum(d.count for d in facts if d.kind == kind) for kind in _KINDS}
    because = [
        Evidence(f"{_KINDS[kind]}, counted over all partners: {total:g}.", "/duplication", total, kind)
        for kind, total in totals.items()
        if any(d.kind == kind for d in facts)
    ]
    said = claims(reading, "duplication")
    kept = any(total >= least for total in totals.values())
    perceived = any(e.kind == "raters" for e in said)
    verdict = "present" if perceived else "emerging" if kept or said else "absent"
    return Judgement(verdict, (*because, *said))


def budget(reading: Reading) -> Judgement:
    """Growth of cost against revenue, structural gap, reserve and room to raise the levy, partner by partner."""
    signs = {p.id: list(_budget_signs(reading, i)) for i, p in enumerate(reading.case.partners)}
    judged = [found for found in signs.values() if found]
    tight = sum(any(sign for sign, _ in found) for found in judged)
    shown = [e for found in judged for sign, e in found if sign]
    said = claims(reading, "budget")
    if judged:
        shown.append(
            Evidence(
                f"{tight} of {count(len(judged), 'partner')} with figures show a sign of a tight budget.",
                "/partners",
                tight,
                "partners",
            )
        )
    verdict = (
        "present"
        if judged and tight >= reading.threshold("partners") * len(judged)
        else "emerging"
        if tight or said
        else "absent"
    )
    return Judgement(verdict, (*shown, *said))


def politics(reading: Reading) -> Judgement:
    """Dated political events; recent ones count."""
    recent = reading.threshold("recent_months")
    ages = {
        i: months(e.on, reading.case.as_of)
        for i, e in enumerate(reading.case.events)
        if e.kind in _PRESSURE and e.on <= reading.case.as_of
    }
    if not ages:
        events = len(reading.case.events)
        text = f"{count(events, 'dated event is', 'dated events are')} recorded and none is a resolution, campaign commitment or inquiry."
        return Judgement("absent", (Evidence(text, "/events", events, "events"),)) if events else UNKNOWN
    because = tuple(
        Evidence(
            f"{_PRESSURE[reading.case.events[i].kind]}, {age:.0f} months ago: {reading.case.events[i].text}.",
            f"/events/{i}",
            round(age, 1),
            "months",
        )
        for i, age in sorted(ages.items(), key=lambda pair: pair[1])
    )
    return Judgement("present" if min(ages.values()) <= recent else "emerging", because)


def staff(reading: Reading) -> Judgement:
    """Ideas by staff of more than one partner, with endorsements."""
    ideas = reading.case.ideas
    if not ideas:
        return UNKNOWN
    partners = {idea.partner for idea in ideas}
    endorsed = sum(bool(set(idea.endorsed_by) - {idea.partner}) for idea in ideas)
    text = f"Staff of {count(len(partners), 'partner')} brought {count(len(ideas), 'idea')}; staff elsewhere support {endorsed}."
    verdict = "present" if len(partners) >= reading.threshold("partners") else "emerging"
    return Judgement(verdict, (Evidence(text, "/ideas", len(ideas), "ideas"),))


def leadership(reading: Reading) -> Judgement:
    """Like posts that fall open in adjacent partners within one window."""
    case = reading.case
    if not case.key_posts:
        return UNKNOWN
    found = case_openings(case, reading.threshold("window_months"))
    because = [
        Evidence(
            f"{posts()[w.post].name if w.post in posts() else w.post} falls open in {reading.names(w.organisations)} "
            f"between {w.first_day} and {w.last_day}.",
            "/key_posts",
            len(w.organisations),
            "partners",
        )
        for w in found
    ]
    opening = [
        k for k in case.key_posts if k.status != "filled" and (k.until is None or k.until >= case.as_of)
    ]
    because.append(
        Evidence(
            f"{len(opening)} of {count(len(case.key_posts), 'key post')} on record open or end.",
            "/key_posts",
            len(opening),
            "posts",
        )
    )
    steps = (
        ()
        if any(p.adjacent for p in case.partners)
        else (Step("Which partners border one another", "the facilitator"),)
    )
    return Judgement("present" if found else "emerging" if opening else "absent", tuple(because), steps)


def past_success(reading: Reading) -> Judgement:
    """Earlier and running agreements: years, renewals and how they went."""
    agreements = reading.case.agreements
    if not agreements:
        return UNKNOWN
    least = reading.threshold("rating")
    went_well = [a.rating >= least for a in agreements if a.rating is not None]
    because = tuple(
        Evidence(
            f"{a.title} of {reading.names(a.members)}: {_years(reading, a):g} years, {count(a.renewals, 'renewal')}"
            + (f", rated {a.rating:g} of 5." if a.rating is not None else ", not rated."),
            f"/agreements/{i}",
            a.rating if a.rating is not None else _years(reading, a),
            "rating from 1 to 5" if a.rating is not None else "years",
            "record" if a.rating is None else "raters",
        )
        for i, a in enumerate(agreements)
    )
    ids = reading.case.partner_ids
    pairs = {frozenset((a, b)) for x in agreements for a in x.members for b in x.members if a != b}
    possible = len(ids) * (len(ids) - 1) // 2
    text = f"{len(pairs)} of {count(possible, 'pair')} of partners have shared something before."
    because = (*because, Evidence(text, "/agreements", len(pairs), "pairs"))
    all_rated = all(a.rating is not None for a in agreements)
    verdict = "present" if any(went_well) else "absent" if all_rated else "emerging"
    return Judgement(verdict, because)


def mandate(reading: Reading) -> Judgement:
    """Laws that bind: whom, by when, with what money."""
    because = tuple(
        Evidence(_mandate_says(reading, m), f"/mandates/{i}", *_days_left(reading, m))
        for i, m in enumerate(reading.case.mandates)
    )
    return Judgement("present" if because else "emerging", (*because, *claims(reading, "mandate")))


def others(reading: Reading) -> Judgement:
    """Tell what others claimed beforehand from what they recorded afterwards."""
    found = reading.case.comparables
    because = []
    for i, c in enumerate(found):
        shipped = next((x.case for x in claimed_cases() if x.id == c.reference_case), None)
        said = " and ".join(
            f"{word} {money(reading, amount.central)} a year"
            for word, amount in (("recorded", c.realised), ("claimed", c.claimed))
            if amount is not None
        )
        also = f" It is our reference case {shipped}." if shipped else ""
        amount = c.realised or c.claimed
        because.append(
            Evidence(
                f"{c.who}, {c.what}: {said or 'no saving is on record'}.{also}",
                f"/comparables/{i}",
                amount.central if amount else None,
                f"{reading.case.currency}/year",
                "record" if c.realised else "claim",
            )
        )
    saved = any(c.realised and c.realised.central > 0 for c in found)
    open_claim = any(c.realised is None and c.claimed for c in found)
    said_so = claims(reading, "others")
    verdict = "present" if saved else "emerging" if open_claim or said_so else "absent"
    return Judgement(verdict, (*because, *said_so))


CHECKS = (duplication, budget, politics, staff, leadership, past_success, mandate, others)


def claims(reading: Reading, driver: str) -> tuple[Evidence, ...]:
    """Return what people say about a driver: reports and surveys weigh more than one person's statement."""
    return tuple(
        Evidence(
            f"{c.by or 'Somebody'} says: {c.text}" + (f" ({c.on})." if c.on else "."),
            f"/driver_claims/{i}",
            kind="raters" if c.evidence_kind in _PUBLISHED else "claim",
        )
        for i, c in enumerate(reading.case.driver_claims)
        if c.driver == driver
    )


def _budget_signs(reading: Reading, index: int) -> Iterator[tuple[bool, Evidence]]:
    """Yield whether each sign that can be judged is a bad one, with its figures."""
    p = reading.case.partners[index]
    place = f"/partners/{index}"
    cost = {s.year: s.amount.central for s in reading.case.spending if s.partner == p.id}
    shared = sorted(cost.keys() & p.revenue.keys())
    if shared and shared[-1] - shared[0] + 1 >= reading.threshold("years"):
        first, last = shared[0], shared[-1]
        rise, revenue = (
            (new / old) ** (1 / (last - first)) - 1 if old > 0 and new > 0 else 0.0
            for old, new in (
                (cost[first], cost[last]),
                (p.revenue[first].central, p.revenue[last].central),
            )
        )
        text = f"{p.name}'s cost of the service grew {rise:.1%} a year from {first} to {last} and its revenue {revenue:.1%}."
        yield rise > revenue, Evidence(text, f"{place}/revenue", rise - revenue, "share/year")
    both = sorted(p.total_spending.keys() & p.revenue.keys())
    if both:
        gap = p.total_spending[both[-1]].central - p.revenue[both[-1]].central
        text = f"{p.name} spent {money(reading, abs(gap))} {'more' if gap > 0 else 'less'} than its revenue in {both[-1]}."
        yield gap > 0, Evidence(text, f"{place}/total_spending", gap, f"{reading.case.currency}/year")
    if p.fund_balance and p.total_spending:
        held = 12 * p.fund_balance.central / p.total_spending[max(p.total_spending)].central
        wanted = p.reserve_policy.months if p.reserve_policy else reading.threshold("reserve_months")
        whose = "its own policy asks" if p.reserve_policy else "GFOA advises, as it has no policy of its own,"
        text = f"{p.name}'s fund balance covers {held:.1f} months; {whose} for {wanted:g}."
        yield held < wanted, Evidence(text, f"{place}/fund_balance", held, "months of spending")
    if p.levy_limit:
        room = 1 - p.levy_limit.levied.central / p.levy_limit.limit.central
        text = f"{p.name} could raise its levy by {room:.1%} of the limit."
        yield (
            room < reading.threshold("headroom"),
            Evidence(text, f"{place}/levy_limit", room, "share of the limit"),
        )


def _years(reading: Reading, agreement: EarlierAgreement) -> int:
    return (agreement.until or reading.case.as_of.year) - agreement.since


def _mandate_says(reading: Reading, mandate: Mandate) -> str:
    what = "share the service" if mandate.requires == "to_share" else "provide the service"
    parts = [f"{mandate.citation} obliges {listed(reading.name(p) for p in mandate.binds)} to {what}"]
    days, _ = _days_left(reading, mandate)
    if days is not None:
        parts.append(f"{days} days are left" if days >= 0 else f"its deadline passed {-days} days ago")
    if mandate.funded is not None:
        parts.append("money comes with it" if mandate.funded else "no money comes with it")
    return "; ".join(parts) + "."


def _days_left(reading: Reading, mandate: Mandate) -> tuple[int | None, str | None]:
    return ((mandate.deadline - reading.case.as_of).days, "days") if mandate.deadline else (None, None)
