"""Where each figure of a study comes from, and who may see it."""

from __future__ import annotations

from typing import Any

from interlocal.case.document import Case
from interlocal.case.text import pointer
from interlocal.case.values import Entry, Money, Quantity
from interlocal.case.walk import walk
from interlocal.costs.flows import flows
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.questions.simulation import why_unknown
from interlocal.reference import outside_view

_SILENT = frozenset({"behaviour", "partners", "options", "lines", "measures", "amount", "assumptions"})


def inputs_of(case: Case) -> dict[str, tuple[str, str]]:
    """Where each uncertain input stands in the case, and who may see it: (JSON pointer, visibility) by name."""
    world = World(case, CentralDraws())
    paths = {p: today(p, world) for p in partners_with_figures(case)}
    for option in case.options:
        if why_unknown(case, option) is None and option.kind != "do_nothing":
            flows(option, case.members(option), world, paths)
    # Parts of a case are frozen and never copied, so that being the same object means being the same place.
    places = {id(entry): place for place, entry in _entries(case)}
    return {name: (places[id(i.quantity)], i.quantity.visibility) for name, i in world.inputs.items()}


def sources_of(
    case: Case, visible: frozenset[str], audience: str, *, left_out_of: Case | None = None
) -> dict[str, Any]:
    """Return the part ``sources`` of study.json: each figure that names a source or is an assumption.

    Parameters
    ----------
    left_out_of
        The whole case, where ``case`` is what was released of it.
    """
    entries = _entries(case)
    view = outside_view(case.service.id)
    shown = {
        place: {
            "label": _label(case, place),
            "source": e.source,
            "basis": e.basis,
            "note": e.note,
            "value": e.central if isinstance(e, Quantity) else None,
            "range": _range(e) if isinstance(e, Quantity) else None,
            "unit": _unit(case, e) if isinstance(e, Quantity) else None,
        }
        for place, e in entries
        if (e.source is not None or e.basis == "assumption") and e.visibility in visible
    }
    return {
        "case": shown,
        "left_out": sum(e.visibility not in visible for _, e in _entries(left_out_of or case)),
        "left_out_reason": None
        if audience == "facilitator"
        else f"kept from the audience “{audience}” by whoever entered it",
        "outside_view": view.as_dict(),
    }


def _entries(case: Case) -> list[tuple[str, Entry]]:
    return [(pointer(place), part) for place, part in walk(case) if isinstance(part, Entry)]


def _range(q: Quantity) -> list[float] | None:
    """Lowest and highest number the author wrote, where there is more than one."""
    numbers = list(q.numbers())
    return [min(numbers), max(numbers)] if len(numbers) > 1 else None


def _unit(case: Case, q: Quantity) -> str | None:
    if isinstance(q, Money):
        return q.unit or q.currency or case.currency
    return q.unit


def _label(case: Case, place: str) -> str:
    """Name a place in a case as a person would: the names of what it lies in, then the field."""
    part: Any = case
    words: list[str] = []
    for step in place.split("/")[1:]:
        if isinstance(part, tuple):
            part = part[int(step)]
            named = getattr(part, "name", None) or getattr(part, "title", None) or getattr(part, "id", None)
            if named is None and getattr(part, "partner", None):
                named = f"{case.partner(part.partner).name} {getattr(part, 'year', '')}".strip()
            words.append(str(named or int(step) + 1))
        elif isinstance(part, dict):
            part = part[int(step) if step.isdigit() else step]
            words.append(step.replace("_", " "))
        else:
            part = getattr(part, step)
            if step not in _SILENT:
                words.append(step.replace("_", " "))
    text = ": ".join(words)
    return text[:1].upper() + text[1:]
