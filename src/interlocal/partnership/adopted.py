"""A case that was adopted becomes an agreement: its terms as they stand, its promise frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from interlocal.case.document import Case
from interlocal.case.formulas import GameBased
from interlocal.case.options import Option
from interlocal.case.text import as_node
from interlocal.partnership.agreement import Organisation, Party, Renewal, Standard
from interlocal.partnership.document import Partnership, partnership_from_node
from interlocal.partnership.fiscal import add_months
from interlocal.partnership.performance import baseline_from_study
from interlocal.problems import InputError, Problem

REACHED = ("adopt", "run")
"""Gates at which terms are settled enough to become an agreement."""


def agreement_of(
    case: Case, document: Mapping[str, Any], *, starts: date, option: str | None = None
) -> Partnership:
    """Return the agreement that follows from an adopted case.

    Parameters
    ----------
    document
        The study of this case, as ``study.json`` holds it; what it promises on its central path becomes the baseline.
    starts
        First day of the agreement.
    option
        The one adopted; the proposed one where None.

    Raises
    ------
    InputError
        Where the case has not reached adoption, fewer than two partners share, or the study is of another case.
    """
    chosen = case.option(option) if option in {o.id for o in case.options} else case.proposed_option
    if case.gate not in REACHED or chosen is None or len(case.members(chosen)) < 2:
        found = f"the gate {case.gate}" if case.gate not in REACHED else "no option that two partners share"
        raise InputError(Problem("case", case.title, found, "a case at the gate adopt with a proposed option", "Bring the case to adoption first, or start from nothing."))  # fmt: skip
    members = case.members(chosen)
    promise = baseline_from_study(case, document, chosen.id)
    first = min((y.year for y in promise.years if y.together), default=None)
    ends = add_months(starts, 12 * chosen.term_years) if chosen.term_years else None
    made = Partnership(
        format=1,
        id=chosen.id,
        title=case.title,
        currency=case.currency,
        fictional=case.fictional,
        organisations=tuple(Organisation(id=p.id, name=p.name) for p in case.partners if p.id in members),
        parties=tuple(Party(organisation=p, tier=chosen.tiers[p].share if p in chosen.tiers else 1.0) for p in members),
        service=case.service.id,
        form=chosen.form,
        lead=chosen.lead if chosen.lead in members else None,
        starts=starts,
        ends=date.fromordinal(ends.toordinal() - 1) if ends else None,
        renewal=Renewal(),
        notice_months=chosen.exit.notice_months if chosen.exit else None,
        formula=chosen.formula,
        frozen_parts=_parts(chosen, document),
        before={y.organisation: y.do_nothing for y in promise.years if y.year == first and y.organisation in members},
        standards=_standards(case, chosen),
        voting=chosen.voting,
        exit=chosen.exit,
        review_date=chosen.review_date,
        baseline=promise,
    )  # fmt: skip
    return partnership_from_node(as_node(made.model_dump(mode="json", exclude_unset=True)), case.title)


def _parts(option: Option, document: Mapping[str, Any]) -> dict[str, float]:
    """Return each member's part of the first bills, where the formula follows from the cost of every group."""
    if option.formula is None or not isinstance(option.formula.rule, GameBased):
        return {}
    paths = document["central"]["options"][option.id]["partners"]
    bills = next((y for y in zip(*(p["bill"] for p in paths.values()), strict=True) if sum(y) > 0), ())
    return {p: bill / sum(bills) for p, bill in zip(paths, bills, strict=False)}


def _standards(case: Case, option: Option) -> tuple[Standard, ...]:
    """Return what the study promised of service for all members alike; a promise to one alone stays in the baseline."""
    promised = {f.measure: f.value.central for f in option.forecasts if f.partner is None}
    return tuple(
        Standard(id=m.id, name=m.name, unit=m.unit, target=promised[m.id], better=m.better)
        for m in case.service_measures
        if m.id in promised
    )


def kept_promise(before: Partnership, now: Partnership) -> None:
    """Refuse to change or drop a baseline once it is frozen.

    Raises
    ------
    InputError
        Where it differs from the one before.
    """
    if before.baseline is not None and before.baseline != now.baseline:
        raise InputError(Problem("/baseline", "The promise", "a change", f"the baseline as frozen on {before.baseline.frozen_on}", "What was promised at adoption stays as it is. Record what came of it, or write a note into a new agreement."))  # fmt: skip
