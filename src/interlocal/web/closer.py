"""Money from close by: one option, one partner and one view at a time.

The worker draws every choice once with the study; a page only picks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.report import charts, words
from interlocal.report.page import render_money, render_picture

VIEWS = {
    "pool": "both together",
    "inside": "the case’s own figures",
    "outside": "published results",
}
ALL = "all"
"""Stands for all partners together; their fan stands in the depth of an option."""
MOST = 24
"""How many fans of single partners are drawn, those of the proposed option first: each takes a sixth of a second."""


def drawn(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what can be chosen, and what each choice shows; no options where no saving is known.

    Parameters
    ----------
    document
        What ``study.json`` holds.
    """
    money = document["questions"]["money"]
    known = {o: answer for o, answer in money["options"].items() if answer["pool"] is not None}
    first = words.proposed(document)
    order = sorted(known, key=lambda o: o != first)
    each = [(o, p) for o in order for p in known[o]["pool"]["partners"]]
    fans = set(each[:MOST])
    return {
        # Pairs: PostgreSQL does not keep the order of an object's keys.
        "options": [[o, known[o]["name"]] for o in order],
        "partners": [[p, words.partner_name(document, p)] for p in document["case"]["partners"]],
        "depth": {o: render_money(document, o) for o in order},
        "of": {
            o: {p: _of(document, o, p, draw=(o, p) in fans) for p in (ALL, *known[o]["pool"]["partners"])}
            for o in order
        },
    }


def _of(document: Mapping[str, Any], option: str, who: str, *, draw: bool) -> dict[str, Any]:
    money = document["questions"]["money"]
    answer = money["options"][option]
    rows = {v: answer[v] and (answer[v]["total"] if who == ALL else answer[v]["partners"].get(who)) for v in VIEWS}  # fmt: skip
    fan = ""
    if draw:
        place = f"/questions/money/options/{option}/yearly/partners/{who}"
        fan = render_picture(charts.fan(document, option, "closer-fan", who), "closer-fan", place)
    return {"fan": fan, "rows": {v: _row(row, money["currency"]) for v, row in rows.items()}}


def _row(found: Mapping[str, Any] | None, currency: str) -> list[str]:
    """Return the chance to save, how far the saving lies and when it pays back, as people read them."""
    if found is None:
        return ["we do not know", "–", "–", "–", "–"]
    npv = found["npv"]
    saving = (words.money(npv[k], currency) for k in ("p10", "p50", "p90"))
    return [words.chance(found["p_saves"]), *saving, words.payback(found["payback_year"])]


def chosen(closer: Mapping[str, Any] | None, asked: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what was asked for; what is not there is as if it was not asked for.

    Parameters
    ----------
    closer
        As ``drawn`` made it; None for a study that was made before there was any.
    asked
        ``option``, ``partner`` and ``view``.
    """
    if not closer or not closer["options"]:
        return None
    options = dict(closer["options"])
    option = asked.get("option") if asked.get("option") in options else next(iter(options))
    of = closer["of"][option]
    partner = asked.get("partner") if asked.get("partner") in of else ALL
    view = asked.get("view") if asked.get("view") in VIEWS else next(iter(VIEWS))
    return {
        "option": option,
        "options": options,
        "partner": partner,
        "partners": {ALL: "All together"} | {p: name for p, name in closer["partners"] if p in of},
        "view": view,
        "views": VIEWS,
        "rows": [(v, VIEWS[v], of[partner]["rows"][v]) for v in VIEWS],
        "fan": of[partner]["fan"],
        "depth": closer["depth"][option],
    }
