"""A formula to try in the laboratory of shares: weights, floors and a phase-in, as sliders say them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.case.document import Case
from interlocal.case.formulas import Formula, Hybrid
from interlocal.case.options import Option
from interlocal.problems import InputError
from interlocal.questions.laboratory import laboratory
from interlocal.report import shares_words
from interlocal.web.examples import checked

USUAL = ("equal", "per_head", "by_value")
LONGEST = 10
"""Years of the longest phase-in that a slider offers."""
MOST = 10**12
"""More than anybody pays a year."""
WIDE = 13.0
"""Room that a mark takes in the picture."""


@dataclass(frozen=True)
class Slider:
    """A weight, or the least that a partner pays."""

    name: str
    label: str
    value: int
    said: str
    """What the slider says, with its unit."""
    most: int = 100
    step: int = 5


@dataclass(frozen=True)
class Trial:
    """What the sliders say, and what follows from it."""

    sliders: list[Slider]
    floors: list[Slider]
    years: int
    found: Mapping[str, Any] | None
    problem: str

    @property
    def phase_in(self) -> Slider:
        """The slider for the years in which bills move to the formula."""
        said = "at once" if not self.years else "1 year" if self.years == 1 else f"{self.years} years"
        return Slider("years", "Bills move to the formula over", self.years, said, LONGEST, 1)

    @property
    def all(self) -> list[Slider]:
        """Every slider."""
        return [*self.sliders, self.phase_in, *self.floors]

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
                "pays": shown["proposed"][p] if "proposed" in shown else None,
                "alone": self.found["stand_alone"][p],
                "accepts": ranges.get(p),
                "shares": [(k, n, s[p]) for n, (k, s) in enumerate(shown.items())],
                "bar": _bar(ranges.get(p), most),
                "alone_at": _at(self.found["stand_alone"][p], most),
                "tried": _at(shown["proposed"][p], most) if "proposed" in shown else None,
                "marks": _apart(
                    [(n, _at(s[p], most)) for n, (k, s) in enumerate(shown.items()) if k != "proposed"]
                ),
            }
            for p, name in names.items()
        ]

    @property
    def sentences(self) -> list[str]:
        """What some members could prefer, with the amount."""
        return [] if self.found is None else shares_words.who_would_walk(self.found, "this formula")


def _at(value: float, most: float) -> float:
    return round(4 + 292 * max(0.0, value) / most, 1)


def _apart(marks: list[tuple[int, float]]) -> list[tuple[int, float, float]]:
    """Return each mark with its height in the picture, so that marks that lie close stand one over the other."""
    placed: list[tuple[int, float, float]] = []
    for number, x in marks:
        taken = {y for _, other, y in placed if abs(other - x) < WIDE}
        placed.append(
            (number, x, next(y for y in (38.0 - WIDE * k for k in range(len(marks))) if y not in taken))
        )
    return placed


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
        ``w_MEASURE`` and ``w_equal`` from 0 to 100, ``floor_PARTNER`` as money a year, ``years`` of phase-in. Where
        nothing is said, the sliders stand as near to the proposed formula as they can.
    """
    option = case.proposed_option
    if option is None:
        return Trial([], [], 0, None, "The case has no shared option yet.")
    said = said or _proposed(option)
    weights = {m: _whole(said.get(f"w_{m}", ""), 100) for m in [*measures_of(case, option), "equal"]}
    if not any(weights.values()):
        weights |= {"population": 100} if "population" in weights else {"equal": 100}
    total = sum(weights.values())
    sliders = [Slider(f"w_{m}", "Equal parts" if m == "equal" else m.replace("_", " ").capitalize(), w, f"{w / total:.0%} of the bill") for m, w in weights.items()]  # fmt: skip
    least = {p: _whole(said.get(f"floor_{p}", ""), MOST) for p in case.members(option)}
    years = _whole(said.get("years", ""), LONGEST)
    try:
        changed = checked(_document(case, option, weights, least, years), "the formula to try")
        rules = tuple(k for k in USUAL if k != "by_value" or "equalised_valuation" in weights)
        rules = tuple(k for k in rules if k != "per_head" or "population" in weights)
        found = laboratory(changed, formulas=rules, draws=0)
        return Trial(sliders, _floors(case, least, found["stand_alone"]), years, found, "")
    except InputError as error:
        floors = _floors(case, least, {})
        return Trial(sliders, floors, years, None, " ".join(f"{p.found}; expected {p.expected}. {p.fix}" for p in error.problems))  # fmt: skip


def _proposed(option: Option) -> dict[str, str]:
    formula = option.formula
    if formula is None:
        return {}
    measure = {"equal": "equal", "per_head": "population", "by_value": "equalised_valuation"}.get(
        formula.rule.kind
    )
    weights = formula.rule.weights if isinstance(formula.rule, Hybrid) else {measure: 1.0} if measure else {}
    said = {f"w_{m}": f"{100 * w:.0f}" for m, w in weights.items()}
    said |= {f"floor_{p}": f"{q.central:.0f}" for p, q in formula.floors.items()}
    return said | ({"years": str(formula.phase_in.years)} if formula.phase_in else {})


def _whole(text: str, most: int) -> int:
    return min(int(text[:15]), most) if text.isdecimal() else 0


def _floors(case: Case, least: Mapping[str, int], alone: Mapping[str, float]) -> list[Slider]:
    """Return a slider for each partner, up to a round amount above what it pays alone, in about a hundred steps."""
    sliders = []
    for p, value in least.items():
        step = 10 ** max(0, len(str(int(max(alone.get(p, 0), value)))) - 2)
        most = step * math.ceil(max(alone.get(p, 0), value, 1) / step)
        sliders.append(Slider(f"floor_{p}", f"Least that {case.partner(p).name} pays", value, f"{case.currency} {value:,} a year" if value else "no floor", most, max(1, step // 10)))  # fmt: skip
    return sliders


def _document(case: Case, option: Option, weights: Mapping[str, int], least: Mapping[str, int], years: int) -> dict[str, Any]:  # fmt: skip
    total = sum(weights.values())
    formula: dict[str, Any] = {
        "rule": {"kind": "hybrid", "weights": {m: w / total for m, w in weights.items() if w}}
    }
    if any(least.values()):
        formula["floors"] = {p: {"value": value} for p, value in least.items() if value}
    if years:
        formula["phase_in"] = {"years": years}
    given = option.formula or Formula.model_validate({"rule": {"kind": "equal"}})
    kept = given.model_dump(mode="json", exclude_defaults=True, include={"capital_rule", "in_kind", "buy_in"})
    document: dict[str, Any] = case.model_dump(mode="json", exclude_defaults=True) | {"format": case.format}
    for entry in document["options"]:
        if entry["id"] == option.id:
            entry["formula"] = {**kept, **formula}
    return document
