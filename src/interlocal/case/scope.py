"""Whether the figures of different partners contain the same things (cost scope), and what to do where they do not."""

from __future__ import annotations

from dataclasses import dataclass

from interlocal.case.document import Case
from interlocal.case.service import CostScope, Spending

COMPONENTS = ("direct", "benefits", "overhead", "capital", "debt")


@dataclass(frozen=True)
class Mismatch:
    """A component that some figures contain and others do not."""

    component: str
    includes: tuple[str, ...]
    """Who includes it: partner ids, and option ids."""
    excludes: tuple[str, ...]
    adjusted: bool
    """Whether a stated rate brings all to the same scope."""


def latest_spending(case: Case) -> dict[str, Spending]:
    """Return each partner's latest figure, by partner id."""
    latest: dict[str, Spending] = {}
    for entry in case.spending:
        if entry.partner not in latest or entry.year > latest[entry.partner].year:
            latest[entry.partner] = entry
    return latest


def mismatches(case: Case) -> tuple[Mismatch, ...]:
    """Components on which the partners' figures, or an option's, differ; unknown is not a mismatch but is shown."""
    scopes: dict[str, CostScope] = {
        p: s.scope for p, s in latest_spending(case).items() if s.scope is not None
    } | {o.id: o.cost_scope for o in case.options if o.cost_scope is not None}
    found = []
    for component in COMPONENTS:
        includes = tuple(k for k, s in scopes.items() if getattr(s, component) == "included")
        excludes = tuple(k for k, s in scopes.items() if getattr(s, component) == "excluded")
        if not includes or not excludes:
            continue
        adjusted = all(_rate_given(case, k, component) for k in excludes)
        found.append(Mismatch(component, includes, excludes, adjusted))
    return tuple(found)


def unknown_components(case: Case) -> dict[str, tuple[str, ...]]:
    """Return what each partner's figure leaves unsaid, by partner id."""
    latest = latest_spending(case)
    return {
        p: tuple(c for c in COMPONENTS if scope is None or getattr(scope, c) == "unknown")
        for p in case.partner_ids
        for scope in [latest[p].scope if p in latest else None]
    }


def scopes_match(case: Case) -> bool:
    """Whether savings may be stated: no component differs without a stated adjustment."""
    return all(m.adjusted for m in mismatches(case))


def _rate_given(case: Case, partner: str, component: str) -> bool:
    return any(a.component == component and a.partner in {None, partner} for a in case.scope_adjustments)
