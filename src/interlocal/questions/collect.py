"""What a case lacks: each gap, who could fill it, what it would tell and which of the 42 items it informs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interlocal.case.document import Case
from interlocal.case.scope import latest_spending, mismatches, unknown_components
from interlocal.costs.today import do_nothing_option, partners_with_figures
from interlocal.phrases import listed
from interlocal.questions.service_level import missing


@dataclass(frozen=True)
class Gap:
    """Something that is not known."""

    text: str
    who: str
    """Who could fill it."""
    why: str
    pointer: str
    """JSON pointer to where it belongs in the case."""
    informs: tuple[str, ...] = ()
    """Items of the checklist whose findings rest on it."""
    decides: bool = False
    """Whether an answer of the three questions is missing without it, so that the figures could still stop everything."""


def gaps(case: Case) -> Iterator[Gap]:
    """Yield the gaps, those first without which an answer is missing."""
    yield from _figures(case)
    yield from _option(case)
    yield from _alternatives(case)
    yield from _people(case)


_MONEY = ("question.money", "question.sustainability", "pitfall.mutual_benefit", "necessity.equity")
_FINANCE, _CHIEF = "each partner's finance officer", "each chief administrator"


def _figures(case: Case) -> Iterator[Gap]:
    names = {p.id: p.name for p in case.partners}
    for p in case.partner_ids:
        if p not in partners_with_figures(case):
            yield Gap(
                f"What {names[p]} spends on the service, by year, and what the figure contains",
                f"{names[p]}'s finance officer",
                "Without it no saving can be stated for anyone who shares with it.",
                "/spending",
                _MONEY,
                decides=True,
            )
    for m in mismatches(case):
        if not m.adjusted:
            yield Gap(
                f"A rate that adds {m.component} where figures leave it out ({', '.join(m.excludes)})",
                _FINANCE,
                "No saving is stated until all figures contain the same things.",
                "/scope_adjustments",
                _MONEY,
                decides=True,
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
        yield Gap(
            f"What {', '.join(left_out)} for this service cost each partner; the figures of today leave them out",
            _FINANCE,
            "What is left out is in neither the saving nor the cost.",
            "/spending",
            ("necessity.trust",),
        )
    unsure = {p: c for p, c in unknown_components(case).items() if c and p in latest}
    if unsure:
        alike: dict[str, list[str]] = {}
        for p, c in unsure.items():
            alike.setdefault(listed(c), []).append(names[p])
        each = (f"{c} ({', '.join(who[:6])}{', …' if len(who) > 6 else ''})" for c, who in alike.items())
        yield Gap(
            f"Whether today's figures contain {'; '.join(each)}",
            _FINANCE,
            "Figures that contain different things make a saving look larger or smaller than it is.",
            "/spending",
            ("necessity.trust",),
        )


def _option(case: Case) -> Iterator[Gap]:
    option = case.proposed_option
    if option is None:
        return
    for gap in missing(case, option):
        yield Gap(
            gap[0].upper() + gap[1:],
            "the heads of the service",
            "Without it service is unknown, not equal.",
            "/service_measures",
            ("question.service", "pitfall.save_and_better"),
            decides=True,
        )
    if option.exit is None:
        yield Gap(
            "Terms of exit: notice, and who pays what is stranded",
            _CHIEF,
            "They decide what an exit costs.",
            "/options",
            ("necessity.governance",),
        )
    if not case.staffing.posts:
        yield Gap(
            "Posts, coverage hours, pay steps, benefits and contract ends",
            "each personnel office",
            "Staff is most of the cost; levelling pay can undo a saving.",
            "/staffing",
            ("principle.complexity",),
        )


def _alternatives(case: Case) -> Iterator[Gap]:
    carry_on = do_nothing_option(case)
    if carry_on is None or not carry_on.lines:
        yield Gap(
            "Today's cost line by line, with the share that would really end",
            _FINANCE,
            "Without it all of today's cost is taken to end, and none is stranded.",
            "/options",
            ("question.money",),
        )
    if not {o.kind for o in case.options} - {"do_nothing", "shared"}:
        yield Gap(
            "What it would cost to improve alone, to buy outside, or to drop or change the service",
            _CHIEF,
            "The best way to share can still be worse than another way.",
            "/options",
            ("pitfall.obvious_choice", "necessity.creativity"),
        )


def _people(case: Case) -> Iterator[Gap]:
    few = [p.name for p in case.partners if len(p.revenue) < 3]
    if few:
        text = f"Three or more years of revenue of {', '.join(few[:5])}"
        yield Gap(text, _FINANCE, "It tells how tight budgets are.", "/partners", ("driver.budget",))
    if not any(w.kind == "trust" for w in case.surveys):
        yield Gap(
            "A first trust survey among the partners' people",
            "the facilitator",
            "Partnerships end over trust more than over money.",
            "/surveys",
            ("principle.trust", "pitfall.skipping_trust", "necessity.trust"),
        )
    if not case.roles:
        yield Gap(
            "Who sponsors, champions and leads the work in each partner, with hours",
            _CHIEF,
            "Without a lead nothing follows a study.",
            "/roles",
            ("necessity.administration", "principle.leadership", "pitfall.no_leader", "necessity.champion"),
        )
    if case.plan is None:
        yield Gap(
            "A plan: tasks, durations, the promised date",
            "the project lead",
            "It tells whether the date can be kept.",
            "/plan",
            ("principle.effort", "principle.victories", "pitfall.quick_results"),
        )
