"""What a case says to each clause of an agreement: parties, scope, standards, formula, votes, leaving.

A term is a proposal unless its clause is agreed. Where the case says nothing there is no term, and nothing is made up.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.blocks import Block, Items, Paragraph, Table
from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.governance.view import View
from interlocal.governance.writing import BLANK, cells, listed, percent
from interlocal.reference import formulas, governance_models


@dataclass(frozen=True)
class Draft:
    """What a term may read."""

    case: Case
    option: Option
    place: str
    """Pointer to the option."""
    model: str
    document: Mapping[str, Any]
    view: View

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of the parties."""
        return self.case.members(self.option)

    def name(self, partner: str) -> str:
        """Return a party's name."""
        return self.case.partner(partner).name

    def sees(self, *path: str) -> bool:
        """Tell whether the draft's audience may see a part of the option."""
        return self.view.sees("/".join((self.place, *path)))


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
    found = [draft.case.partner(p) for p in draft.members]
    rows = [cells(p.name, p.kind or BLANK, p.place or BLANK, BLANK) for p in found]
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
    said = listed(filter(None, (tier.label, tier.reason)))
    return f"{said or 'no reason given'}; {'decided' if tier.decided else 'not decided'}"


def _standards(draft: Draft) -> Iterator[Block]:
    rows = []
    for i, measure in enumerate(draft.case.service_measures):
        if not draft.view.sees(f"/service_measures/{i}"):
            continue
        expected = {f.partner: f.value.central for f in draft.option.forecasts if f.measure == measure.id}
        margin = "not agreed" if measure.margin is None else f"{measure.margin:g}"
        better = "higher is better" if measure.better == "higher" else "lower is better"
        for p in draft.members:
            today, then = measure.baseline.get(p), expected.get(p, expected.get(None))
            rows.append(
                cells(
                    f"{measure.name}, {draft.name(p)}",
                    f"{measure.unit}, {better}",
                    "not known" if today is None else f"{today.central:g}",
                    "no forecast" if then is None else f"{then:g}",
                    margin,
                    BLANK[:10],
                )
            )
    if rows:
        columns = (
            "Measure and party",
            "Unit",
            "Today",
            "Forecast",
            "A change that does not matter",
            "Standard",
        )
        yield Table("standards", "Standards: the levels of today and the forecast", columns, tuple(rows))
        yield Paragraph("A forecast is not a promise. The parties write the standard they agree on into the last column.", tone="note")  # fmt: skip


def _duration(draft: Draft) -> Iterator[Block]:
    option = draft.option
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
    if draft.option.lead:
        yield Paragraph(f"{draft.name(draft.option.lead)} is the lead.")


def _votes(draft: Draft) -> Iterator[Block]:
    voting = draft.option.voting
    if voting is None or not draft.sees("voting"):
        return
    held = {p: voting.votes.get(p, 0.0) if voting.votes else 1.0 for p in draft.members}
    rows = [cells(draft.name(p), f"{v:g}") for p, v in held.items()]
    yield Table("votes", "Votes on the board", ("Party", "Votes"), tuple(rows))
    decided = (
        "The parties decided this." if voting.decided else "Nobody has decided this; it stands as it came."
    )
    yield Paragraph(
        f"A decision needs more than {percent(voting.quota)} of all {sum(held.values()):g} votes. {decided}"
    )


def _budget(draft: Draft) -> Iterator[Block]:
    rows = [cells(p.name, month_name[p.fiscal_year_start]) for p in map(draft.case.partner, draft.members)]
    yield Table("years", "When each party's fiscal year begins", ("Party", "Month"), tuple(rows))


def _formula(draft: Draft) -> Iterator[Block]:
    formula = draft.option.formula
    if formula is None or not draft.sees("formula"):
        return
    known = formulas().get(formula.rule.kind)
    name = known.name if known else formula.rule.kind.replace("_", " ").capitalize()
    weights = getattr(formula.rule, "weights", {})
    by = (
        ": " + listed(f"{percent(w)} by {m.replace('_', ' ')}" for m, w in weights.items()) if weights else ""
    )
    yield Paragraph(f"{name}{by}. Annex A works it out line by line.", lead="The rule.")
    if formula.floors or formula.caps:
        rows = [
            cells(draft.name(p), _bound(formula.floors.get(p)), _bound(formula.caps.get(p)))
            for p in draft.members
            if p in formula.floors or p in formula.caps
        ]
        columns = ("Party", "Pays at least, a year", "Pays at most, a year")
        yield Table("bounds", f"Floors and caps ({draft.case.currency})", columns, tuple(rows))
    if phase := formula.phase_in:
        start = "what each pays today" if phase.start_from == "today" else "equal shares"
        cap = (
            f" No bill rises by more than {percent(phase.cap_per_year)} a year." if phase.cap_per_year else ""
        )
        yield Paragraph(
            f"The formula is reached over {phase.years} years, from {start}.{cap}", lead="Phase-in."
        )
    if formula.band:
        yield Paragraph(f"Every share stays within {percent(formula.band.within)} of a reference formula.", lead="Band.")  # fmt: skip
    if formula.in_kind:
        given = tuple(Paragraph(f"{draft.name(g.partner)} gives {g.what}, counted at {draft.case.currency} {g.value.central:,.0f} a year.") for g in formula.in_kind)  # fmt: skip
        yield Items(given)
    chosen = f" on {formula.decided_on}" if formula.decided_on else ""
    yield Paragraph(f"The parties chose this formula{chosen}." if formula.decided else "Nobody has decided this formula; it stands as it came.")  # fmt: skip


