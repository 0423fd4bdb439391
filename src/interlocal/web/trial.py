"""A formula to try in the laboratory of shares: weights, floors and a phase-in, as sliders say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.case.document import Case
from interlocal.case.formulas import Formula
from interlocal.case.options import Option
from interlocal.problems import InputError
from interlocal.questions.laboratory import laboratory
from interlocal.report import words
from interlocal.web.examples import checked
from interlocal.web.forms.quantities import NotUnderstood, understand

USUAL = ("equal", "per_head", "by_value")
LONGEST = 10
"""Years of the longest phase-in that a slider offers."""


@dataclass(frozen=True)
class Slider:
    """A weight."""

    name: str
    label: str
    value: int


@dataclass(frozen=True)
class Floor:
    """The least a partner pays."""

    partner: str
    label: str
    value: str
    problem: str = ""


@dataclass(frozen=True)
class Trial:
    """What the sliders say, and what follows from it."""

    sliders: list[Slider]
    floors: list[Floor]
    years: int
    found: Mapping[str, Any] | None
    problem: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One line for each partner: what it could accept, and where each formula stands in it [share of the widest]."""
        if self.found is None:
            return []
        names, formulas = self.found["names"], self.found["formulas"]
        shown = {k: f["shares"] for k, f in formulas.items() if "shares" in f}
        ranges = self.found["core_range"] or {}
        most = max([*(v for s in shown.values() for v in s.values()), *self.found["stand_alone"].values(), *(r[1] for r in ranges.values()), 1.0])  # fmt: skip
        return [
            {
                "name": name,
                "alone": self.found["stand_alone"][p],
                "accepts": ranges.get(p),
                "shares": [(k, s[p]) for k, s in shown.items()],
                "bar": _bar(ranges.get(p), most),
                "alone_at": _at(self.found["stand_alone"][p], most),
                "marks": [(k, _at(s[p], most)) for k, s in shown.items()],
            }
            for p, name in names.items()
        ]

    @property
    def sentences(self) -> list[str]:
        """What some members could prefer, with the amount."""
        return [] if self.found is None else words.who_would_walk(self.found, "this formula")


def _at(value: float, most: float) -> float:
    return round(4 + 292 * max(0.0, value) / most, 1)


def _bar(ends: list[float] | None, most: float) -> tuple[float, float] | None:
    return None if ends is None else (_at(ends[0], most), round(_at(ends[1], most) - _at(ends[0], most), 1))


def measures_of(case: Case, option: Option) -> list[str]:
    """Return the measures that every member has: only those can be weighed."""
    members = case.members(option)
    return [m for m in case.partner(members[0]).measures if all(m in case.partner(p).measures for p in members)]  # fmt: skip


def attempt(case: Case, said: Mapping[str, str]) -> Trial:
    """Work out a formula that nobody saved.

    Parameters
    ----------
    said
        ``w_MEASURE`` and ``w_equal`` from 0 to 100, ``floor_PARTNER`` as money is said, ``years`` of phase-in.
    """
    option = case.proposed_option
    if option is None:
        return Trial([], [], 0, None, "The case has no shared option yet.")
    weights = {m: _whole(said.get(f"w_{m}", ""), 100) for m in [*measures_of(case, option), "equal"]}
    if not any(weights.values()):
        weights |= {"population": 100} if "population" in weights else {"equal": 100}
    sliders = [Slider(f"w_{m}", "Equal parts" if m == "equal" else m.replace("_", " ").capitalize(), w) for m, w in weights.items()]  # fmt: skip
    floors = [_floor(p, case.partner(p).name, said.get(f"floor_{p}", "")) for p in case.members(option)]
    years = _whole(said.get("years", ""), LONGEST)
    try:
        changed = checked(_document(case, option, weights, floors, years), "the formula to try")
        rules = tuple(k for k in USUAL if k != "by_value" or "equalised_valuation" in weights)
        rules = tuple(k for k in rules if k != "per_head" or "population" in weights)
        return Trial(sliders, floors, years, laboratory(changed, formulas=rules, draws=0), "")
    except InputError as error:
        return Trial(sliders, floors, years, None, " ".join(f"{p.found}; expected {p.expected}. {p.fix}" for p in error.problems))  # fmt: skip


def _whole(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() else 0


def _floor(partner: str, name: str, said: str) -> Floor:
    if not said.strip():
        return Floor(partner, name, "")
    try:
        understand(said)["value"]
    except (NotUnderstood, KeyError):
        return Floor(partner, name, said, "Write one amount, like 40,000.")
    return Floor(partner, name, said)


def _document(case: Case, option: Option, weights: Mapping[str, int], floors: list[Floor], years: int) -> dict[str, Any]:  # fmt: skip
    total = sum(weights.values())
    formula: dict[str, Any] = {
        "rule": {"kind": "hybrid", "weights": {m: w / total for m, w in weights.items() if w}}
    }
    least = {f.partner: {"value": understand(f.value)["value"]} for f in floors if f.value and not f.problem}
    if least:
        formula["floors"] = least
    if years:
        formula["phase_in"] = {"years": years}
    given = option.formula or Formula.model_validate({"rule": {"kind": "equal"}})
    kept = given.model_dump(mode="json", exclude_defaults=True, include={"capital_rule", "in_kind", "buy_in"})
    document: dict[str, Any] = case.model_dump(mode="json", exclude_defaults=True) | {"format": case.format}
    for entry in document["options"]:
        if entry["id"] == option.id:
            entry["formula"] = {**kept, **formula}
    return document
