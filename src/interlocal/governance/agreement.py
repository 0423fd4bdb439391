"""The draft agreement: every clause of the form chosen, filled from the case, each marked until it is agreed.

It says what the case says and asks what is still to be settled. It is never legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from interlocal.blocks import Block, Contents, Heading, Items, Paper, Paragraph
from interlocal.case.document import Case
from interlocal.case.walk import visible_to
from interlocal.governance.annexes import annexes, cited, signatures
from interlocal.governance.clauses import SETTLED
from interlocal.governance.conditions import option_at
from interlocal.governance.draft import Draft
from interlocal.governance.terms import terms
from interlocal.governance.view import View
from interlocal.governance.writing import MADE_UP, NOT_ADVICE
from interlocal.reference import governance_models

_REVIEW = {
    "done": "A lawyer has reviewed this clause.",
    "asked": "A lawyer was asked to review this clause.",
    "none": "No lawyer has reviewed this clause.",
    None: "Whether a lawyer has reviewed this clause is not for this audience.",
}


def agreement(case: Case, document: Mapping[str, Any]) -> Paper | None:
    """Return the draft agreement on the option proposed.

    Parameters
    ----------
    case
        A checked case.
    document
        Its study, as ``study.json`` holds it. The draft tells its audience no more than the study may.

    Returns
    -------
    Paper or None
        None where no option is proposed, or where no form says which clauses are needed; the reason is then
        ``governance.clauses.unknown`` of the study.
    """
    found = document["governance"]["clauses"]
    option, place = option_at(case)
    if option is None or found["model"] is None or not found["rows"]:
        return None
    draft = Draft(case, option, place, found["model"], document, View(case, visible_to(document["audience"])))
    form = governance_models()[draft.model].name
    return Paper(
        title=f"Draft agreement: {option.name}",
        subtitle=f"{form}. {case.title}, as of {case.as_of}.",
        footer="Draft for discussion, not legal advice",
        dated=case.as_of.isoformat(),
        blocks=(
            *_opening(draft, found["rows"]),
            Contents("Contents"),
            *(b for i, row in enumerate(found["rows"], 1) for b in _clause(draft, row, i)),
            *signatures(draft),
            *annexes(draft),
        ),
    )


def _opening(draft: Draft, rows: list[Mapping[str, Any]]) -> Iterator[Block]:
    yield NOT_ADVICE
    if draft.case.fictional:
        yield MADE_UP
    settled = sum(r["status"] in SETTLED for r in rows)
    yield Paragraph(
        f"{settled} of {len(rows)} clauses are settled. The other {len(rows) - settled} are set apart like the box above, "
        "each with the questions to settle; what stands under them is only proposed.",
        tone="lead",
    )
    if document_form := draft.document["governance"]["model"]:
        if draft.document["governance"]["impossible"]:
            name = governance_models()[document_form].name
            yield Paragraph(
                f"{name} cannot hold what the case says the service needs. See the study, Form of governance.",
                lead="Take care.",
                tone="mark",
            )
    else:
        yield Paragraph(
            "No form has been chosen. The clauses are those of the form that comes first in the study.",
            lead="Not yet agreed.",
            tone="mark",
        )
    law = draft.document["governance"]["law"]["ask_counsel"]
    if law:
        yield Paragraph(law, lead="Law of the place.", tone="note")


def _clause(draft: Draft, row: Mapping[str, Any], number: int) -> Iterator[Block]:
    yield Heading(f"{number}. {row['title']}")
    yield Paragraph(row["settles"], tone="note")
    filled = terms(draft, row["id"]) if row["status"] != "not_needed" else ()
    match row["status"]:
        case "agreed":
            yield from _agreed(row, filled)
        case "not_needed":
            yield Paragraph("The parties agreed to do without this clause.")
            yield from _own_words(row)
        case None:
            yield Paragraph("Where this clause stands is not for this audience.", lead="Not shown.", tone="mark")  # fmt: skip
        case _:
            yield Paragraph("To be settled:", lead="Not yet agreed.", tone="mark")
            yield Items(tuple(Paragraph(q) for q in row["questions"]), numbered=True)
            if filled or row["text"]:
                yield Paragraph("What the case holds so far:", lead="Proposed, not agreed.")
                yield from _own_words(row)
                yield from filled
    yield from cited(draft, row["id"])
    if row["status"] is not None:
        yield Paragraph(_REVIEW[row["legal_review"]], tone="note")


def _agreed(row: Mapping[str, Any], filled: tuple[Block, ...]) -> Iterator[Block]:
    if row["text"]:
        yield from _own_words(row)
    else:
        yield Paragraph(
            "The case says that this clause is agreed and does not hold its words. Put the agreed words here.",
            lead="Words to come.",
            tone="mark",
        )
    if filled:
        yield Paragraph("What the case holds on it, to be checked against the agreed words:", tone="note")
        yield from filled


def _own_words(row: Mapping[str, Any]) -> Iterator[Block]:
    if row["text"]:
        yield Paragraph(row["text"])