def _bound(money: Any) -> str:
    return "–" if money is None else f"{money.central:,.0f}"


def _true_up(draft: Draft) -> Iterator[Block]:
    formula = draft.option.formula
    if formula is None or not draft.sees("formula"):
        return
    if formula.true_up == "year_end":
        yield Paragraph("At year end the shares are worked out again with the year's actual measures and actual cost. Each party pays or gets back the difference.")  # fmt: skip
    else:
        yield Paragraph("The case names no settling of bills against actual cost and use.")


def _formula_changes(draft: Draft) -> Iterator[Block]:
    formula = draft.option.formula
    if formula is not None and formula.reopens_when and draft.sees("formula"):
        yield Paragraph("The formula is opened again when:")
        yield Items(tuple(Paragraph(when) for when in formula.reopens_when))


def _staffing(draft: Draft) -> Iterator[Block]:
    rule = draft.case.staffing.levelling
    said = {
        "highest": "All move to the highest pay scale at once.",
        "phased": f"Pay is raised to the highest scale over {rule.years if rule else None} years.",
        "grandfathered": "Staff of today keep their scale; new staff come on the joint one.",
        "none": "Each keeps its pay scale.",
    }
    if rule:
        yield Paragraph(said[rule.rule], lead="Pay.")
    units = sorted({s.bargaining_unit for s in draft.case.staffing.scales if s.bargaining_unit})
    if units:
        yield Paragraph(f"Bargaining units concerned: {listed(units)}.")


def _monitoring(draft: Draft) -> Iterator[Block]:
    plan = draft.case.plan
    if plan and plan.rhythm_days and draft.view.sees("/plan/rhythm_days"):
        yield Paragraph(f"The parties meet or decide at least every {plan.rhythm_days} days.")


def _admission(draft: Draft) -> Iterator[Block]:
    formula = draft.option.formula
    if formula is not None and formula.buy_in and draft.sees("formula", "buy_in"):
        paid = tuple(Paragraph(f"{draft.name(b.partner)} pays {draft.case.currency} {b.amount.central:,.0f} once to join{f' in {b.year}' if b.year else ''}.") for b in formula.buy_in)  # fmt: skip
        yield Items(paid)


def _notice(draft: Draft) -> Iterator[Block]:
    leaving = draft.option.exit
    if leaving and leaving.notice_months is not None and draft.sees("exit"):
        yield Paragraph(f"A party that leaves says so {leaving.notice_months} months before, in writing.")


def _stranded(draft: Draft) -> Iterator[Block]:
    leaving = draft.option.exit
    if leaving and leaving.stranded_share is not None and draft.sees("exit"):
        years = "1 year" if leaving.stranded_years == 1 else f"{leaving.stranded_years} years"
        yield Paragraph(f"The leaver goes on paying {percent(leaving.stranded_share)} of the cost that its leaving strands, for {years}. Annex B shows what each withdrawal would cost.")  # fmt: skip


def _capital(draft: Draft) -> Iterator[Block]:
    formula, leaving, renewal = draft.option.formula, draft.option.exit, draft.option.renewal
    if formula is not None and draft.sees("formula"):
        rule = "a rule of its own" if formula.capital_rule else "the same rule as the rest"
        yield Paragraph(f"Joint capital and debt are shared by {rule}.")
    if leaving and draft.sees("exit"):
        if leaving.reserve_contribution is not None:
            yield Paragraph(f"Each bill carries {percent(leaving.reserve_contribution)} more for a reserve.")
        if leaving.reserve_returned is not None:
            yield Paragraph(f"A leaver {'gets its part of the reserve back' if leaving.reserve_returned else 'leaves its part of the reserve behind'}.")  # fmt: skip
    if renewal and draft.sees("renewal"):
        yield Paragraph(f"Renewal needs {draft.case.currency} {renewal.needed.central:,.0f} a year; {renewal.set_aside.central:,.0f} is set aside.")  # fmt: skip


def _inflation(draft: Draft) -> Iterator[Block]:
    used = {x.escalator for x in draft.option.lines if x.escalator}
    used |= {draft.case.assumptions.default_escalator} - {None}
    known = [e for e in draft.case.assumptions.escalators if e.id in used]
    found = tuple(
        Paragraph(f"{e.id.replace('_', ' ').capitalize()}: {percent(e.rate.central)} a year ({e.source}).") for e in known
    )  # fmt: skip
    if found:
        yield Paragraph("The study carries cost forward at these rates. They are no index; the parties choose one.")  # fmt: skip
        yield Items(found)


def _reopener(draft: Draft) -> Iterator[Block]:
    if draft.option.review_date:
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
    "budget": _budget,
    "cost_formula": _formula,
    "true_up": _true_up,
    "formula_changes": _formula_changes,
    "staffing": _staffing,
    "monitoring": _monitoring,
    "admission": _admission,
    "notice": _notice,
    "stranded_cost": _stranded,
    "capital_operating": _capital,
    "inflation": _inflation,
    "reopener": _reopener,
    "approval_filing": _approval,
}
"""What fills a clause; the other clauses have nothing in a case to fill them from but their own words."""
