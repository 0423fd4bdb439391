"""Go through every part of a case, with the place it stands in, and ask who may see what stands at a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from interlocal.case.values import Entry, Visibility

Location = tuple[str | int, ...]


def walk(part: Any, location: Location = ()) -> Iterator[tuple[Location, BaseModel]]:
    """Yield a part and every part in it that its author wrote, outermost first."""
    if isinstance(part, BaseModel):
        yield location, part
        for name in type(part).model_fields:
            if name in part.model_fields_set:
                yield from walk(getattr(part, name), (*location, name))
    elif isinstance(part, tuple):
        for i, item in enumerate(part):
            yield from walk(item, (*location, i))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from walk(item, (*location, str(key)))


def visible_to(audience: Visibility) -> frozenset[Visibility]:
    """Return the visibilities that an audience may see: the public sees the least, the facilitator all."""
    levels: tuple[Visibility, ...] = get_args(Visibility)
    return frozenset(levels[levels.index(audience) :])


def visibilities(case: Any, pointer: str) -> list[Visibility]:
    """Return the visibility of each entry of the case on the way to a JSON pointer and just below it."""
    part = case
    found: list[Visibility] = []
    for step in pointer.split("/")[1:]:
        if isinstance(part, tuple):
            part = part[int(step)]
        elif isinstance(part, Mapping):
            part = part.get(step, part.get(int(step)) if step.isdigit() else None)
        else:
            part = getattr(part, step, None)
        if isinstance(part, Entry):
            found.append(part.visibility)
    return found + _below(part)


def _below(part: Any) -> list[Visibility]:
    if isinstance(part, tuple):
        return [v for p in part for v in _below(p)]
    if isinstance(part, Mapping):
        return [v for p in part.values() for v in _below(p)]
    return [part.visibility] if isinstance(part, Entry) else []
