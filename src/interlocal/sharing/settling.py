"""The year-end true-up of a case: its formula worked out again with a year's actual cost and use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import CostLine, FixedCost, Option
from interlocal.case.partners import Measure
from interlocal.case.values import Money
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.problems import InputError, Problem, nearest
from interlocal.sharing.amounts import recurring_joint_cost
from interlocal.sharing.apportion import bend
from interlocal.sharing.bending import true_up
from interlocal.sharing.explain import Line
from interlocal.sharing.formulas import whole_cents
from interlocal.sharing.in_words import Setting, percent, rule_in_words

BEYOND_PLAN = "beyond_plan"
"""The line that stands for the difference between a year's actual cost and the plan."""


def settle(
    option: Option,
    case: Case,
    *,
    year: int,
    cost: float,
    use: Mapping[str, Mapping[str, float]] | None = None,
    billed: Mapping[str, float] | None = None,
) -> list[Line]:
    """Settle a year's bills for the joint cost against its actual cost and use, line by line.

    Parameters
    ----------
    option, case
        The option whose formula is worked out again, with its case.
    year
        The year that has ended.
    cost
        What the shared service came to in that year [currency].
    use
        Actual measures by partner and name, each in the measure's unit; the rest stays as the case has it.
    billed
        What each member was billed for the joint cost [currency]; by the plan at the medians where None.

    Returns
    -------
    Lines of the steps ``cost``, ``rule``, ``true_up`` and ``total``. The amount of a member's ``true_up`` is what it
    still owes (above 0) or gets back (below 0), in whole cents; these add up to the cost less what was billed.

    Raises
    ------
    InputError
        With everything that does not fit: a year outside the study, a stranger, an unknown measure, a formula that
        settles nothing.
    """
    members = case.members(option)
    if problems := _problems(option, case, year, cost, use or {}, billed):
        raise InputError(problems)
    planned = World(case, CentralDraws())
    at = year - planned.first
    if billed is None:
        by_plan = bend(option, members, planned)
        paid = whole_cents(by_plan.parts[:, 0, at] * by_plan.cost[0, at])
    else:
        paid = np.array([billed.get(p, 0.0) for p in members])
    known = _with_use(case, use or {}, year)
    changed = _with_cost(option, known, year, cost)
    world = World(known, CentralDraws())
    s = Setting(changed, members, world, year)
    bent = bend(changed, members, world)
    parts = bent.parts[:, 0, at]
    settled = true_up(paid, cost, parts)
    due = whole_cents(settled.due)
    owed = np.round(due - paid, 2)
    words = rule_in_words(changed.formula.rule, s) if changed.formula else {}
    total = f"The year cost {s.money(cost)}; {s.money(float(paid.sum()))} was billed."
    lines = [Line(None, "cost", total, cost)]
    for i, p in enumerate(members):
        lines += [Line(p, "rule", text) for text in words.get(p, ())]
        bends = "" if np.isclose(parts[i], bent.by_rule[i, 0, at]) else ", after all that bends the formula,"
        lines.append(
            Line(
                p,
                "rule",
                f"{s.name(p)}: {percent(parts[i])} of {s.money(cost)}{bends} is {s.money(due[i])}.",
                float(due[i]),
            )
        )
        says = "has paid what it owes" if owed[i] == 0 else f"{'still owes' if owed[i] > 0 else 'gets back'} "
        says += "" if owed[i] == 0 else s.money(abs(float(owed[i])))
        sum_ = f"{s.money(due[i])} − {s.money(float(paid[i]))} = {s.money(float(owed[i]))}"
        lines.append(Line(p, "true_up", f"{s.name(p)}: {sum_}; it {says}.", float(owed[i])))
    left = round(float(owed.sum()), 2)
    return [*lines, Line(None, "total", f"All settlements together are {s.money(left)}.", left)]


def _problems(
    option: Option,
    case: Case,
    year: int,
    cost: float,
    use: Mapping[str, Mapping[str, float]],
    billed: Mapping[str, float] | None,
) -> list[Problem]:
    members = case.members(option)
    where = f"the settlement of {year}"
    world = World(case, CentralDraws())
    found: list[tuple[str, str, str, str]] = []
    if option.formula is None or option.formula.true_up == "none":
        found.append(
            (
                "",
                "a formula that settles nothing at year end",
                "true_up: year_end",
                "Add true_up: year_end to the option's formula, if the partners agreed to it.",
            )
        )
    if not world.first <= year <= world.last:
        found.append(
            ("/year", str(year), f"a year from {world.first} to {world.last}", "Name a year of the study.")
        )
    if not (np.isfinite(cost) and cost > 0):
        found.append(("/cost", f"{cost:,.2f}", "a cost above 0", "Correct the cost."))
    for name, given in (("use", use), ("billed", billed or {})):
        found += [
            (
                f"/{name}/{p}",
                f"{p}, which is not a member of the option",
                f"one of {', '.join(members)}",
                "Correct or remove it.",
            )
            for p in given
            if p not in members
        ]
    found += [
        (f"/billed/{p}", f"no bill for {p}", "what each member was billed", "Add it; 0 if it paid nothing.")
        for p in members
        if billed is not None and p not in billed
    ]
    for p, measures in use.items():
        if p not in members:
            continue
        own = case.partner(p).measures
        for name, value in measures.items():
            if name not in own:
                like = nearest(name, own)
                fix = f"Did you mean {like}?" if like else "Correct or remove it."
                found.append((f"/use/{p}/{name}", name, f"one of {', '.join(own)}", fix))
            elif not (np.isfinite(value) and value >= 0):
                found.append((f"/use/{p}/{name}", f"{value:g}", "a number of 0 or more", "Correct it."))
    return [Problem(path, where, what, expected, fix) for path, what, expected, fix in found]


def _with_use(case: Case, use: Mapping[str, Mapping[str, float]], year: int) -> Case:
    """Return the case with what was used in a year in place of what was expected; the year joins the record."""
    partners = []
    for partner in case.partners:
        measures = dict(partner.measures)
        for name, value in use.get(partner.id, {}).items():
            planned = measures[name]
            record = planned.history | {year: value} if planned.history else planned.history
            measures[name] = Measure(value=value, year=year, growth=planned.growth, history=record)
        partners.append(partner.model_copy(update={"measures": measures}))
    return case.model_copy(update={"partners": tuple(partners)})


def _with_cost(option: Option, case: Case, year: int, cost: float) -> Option:
    """Return the option with one more line: what the year cost beyond the plan, or a credit where it cost less."""
    world = World(case, CentralDraws())
    planned = float(recurring_joint_cost(option, case.members(option), world)[0, year - world.first])
    beyond = cost - planned
    if beyond == 0:
        return option
    line = CostLine(
        id=BEYOND_PLAN,
        category="operating" if beyond > 0 else "revenue",
        behaviour=FixedCost(kind="fixed", amount=Money(value=abs(beyond), year=year)),
        start=year,
        end=year,
    )
    return option.model_copy(update={"lines": (*option.lines, line)})
