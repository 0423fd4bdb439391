"""Annexes of the draft agreement: the formula worked out, what leaving costs, the law that was cited."""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.blocks import Block, Cell, Heading, Items, NewPage, Paragraph, Table
from interlocal.governance.draft import Draft
from interlocal.governance.writing import cells, money_cell, percent

_STEPS = {
    "cost": "The cost to share",
    "rule": "The rule",
    "band": "The band",
    "phase_in": "The phase-in",
    "floors_and_caps": "Floors and caps",
    "reserve": "The reserve",
    "in_kind": "Credits in kind",
    "bill": "The bills",
    "total": "All together",
    "capital": "Capital",
    "buy_in": "Joining once",
    "true_up": "Settling at year end",
}


def annexes(draft: Draft) -> Iterator[Block]:
    """Yield the annexes, each on a new page."""
    yield NewPage()
    yield from _example(draft)
    yield NewPage()
    yield from _leaving(draft)


def bills(draft: Draft) -> dict[str, float]:
    """Return each party's bill of the worked example in whole cents [currency/year]; empty where there is none."""
    found = draft.document["sharing"].get("laboratory") or {}
    lines = found.get("explained") or ()
    return {x["partner"]: x["amount"] for x in lines if x["step"] == "bill" and x["partner"]}


def _example(draft: Draft) -> Iterator[Block]:
    yield Heading("Annex A. The cost formula, worked out line by line")
    found = draft.document["sharing"].get("laboratory")
    if not draft.sees("formula"):
        yield Paragraph("The formula is not for this audience.", tone="mark")
        return
    if not found or not found.get("explained") or found["option"] != draft.option.id:
        yield Paragraph(
            "The study could not work the formula out: it needs a formula, costs, and the measures that the formula names.",
            lead="We do not know.",
            tone="mark",
        )
        return
    yield Paragraph(
        f"An example with the figures of the study for {found['year']}, the first year after the change. Real bills follow "
        "real cost and real measures.",
        lead="This is not a bill.",
        tone="mark",
    )
    paid = bills(draft)
    total = round(sum(paid.values()), 2)
    currency = found["currency"]
    rows = [
        (Cell(draft.name(p)), money_cell(x, currency), Cell(percent(x / total) if total else "–"))
        for p, x in paid.items()
    ]
    rows.append((Cell("All together"), money_cell(total, currency), Cell(percent(1.0) if total else "–")))
    columns = ("Party", f"Bill in {found['year']}, to the cent", "Share of all bills")
    yield Table("bills", "What each party would pay in money", columns, tuple(rows), "/sharing/laboratory/explained")  # fmt: skip
    lines = found["explained"]
    for step in dict.fromkeys(x["step"] for x in lines):
        yield Heading(_STEPS.get(step, step.replace("_", " ").capitalize()), 2)
        yield Items(tuple(Paragraph(x["text"]) for x in lines if x["step"] == step))


def _leaving(draft: Draft) -> Iterator[Block]:
    yield Heading("Annex B. What a withdrawal would cost")
    answer = draft.document["questions"]["sustainability"]["options"].get(draft.option.id) or {}
    exits = answer.get("exits")
    if not exits or not draft.sees("exit"):
        yield Paragraph("The study has no figures of a withdrawal for this audience.", tone="mark")
        return
    currency = draft.document["questions"]["money"]["currency"]
    rows = []
    for p, found in exits.items():
        if "partners" not in found:
            continue
        own = found["partners"][p]["change"]
        rows.append(
            (
                Cell(draft.name(p)),
                _change(own, currency),
                _change(found["total"]["change"] - own, currency),
            )
        )
    if not rows:
        yield Paragraph("The study could not work out a withdrawal.", lead="We do not know.", tone="mark")
        return
    columns = ("If this party leaves", "It would have", "All others together would have")
    yield Table("exits", f"Change in the saving over the years of the study, present value ({currency})", columns, tuple(rows), f"/questions/sustainability/options/{draft.option.id}/exits")  # fmt: skip
    yield Paragraph("Averages over the futures of the study. A minus means less saving, or more cost, than if all stay.", tone="note")  # fmt: skip


def _change(value: float, currency: str) -> Cell:
    near = round(value, -3)
    sign = "+" if near > 0 else "\N{MINUS SIGN}" if near < 0 else ""
    return Cell(f"{sign}{currency} {abs(near):,.0f}", value)


def cited(draft: Draft, clause: str) -> Iterator[Block]:
    """Yield the rules of law that bear on a clause, each with its citation."""
    for r in draft.document["governance"]["law"]["rules"]:
        if r["topic"] == clause:
            where = f"{r['cite']} ({r['edition']}), read on {r['read_on']} at {r['address']}."
            yield Paragraph(f"{r['text']} {where} Ask counsel whether it still holds and applies.", lead=f"Law of {r['place']}.", tone="note")  # fmt: skip


def signatures(draft: Draft) -> Iterator[Block]:
    """Yield the page of signatures, to be filled in by hand."""
    yield Heading("Signatures")
    yield Paragraph("To be signed only after review by counsel and the votes that the law requires.", tone="note")  # fmt: skip
    rows = [cells(draft.name(p), "", "", "") for p in draft.members]
    yield Table("signatures", "For the parties", ("Party", "Name and office", "Signature", "Day"), tuple(rows))  # fmt: skip
