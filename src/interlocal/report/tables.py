"""The tables of a study page: cells with the figure in full behind the rounded one, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from interlocal.blocks import Cell, Picture, Table
from interlocal.report import shares_words, words
from interlocal.report.words import Document


def text(words_: Any) -> Cell:
    """Return a cell that holds words."""
    return Cell(str(words_))


def amount(value: float | None, currency: str) -> Cell:
    """Return a cell that holds money [currency]."""
    return Cell(words.money(value, currency), value)


def chance(p: float | None) -> Cell:
    """Return a cell that holds a probability."""
    return Cell(words.chance(p), p)


def share(value: float | None) -> Cell:
    """Return a cell that holds a share in percent."""
    return Cell(words.percent(value), value)


def number(value: float | None) -> Cell:
    """Return a cell that holds a number without a unit."""
    return Cell(words.quantity(value), value)


def change(value: float | None) -> Cell:
    """Return a cell that holds an estimated change without a unit, to two significant digits as money is."""
    return Cell(words.quantity(value if value is None else words.rounded(value)), value)


def behind(picture: Picture, id_: str, pointer: str) -> Table:
    """Return the table behind a picture: the numbers in full sit behind rounded ones."""
    rows = tuple(
        tuple(_plain(v, column) for v, column in zip(r, picture.columns, strict=True)) for r in picture.rows
    )
    return Table(id_, picture.title, picture.columns, rows, pointer)


def _plain(value: Any, column: str) -> Cell:
    if isinstance(value, str) or column == "Year":
        return text(value)
    if column.startswith("Chance"):
        return chance(value)
    return share(value) if column.startswith("Share") else number(value)


def gains(document: Document, option: str) -> Table | None:
    """Return what each partner gains: chance, each year, per household and head, and when it pays back."""
    money = document["questions"]["money"]
    answer, currency = money["options"][option], money["currency"]
    if answer["pool"] is None:
        return None
    rows = []
    for p, n in answer["pool"]["partners"].items():
        year = answer["per_year"]["partners"].get(p, {})
        rows.append(
            (
                text(words.partner_name(document, p)),
                chance(n["p_saves"]),
                amount(year.get("amount"), currency),
                amount(year.get("per_household"), currency),
                amount(year.get("per_head"), currency),
                text(words.payback(n["payback_year"])),
            )
        )
    total = answer["pool"]["total"]
    rows.append(
        (
            text("All together"),
            chance(total["p_saves"]),
            amount(answer["per_year"]["total"]["amount"], currency),
            text("–"),
            text("–"),
            text(words.payback(total["payback_year"])),
        )
    )
    columns = (
        "",
        "Saves money",
        "Saving a year, on average",
        "Per household a year",
        "Per head a year",
        "Pays back",
    )
    return Table("table-gains", "What each partner gains; a minus means that it costs more", columns, tuple(rows),
                 f"/questions/money/options/{option}")  # fmt: skip


def options(document: Document) -> Table:
    """Return every option side by side: money by view, the other two questions, payback."""
    money = document["questions"]["money"]
    rows = []
    for key, o in money["options"].items():
        weights = o.get("p_saves_at_weight") or {}
        rows.append(
            (
                text(o["name"]),
                text(words.KINDS.get(o["kind"], o["kind"])),
                chance(words.probabilities(document, key, "money")[0]),
                *(chance(weights.get(w)) for w in ("0", "0.5", "1")),
                *(chance(words.probabilities(document, key, q)[0]) for q in ("service", "sustainability")),
                text(words.payback(o["pool"]["total"]["payback_year"]) if o["pool"] else o["unknown"]),
            )
        )
    columns = ("Option", "Kind", "Saves money", "Saves, by published results alone (weight 0)", "Saves, half and half (weight ½)",
               "Saves, by its own figures alone (weight 1)", "Equal or better service", "Lasts", "Pays back")  # fmt: skip
    return Table(
        "table-options",
        "Options side by side, all partners together",
        columns,
        tuple(rows),
        "/questions/money/options",
    )


def break_even(document: Document, option: str) -> Table:
    """Return the value of each leading input at which the option stops saving."""
    found = document["questions"]["money"]["options"][option]["break_even"]
    anchors = source_anchors(document)
    rows = tuple(
        (
            Cell(b["label"], None, anchors.get(b["input"])),
            number(b["median"]),
            number(b["value"]) if b["value"] is not None
            else text(f"none between {words.quantity(b['looked_at'][0])} and {words.quantity(b['looked_at'][1])}"),
        )
        for b in found
    )  # fmt: skip
    return Table("table-break-even", "Break-even: where the case’s own figures neither save nor cost", ("Input", "Middle value here", "Break-even value"), rows,
                 f"/questions/money/options/{option}/break_even")  # fmt: skip


def do_nothing(document: Document) -> Table:
    """Return what each partner pays in the first and last year if nothing changes."""
    money = document["questions"]["money"]
    first, last = 0, money["years"].index(money["horizon"][1])
    rows = tuple(
        (
            text(words.partner_name(document, p)),
            *(amount(band[k][i], money["currency"]) for i in (first, last) for k in ("p10", "p50", "p90")),
        )
        for p, band in money["do_nothing"].items()
    )
    columns = (
        "",
        *(
            f"{money['years'][i]}: {k}"
            for i in (first, last)
            for k in ("1 in 10 below", "middle", "1 in 10 above")
        ),
    )
    return Table(
        "table-do-nothing",
        "If nothing changes: cost of the service a year",
        columns,
        rows,
        "/questions/money/do_nothing",
    )


def moved(document: Document, option: str) -> Table:
    """Return the cost that the option moves to someone else."""
    money = document["questions"]["money"]
    rows = tuple(
        (text(words.partner_name(document, m["from"])), text(m["to"]), amount(m["amount"], money["currency"]))
        for m in money["options"][option]["moved"]
    )
    return Table("table-moved", "Cost that moves to someone else, and so is not saved", ("From", "To", "A year"), rows,
                 f"/questions/money/options/{option}/moved")  # fmt: skip


def once(document: Document, option: str) -> Table:
    """Return the cost of changing over, by line, at the middle of every input."""
    currency = document["questions"]["money"]["currency"]
    central = (document["central"] or {"options": {}})["options"].get(option, {"lines": []})
    lines = [x for x in central["lines"] if x["category"] in {"transition", "capital"}]
    rows = tuple((text(x["name"]), text(x["category"]), amount(sum(x["cost"]), currency)) for x in lines)
    return Table("table-once", "Spent once to change over, with every input at its middle", ("Line", "Kind", "In all"), rows,
                 f"/central/options/{option}/lines")  # fmt: skip


_KINDS = {
    "today": "Cost of today that ends",
    "joint": "Cost of the joint service",
    "optimism": "Held back, for studies promise too much",
    "coordination": "Cost of working together",
    "own": "Cost that partners still pay themselves",
    "still_done_alone": "Cost of what each still does alone",
    "stranded": "Stranded cost: stays though the work has gone",
    "moved": "Cost moved to someone else",
    "transition_and_capital": "Changing over and capital",
    "grants": "Grants",
    "delay_and_renewals": "Late start, and renewals no longer needed",
}


def components(document: Document, option: str) -> Table | None:
    """Return the saving taken apart by kind of cost, for all together [currency, present value]."""
    money = document["questions"]["money"]
    parts = money["options"][option].get("components")
    if parts is None:
        return None
    rows = [(_KINDS.get(k, k.replace("_", " ")), v) for k, v in parts["rows"].items()] + [
        ("Saving", parts["saving"])
    ]
    level = parts["of_which_levelling_of_pay"]
    if level is not None:
        rows.append(("Of this, bringing pay to one level", level))
    return Table(
        "table-components",
        f"The saving taken apart ({parts['basis']}); a minus is a cost",
        ("Kind of cost", "All together"),
        tuple((text(name), amount(v["total"], money["currency"])) for name, v in rows),
        f"/questions/money/options/{option}/components",
    )


def optimism(document: Document, option: str) -> Table:
    """Return the chance to save when claims are taken to be too high by other amounts."""
    found = document["questions"]["money"]["options"][option]["optimism"]
    rows = tuple((text(words.percent(float(k))), chance(p)) for k, p in found.items())
    return Table("table-optimism", "If the study’s own saving were too high by this share of today’s cost", ("Too high by", "Saves money together"), rows,
                 f"/questions/money/options/{option}/optimism")  # fmt: skip


def service(document: Document, option: str) -> Table:
    """Return the chance of equal or better service and the change, by measure and partner."""
    question = document["questions"]["service"]
    rows = []
    for r in (question["options"].get(option) or {}).get("measures", []):
        measure = question["measures"][r["measure"]]
        c = r["change"]
        name = measure["name"] + (" (decides)" if r["measure"] in question["deciding"] else "")
        rows.append((text(name), text(words.partner_name(document, r["partner"])), chance(r["p"]),
                     change(c["p10"]), change(c["p50"]), change(c["p90"]), text(measure["unit"])))  # fmt: skip
    columns = (
        "Measure",
        "Partner",
        "Equal or better",
        "Change: 1 in 10 below",
        "Middle",
        "1 in 10 above",
        "Unit",
    )
    return Table(
        "table-service",
        "Change in service; a minus is worse",
        columns,
        tuple(rows),
        f"/questions/service/options/{option}/measures",
    )


def stays(document: Document, option: str) -> Table:
    """Return the chance that each partner stays better off, and after each exit."""
    currency = document["questions"]["money"]["currency"]
    answer = document["questions"]["sustainability"]["options"].get(option) or {}
    kept = (answer.get("p_stays") or {"partners": {}})["partners"]
    exits = answer.get("exits", {})
    rows = tuple(
        (
            text(words.partner_name(document, p)),
            chance(row["p"]),
            amount(exits[p]["partners"][p]["change"] if p in exits else None, currency),
            amount(
                exits[p]["total"]["change"] - exits[p]["partners"][p]["change"] if p in exits else None,
                currency,
            ),
        )
        for p, row in kept.items()
    )
    columns = (
        "",
        "Stays better off than alone",
        "If it leaves: change for itself",
        "If it leaves: change for the rest",
    )
    return Table("table-stays", "Who stays better off, and what an exit changes (present value)", columns, rows,
                 f"/questions/sustainability/options/{option}")  # fmt: skip


def untested(document: Document, option: str) -> Sequence[str]:
    """Return the stresses that could not be tested, each with the reason."""
    answer = document["questions"]["sustainability"]["options"].get(option) or {}
    return [f"{s['title']}. {s['unknown']}" for s in answer.get("stresses", []) if s["unknown"] is not None]


def bills(document: Document, option: str) -> Table | None:
    """Return who pays what under the proposed formula."""
    answer = document["sharing"]["options"].get(option)
    if answer is None:
        return None
    currency = document["questions"]["money"]["currency"]
    rows = tuple(
        (
            text(words.partner_name(document, p)),
            amount(r["bill"], currency),
            share(r["share"]),
            chance(r["p_better_off"]),
        )
        for p, r in answer["partners"].items()
    )
    return Table("table-bills", f"Who pays what: {answer['basis']}", ("", "Pays", "Share", "Better off, counting service it values"), rows,
                 f"/sharing/options/{option}/partners")  # fmt: skip


def formulas(document: Document) -> Table | None:
    """Return, for every formula side by side, how likely each partner is better off and which groups would walk."""
    found = document["sharing"].get("laboratory")
    if found is None or found["draws"] is None:
        return None
    rows = tuple(
        (
            text(shares_words.formula(name)),
            *(share(tried["p_better_off"][p]) for p in found["names"]),
            text(shares_words.would_walk(tried, found["currency"])),
        )
        for name, tried in found["formulas"].items()
        if "shares" in tried
    )
    caption = f"Every formula: in what share of {found['draws']:,} futures each partner is better off, counting service it values"
    columns = ("", *found["names"].values(), "Groups that would walk")
    return Table("table-formulas", caption, columns, rows, "/sharing/laboratory/formulas")


def sources(document: Document) -> Table:
    """Return where each figure of the case comes from."""
    found = document["sources"]["case"]
    rows = tuple(
        (
            Cell(pointer),
            text(s["label"]),
            text(words.figure(s) or "–"),
            text(s["basis"] or "not stated"),
            text(s["source"] or "not stated"),
        )
        for pointer, s in found.items()
    )
    return Table(
        "table-sources",
        "Sources of the case’s figures",
        ("Place in the case", "What it is", "What it says", "Basis", "Source"),
        rows,
        "/sources/case",
    )


def anchor(pointer: str) -> str:
    """Return the id of the row that names the source of a place in the case."""
    return "source" + re.sub(r"[^A-Za-z0-9]+", "-", pointer)


def source_anchors(document: Document) -> Mapping[str, str]:
    """Return the anchor of each input whose place in the case the study knows."""
    known = document["sources"]["case"]
    money = document["questions"]["money"]["options"].values()
    inputs = [x for o in money for x in [*o.get("drivers", ()), *o.get("break_even", ())]]
    return {x["input"]: anchor(x["pointer"]) for x in inputs if x.get("pointer") in known}
