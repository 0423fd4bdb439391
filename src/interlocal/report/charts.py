"""The one source of pictures: each with a title, words that say the same, and the table behind it.

Labels stand beside what they name, the zero line is always drawn, and so is how far a value could lie either way.
One dark colour and greys carry the meaning, so that a black-and-white print loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlocal.blocks import Picture
from interlocal.report import drawing, shares_words, words
from interlocal.report.drawing import BLUE, GREY, INK, MARGIN, MIDDLE, NARROW, PALE, WIDTH
from interlocal.report.language import _
from interlocal.report.words import Document

_AMOUNT = (
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',.3~r') + ' million' : format(datum.value, ',.3~r')"
)


@dataclass(frozen=True)
class Range:
    """One line of a range picture: exceeded 9 times in 10, 1 time in 2, 1 time in 10."""

    label: str
    p10: float
    p50: float
    p90: float
    chance: str
    says: str


def fan(document: Document, option: str, key: str = "fan", partner: str | None = None) -> Picture:
    """Draw the yearly saving of all together or of one partner: middle half, middle eight tenths, median [currency/year]."""
    alt = drawing.altair()

    money = document["questions"]["money"]
    yearly = money["options"][option]["yearly"]
    band, currency = yearly["partners"][partner] if partner else yearly["total"], money["currency"]
    whose = words.partner_name(document, partner) if partner else _("all partners together")
    names = ("p10", "p25", "p50", "p75", "p90")
    rows = tuple((y, *(band[k][i] for k in names)) for i, y in enumerate(yearly["years"]))
    table = [dict(zip(("year", *names), r, strict=True)) for r in rows]
    last = table[-1]
    base = alt.Chart(alt.Data(values=table))
    x = alt.X("year:Q", title=None, scale=alt.Scale(domain=[rows[0][0], rows[-1][0]], nice=False),
              axis=alt.Axis(format="d", tickCount=5, grid=False))  # fmt: skip
    y = alt.Y(
        "p10:Q",
        title=None,
        axis=alt.Axis(
            labelExpr=f"datum.value == 0 ? '{_('alone: 0')}' : ({_AMOUNT.replace('million', _('million'))})",
            tickCount=5,
        ),
        scale=alt.Scale(zero=True),
    )

    def direct(at: float, text: str, *, bold: bool = False) -> Any:
        point = alt.Chart(alt.Data(values=[{"year": last["year"], "p10": at, "t": text}]))
        return point.mark_text(
            align="left", dx=5, color=INK if bold else GREY, fontWeight="bold" if bold else "normal"
        ).encode(x=x, y=y, text="t:N")

    # Three labels at one edge need room: they are set apart where the bands are narrow.
    reach = max(0.0, *(r["p90"] for r in table)) - min(0.0, *(r["p10"] for r in table)) or 1.0
    gap = 0.075 * reach
    chart = alt.layer(
        base.mark_area(color=PALE).encode(x=x, y=y, y2="p90:Q"),
        base.mark_area(color=MIDDLE).encode(x=x, y=alt.Y("p25:Q"), y2="p75:Q"),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=INK, strokeWidth=1.5).encode(y="zero:Q"),
        base.mark_line(color=INK, strokeWidth=2.5).encode(x=x, y=alt.Y("p50:Q")),
        direct(max(last["p90"], last["p50"] + gap), _("1 in 10 above")),
        direct(last["p50"], _("middle"), bold=True),
        direct(min(last["p10"], last["p50"] - gap), _("1 in 10 below")),
    )
    first, final = rows[0], rows[-1]
    spoken = [words.money(r[k], currency) for r in (first, final) for k in (3, 1, 5)]
    says = _(
        "Yearly saving, {whose}. In {first} the middle value is {m1} and 8 in 10 futures lie between {l1} and {h1}; in {last} the middle is {m2}, between {l2} and {h2}."
    ).format(
        whose=whose,
        first=first[0],
        last=final[0],
        **dict(zip(("m1", "l1", "h1", "m2", "l2", "h2"), spoken, strict=True)),
    )
    title = _("Saving each year, {whose} ({currency} per year; below zero it costs more)").format(
        whose=whose, currency=currency
    )
    columns = ("Year", "1 in 10 below", "1 in 4 below", "Middle", "1 in 4 above", "1 in 10 above")
    return drawing.picture(
        chart, key, title, says, (columns, rows), height=130 if partner else 210, sides=(86, 96)
    )


def gains(document: Document, option: str, key: str = "gains") -> Picture:
    """Draw the net present saving of each partner over the horizon, with its range [currency]."""
    money = document["questions"]["money"]
    answers = money["options"][option]["pool"]["partners"]
    currency = money["currency"]
    rows = [_range(words.partner_name(document, p), n, currency) for p, n in answers.items()]
    title = f"Saving over {money['horizon'][0]} to {money['horizon'][1]} for each partner ({currency}, present value)"
    return ranges(rows, key, title, currency)


def views(document: Document, option: str, key: str = "views") -> Picture:
    """Draw the saving as the case's own figures, published results and both together have it [currency]."""
    money = document["questions"]["money"]
    answers = money["options"][option]
    names = {"inside": "The case’s own figures, held back for optimism", "outside": "Published results elsewhere",
             "pool": "Both together, the view used here"}  # fmt: skip
    rows = [_range(names[k], answers[k]["total"], money["currency"]) for k in names if answers[k] is not None]
    title = f"Saving of all partners together in each view ({money['currency']}, present value)"
    return ranges(rows, key, title, money["currency"])


