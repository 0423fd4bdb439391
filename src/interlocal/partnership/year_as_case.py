"""A fiscal year's books as a small case: the members are its partners, the year's drivers their measures.

The budget, or a part of it, is one joint line; the formula stands as it is for those who take that part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from interlocal.case.assumptions import Assumptions, DiscountRate, Escalator, Horizon
from interlocal.case.check_formulas import formula_findings
from interlocal.case.document import Case
from interlocal.case.formulas import Contract, Dues, Formula, GameBased, Given, Rule
from interlocal.case.options import CostLine, FixedCost, Option, Tier
from interlocal.case.partners import Measure, Partner
from interlocal.case.service import ServiceScope, Spending
from interlocal.case.values import Money, Quantity
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import first_day, presence, year_of
from interlocal.partnership.money import FiscalYear
from interlocal.problems import InputError, Problem


@dataclass(frozen=True)
class YearsFacts:
    """What a year's assessment rests on besides the agreement."""

    drivers: Mapping[int, Mapping[str, Mapping[str, float]]]
    """Value by year, driver and member, as known on the day of the assessment."""
    before: Mapping[str, int]
    """Each member's bill of the year before, as for a whole year [cents]; the highest rise counts from it."""
    names: Mapping[str, str]
    currency: str


class YearAsCase:
    """Turns a year's books into cases, one for each part of the budget.

    Raises
    ------
    InputError
        Where the year has no member or the agreement no formula.
    """

    def __init__(self, agreement: Agreement, books: FiscalYear, facts: YearsFacts) -> None:
        self.agreement, self.books, self.facts = agreement, books, facts
        self.year = books.year
        self.present = presence(agreement, books.year)
        """The part of the year that each member was in."""
        self.members = tuple(self.present)
        if not self.members:
            raise self.refused(
                "books", "no member in this year", "a member", "Check the dates of the parties."
            )
        if agreement.formula is None:
            fix = "Add formula: {rule: {kind: per_head}}."
            raise self.refused("formula", "no formula", "how the members share the cost", fix)
        self.formula: Formula = agreement.formula
        self.starts = year_of(agreement, agreement.starts)
        self.growth, self.growth_lacking = self._growth()
        """Yearly growth of amounts written in the agreement; what is not known of it, in words."""

    def of(self, amount: int, takers: Sequence[str], *, capital: bool) -> tuple[Case, Option]:
        """Return the case of an amount [cents] that some members share, and its option.

        Raises
        ------
        InputError
            With everything the formula lacks: drivers nobody entered, parts that were not fixed at adoption.
        """
        starts = self.starts
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
            formula=self._formula(takers, capital=capital),
        )
        rate = Quantity(value=self.growth)
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
            self.refused(
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
        return Partner(id=organisation, name=self.name(organisation), measures=measures)

    def _formula(self, takers: Sequence[str], *, capital: bool) -> Formula:
        """Return the rule, band and phase-in for the takers of one part of the budget."""
        f = self.formula
        rule = self._rule(f.capital_rule if capital and f.capital_rule else f.rule, takers)
        if capital:
            return Formula(rule=rule)
        band = (
            f.band.model_copy(update={"reference": self._rule(f.band.reference, takers)}) if f.band else None
        )
        phase_in = None
        if f.phase_in is not None and self.year < self.starts + f.phase_in.years - 1:
            phase_in = f.phase_in.model_copy(update={"cap_per_year": None})
            lacking = [p for p in takers if p not in self.agreement.before]
            if phase_in.start_from == "today" and lacking:
                found = f"a phase-in from what was paid before, and no such amount for {', '.join(lacking)}"
                raise self.refused(
                    "before", found, "what each member paid before", "Add it, or start from equal parts."
                )
        return Formula(rule=rule, band=band, phase_in=phase_in)

    def _rule(self, rule: Rule, takers: Sequence[str]) -> Rule:
        """Return a rule as it stands for the takers of this year."""
        if isinstance(rule, GameBased):
            if not self.agreement.frozen_parts:
                found = f"the rule {rule.kind.replace('_', ' ')}, and no parts fixed at adoption"
                fix = "Add the parts that the study worked out; the books alone do not know what groups would cost."
                raise self.refused("frozen_parts", found, "frozen_parts: each party's part", fix)
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
            raise self.refused(
                "formula", found, "a part for at least one of them", "Agree on parts and enter them."
            )
        return Given(kind="given", shares={p: w / whole for p, w in weights.items()})

    def _growth(self) -> tuple[float, str | None]:
        """Return the growth by the agreement's rate or its recorded index, and what is lacking, in words."""
        escalator, starts = self.agreement.escalator, self.starts
        if escalator is None or (escalator.rate is None and self.year <= starts):
            return 0.0, None
        if escalator.rate is not None:
            return escalator.rate, None
        index = {
            r.year: r.value
            for r in self.agreement.records
            if r.kind == "price_index" and starts <= r.year <= self.year
        }
        if starts not in index or self.year not in index:
            text = f"Amounts follow {escalator.index or 'an index'}; it is not recorded for {starts} and {self.year}, so they stand as written."
            return 0.0, text
        return float((index[self.year] / index[starts]) ** (1 / (self.year - starts)) - 1), None

    def name(self, organisation: str) -> str:
        """Return a member's name."""
        return self.facts.names.get(organisation, organisation)

    def refused(self, at: str, found: str, expected: str, fix: str) -> InputError:
        """Return what is wrong with a place of the agreement."""
        where = f"agreement {self.agreement.id}, fiscal year {self.year}"
        return InputError(Problem(f"/agreements/{self.agreement.id}/{at}", where, found, expected, fix))
