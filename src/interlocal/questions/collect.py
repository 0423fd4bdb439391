"""What would sharpen the answers: each gap of a case, who could fill it and what it would tell."""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.case.document import Case
from interlocal.case.scope import latest_spending, mismatches, unknown_components
from interlocal.costs.today import do_nothing_option, partners_with_figures
from interlocal.questions.service_level import missing


def collect_next(case: Case) -> list[dict[str, str]]:
    """Return the gaps, those first without which an answer is missing: ``{"text", "who", "why", "pointer"}``."""
    return [dict(zip(("text", "who", "why", "pointer"), row, strict=True)) for row in _gaps(case)]


_Row = tuple[str, str, str, str]
_FINANCE, _CHIEF = "each partner's finance officer", "each chief administrator"


def _gaps(case: Case) -> Iterator[_Row]:
    yield from _figures(case)
    yield from _option(case)
    yield from _alternatives(case)
    yield from _people(case)


def _figures(case: Case) -> Iterator[_Row]:
    names = {p.id: p.name for p in case.partners}
    for p in case.partner_ids:
        if p not in partners_with_figures(case):
            yield (
                f"What {names[p]} spends on the service, by year, and what the figure contains",
                f"{names[p]}'s finance officer",
                "Without it no saving can be stated for anyone who shares with it.",
                "/spending",
            )
    for m in mismatches(case):
        if not m.adjusted:
            yield (
                f"A rate that adds {m.component} where figures leave it out ({', '.join(m.excludes)})",
                _FINANCE,
                "No saving is stated until all figures contain the same things.",
                "/scope_adjustments",
            )
    latest = latest_spending(case)
    scopes = [s.scope for s in latest.values() if s.scope]
    covered = {a.component for a in case.scope_adjustments}
    left_out = [
        c
        for c in ("benefits", "overhead", "capital")
        if c not in covered and any(getattr(s, c) == "excluded" for s in scopes)
    ]
    if left_out:
        yield (
            f"What {', '.join(left_out)} for this service cost each partner; the figures of today leave them out",
            _FINANCE,
            "What is left out is in neither the saving nor the cost.",
            "/spending",
        )
    unsure = {p: c for p, c in unknown_components(case).items() if c and p in latest}
    if unsure:
        yield (
            "Whether today's figures contain "
            + "; ".join(f"{', '.join(c)} ({names[p]})" for p, c in list(unsure.items())[:6]),
            _FINANCE,
            "Figures that contain different things make a saving look larger or smaller than it is.",
            "/spending",
        )


def _option(case: Case) -> Iterator[_Row]:
    option = case.proposed_option
    if option is None:
        return
    for gap in missing(case, option):
        yield (
            gap[0].upper() + gap[1:],
            "the heads of the service",
            "Without it service is unknown, not equal.",
            "/service_measures",
        )
    if option.exit is None:
        yield (
            "Terms of exit: notice, and who pays what is stranded",
            _CHIEF,
            "They decide what an exit costs.",
            "/options",
        )
    if not case.staffing.posts:
        yield (
            "Posts, coverage hours, pay steps, benefits and contract ends",
            "each personnel office",
            "Staff is most of the cost; levelling pay can undo a saving.",
            "/staffing",
        )


def _alternatives(case: Case) -> Iterator[_Row]:
    carry_on = do_nothing_option(case)
    if carry_on is None or not carry_on.lines:
        yield (
            "Today's cost line by line, with the share that would really end",
            _FINANCE,
            "Without it all of today's cost is taken to end, and none is stranded.",
            "/options",
        )
    if not {o.kind for o in case.options} - {"do_nothing", "shared"}:
        yield (
            "What it would cost to improve alone, to buy outside, or to drop or change the service",
            _CHIEF,
            "The best way to share can still be worse than another way.",
            "/options",
        )


def _people(case: Case) -> Iterator[_Row]:
    few = [p.name for p in case.partners if len(p.revenue) < 3]
    if few:
        text = f"Three or more years of revenue of {', '.join(few[:5])}"
        yield text, _FINANCE, "It tells how tight budgets are.", "/partners"
    if not any(w.kind == "trust" for w in case.surveys):
        yield (
            "A first trust survey among the partners' people",
            "the facilitator",
            "Partnerships end over trust more than over money.",
            "/surveys",
        )
    if not case.roles:
        yield (
            "Who sponsors, champions and leads the work in each partner, with hours",
            _CHIEF,
            "Without a lead nothing follows a study.",
            "/roles",
        )
    if case.plan is None:
        yield (
            "A plan: tasks, durations, the promised date",
            "the project lead",
            "It tells whether the date can be kept.",
            "/plan",
        )
