"""Reasons for and against each form that is possible, and how firmly one of them comes first.

A form's score is the sum of the weights of its reasons. The weights are judgement, so the first place is tried out: all
weights are changed at random, by at most a stated share, many times over. A form that the first one does not beat in
nearly all of these draws is tied with it, and then the tie is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from interlocal.case.document import Case
from interlocal.governance.conditions import Condition, conditions, members, option_at
from interlocal.governance.screening import Screening, laws, screen
from interlocal.numerics.distributions import Floats
from interlocal.numerics.draws import Block
from interlocal.reference import GovernanceModel, PlaceRule, governance_models, ranking

_PARTNERS = frozenset({"few_partners", "many_partners"})


@dataclass(frozen=True)
class Weighed:
    """A reason for a form (weight above 0) or against it, with the fact of the case it rests on."""

    when: str
    """A condition, or ``partners``, ``law_open``, ``law_known``."""
    weight: int
    because: str
    fact: str
    pointer: str
    mark: str
    source: str
    shown_anyway: bool = False


@dataclass(frozen=True)
class Standing:
    """A possible form and what speaks for and against it."""

    model: str
    reasons: tuple[Weighed, ...]
    worst: int
    """The score if everything that is not known went against this form."""
    best: int
    """The score if everything that is not known spoke for it, the law included."""

    @property
    def score(self) -> int:
        """Sum of the weights of the reasons."""
        return sum(r.weight for r in self.reasons)


@dataclass(frozen=True)
class Choice:
    """The forms as they stand in a case."""

    found: Mapping[str, Condition]
    screening: Screening
    standings: tuple[Standing, ...]
    """Possible forms, the best first; of equal ones the looser form first."""

    def rank(self, model: str) -> int | None:
        """Return the place of a form, 1 for the first; equal scores share a place; None where it is impossible."""
        score = {s.model: s.score for s in self.standings}
        return 1 + sum(x > score[model] for x in score.values()) if model in score else None

    def standing(self, model: str) -> Standing | None:
        """Return how a form stands; None where it is impossible."""
        return next((s for s in self.standings if s.model == model), None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Conditions that a reason or a screen asks for and the case does not tell."""
        return tuple(k for k, c in self.found.items() if c.holds is None)


@dataclass(frozen=True)
class Firmness:
    """How the first place fares when all weights are changed."""

    stays_first: Mapping[str, float]
    """Share of draws in which each form comes first; where several do, each gets its part."""
    first: tuple[str, ...]
    """The form that comes first and those it does not beat in enough draws; several are a tie."""


def choose(case: Case, assumed: Mapping[str, Condition] | None = None) -> Choice:
    """Screen and rank the forms for a case.

    Parameters
    ----------
    case
        A checked case.
    assumed
        Conditions to put in place of the case's own, to see what they would change.
    """
    found = {**conditions(case), **(assumed or {})}
    models, rules = governance_models().values(), laws(case)
    screening = screen(models, found, rules, len(members(case)))
    left = [m for m in models if m.id not in screening.impossible]
    standings = [_standing(case, m, found, screening, rules) for m in left]
    return Choice(found, screening, tuple(sorted(standings, key=lambda s: -s.score)))


def chosen(case: Case) -> tuple[str | None, str]:
    """Return the form that the case has chosen, None where it has not, and the pointer to it."""
    if case.governance and case.governance.model:
        return case.governance.model, "/governance/model"
    option, place = option_at(case)
    return (option.form, f"{place}/form") if option else (None, "/governance")


def legal_review(case: Case) -> str:
    """Return how far a lawyer's review has come: done, asked or none."""
    parts = (case.governance, case.proposed_option)
    states = {part.legal_review for part in parts if part is not None}
    return next((s for s in ("done", "asked") if s in states), "none")


def firmness(standings: Sequence[Standing], seed: int) -> Firmness:
    """Change all weights at random and see which form comes first; same seed, same answer.

    Each reason's weight is multiplied by a number of its own, uniform between 1 − c and 1 + c, where c is
    ``ranking().change``. A reason keeps its numbers whatever other reasons there are.
    """
    if not standings:
        return Firmness({}, ())
    scores = np.array([_changed(s, seed) for s in standings])
    top = np.isclose(scores, scores.max(axis=0))
    part = (top / top.sum(axis=0)).mean(axis=1)
    beaten = (scores[0] > scores).mean(axis=1) >= ranking().tie_below
    first = tuple(s.model for s, lost in zip(standings, beaten, strict=True) if not lost)
    return Firmness({s.model: float(p) for s, p in zip(standings, part, strict=True)}, first)


