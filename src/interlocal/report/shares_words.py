"""What groups of partners could do instead, in plain words: who would walk, what a formula asks for, how sure we are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interlocal.report.language import _
from interlocal.report.words import Document, listed, money, rounded

CENT = 0.01


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
