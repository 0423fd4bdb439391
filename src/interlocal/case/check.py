"""What must hold between the parts of a case: references, years, shares, currencies and plans.

Each rule yields ``(location, found, expected, fix)``; the reader adds the line. Rules never stop at the first problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from interlocal.case.check_formulas import check_sharing
from interlocal.case.check_lines import check_lines
from interlocal.case.check_references import choose, doubled_ids, references
from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.case.partners import Partner
from interlocal.case.scope import latest_spending, mismatches
from interlocal.case.values import Money, Quantity
from interlocal.case.walk import Location, walk

Finding = tuple[Location, str, str, str]


def check(case: Case) -> Iterator[Finding]:
    """Yield everything in a well-formed case that contradicts something else in it."""
    parts = list(walk(case))
    yield from references(case, parts)
    yield from doubled_ids(parts)
    yield from _money(case, parts)
    yield from _years(case)
    yield from _price_basis(case)
    yield from check_lines(case)
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
                    *choose("task of the plan", ref, tasks),
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
