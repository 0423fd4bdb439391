"""A case as others than its facilitator see it: without what a partner keeps to itself, and without what rests on it.

A total that holds a private figure can be worked back: from the other partners' figures, from two revisions, from the
share it leaves. So what others are told is worked out from what was released alone. See ``docs/adr/0079``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from interlocal.case.document import Case
from interlocal.case.read import parse_case
from interlocal.case.values import Visibility
from interlocal.case.walk import Location
from interlocal.problems import InputError, Problem

NOBODY: frozenset[str] = frozenset()


def kept(
    data: Any, own: frozenset[str] = NOBODY, place: Location = (), owner: str | None = None
) -> Iterator[tuple[Location, str | None]]:
    """Yield the place of each entry that is for the facilitator, outermost first, with the partner it belongs to.

    An entry belongs to the partner it names as ``payer``, ``partner`` or ``organisation``, or in whose section or under whose id it stands.

    Parameters
    ----------
    data
        A case, or an agreement, as plain values.
    own
        Partners whose own entries are not kept from the reader.
    """
    if isinstance(data, dict):
        owner = data.get("payer") or data.get("partner") or data.get("organisation") or owner
        owner = data.get("id") if len(place) == 2 and place[0] == "partners" else owner
        if data.get("visibility") == "facilitator" and owner not in own:
            yield place, owner
            return
        for key, value in data.items():
            yield from kept(value, own, (*place, key), key if key in own else owner)
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from kept(value, own, (*place, i), owner)


def released(case: Case, audience: Visibility, own: frozenset[str] = NOBODY) -> Case:
    """Return a case without what is kept from an audience; the same case where nothing is.

    Of a partner that keeps a part of its cost, the whole cost of today is left out: the rest alone would be taken for
    all of it, and a saving stated that is not there. The study then says that it does not know this partner's cost.

    Raises
    ------
    InputError
        Where nothing that could be studied is left.
    """
    if audience == "facilitator":
        return case
    data = json.loads(case.canonical_json())
    hidden = list(kept(data, own))
    if not hidden:
        return case
    places = [place for place, _ in hidden]
    while places:
        owners = {_payer(data, place) for place in places if _is_cost(place)}
        _remove(data, places)
        if owners:
            _remove(data, list(_costs_of_today(data, owners)))
        try:
            return parse_case(json.dumps(data).encode(), "the case as it was released")
        except InputError as error:
            places = list({p for problem in error.problems if (p := _removable(data, problem.path))})
    raise InputError(Problem("", "the case", "an entry kept by a partner or the facilitator, on which all else rests", "a case that is whole without it", "Ask its owner to release it, or the facilitator for a study."))  # fmt: skip


def keepers(case: Case) -> list[str]:
    """Return the names of the partners that keep something to themselves, in the case's order."""
    owners = {owner for _, owner in kept(json.loads(case.canonical_json()))}
    return [p.name for p in case.partners if p.id in owners]


def _is_cost(place: Location) -> bool:
    return place[0] in {"spending", "scope_adjustments"} or (len(place) > 3 and place[0] == "options" and place[2] in {"lines", "moved"})  # fmt: skip


def _payer(data: Any, place: Location) -> str | None:
    """Return whose cost a place tells of; None where it is everybody's."""
    for step in place:
        data = data[step]
        if isinstance(data, dict) and (found := data.get("payer") or data.get("partner")):
            return str(found)
    return None


def _costs_of_today(data: dict[str, Any], owners: set[str | None]) -> Iterator[Location]:
    def theirs(name: Any) -> bool:
        return None in owners or name in owners

    yield from (("spending", i) for i, s in enumerate(data.get("spending", ())) if theirs(s["partner"]))
    for o, option in enumerate(data.get("options", ())):
        if option.get("kind") == "do_nothing":
            yield from (("options", o, "lines", i) for i, x in enumerate(option.get("lines", ())) if theirs(x.get("payer")))  # fmt: skip


def _removable(data: Any, path: str) -> Location | None:
    """Return the innermost entry of a list on the way to a place, or else the innermost key that is there."""
    place: Location = ()
    entry: Location | None = None
    for text in path.split("/")[1:]:
        step: str | int = int(text) if isinstance(data, list) and text.isdigit() else text
        try:
            data = data[step]
        except (IndexError, KeyError, TypeError):
            break
        place = (*place, step)
        entry = place if isinstance(step, int) else entry
    return entry or place or None


def _remove(data: Any, places: Iterable[Location]) -> None:
    # The last of a list first, so that the numbers of the others stay right.
    for place in sorted(places, key=lambda p: [(isinstance(s, int), s) for s in p], reverse=True):
        part = data
        try:
            for step in place[:-1]:
                part = part[step]
            del part[place[-1]]
        except (IndexError, KeyError, TypeError):
            continue  # it went with what it stood in
