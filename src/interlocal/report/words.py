"""A study in plain words: amounts rounded to what is known, chances as they are spoken, answers as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
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


def walks(document: Document) -> list[str]:
    """Return, for the proposed formula, whether any group could do better by itself, and by how much."""
    found = document["sharing"].get("laboratory")
    return [] if found is None else who_would_walk(found, "the proposed formula")


def who_would_walk(laboratory: Document, formula_: str) -> list[str]:
    """Return whether any group could do better by itself under a laboratory's own formula, called so in the sentence."""
    tried = laboratory["formulas"].get("proposed", {})
    if "violations" not in tried:
        return []
    names, currency, period = laboratory["names"], laboratory["currency"], laboratory["period"]
    if tried["in_core"]:
        none = f"Under {formula_} no partner and no group of partners would pay less by itself."
        return [none, *outside_view(laboratory)]
    lines = [
        f"{listed(names[p] for p in v['group'])} would pay {money(v['excess'], currency)} less {period} without the others."
        for v in tried["violations"][:5]
    ]
    if laboratory["core_empty"]:
        lines.append("However this cost is shared, some partner or group would pay less by itself.")
    return [
        *lines,
        *better_apart(laboratory),
        *_smallest_change(tried, names, currency),
        *outside_view(laboratory),
    ]


def better_apart(laboratory: Document) -> list[str]:
    """Return the ways of parting all that would pay less than all together: the best into any groups, three into two."""
    names, currency, period = laboratory["names"], laboratory["currency"], laboratory["period"]
    in_two = (laboratory["splits_that_beat_the_whole"] or [])[:3]
    best = laboratory["best_partition"]
    return [
        f"All would pay {money(split['beats_by'], currency)} less {period} apart, "
        f"{sides([[names[p] for p in group] for group in split['groups']])}."
        for split in ([best] if best and len(best["groups"]) > 2 else []) + in_two
    ]


def sides(groups: Sequence[Sequence[str]]) -> str:
    """Return how all are parted: "Ash on one side and Birch and Cedar on the other", or the groups one by one."""
    if len(groups) == 2:
        return f"{listed(groups[0])} on one side and {listed(groups[1])} on the other"
    return f"in {len(groups)} groups: {'; '.join(listed(group) for group in groups)}"


def what_formulas_mean(document: Document) -> list[tuple[str, list[str]]]:
    """Return, for each formula, what it means for each partner in a sentence, with the groups that would walk."""
    found = document["sharing"].get("laboratory")
    if found is None:
        return []
    names, currency = found["names"], found["currency"]
    return [
        (
            formula(name),
            [
                *tried["words"].values(),
                *_subsidies(tried, names, currency),
                _holds(tried),
                *proof(tried),
                *_smallest_change(tried, names, currency),
            ]
            if "words" in tried
            else [f"Undefined here: {tried['undefined']}."],
        )
        for name, tried in found["formulas"].items()
    ]


def _subsidies(tried: Document, names: Mapping[str, str], currency: str) -> list[str]:
    """Return who pays more than alone, and who less than it adds to the others' cost."""
    return [
        (
            _("{who} pays for the others: {amount}.")
            if x > 0
            else _("{who} is paid for by the others: {amount}.")
        ).format(who=names[p], amount=money(abs(x), currency))
        for p, x in tried["subsidy"].items()
        if rounded(x) != 0 and abs(x) >= 1
    ]


def _smallest_change(tried: Document, names: Mapping[str, str], currency: str) -> list[str]:
    """Return how little would have to change so that nobody would pay less without the others."""
    if tried["in_core"] or not tried["nearest_core_point"]:
        return []
    says = listed(
        (_("{who} {amount} more") if x > 0 else _("{who} {amount} less")).format(
            who=names[p], amount=money(abs(x), currency)
        )
        for p, x in tried["nearest_core_point"]["change"].items()
        if rounded(x) != 0
    )
    return [f"The smallest change after which nobody would: {says}."]


CENT = 0.01


def proof(tried: Document) -> list[str]:
    """Return what an exact proof says of a nucleolus."""
    found = tried.get("certificate")
    if found is None:
        return []
    if "why_not" in found:
        return [f"Not proven. {found['why_not']}"]
    apart = found["largest_difference"]
    held = "to the cent" if apart <= CENT else f"but for up to {apart:,.2f}"
    return [
        (
            "Proven with exact fractions on costs in whole cents (Kohlberg's criterion): no other way to share does as well "
            f"for the groups that gain least. The shares shown are the proven ones, {held}."
        )
    ]


def would_walk(tried: Document, currency: str) -> str:
    """Return how many groups would pay less by themselves under a formula, and the most that one would gain."""
    if tried["in_core"] is None:
        return "none found; not proven"
    if tried["in_core"]:
        return "none"
    most = max(v["excess"] for v in tried["violations"])
    return _("{n}; up to {most}").format(n=f"{tried['violations_count']:,}", most=money(most, currency))


def _holds(tried: Document) -> str:
    if tried["in_core"] is None:
        return "No group was found that would pay less by itself; this is not proven for so many partners."
    if tried["in_core"]:
        return "No group would pay less by itself."
    count = tried["violations_count"]
    return f"{count} {'group' if count == 1 else 'groups'} would pay less by themselves."


def outside_view(laboratory: Document) -> list[str]:
    """Return what published cost by size says of the proposed formula, in place of the case's own figures."""
    found = laboratory["outside_view"]
    if found is None:
        return []
    names, currency, period = laboratory["names"], laboratory["currency"], laboratory["period"]
    alone = sum(laboratory["stand_alone"].values())
    whole = f"{money(found['whole'], currency)} {period}, against {money(alone, currency)} each on its own, added up"
    lines = [f"The outside view: by what is published of cost by size, all together would pay {whole}."]
    if found["in_core"]:
        return [
            *lines,
            "Held against that, no group would pay less by itself under the proposed formula either.",
        ]
    if found["in_core"] is None:
        return [*lines, "Held against that, no group was found that would pay less by itself."]
    lines += [
        f"Held against that, {listed(names[p] for p in v['group'])} would pay {money(v['excess'], currency)} less without "
        "the others."
        for v in found["violations"][:3]
    ]
    return lines


def formula(name: str) -> str:
    """Return the name of a cost-sharing formula as people say it."""
    if name.startswith("by_usage:"):
        return f"by {name.partition(':')[2].replace('_', ' ')}"
    return _FORMULAS.get(name, name.replace("_", " ").capitalize())


_FORMULAS = {
    "proposed": "Proposed",
    "equal": "Equal",
    "per_head": "Per head",
    "by_value": "By property value",
    "scrb": "Separable cost, remaining benefit",
    "shapley": "Shapley value",
    "nucleolus": "Nucleolus",
    "per_capita_nucleolus": "Nucleolus per head",
    "equal_charge": "Equal charge",
}


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
        parts.append(_("to find out first: {what}").format(what=_(_lower_first(first[0]["text"]))))
    return f"{_upper_first(who)}: {'; '.join(parts)}."


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


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    # "USD" and names of places keep their capitals: only an ordinary first word is lowered.
    word = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if word.lower() in _ORDINARY else text


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
}
