"""Templates beside the agreement: a resolution for a governing body, and the memo that goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from interlocal.blocks import Block, Heading, Items, Paper, Paragraph, Table
from interlocal.case.document import Case
from interlocal.governance.writing import BLANK, MADE_UP, NOT_ADVICE, cells
from interlocal.numerics.summary import in_words
from interlocal.phrases import listed

_ASKS = {
    "explore": "to take part in a study of sharing the service",
    "negotiate": "to negotiate an agreement on the option named above",
    "adopt": "to adopt the agreement attached, once counsel has reviewed it",
    "run": "to review the agreement that is in force",
}


def resolution(case: Case, document: Mapping[str, Any], partner: str | None = None) -> Paper:
    """Return the template of a resolution at the case's gate, for one partner's governing body or for any.

    Parameters
    ----------
    case
        A checked case.
    document
        Its study, as ``study.json`` holds it.
    partner
        Id of the partner whose governing body votes; a blank where not given.
    """
    name = case.partner(partner).name if partner else BLANK
    blocks: list[Block] = [*_top(case), *_against(document), Heading("Whereas")]
    blocks.append(Items(tuple(Paragraph(text) for text in _whereas(case, document)), numbered=True))
    blocks += [
        Heading("Be it resolved"),
        Items(
            (
                Paragraph(f"The governing body of {name} resolves {_ASKS[case.gate]}."),
                Paragraph(f"It authorises {BLANK} to act for it in this, until {BLANK}."),
                Paragraph(f"It may spend up to {case.currency} {BLANK} on this, from {BLANK}."),
                Paragraph("Its vote is its own and free; it may decide otherwise later."),
            ),
            numbered=True,
        ),
        *_conditions(document),
        Heading("Vote"),
        Table(
            "vote", "The vote, name by name", ("Member", "Yes", "No", "Abstains"), tuple(cells(BLANK, "", "", "") for _ in range(5))
        ),
        Paragraph(f"Quorum: {BLANK}. Day: {BLANK}. Attested by: {BLANK}."),
    ]  # fmt: skip
    return _paper(case, f"Resolution of {name}" if partner else "Resolution (template)", blocks)


def memo(case: Case, document: Mapping[str, Any]) -> Paper:
    """Return the template of a memo to a governing body: what is asked, what the study found, what is not known."""
    option = case.proposed_option
    about = f"{document['case']['service']['name']}: {option.name if option else 'no option is proposed yet'}"
    blocks: list[Block] = [
        *_top(case),
        *(Paragraph(text, lead=f"{what}:") for what, text in (("To", BLANK), ("From", BLANK), ("Day", BLANK), ("About", about))),
        Heading("What is asked"),
        Paragraph(f"The governing body is asked {_ASKS[case.gate]}.", tone="lead"),
        Heading("What the study found"),
        Items(tuple(Paragraph(text) for text in _answers(document))),
        Heading("Advice"),
        Paragraph(f"At the gate “{document['advice']['gate']}”: {document['advice']['verdict']}.", tone="lead"),
    ]  # fmt: skip
    blocks += _reasons(document["advice"])
    blocks += _conditions(document)
    unknown = tuple(Paragraph(f"{x['text']}. Who: {x['who']}.") for x in document["collect_next"])
    blocks.append(Heading("What we do not know yet"))
    blocks.append(Items(unknown) if unknown else Paragraph("The case has everything that the study reads."))
    blocks += [Heading("For counsel"), Paragraph(_counsel(document))]
    return _paper(case, "Memo (template)", blocks)


def _paper(case: Case, title: str, blocks: list[Block]) -> Paper:
    return Paper(
        title=title,
        subtitle=f"{case.title}, as of {case.as_of}.",
        footer="Template, not legal advice",
        dated=case.as_of.isoformat(),
        blocks=tuple(blocks),
    )


def _top(case: Case) -> Iterator[Block]:
    yield NOT_ADVICE
    if case.fictional:
        yield MADE_UP


def _against(document: Mapping[str, Any]) -> Iterator[Block]:
    """Yield a warning where the study advises against what the resolution would do."""
    if not document["advice"]["verdict"].startswith("proceed"):
        text = f"The study's advice is: {document['advice']['verdict']}. This is the wording for a body that decides otherwise."
        yield Paragraph(text, lead="Take care.", tone="mark")


def _whereas(case: Case, document: Mapping[str, Any]) -> Iterator[str]:
    option = case.proposed_option
    parties = listed(case.partner(p).name for p in (case.members(option) if option else case.partner_ids))
    service = document["case"]["service"]["name"].lower()
    yield f"{parties} consider sharing {service}" + (f" as proposed: {option.name}." if option else ".")
    yield from _answers(document)
    yield f"The study's advice at the gate “{document['advice']['gate']}” is: {document['advice']['verdict']}."
    yield f"Case fingerprint {document['case']['sha256']}, Interlocal {document['interlocal']}, seed {document['seed']}."


def _answers(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the three answers for the option proposed, or why one is not known."""
    option, questions = document["case"]["proposed"], document["questions"]
    money = questions["money"]["options"].get(option) or {}
    service = questions["service"]["options"].get(option) or {}
    lasting = questions["sustainability"]["options"].get(option) or {}
    pool, stays = money.get("pool"), (lasting.get("p_stays") or {}).get("total")
    for says, p, answer in (
        ("Together the partners save money", pool and pool["total"]["p_saves"], money),
        ("Every partner gets equal or better service", (service.get("joint") or {}).get("p"), service),
        ("Every partner stays better off than alone", (stays or {}).get("p"), lasting),
    ):
        why = answer.get("unknown") or "The case does not say enough."
        yield f"{says}: {in_words(p)}." if p is not None else f"{says}: we do not know. {why}"


def _reasons(advice: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the reasons that decide the verdict, and how many others the study gives."""
    deciding = [r for r in advice["rules"] if r["verdict"] == advice["verdict"]]
    if deciding:
        yield Items(tuple(Paragraph(r["because"]) for r in deciding))
    others = len(advice["rules"]) - len(deciding)
    if others:
        yield Paragraph(f"The study gives {others} more reason{'' if others == 1 else 's'} that would call for care.")  # fmt: skip


def _conditions(document: Mapping[str, Any]) -> Iterator[Block]:
    found = document["advice"]["conditions"]
    if found:
        yield Heading("Conditions")
        yield Items(tuple(Paragraph(f"{c['text']} ({c['owner']}).") for c in found))


def _counsel(document: Mapping[str, Any]) -> str:
    found = document["governance"]
    waiting = len(found["clauses"]["for_a_lawyer"])
    said = {"done": "has been done", "asked": "was asked for", "none": "was not asked for"}
    text = f"Legal review {said[found['legal_review']]}. Clauses that a lawyer has still to see: {waiting}."
    return " ".join(filter(None, [text, found["law"]["ask_counsel"]]))