def would_lead(case: Case, choice: Choice, seed: int) -> Mapping[str, tuple[str, ...]]:
    """Return, for each unknown condition that would change the first place if it held, who would come first then."""
    now = firmness(choice.standings, seed).first
    found = {}
    for id_ in choice.unknown:
        then = choose(case, {id_: replace(choice.found[id_], holds=True)})
        first = firmness(then.standings, seed).first
        if set(first) != set(now):
            found[id_] = first
    return found


def _standing(
    case: Case,
    model: GovernanceModel,
    found: Mapping[str, Condition],
    screening: Screening,
    rules: Iterable[PlaceRule],
) -> Standing:
    reasons = [
        Weighed(r.when, r.weight, r.because, c.because, c.pointer, r.mark, r.source, c.shown_anyway)
        for r in model.reasons
        if (c := found[r.when]).holds
    ]
    reasons += _out_of_range(case, model, reasons)
    reasons += _law(case, model, screening, rules)
    open_ = [r.weight for r in model.reasons if found[r.when].holds is None]
    score = sum(r.weight for r in reasons)
    return Standing(
        model.id,
        tuple(sorted(reasons, key=lambda r: -r.weight)),
        score + sum(w for w in open_ if w < 0),
        score + sum(w for w in open_ if w > 0) - sum(r.weight for r in reasons if r.when == "law_open"),
    )


def _out_of_range(case: Case, model: GovernanceModel, reasons: Iterable[Weighed]) -> list[Weighed]:
    """Return the reason against a form made for other numbers of partners, unless a reason counts them already."""
    number, (low, high) = len(members(case)), model.partners
    if low <= number <= (high or number) or any(r.when in _PARTNERS and r.weight < 0 for r in reasons):
        return []
    suits = f"{low} or more" if high is None else f"{low} to {high}"
    why, fact = f"It usually suits {suits} partners.", f"{number} partners take part."
    return [
        Weighed(
            "partners", ranking().outside_range, why, fact, "/partners", "judgement", "editorial", shown_anyway=True
        )
    ]  # fmt: skip


def _law(
    case: Case, model: GovernanceModel, screening: Screening, rules: Iterable[PlaceRule]
) -> list[Weighed]:
    told, rule = case.governance, ranking()
    is_chosen = chosen(case)[0] == model.id
    reasons = []
    if not (is_chosen and legal_review(case) == "done"):
        reasons += [
            Weighed("law_open", rule.law_open, s.because, "The law of the place decides.", s.pointer, "judgement", "editorial")
            for s in screening.ask_counsel.get(model.id, ())
        ]  # fmt: skip
    places = {case.partner(m).place for m in members(case)}
    allowing = {r.place: r for r in rules if model.id in r.allows}
    if places and places <= allowing.keys():
        cites = "; ".join(dict.fromkeys(r.cite for r in allowing.values()))
        text = next(iter(allowing.values())).text
        reasons.append(
            Weighed("law_known", rule.law_known, "A law of the place lets governments take this form.", f"{cites}: {text}", "/partners", "judgement", "editorial", shown_anyway=True)
        )  # fmt: skip
    elif is_chosen and told and told.legal_powers:
        fact = "; ".join(told.legal_powers)
        reasons.append(
            Weighed("law_known", rule.law_known, "The case cites a law that allows it.", fact, "/governance/legal_powers", "judgement", "editorial")
        )  # fmt: skip
    return reasons


def _changed(standing: Standing, seed: int) -> Floats:
    """Return the score of a form in each draw of changed weights, shape (draws,)."""
    total = np.zeros(ranking().draws)
    for i, reason in enumerate(standing.reasons):
        again = sum(r.when == reason.when for r in standing.reasons[:i])
        total = total + reason.weight * _factor(seed, standing.model, reason.when, again)
    return total


@cache
def _factor(seed: int, model: str, when: str, again: int) -> Floats:
    rule = ranking()
    stream = Block(seed, 0, rule.draws).stream("governance", model, when, str(again))
    return stream.uniform(1 - rule.change, 1 + rule.change, rule.draws)
