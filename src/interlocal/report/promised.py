"""Promised against actual: a chart anyone can read, the gap explained, and who certified what."""

from __future__ import annotations

from interlocal.blocks import Block, Cell, Heading, Paper, Paragraph, Picture, Table
from interlocal.partnership.overview import Overview
from interlocal.partnership.performance import YearTotal
from interlocal.report import drawing, words
from interlocal.report.drawing import INK, MARGIN, MIDDLE, WIDTH
from interlocal.report.exact import cents

_AMOUNT = (
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',.3~r') + ' million' : format(datum.value, ',.3~r')"
)
_WHY = {
    "price": ("Prices", "they rose otherwise than assumed"),
    "volume": ("Volume", "more or less work than assumed"),
    "scope": ("Scope", "what was added or dropped"),
    "moved": ("Moved", "cost that others bear now, which is not saved"),
    "rest": ("The rest", "what the service itself cost less (+) or more (−)"),
}


def promised(o: Overview) -> Paper:
    """Return promised against actual as a paper of its own, year by year and member by member."""
    blocks: list[Block] = [Paragraph(o.saved or "No saving is certified yet.", tone="lead")]
    if o.register.fictional:
        blocks.append(Paragraph("These places, people and figures are made up.", tone="mark"))
    return Paper(
        f"Promised and actual: {o.agreement.title}",
        (*blocks, *_frozen(o), *_compared(o), *_members(o)),
        footer="For the members of the agreement",
        dated=o.register.as_of.isoformat(),
    )


def performance(o: Overview) -> list[Block]:
    """Return chart, table and the gap explained, as a part of a longer paper."""
    return [Heading("Promised and actual"), *_compared(o)]


def _compared(o: Overview) -> list[Block]:
    picture = promised_and_actual(o.totals, o.register.currency)
    if picture is None:
        text = "We do not know: no promise was frozen at adoption, or its first year has not ended."
        return [Paragraph(text)]
    blocks: list[Block] = [picture]
    currency = o.register.currency
    columns = ("Year", "Promised", *(name for name, _ in _WHY.values()), "Recorded", "Certified")
    rows = []
    for t in o.totals:
        parts = [getattr(t.gap, k) if t.gap else None for k in _WHY]
        rows.append(
            (Cell(str(t.year)), cents(t.promised), *map(cents, parts), cents(t.realised), Cell("yes" if t.certified else "no"))
        )  # fmt: skip
    blocks += [
        Table("gap", f"From the promised saving to the recorded one ({currency})", columns, tuple(rows)),
        Paragraph(
            f"{'; '.join(f'{name}: {why}' for name, why in _WHY.values())}. They add up to the difference exactly.",
            tone="note",
        ),
    ]
    missing = [f"{t.year}: {_missing(t, o)}" for t in o.totals if t.unknown]
    if missing:
        blocks.append(Paragraph("; ".join(missing), "Not recorded, so we do not know:"))
    if not any(p.moved for p in o.performance):
        blocks.append(
            Paragraph(
                "No cost is on record as moved to others. Ask whether any was, before a saving is told."
            )
        )
    if o.observed:
        blocks.append(_levels(o))
    return blocks


def _frozen(o: Overview) -> list[Block]:
    b = o.agreement.baseline
    if b is None:
        return []
    text = f"The promise was frozen on {b.frozen_on}; it assumed that prices rise by {100 * b.price_growth:.3g} % a year."
    if b.study:
        text += f" It comes from the study of the case whose fingerprint begins with {b.study[:12]}."
    return [Paragraph(text)]


