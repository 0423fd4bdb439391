"""What a check found: a verdict, the evidence for it and what to do next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from interlocal.case.document import Gate
from interlocal.case.values import Visibility
from interlocal.lessons.catalogue import Item, ListName, Step

Kind = Literal["record", "raters", "claim"]
"""Recorded fact or computed result; several raters; one person's claim."""
Confidence = Literal["high", "medium", "low"]
_CONFIDENCE: dict[Kind, Confidence] = {"record": "high", "raters": "medium", "claim": "low"}
_WEAKEST_FIRST: tuple[Kind, ...] = ("claim", "raters", "record")

BAD = frozenset({"watch", "warning", "weak", "missing"})
"""Verdicts for which the remedy is shown."""


@dataclass(frozen=True)
class Evidence:
    """One sentence with its figure and the place it came from."""

    text: str
    pointer: str
    """JSON pointer into the case or the study."""
    value: float | str | None = None
    unit: str | None = None
    kind: Kind = "record"


@dataclass(frozen=True)
class Judgement:
    """What a check says of its item; without evidence it is unknown."""

    verdict: str
    because: tuple[Evidence, ...] = ()
    steps: tuple[Step, ...] = ()
    """Steps of this case, shown before those of the catalogue."""


@dataclass(frozen=True)
class Finding:
    """A judgement with all that a reader needs."""

    item: str
    list: ListName
    gate: Gate
    due: bool
    verdict: str
    confidence: Confidence
    audience: Visibility
    because: tuple[Evidence, ...]
    next_steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as ``study.json`` holds it."""
        row = asdict(self)
        row["because"] = [{k: v for k, v in asdict(e).items() if k != "kind"} for e in self.because]
        row["next_steps"] = [asdict(s) for s in self.next_steps]
        return row


def finding(item: Item, judgement: Judgement, gate: Gate, audience: Visibility) -> Finding:
    """Return the finding of an item; a judgement without evidence is unknown, whatever it says."""
    verdict = judgement.verdict if judgement.because else "unknown"
    shipped = item.collect if verdict == "unknown" else item.remedy if verdict in BAD else ()
    return Finding(
        item.id,
        item.list,
        item.gate,
        item.due(gate),
        verdict,
        confidence(judgement.because) if verdict != "unknown" else "low",
        audience,
        judgement.because,
        (*judgement.steps, *shipped),
    )


def confidence(because: tuple[Evidence, ...]) -> Confidence:
    """Return the confidence that the weakest kind of evidence allows."""
    kinds = {e.kind for e in because}
    return _CONFIDENCE[next(k for k in _WEAKEST_FIRST if k in kinds)]
