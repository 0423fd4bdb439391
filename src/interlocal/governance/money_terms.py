"""What a case says to the clauses about money: formula, settling, joining, leaving, capital."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator
from typing import Any

from interlocal.blocks import Block, Items, Paragraph, Table
from interlocal.governance.draft import Draft
from interlocal.governance.writing import cells, percent
from interlocal.phrases import listed
from interlocal.reference import formulas


def budget(draft: Draft) -> Iterator[Block]:
    """Yield when each party plans its year."""
    found = [draft.case.partner(p) for p in draft.members if draft.sees_partner(p)]
    rows = [cells(p.name, month_name[p.fiscal_year_start]) for p in found]
    if rows:
        yield Table("years", "When each party's fiscal year begins", ("Party", "Month"), tuple(rows))


def formula(draft: Draft) -> Iterator[Block]:
    """Yield who pays what, and what bends it."""
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
    if (formula.floors or formula.caps) and draft.sees("formula", "floors") and draft.sees("formula", "caps"):
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
    if formula.in_kind and draft.sees("formula", "in_kind"):
        given = tuple(Paragraph(f"{draft.name(g.partner)} gives {g.what}, counted at {draft.case.currency} {g.value.central:,.0f} a year.") for g in formula.in_kind)  # fmt: skip
        yield Items(given)
    chosen = f" on {formula.decided_on}" if formula.decided_on else ""
    yield Paragraph(f"On record as chosen{chosen}." if formula.decided else "Nobody has decided this formula; it stands as it came.")  # fmt: skip


def _bound(money: Any) -> str:
    return "–" if money is None else f"{money.central:,.0f}"


def true_up(draft: Draft) -> Iterator[Block]:
    """Yield how bills are settled."""
    formula = draft.option.formula
    if formula is None or not draft.sees("formula"):
        return
    if formula.true_up == "year_end":
        yield Paragraph("At year end the shares are worked out again with the year's actual measures and actual cost. Each party pays or gets back the difference.")  # fmt: skip
    else:
        yield Paragraph("The case names no settling of bills against actual cost and use.")


def formula_changes(draft: Draft) -> Iterator[Block]:
    """Yield what opens the formula again."""
    formula = draft.option.formula
    if formula is not None and formula.reopens_when and draft.sees("formula"):
        yield Paragraph("The formula is opened again when:")
        yield Items(tuple(Paragraph(when) for when in formula.reopens_when))


def admission(draft: Draft) -> Iterator[Block]:
    """Yield what joining costs."""
    formula = draft.option.formula
    if formula is not None and formula.buy_in and draft.sees("formula", "buy_in"):
        paid = tuple(Paragraph(f"{draft.name(b.partner)} pays {draft.case.currency} {b.amount.central:,.0f} once to join{f' in {b.year}' if b.year else ''}.") for b in formula.buy_in)  # fmt: skip
        yield Items(paid)


def notice(draft: Draft) -> Iterator[Block]:
    """Yield how long before it leaves a party says so."""
    leaving = draft.option.exit
    if leaving and leaving.notice_months is not None and draft.sees("exit"):
        yield Paragraph(f"A party that leaves says so {leaving.notice_months} months before, in writing.")


def stranded(draft: Draft) -> Iterator[Block]:
    """Yield what a leaver goes on paying."""
    leaving = draft.option.exit
    if leaving and leaving.stranded_share is not None and draft.sees("exit"):
        years = "1 year" if leaving.stranded_years == 1 else f"{leaving.stranded_years} years"
        yield Paragraph(f"The leaver goes on paying {percent(leaving.stranded_share)} of the cost that its leaving strands, for {years}. Annex B shows what each withdrawal would cost.")  # fmt: skip


def capital(draft: Draft) -> Iterator[Block]:
    """Yield what is said of capital, the reserve and renewal."""
    formula, leaving, renewal = draft.option.formula, draft.option.exit, draft.option.renewal
    if formula is not None and draft.sees("formula"):
        rule = "a rule of its own" if formula.capital_rule else "the same rule as the rest"
        yield Paragraph(f"Joint capital and debt are shared by {rule}.")
    if leaving and draft.sees("exit"):
        if leaving.reserve_contribution is not None:
            yield Paragraph(f"Each bill carries {percent(leaving.reserve_contribution)} more for a reserve.")
        if leaving.reserve_returned is not None:
            yield Paragraph(f"A leaver {'gets its part of the reserve back' if leaving.reserve_returned else 'leaves its part of the reserve behind'}.")  # fmt: skip
    if renewal and draft.sees("renewal", "needed") and draft.sees("renewal", "set_aside"):
        yield Paragraph(f"Renewal needs {draft.case.currency} {renewal.needed.central:,.0f} a year; {renewal.set_aside.central:,.0f} is set aside.")  # fmt: skip


def inflation(draft: Draft) -> Iterator[Block]:
    """Yield how the study carries cost forward."""
    used = {draft.case.assumptions.default_escalator, *(x.escalator for x in draft.option.lines)}
    known = [e for e in draft.case.assumptions.escalators if e.id in used]
    found = tuple(
        Paragraph(f"{e.id.replace('_', ' ').capitalize()}: {percent(e.rate.central)} a year ({e.source}).") for e in known
    )  # fmt: skip
    if found and draft.view.sees("/assumptions/escalators"):
        yield Paragraph("The study carries cost forward at these rates. They are no index; the parties choose one.")  # fmt: skip
        yield Items(found)
