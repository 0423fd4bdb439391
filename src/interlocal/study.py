"""The one entry point: a case goes in, a Study comes out, with everything needed to check it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from interlocal import __version__
from interlocal.case.document import Case
from interlocal.case.released import keepers, released
from interlocal.case.walk import visible_to
from interlocal.consensus.answer import consensus_answer
from interlocal.governance.answer import governance_answer
from interlocal.lessons import advice, findings
from interlocal.lessons.expected import ledger
from interlocal.lessons.planning import plan_answer
from interlocal.lessons.premortem import premortem
from interlocal.lessons.worth_knowing import METHOD, collect_next
from interlocal.lessons.would_change import would_change
from interlocal.numerics.draws import blocks
from interlocal.numerics.engine import Cancelled, run
from interlocal.numerics.summary import enough_draws
from interlocal.questions.bills import bills_answer
from interlocal.questions.central import central_path
from interlocal.questions.choice import choice_answer
from interlocal.questions.joined import Joined
from interlocal.questions.lasting_answer import lasting_answer
from interlocal.questions.money_answer import money_answer
from interlocal.questions.provenance import sources_of
from interlocal.questions.service_answer import service_answer
from interlocal.questions.simulation import BLOCK, BlockResult, simulate
from interlocal.questions.views import doubt
from interlocal.reference import services

Audience = Literal["facilitator", "partners", "public"]


@dataclass(frozen=True)
class Study:
    """The answers to a case.

    ``document`` is ``study.json``: see the reference documentation for its schema. Same case, seed and number of
    draws give the same bytes, on any engine and number of workers.
    """

    case: Case
    document: Mapping[str, Any]

    def to_json(self) -> str:
        """Return the document as text, UTF-8, numbers in full."""
        return json.dumps(self.document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def study(  # noqa: PLR0913 - keyword-only settings of one run
    case: Case,
    *,
    draws: int = 10_000,
    seed: int = 1,
    audience: Audience = "partners",
    engine: Literal["local", "dask"] = "local",
    scheduler: str | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    changes: bool = False,
    changes_progress: Callable[[int, int], None] | None = None,
) -> Study:
    """Answer the three fundamental questions for every option of a case.

    Parameters
    ----------
    case
        A checked case.
    draws
        Futures drawn; 10,000 give probabilities to about one point in a hundred.
    seed
        Same seed, same futures.
    audience
        Whom the document is for. It is worked out from what this audience may see and from nothing that is kept for
        the facilitator, so that nothing kept can be worked back from it.
    engine, scheduler, workers
        Where blocks of draws run; this never changes a byte of the result.
    progress
        Called with blocks done and blocks in all.
    cancelled
        Asked between blocks; True stops with ``interlocal.numerics.engine.Cancelled``.
    changes
        Whether to search for the smallest set of changes that betters the advice. Each set is a study of its own, so
        that this takes several times as long as the study.
    changes_progress
        Called with sets of changes tried and sets in all.
    """
    whole, case = case, released(case, audience)
    results = run(
        partial(simulate, case=case),
        blocks(draws, seed, BLOCK),
        engine=engine,
        scheduler=scheduler,
        workers=workers,
        progress=progress,
        cancelled=cancelled,
    )
    visible = visible_to(audience)
    service = services()[case.service.id]
    document: dict[str, Any] = {
        "format": 1,
        "interlocal": __version__,
        "case": {
            "title": case.title,
            "sha256": case.sha256,
            "gate": case.gate,
            "as_of": case.as_of.isoformat(),
            "fictional": case.fictional,
            "summary": case.summary,
            "service": {"id": service.id, "name": service.name, "scope": case.service.scope},
            "partners": {p.id: _partner(case, p.id, visible) for p in case.partners},
            "proposed": case.proposed_option.id if case.proposed_option else None,
        },
        "seed": seed,
        "draws": draws,
        "audience": audience,
        **_answers(case, results, visible, seed, draws),
        "consensus": consensus_answer(case, visible),
        "governance": governance_answer(case, seed, visible),
        "plan": plan_answer(case, visible),
        "expectations": {},
        "lessons": [],
        "premortem": [],
        "collect_next": [],
        "collect_next_method": METHOD,
        "central": central_path(case) if audience != "public" else None,
        "sources": sources_of(case, visible, audience, left_out_of=whole),
    }
    document["expectations"] = ledger(case, document, visible)
    _add_lessons(document, case, visible)
    if changes:
        document["advice"] |= _tried(case, document, visible, changes_progress, cancelled)
    document["warnings"] = [*_kept(whole, case), *_warnings(document, draws)]
    return Study(case, document)


SCREENING = 256
"""Futures with which a set of changes is screened before it is run in full."""


def _answers(
    case: Case,
    results: Sequence[BlockResult],
    visible: frozenset[str],
    seed: int,
    draws: int,
    *,
    in_depth: bool = True,
) -> dict[str, Any]:
    """Return what the lessons read: the questions, who pays what, and the choice between options."""
    joined = {o.id: Joined(case, o, results) for o in case.options if o.id in results[0].options}
    return {
        "questions": {
            "money": money_answer(case, results, joined, doubt(case), visible, in_depth=in_depth),
            "service": service_answer(case, joined),
            "sustainability": lasting_answer(case, joined, in_depth=in_depth),
        },
        "sharing": bills_answer(case, joined, seed=seed, draws=draws, in_depth=in_depth),
        "choice": choice_answer(case, joined, results),
    }


def answers_in_brief(case: Case, draws: int, seed: int) -> dict[str, Any]:
    """Return what the lessons read, for the facilitator, without the depth that only readers want.

    The findings are those of a study with as many futures; it takes a fraction of the time.
    """
    results = run(partial(simulate, case=case, in_depth=False), blocks(draws, seed, BLOCK))
    return _answers(case, results, visible_to("facilitator"), seed, draws, in_depth=False)


def _add_lessons(document: dict[str, Any], case: Case, visible: frozenset[str]) -> None:
    """Add the 42 findings and what follows from them; what is not for the audience keeps its place and says nothing."""
    found = findings(case, document)
    hidden = {f.item for f in found if f.audience not in visible}
    advised = advice(case, document, found)
    for part in ("rules", "conditions"):
        shown = [row for row in advised[part] if row["audience"] in visible]
        advised[f"{part}_withheld"] = len(advised[part]) - len(shown)
        advised[part] = shown
    nothing: dict[str, Any] = {"verdict": None, "confidence": None, "because": [], "next_steps": []}
    document |= {
        "advice": advised,
        "premortem": premortem(found, hidden),
        "collect_next": collect_next(case, document, found, hidden),
        "lessons": [f.as_dict() | (nothing if f.item in hidden else {}) for f in found],
    }


def _tried(
    case: Case,
    document: Mapping[str, Any],
    visible: frozenset[str],
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> dict[str, Any]:
    """Return what would better the advice, each set of changes run again as a study of its own."""

    def whole(changed: Case) -> Mapping[str, Any]:
        return study(
            changed,
            draws=document["draws"],
            seed=document["seed"],
            audience="facilitator",
            cancelled=cancelled,
        ).document

    def brief(changed: Case) -> Mapping[str, Any]:
        if cancelled is not None and cancelled():
            raise Cancelled
        return answers_in_brief(changed, min(SCREENING, document["draws"]), document["seed"])

    found = would_change(
        case,
        document["advice"]["verdict"],
        screen=brief,
        verify=whole,
        judge=lambda changed, results: str(advice(changed, results, findings(changed, results))["verdict"]),
        progress=progress,
    )
    told, reason = found["would_change"], found["reason"]
    if told and "partners" not in visible and any(c["effort"] == "collect an opinion" for c in told):
        told, reason = (
            None,
            "What would change the advice rests on positions, which are not for this audience.",
        )
    return {
        "would_change": told,
        "would_change_reason": reason,
        "would_change_verdict": found["verdict"] if told else None,
        "would_change_tried": found["tried"],
    }


def _kept(whole: Case, case: Case) -> list[str]:
    """Say that a study rests on a part of the case only."""
    if whole is case:
        return []
    names = ", ".join(keepers(whole)) or "the facilitator"
    return [f"Some entries are kept between their owner and the facilitator ({names}). This study is worked out without them; where a cost is kept, that partner’s whole cost counts as not known."]  # fmt: skip


def _warnings(document: Mapping[str, Any], draws: int) -> list[str]:
    found = []
    for answer in document["questions"]["money"]["options"].values():
        if answer["pool"] is not None:
            warning = enough_draws(answer["pool"]["total"]["p_saves"], draws)
            if warning:
                found.append(f"{answer['name']}: {warning}")
    return found


def _partner(case: Case, partner_id: str, visible: frozenset[str]) -> dict[str, Any]:
    p = case.partner(partner_id)
    shown = {
        k: m.central
        for k, m in p.measures.items()
        if k in {"population", "households"} and m.visibility in visible
    }
    return {"name": p.name, **shown}
