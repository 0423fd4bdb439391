"""The routes of comparisons: two runs, or two options of one, held against each other."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from interlocal.web import audiences
from interlocal.web.actions.comparisons import ask_for_comparison
from interlocal.web.api.answers import REFUSALS, Refused, Wrong
from interlocal.web.api.tokens import allowed
from interlocal.web.models import Comparison

router = Router()


class Pair(Schema):
    """Two runs to be held against each other; an option stands in for what the case proposes."""

    first: UUID
    second: UUID
    first_option: str = Field("", max_length=80)
    second_option: str = Field("", max_length=80)


class Compared(Schema):
    """A comparison, and what differs once it is made."""

    id: UUID
    first: UUID
    second: UUID
    status: str
    problem: str
    document: dict[str, Any] | None = None


@router.post("/cases/{uuid:case}/comparisons", response={202: Compared, 409: Refused, **REFUSALS, 422: Wrong})
def ask_comparison(request: HttpRequest, case: UUID, body: Pair) -> Any:
    """Hold two runs against each other in the background; both are for one audience and saw the same futures."""
    access = allowed(request, case, scope="study", power="edit")
    runs = {r.pk: r for r in audiences.studies(access).filter(pk__in=(body.first, body.second))}
    first, second = runs.get(body.first), runs.get(body.second)
    if first is None or second is None:
        return Status(404, {"detail": "There is no such study."})
    for run, option in ((first, body.first_option), (second, body.second_option)):
        if option and option not in {o.id for o in run.studied.options if o.kind != "do_nothing"}:
            return Status(409, {"detail": f"Revision {run.revision.number} has no option {option}."})
    if (first.audience, first.draws, first.seed) != (second.audience, second.draws, second.seed):
        return Status(409, {"detail": "Both studies need the same audience, draws and seed."})
    if first == second and body.first_option == body.second_option:
        return Status(409, {"detail": "Name two studies, or two options of one."})
    made = ask_for_comparison(
        first=first, second=second, first_option=body.first_option, second_option=body.second_option, by=access.person
    )  # fmt: skip
    return Status(202, _compared(made))


@router.get("/cases/{uuid:case}/comparisons/{uuid:comparison}", response={200: Compared, **REFUSALS})
def get_comparison(request: HttpRequest, case: UUID, comparison: UUID) -> Any:
    """Give what differs, once it is made."""
    access = allowed(request, case, scope="read", power="see")
    found = audiences.comparisons(access).filter(pk=comparison).first()
    return Status(404, {"detail": "There is no such comparison."}) if found is None else _compared(found)


def _compared(made: Comparison) -> dict[str, Any]:
    shown = {k: getattr(made, k) for k in ("id", "status", "problem")}
    document = json.loads(made.document) if made.document else None
    return {**shown, "first": made.first_id, "second": made.second_id, "document": document}
