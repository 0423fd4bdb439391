"""The laboratory of shares on a terminal: partners down, formulas across."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from interlocal.report.words import chance, listed


def render_laboratory(document: Mapping[str, Any]) -> RenderableType:
    """Show a case's formulas: what each partner pays, who is better off, and which groups would walk."""
    currency, names = document["currency"], document["names"]
    parts: list[RenderableType] = [
        Text(f"{document['name']}: who pays what ({currency}, {document['basis']})", style="bold"),
        Text(_core(document)),
        _shares(document),
    ]
    proposed = document["formulas"].get("proposed")
    if proposed and "shares" in proposed:
        parts.append(Text("\nThe proposed formula", style="bold"))
        parts += [Text(f"  {words} {_chance(proposed, p)}") for p, words in proposed["words"].items()]
        parts += [Text(f"  {line}") for line in _walks(proposed, names, currency)]
    if document.get("explained"):
        parts.append(Text("\nHow the proposed bills came about", style="bold"))
        parts += [Text(f"  {line['text']}") for line in document["explained"]]
    return Group(*parts)


def _shares(document: Mapping[str, Any]) -> Table:
    table = Table(title="What each formula has each partner pay", title_justify="left")
    table.add_column("Formula")
    for name in document["names"].values():
        table.add_column(name, justify="right")
    table.add_column("No group would walk")
    alone = document["stand_alone"]
    table.add_row("(on its own)", *(f"{alone[p]:,.0f}" for p in document["names"]), "")
    if document["core_range"]:
        ranges = document["core_range"]
        table.add_row(
            "(could accept)", *(f"{ranges[p][0]:,.0f} to {ranges[p][1]:,.0f}" for p in document["names"]), ""
        )
    for name, found in document["formulas"].items():
        if "undefined" in found:
            table.add_row(name, *("–" for _ in document["names"]), f"undefined: {found['undefined']}")
            continue
        table.add_row(name, *(f"{found['shares'][p]:,.0f}" for p in document["names"]), _holds(found))
    return table


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


def _walks(found: Mapping[str, Any], names: Mapping[str, str], currency: str) -> list[str]:
    return [
        f"{listed(names[p] for p in v['group'])} could do better by {currency} {v['excess']:,.0f} a year without the others."
        for v in found["violations"]
    ]


def _chance(found: Mapping[str, Any], partner: str) -> str:
    if not found["p_better_off"]:
        return ""
    return f"Better off: {chance(found['p_better_off'][partner])}."


def render_game(document: Mapping[str, Any]) -> RenderableType:
    """Show a game's answer: every method's shares, and whether any group would walk."""
    table = Table(
        title=f"A {document['kind']} game of {len(document['players'])} players", title_justify="left"
    )
    table.add_column("Method")
    for player in document["players"]:
        table.add_column(player, justify="right")
    table.add_column("In the core")
    for name, found in document["methods"].items():
        if "undefined" in found:
            table.add_row(name, *("–" for _ in document["players"]), f"undefined: {found['undefined']}")
        else:
            shown = (f"{found['shares'][p]:,.6g}" for p in document["players"])
            table.add_row(name, *shown, "yes" if found["in_core"] else f"no: {found['violations_count']}")
    epsilon = document["least_core_epsilon"]
    words = "The core is empty." if document["core_empty"] else "The core is not empty."
    return Group(table, Text(f"{words} Least-core ε: {'–' if epsilon is None else format(epsilon, ',.6g')}."))
