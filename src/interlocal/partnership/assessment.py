"""What each member is assessed for a fiscal year, to the cent, with every step on the way.

A year's books are a small case: the members are its partners, the year's drivers their measures, the budget one joint
line for each part of the menu. So the rules, the band and the phase-in are those of :mod:`interlocal.sharing`, and
nothing about them is worked out a second time here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from interlocal.case.assumptions import Assumptions, DiscountRate, Escalator, Horizon
from interlocal.case.check_formulas import formula_findings
from interlocal.case.document import Case
from interlocal.case.formulas import Contract, Dues, Formula, GameBased, Given, Levy, Rule
from interlocal.case.options import CostLine, FixedCost, Option, Tier
from interlocal.case.partners import Measure, Partner
from interlocal.case.service import ServiceScope, Spending
from interlocal.case.values import Money, Quantity
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import first_day, presence, year_of
from interlocal.partnership.money import FiscalYear, cents, split
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import dues_bills
from interlocal.sharing.apportion import Bent, bend, bounds
from interlocal.sharing.bending import as_far_as_possible, bounds_problems
from interlocal.sharing.formulas import levy
from interlocal.sharing.in_words import Setting, rule_in_words
from interlocal.sharing.rules import base

Basis = Literal["budget", "actual"]
_FINE = 2**40
"""Parts are turned into whole numbers this fine, so that the last cent falls the same way on every machine."""


@dataclass(frozen=True)
class Step:
    """One step of the way to a bill: whom it concerns (all where None), in words, and what its bill is then."""

    organisation: str | None
    step: str
    text: str
    cents: int | None = None


@dataclass(frozen=True)
class Assessment:
    """A year's cost shared among its members, in whole cents; they add up exactly."""

    year: int
    basis: Basis
    total: int
    """What is to be shared."""
    gross: Mapping[str, int]
    """Each member's part; with ``uncovered`` they add up to ``total``."""
    uncovered: int
    """What dues or a levy at a fixed rate leave uncovered; below 0 where they raise more than the cost."""
    steps: tuple[Step, ...] = ()
    """Every step in words, where it was asked for."""


@dataclass(frozen=True)
class YearsFacts:
    """What a year's assessment rests on besides the agreement."""

    drivers: Mapping[int, Mapping[str, Mapping[str, float]]]
    """Value by year, driver and member, as known on the day of the assessment."""
    before: Mapping[str, int]
    """Each member's bill of the year before, as for a whole year [cents]; the highest rise counts from it."""
    names: Mapping[str, str]
    currency: str


def assess(
    agreement: Agreement, books: FiscalYear, facts: YearsFacts, basis: Basis = "budget", *, told: bool = False
) -> Assessment:
    """Share a year's budget, or its actual cost, by the agreement's formula.

    Parameters
    ----------
    facts
        Drivers, last year's bills and names.
    basis
        ``actual`` where the books are closed.
    told
        Whether every step is told in words, which takes as long as the working out.

    Raises
    ------
    InputError
        With everything the formula lacks: drivers nobody entered, parts that were not fixed at adoption.
    """
    return _Year(agreement, books, facts, basis, told=told).assessed()