def _members(o: Overview) -> list[Block]:
    if not o.performance:
        return []
    rows = tuple(
        (Cell(str(p.year)), Cell(o.register.name(p.organisation)), cents(p.promised), cents(p.alone), cents(p.paid), cents(p.moved),
         cents(p.realised), Cell(words.listed(p.certified_by) if p.certified_by else "nobody"))
        for p in o.performance
    )  # fmt: skip
    columns = ("Year", "Member", "Promised", "Alone, at recorded prices", "Paid", "Moved to others", "Saved", "Certified by")  # fmt: skip
    note = "Saved is what a member would have paid alone, at recorded prices and volume, less what it paid and what moved to others."
    return [
        Heading("Each member"),
        Table("members", f"Saved by each member ({o.register.currency})", columns, rows),
        Paragraph(note, tone="note"),
    ]


def _missing(t: YearTotal, o: Overview) -> str:
    lacking: dict[str, list[str]] = {}
    for entry in t.unknown:
        organisation, _, what = entry.partition(": ")
        lacking.setdefault(what, []).append(o.register.name(organisation))
    return ", ".join(
        f"{what} ({'everybody' if len(who) > 2 else words.listed(who)})" for what, who in lacking.items()
    )


def _levels(o: Overview) -> Table:
    names = {s.id: f"{s.name} [{s.unit}]" for s in o.agreement.standards}
    better = {True: "better", False: "not better", None: "unknown"}
    return Table(
        "levels",
        "Service since the start",
        ("Member", "Measure", "At the start", "Promised", "Last recorded", "Since the start"),
        tuple(
            (Cell(o.register.name(m.organisation) if m.organisation else "all"), Cell(names.get(m.measure, m.measure.replace("_", " "))),
             _number(m.start), _number(m.promised), _number(m.now), Cell(better[m.better]))
            for m in o.observed
        ),
    )  # fmt: skip


def promised_and_actual(
    totals: tuple[YearTotal, ...], currency: str, key: str = "promised"
) -> Picture | None:
    """Draw each year's promised saving as a mark and the recorded one as a bar; None before the first year has ended."""
    if not totals:
        return None
    alt = drawing.altair()
    rows = [
        {
            "row": i,
            "label": str(t.year),
            "promised": t.promised / 100,
            "realised": (t.realised or 0) / 100,
            "zero": 0,
            "value": _state(t, currency),
        }
        for i, t in enumerate(totals)
    ]
    base = alt.Chart(alt.Data(values=rows))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.75, len(rows) - 0.4], reverse=True, nice=False))
    x = alt.X(
        "realised:Q", title=None, axis=alt.Axis(labelExpr=_AMOUNT, tickCount=4), scale=alt.Scale(zero=True)
    )
    chart = alt.layer(
        base.mark_rule(color=MIDDLE, strokeWidth=12).encode(x=x, x2="zero:Q", y=y),
        base.mark_tick(color=INK, thickness=4, height=24, opacity=1).encode(x=alt.X("promised:Q"), y=y),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=INK, strokeWidth=1.5).encode(x="zero:Q"),
        *drawing.labels(base, y, WIDTH - 2 * MARGIN),
    )
    says = " ".join(
        f"{t.year}: promised {_about(t.promised, currency)}, recorded {_about(t.realised, currency)}"
        + (", certified." if t.certified else ", not certified.")
        for t in totals
    )
    title = f"Saved each year: the bar is what is recorded, the black mark what was promised ({currency})"
    columns = ("Year", f"Promised [{currency}]", f"Recorded [{currency}]", "Certified")
    table = tuple((t.year, t.promised / 100, None if t.realised is None else t.realised / 100, "yes" if t.certified else "no") for t in totals)  # fmt: skip
    return drawing.picture(chart, key, title, says, (columns, table), height=52 * len(rows))


def _state(t: YearTotal, currency: str) -> str:
    if t.realised is None:
        return "not known"
    return f"{words.money(t.realised / 100, currency)}, {'certified' if t.certified else 'not certified'}"


def _about(amount: int | None, currency: str) -> str:
    return "not known" if amount is None else words.money(amount / 100, currency)


def _number(value: float | None) -> Cell:
    return Cell("not known") if value is None else Cell(f"{value:g}", value)
