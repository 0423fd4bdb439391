"""What the ids in a document can be of: for each kind of thing, the id and the name of every one there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from interlocal.case.document import Case
from interlocal.partnership.document import Partnership
from interlocal.reference import governance_models, services
from interlocal.web.forms.shape import label

Choice = tuple[str, str]
Known = Mapping[str, Sequence[Choice]]


def in_case(case: Case) -> Known:
    """Return what the ids of a case can be of."""
    return {
        "partners": [(p.id, p.name) for p in case.partners],
        "options": [(o.id, o.name) for o in case.options],
        "escalators": [(e.id, e.id) for e in case.assumptions.escalators],
        "comparables": [(c.id, c.who) for c in case.comparables],
        "scales": [(s.id, s.id) for s in case.staffing.scales],
        "goals": [(g.id, g.text) for g in case.goals],
        "recommendations": [(r.id, r.text) for r in case.recommendations],
        "measures": sorted({(m, label(m)) for p in case.partners for m in p.measures} | {(m.id, m.name) for m in case.service_measures}),
        **catalogues(),
    }  # fmt: skip


def in_agreement(agreement: Partnership) -> Known:
    """Return what the ids of an agreement can be of."""
    names = {o.id: o.name for o in agreement.organisations}
    measured = {m.measure for m in agreement.baseline.measures} if agreement.baseline else set()
    measured |= {r.measure for r in agreement.records if r.measure}
    measured -= {s.id for s in agreement.standards}
    return {
        "organisations": sorted(names.items(), key=lambda c: c[1]),
        "partners": [(p, names.get(p, p)) for p in agreement.members()],
        "menu": [(m.id, m.name) for m in agreement.menu],
        "milestones": [(m.id, m.text) for m in agreement.life.milestones],
        "measures": sorted({(s.id, s.name) for s in agreement.standards} | {(d, label(d)) for y in agreement.years for d in y.drivers} | {(m, label(m)) for m in measured}),
        **catalogues(),
    }  # fmt: skip


@cache
def catalogues() -> dict[str, list[Choice]]:
    """Return what every document may refer to."""
    return {
        "services": sorted(((s.id, s.name) for s in services().values()), key=lambda c: c[1]),
        "models": [(m.id, m.name) for m in governance_models().values()],
    }
