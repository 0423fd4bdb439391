"""The parts of the cost by each rule a case can name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interlocal.case.check_formulas import rule_findings
from interlocal.case.document import Case
from interlocal.case.formulas import (
    ByUsage,
    ByValue,
    Contract,
    Dues,
    Equal,
    GameBased,
    Given,
    Hybrid,
    Levy,
    PerHead,
    Rule,
    TwoPart,
)
from interlocal.case.options import Option
from interlocal.costs.world import Array, World
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import (
    averaged,
    contract_prices,
    driver,
    dues_bills,
    each,
    pointer,
    recurring_joint_cost,
    taken,
)
from interlocal.sharing.case_game import parts_by_game
from interlocal.sharing.formulas import contract, hybrid, proportional, two_part


def parts_by_rule(rule: Rule, option: Option, members: Sequence[str], world: World) -> Array:
    """Return the parts of the members by a rule: ``(members, draws or 1, years)``; they sum to 1.

    Raises
    ------
    InputError
        Where the rule lacks what it needs.
    """
    if problems := rule_problems(rule, option, world.case):
        raise InputError(problems)
    match rule:
        case Hybrid(weights=weights):
            parts = hybrid({m: base(m, None, option, members, world) for m in weights}, weights)
        case TwoPart(readiness_share=share, readiness_by=standing, use_by=use, years=years):
            parts = two_part(
                share,
                base(standing, None, option, members, world),
                base(use, years, option, members, world),
            )
        case Contract():
            parts = _by_contract(rule, option, members, world)
        case Dues():
            parts = proportional(dues_bills(rule, option, members, world), "dues")
        case Given(shares=given):
            parts = proportional(
                each(members, lambda p: np.full((1, 1), given.get(p, 0.0)), world), "given shares"
            )
        case GameBased(kind=kind):
            parts = each(members, parts_by_game(kind, option, members, world.case).__getitem__, world)
        case _:
            measure, years_or_none = single_driver(rule)
            parts = proportional(base(measure, years_or_none, option, members, world), measure)
    return parts


def single_driver(rule: Equal | PerHead | ByValue | ByUsage | Levy) -> tuple[str, int | None]:
    """Return the measure a rule goes by, and the years in its average; a levy of any rate goes by value."""
    if isinstance(rule, Equal):
        return "equal", None
    return rule.measure, rule.years if isinstance(rule, ByUsage) else None


def base(measure: str, years: int | None, option: Option, members: Sequence[str], world: World) -> Array:
    """Return what each member is charged by: its measure × the share of the service it takes.

    Parameters
    ----------
    measure
        A measure, or ``equal`` for the same for each.
    years
        Years in the average of use; the measure as it stands where None.
    """

    def amount(p: str) -> Array:
        raw = driver(p, measure, world) if years is None else averaged(p, measure, years, world)
        # A draw from a wide spread can fall below 0, which no count or value does.
        return taken(option, p) * np.maximum(raw, 0)

    return each(members, amount, world)


def _by_contract(rule: Contract, option: Option, members: Sequence[str], world: World) -> Array:
    if option.lead is None or option.lead not in members:
        # The lead has left: there is nobody to pay, and those who stay share by the measure they bought in.
        return parts_by_rule(PerHead(kind="per_head", measure=rule.by), option, members, world)
    cost = recurring_joint_cost(option, members, world)
    prices = contract_prices(rule, option, members, world)
    bills = contract(prices, list(members).index(option.lead), cost)
    nothing_to_share = np.full(np.broadcast_shapes(bills.shape, cost.shape), 1 / len(members))
    parts: Array = np.divide(bills, cost, out=nothing_to_share, where=cost != 0)
    return parts


def rule_problems(rule: Rule, option: Option, case: Case) -> list[Problem]:
    """Return what a rule lacks in this option."""
    at, where = f"{pointer(option, case)}/formula/rule", f"option {option.id}, formula"
    return [
        Problem(at + "".join(f"/{step}" for step in path), where, found, expected, fix)
        for path, found, expected, fix in rule_findings(case, option, rule, ())
    ]