class _Year:
    def __init__(
        self, agreement: Agreement, books: FiscalYear, facts: YearsFacts, basis: Basis, *, told: bool
    ) -> None:
        self.told = told
        self.agreement, self.books, self.facts, self.basis = agreement, books, facts, basis
        self.year = books.year
        self.present = presence(agreement, books.year)
        self.members = tuple(self.present)
        self.where = f"agreement {agreement.id}, fiscal year {books.year}"
        if not self.members:
            raise self._refused(
                "books", "no member in this year", "a member", "Check the dates of the parties."
            )
        if agreement.formula is None:
            fix = "Add formula: {rule: {kind: per_head}}."
            raise self._refused("formula", "no formula", "how the members share the cost", fix)
        self.formula: Formula = agreement.formula
        self.steps: list[Step] = []

    def assessed(self) -> Assessment:
        gross = dict.fromkeys(self.members, 0)
        uncovered = 0
        for (item, capital), amount in sorted(self._groups().items(), key=lambda g: (g[0][0] or "", g[0][1])):
            takers = self._takers(item)
            shared, left = self._shared(amount, takers, item, capital=capital)
            uncovered += left
            for p, part in zip(takers, shared, strict=True):
                gross[p] += part
        gross = self._held(gross)
        total = sum(gross.values()) + uncovered
        return Assessment(self.year, self.basis, total, gross, uncovered, tuple(self.steps))

    def _groups(self) -> dict[tuple[str | None, bool], int]:
        """Return what each part of the menu costs, capital apart where it has a rule of its own [cents]."""
        groups: dict[tuple[str | None, bool], int] = {}
        for line in self.books.lines:
            amount = line.actual if self.basis == "actual" and line.actual is not None else line.budget
            key = (line.item, line.capital and self.formula.capital_rule is not None)
            groups[key] = groups.get(key, 0) + cents(amount)
        return groups

    def _takers(self, item: str | None) -> tuple[str, ...]:
        if item is None:
            return self.members
        taking = {p.organisation for p in self.agreement.parties if item in p.takes}
        takers = tuple(p for p in self.members if p in taking)
        if not takers:
            found = f"a cost of {item} that no member of this year takes"
            raise self._refused(
                "lines", found, "a member that takes it", "Move the cost, or enter who takes it."
            )
        return takers

    def _shared(
        self, amount: int, takers: Sequence[str], item: str | None, *, capital: bool
    ) -> tuple[tuple[int, ...], int]:
        """Share one part of the budget; return each taker's part and what a fixed rate leaves uncovered [cents]."""
        case, option = self._case(amount, takers, capital=capital)
        what = " ".join(
            filter(None, (f"for {item.replace('_', ' ')}" if item else "", "(capital)" if capital else ""))
        )
        said = "the budget" if self.basis == "budget" else "the actual cost"
        self._say(
            None,
            "cost",
            f"{len(takers)} members share {said} {what}".strip() + f": {self._money(amount)}.",
            amount,
        )
        if amount == 0:
            return (0,) * len(takers), 0
        world = World(case, CentralDraws())
        bent = bend(option, takers, world)
        raised = self._raised(option, takers, world)
        billed = amount if raised is None else raised
        if raised is not None:
            text = f"The rates raise {self._money(raised)}; {self._money(amount - raised)} of the cost is left to other income or the reserve."
            self._say(None, "rule", text, raised)
        parts = split(billed, _whole(bent.phased[:, 0, 0]))
        if self.told:
            self._tell(option, world, takers, bent, billed)
        return parts, amount - billed

    def _tell(self, option: Option, world: World, takers: Sequence[str], bent: Bent, billed: int) -> None:
        assert option.formula is not None
        words = rule_in_words(option.formula.rule, Setting(option, tuple(takers), world, self.year))
        stages = (("rule", bent.by_rule), ("band", bent.banded), ("phase_in", bent.phased))
        before: tuple[int, ...] | None = None
        for step, shares in stages:
            now = split(billed, _whole(shares[:, 0, 0]))
            if step == "rule":
                for p in takers:
                    for text in words[p]:
                        self._say(p, step, text)
            if now != before:
                for p, share, amount in zip(takers, shares[:, 0, 0].tolist(), now, strict=True):
                    label = {
                        "rule": "",
                        "band": " after the fairness band",
                        "phase_in": " at this point of the phase-in",
                    }[step]
                    text = f"{self._name(p)}{label}: {100 * share:.4g} % of {self._money(billed)} is {self._money(amount)}."
                    self._say(p, step, text, amount)
            before = now

    def _held(self, gross: dict[str, int]) -> dict[str, int]:
        """Hold the bills within floors, caps and the highest rise; their sum stays."""
        rise = self.formula.phase_in.cap_per_year if self.formula.phase_in else None
        if not self.formula.floors and not self.formula.caps and rise is None:
            return gross
        case, option = self._case(sum(gross.values()), self.members, capital=False)
        limits = self.formula.model_copy(
            update={
                side: {p: m for p, m in getattr(self.formula, side).items() if p in self.present}
                for side in ("floors", "caps")
            }
        )
        low, high = (
            100 * x[:, 0, 0] for x in bounds(limits, option, self.members, World(case, CentralDraws()))
        )
        part = np.array([float(f) for f in self.present.values()])
        low, high = low * part, high * part
        if rise is not None:
            reach = [self.facts.before.get(p, np.inf) * (1 + rise) for p in self.members]
            high = np.maximum(np.minimum(high, np.array(reach) * part), low)
        bills = np.array([float(gross[p]) for p in self.members])
        for problem in bounds_problems(bills.sum() / 100, low / 100, high / 100, self.members):
            self._say(
                None,
                "floors_and_caps",
                f"{problem.found[0].upper()}{problem.found[1:]}: all bounds give way in proportion.",
            )
        held = split(sum(gross.values()), _whole(as_far_as_possible(bills, low, high)))
        for p, now in zip(self.members, held, strict=True):
            if abs(now - gross[p]) > 1:
                text = f"{self._name(p)}: floors, caps and the highest rise turn {self._money(gross[p])} into {self._money(now)}."
                self._say(p, "floors_and_caps", text, now)
        return dict(zip(self.members, held, strict=True))

    def _raised(self, option: Option, takers: Sequence[str], world: World) -> int | None:
        """Return what dues or a levy at a fixed rate raise [cents]; None where the rule covers the cost."""
        assert option.formula is not None
        match option.formula.rule:
            case Dues(scale_to_cost=False) as rule:
                return round(100 * float(np.sum(dues_bills(rule, option, takers, world)[:, 0, 0])))
            case Levy(measure=measure, mills=float(mills)):
                values = base(measure, None, option, takers, world)[:, 0, 0]
                return round(100 * float(np.sum(levy(values, mills))))
            case _:
                return None

    def _case(self, amount: int, takers: Sequence[str], *, capital: bool) -> tuple[Case, Option]:
        starts = year_of(self.agreement, self.agreement.starts)
        money = Money(value=amount / 100, year=self.year)
        option = Option(
            id="agreement",
            name=self.agreement.title,
            kind="shared",
            lead=self.agreement.lead if self.agreement.lead in takers else None,
            starts=min(starts, self.year),
            tiers={p: Tier(share=float(self._taken(p))) for p in takers},
            lines=(
                CostLine(
                    id="cost",
                    category="operating",
                    scope="joint",
                    behaviour=FixedCost(kind="fixed", amount=money),
                ),
            ),
            formula=self._formula(takers, starts, capital=capital),
        )
        rate = Quantity(value=self._growth(starts))
        case = Case(
            format=1,
            title=self.agreement.title,
            as_of=first_day(self.agreement, self.year),
            currency=self.facts.currency,
            service=ServiceScope(id=self.agreement.service or "other"),
            partners=tuple(self._partner(p) for p in takers),
            assumptions=Assumptions(
                horizon=Horizon(first=self.year, last=self.year),
                price_year=min(starts, self.year),
                discount=DiscountRate(
                    rate=Quantity(value=0.0), prices="nominal", year=self.year, source="not used"
                ),
                escalators=(Escalator(id="agreed", rate=rate, year=starts, source="the agreement"),),
            ),
            options=(option,),
            spending=tuple(
                Spending(partner=p, year=self.year, amount=Money(value=float(b), year=self.year))
                for p, b in self.agreement.before.items()
                if p in takers
            ),
        )
        assert option.formula is not None
        lacking = [
            self._refused(
                "formula/" + "/".join(map(str, at)),
                found,
                expected,
                fix.replace("their measures", "this year's drivers"),
            )
            for at, found, expected, fix in formula_findings(case, option, option.formula, ())
        ]
        if lacking:
            raise InputError([p for error in lacking for p in error.problems])
        return case, option

    def _taken(self, organisation: str) -> Fraction:
        """Return the part of the service a member takes: its tier, for the days it was in."""
        tiers = [p.tier for p in self.agreement.parties if p.organisation == organisation]
        return Fraction(tiers[-1]).limit_denominator(10**6) * self.present[organisation]

    def _partner(self, organisation: str) -> Partner:
        measures = {}
        for driver, values in self.books.drivers.items():
            if organisation in values:
                past = {
                    y: known[driver][organisation]
                    for y, known in sorted(self.facts.drivers.items())
                    if y <= self.year and organisation in known.get(driver, {})
                }
                measures[driver] = Measure(value=past[self.year], year=self.year, history=past)
        return Partner(id=organisation, name=self._name(organisation), measures=measures)

    def _formula(self, takers: Sequence[str], starts: int, *, capital: bool) -> Formula:
        """Return the rule, band and phase-in for the takers of one part of the budget."""
        f = self.formula
        rule = self._rule(f.capital_rule if capital and f.capital_rule else f.rule, takers)
        if capital:
            return Formula(rule=rule)
        band = (
            f.band.model_copy(update={"reference": self._rule(f.band.reference, takers)}) if f.band else None
        )
        phase_in = None
        if f.phase_in is not None and self.year < starts + f.phase_in.years - 1:
            phase_in = f.phase_in.model_copy(update={"cap_per_year": None})
            lacking = [p for p in takers if p not in self.agreement.before]
            if phase_in.start_from == "today" and lacking:
                found = f"a phase-in from what was paid before, and no such amount for {', '.join(lacking)}"
                raise self._refused(
                    "before", found, "what each member paid before", "Add it, or start from equal parts."
                )
        return Formula(rule=rule, band=band, phase_in=phase_in)

    def _rule(self, rule: Rule, takers: Sequence[str]) -> Rule:
        """Return a rule as it stands for the takers of this year."""
        if isinstance(rule, GameBased):
            if not self.agreement.frozen_parts:
                found = f"the rule {rule.kind.replace('_', ' ')}, and no parts fixed at adoption"
                fix = "Add the parts that the study worked out; the books alone do not know what groups would cost."
                raise self._refused("frozen_parts", found, "frozen_parts: each party's part", fix)
            return self._given(self.agreement.frozen_parts, takers)
        if isinstance(rule, Given):
            return self._given(rule.shares, takers)
        if isinstance(rule, Dues):
            return rule.model_copy(
                update={"role_discounts": {p: d for p, d in rule.role_discounts.items() if p in takers}}
            )
        if isinstance(rule, Contract):
            return rule.model_copy(
                update={
                    "amounts": {
                        p: Money(value=m.central * float(self.present[p]), year=m.year)
                        for p, m in rule.amounts.items()
                        if p in takers
                    }
                }
            )
        return rule

    def _given(self, shares: Mapping[str, float], takers: Sequence[str]) -> Given:
        weights = {p: shares.get(p, 0.0) * float(self.present[p]) for p in takers}
        whole = sum(weights.values())
        if whole <= 0:
            found = f"no part for {', '.join(takers)}"
            raise self._refused(
                "formula", found, "a part for at least one of them", "Agree on parts and enter them."
            )
        return Given(kind="given", shares={p: w / whole for p, w in weights.items()})

    def _growth(self, starts: int) -> float:
        """Return the yearly growth of amounts written in the agreement, by its rate or its recorded index."""
        escalator = self.agreement.escalator
        if escalator is None:
            return 0.0
        if escalator.rate is not None:
            return escalator.rate
        index = {
            r.year: r.value
            for r in self.agreement.records
            if r.kind == "price_index" and starts <= r.year <= self.year
        }
        if starts not in index or self.year not in index:
            if self.year > starts:
                text = f"Amounts follow {escalator.index or 'an index'}; it is not recorded for {starts} and {self.year}, so they stand as written."
                self._say(None, "escalator", text)
            return 0.0
        return (
            float((index[self.year] / index[starts]) ** (1 / (self.year - starts)) - 1)
            if self.year > starts
            else 0.0
        )

    def _name(self, organisation: str) -> str:
        return self.facts.names.get(organisation, organisation)

    def _money(self, amount: int) -> str:
        return f"{amount / 100:,.2f} {self.facts.currency}"

    def _say(self, organisation: str | None, step: str, text: str, amount: int | None = None) -> None:
        said = Step(organisation, step, text, amount)
        # The escalator is met once for each part of the menu.
        if self.told and (step != "escalator" or said not in self.steps):
            self.steps.append(said)

    def _refused(self, at: str, found: str, expected: str, fix: str) -> InputError:
        return InputError(Problem(f"/agreements/{self.agreement.id}/{at}", self.where, found, expected, fix))


def _whole(parts: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[int, ...]:
    """Return weights as whole numbers, fine enough that no cent is lost."""
    largest = float(np.max(np.abs(parts))) or 1.0
    return tuple(round(float(x) / largest * _FINE) for x in parts)
