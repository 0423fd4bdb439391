"""The laboratory of shares on a terminal: formulas down, partners across."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from interlocal.report.shares_words import better_apart, outside_view, proof, sides
from interlocal.report.words import chance, listed, percent

ACROSS = 4
"""Partners side by side in a table; more partners stand in further tables."""


def render_laboratory(document: Mapping[str, Any], asked: Sequence[str] = ()) -> RenderableType:
    """Show a case's formulas: what each partner pays, who is better off, and which groups would walk.

    Parameters
    ----------
    asked
        Formulas whose statement in words is shown beside that of the proposed one.
    """
    currency, names, formulas = document["currency"], document["names"], document["formulas"]
    parts: list[RenderableType] = [
        Text(f"{document['name']}: who pays what ({currency}, {document['basis']})", style="bold"),
        Text(_core(document)),
        *(Text(line) for line in better_apart(document)),
        *_by_formula("What each formula has each partner pay", document, _pays, _references(document)),
        *_undefined(formulas),
    ]
    if document["draws"]:
        title = f"Chance to be better off over the horizon, of {document['draws']:,} futures"
        parts += _by_formula(title, document, _better_off, None)
        parts.append(
            Text(
                "It counts what the yearly figures above leave out: one-off cost, service, published results and doubt.",
                style="dim",
            )
        )
    for name, found in formulas.items():
        if "shares" in found and name in {"proposed", *asked}:
            parts.append(Text(f"\n{name.replace('_', ' ').capitalize()}: what it means", style="bold"))
            parts += [Text(f"  {words}{_chance(found, p)}") for p, words in found["words"].items()]
            parts += [Text(f"  {line}") for line in _walks(found, names, currency, document["period"])]
            parts += [Text(f"  {line}") for line in proof(found)]
    parts += [Text(f"  {line}") for line in outside_view(document)]
    if "shares" in formulas.get("proposed", {}):
        parts.append(_fairness(document))
    told = {"proposed": document.get("explained")} | {
        k: f["explained"] for k, f in formulas.items() if k in asked and "explained" in f
    }
    for name, lines in told.items():
        if lines:
            parts.append(Text(f"\nHow the bills came about: {name.replace('_', ' ')}", style="bold"))
            parts += [Text(f"  {line}") for line in _by_partner(lines, list(names))]
    return Group(*parts)


def _by_formula(
    title: str,
    document: Mapping[str, Any],
    show: Callable[[Mapping[str, Any], str], str],
    references: Sequence[tuple[str, Mapping[str, str]]] | None,
    column: str = "Formula",
) -> list[RenderableType]:
    """Return tables with the formulas down and at most so many partners across.

    Parameters
    ----------
    references
        Rows to hold the formulas against; with any, or none yet a list, the groups that would walk are counted.
    """
    everyone = list(document["names"].items())
    shown = []
    for start in range(0, len(everyone), ACROSS):
        here = everyone[start : start + ACROSS]
        table = Table(
            title=f"\n{title}",
            title_justify="left",
            title_style="bold",
            box=None,
            padding=(0, 2, 0, 0),
            pad_edge=False,
        )
        table.add_column(column, no_wrap=True)
        for _, name in here:
            table.add_column(name, justify="right")
        if references is not None:
            table.add_column("No group would walk")
        for label, cells in references or ():
            table.add_row(label, *(cells[p] for p, _ in here))
        for name, found in document["formulas"].items():
            if "undefined" not in found:
                holds = [_holds(found)] if references is not None else []
                table.add_row(name, *(show(found, p) for p, _ in here), *holds)
        shown.append(table)
    return list(shown)


def _pays(found: Mapping[str, Any], partner: str) -> str:
    return f"{found['shares'][partner]:,.0f}"


def _divides(found: Mapping[str, Any], player: str) -> str:
    return f"{found['shares'][player]:,.6g}"


def _better_off(found: Mapping[str, Any], partner: str) -> str:
    return percent(found["p_better_off"][partner])


def _references(document: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, str]]]:
    rows = [("(on its own)", {p: f"{x:,.0f}" for p, x in document["stand_alone"].items()})]
    if ranges := document["core_range"]:
        rows += [
            ("(could accept, from)", {p: f"{low:,.0f}" for p, (low, _) in ranges.items()}),
            ("(could accept, to)", {p: f"{high:,.0f}" for p, (_, high) in ranges.items()}),
        ]
    return rows


def _undefined(formulas: Mapping[str, Any]) -> list[RenderableType]:
    return [
        Text(f"{name} is undefined here: {found['undefined'].rstrip('.')}.")
        for name, found in formulas.items()
        if "undefined" in found
    ]


def _fairness(document: Mapping[str, Any]) -> Table:
    """Return, under the proposed formula, each partner's share of cost and of votes, its bill's swing and its subsidy."""
    proposed, votes = document["formulas"]["proposed"], document["votes"]
    title = "\nThe proposed formula: cost against votes"
    if not votes["decided"]:
        title += " (the case names no votes; one each here)"
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
    )
    table.add_column("Partner")
    columns = (
        "Share of cost",
        "Share of votes",
        "Power (Shapley, Shubik)",
        "Power (Banzhaf)",
        "Swing of its bill",
        "Subsidy",
    )
    for column in columns:
        table.add_column(column, justify="right")
    cost, cast = sum(proposed["shares"].values()), sum(votes["votes"].values())
    for p, name in document["names"].items():
        swing = proposed["volatility"]
        table.add_row(
            name,
            percent(proposed["shares"][p] / cost) if cost else "–",
            percent(votes["votes"][p] / cast) if cast else "–",
            percent(votes["shapley_shubik"][p]),
            percent(votes["banzhaf"][p]),
            f"{100 * swing[p]:.1f} %" if swing else "–",
            _subsidy(proposed["subsidy"][p]),
        )
    return table


def _subsidy(amount: float) -> str:
    if abs(amount) < 0.5:
        return "none"
    return f"{'gives' if amount > 0 else 'takes'} {abs(amount):,.0f}"


def _by_partner(lines: Sequence[Mapping[str, Any]], partners: Sequence[str]) -> list[str]:
    """Return the lines of an explanation: what concerns all first, then partner by partner, then the total."""
    last = {"total", "true_up"}
    general = [x["text"] for x in lines if x["partner"] is None and x["step"] not in last]
    own: list[str] = []
    for p in partners:
        own += ["", *(x["text"] for x in lines if x["partner"] == p)]
    return [*general, *own, "", *(x["text"] for x in lines if x["step"] in last)]


def _holds(found: Mapping[str, Any]) -> str:
    if found["in_core"] is None:
        return "none found; not proven"
    return "yes" if found["in_core"] else f"no: {found['violations_count']}"


def _core(document: Mapping[str, Any]) -> str:
    epsilon = document["least_core_epsilon"]
    if document["core_empty"] is None:
        notes = [f[k] for f in document["formulas"].values() for k in ("in_core_why", "sampled") if k in f]
        return " ".join(dict.fromkeys(notes))
    if document["core_empty"]:
        return f"However the cost is shared, some group pays at least {epsilon:,.0f} more than on its own."
    if epsilon is None:
        return "One partner alone shares with nobody."
    return f"There are ways to share from which no group would walk; at best every group gains at least {-epsilon:,.0f}."


def _walks(found: Mapping[str, Any], names: Mapping[str, str], currency: str, period: str) -> list[str]:
    return [
        f"{listed(names[p] for p in v['group'])} could do better by {currency} {v['excess']:,.0f} {period} without the "
        "others."
        for v in found["violations"]
    ]


def _chance(found: Mapping[str, Any], partner: str) -> str:
    if not found["p_better_off"]:
        return ""
    p = found["p_better_off"][partner]
    if p in {0, 1}:
        return f" Better off in {'every' if p else 'no'} future drawn."
    return f" Better off: {chance(p)}."


def render_game(document: Mapping[str, Any]) -> RenderableType:
    """Show a game's answer: every method's shares, and whether any group would walk."""
    title = f"A {document['kind']} game of {len(document['players'])} players"
    shown = {"names": {p: p for p in document["players"]}, "formulas": document["methods"]}
    tables = _by_formula(title, shown, _divides, [], column="Method")
    epsilon = document["least_core_epsilon"]
    words = "The core is empty." if document["core_empty"] else "The core is not empty."
    lines = [f"{words} Least-core ε: {'–' if epsilon is None else format(epsilon, ',.6g')}."]
    best = document["best_partition"]
    lines += [
        f"Apart, {sides(split['groups'])}, they beat the whole by {split['beats_by']:,.6g}."
        for split in ([best] if best and len(best["groups"]) > 2 else [])
        + document["splits_that_beat_the_whole"]
    ]
    return Group(*tables, *_undefined(document["methods"]), *(Text(line) for line in lines))
