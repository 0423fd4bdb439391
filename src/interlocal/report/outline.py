"""What a study says, part by part, as blocks: each document picks parts, and none makes words or figures of its own.

Words come from ``words``, tables from ``tables`` and pictures from ``charts``, as they do for the page. So page, PDF
and Word cannot disagree with one another or with ``study.json``.
"""

from __future__ import annotations

from collections.abc import Iterable

from interlocal.blocks import Block, Cell, Heading, Items, Paragraph, Picture, Table
from interlocal.case.document import Case
from interlocal.report import (
    charts,
    governance,
    lessons,
    networks,
    opinions,
    overview,
    schedule,
    shares_words,
    tables,
    trust,
    words,
)
from interlocal.report.language import DRAFT, _, current
from interlocal.report.words import Document

MOST = 7
"""Columns that fit on a page; a wider table is cut into several."""


def points(texts: Iterable[str], *, numbered: bool = False) -> list[Block]:
    """Return sentences as a list, or nothing where there are none."""
    items = tuple(Paragraph(words.sentence(t)) for t in texts)
    return [Items(items, numbered=numbered)] if items else []


def warnings(document: Document) -> list[Block]:
    """Return what a reader has to know before any figure, and before it that a translation is a draft."""
    return [*draft(), *cautions(document)]


def draft() -> list[Block]:
    """Return that a translation is a draft, where it is one."""
    says = _(
        "This translation is a draft. No speaker has reviewed it yet. What the partners wrote themselves stands as they wrote it."
    )
    return [Paragraph(says, tone="mark")] if current() in DRAFT else []


def cautions(document: Document) -> list[Block]:
    """Return what a reader has to know before any figure."""
    blocks: list[Block] = []
    if document["case"]["fictional"]:
        blocks.append(
            Paragraph(_("Its places, people and figures are not real."), _("This case is made up."), "mark")
        )
    return blocks + [Paragraph(w, _("Take care:"), "mark") for w in document["warnings"]]


def subtitle(document: Document) -> str:
    """Return service, day and audience on one line."""
    case = document["case"]
    audience = _(words.AUDIENCES[document["audience"]])
    return f"{_(case['service']['name'])} · {_('as of {day}').format(day=case['as_of'])} · {_('for {audience}').format(audience=audience)}"


def question(document: Document) -> list[Block]:
    """Return what is to be decided."""
    case = document["case"]
    option = words.proposed(document)
    name = document["questions"]["money"]["options"][option]["name"] if option else None
    says = case["summary"] or case["service"]["scope"]
    blocks: list[Block] = [Heading(_("The question"))]
    if says:
        blocks.append(Paragraph(words.sentence(says)))
    if name:
        partners = words.listed(words.partner_name(document, p) for p in case["partners"])
        blocks.append(
            Paragraph(
                _("{option}, for {partners}.").format(option=name, partners=partners), _("What is proposed:")
            )
        )
    return blocks


def answers(document: Document) -> list[Block]:
    """Return the three answers, each a sentence with its probability."""
    option = words.proposed(document)
    items = tuple(
        Paragraph(words.answer(document, option, q), _(asked)) for q, asked in words.QUESTIONS.items()
    )
    return [Heading(_("The three answers")), Items(items)]


def pays_and_gains(document: Document) -> list[Block]:
    """Return what each partner pays and gains, in one table."""
    option = words.proposed(document)
    blocks: list[Block] = [Heading(_("What each partner pays and gains"))]
    money = document["questions"]["money"]
    answer = money["options"].get(option) if option else None
    if option is None or answer is None or answer["pool"] is None:
        return [*blocks, Paragraph(words.probabilities(document, option, "money")[2])]
    currency, sharing = money["currency"], document["sharing"]["options"].get(option)
    rows = []
    for p, n in answer["pool"]["partners"].items():
        year = answer["per_year"]["partners"].get(p, {})
        bill = sharing["partners"].get(p, {}) if sharing else {}
        rows.append((
            tables.text(words.partner_name(document, p)), tables.amount(bill.get("bill"), currency),
            tables.amount(year.get("amount"), currency), tables.amount(year.get("per_household"), currency),
            tables.chance(n["p_saves"]), tables.chance(bill.get("p_better_off")),
        ))  # fmt: skip
    total = answer["pool"]["total"]
    rows.append((tables.text(_("All together")), Cell("–"), tables.amount(answer["per_year"]["total"]["amount"], currency), Cell("–"),
                 tables.chance(total["p_saves"]), Cell("–")))  # fmt: skip
    columns = (
        _("Partner"),
        _("Pays a year"),
        _("Saves a year, on average"),
        _("Saves per household a year"),
        _("Chance to save"),
        _("Chance to be better off"),
    )
    basis = f" {_('What each pays:')} {words.sentence(_(sharing['basis']))}" if sharing else ""
    note = _(
        "A saving is held against what each would pay if it carried on alone; a minus means that it costs more. Better off also counts service that it values."
    )
    return [
        *blocks,
        Table("table-pays-and-gains", _("What each partner pays and gains under the proposed formula"), columns, tuple(rows), f"/questions/money/options/{option}"),
        Paragraph(note + basis, tone="note"),
    ]  # fmt: skip


