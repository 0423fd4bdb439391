"""Positions: the one module that writes and reads them. They leave it as a published result alone.

Nothing here enters the audit trail but the publication: who answered, and when, is nobody's to know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from interlocal.case.read import parse_case
from interlocal.consensus.consent import graded
from interlocal.problems import InputError, Problem
from interlocal.web.actions.audit import note
from interlocal.web.actions.cases import save_case
from interlocal.web.actions.decisions import add
from interlocal.web.models import CaseRecord, Person, Revision, Statement
from interlocal.web.models.deciding import Position, today

SAYS = {"endorse": "endorses it", "live_with": "can live with it", "block": "blocks it"}
"""What a level says of a partner, or of one of its people."""
LONGEST = 1000
"""Most letters of a reason."""


@dataclass(frozen=True)
class Own:
    """One's own position."""

    level: str
    reason: str
    on_record: bool


@transaction.atomic
def take(
    *, statement: Statement, person: Person, partner: str | None, level: str, reason: str, on_record: bool
) -> None:
    """Keep a person's position; an earlier one is written over, without a trace.

    Parameters
    ----------
    partner
        The one partner that the person speaks for, as :attr:`Access.voice` says.

    Raises
    ------
    InputError
        Where the statement takes none from this person now, or something is missing.
    """
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    reason = reason.strip()
    problems = []
    if held.state != "open":
        problems.append(Problem("", f"Statement {held.number}", "one that takes no positions now", f"one that is open, {held.opens_on} to {held.closes_on}", "Look at its days."))  # fmt: skip
    if partner is None or partner not in held.quorums:
        problems.append(Problem("", "Your organisation", "one that speaks for none or for several of the partners asked", "one partner that is asked", "Ask whoever runs the case to say which partner your organisation is."))  # fmt: skip
    if level not in Position.Level.values:
        problems.append(Problem("level", "Your position", "nothing chosen", "one of the three", "Choose one. You can change it until the last day."))  # fmt: skip
    if len(reason) > LONGEST:
        problems.append(Problem("reason", "Reason", f"{len(reason)} letters", f"at most {LONGEST} letters", "Say it shorter."))  # fmt: skip
    if on_record and not reason:
        problems.append(Problem("reason", "Reason", "nothing to put on record", "a reason, or no tick at the box", "Write the reason, or take the tick away."))  # fmt: skip
    if problems:
        raise InputError(problems)
    chosen = {"partner": partner, "level": level, "reason": reason, "on_record": on_record}
    Position.objects.update_or_create(statement=held, person=person, defaults=chosen)


def own(*, statement: Statement, person: Person) -> Own | None:
    """Return what the person asking chose; there is no way to ask for another's."""
    found = Position.objects.filter(statement=statement, person=person).first()
    return Own(found.level, found.reason, found.on_record) if found else None


def waiting(*, statement: Statement, voices: Mapping[str, Iterable[int]]) -> dict[str, tuple[int, int]]:
    """Return for each partner asked how many have yet to answer, and of how many; for the facilitator alone."""
    answered = set(Position.objects.filter(statement=statement).values_list("partner", "person_id"))
    people = {p: set(voices.get(p, ())) for p in statement.quorums}
    return {p: (sum((p, i) not in answered for i in all_), len(all_)) for p, all_ in people.items()}


@transaction.atomic
def publish(*, statement: Statement, by: Person) -> Revision | None:
    """Publish the result, which nobody has seen before, and return the revision of the case that holds it.

    Each partner's entry of the result holds its quorum, how many answered, whether the quorum is met, the graded
    consent where it is, and the reasons that people wanted on record. Consent to an option enters the case, where it
    takes the place of what the partner said of that option before; dissent is what differs from the partner's level.

    Raises
    ------
    InputError
        Where positions are still taken, the statement has ended, or the case has lost the option.
    """
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    if held.state != "closed":
        raise InputError(Problem("", f"Statement {held.number}", f"one that is {held.state}", f"one that has closed, after {held.closes_on}, and was not published", "Wait for the last day to pass, or look at what became of it."))  # fmt: skip
    case = CaseRecord.objects.select_for_update().get(pk=held.case_id)
    names = {p.id: p.name for p in case.head.read.partners}
    if held.option and held.option not in {o.id for o in case.head.read.options}:
        raise InputError(Problem("", "The option", f"{held.option}, which the case no longer has", "the option it is about", "Put it back into the case, or withdraw the statement."))  # fmt: skip
    held.result = [_of_partner(held, p, names.get(p, p), quorum) for p, quorum in held.quorums.items()]
    held.outcome, held.ended_on = Statement.Outcome.PUBLISHED, today()
    held.revision = _into_case(case, held, names, by)
    held.save(update_fields=["result", "outcome", "ended_on", "revision"])
    add(
        case=case, on=held.ended_on, what=f"Result of statement {held.number}: {held.question}",
        ground=" ".join(f"{r['name']} {in_words(r)}." for r in held.result), kind="result", by=by,
        statement=held, revision=held.revision,
    )  # fmt: skip
    note(person=by, did="statement.published", about=str(held.number), case=case)
    return held.revision


def in_words(of_partner: Mapping[str, Any]) -> str:
    """Say a partner's entry of a result."""
    level, quorum = of_partner["level"], of_partner["quorum"]
    if level is None:
        return f"has not spoken: {of_partner['answered']} answered, and its quorum is {quorum}"
    return f"{SAYS[level]}, with a quorum ({of_partner['answered']} answered, quorum {quorum})"


def _of_partner(held: Statement, partner: str, name: str, quorum: int) -> dict[str, Any]:
    given = list(Position.objects.filter(statement=held, partner=partner))
    level = graded([p.level for p in given], quorum=quorum)
    return {
        "partner": partner,
        "name": name,
        "quorum": quorum,
        "answered": len(given),
        "quorum_met": level is not None,
        "level": level,
        # In the order of the words, not of the people.
        "reasons": sorted(
            ({"level": p.level, "reason": p.reason} for p in given if p.on_record),
            key=lambda r: (r["level"], r["reason"]),
        ),
    }


def _into_case(case: CaseRecord, held: Statement, names: Mapping[str, str], by: Person) -> Revision | None:
    # What is said of an option that is kept is kept as well.
    kept = any(
        o["id"] == held.option and o.get("visibility") == "facilitator" for o in case.head.data["options"]
    )
    new = [
        {
            "partner": r["partner"],
            "about": held.option,
            "level": r["level"],
            "quorum_met": True,
            "dissent": [f"One of its people {SAYS[x['level']]}: {x['reason']}" for x in r["reasons"] if x["level"] != r["level"]],
            "on": held.closes_on.isoformat(),
            "source": f"Statement {held.number}, published on {held.ended_on}",
            "visibility": "facilitator" if kept else "partners",
        }
        for r in held.result
        if held.option and r["level"] and r["partner"] in names
    ]  # fmt: skip
    if not new:
        return None
    spoken = {(c["partner"], c["about"]) for c in new}
    data = dict(case.head.data)
    data["consents"] = [c for c in data.get("consents", []) if (c["partner"], c["about"]) not in spoken] + new
    about = f"Result of statement {held.number}"
    return save_case(record=case, case=parse_case(json.dumps(data).encode(), about), base=case.latest, by=by, about=about)  # fmt: skip
