"""Who is counted together: sets of people that are never cut smaller than the threshold, within a wave or over waves.

Nothing here looks at an answer. Which panels there are follows from who belongs where and who answered when, all of
which an attacker may know, so that the choice of panels tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Unit = tuple[str, str]
"""One answer's owner and what it is about: (rater, partner rated, or "" where none is)."""
Panel = frozenset[Unit]
Path = tuple[str, ...]
"""A unit's place in the hierarchy, coarsest first, such as (group, partner)."""


@dataclass(frozen=True)
class WavePanels:
    """The panels that answer in one wave, and the units that answered but cannot be counted, by reason."""

    counted: tuple[Panel, ...]
    few: Panel
    """Newcomers too few to stand alone; they wait until a later wave brings more."""
    left_out: Panel
    """People whose answers must stay out so that those who left hide among enough others."""


def raters(units: Iterable[Unit]) -> set[str]:
    """Return the people behind the units."""
    return {rater for rater, _ in units}


def panels(waves: Sequence[Mapping[Unit, Path]], threshold: int) -> list[WavePanels]:
    """Cut the people of each wave into panels.

    Parameters
    ----------
    waves
        For each wave, in time order, everyone who answered with the place in the hierarchy.
    threshold
        Fewest people in a panel, and in any difference of two panels.

    Returns
    -------
    list of WavePanels
        One per wave. Over all waves the panels form a tree: two of them are equal, disjoint, or one is a part of
        the other, and every part and every remainder holds at least ``threshold`` people. What a wave gives does
        not depend on later waves.
    """
    atoms: list[Panel] = []
    result = []
    for wave in waves:
        present = frozenset(wave)
        known = frozenset[Unit]().union(*atoms)
        counted: list[Panel] = []
        pieces: list[Panel] = []
        for atom in atoms:
            staying = _staying(atom, present, threshold)
            if staying:
                counted.append(staying)
            pieces += [piece for piece in (staying, atom - staying) if piece]
        fresh, few = _pool_small_cells({u: path for u, path in wave.items() if u not in known}, threshold)
        counted += fresh
        atoms = pieces + fresh
        left_out = (present & known).difference(*counted)
        result.append(WavePanels(tuple(counted), few, left_out))
    return result


def _staying(atom: Panel, present: Panel, threshold: int) -> Panel:
    """Return the part of ``atom`` that can be counted: all, or a part that leaves at least ``threshold`` behind."""
    absent = raters(atom - present)
    if not absent:
        return atom
    # By name, hence blind to answers: who stays out may tell nothing about what was said.
    others = sorted(raters(atom) - absent)
    staying = set(others[max(0, threshold - len(absent)) :])
    if len(staying) < threshold:
        return frozenset()
    return frozenset(unit for unit in atom if unit[0] in staying)


def _pool_small_cells(
    members: Mapping[Unit, Path], threshold: int, depth: int = 0
) -> tuple[list[Panel], Panel]:
    """Return panels as fine as the hierarchy allows, and those left when all together are too few."""
    everyone = frozenset(members)
    if len(raters(everyone)) < threshold:
        return [], everyone
    if all(len(path) == depth for path in members.values()):
        return [everyone], frozenset()
    found: list[Panel] = []
    rest: Panel = frozenset()
    for name in sorted({path[depth] for path in members.values()}):
        inside = {unit: path for unit, path in members.items() if path[depth] == name}
        panels_inside, left = _pool_small_cells(inside, threshold, depth + 1)
        found += panels_inside
        rest |= left
    if rest and len(raters(rest)) < threshold:
        smallest = min(found, key=lambda panel: (len(raters(panel)), sorted(panel)))
        found.remove(smallest)
        rest |= smallest
    if rest:
        found.append(rest)
    return found, frozenset()