def picture(document: Document) -> list[Block]:
    """Return the one picture of a short document: the saving, and how far it could lie either way."""
    option = words.proposed(document)
    if option is None or document["questions"]["money"]["options"][option]["pool"] is None:
        return []
    return [
        charts.fan(document, option),
        Paragraph(
            _("Dark: half of all futures. Pale: 8 in 10. Below zero it costs more than carrying on alone."),
            tone="note",
        ),
    ]


def advice(document: Document, most: int | None = None) -> list[Block]:
    """Return the advice at this gate, why, and under which conditions."""
    found = document["advice"]
    blocks: list[Block] = [
        Heading(_("Advice and conditions")),
        Paragraph(
            _("At the gate “{gate}”: {verdict}.").format(gate=_(found["gate"]), verdict=_(found["verdict"])),
            tone="lead",
        ),
        *points(r["because"] for r in found["rules"][:most]),
    ]
    conditions = found["conditions"][:most]
    if conditions:
        blocks.append(Heading(_("Conditions"), 2))
        blocks += points((f"{c['text']} ({c['owner']})" for c in conditions), numbered=True)
    left = sum(max(0, len(found[k]) - (most or len(found[k]))) for k in ("rules", "conditions"))
    withheld = found["rules_withheld"] + found["conditions_withheld"]
    notes = [_("{n} more stand in the report.").format(n=left)] if left else []
    notes += [_("Not for this audience: {n}.").format(n=withheld)] if withheld else []
    return blocks + ([Paragraph(" ".join(notes), tone="note")] if notes else [])


def unknown(document: Document, most: int | None = None) -> list[Block]:
    """Return what is not known, and what to collect, by whom."""
    option = words.proposed(document)
    reasons = [
        r for q in words.QUESTIONS for p, each, r in [words.probabilities(document, option, q)] if p is None
    ]
    blocks: list[Block] = [Heading(_("What we do not know")), *points(dict.fromkeys(reasons))]
    steps = document["collect_next"][:most]
    if steps:
        blocks.append(Paragraph(_("What to find out first, and who can say:")))
        blocks += points((f"{s['text']} ({s['who']})" for s in steps), numbered=True)
    elif not reasons:
        blocks.append(Paragraph(_("The case has everything that this study reads.")))
    return blocks


def drawn(document: Document) -> Paragraph:
    """Return in small print how the chances came about."""
    says = _(
        "The study drew {n} possible futures; a chance is the share of them in which something happens. It is only as good as the figures that went in. Figures in full: study.json."
    )
    return Paragraph(says.format(n=f"{document['draws']:,}"), tone="note")


def shown(picture: Picture | None, id_: str, pointer: str) -> list[Block]:
    """Return a picture and the table behind it."""
    return [] if picture is None else [picture, *cut(tables.behind(picture, f"table-{id_}", pointer))]


def cut(table: Table | None) -> list[Block]:
    """Return a table in pieces that fit on a page, each with the names of the rows."""
    if table is None or not table.rows:
        return []
    if len(table.columns) <= MOST:
        return [table]
    step = MOST - 1
    starts = range(1, len(table.columns), step)
    return [
        Table(f"{table.id}-{n}", f"{table.caption} ({n} of {len(starts)})", (table.columns[0], *table.columns[i : i + step]),
              tuple((r[0], *r[i : i + step]) for r in table.rows), table.pointer)
        for n, i in enumerate(starts, 1)
    ]  # fmt: skip


