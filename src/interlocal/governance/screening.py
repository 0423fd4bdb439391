"""Which forms are impossible for a case, and what hangs on the law of the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from interlocal.case.document import Case
from interlocal.governance.conditions import Condition, members
from interlocal.reference import GovernanceModel, PlaceRule, ask_counsel, place_rules

NEEDS = {
    "needs_tax": ("can_tax", "raise a tax"),
    "needs_debt": ("can_borrow", "borrow in its own name"),
    "needs_staff": ("can_employ", "employ staff of its own"),
    "needs_property": ("can_own", "hold title to property"),
}
"""A need of the service: the trait of a form that meets it, and what the form must be able to do."""


@dataclass(frozen=True)
class Screen:
    """Why a form is impossible, or what counsel must answer before it is known to be possible."""

    because: str
    pointer: str
    """JSON pointer into the case."""
    cite: str | None = None
    """The law, where a law decides."""
    shown_anyway: bool = False


@dataclass(frozen=True)
class Screening:
    """What the screens say of each form."""

    impossible: Mapping[str, tuple[Screen, ...]] = field(default_factory=dict)
    ask_counsel: Mapping[str, tuple[Screen, ...]] = field(default_factory=dict)
    """Of forms that are left: powers they need and may lack, depending on the law of the place."""


def laws(case: Case) -> tuple[PlaceRule, ...]:
    """Return the rules we have of the places whose law binds a member."""
    places = dict.fromkeys(p for m in members(case) if (p := case.partner(m).place) is not None)
    return tuple(rule for place in places for rule in place_rules(place))


def places_without_rule(case: Case) -> bool:
    """Tell whether some member's place is not known or has no rule here."""
    ruled = {rule.place for rule in laws(case)}
    return any(case.partner(m).place not in ruled for m in members(case))


def screen(
    models: Iterable[GovernanceModel],
    found: Mapping[str, Condition],
    rules: Sequence[PlaceRule],
    partners: int,
) -> Screening:
    """Screen forms: each needs two partners, the powers that the service needs, and no law against it.

    Parameters
    ----------
    models
        The forms to look at.
    found
        The conditions of the case; a need that is not known screens nothing out.
    rules
        The law of the members' places, as far as we have it.
    partners
        Number of members.
    """
    impossible: dict[str, tuple[Screen, ...]] = {}
    unsure: dict[str, tuple[Screen, ...]] = {}
    for model in models:
        no = [Screen("One partner alone shares with nobody.", "/partners", shown_anyway=True)] * (
            partners < 2
        )
        no += [Screen(r.text, "/partners", r.cite, shown_anyway=True) for r in rules if model.id in r.forbids]
        depends = []
        for need, (trait, doing) in NEEDS.items():
            condition, answer = found[need], getattr(model, trait).answer
            if not condition.holds or answer == "yes":
                continue
            if answer == "no":
                no.append(Screen(f"{condition.because} This form cannot {doing}.", condition.pointer))
            else:
                depends.append(
                    Screen(f"May this form {doing} here? {ask_counsel()}", condition.pointer)
                )  # fmt: skip
        if no:
            impossible[model.id] = tuple(no)
        elif depends:
            unsure[model.id] = tuple(depends)
    return Screening(impossible, unsure)
