"""The 42 lessons in words: the lists, one item explained, and what they find in a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from interlocal.lessons.catalogue import LISTS, Item, items
from interlocal.problems import InputError, Problem, nearest

TITLES = {
    "drivers": "Why now",
    "principles": "Principles",
    "pitfalls": "Ways to fail",
    "questions": "The three questions",
    "necessities": "Necessities",
}
NOT_DUE = "not due yet"
_BAD = ("warning", "no", "missing", "unlikely", "weak", "unknown", "watch", "even")
"""Verdicts that are not good, the worst first: what is known to be bad before what nobody knows."""
_SHAPES = {
    "strong": "●",
    "present": "●",
    "clear": "●",
    "yes": "●",
    "likely": "●",
    "adequate": "◐",
    "emerging": "◐",
}
_SHAPES |= {
    "even": "◐",
    "watch": "◑",
    "weak": "▲",
    "warning": "▲",
    "missing": "▲",
    "no": "▲",
    "unlikely": "▲",
}


def shape(verdict: str | None) -> str:
    """Return a mark that tells verdicts apart without colour: ● good, ◐ part, ▲ bad, ○ unknown, – withheld."""
    return "–" if verdict is None else _SHAPES.get(verdict, "○")


_TONES = {"●": "good", "◐": "part", "◑": "part", "▲": "bad", "○": "unknown", "–": "withheld"}


def tone(verdict: str | None) -> str:
    """Return the name of the colour that goes with a mark; the word and the mark say the same without it."""
    return _TONES[shape(verdict)]


def by_list(document: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return a study's findings list by list, each with its label and mark."""
    return [
        (
            TITLES[name],
            [
                {
                    **f,
                    "label": items()[f["item"]].label,
                    "shape": shape(f["verdict"]),
                    "tone": tone(f["verdict"]),
                    "id": "lesson-" + f["item"].replace(".", "-").replace("_", "-"),
                }
                for f in document["lessons"]
                if f["list"] == name
            ],
        )
        for name in LISTS
    ]


def due_worst_first(document: Mapping[str, Any], most: int = 10) -> list[dict[str, Any]]:
    """Return findings that are due and not good, the worst first."""
    found = [f for _, rows in by_list(document) for f in rows if f["due"] and f["verdict"] in _BAD]
    return sorted(found, key=lambda f: _BAD.index(f["verdict"]))[:most]


def explain_lessons(name: str | None, case: Path | None) -> dict[str, Any]:
    """Return the items asked for, with their findings where a case is given.

    Raises
    ------
    InputError
        Where no item or list has the name, or the case has problems.
    """
    chosen = _chosen(name)
    found: dict[str, Any] = {"items": [_plain(i) for i in chosen], "findings": None}
    if case is not None:
        from interlocal.case.read import read_case  # noqa: PLC0415 - the lists alone need no case
        from interlocal.study import study  # noqa: PLC0415

        document = study(read_case(case), draws=2000).document
        wanted = {i.id for i in chosen}
        found["findings"] = [f for f in document["lessons"] if f["item"] in wanted]
    return found


def _chosen(name: str | None) -> Sequence[Item]:
    known = items()
    if name is None:
        return tuple(known.values())
    if name in known:
        return (known[name],)
    if name in LISTS:
        return tuple(i for i in known.values() if i.list == name)
    close = nearest(name, [*known, *LISTS])
    raise InputError(
        Problem(
            "",
            "the lesson",
            name,
            "the id of an item or a list",
            f"Did you mean {close}?" if close else "See: interlocal lessons",
        )
    )


def _plain(item: Item) -> dict[str, Any]:
    fields = {
        k: getattr(item, k)
        for k in ("id", "list", "gate", "label", "explanation", "audience", "critical_from")
    }
    return fields | {
        "verdicts": dict(item.verdicts),
        "collect": [asdict(s) for s in item.collect],
        "thresholds": {k: asdict(t) for k, t in item.thresholds.items()},
    }


def render_lessons(found: Mapping[str, Any]) -> RenderableType:
    """Return the lists for a terminal; one item alone is explained in full."""
    rows, findings = found["items"], {f["item"]: f for f in found["findings"] or ()}
    if len(rows) == 1:
        return Group(*(Text(line) for line in _whole(rows[0], findings.get(rows[0]["id"]))))
    lists: list[RenderableType] = []
    for name in dict.fromkeys(r["list"] for r in rows):
        table = Table(
            title=f"\n{TITLES[name]}", title_justify="left", title_style="bold", box=None, show_header=False
        )
        table.add_column(no_wrap=True, min_width=max(len(r["id"]) for r in rows if r["list"] == name))
        for r in (r for r in rows if r["list"] == name):
            f = findings.get(r["id"])
            table.add_row(Text(r["id"]), _said(f) if f else f"from {r['gate']}", Text(r["label"]))
        lists.append(table)
    return Group(*lists)


def _said(finding: Mapping[str, Any]) -> str:
    said = f"{shape(finding['verdict'])} {finding['verdict'] or 'withheld'}"
    return said if finding["due"] else f"{said}, {NOT_DUE}"


def _whole(item: Mapping[str, Any], finding: Mapping[str, Any] | None) -> list[str]:
    lines = [f"{item['label']} ({item['id']}), due from {item['gate']}", item["explanation"], ""]
    lines += [f"{verdict}: {when}" for verdict, when in item["verdicts"].items()]
    lines += [
        f"{t['id']} = {t['value']:g} {t['unit']} ({t['source']}): {t['meaning']}"
        for t in item["thresholds"].values()
    ]
    if finding is None:
        return [*lines, "", "Collect:", *(f"  {s['text']} ({s['who']})" for s in item["collect"])]
    if finding["verdict"] is None:
        return [*lines, "", "In this case: withheld from this audience."]
    due = "" if finding["due"] else f" ({NOT_DUE})"
    lines += ["", f"In this case: {finding['verdict']}{due}, confidence {finding['confidence']}"]
    lines += [f"  {e['text']} [{e['pointer']}]" for e in finding["because"]]
    return [*lines, *(f"  Next: {s['text']} ({s['who']})" for s in finding["next_steps"])]
