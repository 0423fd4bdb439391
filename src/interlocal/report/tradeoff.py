"""What better service costs: how likely a gain is, and how likely it comes together with a saving."""

from __future__ import annotations

from interlocal.blocks import Picture
from interlocal.report import drawing, words
from interlocal.report.drawing import BLUE, GREY, INK, WIDTH
from interlocal.report.words import Document


def tradeoffs(document: Document, option: str) -> list[tuple[str, Picture]]:
    """Draw the trade-off of each deciding measure that was forecast for every member: measure id and picture."""
    found = document["choice"]["tradeoff"]
    return [
        (m, _curve(document, m, curves[option], f"tradeoff-{m}"))
        for m, curves in found.items()
        if option in curves
    ]


def _curve(document: Document, measure: str, curve: dict[str, list[float]], key: str) -> Picture:
    alt = drawing.altair()
    told, currency = (
        document["questions"]["service"]["measures"][measure],
        document["questions"]["money"]["currency"],
    )
    gains, alone, both = curve["change"], curve["p_service"], curve["p_both"]
    lines = [("gain reached", alone, GREY, [5, 4]), ("with a saving too", both, BLUE, [1, 0])]
    x = alt.X(
        "gain:Q",
        title=None,
        axis=alt.Axis(tickCount=4, format="+~r"),
        scale=alt.Scale(nice=False),
    )
    y = alt.Y(
        "p:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.5, 1], labelExpr="datum.value * 10 + ' in 10'"),
    )
    layers = [
        alt.Chart(alt.Data(values=[{"gain": g, "p": p} for g, p in zip(gains, values, strict=True)]))
        .mark_line(color=colour, strokeWidth=2.5, strokeDash=dash)
        .encode(x=x, y=y)
        for _, values, colour, dash in lines
    ]
    layers += [
        alt.Chart(alt.Data(values=[{"gain": gains[0], "p": values[0], "t": name}]))
        .mark_text(align="left", dx=4, dy=-9, color=INK)
        .encode(x=x, y=y, text="t:N")
        for name, values, _, _ in lines
    ]
    if gains[0] < 0 < gains[-1]:
        layers.insert(
            0,
            alt.Chart(alt.Data(values=[{"gain": 0}])).mark_rule(color=INK, strokeWidth=1).encode(x="gain:Q"),
        )
    ends = (0, len(gains) - 1)
    says = f"{told['name']}. " + " ".join(
        f"Better by at least {gains[i]:+.2g} {told['unit']} for every member: {words.chance(alone[i])}; with a saving too: {words.chance(both[i])}."
        for i in ends
    )
    columns = (
        f"Better by at least [{told['unit']}]",
        "Reached",
        "Reached, with a saving",
        f"Median saving there [{currency}]",
    )
    rows = tuple(zip(gains, alone, both, curve["saving_p50"], strict=True))
    title = f"{told['name']}: how likely a gain of at least so many {told['unit']} for every member, and a saving with it"
    return drawing.picture(
        alt.layer(*layers), key, title, says, (columns, rows), height=170, width=WIDTH, sides=(60, 24)
    )
