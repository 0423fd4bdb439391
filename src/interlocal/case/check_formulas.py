"""What must hold between a formula, the costs on their own, and the option they belong to.

Each rule yields ``(location, found, expected, fix)``, as in :mod:`interlocal.case.check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlocal.case.document import Case
from interlocal.case.formulas import (
    ByUsage,
    ByValue,
    Contract,
    Dues,
    DuesClass,
    Formula,
    Given,
    Hybrid,
    Levy,
    PerHead,
    Rule,
    TwoPart,
)
from interlocal.case.options import Option
from interlocal.case.stand_alone import FromCurve, FromTable
from interlocal.case.values import Money
from interlocal.case.walk import Location

Finding = tuple[Location, str, str, str]


def check_sharing(case: Case) -> Iterator[Finding]:
    """Yield everything in formulas and costs on their own that does not fit their option."""
    for o, option in enumerate(case.options):
        at: Location = ("options", o)
        if option.formula is not None:
            yield from formula_findings(case, option, option.formula, (*at, "formula"), strangers=False)
        elif option.kind == "shared" and any(x.payer is None for x in option.lines):
            yield (
                (*at, "formula"),
                "no formula",
                "how the members share the joint cost",
                "Add formula: {rule: {kind: per_head}}.",
            )
        yield from _stand_alone(case, option, (*at, "stand_alone"))


def formula_findings(
    case: Case, option: Option, formula: Formula, at: Location, *, strangers: bool = True
) -> Iterator[Finding]:
    """Yield what keeps a formula from working in an option, as far as no cost is needed to tell.

    Parameters
    ----------
    strangers
        Also name those who are no partners of the case; the check of a case's references does that already.
    """
    members = case.members(option)
    rules: list[tuple[Location, Rule]] = [((*at, "rule"), formula.rule)]
    if formula.capital_rule is not None:
        rules.append(((*at, "capital_rule"), formula.capital_rule))
    if formula.band is not None:
        rules.append(((*at, "band", "reference"), formula.band.reference))
    for where, rule in rules:
        yield from rule_findings(case, option, rule, where)
    named: list[tuple[Location, str]] = [
        *(((*at, "floors", p), p) for p in formula.floors),
        *(((*at, "caps", p), p) for p in formula.caps),
        *(((*at, "in_kind", i, "partner"), gift.partner) for i, gift in enumerate(formula.in_kind)),
        *(((*at, "buy_in", i, "partner"), entry.partner) for i, entry in enumerate(formula.buy_in)),
    ]
    for rule_at, rule in rules:
        if isinstance(rule, Given):
            named += [((*rule_at, "shares", p), p) for p in rule.shares]
        if isinstance(rule, Dues):
            named += [((*rule_at, "role_discounts", p), p) for p in rule.role_discounts]
    yield from _below_zero(formula, rules, at)
    for where, p in named:
        if p not in members and (strangers or p in case.partner_ids):
            yield (
                where,
                f"{p}, which is not a member of the option",
                f"one of {', '.join(members)}",
                "Correct or remove it.",
            )


def _below_zero(formula: Formula, rules: Sequence[tuple[Location, Rule]], at: Location) -> Iterator[Finding]:
    amounts: list[tuple[Location, Money]] = [
        *(((*at, "floors", p), x) for p, x in formula.floors.items()),
        *(((*at, "caps", p), x) for p, x in formula.caps.items()),
        *(((*at, "in_kind", i, "value"), gift.value) for i, gift in enumerate(formula.in_kind)),
        *(((*at, "buy_in", i, "amount"), entry.amount) for i, entry in enumerate(formula.buy_in)),
    ]
    for where, rule in rules:
        if isinstance(rule, Contract):
            amounts += [((*where, "amounts", p), x) for p, x in rule.amounts.items()]
            amounts += [((*where, "unit_price"), rule.unit_price)] if rule.unit_price else []
    for where, amount in amounts:
        if least := min((x for x in amount.numbers() if x < 0), default=None):
            yield where, f"{least:,.2f}", "an amount of 0 or more", "Write it without the minus."


def rule_findings(case: Case, option: Option, rule: Rule, at: Location) -> Iterator[Finding]:
    """Yield what a rule lacks in an option."""
    members = case.members(option)
    match rule:
        case Hybrid(weights=weights):
            yield from _sum_to_one(weights, "weights", at)
            if rule.sums_raw_units:
                yield raw_sum((*at, "sums_raw_units"), list(weights))
        case Given(shares=given):
            yield from _sum_to_one(given, "shares", at)
        case Contract():
            yield from _contract(rule, option, members, at)
        case Dues():
            yield from schedule_findings(rule.classes, (*at, "classes"))
        case _:
            pass
    for measure in _measures(rule):
        lacking = [p for p in members if measure not in case.partner(p).measures]
        if lacking:
            yield (
                at,
                f"the measure {measure}, which {', '.join(lacking)} {'lacks' if len(lacking) == 1 else 'lack'}",
                f"a measure that each member has{_such_as(case, members)}",
                "Add it to their measures, or choose another formula.",
            )


def _such_as(case: Case, members: Sequence[str]) -> str:
    shared = [
        m for m in case.partner(members[0]).measures if all(m in case.partner(p).measures for p in members)
    ]
    return f": {', '.join(shared)}" if shared else ""


def _measures(rule: Rule) -> list[str]:
    match rule:
        case Hybrid(weights=weights):
            return [m for m in weights if m != "equal"]
        case TwoPart(readiness_by=ready, use_by=use):
            return [m for m in (ready, use) if m != "equal"]
        case Contract(by=by):
            return [by]
        case PerHead(measure=measure) | ByValue(measure=measure) | ByUsage(measure=measure):
            return [measure]
        case Dues(measure=measure) | Levy(measure=measure):
            return [measure]
        case _:
            return []


def _sum_to_one(numbers: dict[str, float], word: str, at: Location) -> Iterator[Finding]:
    total = sum(numbers.values())
    if abs(total - 1) > 1e-6:
        yield (
            (*at, word),
            f"{word} that sum to {total:.4g}",
            "a sum of 1 (100 %)",
            "Correct them so that they sum to 1.",
        )


def raw_sum(at: Location, drivers: Sequence[str]) -> Finding:
    """Return why a formula that adds unlike units (calls + heads / 100 + value / 1,000,000) is refused."""
    return (
        at,
        f"a sum of unlike units ({' + '.join(drivers)})",
        "a weight for each driver",
        (
            "In such a sum the units set the weights and nobody decides them: counting in thousands or adding a year of "
            "inflation would change who pays. Give weights that add up to 1; each driver is then turned into parts first."
        ),
    )


def _contract(rule: Contract, option: Option, members: Sequence[str], at: Location) -> Iterator[Finding]:
    if option.lead is None or option.lead not in members:
        yield (
            (*at, "kind"),
            "a contract in an option whose lead is not named among the members",
            "the partner that provides the service to the others",
            f"Set the option's lead to one of {', '.join(members)}.",
        )
    lacking = [p for p in members if p != option.lead and p not in rule.amounts]
    if rule.price == "fixed" and lacking:
        yield (
            (*at, "amounts"),
            f"no price for {', '.join(lacking)}",
            "a price for each buyer",
            f"Add amounts: {{{lacking[0]}: …}}.",
        )
    if rule.price == "unit" and rule.unit_price is None:
        yield (*at, "unit_price"), "no unit price", f"a price of one unit of {rule.by}", "Add unit_price."


def schedule_findings(classes: Sequence[DuesClass], at: Location = ("classes",)) -> Iterator[Finding]:
    """Yield everything that is wrong with the classes of a dues schedule."""
    before: float | None = 0.0
    for i, c in enumerate(classes):
        if before is None or (c.up_to is not None and c.up_to <= before):
            yield (
                (*at, i, "up_to"),
                f"class {c.name}: {_limit(c.up_to)} after {_limit(before)}",
                "classes from the smallest to the largest, and only the last without a limit",
                "Put the classes in order.",
            )
        before = c.up_to
        if c.floor is not None and c.cap is not None and c.floor > c.cap:
            yield (
                (*at, i, "floor"),
                f"class {c.name}: a floor of {c.floor:,.0f} above a cap of {c.cap:,.0f}",
                "a floor of the cap or less",
                "Lower the floor or raise the cap.",
            )
    if before is not None and classes:
        yield (
            (*at, len(classes) - 1, "up_to"),
            f"class {classes[-1].name}, the last one: {_limit(before)}",
            "a last class without a limit, so that no member outgrows the schedule",
            "Leave up_to out of the last class.",
        )


def _limit(up_to: float | None) -> str:
    return "no limit" if up_to is None else f"up to {up_to:,.0f}"


def _stand_alone(case: Case, option: Option, at: Location) -> Iterator[Finding]:
    members = case.members(option)
    match option.stand_alone:
        case FromCurve(measure=measure):
            lacking = [p for p in members if measure not in case.partner(p).measures]
            if lacking:
                yield (
                    (*at, "measure"),
                    f"the measure {measure}, which {', '.join(lacking)} lack",
                    "a measure that each member has",
                    "Add it to their measures, or choose another.",
                )
        case FromTable(groups=groups):
            seen: dict[frozenset[str], int] = {}
            for i, group in enumerate(groups):
                where: Location = (*at, "groups", i, "members")
                for p in group.members:
                    if p in case.partner_ids and p not in members:
                        yield (
                            where,
                            f"{p}, which is not a member of the option",
                            f"some of {', '.join(members)}",
                            "Correct or remove it.",
                        )
                named = frozenset(group.members)
                if len(named) < len(group.members):
                    yield where, "a member named twice", "each member once", "Remove the double."
                if named in seen:
                    yield (
                        where,
                        f"the group {', '.join(sorted(named))} a second time",
                        "each group once",
                        f"Remove it, or entry {seen[named] + 1}.",
                    )
                seen.setdefault(named, i)
        case _:
            pass
