"""The smallest set of changes after which the advice is better, each set tried by running the study again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, TypeVar, get_args

from interlocal.case.deciding import Consent, Vote
from interlocal.case.document import Case
from interlocal.case.formulas import ByUsage, ByValue, Equal, Formula, PerHead, PhaseIn
from interlocal.case.options import Clause, Option
from interlocal.case.values import Frozen
from interlocal.lessons.catalogue import reached, rules

Effort = Literal["record a fact", "collect an opinion", "change a term", "change the design"]
"""What a change asks of people, the least first."""
EFFORTS: tuple[Effort, ...] = get_args(Effort)
LARGEST = 2
"""Changes in the largest set that is tried."""
PHASE_IN_YEARS = 5
"""Years of the phase-in that is tried (judgement)."""

Model = TypeVar("Model", bound=Frozen)


Document = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change to a case, in words, with what it asks of people."""

    text: str
    effort: Effort
    about: str
    """What it settles; a set never settles the same thing twice."""
    apply: Callable[[Case], Case]
    redraws: bool = False
    """Whether figures change with it, so that the futures have to be drawn again."""


def would_change(
    case: Case,
    before: str,
    *,
    screen: Callable[[Case], Document],
    verify: Callable[[Case], Document],
    judge: Callable[[Case, Document], str],
    largest: int = LARGEST,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return the smallest set of changes that gives a better verdict: the fewest, then the least effort.

    Each set is screened with few futures; one that passes is run again in full, and only that run counts. Changes that
    touch no figure are judged on the futures already drawn.

    Parameters
    ----------
    case
        A checked case.
    before
        The verdict of its advice.
    screen, verify
        Run the study of a changed case with few futures and with as many as the study itself.
    judge
        Returns the verdict of the advice on a case and its study.
    largest
        Changes in the largest set that is tried.
    progress
        Called with sets tried and sets in all.

    Returns
    -------
    dict
        ``would_change``: a list of ``{"text", "effort"}``, with the ``verdict`` it gives; or None with the ``reason``.
        ``tried`` is the number of sets, ``verified`` how many of them were run in full. Whether a larger set would do
        is not known where none was found.
    """
    candidates = list(changes(case))
    sets = _sets(candidates, before, largest)
    screened: dict[str, Document] = {}
    verified = 0
    for tried, group in enumerate(sets, 1):
        changed = _applied(case, group)
        drawn = _applied(case, [c for c in group if c.redraws])
        if drawn.sha256 not in screened:
            screened[drawn.sha256] = screen(drawn)
        if progress:
            progress(tried, len(sets))
        if _rank(judge(changed, screened[drawn.sha256])) <= _rank(before):
            continue
        verified += 1
        after = judge(changed, verify(changed))
        if _rank(after) > _rank(before):
            found = [{"text": c.text, "effort": c.effort} for c in group]
            return {
                "would_change": found,
                "verdict": after,
                "reason": None,
                "tried": tried,
                "verified": verified,
            }
    reason = (
        f"None of the changes that could be tried gives a better verdict, alone or up to {largest} together (changes: {len(candidates)}; sets tried: {len(sets)})."
        if candidates
        else "There is no change that could be tried without a figure of ours."
    )
    return {
        "would_change": None,
        "verdict": before,
        "reason": reason,
        "tried": len(sets),
        "verified": verified,
    }


def _sets(candidates: Sequence[Change], before: str, largest: int) -> list[tuple[Change, ...]]:
    """Return the sets to try; where figures alone say no, no set that leaves them as they are can help."""
    figures = _rank(before) == 0
    sets = [
        group
        for size in range(1, largest + 1)
        for group in combinations(candidates, size)
        if len({c.about for c in group}) == size and (not figures or any(c.redraws for c in group))
    ]
    return sorted(sets, key=lambda group: (len(group), sum(EFFORTS.index(c.effort) for c in group)))


def _applied(case: Case, group: Sequence[Change]) -> Case:
    for change in group:
        case = change.apply(case)
    return case


def changes(case: Case) -> Iterator[Change]:
    """Yield the changes that are tried; nothing that would have to be a figure of ours is among them."""
    option = case.proposed_option
    if option is None:
        return
    for other in case.options:
        if other.kind == "shared" and other.id != option.id:
            yield Change(
                f"Propose “{other.name}” instead.",
                "change the design",
                "option",
                lambda c, new=other.id: _changed(c, proposed=new),  # type: ignore[misc]
                redraws=True,
            )
    yield from _formulas(case, option)
    if reached(case.gate, "adopt"):
        yield from _on_record(case, option)


def _on_record(case: Case, option: Option) -> Iterator[Change]:
    if option.legal_review != "done":
        yield Change(
            "The legal review is done.",
            "record a fact",
            "legal review",
            lambda c: _with_option(c, option.id, legal_review="done"),
        )
    unsettled = [c for c in option.clauses if c.status == "open"]
    if unsettled:
        yield Change(
            f"The {len(unsettled)} open clauses are agreed.",
            "change a term",
            "clauses",
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
                f"vote of {p}",
                lambda c, p=p: _changed(c, votes=(*c.votes, _vote(c, p))),  # type: ignore[misc]
            )
        if p not in consenting:
            yield Change(
                f"{case.partner(p).name} consents with a quorum.",
                "collect an opinion",
                f"consent of {p}",
                lambda c, p=p: _changed(c, consents=_consents(c, p, option.id)),  # type: ignore[misc]
            )


def _formulas(case: Case, option: Option) -> Iterator[Change]:
    """Yield other plain formulas that the measures of all who might share allow, and coming to a formula over years."""
    shared = [o for o in case.options if o.kind == "shared"]
    members = [case.partner(p) for p in dict.fromkeys(p for o in shared for p in case.members(o))]
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
                "formula",
                lambda c, rule=rule: _with_formula(c, rule=rule),  # type: ignore[misc]
                redraws=True,
            )
    if option.formula is not None and option.formula.phase_in is None:
        yield Change(
            f"Come to the formula over {PHASE_IN_YEARS} years from what each pays today.",
            "change a term",
            "phase-in",
            lambda c: _with_formula(c, phase_in=PhaseIn(years=PHASE_IN_YEARS)),
            redraws=True,
        )


def _with_formula(case: Case, **parts: Any) -> Case:
    """Return a copy in which the option proposed has another rule or a phase-in; what else bent its formula is kept."""
    option = case.proposed_option
    if option is None:
        return case
    formula = (
        _changed(option.formula, **parts)
        if option.formula
        else Formula(**({"rule": Equal(kind="equal")} | parts))
    )
    return _with_option(case, option.id, formula=formula)


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