def _range(label: str, answer: Mapping[str, Any], currency: str) -> Range:
    npv = answer["npv"]
    spoken = words.chance(answer["p_saves"])
    says = f"{spoken} to save, middle {words.money(npv['p50'], currency)}"
    return Range(label, npv["p10"], npv["p50"], npv["p90"], spoken, says)


def ranges(items: Sequence[Range], key: str, title: str, currency: str) -> Picture:
    """Draw one line per item from P10 to P90 with the median as a dot, the label above the line."""
    alt = drawing.altair()

    table = [
        {
            "row": i,
            **drawing.named(r.label, r.chance),
            "value": r.chance,
            "p10": r.p10,
            "p50": r.p50,
            "p90": r.p90,
        }
        for i, r in enumerate(items)
    ]
    base = alt.Chart(alt.Data(values=table))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, len(table) - 0.6], reverse=True, nice=False))
    x = alt.X("p10:Q", title=None, axis=alt.Axis(labelExpr=_AMOUNT, tickCount=4), scale=alt.Scale(zero=True))
    chart = alt.layer(
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=INK, strokeWidth=1.5).encode(x="zero:Q"),
        base.mark_rule(color=MIDDLE, strokeWidth=7).encode(x=x, x2="p90:Q", y=y),
        base.mark_point(color=INK, fill=INK, size=70, opacity=1).encode(x=alt.X("p50:Q"), y=y),
        *drawing.labels(base, y, WIDTH - 2 * MARGIN),
    )
    says = " ".join(
        f"{r.label}: {r.says}; 8 in 10 futures lie between {words.money(r.p10, currency)} and {words.money(r.p90, currency)}."
        for r in items
    )
    columns = ("", f"1 in 10 below [{currency}]", f"Middle [{currency}]", f"1 in 10 above [{currency}]")
    rows = tuple((r.label, r.p10, r.p50, r.p90) for r in items)
    return drawing.picture(
        chart, key, title, says, (columns, rows), height=drawing.pitch(table, 46) * len(items)
    )


