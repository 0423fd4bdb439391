"""One page of a form: which fields it shows, what stands in them, what to say beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interlocal.case.values import Entry as WithSource
from interlocal.case.values import Quantity
from interlocal.problems import Problem
from interlocal.web.audiences import KEPT
from interlocal.web.forms.entries import SAID, THERE, WAS, rows_of
from interlocal.web.forms.quantities import NotUnderstood, understand, understood
from interlocal.web.forms.shape import EXTRA, Shape, label

Choice = tuple[str, str]


@dataclass
class Shown:
    """A field, or a group of them, as a template shows it."""

    shape: Shape
    name: str
    value: str = ""
    label: str = ""
    choices: list[Choice] = field(default_factory=list)
    parts: list[Shown] = field(default_factory=list)
    extras: list[Shown] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    said: str = ""
    """What was understood."""
    kept: str = ""
    """Pointer of an entry that is not for this person."""
    key: Shown | None = None
    title: str = ""
    unit: str = ""
    """What a number stands for, unless its own unit says otherwise."""
    there: bool = False
    """Of a part that can be there with nothing in it but what is usual."""
    number: int = 0
    was: str = ""
    """Id of the entry of the case that a row shows a part of."""

    @property
    def chosen(self) -> list[str]:
        """The ids it holds, where it may hold several."""
        return self.value.split("\n")

    @property
    def id(self) -> str:
        """Id in the page."""
        return self.name

    @property
    def is_long(self) -> bool:
        """Whether it needs more than one line: a field of one line drops line breaks."""
        return "\n" in self.value

    @property
    def takes_amounts(self) -> bool:
        """Whether anything in it is a quantity, which may be a range."""
        return self.shape.kind == "quantity" or any(p.takes_amounts for p in self.parts)

    @property
    def has_errors(self) -> bool:
        """Whether anything in it needs mending."""
        return bool(self.errors) or any(p.has_errors for p in [*self.parts, *self.extras])


@dataclass
class Builder:
    """Builds what a page shows from an entry."""

    known: Mapping[str, Sequence[Choice]]
    """What an id can be of: id and name of each, by what the shape says that it refers to."""
    entry: Mapping[str, str]
    problems: Sequence[Problem] = ()
    new_rows: Mapping[str, int] = field(default_factory=dict)
    currency: str = ""
    """Of amounts that name none."""
    before: int = 0
    """Entries of the list that stand before those shown."""

    def show(self, shape: Shape, name: str) -> Shown:
        """Return a field with everything in it."""
        shown = Shown(shape, name, self.entry.get(name, ""), shape.label or label(name.rsplit(".", 1)[-1]))
        shown.errors = [p for p in self.problems if p.path == name]
        if f"{name}.{KEPT}" in self.entry:
            shown.kept = self.entry[f"{name}.{KEPT}"]
            return shown
        match shape.kind:
            case "part":
                self._fields(shown, shape)
                shown.there = (f"{name}.{THERE}" if name else THERE) in self.entry
            case "either":
                kind = self.entry.get(f"{name}.kind", "")
                shown.value = kind
                shown.choices = [(k, label(k)) for k in shape.variants]
                if kind in shape.variants:
                    self._fields(shown, shape.variants[kind])
            case "rows":
                numbers = rows_of(self.entry, name)
                shown.parts = [self._row(shape, name, i) for i in self._with_new(numbers, name)]
            case "table":
                numbers = rows_of(self.entry, name)
                shown.parts = [self._pair(shape, name, i) for i in self._with_new(numbers, name)]
            case "quantity":
                self._quantity(shown)
            case "choice":
                shown.choices = [(c, label(c)) for c in shape.choices]
                if not shown.value and isinstance(shape.default, str):
                    shown.value = shape.default
            case "truth":
                shown.choices = [("yes", "Yes"), ("no", "No")]
                if not shown.value and isinstance(shape.default, bool):
                    shown.value = "yes" if shape.default else "no"
            case "words" if shape.item is not None and shape.item.kind == "quantity":
                shown.parts = [self._said(shape.item, name, i) for i in rows_of(self.entry, name)]
            case "text" | "words":
                shown.was = " ".join(self.entry.get(f"{name}.{WAS}", shown.value).split())
                shown.choices = self._known(shape.refers, shown.value) if shape.flat else []
                if shape.kind == "words" and shape.item is not None and shape.item.kind == "choice":
                    shown.choices = [(c, label(c)) for c in shape.item.choices]
            case _:
                if not shown.value and isinstance(shape.default, (int, float)):
                    shown.value = f"{shape.default:g}"
        return shown

    def _with_new(self, numbers: list[int], name: str) -> list[int]:
        start = max(numbers, default=-1) + 1
        return [*numbers, *range(start, start + self.new_rows.get(name, 0))]

    def _fields(self, shown: Shown, part: Shape) -> None:
        made = [self.show(f, f"{shown.name}.{f.name}" if shown.name else f.name) for f in part.fields]
        # A field that has the name of an extra may be something else, where the part is no entry.
        extra = EXTRA if part.model is not None and issubclass(part.model, WithSource) else ()
        shown.parts = [s for s in made if s.shape.name not in extra and not _is_id(s.shape)]
        shown.extras = [s for s in made if s.shape.name in extra or _is_id(s.shape)]

    def _row(self, shape: Shape, name: str, number: int) -> Shown:
        row = self.show(shape.item or Shape("text"), f"{name}.{number}" if name else str(number))
        row.number = number + 1 + (0 if name else self.before)
        start = row.name
        row.was = self.entry.get(f"{start}.__was", "")
        row.title = _title(row) or self.entry.get(f"{start}.id", "")
        return row

    def _pair(self, shape: Shape, name: str, number: int) -> Shown:
        start = f"{name}.{number}" if name else str(number)
        pair = self.show(shape.item or Shape("text"), f"{start}.value")
        pair.number = number + 1
        pair.label = "Value"
        pair.key = self.show(shape.key or Shape("text"), f"{start}.key")
        pair.key.label = "Partner" if pair.key.shape.refers else "Year" if pair.key.shape.kind == "whole" else "Name"  # fmt: skip
        return pair

    def _said(self, item: Shape, name: str, number: int) -> Shown:
        """Return one of several numbers, which stands with the others, for what is said about it."""
        one = self.show(item, f"{name}.{number}")
        one.was = self.entry.get(f"{one.name}.{SAID}", one.value)
        return one

    def _quantity(self, shown: Shown) -> None:
        name = shown.name
        if shown.value:
            try:
                shown.said = understood(understand(shown.value))
            except NotUnderstood:
                shown.said = ""
        choices = {"visibility": ("facilitator", "partners", "public"), "basis": ("fact", "estimate", "assumption")}  # fmt: skip
        keys = ["unit", "source", "basis", "visibility", "note", "group"]
        title = shown.shape.model.__name__ if shown.shape.model else ""
        if title == "Money" and not any(self.entry.get(f"{name}.{k}") for k in ("unit", "currency")):  # fmt: skip
            shown.unit = self.currency
        keys[1:1] = {"Money": ["currency", "year"], "Measure": ["year", "growth", "history"]}.get(title, [])
        for key in keys:
            if key == "growth":
                shown.extras.append(self.show(Shape("quantity", key, label(key), model=Quantity), f"{name}.{key}"))  # fmt: skip
                continue
            kind = "choice" if key in choices else "words" if key in {"history", "note"} else "text"
            extra = Shown(Shape(kind, key), f"{name}.{key}", self.entry.get(f"{name}.{key}", ""), label(key))  # type: ignore[arg-type]
            extra.choices = [(c, c) for c in choices.get(key, ())]
            extra.errors = [p for p in self.problems if p.path == extra.name]
            shown.extras.append(extra)

    def _known(self, refers: str, value: str) -> list[Choice]:
        found = list(self.known.get(refers, ()))
        if found:
            found += [(v, v) for v in value.split("\n") if v and v not in {k for k, _ in found}]
        return found


def _title(row: Shown) -> str:
    """Return what a row is called: its name, or whom and when it is about."""
    said = {p.shape.name: dict(p.choices).get(p.value, p.value) for p in row.parts if p.value}
    named = next(
        (said[k] for k in ("name", "title", "text", "who", "citation", "statement") if k in said), ""
    )
    about = [said[k] for k in ("partner", "organisation", "about", "year", "planned", "on") if k in said]
    return (named or ", ".join(about[:1] + about[-1:] if len(about) > 1 else about))[:90]


def _is_id(shape: Shape) -> bool:
    return shape.name == "id" and not shape.refers


def is_page(shape: Shape) -> bool:
    """Whether a field is too much to stand among others, and gets a page of its own."""
    return shape.kind == "rows" or (shape.kind == "part" and any(f.kind in {"rows", "either"} for f in shape.fields))  # fmt: skip


def is_deep(shape: Shape) -> bool:
    """Whether each entry of a list gets a page of its own."""
    item = shape.item
    return item is not None and any(is_page(f) for f in item.fields)


def summary(value: Any) -> str:
    """Return what stands in a part that has a page of its own."""
    if isinstance(value, list):
        return "no entries" if not value else "1 entry" if len(value) == 1 else f"{len(value)} entries"
    return "filled" if value else "empty"
