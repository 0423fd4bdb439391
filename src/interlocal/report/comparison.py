"""Two studies side by side, in words, tables and pictures: what the second does better, worse, or not clearly otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Block, Cell, Heading, Items, Paper, Paragraph, Picture, Table
from interlocal.report import charts, drawing, lessons, tables, words
from interlocal.report.charts import Range
from interlocal.report.drawing import INK, MARGIN, MIDDLE, WIDTH
from interlocal.report.words import Document

_SAYS = {
    "better": "better",
    "worse": "worse",
    "a little better": "a little better",
    "a little worse": "a little worse",
    "no difference": "no difference",
    "no clear difference": "no clear difference",
    "not known": "we do not know",
    "not comparable": "not comparable",
}
_PAYS = {"better": "pays more", "worse": "pays less", "a little better": "pays a little more", "a little worse": "pays a little less"}  # fmt: skip
"""A bill that grew is counted as ``better`` by its sign alone."""
_MOST = 8
"""Reasons and conditions that stand in full; the studies have all."""


def paper(found: Document) -> Paper:
    """Return what a comparison says; ``found`` is what :func:`interlocal.comparison.compare` returns."""
    blocks: tuple[Block, ...] = (
        Paragraph(headline(found), tone="lead"),
        *_unknown(found),
        *_answers(found),
        *_saving(found),
        *_bills(found),
        *_advice(found),
        *_findings(found),
        *_method(found),
    )
    return Paper(" and ".join(_names(found)), blocks)


def headline(found: Document) -> str:
    """Return the whole comparison in a sentence."""
    first, second = (s["label"] for s in found["sides"])
    parts = []
    for key, what in (
        ("money", "the chance to save together"),
        ("service", "the chance of equal or better service"),
        ("sustainability", "the chance that every partner stays better off"),
    ):
        row = found["answers"][key]["total"]
        word = _SAYS[row["word"]]
        said = f"{what}: {word}"
        if row["word"] not in {"not known", "no difference", "no clear difference"}:
            said += f" ({words.chance(row['second'])}, against {words.chance(row['first'])})"
        elif row["second"] is not None and row["first"] is not None:
            said += f" ({words.chance(row['second'])})"
        parts.append(said)
    return f"{second} against {first}. {_upper('; '.join(parts))}."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _names(found: Document) -> tuple[str, str]:
    first, second = (s["label"] for s in found["sides"])
    return first, second


def _who(found: Document, partner: str | None) -> str:
    return "All together" if partner is None else str(found["partners"].get(partner, partner))


def _unknown(found: Document) -> list[Block]:
    made: list[Block] = [
        Paragraph(s["unknown"], f"{s['label']}:", "mark") for s in found["sides"] if s["unknown"]
    ]
    first, second = (set(s["members"]) for s in found["sides"])
    if first != second:
        lists = (words.listed(_who(found, p) for p in s["members"]) or "nobody" for s in found["sides"])
        says = "; ".join(f"{name}: {who}" for name, who in zip(_names(found), lists, strict=True))
        made.append(Paragraph(f"The two are not for the same partners, so “all together” adds up others. {says}.", "Take care:", "mark"))  # fmt: skip
    return made


def _cell(found: Document, side: int, partner: str | None, cell: Cell) -> Cell:
    """Return a cell, or that the partner takes no part in that side."""
    takes_part = partner is None or partner in found["sides"][side]["members"]
    return cell if takes_part else tables.text("takes no part")


def _word(found: Document, partner: str | None, row: Mapping[str, Any]) -> str:
    if partner is not None and any(partner not in s["members"] for s in found["sides"]):
        return "not in both"
    return _SAYS[row["word"]]


def _rows(part: Mapping[str, Any]) -> list[tuple[str | None, Mapping[str, Any]]]:
    """Return the whole and each partner, for whom one side at least says something."""
    rows = [(None, part["total"]), *part["partners"].items()]
    return [(p, r) for p, r in rows if r["first"] is not None or r["second"] is not None]


def _answers(found: Document) -> list[Block]:
    made: list[Block] = [Heading("The three answers")]
    for key, asked in words.QUESTIONS.items():
        made.append(Heading(asked, 2))
        rows = _rows(found["answers"][key])
        if not rows:
            made.append(Paragraph("We do not know, in neither of the two."))
            continue
        told = tuple(
            (
                tables.text(_who(found, p)),
                _cell(found, 0, p, tables.chance(r["first"])),
                _cell(found, 1, p, tables.chance(r["second"])),
                tables.text(_word(found, p, r)),
                _points(r),
            )
            for p, r in rows
        )
        columns = ("", *_names(found), _against(found), "Difference, in points of 100")
        made += [
            _dumbbells(found, key, rows),
            Table(f"table-compare-{key}", f"{asked} Chances side by side", columns, told),
        ]
    return made


def _against(found: Document) -> str:
    return f"{_names(found)[1]} is"


def _points(row: Mapping[str, Any]) -> Cell:
    """Return a difference of chances with how far chance alone could move it."""
    if row["difference"] is None:
        return tables.text("–")
    apart, error = 100 * row["difference"], 100 * row["standard_error"]
    if row["word"] == "no difference":
        return tables.text("0")
    said = f"{apart:+.1f} ± {2 * error:.1f}".replace("-", words.MINUS)
    return Cell(said, row["difference"])


def _dumbbells(found: Document, question: str, rows: list[tuple[str | None, Mapping[str, Any]]]) -> Picture:
    """Draw both chances of the whole and of each partner on a line from 0 to 10 in 10: the first hollow, the second filled."""
    alt = drawing.altair()
    first, second = _names(found)
    asked = words.QUESTIONS[question]
    lines = [
        {"row": i, "label": _who(found, p), "value": _word(found, p, r), "a": r["first"], "b": r["second"]}
        for i, (p, r) in enumerate(rows)
    ]
    base = alt.Chart(alt.Data(values=lines))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, len(lines) - 0.4], reverse=True, nice=False))
    x = alt.X("a:Q", title=None, scale=alt.Scale(domain=[0, 1]),
              axis=alt.Axis(values=[0, 0.5, 1], labelExpr="datum.value * 10 + ' in 10'"))  # fmt: skip
    chart = alt.layer(
        base.transform_filter("isValid(datum.a) && isValid(datum.b)").mark_rule(color=MIDDLE, strokeWidth=4).encode(x=x, x2="b:Q", y=y),
        base.transform_filter("isValid(datum.a)").mark_point(color=INK, fill="white", size=110, strokeWidth=2, opacity=1).encode(x=x, y=y),
        base.transform_filter("isValid(datum.b)").mark_point(color=INK, fill=INK, size=60, opacity=1).encode(x="b:Q", y=y),
        *drawing.labels(base, y, WIDTH - 2 * MARGIN),
    )  # fmt: skip
    says = " ".join(
        f"{_who(found, p)}: {words.chance(r['first'])} for {first}, {words.chance(r['second'])} for {second}: {_word(found, p, r)}."
        for p, r in rows
    )
    title = f"{asked} Ring: {first}. Dot: {second}"
    columns = ("", first, second)
    return drawing.picture(chart, f"compare-{question}", title, says, (columns, tuple((_who(found, p), r["first"], r["second"]) for p, r in rows)), height=46 * len(rows))  # fmt: skip


def _saving(found: Document) -> list[Block]:
    saving = found["saving"]
    rows = _rows(saving)
    made: list[Block] = [Heading("What is saved a year")]
    if not rows:
        return [*made, Paragraph("No saving can be stated for either.")]
    if saving["not_comparable"]:
        made.append(Paragraph(saving["not_comparable"], "Take care:", "mark"))
    first, second = _names(found)
    a, b = saving["currency"]
    told = tuple(
        (
            tables.text(_who(found, p)),
            _cell(found, 0, p, tables.amount(r["first"], a)),
            _cell(found, 1, p, tables.amount(r["second"], b)),
            tables.text(_word(found, p, r)),
            tables.amount(r["difference"]["mean"], b) if r["difference"] else tables.text("–"),
            tables.chance(r["p_more"]) if r["p_more"] is not None else tables.text("–"),
        )
        for p, r in rows
    )
    columns = ("", first, second, _against(found), f"{second} less {first}, on average", f"{second} saves more")  # fmt: skip
    made.append(Table("table-compare-saving", "Saving a year, on average, held against carrying on alone; a minus means that it costs more", columns, told))  # fmt: skip
    ranges = [
        Range(_who(found, p), d["p10"], d["p50"], d["p90"], _word(found, p, r), f"{_word(found, p, r)}, middle {words.money(d['p50'], b)}")
        for p, r in rows
        if (d := r["difference"]) and r["word"] != "no difference"
    ]  # fmt: skip
    if ranges:
        title = f"{second} less {first}, counted in each future ({b} a year; above zero, {second} saves more)"
        picture = charts.ranges(ranges, "compare-saving-picture", title, b)
        made += [picture, tables.behind(picture, "table-compare-saving-behind", "")]
    return made


def _bills(found: Document) -> list[Block]:
    bills = found["bills"]
    if not bills["partners"]:
        return []
    made: list[Block] = [Heading("Who pays what")]
    if bills["not_comparable"]:
        made.append(Paragraph(bills["not_comparable"], "Take care:", "mark"))
    a, b = found["saving"]["currency"]
    first, second = _names(found)
    whole = [sum(r[k] or 0.0 for r in bills["partners"].values()) for k in ("first", "second")]
    rows = tuple(
        (
            tables.text(_who(found, p)),
            *(
                _cell(found, i, p, tables.amount(r[k], currency))
                for i, (k, currency) in enumerate((("first", a), ("second", b)))
            ),
            tables.text(_PAYS.get(_word(found, p, r), _word(found, p, r))),
            *(
                _cell(found, i, p, tables.share(r[k] / whole[i] if whole[i] and r[k] is not None else None))
                for i, k in enumerate(("first", "second"))
            ),
        )
        for p, r in bills["partners"].items()
    )
    caption = f"Bills of the first steady year, {bills['years'][1]}" if bills["years"][0] == bills["years"][1] else f"Bills of the first steady year: {bills['years'][0]} and {bills['years'][1]}"  # fmt: skip
    columns = ("", first, second, f"With {second}, it", f"Share, {first}", f"Share, {second}")
    return [*made, Table("table-compare-bills", caption, columns, rows)]


def _advice(found: Document) -> list[Block]:
    advice = found["advice"]
    first, second = _names(found)
    says = [
        Paragraph(f"{verdict} (at the gate “{gate}”).", f"{label}:")
        for label, verdict, gate in zip((first, second), advice["verdicts"], advice["gates"], strict=True)
    ]
    made: list[Block] = [Heading("Advice and its conditions"), Items(tuple(says))]
    if advice["word"] == "not comparable":
        made.append(Paragraph("They stand at different gates, where different things are due.", tone="note"))
    elif advice["by_chance"]:
        made.append(Paragraph("The advice turns at a boundary that both chances lie near. They are not clearly apart, so take it as no change.", "Take care:", "mark"))  # fmt: skip
    for label, reasons in zip((first, second), advice["reasons"], strict=True):
        made += _listed(f"Reasons that only {_lower(label)} has", reasons)
    for label, rows in zip((first, second), advice["conditions"], strict=True):
        made += _listed(f"Conditions that only {_lower(label)} has", [f"{words.sentence(c['text'])} ({c['owner']})" for c in rows])  # fmt: skip
    n = advice["conditions_in_both"]
    if n:
        made.append(Paragraph(f"{n} condition{'' if n == 1 else 's'} stand{'s' if n == 1 else ''} in both."))
    withheld = max(advice["withheld"])
    if withheld:
        made.append(Paragraph("Some reasons and conditions are not for this audience.", tone="note"))
    return made


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if label.startswith("Revision") else label


def _listed(title: str, texts: list[str]) -> list[Block]:
    if not texts:
        return []
    items = tuple(Paragraph(words.sentence(t)) for t in texts[:_MOST])
    more = [Paragraph(f"{len(texts) - _MOST} more stand in the study.", tone="note")] if len(texts) > _MOST else []  # fmt: skip
    return [Heading(title, 2), Items(items), *more]


def _findings(found: Document) -> list[Block]:
    findings = found["findings"]
    rows = sorted(findings["rows"], key=lambda r: (r["by_chance"], not any(r["due"])))
    first, second = _names(found)
    told = f"{len(rows)} of {findings['compared']} findings that both tell are judged otherwise."
    if findings["withheld"]:
        told += f" {findings['withheld']} are not for this audience."
    made: list[Block] = [Heading("Findings whose verdict differs"), Paragraph(told)]
    items = []
    for r in rows:
        was, now = (f"{lessons.shape(v)} {v}" for v in r["verdicts"])
        why = " ".join(
            f"{label}: {words.sentence(' '.join(words.sentence(t) for t in because[:2]) or 'nothing is on record')}"
            for label, because in zip((first, second), r["because"], strict=True)
        )
        late = "" if any(r["due"]) else " Not due yet."
        near = " The chances behind it are not clearly apart; the word turns at a boundary." if r["by_chance"] else ""  # fmt: skip
        items.append(Paragraph(f"{why}{late}{near}", f"{r['label']}: {was} → {now} ({r['word']})."))
    return [*made, *([Items(tuple(items))] if items else [])]


def _method(found: Document) -> list[Block]:
    return [
        Heading("How the two were held against each other"),
        Paragraph(
            f"Both saw the same {found['draws']:,} futures (seed {found['seed']}). The difference is counted in each future "
            "and then averaged, so that it is one of designs and not of dice. A difference is called better or worse only where "
            f"it is more than {found['clear']:g} standard errors from nothing; the rest is no clear difference. A little means "
            "less than half a step of “7 in 10”, or less than 2 percent of the cost. Behind ± stand two standard errors.",
            tone="note",
        ),
    ]
