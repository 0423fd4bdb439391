"""One page for one partner: its own figures, and nobody else's."""

from __future__ import annotations

from interlocal.blocks import Block, Heading, Items, Paper, Paragraph, Table
from interlocal.report import charts, outline, tables, words
from interlocal.report.papers import paper
from interlocal.report.words import Document


def partner_sheet(document: Document, partner: str) -> Paper:
    """Return what a study says of one partner.

    Sums over all partners stay out: beside a partner's own figure they would tell those of the others.
    """
    option = words.proposed(document)
    name = words.partner_name(document, partner)
    answers = [(q, words.probabilities(document, option, q)[1].get(partner)) for q in words.QUESTIONS]
    blocks: list[Block] = [
        *outline.warnings(document),
        Heading("The three answers for this partner"),
        Items(tuple(Paragraph(words.answer_of_partner(p, q, name), words.QUESTIONS[q]) for q, p in answers)),
        Heading("Its own figures"),
        *_figures(document, option, partner),
        *_picture(document, option, partner),
        *_service(document, option, partner),
        outline.drawn(document),
    ]
    return paper(document, f"{name}: {{title}}", blocks)


def _figures(document: Document, option: str | None, partner: str) -> list[Block]:
    money = document["questions"]["money"]
    answer, currency = money["options"].get(option) if option else None, money["currency"]
    rows = []
    path = money["do_nothing"].get(partner)
    if path:
        last = money["years"].index(money["horizon"][1])
        rows += [
            (f"Pays if nothing changes, in {money['years'][i]}", tables.amount(path["p50"][i], currency))
            for i in (0, last)
        ]
    bill = (
        (document["sharing"]["options"].get(option) or {"partners": {}})["partners"].get(partner)
        if option
        else None
    )
    if bill:
        rows += [
            ("Pays a year under the proposed formula", tables.amount(bill["bill"], currency)),
            ("Chance to be better off, counting service that it values", tables.chance(bill["p_better_off"])),
        ]
    own = answer["pool"]["partners"].get(partner) if answer and answer["pool"] else None
    if answer and own:
        year, npv = answer["per_year"]["partners"].get(partner, {}), own["npv"]
        rows += [
            ("Saves a year, on average", tables.amount(year.get("amount"), currency)),
            ("Saves per household a year", tables.amount(year.get("per_household"), currency)),
            ("Saves over all years, present value: 1 in 10 below", tables.amount(npv["p10"], currency)),
            ("Saves over all years, present value: middle", tables.amount(npv["p50"], currency)),
            ("Saves over all years, present value: 1 in 10 above", tables.amount(npv["p90"], currency)),
            ("Pays back", tables.text(words.payback(own["payback_year"]))),
        ]
    lasting = document["questions"]["sustainability"]["options"].get(option) or {} if option else {}
    leaves = lasting.get("exits", {}).get(partner)
    if leaves:
        rows.append(
            (
                "If it leaves: change for itself, present value",
                tables.amount(leaves["partners"][partner]["change"], currency),
            )
        )
    if not rows:
        return [Paragraph(words.probabilities(document, option, "money")[2])]
    cells = tuple((tables.text(k), v) for k, v in rows)
    return [
        Table(
            "table-own",
            "What this study says of this partner; a minus means that it costs more",
            ("Figure", "Value"),
            cells,
            f"/questions/money/options/{option}",
        )
    ]


def _picture(document: Document, option: str | None, partner: str) -> list[Block]:
    answer = document["questions"]["money"]["options"].get(option) if option else None
    if (
        option is None
        or answer is None
        or partner not in (answer.get("yearly") or {"partners": {}})["partners"]
    ):
        return []
    return [charts.fan(document, option, f"fan-{partner}", partner)]


def _service(document: Document, option: str | None, partner: str) -> list[Block]:
    if option is None:
        return []
    mine = [
        r
        for r in (document["questions"]["service"]["options"].get(option) or {}).get("measures", ())
        if r["partner"] == partner
    ]
    known = document["questions"]["service"]["measures"]
    rows = tuple(
        (
            tables.text(known[r["measure"]]["name"]),
            tables.chance(r["p"]),
            tables.number(r["change"]["p50"]),
            tables.text(known[r["measure"]]["unit"]),
        )
        for r in mine
    )
    if not rows:
        return []
    return [
        Table(
            "table-own-service",
            "Change in its service; a minus is worse",
            ("Measure", "Equal or better", "Middle change", "Unit"),
            rows,
            f"/questions/service/options/{option}/measures",
        )
    ]
