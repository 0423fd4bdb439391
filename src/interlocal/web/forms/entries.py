"""Between a part of a case and the fields of a form: a flat mapping of names to what stands in them, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from interlocal.case.text import pointer
from interlocal.problems import Problem
from interlocal.web.audiences import KEPT
from interlocal.web.examples import slugs
from interlocal.web.forms.quantities import NotUnderstood, say, understand
from interlocal.web.forms.shape import Shape
from interlocal.web.whole import whole

Entry = dict[str, str]
NUMBERS = ("value", "low", "likely", "high", "p10", "p50", "p90", "mean", "sd", "values", "probabilities", "shape")  # fmt: skip
QUANTITY_EXTRAS = ("unit", "currency", "year", "source", "basis", "visibility", "note", "group")
MOST_ROWS = 400
THERE = "__there"
"""Of a part with nothing in it but what is usual: that it is there."""
WAS = "__was"
"""Of an entry: its id. Of ticks: the order in which the document has them."""
SAID = "__said"
"""Of one of several numbers: its line as it was."""
BREAK = "⏎"
"""Stands for a line break within one of several texts, each on a line."""


def fill(shape: Shape, value: Any, name: str, entry: Entry) -> None:
    """Write a value into an entry under a name."""
    if value is None:
        return
    if isinstance(value, dict) and KEPT in value:
        entry[f"{name}.{KEPT}"] = value[KEPT]
        return
    match shape.kind:
        case "quantity":
            _fill_quantity(value, name, entry)
        case "part":
            if shape.bare:
                entry[_join(name, THERE)] = "yes"
            for f in shape.fields:
                fill(f, value.get(f.name), _join(name, f.name), entry)
        case "either":
            entry[_join(name, "kind")] = value.get("kind", "")
            variant = shape.variants.get(value.get("kind", ""))
            if variant:
                fill(variant, value, name, entry)
        case "rows":
            for i, v in enumerate(value):
                fill(shape.item or Shape("text"), v, _join(name, i), entry)
        case "table":
            for i, (k, v) in enumerate(value.items()):
                entry[_join(name, i, "key")] = str(k)
                fill(shape.item or Shape("text"), v, _join(name, i, "value"), entry)
        case "words":
            entry[name] = "\n".join(map(_line, value))
            if shape.item is not None and shape.item.kind == "quantity":
                for i, v in enumerate(value):
                    entry[f"{name}.{i}.{SAID}"] = say(v)
                    _fill_quantity(v, f"{name}.{i}", entry)
        case "truth":
            entry[name] = "yes" if value else "no"
        case _:
            entry[name] = str(value)


def _fill_quantity(value: Any, name: str, entry: Entry) -> None:
    entry[name] = say(value)
    if isinstance(value, dict):
        entry.update({f"{name}.{k}": str(value[k]) for k in QUANTITY_EXTRAS if value.get(k) is not None})
        if value.get("growth") is not None:
            _fill_quantity(value["growth"], f"{name}.growth", entry)
        if value.get("history"):
            entry[f"{name}.history"] = "\n".join(f"{y}: {v}" for y, v in value["history"].items())


def _line(value: Any) -> str:
    """Return one of several words or numbers as its line; a line break within it gets a sign of its own."""
    if isinstance(value, list):
        return ", ".join(value)
    return value.replace("\n", f" {BREAK} ") if isinstance(value, str) else say(value)


def _join(*parts: object) -> str:
    return ".".join(str(p) for p in parts if p != "")


def rows_of(entry: Mapping[str, str], name: str) -> list[int]:
    """Return the numbers of the rows an entry has under a name."""
    start = f"{name}." if name else ""
    heads = {k[len(start) :].split(".", 1)[0] for k in entry if k.startswith(start)}
    return sorted(int(h) for h in heads if h.isdecimal())[:MOST_ROWS]


@dataclass
class Reader:
    """Reads an entry back into plain values, noting what is not understood."""

    entry: Mapping[str, str]
    kept: Callable[[str], Any]
    """Gives the hidden entry that a marker stands for."""
    before: int = 0
    """Entries of the list that stand before those read, where the page is a stretch of one."""
    taken: Collection[str] = ()
    """Ids of its other entries."""
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Name of the field by JSON pointer below the part that is read."""

    def read(self, shape: Shape, name: str, at: tuple[str | int, ...] = ()) -> Any:
        """Return what stands under a name; None where nothing does."""
        self.places[pointer(at)] = name
        if f"{name}.{KEPT}" in self.entry:
            return self.kept(self.entry[f"{name}.{KEPT}"])
        match shape.kind:
            case "part":
                return self._part(shape, name, at)
            case "either":
                return self._either(shape, name, at)
            case "rows":
                item = shape.item or Shape("text")
                numbers = [i for i in rows_of(self.entry, name) if f"{_join(name, i, '__gone')}" not in self.entry]  # fmt: skip
                found: list[Any] = []
                before = 0 if at else self.before
                for i in numbers:
                    value = self.read(item, _join(name, i), (*at, before + len(found)))
                    if value is not None:
                        found.append(value)
                _give_ids(item, found, () if at else self.taken)
                return found or None
            case "table":
                return self._table(shape, name, at)
            case _:
                text = self.entry.get(name, "").strip()
                return self._one(shape, name, text) if text else None

    def _fields(self, shape: Shape, name: str, at: tuple[str | int, ...]) -> dict[str, Any]:
        found = {f.name: self.read(f, _join(name, f.name), (*at, f.name)) for f in shape.fields}
        return {k: v for k, v in found.items() if v is not None}

    def _part(self, shape: Shape, name: str, at: tuple[str | int, ...]) -> Any:
        given = self._fields(shape, name, at)
        meaningful = {k: v for k, v in given.items() if (f := shape.field_of(k)) is None or not _is_default(f, v)}  # fmt: skip
        return given if meaningful or _join(name, THERE) in self.entry else None

    def _either(self, shape: Shape, name: str, at: tuple[str | int, ...]) -> Any:
        kind = self.entry.get(_join(name, "kind"), "")
        variant = shape.variants.get(kind)
        if variant is None:
            return None
        # A union's errors name its kind on the way; the reader of problems takes steps away that are not in the data.
        return {"kind": kind, **self._fields(variant, name, at)}

    def _table(self, shape: Shape, name: str, at: tuple[str | int, ...]) -> Any:
        found = {}
        for i in rows_of(self.entry, name):
            key = self.entry.get(_join(name, i, "key"), "").strip()
            value = self.read(shape.item or Shape("text"), _join(name, i, "value"), (*at, key))
            if key and value is not None:
                found[key] = value
            elif value is not None:
                self._wrong(_join(name, i, "key"), "no name beside a value", "what the value is of", "Fill both, or neither.")  # fmt: skip
        return found or None

    def _one(self, shape: Shape, name: str, text: str) -> Any:
        match shape.kind:
            case "quantity":
                return self._quantity(name, text)
            case "truth":
                return {"yes": True, "no": False}.get(text)
            case "whole" | "number":
                return self._number(shape, name, text)
            case "words":
                return self._words(shape, name, [x.strip() for x in text.split("\n") if x.strip()])
            case _:
                return text.replace("\r\n", "\n")

    def _words(self, shape: Shape, name: str, lines: list[str]) -> list[Any]:
        if not shape.flat:
            return [[x.strip() for x in line.split(",") if x.strip()] for line in lines]
        item = shape.item or Shape("text")
        if item.kind == "quantity":
            # What a line says beside its number stays with it as long as the line does.
            said = {i: self.entry.get(f"{name}.{i}.{SAID}", "").strip() for i in rows_of(self.entry, name)}
            found = []
            for line in lines:
                its = next((i for i, text in said.items() if text == line), None)
                if its is not None:
                    del said[its]
                found.append(self._quantity(name, line, name if its is None else f"{name}.{its}"))
            return found
        if item.kind == "text":
            lines = [re.sub(f" ?{BREAK} ?", "\n", line) for line in lines]
        # Ticks come in the order of the page; the case keeps its own.
        was = self.entry.get(f"{name}.{WAS}", "").split()
        lines.sort(key=lambda line: was.index(line) if line in was else len(was))
        return [self._one(item, name, x) for x in lines]

    def _number(self, shape: Shape, name: str, text: str) -> Any:
        try:
            number = understand(text)["value"]
        except (NotUnderstood, KeyError):
            self._wrong(name, f"“{text[:60]}”", "one number", "Write it like 412,000 or 12 %.")
            return None
        return int(number) if number == int(number) or (shape.kind == "whole" and number.is_integer()) else number  # fmt: skip

    def _quantity(self, name: str, text: str, beside: str = "") -> Any:
        """Return a quantity from its words, with what stands about it under ``beside``."""
        try:
            found = understand(text)
        except NotUnderstood as error:
            self._wrong(name, f"“{text[:60]}”", str(error), "Write it in one of these ways.")
            return None
        beside = beside or name
        for key in QUANTITY_EXTRAS:
            extra = self.entry.get(f"{beside}.{key}", "").replace("\r\n", "\n").strip()
            if extra:
                found[key] = whole(extra, extra) if key == "year" else extra
        growth, history = self.entry.get(f"{beside}.growth", "").strip(), self.entry.get(f"{beside}.history", "").strip()  # fmt: skip
        if growth:
            found["growth"] = self._quantity(f"{beside}.growth", growth)
        if history:
            found["history"] = self._history(f"{beside}.history", history)
        return found["value"] if set(found) == {"value"} else found

    def _history(self, name: str, text: str) -> dict[str, float]:
        found = {}
        for line in text.splitlines():
            year, _, said = line.partition(":")
            try:
                found[year.strip()] = understand(said)["value"]
            except (NotUnderstood, KeyError):
                self._wrong(name, f"“{line[:60]}”", "a year and a number", "Write it like 2023: 1,816.")
        return found

    def _wrong(self, name: str, found: str, expected: str, fix: str) -> None:
        self.problems.append(Problem(name, name, found, expected, fix))


def _is_default(shape: Shape, value: Any) -> bool:
    """Whether a value is what its field starts with: a row of nothing but those was left empty."""
    return shape.default is not None and value == shape.default


def _give_ids(item: Shape, rows: list[Any], others: Collection[str]) -> None:
    """Make an id for entries that have none, from their name."""
    id_field = item.field_of("id")
    if id_field is None or id_field.refers or not id_field.required:
        return
    for row in rows:
        if isinstance(row, dict) and not row.get("id"):
            words = next((row[k] for k in ("name", "title", "text", "who", "citation", "category") if row.get(k)), "entry")  # fmt: skip
            taken = [*others] + [r["id"] for r in rows if isinstance(r, dict) and r.get("id")]
            row["id"] = slugs([*taken, str(words)])[-1]
