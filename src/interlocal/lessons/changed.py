"""What two studies judge otherwise: findings whose verdict differs, with why, and the advice with its conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

from interlocal.lessons.catalogue import items

Document = Mapping[str, Any]

_ORDERS = (
    ("absent", "emerging", "present"),
    ("warning", "watch", "clear"),
    ("missing", "weak", "adequate", "strong"),
    ("no", "unlikely", "even", "likely", "yes"),
    ("do not proceed as proposed", "not yet", "proceed on conditions", "proceed to the next gate"),
)
"""Verdicts from the worst to the best; for drivers, from the weakest to the strongest."""


def finding_changes(
    first: Document, second: Document, answers: Mapping[str, Any], clear: float
) -> dict[str, Any]:
    """Return the findings that both studies tell and judge otherwise, with what each rests on.

    Parameters
    ----------
    answers
        By question, how the chances of both differ: ``{"total": {"word": …}}``.
    clear
        Standard errors from which a difference is no chance. A verdict that turned because a chance came to lie on the
        other side of a boundary, without the chances being clearly apart, is ``by_chance``.
    """
    before = {f["item"]: f for f in first["lessons"]}
    rows = []
    for after in second["lessons"]:
        was = before[after["item"]]
        if None in (was["verdict"], after["verdict"]) or was["verdict"] == after["verdict"]:
            continue
        question = after["item"].removeprefix("question.") if after["list"] == "questions" else None
        by_chance = (
            answers[question]["total"]["word"] in {"no difference", "no clear difference"}
            if question
            else _only_chances(_evidence(first, was), _evidence(second, after), first["draws"], clear)
        )
        rows.append(
            {
                "item": after["item"],
                "label": items()[after["item"]].label,
                "list": after["list"],
                "due": [was["due"], after["due"]],
                "verdicts": [was["verdict"], after["verdict"]],
                "because": [[e["text"] for e in f["because"]] for f in (was, after)],
                "word": "no clear difference"
                if by_chance
                else _turn(was["verdict"], after["verdict"], after["list"]),
                "by_chance": by_chance,
            }
        )
    shown = [f for f in second["lessons"] if f["verdict"] is not None and before[f["item"]]["verdict"] is not None]  # fmt: skip
    return {"rows": rows, "compared": len(shown), "withheld": len(second["lessons"]) - len(shown)}


def _turn(before: str, after: str, list_: str = "") -> str:
    """Return the word for a change of verdict."""
    if before == after:
        return "no difference"
    order = next((o for o in _ORDERS if before in o and after in o), None)
    if order is None:
        return "now known" if before == "unknown" else "no longer known"
    up = order.index(after) > order.index(before)
    if list_ == "drivers":
        return "stronger" if up else "weaker"
    return "better" if up else "worse"


def _evidence(document: Document, finding: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what a finding rests on, by its place; the proposed option is called the same in both."""
    option = document["case"]["proposed"]
    return {e["pointer"].replace(f"/options/{option}/", "/options/*/"): e for e in finding["because"]}


def _only_chances(
    a: Mapping[str, Mapping[str, Any]], b: Mapping[str, Mapping[str, Any]], draws: int, clear: float
) -> bool:
    """Whether all that differs in the evidence is probabilities that are not clearly apart."""
    if a.keys() != b.keys():
        return False
    apart = [(a[k], b[k]) for k in a if a[k]["value"] != b[k]["value"]]
    return bool(apart) and all(
        x["unit"] == "probability" == y["unit"] and _unclear(x["value"], y["value"], draws, clear)
        for x, y in apart
    )


def _unclear(p: Any, q: Any, draws: int, clear: float) -> bool:
    """Whether two chances could be one: apart by no more than chance, were the futures not the same."""
    if not (isinstance(p, float) and isinstance(q, float) and 0 <= p <= 1 and 0 <= q <= 1):
        return False
    return abs(p - q) <= clear * sqrt((p * (1 - p) + q * (1 - q)) / draws)


def advice_changes(first: Document, second: Document, clear: float) -> dict[str, Any]:
    """Return both pieces of advice, the reasons and conditions that only one of them has, and the word for the change."""
    a, b = first["advice"], second["advice"]
    gates = a["gate"] == b["gate"]
    reasons = [_only(x["rules"], y["rules"], ("rule", "applies_to")) for x, y in ((a, b), (b, a))]
    turned = a["verdict"] != b["verdict"]
    apart = [r for rows in reasons for r in rows]
    by_chance = turned and bool(apart) and all(_reason_by_chance(first, second, r, clear) for r in apart)
    return {
        "gates": [a["gate"], b["gate"]],
        "verdicts": [a["verdict"], b["verdict"]],
        "word": "not comparable" if not gates else "no clear difference" if by_chance else _turn(a["verdict"], b["verdict"]),
        "by_chance": by_chance,
        "reasons": [[r["because"] for r in rows] for rows in reasons],
        "conditions": [_only(x["conditions"], y["conditions"], ("text", "owner")) for x, y in ((a, b), (b, a))],
        "conditions_in_both": len(b["conditions"]) - len(_only(b["conditions"], a["conditions"], ("text", "owner"))),
        "withheld": [x["rules_withheld"] + x["conditions_withheld"] for x in (a, b)],
    }  # fmt: skip


def _only(
    rows: Iterable[Mapping[str, Any]], others: Iterable[Mapping[str, Any]], keys: tuple[str, ...]
) -> list[Mapping[str, Any]]:
    known = {tuple(r[k] for k in keys) for r in others}
    return [r for r in rows if tuple(r[k] for k in keys) not in known]


def _reason_by_chance(first: Document, second: Document, rule: Mapping[str, Any], clear: float) -> bool:
    """Whether a reason rests on a chance that is not clearly apart in both studies."""
    p, q = (_value_at(d, _in(d, rule["pointer"], (first, second))) for d in (first, second))
    return _unclear(p, q, first["draws"], clear)


def _in(document: Document, pointer: str, both: Iterable[Document]) -> str:
    """Return a pointer that leads to the same place under this document's own proposal."""
    for other in both:
        pointer = pointer.replace(
            f"/options/{other['case']['proposed']}/", f"/options/{document['case']['proposed']}/"
        )
    return pointer


def _value_at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document