def _asked_of(partner: str, found: Document, known: Document) -> Iterator[str]:
    """Yield what a partner would pay alone, could accept and is asked for."""
    name, currency = found["names"][partner], found["currency"]
    yield f"{name} would pay {words.money(found['stand_alone'][partner], currency)} alone."
    if found["core_range"]:
        least, most = (words.money(x, currency) for x in found["core_range"][partner])
        yield f"It could accept {least} to {most}."
    if "proposed" in known:
        yield f"The proposed formula asks {words.money(known['proposed']['shares'][partner], currency)}."


def acceptable(document: Document, key: str = "acceptable") -> Picture | None:
    """Draw what each partner could accept as a bar and what each formula asks as a mark [currency/year]."""
    found = document["sharing"].get("laboratory")
    if found is None:
        return None
    alt = drawing.altair()
    currency, known = found["currency"], {k: f for k, f in found["formulas"].items() if "shares" in f}
    lines, marks = [], []
    for i, (p, name) in enumerate(found["names"].items()):
        pays = known["proposed"]["shares"][p] if "proposed" in known else None
        alone = found["stand_alone"][p]
        low, high = found["core_range"][p] if found["core_range"] else (alone, alone)
        value = _("pays {amount}").format(amount=words.money(pays, currency)) if pays is not None else ""
        lines.append(
            {
                "row": i,
                "label": drawing.short(name, value),
                "value": value,
                "low": low,
                "high": high,
                "alone": alone,
            }
        )
        marks += [{"row": i, "x": f["shares"][p], "formula": k} for k, f in known.items()]
    base = alt.Chart(alt.Data(values=lines))
    every = alt.Chart(alt.Data(values=marks))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, len(lines) - 0.6], reverse=True, nice=False))
    x = alt.X("low:Q", title=None, axis=alt.Axis(labelExpr=_AMOUNT, tickCount=4), scale=alt.Scale(zero=True))
    chart = alt.layer(
        base.mark_rule(color=PALE, strokeWidth=14).encode(x=x, x2="high:Q", y=y),
        base.mark_tick(color=INK, thickness=3, height=20).encode(x="alone:Q", y=y),
        every.transform_filter("datum.formula != 'proposed'").mark_tick(color=MIDDLE, thickness=2, height=12)
        .encode(x="x:Q", y=y),
        every.transform_filter("datum.formula == 'proposed'").mark_point(color=INK, fill=INK, size=80, opacity=1)
        .encode(x="x:Q", y=y),
        *drawing.labels(base, y, WIDTH - 2 * MARGIN),
    )  # fmt: skip
    says = " ".join(line for p in found["names"] for line in _asked_of(p, found, known))
    title = f"What each partner could accept, and what formulas ask, own costs counted ({currency} {found['period']})"
    columns = ("", *(f"{name} [{currency}]" for name in found["names"].values()))
    accepted = found["core_range"] or {}
    rows = (
        ("On its own", *(found["stand_alone"][p] for p in found["names"])),
        *((f"Could accept, {end}", *(accepted[p][k] for p in accepted)) for k, end in enumerate(("from", "to")) if accepted),
        *((shares_words.formula(k), *(f["shares"][p] for p in found["names"])) for k, f in known.items()),
    )  # fmt: skip
    return drawing.picture(chart, key, title, says, (columns, rows), height=46 * len(lines))


def drivers(document: Document, option: str, key: str = "drivers") -> Picture:
    """Draw what the spread of the saving goes with: the share of each leading input."""
    found = document["questions"]["money"]["options"][option]["drivers"]
    rows = tuple((_(d["label"]), d["share"]) for d in found)
    bars = [(label, words.percent(share), share) for label, share in rows]
    title = "What makes the saving uncertain (share of the spread that goes with each input)"
    says = (
        "; ".join(f"{label}: {text}" for label, text, _ in bars[:5]) + "."
        if bars
        else "Nothing varies in this case."
    )
    return drawing.bars(
        bars, key, title, says, (("Input", "Share of the spread"), rows), axis="format(datum.value, '.0%')"
    )


