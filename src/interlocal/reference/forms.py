"""Forms of governance, clauses of an agreement, formulas in use and rules of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from interlocal.reference.files import frozen, index, toml

Answer = Literal["yes", "no", "depends"]
TRAITS = ("can_tax", "can_borrow", "can_own", "can_employ", "separate_entity", "reversible")


@dataclass(frozen=True)
class Trait:
    """Whether a form can hold something; ``depends`` on the law of the place."""

    answer: Answer
    mark: str


@dataclass(frozen=True)
class Reason:
    """A condition of the case that speaks for a form (weight above 0) or against it."""

    when: str
    """Id of a condition; see ``conditions``."""
    weight: int
    because: str
    mark: str
    source: str


@dataclass(frozen=True)
class GovernanceModel:
    """A form that a shared service can take."""

    id: str
    name: str
    good_when: str
    partners: tuple[int, int | None]
    """Fewest and most partners it usually suits, by judgement; None where there is no upper end."""
    can_tax: Trait
    can_borrow: Trait
    can_own: Trait
    can_employ: Trait
    separate_entity: Trait
    reversible: Trait
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Clause:
    """A clause of an agreement; the law differs by place, so each is for legal review."""

    id: str
    title: str
    settles: str
    needed_by: tuple[str, ...]
    """Ids of the forms that usually need it."""
    questions: tuple[str, ...]
    legal_review: bool
    source: str
    mark: str


@dataclass(frozen=True)
class Formula:
    """A way of sharing cost that is in use."""

    id: str
    name: str
    rule: str
    source: str
    mark: str
    note: str | None = None


@dataclass(frozen=True)
class PlaceRule:
    """A rule of law of a place, with the source in which somebody read it."""

    id: str
    place: str
    topic: str
    """Id of the clause that it bears on."""
    text: str
    cite: str
    edition: str
    """Which text of the law was read."""
    address: str
    read_on: date
    allows: tuple[str, ...] = ()
    """Ids of the forms that this law lets governments take."""
    forbids: tuple[str, ...] = ()
    """Ids of the forms that it rules out."""


@dataclass(frozen=True)
class Ask:
    """What to find out where conditions of a case are not known."""

    conditions: tuple[str, ...]
    pointer: str
    """Where the answer goes in the case."""
    text: str
    who: str


@dataclass(frozen=True)
class Ranking:
    """How a case is read for its conditions and forms are ranked; all of it is judgement."""

    rated_high: int
    rated_low: int
    few_partners: int
    many_partners: int
    trust_high: float
    little_money: float
    outside_range: int
    law_open: int
    law_known: int
    draws: int
    change: float
    tie_below: float


@cache
def governance_models() -> Mapping[str, GovernanceModel]:
    """Return the forms of governance by id, from the loosest to the firmest."""
    return index(
        {
            k: GovernanceModel(
                id=k,
                name=v["name"],
                good_when=v["good_when"],
                partners=(v["partners"][0], v["partners"][1] if len(v["partners"]) > 1 else None),
                reasons=tuple(Reason(**{"source": "editorial", **r}) for r in v["reasons"]),
                **{t: Trait(*v[t]) for t in TRAITS},
            )
            for k, v in toml("governance_models")["model"].items()
        }
    )


@cache
def conditions() -> Mapping[str, str]:
    """Return the conditions that reasons for and against a form name, each in words."""
    return index(toml("governance_models")["condition"])


@cache
def asks() -> tuple[Ask, ...]:
    """Return what to find out, condition by condition."""
    return tuple(Ask(**frozen(a)) for a in toml("governance_models")["ask"])


@cache
def ranking() -> Ranking:
    """Return how a case is read and forms are ranked."""
    return Ranking(**toml("governance_models")["ranking"])


@cache
def clauses() -> Mapping[str, Clause]:
    """Return the clauses of an agreement by id, in their usual order."""
    data = toml("clauses")
    return index(
        {
            k: Clause(
                id=k,
                title=v["title"],
                settles=v["settles"],
                needed_by=tuple(v["needed_by"]),
                questions=tuple(v["questions"]),
                legal_review=data["legal_review"],
                source=data["source"],
                mark=data["mark"],
            )
            for k, v in data["clause"].items()
        }
    )


@cache
def formulas() -> Mapping[str, Formula]:
    """Return the cost-sharing formulas in use by id, which is the kind of formula in a case."""
    data = toml("formulas")
    return index(
        {k: Formula(k, source=data["source"], mark=data["mark"], **v) for k, v in data["formula"].items()}
    )


def place_rules(place: str) -> tuple[PlaceRule, ...]:
    """Return the rules of a place (``US-MA``); none where nobody collected one with a source that can be cited."""
    return tuple(PlaceRule(**frozen(r)) for r in toml("places")["rule"] if r["place"] == place)


def ask_counsel() -> str:
    """Return what is said of law where no rule is known."""
    return str(toml("places")["default"])
