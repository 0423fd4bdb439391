"""How a document lies in a workbook: a sheet per section and a heading per value, both taken from the models.

The name of a sheet and a heading together are the path of a value in the document: in sheet ``options.lines`` the heading
``amount.low`` is the key ``low`` of ``amount`` of a line. A section that is one thing is a *form* (a row per value); so
are the options, side by side. Every other section is a *table* (a row per entry). Lists inside an entry have a sheet of
their own whose first column names the entry they belong to.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from interlocal.case.options import CostLine
from interlocal.case.values import Entry, Money, Quantity
from interlocal.case.workbook.book import Book

Path = tuple[str, ...]
_RANGE = ("low", "likely", "high")
_QUANTITY_AT_HAND = frozenset({"value", *_RANGE, "unit", *Entry.model_fields})
_ENTRY = tuple(Entry.model_fields)


@dataclass(frozen=True)
class Column:
    """One value of an entry."""

    path: Path
    annotation: Any
    help: str = ""
    required: bool = False

    @property
    def heading(self) -> str:
        """Its path with dots."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Sheet:
    """One section of a document."""

    book: Book
    path: Path
    """Empty for the first sheet, which holds the single values at the top of the document."""
    annotation: Any
    """Model of one entry."""
    many: bool = False
    keyed: bool = False
    """Whether entries have keys of their own choice (a mapping) rather than an order."""

    @property
    def name(self) -> str:
        """What the sheet is called."""
        return ".".join(self.path) or self.book.name

    @property
    def is_form(self) -> bool:
        """Whether values stand under one another, with a column per entry."""
        return not self.many or (self.path[0] in self.book.side_by_side and len(self.path) == 1)

    @property
    def parent(self) -> str | None:
        """Heading of the column that names the entry this one belongs to."""
        return (
            self.path[0].removesuffix("s")
            if len(self.path) > 1 and list_item(field_of(self.book.model, self.path[0]))
            else None
        )

    @property
    def owner(self) -> Sheet:
        """The sheet of the section it lies in."""
        return next(s for s in sheets(self.book) if s.path == self.path[:1])

    @property
    def own_key(self) -> str:
        """The value by which what belongs to an entry of this sheet names it."""
        known = fields(self.annotation)
        return "id" if "id" in known else next(iter(known))

    @property
    def help(self) -> str:
        """What the section is for, in a sentence."""
        if not self.path:
            return self.book.about
        names = [m.__doc__ or "" for m in models_in(self.annotation)]
        return " ".join(names[0].replace("``", "").split())


