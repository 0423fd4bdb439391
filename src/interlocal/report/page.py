"""A study as one page that needs nothing else: no network, no script, readable by eye, by ear and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

from interlocal.blocks import Picture, Table
from interlocal.report import (
    charts,
    governance,
    ledger,
    lessons,
    networks,
    opinions,
    outline,
    schedule,
    shares_words,
    tables,
    trust,
    waves,
    words,
)
from interlocal.report.gains import per_household
from interlocal.report.headline import headline
from interlocal.report.saying import said_markup
from interlocal.report.tradeoff import tradeoffs
from interlocal.report.words import Document

NEXT = 10
"""How many things to do next, and reasons for the advice, stand on the page."""
FIRST = 5
"""How many of the things to do next stand open."""
_DEPTH = {"money": "options", "service": "service", "sustainability": "lasting"}
"""Where each answer stands in depth."""


def render_page(document: Document) -> str:
    """Return the document of a study as self-contained HTML in the language spoken now; same document, same bytes.

    Parameters
    ----------
    document
        What ``study.json`` holds.
    """
    option, known = _proposed(document)
    shown: dict[str, Any] = {
        **_overview(document),
        "draft": outline.draft(),
        "case": document["case"],
        "sustainability": document["questions"]["sustainability"],
        "option": document["questions"]["money"]["options"][option] if option else None,
        "lists": lessons.by_list(document),
        "opinions": opinions.tables(document),
        "differently": opinions.differently(document),
        "waves": waves.pictures(document),
        "ledger": {"table": ledger.table(document), "picture": ledger.picture(document)},
        "schedule": {
            "sentences": schedule.sentences(document),
            "table": schedule.table(document),
            "picture": schedule.picture(document),
        },
        "trust": {
            "sentences": trust.sentences(document),
            "dimensions": _pair(trust.dimensions(document), "trust-behind", "/consensus/trust/by_dimension"),
            "matrix": trust.matrix(document),
            "network": networks.trust_network(document, "network"),
            "pairs": trust.pairs(document),
        },
        "left_out": words.left_out(document),
        "other_options": _other_options(document, option),
        "options": tables.options(document),
        "do_nothing": tables.do_nothing(document),
        "sources": tables.sources(document),
        "assumptions": words.assumptions(document),
        "audience": words.AUDIENCES[document["audience"]],
        "found": document["governance"],
        "governance": _governance(document),
        "details": _details(document, option) if option and known else None,
        "depth": _depth(document, option) if option and known else None,
    }
    return said_markup(_environment().get_template("study.html").render(shown))


def render_overview(document: Document, left: Mapping[str, str]) -> str:
    """Return what a reader asks first, as a part of a page: the answers, who gains, what is due, what next, the advice.

    Parameters
    ----------
    document
        What ``study.json`` holds.
    left
        What to say of what was left out of ``due`` and of the ``advice``.
    """
    shown = _overview(document) | {"left": left}
    page = _environment().get_template("overview.html").render(shown)
    return said_markup(f'<p class="headline">{escape(shown["headline"])}</p>\n{page}')


def render_money(document: Document, option: str) -> str:
    """Return the money of one option in depth, as a part of a page; empty where its saving is not known.

    Parameters
    ----------
    document
        What ``study.json`` holds.
    option
        Id of an option.
    """
    if document["questions"]["money"]["options"][option]["pool"] is None:
        return ""
    shown = {
        "document": document,
        "depth": _depth(document, option),
        "do_nothing": tables.do_nothing(document),
    }
    return said_markup(_environment().get_template("money.html").render(shown))


def render_picture(picture: Picture, id_: str, pointer: str) -> str:
    """Return a picture with its table, as a part of a page.

    Parameters
    ----------
    picture
        A picture of a study.
    id_
        What tells its table apart on the page.
    pointer
        Where ``study.json`` has the figures in full.
    """
    parts = _environment().get_template("parts.html").module
    return said_markup(str(parts.picture(_pair(picture, id_, pointer))))


def _proposed(document: Document) -> tuple[str | None, bool]:
    """Return the option that the study is about, and whether anything is known of its saving."""
    option = words.proposed(document)
    return option, option is not None and document["questions"]["money"]["options"][option]["pool"] is not None  # fmt: skip


def _overview(document: Document) -> dict[str, Any]:
    option, known = _proposed(document)
    gains = None
    if option and known:
        at = f"/questions/money/options/{option}"
        gains = {"table": tables.gains(document, option), "picture": _pair(per_household(document, option), "gains-behind", f"{at}/pool/partners")}  # fmt: skip
    return {
        "document": document,
        "money": document["questions"]["money"],
        "headline": headline(document),
        "tiles": [_tile(document, option, q) for q in words.QUESTIONS],
        "gains": gains,
        "why_unknown": words.probabilities(document, option, "money")[2] if not known else None,
        "next_steps": document["collect_next"][:NEXT],
        "due": lessons.due_worst_first(document),
        "most": NEXT,
        "first": FIRST,
        "left": {"due": "", "advice": ""},
    }


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only pages need it

    environment = Environment(
        loader=PackageLoader("interlocal.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"anchor": tables.anchor}
    environment.filters |= {"shape": lessons.shape, "tone": lessons.tone}
    environment.filters |= {"chance": words.chance, "percent": words.percent, "sentence": words.sentence}
    return environment


def _tile(document: Document, option: str | None, question: str) -> Mapping[str, Any]:
    p, each, reason = words.probabilities(document, option, question)
    return {
        "id": question,
        "depth": _DEPTH[question],
        "question": words.QUESTIONS[question],
        "verdict": words.verdict_word(p),
        "chance": words.chance(p) if p is not None else None,
        "p": p,
        "sentence": words.answer(document, option, question),
        "partners": [words.answer_of_partner(q, question, words.partner_name(document, k)) for k, q in each.items()],
        "reason": reason if p is None else None,
        "picture": _pair(charts.strip(document, option, question, f"tile-{question}"), f"tile-{question}", f"/questions/{question}/options/{option}")
        if option else None,
    }  # fmt: skip


def _details(document: Document, option: str) -> Mapping[str, Any]:
    money, lasting = f"/questions/money/options/{option}", f"/questions/sustainability/options/{option}"
    stresses = document["questions"]["sustainability"]["options"][option].get("stresses")
    return {
        "views": _pair(charts.views(document, option), "views-behind", money),
        "service": tables.service(document, option),
        "tradeoffs": [
            _pair(picture, f"tradeoff-{m}", f"/choice/tradeoff/{m}/{option}")
            for m, picture in tradeoffs(document, option)
        ],
        "stays": tables.stays(document, option),
        "stress": _pair(charts.stress(document, option), "stress-behind", f"{lasting}/stresses")
        if stresses
        else None,
        "untested": tables.untested(document, option),
        "renewal": document["questions"]["sustainability"]["options"][option].get("renewal"),
        "bills": tables.bills(document, option),
        "acceptable": _pair(charts.acceptable(document), "acceptable-behind", "/sharing/laboratory"),
        "formulas": tables.formulas(document),
        "walks": shares_words.walks(document),
        "meanings": shares_words.what_formulas_mean(document),
    }


def _depth(document: Document, option: str) -> Mapping[str, Any]:
    money = f"/questions/money/options/{option}"
    return {
        "fan": _pair(charts.fan(document, option), "fan-behind", f"{money}/yearly/total"),
        "draws": document["questions"]["money"]["options"][option]["yearly"]["draws"],
        "drivers": _pair(charts.drivers(document, option), "drivers-behind", f"{money}/drivers"),
        "break_even": tables.break_even(document, option),
        "moved": tables.moved(document, option),
        "components": tables.components(document, option),
        "once": tables.once(document, option),
        "optimism": tables.optimism(document, option),
    }


def _governance(document: Document) -> Mapping[str, Any]:
    return {
        "headline": governance.headline(document),
        "chosen": governance.chosen(document),
        "picture": charts.forms(document),
        "ranked": governance.ranked(document),
        "reasons": [(f, governance.reasons(f)) for f in document["governance"]["forms"]],
        "hinges": governance.hinges(document),
        "clauses": governance.clause_table(document),
    }


def _other_options(document: Document, proposed: str | None) -> list[Mapping[str, Any]]:
    """Return the pictures of each other option whose saving is known, for readers who want to compare."""
    rows: list[Mapping[str, Any]] = []
    for key, answer in document["questions"]["money"]["options"].items():
        if key == proposed or answer["pool"] is None:
            continue
        place = f"/questions/money/options/{key}"
        drawn = {
            "gains": (charts.gains(document, key, f"{key}-gains"), f"{place}/pool/partners"),
            "fan": (charts.fan(document, key, f"{key}-fan"), f"{place}/yearly/total"),
            "drivers": (charts.drivers(document, key, f"{key}-drivers"), f"{place}/drivers"),
        }
        if document["questions"]["sustainability"]["options"][key].get("stresses"):
            stresses = f"/questions/sustainability/options/{key}/stresses"
            drawn["stress"] = (charts.stress(document, key, f"{key}-stress"), stresses)
        pictures = [
            _pair(replace(picture, title=f"{answer['name']}: {picture.title}"), f"{key}-{name}", at)
            for name, (picture, at) in drawn.items()
        ]
        rows.append(
            {"name": answer["name"], "sentence": words.answer(document, key, "money"), "pictures": pictures}
        )
    return rows


def _pair(picture: Picture | None, id_: str, pointer: str) -> tuple[Picture, Table] | None:
    return None if picture is None else (picture, tables.behind(picture, f"table-{id_}", pointer))
