"""The overall advice at the case's gate: rules that are data, applied in order, each with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlocal.case.document import Case
from interlocal.case.scope import mismatches
from interlocal.case.values import Visibility
from interlocal.lessons.catalogue import Rule, items, rules
from interlocal.lessons.finding import Finding
from interlocal.lessons.reading import count, futures, lookup

NOT_TRIED = "No change was tried in this run: each has to be verified by running the study again."


@dataclass(frozen=True)
class Cause:
    """One reason for which a rule applies."""

    applies_to: str
    """A partner, an item, a component of cost, or ``all``."""
    because: str
    pointer: str
    """JSON pointer into the case or the study."""
    audience: Visibility = "public"


@dataclass(frozen=True)
class Ground:
    """What the rules look at."""

    case: Case
    document: Mapping[str, Any]
    findings: tuple[Finding, ...]

    def proposal(self, *path: str) -> tuple[Any, str]:
        """Return a part of the study on the option proposed, None where it has none, and the pointer to it.

        ``*`` in the path stands for the option.
        """
        option = self.case.proposed_option
        steps = [(option.id if option else "") if step == "*" else step for step in path]
        return lookup(self.document, steps)


def advice(case: Case, document: Mapping[str, Any], findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the advice: the verdict of the first rule that applies, and every rule that does.

    Parameters
    ----------
    case
        A checked case.
    document
        The study so far, as ``study.json`` holds it.
    findings
        The 42 findings on it.

    Returns
    -------
    dict
        ``gate``, ``verdict``, ``rules`` (each with what it applies to and because of what), ``conditions`` (item, text
        and owner), each row with the audience that may see it, and ``would_change``: None, with the reason beside it, until changes were
        tried by running again.
    """
    ground = Ground(case, document, tuple(findings))
    applied = [(rule, cause) for rule in rules() for cause in _CAUSES[rule.id](ground, rule)]
    holding = [(rule, cause) for rule, cause in applied if rule != rules()[-1]]
    shown = holding or applied
    conditional = {cause.applies_to for rule, cause in shown if rule.id in {"pitfall", "condition"}}
    return {
        "gate": case.gate,
        "verdict": shown[0][0].verdict,
        "rules": [
            {
                "rule": rule.text,
                "verdict": rule.verdict,
                "applies_to": cause.applies_to,
                "because": cause.because,
                "pointer": cause.pointer,
                "audience": cause.audience,
            }
            for rule, cause in shown
        ],
        "conditions": [
            {"item": f.item, "text": step.text, "owner": step.who, "audience": f.audience}
            for f in findings
            if f.item in conditional
            for step in f.next_steps[:1]
        ],
        "would_change": None,
        "would_change_reason": NOT_TRIED,
    }


def _worse_off(ground: Ground, rule: Rule) -> Iterator[Cause]:
    rows, place = ground.proposal("sharing", "options", "*", "partners")
    for p, row in (rows or {}).items():
        if row["p_better_off"] < _limit(rule):
            text = f"{ground.case.partner(p).name} is better off in {futures(row['p_better_off'])}."
            yield Cause(p, text, f"{place}/{p}/p_better_off")


def _no_saving(ground: Ground, rule: Rule) -> Iterator[Cause]:
    p, place = ground.proposal("questions", "money", "options", "*", "pool", "total", "p_saves")
    declared = any(m.worth for m in ground.case.service_measures)
    if p is not None and p < _limit(rule) and not declared:
        yield Cause("all", f"All partners together save money in {futures(p)}.", place)


def _worse_service(ground: Ground, rule: Rule) -> Iterator[Cause]:
    rows, place = ground.proposal("questions", "service", "options", "*", "measures")
    primary = {m.id: m.name for m in ground.case.service_measures if m.primary}
    for i, row in enumerate(rows or ()):
        if row["measure"] in primary and 1 - row["p"] >= _limit(rule):
            name = ground.case.partner(row["partner"]).name
            text = f"{primary[row['measure']]} of {name} is worse in {futures(1 - row['p'])}."
            yield Cause(row["partner"], text, f"{place}/{i}/p")


def _scopes(ground: Ground, _rule: Rule) -> Iterator[Cause]:
    names = {p.id: p.name for p in ground.case.partners} | {o.id: o.name for o in ground.case.options}
    for m in mismatches(ground.case):
        if not m.adjusted:
            left_out = ", ".join(names[x] for x in m.excludes)
            yield Cause(
                m.component, f"The figures of {left_out} leave out {m.component}.", "/spending", "partners"
            )


def _no_driver(ground: Ground, _rule: Rule) -> Iterator[Cause]:
    drivers = [f for f in ground.findings if f.list == "drivers"]
    if all(f.verdict != "present" for f in drivers):
        unknown = sum(f.verdict == "unknown" for f in drivers)
        text = (
            f"None of {len(drivers)} drivers is present; {unknown} of them are unknown: find this out first."
        )
        yield Cause("all", text, "/lessons")


def _critical(ground: Ground, rule: Rule) -> Iterator[Cause]:
    for f in ground.findings:
        if f.verdict in rule.bad and items()[f.item].critical(ground.case.gate):
            yield _cause(f)


def _pitfall(ground: Ground, rule: Rule) -> Iterator[Cause]:
    for f in ground.findings:
        if f.list == "pitfalls" and f.due and f.verdict in rule.bad:
            yield _cause(f)


def _condition(ground: Ground, rule: Rule) -> Iterator[Cause]:
    for f in ground.findings:
        if f.due and f.verdict in rule.bad and not items()[f.item].critical(ground.case.gate):
            yield _cause(f)


def _proceed(ground: Ground, _rule: Rule) -> Iterator[Cause]:
    due = [f for f in ground.findings if f.due]
    unknown = sum(f.verdict == "unknown" for f in due)
    yield Cause(
        "all", f"{count(len(due), 'item is', 'items are')} due; {unknown} of them are unknown.", "/lessons"
    )


_CAUSES: Mapping[str, Callable[[Ground, Rule], Iterator[Cause]]] = {
    "worse_off": _worse_off,
    "no_saving": _no_saving,
    "worse_service": _worse_service,
    "scopes": _scopes,
    "no_driver": _no_driver,
    "critical": _critical,
    "pitfall": _pitfall,
    "condition": _condition,
    "proceed": _proceed,
}


def _cause(finding: Finding) -> Cause:
    """Tell a finding as a reason; what is unknown is to be found out first."""
    label = items()[finding.item].label
    label = label[0].upper() + label[1:]
    said = f"“{label}” is {finding.verdict}"
    if finding.verdict == "unknown":
        said = f"{said}: find this out first. {finding.next_steps[0].text}."
    else:
        said = f"{said}. {' '.join(e.text for e in finding.because[:2])}"
    place = finding.because[0].pointer if finding.because else "/lessons"
    return Cause(finding.item, said, place, finding.audience)


def _limit(rule: Rule) -> float:
    if rule.limit is None:
        raise ValueError(f"rule {rule.id} needs a limit")
    return rule.limit
