"""Where in a document a page edits: the part it shows, and how what was entered goes back into the whole."""

from __future__ import annotations

import copy
import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from interlocal.case.canonical import Document
from interlocal.web import audiences
from interlocal.web.forms.entries import Entry
from interlocal.web.forms.page import is_deep, is_page
from interlocal.web.forms.shape import Shape, at

ABOUT = "about"
MOST_SHOWN = 25
"""Entries of a list that stand on one page; a longer list is shown in stretches."""
_STRETCH = re.compile(r"(?:(?P<list>.+)/)(?P<first>[1-9]\d{0,5})-(?P<last>[1-9]\d{0,5})")


@dataclass
class Place:
    """The part of a document that a page edits."""

    path: str
    shape: Shape
    """What the page shows; parts with a page of their own are left out."""
    children: tuple[Shape, ...]
    start: int = 0
    """Of a stretch of a list: how many entries stand before it."""
    stop: int | None = None
    """Of a stretch of a list: where the next one starts."""

    @classmethod
    def of(cls, path: str, model: type[Document], data: Any) -> Place | None:
        """Return the place of a path in a document, or None where there is none.

        A list too long for a page has one for each stretch, ``records/26-50``; its own takes new entries.
        """
        stretch = _STRETCH.fullmatch(path)
        found = cls._of(stretch.group("list") if stretch else path, model)
        if found is None or found.shape.kind != "rows" or is_deep(found.shape):
            return None if stretch else found
        entries = len(found.get(data) or ())
        found.path = path
        if stretch:
            found.start, found.stop = int(stretch.group("first")) - 1, int(stretch.group("last"))
            return found if found.start < min(found.stop, entries) and found.stop - found.start <= MOST_SHOWN else None  # fmt: skip
        if entries > MOST_SHOWN:
            found.start = entries
        return found

    @classmethod
    def _of(cls, path: str, model: type[Document]) -> Place | None:
        whole = at("" if path == ABOUT else path, model)
        if whole is None or (path != ABOUT and whole.kind not in {"part", "rows", "either", "table"}):
            return None
        if whole.kind == "part":
            inline = tuple(f for f in whole.fields if not is_page(f) and not (path == ABOUT and f.kind in {"part", "table"}))  # fmt: skip
            children = tuple(f for f in whole.fields if is_page(f)) if path != ABOUT else ()
            return cls(path, dataclasses.replace(whole, fields=inline), children)
        if whole.kind == "rows" and whole.item is not None and is_deep(whole):
            head = tuple(f for f in whole.item.fields if f.required or f.name == "id")
            return cls(path, dataclasses.replace(whole, item=dataclasses.replace(whole.item, fields=head)), ())  # fmt: skip
        return cls(path, whole, ())

    @property
    def steps(self) -> list[str]:
        """The way to it in the document."""
        stretch = _STRETCH.fullmatch(self.path)
        path = stretch.group("list") if stretch else self.path
        return [] if path == ABOUT else path.split("/")

    @property
    def stretches(self) -> list[tuple[str, str]]:
        """Addresses and names of the stretches of a list too long for one page, where this is its own."""
        if self.stop is not None or not self.start:
            return []
        firsts = range(1, self.start + 1, MOST_SHOWN)
        ends = [(first, min(first + MOST_SHOWN - 1, self.start)) for first in firsts]
        return [(f"{self.path}/{first}-{last}", f"Entries {first} to {last}") for first, last in ends]

    def get(self, data: Any) -> Any:
        """Return what stands here; None where nothing does."""
        for step in self.steps:
            try:
                data = data[int(step)] if isinstance(data, list) else (data or {}).get(step)
            except (IndexError, AttributeError):
                return None
        return data[self.start : self.stop] if isinstance(data, list) else data

    @property
    def pointer(self) -> str:
        """Its JSON pointer; of a stretch, that of its list."""
        return "".join(f"/{step}" for step in self.steps)

    def holds(self, pointer: str) -> bool:
        """Whether a place is this one or inside it."""
        if pointer != self.pointer and not pointer.startswith(f"{self.pointer}/"):
            return False
        inside = pointer.removeprefix(self.pointer).split("/")[1:2]
        if not inside or not (self.start or self.stop):
            return True
        return int(inside[0]) >= self.start and (self.stop is None or int(inside[0]) < self.stop)

    def is_reached(self, data: Any) -> bool:
        """Whether every numbered entry on the way to it is there."""
        for step in self.steps:
            if step.isdecimal():
                if not isinstance(data, list) or int(step) >= len(data):
                    return False
                data = data[int(step)]
            else:
                data = data.get(step) if isinstance(data, dict) else None
        return True

    def is_kept(self, data: Any) -> bool:
        """Whether it is, or stands in, an entry that is kept from the reader."""
        return any(self.pointer == p or self.pointer.startswith(f"{p}/") for p in audiences.markers(data))

    def other_ids(self, data: Any) -> list[str]:
        """Return the ids of a list's entries that stand on other pages."""
        whole = dataclasses.replace(self, start=0, stop=None).get(data) if self.start or self.stop else ()
        rest = [*(whole or ())[: self.start], *((whole or ())[self.stop :] if self.stop else ())]
        return [str(x["id"]) for x in rest if isinstance(x, dict) and "id" in x]

    def with_value(self, data: dict[str, Any], value: Any) -> dict[str, Any]:
        """Return a document in which this part is another; fields on pages of their own stay."""
        if value is None and self.get(data) is None:
            return data
        made = copy.deepcopy(data)
        if not self.steps:
            names = {f.name for f in self.shape.fields}
            return {k: v for k, v in made.items() if k not in names} | (value or {})
        parent: Any = made
        for step in self.steps[:-1]:
            parent = parent[int(step)] if isinstance(parent, list) else parent.setdefault(step, {})
        last: Any = int(self.steps[-1]) if isinstance(parent, list) else self.steps[-1]
        held = parent[last] if isinstance(parent, list) else parent.get(last)
        if isinstance(held, list):
            value = [*held[: self.start], *(value or []), *(held[self.stop :] if self.stop else [])] or None
        if value is None and isinstance(parent, dict):
            parent.pop(last, None)
        else:
            parent[last] = value
        return made

    def whole(self, old: Any, read: Any, entry: Entry) -> Any:
        """Return what was read, with what this page does not show taken from before."""
        if self.shape.kind == "part" and self.children and isinstance(old, dict):
            beside = {f.name: old[f.name] for f in self.children if f.name in old}
            return {**(read or {}), **beside} or None
        if self.shape.kind == "rows" and isinstance(old, list) and isinstance(read, list):
            was = {str(o.get("id")): o for o in old}
            shown = {f.name for f in (self.shape.item or self.shape).fields}
            ids = [entry.get(f"{i}.__was", "") for i in sorted({int(k.split(".")[0]) for k in entry if k.split(".")[0].isdecimal()}) if f"{i}.__gone" not in entry]  # fmt: skip
            if not any(ids):
                return read
            return [{**{k: v for k, v in was.get(i, {}).items() if k not in shown}, **r} for i, r in zip([*ids, *[""] * len(read)], read, strict=False)]  # fmt: skip
        return read
