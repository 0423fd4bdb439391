"""The answers as screens: the report's own page, cut into one screen a question.

The report knows how to say a study; the screens say the same words with the same pictures, so that nothing is told two
ways. They are made by the worker, once a run, and a page only fills them into the layout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from interlocal.case.document import Gate
from interlocal.lessons.catalogue import items, reached
from interlocal.report.page import render_overview, render_page
from interlocal.web.closer import drawn
from interlocal.web.glance import left_out, without_positions
from interlocal.web.guide import page_of

SCREENS = {
    "overview": "Overview",
    "money": "Money",
    "service": "Service",
    "lasting": "Does it last",
    "people": "People and trust",
    "expectations": "Who expects what",
    "plan": "Time and effort",
    "premortem": "How it could fail",
    "lessons": "The five lists",
    "shares": "Who pays what",
    "governance": "Governance",
    "sources": "Sources and method",
}
_ANSWERS = {
    "money": ("question.money",),
    "service": ("question.service",),
    "lasting": ("question.sustainability",),
    "people": ("principle.trust", "necessity.trust", "pitfall.skipping_trust"),
    "expectations": ("principle.expectations",),
    "plan": ("principle.effort", "pitfall.quick_results"),
    "shares": ("pitfall.mutual_benefit", "necessity.equity"),
    "governance": ("necessity.governance",),
}
"""Items of the lists that a screen tells of; a screen that tells of others is due at every gate."""
GLANCE = "glance"
"""The overview as it stands on the case's own page, without what is not for everybody's eyes; no screen of its own."""
CLOSER = "closer"
"""What the screen of money picks from, by option, partner and view; no screen of its own."""
_CLOSER = frozenset({"money", "others"})
"""Sections of the report that this takes the place of."""
_BELONGS = {
    "answers": "overview",
    "gains": "overview",
    "due": "overview",
    "next": "overview",
    "advice": "overview",
    "options": "money",
    "money": "money",
    "service": "service",
    "lasting": "lasting",
    "others": "money",
    "opinions": "people",
    "plan": "plan",
    "trust": "people",
    "premortem": "premortem",
    "expectations": "expectations",
    "lessons": "lessons",
    "shares": "shares",
    "governance": "governance",
    "assumptions": "sources",
    "figures": "sources",
    "method": "sources",
    "left-out": "sources",
}
_NOBODY_ASKED = (
    "<p>Nothing that people answered can be shown yet. Ask them: readiness, trust and safety take ten minutes on a phone, and "
    "nobody sees who answered what. Once a survey is closed, this page shows what was answered and who sees it differently.</p>"
)
_SECTION = re.compile(
    r'^<section aria-labelledby="(?P<id>[^"]+)">.*?(?=^<section aria-labelledby=|\Z)',
    re.DOTALL | re.MULTILINE,
)
_MAIN = re.compile(r"<main[^>]*>(?P<main>.*)</main>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_LOCAL = re.compile(r'href="#([^"]+)"')
_EVIDENCE = re.compile(r"<code>/(?P<path>[a-z_]+)(?P<rest>[^<]*)</code></li>")
_SOURCE = re.compile(
    r'(?P<row><tr id="source-[^"]*">\s*<th scope="row">)/(?P<path>[a-z_]+)(?P<rest>[^<]*)</th>'
)
_FULL = "Full figures: study.json,"
_PLACE = re.compile(r"Place in the case: <code>/(?P<path>[a-z_]+)(?P<rest>[^<]*)</code>")


def render_screens(document: Mapping[str, Any], *, case: str) -> dict[str, Any]:
    """Return the HTML of each screen that the document has something for, and what money is picked from.

    Parameters
    ----------
    document
        What ``study.json`` holds.
    case
        Id of the case, for links to the input behind a figure.
    """
    page = render_page(document)
    headline = re.search(r'<p class="headline">.*?</p>', page, re.DOTALL)
    whole = _MAIN.search(page)
    main = whole.group("main") if whole else ""
    closer = drawn(document)
    # What stands before the first section: the three answers, and what to take care of.
    first = _SECTION.search(main)
    top = [headline.group() if headline else "", main[: first.start()] if first else main]
    made: dict[str, list[str]] = {name: [] for name in SCREENS}
    made["overview"] += top
    for found in _SECTION.finditer(main):
        if closer["options"] and found.group("id") in _CLOSER:
            continue
        made[_BELONGS.get(found.group("id"), "sources")].append(found.group())
    made["people"] = made["people"] or [_NOBODY_ASKED]
    texts = {name: "\n".join(parts) for name, parts in made.items() if any(parts)}
    home = {i: name for name, text in texts.items() for i in _ID.findall(text)}
    texts[GLANCE] = render_overview(without_positions(document), left_out(document))
    home |= dict.fromkeys(_CLOSER, "money")

    def linked(text: str, name: str = "money") -> str:
        return _linked(text, name, home, case)

    for option, depth in closer["depth"].items():
        closer["depth"][option] = linked(depth)
        for shown in closer["of"][option].values():
            shown["fan"] = linked(shown["fan"])
    return {name: linked(text, name) for name, text in texts.items()} | {CLOSER: closer}


def by_gate(gate: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the screens that are due at a gate, and those that are due later, with their titles."""
    now = [
        s
        for s in SCREENS
        if s not in _ANSWERS or any(reached(cast("Gate", gate), items()[i].gate) for i in _ANSWERS[s])
    ]
    return {s: SCREENS[s] for s in now}, {s: t for s, t in SCREENS.items() if s not in now}


def at_a_glance(views: Mapping[str, Any], run: str) -> str:
    """Return the answers for the case's own page.

    Parameters
    ----------
    views
        The screens of a run.
    run
        Address of the run, for links to its screens.
    """
    return str(views.get(GLANCE, "")).replace('href="../', f'href="{run}')


def as_first_shown(views: Mapping[str, Any], screen: str) -> str:
    """Return a screen as it stands where nothing else was picked: money with the depth of the option named first."""
    picked = views.get(CLOSER) if screen == "money" else None
    first = picked["depth"][picked["options"][0][0]] if picked and picked["options"] else ""
    return f"{views.get(screen, '')}{first}"


def _linked(text: str, screen: str, home: Mapping[str, str], case: str) -> str:
    """Let links reach what stands on another screen, and places in the case their page of the form."""

    def link(match: re.Match[str]) -> str:
        there = home.get(match.group(1), screen)
        return match.group() if there == screen else f'href="../{there}/#{match.group(1)}"'

    def place(match: re.Match[str]) -> str:
        path = match.group("path")
        if path == "lessons":
            return 'See <a href="../lessons/">the five lists</a>'
        if page_of(path) is None:
            return match.group()
        return f'Place in the case: <a href="/cases/{case}/edit/{path}/">{path.replace("_", " ")}</a>'

    def evidence(match: re.Match[str]) -> str:
        return f"{opened(match)}</li>" if page_of(match["path"]) else match.group()

    def source(match: re.Match[str]) -> str:
        return f"{match['row']}{opened(match)}</th>" if page_of(match["path"]) else match.group()

    def opened(match: re.Match[str]) -> str:
        return (
            f'<a href="/cases/{case}/edit/{match["path"]}/"><code>/{match["path"]}{match["rest"]}</code></a>'
        )

    text = _SOURCE.sub(source, _EVIDENCE.sub(evidence, _PLACE.sub(place, text)))
    text = text.replace(_FULL, 'Full figures: <a href="../study.json">study.json</a>,')
    return _LOCAL.sub(link, text)
