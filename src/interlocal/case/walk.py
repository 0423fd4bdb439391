"""Go through every part of a case, with the place it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

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
