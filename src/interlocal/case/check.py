"""What must hold between the parts of a case: references, years, shares, currencies and plans.

Each rule yields ``(location, found, expected, fix)``; the reader adds the line. Rules never stop at the first problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from interlocal.case.check_formulas import check_sharing
from interlocal.case.document import Case
from interlocal.case.options import CostLine, Option, StepCost, VariableCost
from interlocal.case.partners import Partner
from interlocal.case.scope import latest_spending, mismatches
from interlocal.case.values import Money, Quantity
from interlocal.case.walk import Location, walk
from interlocal.problems import nearest
from interlocal.reference import clauses, find_post, governance_models, services

Finding = tuple[Location, str, str, str]

# Which fields hold the id of what; a dictionary field holds it in its keys.
_REFERENCES: dict[str, dict[str, frozenset[str]]] = {
    "partner": {
        "*": frozenset(
            {"partner", "binds", "agreed_by", "endorsed_by", "standing_in", "attended", "raised_by"}
        ),
        "Partner": frozenset({"adjacent"}),
        "CostLine": frozenset({"payer"}),
        "Option": frozenset({"members", "lead", "tiers", "feasible_groups", "possible_leads"}),
        "Voting": frozenset({"votes"}),
        "ExitTerms": frozenset({"rebuild_cost"}),
        "ServiceMeasure": frozenset({"baseline", "worth"}),
        "Post": frozenset({"comes_from"}),
        "Formula": frozenset({"floors", "caps"}),
        "GroupCost": frozenset({"members"}),
        "Given": frozenset({"shares"}),
        "Contract": frozenset({"amounts"}),
        "Dues": frozenset({"role_discounts"}),
        "LeadNomination": frozenset({"names"}),
        "SurveyCell": frozenset({"about"}),
        "Stress": frozenset({"leaver"}),
        "EarlierAgreement": frozenset({"members"}),
        "EarlierAttempt": frozenset({"members"}),
    },
    "escalator": {
        "CostLine": frozenset({"escalator"}),
        "MovedCost": frozenset({"escalator"}),
        "Assumptions": frozenset({"default_escalator"}),
    },
    "option": {
        "Case": frozenset({"proposed"}),
        "PreferredBeforeStudy": frozenset({"option"}),
        "Attachment": frozenset({"option"}),
        "Consent": frozenset({"about"}),
    },
    "service measure": {"Forecast": frozenset({"measure"}), "Expectation": frozenset({"measure"})},
    "pay scale": {"Post": frozenset({"scale"})},
    "post in the staffing section": {"PostsCost": frozenset({"posts"})},
    "goal": {"PartnerGoals": frozenset({"ranking", "deal_breakers"})},
    "recommendation": {"Vote": frozenset({"recommendation"})},
    "comparable": {"Attachment": frozenset({"comparable"})},
    "correlation group": {"*": frozenset({"group"})},
    "governance model": {
        "Option": frozenset({"form"}),
        "Governance": frozenset({"model"}),
        "Comparable": frozenset({"form"}),
    },
    "clause": {"Clause": frozenset({"id"})},
}


def check(case: Case) -> Iterator[Finding]:
    """Yield everything in a well-formed case that contradicts something else in it."""
    parts = list(walk(case))
    yield from _references(case, parts)
    yield from _doubled_ids(parts)
    yield from _money(case, parts)
    yield from _years(case)
    yield from _price_basis(case)
    yield from _lines(case)
    yield from check_sharing(case)
    yield from _staffing(case)
    yield from _spending(case)
    yield from _service(case)
    yield from _plan_cycles(case)
    yield from _surveys(case)


def concerns(case: Case) -> Iterator[Finding]:
    """Yield what a study can live with, but must withhold an answer for."""
    rows = {s.partner: i for i, s in enumerate(case.spending) if latest_spending(case)[s.partner] is s}
    places: dict[str, Location] = {p: ("spending", i, "scope") for p, i in rows.items()}
    places |= {o.id: ("options", i, "cost_scope") for i, o in enumerate(case.options)}
    for m in mismatches(case):
        if not m.adjusted:
            yield (
                places[m.excludes[0]],
                f"{m.component} left out by {', '.join(m.excludes)} but included by {', '.join(m.includes)}",
                "figures that contain the same things",
                "State a rate in scope_adjustments, or bring the figures to one scope; no saving is stated until then.",
            )


def _leaves(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _leaves(item, (*location, i))
    elif isinstance(value, dict):
        for key in value:
            yield (*location, key), key


def _references(case: Case, parts: Sequence[tuple[Location, BaseModel]]) -> Iterator[Finding]:
    known: dict[str, set[str]] = {
        "partner": set(case.partner_ids),
        "escalator": {e.id for e in case.assumptions.escalators},
        "option": {o.id for o in case.options},
        "service measure": {m.id for m in case.service_measures},
        "pay scale": {s.id for s in case.staffing.scales},
        "post in the staffing section": {p.id for p in case.staffing.posts},
        "goal": {g.id for g in case.goals},
        "recommendation": {r.id for r in case.recommendations},
        "comparable": {c.id for c in case.comparables},
        "correlation group": {c.group for c in case.assumptions.correlations},
        "governance model": set(governance_models()),
        "clause": set(clauses()),
    }
    for location, part in parts:
        for kind, table in _REFERENCES.items():
            names = table.get(type(part).__name__, frozenset()) | table.get("*", frozenset())
            if kind == "correlation group" and not hasattr(part, "central"):
                continue
            for name in names & type(part).model_fields.keys():
                for where, ref in _leaves(getattr(part, name), (*location, name)):
                    if ref not in known[kind]:
                        yield where, f"the {kind} {ref}", *_choose(kind, ref, known[kind])
    if case.service.id not in services():
        yield (
            ("service", "id"),
            f"the service {case.service.id}",
            *_choose("service", case.service.id, services()),
        )
    for i, post in enumerate(case.key_posts):
        if post.post is not None and find_post(post.post) is None:
            yield (
                ("key_posts", i, "post"),
                f"the post {post.post}",
                "a post of the catalogue",
                "Leave post out: the title is matched by itself.",
            )


def _choose(kind: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    names = sorted(known)
    close = nearest(word, names)
    if close:
        fix = f"Did you mean {close}?"
    elif names:
        fix = f"Choose one of {', '.join(names[:20])}{', …' if len(names) > 20 else ''}, or define it."
    else:
        fix = f"Define a {kind} with this id first."
    return f"the id of a {kind} that is defined", fix


def _doubled_ids(parts: Sequence[tuple[Location, BaseModel]]) -> Iterator[Finding]:
    for location, part in parts:
        for name in type(part).model_fields:
            value = getattr(part, name)
            if not isinstance(value, tuple):
                continue
            seen: dict[str, int] = {}
            for i, item in enumerate(value):
                key = getattr(item, "id", None) if isinstance(item, BaseModel) else None
                if key is None:
                    continue
                if key in seen:
                    yield (
                        (*location, name, i, "id"),
                        f"the id {key} a second time",
                        "each id once in its list",
                        f"Rename it; entry {seen[key] + 1} of {name} has it already.",
                    )
                seen.setdefault(key, i)


def _money(case: Case, parts: Sequence[tuple[Location, BaseModel]]) -> Iterator[Finding]:
    rates = {case.currency, *(r.currency for r in case.assumptions.exchange_rates)}
    for location, part in parts:
        currency = getattr(part, "currency", None)
        if isinstance(part, (Money, Partner)) and currency is not None and currency not in rates:
            yield (
                (*location, "currency"),
                f"an amount in {currency}",
                f"{case.currency}, or a rate for {currency}",
                f"Add {currency} to assumptions.exchange_rates with its year and source.",
            )


def _years(case: Case) -> Iterator[Finding]:
    horizon = case.assumptions.horizon
    if horizon.last < horizon.first:
        yield (
            ("assumptions", "horizon", "last"),
            f"{horizon.last}, before {horizon.first}",
            "a last year not before the first",
            "Correct one of the two.",
        )
        return
    if horizon.last - horizon.first > 29:
        yield (
            ("assumptions", "horizon", "last"),
            f"a horizon of {horizon.last - horizon.first + 1} years",
            "at most 30 years",
            "Choose an earlier last year.",
        )
    for o, option in enumerate(case.options):
        yield from _years_of_option(case, option, ("options", o))


def _years_of_option(case: Case, option: Option, at: Location) -> Iterator[Finding]:
    horizon = case.assumptions.horizon
    last = max(horizon.last, horizon.first + case.assumptions.sustainability_years - 1)
    dated: list[tuple[Location, int | None, int]] = [((*at, "starts"), option.starts, horizon.last)]
    for i, line in enumerate(option.lines):
        dated += [((*at, "lines", i, "start"), line.start, last), ((*at, "lines", i, "end"), line.end, last)]
        if line.start is not None and line.end is not None and line.end < line.start:
            yield (
                (*at, "lines", i, "end"),
                f"{line.end}, before its start {line.start}",
                "an end not before the start",
                "Correct one of the two.",
            )
    dated += [((*at, "moved", i, "start"), m.start, last) for i, m in enumerate(option.moved)]
    for where, year, latest in dated:
        if year is not None and not horizon.first <= year <= latest:
            yield (
                where,
                str(year),
                f"a year from {horizon.first} to {latest}",
                "Change the year or the horizon.",
            )


def _price_basis(case: Case) -> Iterator[Finding]:
    basis = case.assumptions.price_basis
    fix = f"Use a {basis} rate, or change assumptions.price_basis; nominal and real are never mixed."
    if case.assumptions.discount.prices != basis:
        yield (
            ("assumptions", "discount", "prices"),
            f"a {case.assumptions.discount.prices} discount rate",
            f"a {basis} one, like the rest of the case",
            fix,
        )
    rates: list[tuple[Location, Quantity]] = [
        (("assumptions", "discount", "rate"), case.assumptions.discount.rate)
    ]
    for i, escalator in enumerate(case.assumptions.escalators):
        if escalator.prices != basis:
            yield (
                ("assumptions", "escalators", i, "prices"),
                f"a {escalator.prices} escalator",
                f"a {basis} one, like the rest of the case",
                fix,
            )
        rates.append((("assumptions", "escalators", i, "rate"), escalator.rate))
    for location, rate in rates:
        if any(abs(x) > 0.5 for x in rate.numbers()):
            yield (
                location,
                f"a rate of {next(x for x in rate.numbers() if abs(x) > 0.5):g}",
                "a yearly rate as a share, between -0.5 and 0.5",
                "Write 0.03 for 3 %.",
            )


def _lines(case: Case) -> Iterator[Finding]:
    for o, option in enumerate(case.options):
        members = case.members(option)
        if option.lead is not None and option.lead not in members:
            yield (
                ("options", o, "lead"),
                f"the lead {option.lead}, which is not a member",
                "one of the members",
                "Add it to members, or name another lead.",
            )
        for i, line in enumerate(option.lines):
            at: Location = ("options", o, "lines", i)
            yield from _line(case, option, members, line, at)


def _line(
    case: Case, option: Option, members: tuple[str, ...], line: CostLine, at: Location
) -> Iterator[Finding]:
    joint = line.scope == "joint" or (line.scope is None and line.payer is None)
    if joint and option.kind != "shared":
        yield (
            (*at, "payer"),
            "a joint line" if line.scope else "no payer",
            "the partner that pays, as nothing is shared in this option",
            "Add payer.",
        )
    if line.scope == "joint" and line.payer is not None:
        yield (
            (*at, "payer"),
            f"a joint line with payer {line.payer}",
            "one or the other",
            "Remove payer or scope.",
        )
    if line.scope == "own" and line.payer is None:
        yield (*at, "scope"), "an own line without payer", "the partner that pays it", "Add payer."
    if line.payer is not None and line.payer in case.partner_ids and line.payer not in members:
        yield (
            (*at, "payer"),
            f"{line.payer}, which is not a member of this option",
            "one of its members",
            "Add it to members, or name another payer.",
        )
    if any(not 0 <= x <= 1 for x in line.avoidable.numbers()):
        yield (
            (*at, "avoidable"),
            f"{max(line.avoidable.numbers(), key=abs):g}",
            "a share from 0 to 1",
            "Write 0.8 for 80 %.",
        )
    behaviour = line.behaviour
    if isinstance(behaviour, (StepCost, VariableCost)):
        who = members if joint else tuple(p for p in (line.payer,) if p in case.partner_ids)
        lacking = [p for p in who if behaviour.driver not in case.partner(p).measures]
        if lacking:
            known = {m for p in case.partners for m in p.measures}
            close = nearest(behaviour.driver, known)
            yield (
                (*at, "behaviour", "driver"),
                f"the measure {behaviour.driver}, which {', '.join(lacking)} "
                + ("does not have" if len(lacking) == 1 else "do not have"),
                "a measure that each of them has",
                f"Did you mean {close}?"
                if close and close != behaviour.driver
                else "Add it to their measures.",
            )


def _staffing(case: Case) -> Iterator[Finding]:
    scales = {s.id: s for s in case.staffing.scales}
    for i, post in enumerate(case.staffing.posts):
        at: Location = ("staffing", "posts", i)
        scale = scales.get(post.scale)
        if scale is not None and post.step > len(scale.steps):
            yield (
                (*at, "step"),
                f"step {post.step}",
                f"a step from 1 to {len(scale.steps)} of scale {scale.id}",
                "Correct the step.",
            )
        if (post.count is None) == (post.coverage is None):
            yield (
                at,
                "both count and coverage" if post.count is not None else "neither count nor coverage",
                "one of them",
                "Give the number of employees, or the hours to be covered.",
            )
        if post.coverage is not None and any(x < 1 for x in post.coverage.relief.numbers()):
            yield (
                (*at, "coverage", "relief"),
                f"{min(post.coverage.relief.numbers()):g}",
                "paid hours per hour worked: 1 or more",
                "Divide paid hours by hours worked.",
            )


def _spending(case: Case) -> Iterator[Finding]:
    seen: dict[tuple[str, int], int] = {}
    for i, entry in enumerate(case.spending):
        key = (entry.partner, entry.year)
        if key in seen:
            yield (
                ("spending", i),
                f"{entry.partner} {entry.year} a second time",
                "one figure per partner and year",
                f"Remove it, or merge it with entry {seen[key] + 1}.",
            )
        seen.setdefault(key, i)
        if entry.year > case.as_of.year + 1:
            yield (
                ("spending", i, "year"),
                str(entry.year),
                f"a year up to {case.as_of.year + 1}: spending is history",
                "Put expected spending in a do_nothing option.",
            )


def _service(case: Case) -> Iterator[Finding]:
    primary = [m for m in case.service_measures if m.primary]
    if len(primary) > 3:
        yield (
            ("service_measures",),
            f"{len(primary)} primary measures",
            "one to three",
            "Choose those that decide; a joint probability over many says little.",
        )


def _plan_cycles(case: Case) -> Iterator[Finding]:
    if case.plan is None:
        return
    tasks = {t.id: t for t in case.plan.tasks}
    for i, task in enumerate(case.plan.tasks):
        for j, ref in enumerate(task.after):
            if ref not in tasks:
                yield (
                    ("plan", "tasks", i, "after", j),
                    f"the task {ref}",
                    *_choose("task of the plan", ref, tasks),
                )
    left = dict(tasks)
    while ready := [k for k, t in left.items() if not any(a in left for a in t.after)]:
        for k in ready:
            del left[k]
    if left:
        cycle = _one_cycle(next(iter(left)), {k: [a for a in t.after if a in left] for k, t in left.items()})
        first = next(i for i, t in enumerate(case.plan.tasks) if t.id == cycle[0])
        yield (
            ("plan", "tasks", first, "after"),
            "tasks that wait for one another: " + " → ".join([*cycle, cycle[0]]),
            "an order in which the tasks can be done",
            "Remove one of these from after.",
        )


def _one_cycle(start: str, after: dict[str, list[str]]) -> list[str]:
    path = [start]
    while True:
        following = after[path[-1]][0]
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def _surveys(case: Case) -> Iterator[Finding]:
    for w, wave in enumerate(case.surveys):
        for c, cell in enumerate(wave.cells):
            if cell.counts is None:
                continue
            answered = sum(cell.counts)
            at: Location = ("surveys", w, "cells", c, "counts")
            if answered > cell.invited:
                yield (
                    at,
                    f"{answered} answers of {cell.invited} invited",
                    "no more answers than people",
                    "Correct it.",
                )
            if answered < wave.smallest_group:
                yield (
                    at,
                    f"counts of {answered} answers",
                    f"at least {wave.smallest_group}, so that nobody can be made out",
                    "Leave counts out and say why in withheld.",
                )
        for r, ranking in enumerate(wave.rankings):
            if len(ranking.rank_sums) != len(ranking.items):
                yield (
                    ("surveys", w, "rankings", r, "rank_sums"),
                    f"{len(ranking.rank_sums)} sums for {len(ranking.items)} items",
                    "one sum per item",
                    "Correct it.",
                )
