"""Which formulas a laboratory holds side by side: the proposed one, the usual ones, and what somebody asks to try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interlocal.case.document import Case
from interlocal.case.formulas import ByUsage, ByValue, Equal, Formula, GameBased, PerHead, Rule
from interlocal.case.options import Option
from interlocal.case.read import formula_from_text
from interlocal.problems import InputError, Problem
from interlocal.sharing.explain import formula_problems

GAMES = ("shapley", "nucleolus", "per_capita_nucleolus", "scrb", "gately", "tau", "moriarity", "equal_charge")


def formulas_tried(case: Case, option: Option, asked: Sequence[str] = ()) -> dict[str, Formula]:
    """Return formulas by name; the proposed one whole and first, the usual ones as a bare rule.

    Parameters
    ----------
    asked
        Names (``per_head``, ``by_usage:calls``, ``shapley``, …) or formulas as a case has them
        (``{kind: hybrid, weights: {calls: 0.6, population: 0.4}}``); the usual ones where empty.

    Raises
    ------
    InputError
        With everything that is wrong with what was asked for.
    """
    known = _known(case, option)
    wanted = tuple(asked) or tuple(k for k in known if not k.startswith("by_usage:"))
    found: dict[str, Formula] = {} if option.formula is None else {"proposed": option.formula}
    problems: list[Problem] = []
    for text in wanted:
        if text in known:
            found[text] = Formula(rule=known[text])
        elif "{" in text:
            try:
                formula = formula_from_text(text, "--formula")
            except InputError as error:
                problems += error.problems
                continue
            problems += _unfit(case, option, formula, text)
            found[_name(formula.rule.kind, found)] = formula
        else:
            problems.append(
                Problem(
                    "",
                    "--formula",
                    text.strip() or "nothing",
                    f"one of {', '.join(known)}, or a formula such as {{kind: hybrid, weights: {{calls: 1}}}}",
                    "Choose one of these, or add the measure to the case.",
                )
            )
    if problems:
        raise InputError(problems)
    return found


def _known(case: Case, option: Option) -> dict[str, Rule]:
    members = case.members(option)
    shared = [
        m for m in case.partner(members[0]).measures if all(m in case.partner(p).measures for p in members)
    ]
    known: dict[str, Rule] = {"equal": Equal(kind="equal")}
    if "population" in shared:
        known["per_head"] = PerHead(kind="per_head")
    if "equalised_valuation" in shared:
        known["by_value"] = ByValue(kind="by_value")
    for m in shared:
        if m not in {"population", "equalised_valuation"}:
            known[f"by_usage:{m}"] = ByUsage(kind="by_usage", measure=m)
    for kind in GAMES:
        known[kind] = GameBased.model_validate({"kind": kind})
    return known


def _unfit(case: Case, option: Option, formula: Formula, text: str) -> list[Problem]:
    """Return what keeps a formula that was typed in from working in this option."""
    changed = option.model_copy(update={"formula": formula})
    return [
        replace(p, path=p.path.partition("/formula")[2], where=f"--formula {text}")
        for p in formula_problems(changed, case)
    ]


def _name(kind: str, taken: dict[str, Formula]) -> str:
    name, k = kind, 2
    while name in taken:
        name, k = f"{kind}_{k}", k + 1
    return name
