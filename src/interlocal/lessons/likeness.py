"""How like this case a comparable is: distance on the measures both have, in standard deviations of a reference set."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interlocal.case.document import Case
from interlocal.case.why_now import Comparable
from interlocal.reference import claimed_cases, cost_shares, governance_models, services

DOUBLING = math.log(2)
"""One step where fewer than three of the reference set have a measure: twice as much or half as much (judgement)."""
FEW = 3
"""Fewest members of the reference set for a standard deviation."""
_RATIOS = {"density": ("population", "area")}
"""Measures of a whole that are a ratio of sums over its parts."""
_LEVELS = frozenset({"wage"})
"""Measures of a whole that are a mean over its parts, and not a sum."""


@dataclass(frozen=True)
class Dimension:
    """One way in which a comparable may differ from the case."""

    name: str
    here: str
    there: str
    distance: float
    """Standard deviations of the logarithm in the reference set; 0 or 1 where it is a kind and not a quantity."""
    ratio: float | None
    """There over here; None for a kind."""
    scale: str
    """What one step is."""


@dataclass(frozen=True)
class Likeness:
    """How far one comparable is from the case."""

    comparable: Comparable
    dimensions: tuple[Dimension, ...]
    """The most unlike first."""

    @property
    def distance(self) -> float:
        """Root mean square over the dimensions, so that more of them do not make it larger."""
        return math.sqrt(statistics.fmean(d.distance**2 for d in self.dimensions))


def likeness(case: Case) -> tuple[Likeness, ...]:
    """Return how far each comparable is, the nearest first; those that share no dimension with the case are left out.

    The reference set is the case's comparables and the agreements we ship. A quantity is compared by its logarithm,
    for twice as large and half as large are equally far.
    """
    here = _case(case)
    known = [_measures(c) for c in case.comparables]
    shipped = _shipped()
    found = []
    for c, there in zip(case.comparables, known, strict=True):
        dimensions = [*_kinds(case, c)]
        for name in there.keys() & here.keys():
            among = [*(m[name] for m in known if name in m), *shipped.get(name, ())]
            dimensions.append(_quantity(name, here[name], there[name], among))
        if dimensions:
            found.append(Likeness(c, tuple(sorted(dimensions, key=lambda d: (-d.distance, d.name)))))
    return tuple(sorted(found, key=lambda x: (x.distance, x.comparable.id)))


def _quantity(name: str, here: float, there: float, among: Sequence[float]) -> Dimension:
    logs = [math.log(x) for x in among]
    spread = statistics.stdev(logs) if len(logs) >= FEW else 0.0
    scale = f"standard deviation of {len(logs)} others" if spread else "doubling"
    distance = abs(math.log(there / here)) / (spread or DOUBLING)
    return Dimension(name, f"{here:,.4g}", f"{there:,.4g}", distance, there / here, scale)


def _kinds(case: Case, comparable: Comparable) -> Iterator[Dimension]:
    """Compare the form of governance and the mix of services; another kind counts as one step (judgement)."""
    option = case.proposed_option
    if comparable.form and option and option.form:
        names = governance_models()
        here, there = names[option.form].name, names[comparable.form].name
        yield Dimension("form of governance", here, there, float(here != there), None, "same or not")
    shared = set(comparable.services) or {
        s for c in claimed_cases() if c.id == comparable.reference_case for s in c.services
    }
    if shared:
        mine = {case.service.id}
        names_of = [services()[s].name for s in sorted(shared)]
        apart = 1 - len(mine & shared) / len(mine | shared)
        here = services()[case.service.id].name
        yield Dimension(
            "service mix", here, ", ".join(names_of), apart, None, "share of services not in both"
        )


def _measures(comparable: Comparable) -> dict[str, float]:
    found = {m: q.central for m, q in comparable.measures.items() if q.central > 0}
    if comparable.members:
        found["number of members"] = float(comparable.members)
    return _with_ratios(found)


def _case(case: Case) -> dict[str, float]:
    """Return the measures of all partners together that every partner has."""
    everyone = set.intersection(*(set(p.measures) for p in case.partners))
    found = {}
    for m in everyone:
        values = [p.measures[m].central for p in case.partners]
        found[m] = statistics.fmean(values) if m in _LEVELS else sum(values)
    for ratio in _RATIOS:
        found.pop(ratio, None)
    scales = [s.steps[-1].central for s in case.staffing.scales if s.steps]
    if scales and "wage" not in found:
        found["wage"] = statistics.fmean(scales)
    found["number of members"] = float(len(case.partners))
    return _with_ratios({m: x for m, x in found.items() if x > 0})


def _with_ratios(found: dict[str, float]) -> dict[str, float]:
    ratios = {r: found[a] / found[b] for r, (a, b) in _RATIOS.items() if a in found and b in found}
    return ratios | found


def _shipped() -> Mapping[str, Sequence[float]]:
    """Return the measures of the agreements we ship: members, and people where every member's are known."""
    agreements: dict[str, list[int | None]] = {}
    for share in cost_shares():
        agreements.setdefault(share.case, []).append(share.population)
    several = [a for a in agreements.values() if len(a) > 1]
    return {
        "number of members": [float(len(a)) for a in several],
        "population": [float(sum(p for p in a if p)) for a in several if all(a)],
    }
