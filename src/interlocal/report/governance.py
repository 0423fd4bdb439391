"""The forms of governance in words and tables: which come first and how firmly, reasons, what is impossible, clauses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Cell, Table
from interlocal.report import words
from interlocal.report.language import _
from interlocal.report.tables import number, text
from interlocal.report.words import Document

REVIEW = {"done": "a lawyer has reviewed it", "asked": "a lawyer was asked", "none": "no lawyer was asked"}
STATUS = {
    "agreed": "agreed",
    "not_needed": "agreed to do without",
    "open": "open",
    "missing": "not in the case",
    None: "not for this audience",
}


def headline(document: Document) -> str:
    """Return which form comes first, or that it is a tie, impossible or not known, and how firm that is."""
    found = document["governance"]
    names, firm = _names(document), found["firmness"]
    first = words.listed(_(names[m]) for m in found["first"])
    tried = f"when every weight is changed by up to {words.percent(firm['change'])}"
    match found["answer"]:
        case "none":
            return "No form is possible as the case stands."
        case "unknown":
            return "We do not know which form fits: the case says too little to speak for any."
        case "tie":
            keeps = (
                "Neither keeps ahead of the other"
                if len(found["first"]) == 2
                else "None keeps ahead of the others"
            )
            says = _("A tie: {forms}. {keeps} {tried}, so that what is known does not decide between them.")
            return says.format(forms=first, keeps=_(keeps), tried=_(tried))
    stays = f"It {_often(firm['stays_first'])} stays first {tried}."
    if found["answer"] == "so_far":
        leads = f"On what is known so far, {first} comes first."
        still = "Something that is not known yet could put another form first."
    else:
        leads = f"{first} comes first."
        still = "Nothing that is not known yet would put another form first."
    return f"{leads} {stays} {still}"


def chosen(document: Document) -> str:
    """Return what the case chose and where that form stands."""
    found = document["governance"]
    if found["model"] is None:
        return str(found["unknown"])
    place = (
        "which cannot hold what the service needs"
        if found["impossible"]
        else f"number {found['rank']} of {len(found['forms'])} that are possible"
    )
    return f"Chosen in the case: {found['name']}, {place}. Legal review: {REVIEW[found['legal_review']]}."


def summary(document: Document) -> str:
    """Return one line for a terminal."""
    found = document["governance"]
    names = [_names(document)[m] for m in found["first"]]
    match found["answer"]:
        case "none":
            said = "none is possible as the case stands"
        case "unknown":
            said = "we do not know which fits"
        case "tie":
            said = f"a tie of {words.listed(names)}"
        case "so_far":
            said = f"{names[0]} on what is known so far"
        case _:
            said = names[0]
    ranked = {f["model"]: f["rank"] for f in found["forms"]}
    told = found["model"]
    if told is None or told in found["first"]:
        return f"Form of governance that fits: {said}."
    stands = (
        f"number {ranked[told]} of {len(ranked)}" if told in ranked else "cannot hold what the service needs"
    )
    return f"Form of governance that fits: {said}; chosen: {found['name']}, {stands}."


def ranked(document: Document) -> Table:
    """Return the possible forms in their order."""
    rows = [
        (
            text(f["name"]),
            number(f["rank"]),
            Cell("not for this audience")
            if f["score"] is None
            else Cell(words.signed(f["score"]), f["score"]),
            text(_reach(f)),
            Cell(_often(f["stays_first"]), f["stays_first"]),
        )
        for f in document["governance"]["forms"]
    ]
    columns = (
        "Form",
        "Place",
        "Reasons for, less reasons against",
        "Once all is known, from and to",
        "Comes first",
    )
    return Table("table-forms", "Forms that are possible, the best first", columns, tuple(rows), "/governance/forms")  # fmt: skip


def reasons(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each reason for or against a form with its weight and the fact it rests on."""
    return [
        (words.signed(r["weight"]), f"{words.sentence(r['because'])} {words.sentence(r['fact'])}")
        for r in form["reasons"]
    ]  # fmt: skip


def clause_table(document: Document) -> Table | None:
    """Return where every clause stands, None where no form says which are needed."""
    rows = document["governance"]["clauses"]["rows"]
    if not rows:
        return None
    shown = [
        (
            text(r["title"]),
            text(STATUS[r["status"]] + ("" if r["needed"] else " (not usual for this form)")),
            text(REVIEW[r["legal_review"]] if r["legal_review"] else "not for this audience"),
            text(" ".join(r["questions"]) or "–"),
        )
        for r in rows
    ]
    columns = ("Clause", "Where it stands", "Legal review", "Questions to settle")
    return Table("table-clauses", "Clauses of the agreement", columns, tuple(shown), "/governance/clauses")


def hinges(document: Document) -> list[str]:
    """Return what to find out about the form, what could change the first place first."""
    names = _names(document)
    return [
        f"{words.sentence(r['collect'])} Who: {r['who']}."
        + (
            f" It could put first: {words.listed(_(names[m]) for m in r['would_lead'])}."
            if r["would_lead"]
            else ""
        )
        for r in document["governance"]["not_known"]
    ]


def _reach(form: Mapping[str, Any]) -> str:
    if form["worst"] is None:
        return "–"
    return f"{words.signed(form['worst'])} to {words.signed(form['best'])}"


def _often(share: float) -> str:
    if share in {0.0, 1.0}:
        return "always" if share else "never"
    return f"in {words.percent(share)} of draws"


def _names(document: Document) -> dict[str, str]:
    found = document["governance"]
    return {f["model"]: f["name"] for f in (*found["forms"], *found["screened"])}
