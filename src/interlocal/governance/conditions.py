"""What a case says of the conditions that forms of governance depend on; what it does not say stays unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.case.scope import latest_spending
from interlocal.consensus.surveys import latest, trust_of
from interlocal.consensus.trust import FLOOR
from interlocal.reference import conditions as known_conditions
from interlocal.reference import ranking

ONE_OFF = frozenset({"transition", "capital"})


@dataclass(frozen=True)
class Condition:
    """Whether a condition holds in a case."""

    id: str
    holds: bool | None
    """None where the case does not say."""
    because: str = ""
    """The sentence with the figure it rests on."""
    pointer: str = ""
    """JSON pointer into the case."""
    shown_anyway: bool = False
    """Whether every reader of a study sees it: who takes part, and that the option is a shared one."""


def conditions(case: Case) -> Mapping[str, Condition]:
    """Return every condition of the catalogue as the case has it."""
    found = {c.id: c for part in _PARTS for c in part(case)}
    return {id_: found.get(id_, Condition(id_, None)) for id_ in known_conditions()}


def members(case: Case) -> tuple[str, ...]:
    """Return who would take part: the members of the option proposed, or all partners where there is none."""
    option = case.proposed_option
    return case.members(option) if option else case.partner_ids


def option_at(case: Case) -> tuple[Option | None, str]:
    """Return the option proposed and the pointer to it."""
    option = case.proposed_option
    return option, f"/options/{case.options.index(option)}" if option else "/options"


def _partners(case: Case) -> Iterator[Condition]:
    number, rule = len(members(case)), ranking()
    text = f"{number} {'partner takes' if number == 1 else 'partners take'} part."
    yield Condition("few_partners", 2 <= number <= rule.few_partners, text, "/partners", shown_anyway=True)
    yield Condition("many_partners", number >= rule.many_partners, text, "/partners", shown_anyway=True)


def _ratings(case: Case) -> Iterator[Condition]:
    traits, rule = case.service.traits, ranking()
    for trait, name, high, low in (
        ("output_measurability", "How well output can be measured", "output_measurable", "output_hard_to_measure"),
        ("asset_specificity", "How far assets are good for this service alone", "specific_assets", None),
        ("division_conflict", "How far partners differ over who pays", "division_conflict", None),
    ):  # fmt: skip
        rating = getattr(traits, trait) if traits else None
        if rating is None:
            continue
        text, pointer = f"{name} is rated {rating} of 5.", f"/service/traits/{trait}"
        yield Condition(high, rating >= rule.rated_high, text, pointer)
        if low:
            yield Condition(low, rating <= rule.rated_low, text, pointer)


def _wishes(case: Case) -> Iterator[Condition]:
    told = case.governance
    if told is None:
        return
    for name, what in (
        ("needs_tax", "a tax of its own"),
        ("needs_debt", "to borrow in its own name"),
        ("needs_staff", "staff of its own"),
        ("needs_property", "to hold title itself"),
    ):
        says = getattr(told, name)
        if says is not None:
            text = f"The partnership {'needs' if says else 'does not need'} {what}."
            yield Condition(name, says, text, f"/governance/{name}")
    wanted = told.reversible_wanted
    if wanted is not None:
        text = f"The partners {'want to be able to step back' if wanted else 'want the change to last'}."
        yield Condition("wants_reversible", wanted, text, "/governance/reversible_wanted")
        yield Condition("wants_permanent", not wanted, text, "/governance/reversible_wanted")
    for name in ("surge_only", "many_services", "mixed_members"):
        says = getattr(told, name)
        if says is not None:
            text = f"{known_conditions()[name]}: {'yes' if says else 'no'}."
            yield Condition(name, says, text, f"/governance/{name}")


def _design(case: Case) -> Iterator[Condition]:
    option, place = option_at(case)
    if option is None:
        return
    yield from _shared_cost(option, place)
    bought = [i for i, x in enumerate(option.lines) if x.category == "capital" and x.payer is None]
    if bought:
        text = f"The proposed option buys {len(bought)} {'thing' if len(bought) == 1 else 'things'} together, as joint capital."
        yield Condition("shared_capital", holds=True, because=text, pointer=f"{place}/lines/{bought[0]}")
    elif option.cost_scope is not None and option.cost_scope.capital == "included":
        text = "The proposed option counts capital, and none of it is joint."
        yield Condition("shared_capital", holds=False, because=text, pointer=f"{place}/cost_scope")
    if option.lead is not None:
        text = f"{case.partner(option.lead).name} leads in the proposed option."
        yield Condition("capable_lead", holds=True, because=text, pointer=f"{place}/lead")
    elif option.possible_leads:
        text = f"{len(option.possible_leads)} of the partners are named as able to lead."
        yield Condition("capable_lead", holds=True, because=text, pointer=f"{place}/possible_leads")


def _shared_cost(option: Option, place: str) -> Iterator[Condition]:
    if option.kind != "shared" or not option.lines:
        return
    runs = any(x.payer is None and x.category not in ONE_OFF for x in option.lines)
    text = f"In the proposed option partners share {'the cost of a running service' if runs else 'no cost that recurs'}."
    at = f"{place}/kind"
    yield Condition("cost_shared", runs, text, at, shown_anyway=True)
    if runs and option.kind == "shared":
        yield Condition("surge_only", holds=False, because=text, pointer=at, shown_anyway=True)


def _money(case: Case) -> Iterator[Condition]:
    spent = latest_spending(case)
    who = members(case)
    if not all(p in spent and case.partner(p).total_spending for p in who):
        return
    totals = [case.partner(p).total_spending for p in who]
    part = sum(spent[p].amount.central for p in who) / sum(t[max(t)].central for t in totals)
    text = f"The partners spend {part:.1%} of all their money on this service.".replace("%", " percent")
    yield Condition("little_money", part < ranking().little_money, text, "/spending")


def _trust(case: Case) -> Iterator[Condition]:
    wave = latest(case, "trust")
    level = trust_of(case, wave[1]).level if wave else None
    if wave is None or level is None:
        return
    text = f"Trust of all pairs together is {level:.1f} of 5, as of {wave[1].closed_on}."
    yield Condition("low_trust", level < FLOOR, text, f"/surveys/{wave[0]}")
    yield Condition("high_trust", level >= ranking().trust_high, text, f"/surveys/{wave[0]}")


# What somebody said of a condition stands over what the design implies, so that it comes last.
_PARTS = (_partners, _ratings, _design, _money, _trust, _wishes)
