"""The study run again, before the notice date, with recorded figures in the place of forecasts.

The case of the study takes over what the books and the records say: drivers, what the joint service cost, levels of
service, and the life of the partnership, from which the lessons take their evidence. An agreement that never had a
study becomes a case of its own, with a list of what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from interlocal.case.assumptions import Assumptions, DiscountRate, Escalator, Horizon
from interlocal.case.check import check
from interlocal.case.deciding import SurveyWave
from interlocal.case.document import Case
from interlocal.case.formulas import Formula
from interlocal.case.options import CostLine, FixedCost, Option
from interlocal.case.partners import Measure, Partner
from interlocal.case.people import Plan
from interlocal.case.service import ServiceMeasure, ServiceScope, Spending
from interlocal.case.text import pointer
from interlocal.case.values import Money, Quantity
from interlocal.case.why_now import EarlierAgreement, Event
from interlocal.costs.lines import ONE_OFF
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import year_of
from interlocal.partnership.money import cents
from interlocal.partnership.register import Register
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import recurring_joint_cost

LINE = "recorded_difference"
"""Id of the line that brings the joint cost of the plan to what was recorded."""


def run_again(case: Case, register: Register, agreement: Agreement) -> Case:
    """Return the case of the study with what was recorded since, on the register's day, at the gate ``run``.

    The horizon keeps its length and begins with the year after the register's day; what was spent once is spent. The
    joint cost is brought to the latest recorded year by one line of its own, so that the plan stays readable beside it.
    A phase-in that has ended is left out, and one that runs has its remaining years.

    Raises
    ------
    InputError
        Where the agreement's parties are no partners of the case, or the two do not fit together.
    """
    option = case.proposed_option
    strangers = [p for p in agreement.members_on(register.as_of) if p not in case.partner_ids]
    if option is None or strangers:
        found = f"{', '.join(strangers)}, who are no partners of it" if strangers else "no shared option"
        fix = "Give organisations the same ids in both, or add them to the case."
        raise InputError(Problem("/partners", case.title, found, "the case that led to the agreement", fix))
    old = case.assumptions.horizon
    first = year_of(agreement, register.as_of) + 1
    assumptions = case.assumptions.model_copy(
        update={
            "horizon": Horizon(first=first, last=first + old.last - old.first),
            "price_year": World(case, CentralDraws()).price_year,
        }
    )
    running = option.model_copy(
        update={
            "members": agreement.members_on(register.as_of),
            "lead": agreement.lead if agreement.lead in agreement.members_on(register.as_of) else None,
            "formula": _formula_from(
                agreement.formula or option.formula, first - (option.starts or old.first)
            ),
            "exit": agreement.exit or option.exit,
            "voting": agreement.voting or option.voting,
            "lines": (
                *(x for x in option.lines if not _spent(x, first)),
                *_difference(case, option, agreement),
            ),
        }
    )
    changed = case.model_copy(
        update={
            "assumptions": assumptions,
            "options": tuple(_from(running if o.id == option.id else o, first) for o in case.options),
            "proposed": option.id,
            "partners": tuple(p.model_copy(update={"measures": {**p.measures, **_measures(agreement, p.id)}}) for p in case.partners),
            "service_measures": _levels(case.service_measures, agreement),
        }
    )  # fmt: skip
    return _checked(_alive(changed, register, agreement), agreement)


def _spent(line: CostLine, first: int) -> bool:
    """Whether a line of the running option is over and paid for before a year, or stands in for an earlier difference."""
    once = line.category in ONE_OFF and (line.end or line.start or 0) < first
    return once or line.id == LINE


def _from(option: Option, first: int) -> Option:
    """Return an option as it stands from a year on: what began before runs from the first year, what ended is out."""

    def begins(year: int | None) -> int | None:
        return None if year is None or year < first else year

    return option.model_copy(
        update={
            "starts": begins(option.starts),
            "lines": tuple(
                x.model_copy(update={"start": begins(x.start)})
                for x in option.lines
                if x.end is None or x.end >= first
            ),
            "moved": tuple(m.model_copy(update={"start": begins(m.start)}) for m in option.moved),
        }
    )


def _formula_from(formula: Formula | None, years: int) -> Formula | None:
    """Return a formula after so many years: its phase-in shorter by them, and what was paid once to join left out."""
    if formula is None:
        return None
    left = formula.phase_in.years - years if formula.phase_in else 0
    shorter = formula.phase_in.model_copy(update={"years": left}) if formula.phase_in and left > 0 else None
    return formula.model_copy(update={"phase_in": shorter, "buy_in": ()})


def as_case(register: Register, agreement: Agreement) -> Case:
    """Return an agreement that never had a study as a case: what it costs and how it lives, and no forecast.

    Its yardsticks are assumptions and say so; :func:`lacking` names what a study still needs.
    """
    books = max((y for y in agreement.years if y.lines), key=lambda y: y.year, default=None)
    year = year_of(agreement, register.as_of)
    members = agreement.partners_on(register.as_of)
    joint: tuple[CostLine, ...] = ()
    if books is not None:
        joint = tuple(
            CostLine(
                id=line.id,
                name=line.name,
                category="capital" if line.capital else "operating",
                scope="joint",
                behaviour=FixedCost(
                    kind="fixed", amount=_amount(line.actual or line.budget, books.year, "the books")
                ),
            )
            for line in books.lines
        )
    rate = agreement.escalator.rate if agreement.escalator and agreement.escalator.rate is not None else 0.03
    why = "Assumption until the members enter their own"
    case = Case(
        format=1,
        title=agreement.title,
        as_of=register.as_of,
        currency=register.currency,
        fictional=register.fictional,
        service=ServiceScope(id=agreement.service or "other"),
        partners=tuple(
            Partner(id=p, name=register.name(p), measures=_measures(agreement, p)) for p in members
        ),
        assumptions=Assumptions(
            horizon=Horizon(first=year + 1, last=year + 10),
            price_year=books.year if books else year,
            discount=DiscountRate(
                rate=Quantity(value=0.04, basis="assumption"), prices="nominal", year=year, source=why
            ),
            escalators=(
                Escalator(id="prices", rate=Quantity(value=rate, basis="assumption"), year=year, source=why),
            ),
        ),
        options=(
            Option(
                id="agreement",
                name=agreement.title,
                kind="shared",
                lead=agreement.lead if agreement.lead in members else None,
                form=agreement.form,
                lines=joint,
                formula=_formula_from(agreement.formula, year + 1 - year_of(agreement, agreement.starts)),
                exit=agreement.exit,
                voting=agreement.voting,
            ),
        ),
        spending=tuple(
            Spending(
                partner=p, year=year_of(agreement, agreement.starts), amount=_amount(x, None, "the agreement")
            )
            for p, x in agreement.before.items()
            if p in members
        ),
    )
    return _alive(case, register, agreement)


@dataclass(frozen=True)
class Lack:
    """Something that a study of a running agreement needs and nobody recorded."""

    text: str
    who: str
    """Whom to ask."""
    pointer: str
    """JSON pointer to where it belongs in the agreement."""

    def __str__(self) -> str:
        return f"{self.text} ({self.who})"


def lacking(agreement: Agreement) -> tuple[Lack, ...]:
    """Return what a study of a running agreement needs and nobody recorded."""
    a, life = agreement, agreement.life
    closed = any(y.closed_on is not None for y in a.years)
    before = "What each member paid for the service before, or would pay alone"
    wins = "Wins that residents can see, and when they were told"
    pulse = "A pulse survey of the people who work together"
    missing = (
        (a.service, "Which service of the catalogue it is", "the lead", "/service"),
        (closed, "Actual cost of at least one closed year", "the lead's finance office", "/years"),
        (a.before, before, "each finance office", "/before"),
        (a.formula, "How the members share the cost", "the agreement", "/formula"),
        (a.baseline, "The levels of service before the start", "each member's records", "/baseline"),
        (a.exit, "What leaving costs and how long it takes", "the agreement", "/exit"),
        (life.check_ins, "Check-ins planned and held", "the project lead", "/life/check_ins"),
        (life.pulses, pulse, "the facilitator", "/life/pulses"),
        (life.milestones, wins, "the project lead", "/life/milestones"),
    )
    return tuple(Lack(text, who, at) for known, text, who, at in missing if not known)


def _difference(case: Case, option: Option, agreement: Agreement) -> tuple[CostLine, ...]:
    """Return the line that brings the plan's joint cost to the latest closed year; none where no year is closed."""
    closed = [y for y in agreement.years if y.closed_on is not None]
    if not closed:
        return ()
    last = max(closed, key=lambda y: y.year)
    world = World(case, CentralDraws())
    if not world.first <= last.year <= world.last:
        return ()
    planned = float(recurring_joint_cost(option, case.members(option), world)[0, last.year - world.first])
    actual = sum(cents(x.actual) for x in last.lines if x.actual is not None and not x.capital) / 100
    amount = Money(
        value=round(actual - planned, 2), year=last.year, basis="fact", source=f"closed books of {last.year}"
    )
    name = f"What the joint service cost beyond the plan in {last.year}"
    return (
        CostLine(
            id=LINE,
            name=name,
            category="operating",
            scope="joint",
            behaviour=FixedCost(kind="fixed", amount=amount),
        ),
    )


