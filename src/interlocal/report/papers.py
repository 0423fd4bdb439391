"""The documents of a packet that are for all partners: the brief, and the report."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from interlocal.blocks import Block, Contents, Heading, Items, NewPage, Paper, Paragraph
from interlocal.case.document import Case
from interlocal.report import charts, outline, tables, words
from interlocal.report.headline import headline
from interlocal.report.language import _
from interlocal.report.saying import said_paper
from interlocal.report.tradeoff import tradeoffs
from interlocal.report.words import Document

_FEW = 4
"""Reasons, conditions and steps that a brief has room for; the report has all."""


def brief(document: Document) -> Paper:
    """Return two pages for elected officials: question, answers, money, conditions, what is unknown, one picture."""
    blocks = [
        *outline.warnings(document),
        Paragraph(headline(document), tone="lead"),
        *outline.question(document),
        *outline.answers(document),
        *outline.pays_and_gains(document),
        *outline.picture(document),
        *outline.advice(document, _FEW),
        *outline.unknown(document, _FEW),
        outline.drawn(document),
    ]
    return paper(document, _("Brief: {title}"), blocks)


def report(document: Document, case: Case) -> Paper:
    """Return the full study: contents, answers, money, service, the five lists, assumptions, sources, methods, glossary."""
    option = words.proposed(document)
    known = option is not None and document["questions"]["money"]["options"][option]["pool"] is not None
    blocks: list[Block] = [
        *outline.warnings(document), Paragraph(headline(document), tone="lead"), Contents(_("Contents")), NewPage(),
        *outline.question(document), *outline.answers(document), *outline.pays_and_gains(document),
        *outline.advice(document), *outline.unknown(document),
        Heading("The options side by side"), *outline.cut(tables.options(document)),
    ]  # fmt: skip
    if option is not None and known:
        blocks += [*_money(document, option), *_service(document, option), *_lasting(document, option)]
    blocks += [
        *outline.shares(document), *outline.forms(document), *outline.plan(document), *outline.partners(document, case), *outline.surveys(document),
        *outline.lists(document), *outline.assumptions(document), *outline.sources(document), *_method(document), *_glossary(),
    ]  # fmt: skip
    return paper(document, "Report: {title}", blocks)


def paper(document: Document, title: str, blocks: list[Block]) -> Paper:
    """Return a document about a study, with what every one of them has at its head and foot."""
    case = document["case"]
    return said_paper(Paper(
        title=title.format(title=case["title"]),
        subtitle=outline.subtitle(document),
        footer=_("Interlocal {version} · seed {seed} · case {hash}").format(version=document["interlocal"], seed=document["seed"], hash=case["sha256"][:12]),
        dated=case["as_of"],
        blocks=tuple(blocks),
    ))  # fmt: skip


def _money(document: Document, option: str) -> list[Block]:
    at = f"/questions/money/options/{option}"
    return [
        Heading("Money in depth"),
        *outline.cut(tables.gains(document, option)),
        *outline.shown(charts.gains(document, option), "gains-behind", f"{at}/pool/partners"),
        *outline.shown(charts.views(document, option), "views-behind", at),
        *outline.shown(charts.fan(document, option), "fan-behind", f"{at}/yearly/total"),
        *outline.shown(charts.drivers(document, option), "drivers-behind", f"{at}/drivers"),
        Heading("What would have to be true", 2),
        *outline.cut(tables.break_even(document, option)),
        *outline.cut(tables.optimism(document, option)),
        Heading("Changing over, and cost that stays or moves", 2),
        *outline.cut(tables.components(document, option)),
        *outline.cut(tables.once(document, option)),
        *outline.cut(tables.moved(document, option)),
        Heading("If nothing changes", 2),
        *outline.cut(tables.do_nothing(document)),
    ]


def _service(document: Document, option: str) -> list[Block]:
    blocks: list[Block] = [Heading("Service in depth"), Paragraph(words.answer(document, option, "service"))]
    blocks += outline.cut(tables.service(document, option))
    for measure, picture in tradeoffs(document, option):
        blocks += outline.shown(picture, f"tradeoff-{measure}", f"/choice/tradeoff/{measure}/{option}")
    return blocks


def _lasting(document: Document, option: str) -> list[Block]:
    lasting = document["questions"]["sustainability"]
    test = _("The test: {test}, over {years} years.").format(test=_(lasting["test"]), years=lasting["years"])
    said = f"{words.answer(document, option, 'sustainability')} {test} {_(lasting['limits'])}"
    blocks: list[Block] = [
        Heading("Staying power and stress tests"),
        Paragraph(said),
        *outline.cut(tables.stays(document, option)),
    ]
    if lasting["options"][option].get("stresses"):
        blocks += outline.shown(
            charts.stress(document, option),
            "stress-behind",
            f"/questions/sustainability/options/{option}/stresses",
        )
    return blocks + outline.points(tables.untested(document, option))


def _method(document: Document) -> list[Block]:
    return [
        Heading("How this was worked out"),
        outline.drawn(document),
        Paragraph("In each future every uncertain figure takes one of its believable values, and every option is held against what each partner would pay if nothing changed. The same futures answer all three questions."),
        Paragraph("A study’s own figures tend to promise too much. So each shared option is looked at three ways: by the case’s own figures, by what was published elsewhere, and by both together."),
        Items((Paragraph(str(document["seed"]), "Seed:"), Paragraph(document["interlocal"], "Interlocal:"), Paragraph(document["case"]["sha256"], "Fingerprint of the case (SHA-256):"))),
        Paragraph("The same case, seed and version give the same bytes.", tone="note"),
    ]  # fmt: skip


def _glossary() -> list[Block]:
    told = tomllib.loads(files("interlocal.report").joinpath("glossary.toml").read_text(encoding="utf-8"))
    return [
        Heading("Glossary"),
        Items(
            tuple(
                Paragraph(meaning, f"{term}:")
                for term, meaning in sorted(told.items(), key=lambda t: t[0].lower())
            )
        ),
    ]
