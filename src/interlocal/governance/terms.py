"""What a case says to each clause of an agreement: parties, scope, standards, formula, votes, leaving.

A term is a proposal unless its clause is agreed. Where the case says nothing there is no term, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from interlocal.blocks import Block, Items, Paragraph, Table
from interlocal.governance import money_terms
from interlocal.governance.draft import Draft
from interlocal.governance.writing import BLANK, cells, percent
from interlocal.phrases import listed
from interlocal.reference import governance_models

Term = Callable[[Draft], Iterator[Block]]


def terms(draft: Draft, clause: str) -> tuple[Block, ...]:
    """Return what the case says to a clause, in blocks; nothing where it says nothing."""
    term = TERMS.get(clause)
    return tuple(term(draft)) if term else ()


def _authority(draft: Draft) -> Iterator[Block]:
    told = draft.case.governance
    if told and told.legal_powers and draft.view.sees("/governance/legal_powers"):
        yield Items(tuple(Paragraph(law) for law in told.legal_powers))


def _purpose(draft: Draft) -> Iterator[Block]:
    service = draft.document["case"]["service"]["name"].lower()
    yield Paragraph(f"The parties provide {service} together, for their residents.")
    seen = draft.case.vision
    if seen and draft.view.sees("/vision"):
        agreed = listed(draft.name(p) for p in seen.agreed_by) or "nobody yet"
        yield Paragraph(f"{seen.text} (Agreed to by {agreed}.)", lead="The vision.")


def _parties(draft: Draft) -> Iterator[Block]:
    rows = []
    for p in draft.members:
        told = draft.case.partner(p)
        kind, place = (told.kind, told.place) if draft.sees_partner(p) else (None, None)
        rows.append(cells(told.name, kind or BLANK, place or BLANK, BLANK))
    columns = ("Party", "Kind", "Law of", "Acts for it day to day")
    yield Table("parties", "The parties", columns, tuple(rows), "/partners")


def _services(draft: Draft) -> Iterator[Block]:
    if draft.case.service.scope and draft.view.sees("/service/scope"):
        yield Paragraph(draft.case.service.scope, lead="Scope.")
    if draft.option.tiers and draft.sees("tiers"):
        shares = {p: draft.option.tiers.get(p) for p in draft.members}
        rows = [
            cells(draft.name(p), percent(t.share) if t else "100 percent", _tier(t)) for p, t in shares.items()
        ]  # fmt: skip
        yield Table("tiers", "How much of the service each party takes", ("Party", "Share of the service", "What was decided"), tuple(rows))  # fmt: skip
    yield from _standards(draft)


def _tier(tier: Any) -> str:
    if tier is None:
        return "the whole service; nothing else was said"
    said = "; ".join(filter(None, (tier.label, tier.reason)))
    return f"{said or 'no reason given'}; {'decided' if tier.decided else 'not decided'}"


def _standards(draft: Draft) -> Iterator[Block]:
    shown = [
        measure
        for i, measure in enumerate(draft.case.service_measures)
        if draft.view.sees(f"/service_measures/{i}/baseline")
    ]
    for measure in shown:
        expected = {f.partner: f.value.central for f in draft.option.forecasts if f.measure == measure.id}
        rows = [
            cells(
                draft.name(p),
                _level(measure.baseline[p].central) if p in measure.baseline else "not known",
                _level(expected.get(p, expected.get(None))),
                BLANK[:12],
            )
            for p in draft.members
        ]
        better = f"{measure.better} is better"
        margin = "no margin was agreed" if measure.margin is None else f"a change of {measure.margin:g} does not matter"  # fmt: skip
        title = f"{measure.name} ({measure.unit}; {better}; {margin})"
        yield Table(
            f"standard-{measure.id}", title, ("Party", "Today", "Forecast", "Standard agreed"), tuple(rows)
        )
    if shown:
        yield Paragraph("A forecast is not a promise. The parties write the standard they agree on into the last column.", tone="note")  # fmt: skip


def _level(value: float | None) -> str:
    return "no forecast" if value is None else f"{value:.3g}"


def _duration(draft: Draft) -> Iterator[Block]:
    option = draft.option
    if not draft.sees("starts"):
        return
    told = [
        f"The service starts under this agreement in {option.starts}." if option.starts else "",
        f"The first term is {option.term_years} years." if option.term_years else "",
        f"The first review is on {option.review_date}." if option.review_date else "",
        f"It ends on {option.sunset} unless the parties renew it." if option.sunset else "",
    ]
    if any(told):
        yield Paragraph(" ".join(filter(None, told)))


def _organisation(draft: Draft) -> Iterator[Block]:
    model = governance_models()[draft.model]
    yield Paragraph(f"The form is: {model.name.lower()}. {model.good_when}")
    if draft.option.lead and draft.sees("lead"):
        yield Paragraph(f"{draft.name(draft.option.lead)} is the lead.")


def _votes(draft: Draft) -> Iterator[Block]:
    voting = draft.option.voting
    if voting is None or not draft.sees("voting"):
        return
    held = {p: voting.votes.get(p, 0.0) if voting.votes else 1.0 for p in draft.members}
    rows = [cells(draft.name(p), f"{v:g}") for p, v in held.items()]
    yield Table("votes", "Votes on the board", ("Party", "Votes"), tuple(rows))
    decided = "On record as decided." if voting.decided else "Nobody has decided this; it stands as it came."
    yield Paragraph(
        f"A decision needs more than {percent(voting.quota)} of all {sum(held.values()):g} votes. {decided}"
    )


def _staffing(draft: Draft) -> Iterator[Block]:
    rule = draft.case.staffing.levelling
    said = {
        "highest": "All move to the highest pay scale at once.",
        "phased": f"Pay is raised to the highest scale over {rule.years if rule else None} years.",
        "grandfathered": "Staff of today keep their scale; new staff come on the joint one.",
        "none": "Each keeps its pay scale.",
    }
    if rule and draft.view.sees("/staffing/levelling"):
        yield Paragraph(said[rule.rule], lead="Pay.")
    if not draft.view.sees("/staffing/scales"):
        return
    units = sorted({s.bargaining_unit for s in draft.case.staffing.scales if s.bargaining_unit})
    if units:
        yield Paragraph(f"Bargaining units concerned: {listed(units)}.")


def _monitoring(draft: Draft) -> Iterator[Block]:
    plan = draft.case.plan
    if plan and plan.rhythm_days and draft.view.sees("/plan/rhythm_days"):
        yield Paragraph(f"The parties meet or decide at least every {plan.rhythm_days} days.")


def _reopener(draft: Draft) -> Iterator[Block]:
    if draft.option.review_date and draft.sees("review_date"):
        yield Paragraph(f"The parties review the whole agreement by {draft.option.review_date}.")


def _approval(draft: Draft) -> Iterator[Block]:
    rows = []
    for i, vote in enumerate(draft.case.votes):
        if vote.about == "adopt" and draft.view.sees(f"/votes/{i}"):
            rows.append(
                cells(draft.name(vote.partner), vote.on.isoformat(), vote.outcome, listed(vote.conditions) or "none")
            )  # fmt: skip
    if rows:
        yield Table("adopted", "Votes to adopt that are on record", ("Party", "Day", "Outcome", "Conditions"), tuple(rows))  # fmt: skip


TERMS: Mapping[str, Term] = {
    "authority": _authority,
    "purpose": _purpose,
    "parties": _parties,
    "services_standards": _services,
    "duration": _duration,
    "organisation": _organisation,
    "votes": _votes,
    "budget": money_terms.budget,
    "cost_formula": money_terms.formula,
    "true_up": money_terms.true_up,
    "formula_changes": money_terms.formula_changes,
    "staffing": _staffing,
    "monitoring": _monitoring,
    "admission": money_terms.admission,
    "notice": money_terms.notice,
    "stranded_cost": money_terms.stranded,
    "capital_operating": money_terms.capital,
    "inflation": money_terms.inflation,
    "reopener": _reopener,
    "approval_filing": _approval,
}
"""What fills a clause; the other clauses have nothing in a case to fill them from but their own words."""