def _measures(agreement: Agreement, organisation: str) -> dict[str, Measure]:
    """Return an organisation's drivers as last recorded, with the years before and every correction."""
    history: dict[str, dict[int, float]] = {}
    for y in sorted(agreement.years, key=lambda y: y.year):
        for driver, values in y.drivers.items():
            if organisation in values:
                history.setdefault(driver, {})[y.year] = values[organisation]
        for r in sorted(y.restatements, key=lambda r: (r.on, r.id)):
            if r.organisation == organisation:
                history.setdefault(r.driver, {})[y.year] = r.value
    return {
        driver: Measure(value=past[max(past)], year=max(past), history=past, basis="fact", source="the books of the agreement")
        for driver, past in history.items()
    }  # fmt: skip


def _levels(measures: Iterable[ServiceMeasure], agreement: Agreement) -> tuple[ServiceMeasure, ...]:
    """Return the service measures with what was last recorded as today's level."""
    now: dict[tuple[str, str], tuple[int, float]] = {}
    for r in agreement.records:
        if r.kind == "measure" and r.measure is not None and r.organisation is not None:
            key = (r.measure, r.organisation)
            now[key] = max(now.get(key, (0, 0.0)), (r.year, r.value))
    return tuple(
        m.model_copy(
            update={
                "baseline": m.baseline
                | {
                    p: Quantity(value=v, basis="fact", source=f"recorded in {y}")
                    for (k, p), (y, v) in now.items()
                    if k == m.id
                }
            }
        )
        for m in measures
    )


