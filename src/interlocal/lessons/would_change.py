"""The smallest set of changes after which the advice is better, each set tried by running the study again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, TypeVar, get_args

from interlocal.case.deciding import Consent, Vote
from interlocal.case.document import Case
from interlocal.case.formulas import ByUsage, ByValue, Equal, Formula, PerHead
from interlocal.case.options import Clause, Option
from interlocal.case.values import Frozen
from interlocal.lessons.catalogue import reached, rules

Effort = Literal["record a fact", "collect an opinion", "change a term", "change the design"]
"""What a change asks of people, the least first."""
EFFORTS: tuple[Effort, ...] = get_args(Effort)
LARGEST = 2
"""Changes in the largest set that is tried."""

Model = TypeVar("Model", bound=Frozen)


@dataclass(frozen=True)
class Change:
    """One change to a case, in words, with what it asks of people."""

    text: str
    effort: Effort
    apply: Callable[[Case], Case]


def would_change(
    case: Case,
    before: str,
    rerun: Callable[[Case], Mapping[str, Any]],
    *,
    largest: int = LARGEST,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return the smallest set of changes that gives a better verdict: the fewest, then the least effort.

    Parameters
    ----------
    case
        A checked case.
    before
        The verdict of its advice.
    rerun
        Runs the study of a changed case and returns its advice.
    largest
        Changes in the largest set that is tried.
    progress
        Called with sets tried and sets in all.

    Returns
    -------
    dict
        ``would_change``: a list of ``{"text", "effort"}``, with the ``verdict`` it gives; or None with the ``reason``.
        ``tried`` is the number of runs. Whether a larger set would do is not known where none was found.
    """
    candidates = list(changes(case))
    sets = sorted(
        (group for size in range(1, largest + 1) for group in combinations(candidates, size)),
        key=lambda group: (len(group), sum(EFFORTS.index(c.effort) for c in group)),
    )
    for tried, group in enumerate(sets, 1):
        changed = case
        for change in group:
            changed = change.apply(changed)
        after = rerun(changed)["verdict"]
        if progress:
            progress(tried, len(sets))
        if _rank(after) > _rank(before):
            found = [{"text": c.text, "effort": c.effort} for c in group]
            return {"would_change": found, "verdict": after, "reason": None, "tried": tried}
    reason = (
        f"None of {len(sets)} sets of up to {largest} of {len(candidates)} changes gives a better verdict."
    )
    return {"would_change": None, "verdict": before, "reason": reason, "tried": len(sets)}


def changes(case: Case) -> Iterator[Change]:
    """Yield the changes that are tried; nothing that would have to be a figure of ours is among them."""
    option = case.proposed_option
    if option is None:
        return
    if reached(case.gate, "adopt"):
        yield from _on_record(case, option)
    yield from _formulas(case, option)
    for other in case.options:
        if other.kind == "shared" and other.id != option.id:
            yield Change(
                f"Propose “{other.name}” instead.",
                "change the design",
                lambda c, new=other.id: _changed(c, proposed=new),  # type: ignore[misc]
            )


def _on_record(case: Case, option: Option) -> Iterator[Change]:
    if option.legal_review != "done":
        yield Change(
            "The legal review is done.",
            "record a fact",
            lambda c: _with_option(c, option.id, legal_review="done"),
        )
    unsettled = [c for c in option.clauses if c.status == "open"]
    if unsettled:
        yield Change(
            f"The {len(unsettled)} open clauses are agreed.",
            "change a term",
            lambda c: _with_option(c, option.id, clauses=tuple(map(_agreed, c.option(option.id).clauses))),
        )
    agreed = {v.partner for v in case.votes if v.about == "adopt" and v.outcome == "yes" and v.own_free_vote}
    consenting = {
        c.partner
        for c in case.consents
        if c.about == option.id and c.quorum_met and c.level in {"endorse", "live_with"}
    }
    for p in case.members(option):
        if p not in agreed:
            yield Change(
                f"{case.partner(p).name} votes freely to adopt.",
                "collect an opinion",
                lambda c, p=p: _changed(c, votes=(*c.votes, _vote(c, p))),  # type: ignore[misc]
            )
        if p not in consenting:
            yield Change(
                f"{case.partner(p).name} consents with a quorum.",
                "collect an opinion",
                lambda c, p=p: _changed(c, consents=_consents(c, p, option.id)),  # type: ignore[misc]
            )


def _formulas(case: Case, option: Option) -> Iterator[Change]:
    """Yield other plain formulas that the partners' measures allow."""
    members = [case.partner(p) for p in case.members(option)]
    known = set.intersection(*(set(p.measures) for p in members))
    rules_tried: list[tuple[str, Any]] = [("in equal parts", Equal(kind="equal"))]
    if "population" in known:
        rules_tried.append(("by population", PerHead(kind="per_head")))
    if "equalised_valuation" in known:
        rules_tried.append(("by property value", ByValue(kind="by_value")))
    rules_tried += [
        (f"by {m.replace('_', ' ')}", ByUsage(kind="by_usage", measure=m))
        for m in sorted(known - {"population", "households", "equalised_valuation", "area", "density"})
    ]
    for words, rule in rules_tried:
        if option.formula is None or option.formula.rule != rule:
            yield Change(
                f"Share the cost {words}.",
                "change a term",
                lambda c, rule=rule: _with_option(c, option.id, formula=Formula(rule=rule)),  # type: ignore[misc]
            )


def _changed(model: Model, **parts: Any) -> Model:
    """Return a checked copy with some parts replaced; nothing computed from the old one is kept."""
    kept = {name: getattr(model, name) for name in model.model_fields_set}
    return type(model).model_validate(kept | parts)


def _with_option(case: Case, option_id: str, **parts: Any) -> Case:
    options = tuple(_changed(o, **parts) if o.id == option_id else o for o in case.options)
    return _changed(case, options=options)


def _agreed(clause: Clause) -> Clause:
    return _changed(clause, status="agreed") if clause.status == "open" else clause


def _vote(case: Case, partner: str) -> Vote:
    taken = {v.id for v in case.votes}
    name = next(f"tried_{i}" for i in range(len(taken) + 1) if f"tried_{i}" not in taken)
    return Vote(id=name, partner=partner, kind="vote", about="adopt", on=case.as_of, outcome="yes")


def _consents(case: Case, partner: str, option: str) -> Sequence[Consent]:
    others = tuple(c for c in case.consents if c.partner != partner or c.about != option)
    return (*others, Consent(partner=partner, about=option, level="live_with", quorum_met=True))


def _rank(verdict: str) -> int:
    """Return the place of a verdict, the worst first."""
    return list(dict.fromkeys(r.verdict for r in rules())).index(verdict)
