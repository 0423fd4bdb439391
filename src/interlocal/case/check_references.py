"""What must hold between the ids of a case: each names something that is there, and none is given twice.

Each rule yields ``(location, found, expected, fix)``, as in :mod:`interlocal.case.check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from interlocal.case.document import Case
from interlocal.case.walk import Location
from interlocal.problems import nearest
from interlocal.reference import clauses, find_post, governance_models, services

Finding = tuple[Location, str, str, str]

# Which fields hold the id of what; a dictionary field holds it in its keys.
_REFERENCES: dict[str, dict[str, frozenset[str]]] = {
    "partner": {
        "*": frozenset(
            {"partner", "binds", "agreed_by", "endorsed_by", "standing_in", "attended", "raised_by"}
        ),
        "Partner": frozenset({"adjacent"}),
        "CostLine": frozenset({"payer"}),
        "Option": frozenset({"members", "lead", "tiers", "feasible_groups", "possible_leads"}),
        "Voting": frozenset({"votes"}),
        "ExitTerms": frozenset({"rebuild_cost"}),
        "ServiceMeasure": frozenset({"baseline", "worth"}),
        "Post": frozenset({"comes_from"}),
        "Formula": frozenset({"floors", "caps"}),
        "GroupCost": frozenset({"members"}),
        "Given": frozenset({"shares"}),
        "Contract": frozenset({"amounts"}),
        "Dues": frozenset({"role_discounts"}),
        "LeadNomination": frozenset({"names"}),
        "SurveyCell": frozenset({"about"}),
        "Stress": frozenset({"leaver"}),
        "EarlierAgreement": frozenset({"members"}),
        "EarlierAttempt": frozenset({"members"}),
    },
    "escalator": {
        "CostLine": frozenset({"escalator"}),
        "MovedCost": frozenset({"escalator"}),
        "Assumptions": frozenset({"default_escalator"}),
    },
    "option": {
        "Case": frozenset({"proposed"}),
        "PreferredBeforeStudy": frozenset({"option"}),
        "Attachment": frozenset({"option"}),
        "Consent": frozenset({"about"}),
    },
    "service measure": {"Forecast": frozenset({"measure"}), "Expectation": frozenset({"measure"})},
    "pay scale": {"Post": frozenset({"scale"})},
    "post in the staffing section": {"PostsCost": frozenset({"posts"})},
    "goal": {"PartnerGoals": frozenset({"ranking", "deal_breakers"})},
    "recommendation": {"Vote": frozenset({"recommendation"})},
    "comparable": {"Attachment": frozenset({"comparable"})},
    "correlation group": {"*": frozenset({"group"})},
    "governance model": {
        "Option": frozenset({"form"}),
        "Governance": frozenset({"model"}),
        "Comparable": frozenset({"form"}),
    },
    "clause": {"Clause": frozenset({"id"})},
}


def _leaves(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _leaves(item, (*location, i))
    elif isinstance(value, dict):
        for key in value:
            yield (*location, key), key


def references(case: Case, parts: Sequence[tuple[Location, BaseModel]]) -> Iterator[Finding]:
    """Yield every id that names nothing in the case or in a catalogue."""
    known: dict[str, set[str]] = {
        "partner": set(case.partner_ids),
        "escalator": {e.id for e in case.assumptions.escalators},
        "option": {o.id for o in case.options},
        "service measure": {m.id for m in case.service_measures},
        "pay scale": {s.id for s in case.staffing.scales},
        "post in the staffing section": {p.id for p in case.staffing.posts},
        "goal": {g.id for g in case.goals},
        "recommendation": {r.id for r in case.recommendations},
        "comparable": {c.id for c in case.comparables},
        "correlation group": {c.group for c in case.assumptions.correlations},
        "governance model": set(governance_models()),
        "clause": set(clauses()),
    }
    for location, part in parts:
        for kind, table in _REFERENCES.items():
            names = table.get(type(part).__name__, frozenset()) | table.get("*", frozenset())
            if kind == "correlation group" and not hasattr(part, "central"):
                continue
            for name in names & type(part).model_fields.keys():
                for where, ref in _leaves(getattr(part, name), (*location, name)):
                    if ref not in known[kind]:
                        yield where, f"the {kind} {ref}", *choose(kind, ref, known[kind])
    if case.service.id not in services():
        yield (
            ("service", "id"),
            f"the service {case.service.id}",
            *choose("service", case.service.id, services()),
        )
    for i, post in enumerate(case.key_posts):
        if post.post is not None and find_post(post.post) is None:
            yield (
                ("key_posts", i, "post"),
                f"the post {post.post}",
                "a post of the catalogue",
                "Leave post out: the title is matched by itself.",
            )


def choose(kind: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return what was expected of an id that names nothing, and how to mend it."""
    names = sorted(known)
    close = nearest(word, names)
    if close:
        fix = f"Did you mean {close}?"
    elif names:
        fix = f"Choose one of {', '.join(names[:20])}{', …' if len(names) > 20 else ''}, or define it."
    else:
        fix = f"Define a {kind} with this id first."
    return f"the id of a {kind} that is defined", fix


def doubled_ids(parts: Sequence[tuple[Location, BaseModel]]) -> Iterator[Finding]:
    """Yield every id that stands twice in its list."""
    for location, part in parts:
        for name in type(part).model_fields:
            value = getattr(part, name)
            if not isinstance(value, tuple):
                continue
            seen: dict[str, int] = {}
            for i, item in enumerate(value):
                key = getattr(item, "id", None) if isinstance(item, BaseModel) else None
                if key is None:
                    continue
                if key in seen:
                    yield (
                        (*location, name, i, "id"),
                        f"the id {key} a second time",
                        "each id once in its list",
                        f"Rename it; entry {seen[key] + 1} of {name} has it already.",
                    )
                seen.setdefault(key, i)
