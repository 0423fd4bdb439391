"""A study in plain words: amounts rounded to what is known, chances as they are spoken, answers as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from interlocal.numerics.summary import in_words
from interlocal.questions.answers import verdict
from interlocal.report.language import _

Document = Mapping[str, Any]
"""The document of a study, as ``study.json`` holds it."""

MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"
QUESTIONS = {
    "money": "Does it save money?",
    "service": "Is service equal or better?",
    "sustainability": "Does it last?",
}
KINDS = {
    "improve_alone": "Improve alone",
    "buy_outside": "Buy outside",
    "drop": "Stop the service",
    "change": "Change the service",
    "shared": "Share",
}
AUDIENCES = {"facilitator": "the facilitator", "partners": "the partners", "public": "the public"}
_VERDICTS = {
    "yes": "yes",
    "likely": "likely",
    "even": "open",
    "unlikely": "unlikely",
    "no": "no",
    "unknown": "we do not know",
}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def rounded(value: float, digits: int = 2) -> float:
    """Round to significant digits: more of them than are known would claim too much."""
    if value == 0 or not math.isfinite(value):
        return 0.0 if value == 0 else value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def money(amount: float | None, currency: str) -> str:
    """Return an amount [currency] as ``USD 120,000`` or ``USD 1.2 million``, to two significant digits.

    Thousands are written out and "million" is a word: K, M and MM mean different things to different readers.
    """
    if amount is None:
        return _("not known")
    near = rounded(amount)
    sign, size = (MINUS if near < 0 else ""), abs(near)
    large = (1e9, _("1 billion"), _("{n} billion")), (1e6, _("1 million"), _("{n} million"))
    for unit, one, many in large:
        if size >= unit:
            said = one if size == unit else many.format(n=f"{size / unit:g}")
            return f"{sign}{currency} {said}".replace(" ", _SPACE)
    figure = f"{size:,.0f}" if size >= 10 or size == round(size) else f"{size:.2f}"
    return f"{sign}{currency}{_SPACE}{figure}"


def saved(amount: float, currency: str) -> str:
    """Return a saving [currency] as ``saves USD 120,000`` or ``costs USD 120,000 more``."""
    if rounded(amount) == 0:
        return "changes nothing"
    return f"saves {money(amount, currency)}" if amount > 0 else f"costs {money(-amount, currency)} more"


def chance(p: float | None) -> str:
    """Return a probability as it is spoken, or that it is not known."""
    return _("we do not know") if p is None else _(in_words(p))


def verdict_word(p: float | None) -> str:
    """Return the verdict on a probability as one or a few plain words."""
    return _(_VERDICTS[verdict(p)])


def percent(share: float | None) -> str:
    """Return a share in whole percent; below half a percent it says so."""
    if share is None:
        return "not known"
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{share * 100:.0f} %".replace("-", MINUS)


def signed(weight: int) -> str:
    """Return a weight with its sign, 0 without one."""
    return f"{weight:+d}".replace("-", MINUS) if weight else "0"


def quantity(value: float | None) -> str:
    """Return a number without a unit, to three significant digits."""
    if value is None:
        return "not known"
    near = rounded(value, 3)
    text = f"{near:,.0f}" if abs(near) >= 100 or near == round(near) else f"{near:g}"
    return text.replace("-", MINUS)


def figure(entry: Mapping[str, Any]) -> str:
    """Return what an entry of ``sources/case`` says, as ``USD 45,000 to USD 105,000``; nothing where it has no number."""
    if entry["value"] is None:
        return ""
    unit = entry["unit"] or ""
    currency = unit if len(unit) == 3 and unit.isupper() else ""

    def one(value: float) -> str:
        return money(value, currency) if currency else quantity(value)

    numbers = entry["range"] or [entry["value"]]
    said = " to ".join(one(x) for x in numbers)
    return said if currency or not unit else f"{said} {unit}"


def count(number: int) -> str:
    """Return a small count as a word."""
    return _(_SMALL[number]) if 0 <= number < len(_SMALL) else f"{number:,}"


def listed(items: Iterable[str]) -> str:
    """Join as people do: ``a, b and c``."""
    *most, last = list(items) or [""]
    return _("{most} and {last}").format(most=", ".join(most), last=last) if most else last


def partner_name(document: Document, partner: str) -> str:
    """Return the name of a partner, or its id where the case gives none."""
    return str(document["case"]["partners"].get(partner, {}).get("name", partner))


def proposed(document: Document) -> str | None:
    """Return the id of the option that the study is about: the proposed one, else the first."""
    options = document["questions"]["money"]["options"]
    chosen = document["case"].get("proposed")
    return chosen if chosen in options else next(iter(options), None)


def probabilities(
    document: Document, option: str | None, question: str
) -> tuple[float | None, dict[str, float], str]:
    """Return the answer of a question for an option: for the whole, per partner, and why it is not known."""
    answer = document["questions"][question]["options"].get(option) or {}
    reason = answer.get("unknown") or _("We do not know: the case does not say enough.")
    if question == "money":
        pool = answer.get("pool") or {"total": {"p_saves": None}, "partners": {}}
        return pool["total"]["p_saves"], {k: v["p_saves"] for k, v in pool["partners"].items()}, reason
    if question == "service":
        joint, each = answer.get("joint"), answer.get("partners") or {}
    else:
        kept = answer.get("p_stays") or {}
        joint, each = kept.get("total"), kept.get("partners", {})
    return (joint["p"] if joint else None), {k: v["p"] for k, v in each.items()}, reason


def answer(document: Document, option: str | None, question: str) -> str:
    """Return one sentence that answers a question for all partners together."""
    p, _each, reason = probabilities(document, option, question)
    if p is None:
        return reason
    sentence = {
        "money": _("Together the partners save money"),
        "service": _("Every partner gets equal or better service"),
        "sustainability": _("Every partner stays better off than alone"),
    }[question]
    return f"{sentence}: {chance(p)}."


def answer_of_partner(p: float | None, question: str, partner: str) -> str:
    """Return one sentence that answers a question for one partner."""
    says = {
        "money": _("{partner} saves money: {chance}."),
        "service": _("{partner} gets equal or better service: {chance}."),
        "sustainability": _("{partner} stays better off than alone: {chance}."),
    }
    return says[question].format(partner=partner, chance=chance(p))


def left_out(document: Document) -> list[str]:
    """Return what a study leaves out for its audience, a sentence each."""
    findings = sum(f["verdict"] is None for f in document["lessons"])
    advised = document["advice"]
    counts = (
        (findings, "of the 42 findings"),
        (advised.get("rules_withheld", 0), "of the reasons for the advice"),
        (advised.get("conditions_withheld", 0), "of the conditions"),
        (document["consensus"]["left_out"], "surveys"),
        (document["sources"].get("left_out", 0), "entries of the case"),
    )
    lines = [f"{n} {what}." for n, what in counts if n]
    if document["central"] is None:
        lines.append("The lines of cost.")
    if document["audience"] != "facilitator":
        lines.append("How each pair of partners rates the other.")
    return lines


def assumptions(document: Document) -> list[tuple[str, str, str]]:
    """Return each assumption of the case: where it stands, what it is called, what it says."""
    return [
        (pointer, s["label"], figure(s) or s["note"] or s["source"] or "part of the design")
        for pointer, s in document["sources"]["case"].items()
        if s["basis"] == "assumption"
    ]


def payback(row: Mapping[str, Any] | None) -> str:
    """Return when an option pays back, in words."""
    if row is None:
        return "seldom or never in these years"
    if row["p50"] is None:
        return f"within these years in {percent(row['p_within_horizon'])} of futures"
    late = row["p90"]
    return f"about {row['p50']} ({row['p10']} to {late if late is not None else 'beyond these years'})"


def sentence(text: str) -> str:
    """Return a text that somebody wrote as a sentence that ends."""
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."


def upper_first(text: str) -> str:
    """Begin a text with a capital."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Begin a text with a small letter, where its first word is an ordinary one."""
    # "USD" and names of places keep their capitals: only an ordinary first word is lowered.
    word = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if word.lower().strip(",") in _ORDINARY else text


_ORDINARY = {
    "a",
    "an",
    "the",
    "what",
    "which",
    "who",
    "whether",
    "today's",
    "terms",
    "posts",
    "three",
    "where",
    "when",
    "how",
    "baseline",
    "comparables",
    "cost",
    "count",
    "dated",
    "dates",
    "each",
    "earlier",
    "ideas",
    "key",
    "laws",
    "options",
    "planned",
    "rate",
    "recommendations",
    "setbacks",
    "sponsor",
    "visible",
    "votes",
}