def stress(document: Document, option: str, key: str = "stress") -> Picture:
    """Draw what each stress does to the saving of all together [currency], with the chance that every partner stays."""
    currency = document["questions"]["money"]["currency"]
    tested = [
        s
        for s in document["questions"]["sustainability"]["options"][option]["stresses"]
        if s["unknown"] is None
    ]
    rows = tuple(
        (_(s["title"]), s["total"]["change"], s["total"]["p_saves"], s["total"]["p_stays"]) for s in tested
    )
    bars = [(title, _signed(change, currency), change) for title, change, _, _ in rows]
    says = " ".join(
        _("{stress}: {change}, every partner stays better off: {chance}.").format(
            stress=title, change=_signed(change, currency), chance=words.chance(stays)
        )
        for title, change, _saves, stays in rows
    )
    columns = (
        "Stress",
        f"Change in saving [{currency}, present value]",
        "Chance to save",
        "Chance that every partner stays better off",
    )
    title = f"What each stress does to the saving of all together ({currency}, present value)"
    return drawing.bars(bars, key, title, says or "No stress could be tested.", (columns, rows), axis=_AMOUNT)


def forms(document: Document, key: str = "forms") -> Picture | None:
    """Draw the score of each possible form of governance; None where a score is not for the audience."""
    found = document["governance"]["forms"]
    if not found or any(f["score"] is None for f in found):
        return None
    bars = [(f["name"], words.signed(f["score"]), f["score"]) for f in found]
    says = "; ".join(f"{name}: {score}" for name, score, _ in bars) + "."
    rows = tuple((f["name"], f["score"], f["worst"], f["best"]) for f in found)
    columns = ("Form", "Reasons for, less reasons against", "Once all is known, from", "to")
    title = "What speaks for each form of governance, less what speaks against it"
    return drawing.bars(
        bars, key, title, says, (columns, rows), axis="datum.value == 0 ? '0' : format(datum.value, '+d')"
    )


def strip(document: Document, option: str, question: str, key: str) -> Picture | None:
    """Draw the chance for all together as a bar and for each partner as a tick, on a line from 0 to 10 in 10; None where unknown."""
    alt = drawing.altair()

    p, each, *_rest = words.probabilities(document, option, question)
    if p is None:
        return None
    named = [(words.partner_name(document, k), q) for k, q in each.items()]
    x = alt.X("p:Q", title=None, scale=alt.Scale(domain=[0, 1]),
              axis=alt.Axis(values=[0, 0.5, 1], labelExpr=f"datum.value * 10 + ' {_('in 10')}'", grid=False))  # fmt: skip
    whole = alt.Chart(alt.Data(values=[{"p": p, "zero": 0, "t": "all together"}]))
    ticks = alt.Chart(alt.Data(values=[{"p": q} for _, q in named]))
    frame = alt.Chart(alt.Data(values=[{"p": 0, "one": 1}]))
    chart = alt.layer(
        frame.mark_bar(color="#e8e8e8", height=26).encode(x=x, x2="one:Q", y=alt.YValue(24)),
        whole.mark_bar(color=BLUE, height=26).encode(x=x, x2="zero:Q", y=alt.YValue(24)),
        ticks.mark_tick(color=INK, height=16, thickness=3).encode(x=x, y=alt.YValue(50)),
        alt.Chart(alt.Data(values=[{"t": "each partner"}])).mark_text(align="left", color=GREY).encode(
            x=alt.XValue(0), y=alt.YValue(68), text="t:N"),
    )  # fmt: skip
    title = f"{words.QUESTIONS[question]} {_('All together, and each partner')}"
    says = f"All together {words.chance(p)}. " + "; ".join(f"{n} {words.chance(q)}" for n, q in named) + "."
    rows = (("All together", p), *named)
    return drawing.picture(chart, key, title, says, (("", "Chance"), rows), height=80, width=NARROW)


def _signed(change: float, currency: str) -> str:
    return ("+" if change > 0 else "") + words.money(change, currency)
