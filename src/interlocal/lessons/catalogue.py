"""What each lesson asks, as data: see ``reference/lessons.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from interlocal.case.document import Gate
from interlocal.case.values import Visibility
from interlocal.reference.files import frozen, index, toml

ListName = Literal["drivers", "principles", "pitfalls", "questions", "necessities"]
LISTS: tuple[ListName, ...] = get_args(ListName)
GATES: tuple[Gate, ...] = get_args(Gate)


@dataclass(frozen=True)
class Step:
    """Something to do now, and who could do it."""

    text: str
    who: str


@dataclass(frozen=True)
class Threshold:
    """A named boundary of a verdict; a case may override it with a reason."""

    id: str
    """The item's id and its own name: ``driver.leadership.window_months``."""
    value: float
    unit: str
    source: str
    """Id of a source, or ``judgement``."""
    meaning: str


@dataclass(frozen=True)
class Item:
    """One of the 42 lessons."""

    id: str
    list: ListName
    gate: Gate
    """From which it is due."""
    label: str
    explanation: str
    audience: Visibility
    """Widest audience of its finding."""
    critical_from: Gate | None
    verdicts: Mapping[str, str]
    """When each verdict is given."""
    collect: tuple[Step, ...]
    remedy: tuple[Step, ...]
    thresholds: Mapping[str, Threshold]
    """By their own name."""

    def due(self, gate: Gate) -> bool:
        """Whether the item is due at a gate."""
        return reached(gate, self.gate)

    def critical(self, gate: Gate) -> bool:
        """Whether a bad finding holds the case back at a gate."""
        return self.critical_from is not None and reached(gate, self.critical_from)


@dataclass(frozen=True)
class Rule:
    """One rule of the advice; the first that applies gives the verdict."""

    id: str
    verdict: str
    text: str
    limit: float | None = None
    """Probability at which it applies."""
    bad: tuple[str, ...] = ()
    """Verdicts of findings to which it applies."""


def reached(gate: Gate, due: Gate) -> bool:
    """Whether a case at ``gate`` has come to ``due``."""
    return GATES.index(gate) >= GATES.index(due)


@cache
def items() -> Mapping[str, Item]:
    """Return the 42 items by id, list by list in the checklist's order."""
    data = toml("lessons")
    return index({row["id"]: _item(name, row) for name in LISTS for row in data[name]})


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of the advice in their order."""
    return tuple(Rule(**frozen(row)) for row in toml("lessons")["rules"])


def _item(name: ListName, row: Mapping[str, Any]) -> Item:
    return Item(
        id=row["id"],
        list=name,
        gate=row["gate"],
        label=row["label"],
        explanation=row["explanation"],
        audience=row["audience"],
        critical_from=row.get("critical_from"),
        verdicts=index(row["verdicts"]),
        collect=tuple(Step(*pair) for pair in row["collect"]),
        remedy=tuple(Step(*pair) for pair in row.get("remedy", ())),
        thresholds=index(
            {k: Threshold(f"{row['id']}.{k}", **v) for k, v in row.get("threshold", {}).items()}
        ),
    )