def bare(annotation: Any) -> Any:
    """Return an annotation without its constraints and without "or nothing"."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        members = [a for a in get_args(annotation) if a is not type(None)]
        return bare(members[0]) if len(members) == 1 else Union[tuple(members)]  # noqa: UP007 - built at run time
    return annotation


def models_in(annotation: Any) -> tuple[type[BaseModel], ...]:
    """Return the models a value can be: one, several in a union, or none."""
    plain = bare(annotation)
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return (plain,)
    if get_origin(plain) in {Union, types.UnionType}:
        return tuple(m for a in get_args(plain) for m in models_in(a))
    return ()


def is_quantity(annotation: Any) -> bool:
    """Whether a value is a number that may carry a range, a unit and a source."""
    models = models_in(annotation)
    return bool(models) and all(issubclass(m, Quantity) for m in models)


def list_item(annotation: Any) -> Any:
    """Return what a list holds, None for anything else."""
    plain = bare(annotation)
    return get_args(plain)[0] if get_origin(plain) is tuple else None


def mapping_item(annotation: Any) -> Any:
    """Return what a mapping holds under its keys, None for anything else."""
    plain = bare(annotation)
    return get_args(plain)[1] if get_origin(plain) is dict else None


@cache
def _fields(models: tuple[type[BaseModel], ...]) -> dict[str, FieldInfo]:
    merged: dict[str, FieldInfo] = {}
    for model in models:
        for name, info in model.model_fields.items():
            if name == "kind" and name in merged:
                kinds = (*get_args(merged[name].annotation), *get_args(info.annotation))
                merged[name] = FieldInfo(annotation=cast("Any", Literal[kinds]), description=info.description)
            else:
                merged.setdefault(name, info)
    if CostLine in models:
        amount = FieldInfo(
            annotation=Money, default=None, description="Yearly amount, or once: short for a fixed cost."
        )
        merged = {"amount": amount, **merged}
        order = ("id", "name", "category", "payer", "amount")
        merged = {k: merged[k] for k in order} | merged
    return {k: v for k, v in merged.items() if k not in _ENTRY} | {
        k: merged[k] for k in _ENTRY if k in merged
    }


def fields(annotation: Any) -> dict[str, FieldInfo]:
    """Return the fields of a model, or of all models of a union; where a value comes from stands last."""
    return _fields(models_in(annotation))


def field_of(annotation: Any, path: Path | str) -> Any:
    """Return the annotation at a path inside an entry, None where there is no such place."""
    steps = (path,) if isinstance(path, str) else path
    for step in steps:
        if (item := mapping_item(annotation)) is not None:
            annotation = item
        elif step in (known := fields(annotation)):
            annotation = known[step].annotation
        else:
            return None
    return annotation


@cache
def sheets(book: Book) -> tuple[Sheet, ...]:
    """Return every sheet of a workbook, in the order of the document."""
    found = [Sheet(book, (), book.model)]
    for name in dict.fromkeys((*book.first, *book.model.model_fields)):
        info = book.model.model_fields[name]
        item = list_item(info.annotation)
        if not models_in(item or info.annotation):
            continue
        section = Sheet(book, (name,), item or info.annotation, many=item is not None)
        found += [section, *_inside(section)]
    return tuple(found)


def _inside(section: Sheet) -> list[Sheet]:
    found = []
    for name, info in fields(section.annotation).items():
        listed, mapped = list_item(info.annotation), mapping_item(info.annotation)
        item = listed or mapped
        if models_in(item) and not (listed and is_quantity(item)) and bare(item) not in {Quantity, Money}:
            found.append(
                Sheet(section.book, (*section.path, name), item, many=True, keyed=mapped is not None)
            )
    return found


def elsewhere(sheet: Sheet) -> frozenset[str]:
    """Return the keys of an entry that have a sheet of their own."""
    if not sheet.path:
        return frozenset(s.path[0] for s in sheets(sheet.book) if s.path)
    return frozenset(s.path[-1] for s in sheets(sheet.book) if s.path[:-1] == sheet.path)


def columns(sheet: Sheet) -> list[Column]:
    """Return the values an entry has room for on an empty sheet; more appear where a document uses them."""
    skipped = elsewhere(sheet)
    kept = [
        c
        for c in _columns(sheet.annotation, (), ranges=not sheet.is_form, needed=True)
        if c.path[0] not in skipped
    ]
    if is_quantity(sheet.annotation):
        return [c for c in kept if c.path[0] in _QUANTITY_AT_HAND or c.path[0] not in Quantity.model_fields]
    return kept


def _columns(annotation: Any, before: Path, *, ranges: bool, needed: bool) -> list[Column]:
    found: list[Column] = []
    several = len(models_in(annotation)) > 1
    for name, info in fields(annotation).items():
        if before and name in _ENTRY and not info.is_required():
            continue
        path, inner = (*before, name), info.annotation
        wanted = needed and info.is_required() and not several
        if before == ("behaviour",) and name == "amount":
            continue  # a fixed cost is written as the line's amount
        described = Column(path, inner, info.description or "", wanted)
        members = models_in(inner)
        if is_quantity(inner) or list_item(inner) or mapping_item(inner) or not members:
            found.append(described)
            if ranges and name == "amount" and is_quantity(inner):
                found += [Column((*path, end), float, f"{end} value, where you are unsure") for end in _RANGE]
        elif len(before) < 2 and (len(members) == 1 or info.is_required()):
            found += _columns(inner, path, ranges=False, needed=wanted and name != "behaviour")
        else:
            found.append(described)
    return found


def ordered(sheet: Sheet, used: set[Path]) -> list[Column]:
    """Return the columns of a sheet with those that a document uses beyond the usual ones put where they belong."""
    usual = {c.path: c for c in columns(sheet)}
    for path in used - usual.keys():
        usual[path] = Column(path, field_of(sheet.annotation, path))
    for path in [p for p in usual if p not in used and mapping_item(usual[p].annotation)]:
        if any(u[: len(path)] == path for u in used):
            del usual[path]  # its keys stand as headings

    def place(path: Path) -> tuple[Any, ...]:
        annotation, key = sheet.annotation, []
        for step in path:
            known = list(fields(annotation))
            key.append((known.index(step), "") if step in known else (0, step))
            annotation = field_of(annotation, step)
        return tuple(key)

    return sorted(usual.values(), key=lambda c: place(c.path))
