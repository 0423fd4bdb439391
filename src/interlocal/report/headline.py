"""A study in one sentence of words and numbers."""

from __future__ import annotations

from interlocal.questions.answers import verdict
from interlocal.report.language import _
from interlocal.report.words import (
    Document,
    chance,
    count,
    listed,
    lower_first,
    partner_name,
    probabilities,
    proposed,
    upper_first,
)


def headline(document: Document) -> str:
    """Return the study in one sentence: who, what, the three answers, for whom not, and what to find out first."""
    case = document["case"]
    option = proposed(document)
    partners = len(case["partners"])
    several = _("{n} partners, {service}") if partners != 1 else _("{n} partner, {service}")
    who = several.format(n=count(partners), service=_(case["service"]["name"]).lower())
    parts = [_money_part(document, option), _service_part(document, option), _stays_part(document, option)]
    first = document["collect_next"][:1]
    if first:
        parts.append(_("to find out first: {what}").format(what=_(lower_first(first[0]["text"]))))
    return f"{upper_first(who)}: {'; '.join(parts)}."


def _money_part(document: Document, option: str | None) -> str:
    p, each, _reason = probabilities(document, option, "money")
    if p is None:
        return _("we do not know whether it saves money")
    together = {
        "yes": _("saves money together"),
        "likely": _("likely to save money together"),
        "even": _("could save money together or cost more"),
        "unlikely": _("unlikely to save money together"),
        "no": _("does not save money together"),
    }[verdict(p)]
    text = f"{together}, {chance(p)}"
    against = [(x, q) for x, q in each.items() if (q < 0.4 if p >= 0.5 else q >= 0.6)]
    if against and len(against) < len(each):
        named = listed(
            f"{partner_name(document, x)}, {chance(q)}"
            for x, q in sorted(against, key=lambda row: row[1])[:3]
        )
        text += (
            _(", though not for {partners}") if p >= 0.5 else _(", though it does for {partners}")
        ).format(partners=named)
    return text


def _service_part(document: Document, option: str | None) -> str:
    p, each, _reason = probabilities(document, option, "service")
    if p is None:
        return _("we do not know whether service stays as good")
    well = sum(q >= 0.67 for q in each.values())
    if well in {0, len(each)}:
        return _("service equal or better for all, {chance}").format(chance=chance(p))
    return _("service likely equal or better for {n} of {all}").format(n=count(well), all=count(len(each)))


def _stays_part(document: Document, option: str | None) -> str:
    p, _each, _reason = probabilities(document, option, "sustainability")
    if p is None:
        return _("we do not know whether it lasts")
    years = document["questions"]["sustainability"]["years"]
    return _("every partner stays better off for {years} years, {chance}").format(
        years=years, chance=chance(p)
    )