def lists(document: Document) -> list[Block]:
    """Return the five lists, each item with its verdict in words and a mark."""
    blocks: list[Block] = [Heading("The lessons, as they stand in this case"),
                           Paragraph("● good · ◐ in part · ◑ watch · ▲ bad · ○ not known · – not for this audience. An item that is not due yet is not held against anyone.", tone="note")]  # fmt: skip
    blocks += shown(overview.five_lists(document), "five-lists-behind", "/lessons")
    for title, rows in lessons.by_list(document):
        blocks.append(Heading(title, 2))
        cells = []
        for f in rows:
            told = " ".join(
                [
                    *(e["text"] for e in f["because"]),
                    *(f"Next: {s['text'].rstrip('.')} ({s['who']})." for s in f["next_steps"]),
                ]
            )
            due = "" if f["due"] else f", {lessons.NOT_DUE}"
            cells.append(
                (
                    Cell(f["label"][:1].upper() + f["label"][1:]),
                    Cell(f"{f['shape']} {f['verdict'] or 'not for this audience'}{due}"),
                    Cell(told or "–"),
                )
            )
        blocks.append(
            Table(
                f"table-{title.lower().replace(' ', '-')}",
                title,
                ("Item", "Verdict", "Why, and what next"),
                tuple(cells),
                "/lessons",
            )
        )
    return blocks


def shares(document: Document) -> list[Block]:
    """Return who pays what, what each could accept, and which groups would walk."""
    option = words.proposed(document)
    table = tables.bills(document, option) if option else None
    if table is None:
        return [
            Heading("Who pays what"),
            Paragraph("We do not know: no formula can be worked out for the option named first."),
        ]
    return [
        Heading("Who pays what"),
        table,
        *shown(charts.acceptable(document), "acceptable-behind", "/sharing/laboratory"),
        *cut(tables.formulas(document)),
        *points(shares_words.walks(document)),
    ]


def surveys(document: Document) -> list[Block]:
    """Return what surveys found, or that none was held."""
    found = [t for table in opinions.tables(document) for t in cut(table)]
    return [
        Heading("What people answered"),
        *(found or [Paragraph("No survey has been closed that this audience may see.")]),
    ]


def forms(document: Document) -> list[Block]:
    """Return which form the partnership could take, and the clauses it needs."""
    return [Heading("Form of governance"), Paragraph(governance.headline(document), tone="lead"), Paragraph(governance.chosen(document)),
            *shown(charts.forms(document), "forms-behind", "/governance/forms"), *cut(governance.clause_table(document))]  # fmt: skip


def assumptions(document: Document) -> list[Block]:
    """Return what was assumed, and where Interlocal's judgement stands in."""
    told = [Paragraph(says, f"{label}:") for _pointer, label, says in words.assumptions(document)]
    blocks: list[Block] = [Heading("Assumptions and design choices")]
    blocks.append(
        Paragraph(
            "These are assumptions made for the design. They are not facts."
            if told
            else "No figure of the case is marked as an assumption."
        )
    )
    blocks += [Items(tuple(told))] if told else []
    judged = [j.replace("_", " ") for j in document["questions"]["money"]["judged"]]
    if judged:
        blocks.append(
            Paragraph(
                f"Where the case says nothing, Interlocal’s own judgements stand in. They are judgement, not data: {', '.join(judged)}."
            )
        )
    return blocks


def sources(document: Document) -> list[Block]:
    """Return where each figure of the case comes from."""
    outside, left = document["sources"]["outside_view"], words.left_out(document)
    return [Heading("Where the figures come from"),
            Paragraph(f"Published results for this kind of service: {words.sentence(_(outside.get('why') or 'no reason is given'))}"),
            *([Paragraph("Left out for this audience:"), *points(left)] if left else []), *cut(tables.sources(document))]  # fmt: skip


def plan(document: Document) -> list[Block]:
    """Return the plan from the first talk to a stable service, or that there is none."""
    picture = schedule.picture(document)
    return [
        Heading("The plan"),
        *points(schedule.sentences(document)),
        *([picture] if picture else []),
        *cut(schedule.table(document)),
    ]


def partners(document: Document, case: Case) -> list[Block]:
    """Return where the partners lie, and how far they trust one another as far as this audience may know."""
    blocks: list[Block] = [Heading("The partners")]
    blocks += shown(networks.neighbours(case, document), "neighbours-behind", "/case/partners")
    blocks += [
        Heading("Trust", 2),
        *(
            points(trust.sentences(document))
            or [Paragraph("No survey of trust has been closed that this audience may see.")]
        ),
        *shown(trust.dimensions(document), "trust-behind", "/consensus/trust/by_dimension"),
    ]
    return blocks + shown(networks.trust_network(document), "pairs-behind", "/consensus/trust/pairs")