def _alive(case: Case, register: Register, agreement: Agreement) -> Case:
    """Return a case with the life of the partnership in it."""
    life, known = agreement.life, set(case.partner_ids)
    plan = case.plan or Plan(start=agreement.starts)
    reached = {m.id: m for m in (*plan.milestones, *life.milestones)}
    told: dict[str, date] = {}
    for t in sorted(life.told, key=lambda t: t.on, reverse=True):
        told[t.milestone] = t.on
    milestones = tuple(
        m.model_copy(update={"told_public_on": m.told_public_on or told.get(m.id)}) for m in reached.values()
    )
    record = EarlierAgreement(
        id=agreement.id,
        title=agreement.title,
        members=tuple(p for p in agreement.members() if p in known),
        since=agreement.starts.year,
        covers_this_service=True,
    )
    elections = tuple(
        Event(
            id=f"election_{e.organisation}_{e.on:%Y_%m_%d}",
            kind="election",
            on=e.on,
            partner=e.organisation,
            text=e.what,
        )
        for e in life.elections
        if e.organisation in known
    )
    return case.model_copy(
        update={
            "gate": "run",
            "as_of": register.as_of,
            "agreements": _merged(case.agreements, (record,)),
            "events": _merged(case.events, elections),
            "plan": plan.model_copy(update={"milestones": milestones, "rhythm_days": life.rhythm_days or plan.rhythm_days}),
            "check_ins": tuple(
                c.model_copy(update={"attended": tuple(p for p in c.attended if p in known)})
                for c in (*case.check_ins, *(c for c in life.check_ins if c not in case.check_ins))
            ),
            "actions": _of_members(_merged(case.actions, life.actions), known),
            "issues": tuple(
                i if i.raised_by in known else i.model_copy(update={"raised_by": None})
                for i in _merged(case.issues, life.issues)
            ),
            "disputes": _merged(case.disputes, life.disputes),
            "surveys": _merged(case.surveys, tuple(_of_partners(w, known) for w in life.pulses)),
            "key_posts": _of_members(_merged(case.key_posts, life.key_posts), known),
            "attempts": tuple(
                t.model_copy(update={"members": tuple(p for p in t.members if p in known)})
                for t in _merged(case.attempts, life.attempts)
            ),
        }
    )  # fmt: skip


def _merged(before: tuple[Any, ...], since: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return both, an entry of the running partnership in the place of one of the same id."""
    newer = {x.id: x for x in since}
    return (*(newer.pop(x.id, x) for x in before), *newer.values())


def _of_members(entries: tuple[Any, ...], known: set[str]) -> tuple[Any, ...]:
    return tuple(e for e in entries if e.partner is None or e.partner in known)


def _of_partners(wave: SurveyWave, known: set[str]) -> SurveyWave:
    """Return a wave in which no cell names a partner that has left; what its people said still counts."""
    left = {c.partner for c in wave.cells} - {*known, None}
    cells = (c.model_copy(update={"partner": None}) if c.partner in left else c for c in wave.cells)
    return wave.model_copy(update={"cells": tuple(cells)}) if left else wave


def _amount(value: Any, year: int | None, source: str) -> Money:
    return Money(value=float(value), year=year, basis="fact", source=source)


def _checked(case: Case, agreement: Agreement) -> Case:
    problems = [
        Problem(pointer(at), f"the case renewed from agreement {agreement.id}", found, expected, fix)
        for at, found, expected, fix in check(case)
    ]
    if problems:
        raise InputError(problems)
    return case
