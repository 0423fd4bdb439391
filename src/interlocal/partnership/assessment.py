"""What each member is assessed for a fiscal year, to the cent, with every step on the way.

A year's books are a small case: the members are its partners, the year's drivers their measures, the budget one joint
line for each part of the menu. So the rules, the band and the phase-in are those of :mod:`interlocal.sharing`, and
nothing about them is worked out a second time here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from interlocal.case.formulas import Dues, Levy
from interlocal.case.options import Option
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.money import FiscalYear, cents, split
from interlocal.partnership.year_as_case import YearAsCase, YearsFacts
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
        self.told, self.basis, self.facts = told, basis, facts
        self.agreement, self.books, self.year = agreement, books, books.year
        self.case = YearAsCase(agreement, books, facts)
        self.present, self.members, self.formula = self.case.present, self.case.members, self.case.formula
        self.steps: list[Step] = []

    def assessed(self) -> Assessment:
        gross = dict.fromkeys(self.members, 0)
        uncovered = 0
        if self.case.growth_lacking:
            self._say(None, "escalator", self.case.growth_lacking)
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
            raise self.case.refused(
                "lines", found, "a member that takes it", "Move the cost, or enter who takes it."
            )
        return takers

    def _shared(
        self, amount: int, takers: Sequence[str], item: str | None, *, capital: bool
    ) -> tuple[tuple[int, ...], int]:
        """Share one part of the budget; return each taker's part and what a fixed rate leaves uncovered [cents]."""
        case, option = self.case.of(amount, takers, capital=capital)
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
                    text = f"{self.case.name(p)}{label}: {100 * share:.4g} % of {self._money(billed)} is {self._money(amount)}."
                    self._say(p, step, text, amount)
            before = now

    def _held(self, gross: dict[str, int]) -> dict[str, int]:
        """Hold the bills within floors, caps and the highest rise; their sum stays."""
        rise = self.formula.phase_in.cap_per_year if self.formula.phase_in else None
        bounded = self.formula.floors or self.formula.caps or rise is not None
        if not bounded or not sum(gross.values()):
            return gross
        case, option = self.case.of(sum(gross.values()), self.members, capital=False)
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
                text = f"{self.case.name(p)}: floors, caps and the highest rise turn {self._money(gross[p])} into {self._money(now)}."
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

    def _money(self, amount: int) -> str:
        return f"{amount / 100:,.2f} {self.facts.currency}"

    def _say(self, organisation: str | None, step: str, text: str, amount: int | None = None) -> None:
        if self.told:
            self.steps.append(Step(organisation, step, text, amount))


def _whole(parts: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[int, ...]:
    """Return weights as whole numbers, fine enough that no cent is lost."""
    largest = float(np.max(np.abs(parts))) or 1.0
    return tuple(round(float(x) / largest * _FINE) for x in parts)
