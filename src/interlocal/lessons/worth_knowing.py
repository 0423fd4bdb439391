"""What to collect next: everything that is not known, ordered by how much it could change the advice.

Each thing informs some of the 42 items. Those of them that are unknown get their best verdict, then their worst, and
the rules of the advice are applied both times. What moves the verdict furthest comes first, then what adds or removes
most reasons; what could change neither at this gate comes last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from interlocal.case.document import Case
from interlocal.lessons.advice import advice
from interlocal.lessons.catalogue import Step, items, rules
from interlocal.lessons.finding import Finding
from interlocal.questions.collect import Gap, gaps

METHOD = (
    "Each thing was taken to turn out well, then badly, and the rules of the advice were applied both times. What moves "
    "the advice furthest comes first."
)
Effect = Literal["advice", "reasons", "none"]


@dataclass(frozen=True)
class Tried:
    """How far a thing could move the advice."""

    distance: int
    """Verdicts between the advice if it turns out well and if badly."""
    reasons: int
    """Reasons that come or go."""
    well: str
    badly: str

    @property
    def effect(self) -> Effect:
        """What it could change at this gate."""
        return "advice" if self.distance else "reasons" if self.reasons else "none"


def collect_next(
    case: Case, document: Mapping[str, Any], findings: Sequence[Finding], hidden: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return what to collect, in the order of what it could change.

    Parameters
    ----------
    case, document, findings
        A checked case, its study so far and the 42 findings.
    hidden
        Items whose findings are not for the audience; what informs nothing else is left out.

    Returns
    -------
    list of dict
        ``text``, ``who``, ``why``, ``pointer``, ``informs`` (items), ``could_change`` (``advice``, ``reasons`` or
        ``none``) and ``advice_if`` (``well`` and ``badly``).
    """
    rows = []
    for gap in _all(case, findings):
        tried = _try(case, document, findings, gap)
        shown = [i for i in gap.informs if i not in hidden]
        if shown or not gap.informs:
            rows.append((tried, gap, shown))
    rows.sort(key=lambda row: (-row[0].distance, -row[0].reasons))
    return [
        {
            "text": gap.text,
            "who": gap.who,
            "why": gap.why,
            "pointer": gap.pointer,
            "informs": shown,
            "could_change": tried.effect,
            "advice_if": {"well": tried.well, "badly": tried.badly},
        }
        for tried, gap, shown in rows
    ]


def _all(case: Case, findings: Sequence[Finding]) -> Iterator[Gap]:
    """Yield the gaps of the case, then what the catalogue asks for items that no gap informs."""
    found = list(gaps(case))
    yield from found
    informed = {i for gap in found for i in gap.informs}
    asked: dict[Step, list[str]] = {}
    for f in findings:
        if f.verdict == "unknown" and f.item not in informed and f.next_steps:
            asked.setdefault(f.next_steps[0], []).append(f.item)
    for step, ids in asked.items():
        labels = " and ".join(f"“{items()[i].label}”" for i in ids)
        yield Gap(step.text, step.who, f"It tells where {labels} stands.", "/lessons", tuple(ids))


def _try(case: Case, document: Mapping[str, Any], findings: Sequence[Finding], gap: Gap) -> Tried:
    unknown = {f.item for f in findings if f.verdict == "unknown"} & set(gap.informs)
    order = list(dict.fromkeys(r.verdict for r in rules()))
    outcomes = []
    for place in (0, -1):
        assumed = [
            replace(f, verdict=list(items()[f.item].verdicts)[place]) if f.item in unknown else f
            for f in findings
        ]
        outcomes.append(advice(case, document, assumed))
    well, badly = (o["verdict"] for o in outcomes)
    if gap.decides:
        # What the figures would say is not known: at worst they stop the proposal as it stands.
        badly = order[0]
    reasons = {(r["rule"], r["applies_to"]) for r in outcomes[0]["rules"]} ^ {
        (r["rule"], r["applies_to"]) for r in outcomes[1]["rules"]
    }
    return Tried(abs(order.index(well) - order.index(badly)), len(reasons) + gap.decides, well, badly)
