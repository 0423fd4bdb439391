"""Any part that a document's models allow, built from their annotations alone; and how a browser sends a form back."""

import datetime as dt
import decimal
import types
from functools import cache
from html.parser import HTMLParser
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from interlocal.case.values import Quantity

slugs = st.sampled_from(["ash", "birch", "cedar_2", "population", "x"])
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), include_characters=" \n"), min_size=1, max_size=12)  # fmt: skip
numbers = st.one_of(st.integers(0, 1), st.integers(0, 10**9), st.floats(0, 1), st.floats(-1e9, 1e9))
ordered = st.lists(numbers, min_size=3, max_size=3).map(sorted)
shapes = st.one_of(
    st.builds(lambda v: {"value": v}, numbers),
    st.builds(lambda v: dict(zip(("low", "likely", "high"), v, strict=True)), ordered),
    st.builds(lambda v, s: {**dict(zip(("low", "likely", "high"), v, strict=True)), "shape": s}, ordered, st.sampled_from(["pert", "triangular"])),
    st.builds(lambda v: dict(zip(("p10", "p50", "p90"), v, strict=True)), ordered),
    st.builds(lambda m, s: {"mean": m, "sd": abs(s), "shape": "normal"}, numbers, numbers),
    st.builds(lambda v: {"values": v}, st.lists(numbers, min_size=1, max_size=3)),
    st.builds(lambda v: {"values": v, "probabilities": [0.25, 0.75]}, st.lists(numbers, min_size=2, max_size=2)),
)  # fmt: skip


def of(annotation: Any) -> st.SearchStrategy[Any]:
    """Return plain values that a field of this annotation may hold."""
    made = _of(annotation, ())
    return made.filter(lambda value: _fits(annotation, value))


def _fits(annotation: Any, value: Any) -> bool:
    try:
        _adapter(annotation).validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _of(annotation: Any, marks: tuple[Any, ...]) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each form
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(inner[0], (*inner[1:], *marks))
    if origin in {Union, types.UnionType}:
        return st.one_of(*(_of(i, ()) for i in inner if i is not type(None)))
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        # Ids are ticked, and each once.
        once = repr if "pattern" in repr(inner[0]) or get_origin(inner[0]) is Literal else None
        return st.lists(_of(inner[0], ()), min_size=1, max_size=2, unique_by=once)
    if origin is dict:
        return st.dictionaries(_of(inner[0], ()), _of(inner[1], ()), min_size=1, max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    if annotation is str:
        pattern = next((m.pattern for m in marks if isinstance(m, StringConstraints) and m.pattern), None)
        return {None: texts, r"^[A-Z]{3}$": st.sampled_from(["USD", "EUR"])}.get(pattern, slugs)
    return {
        bool: st.booleans(),
        int: st.one_of(st.integers(0, 40), st.integers(1990, 2100)),
        float: numbers,
        decimal.Decimal: st.decimals(-(10**9), 10**9, places=2).map(str),
        dt.date: st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)).map(str),
    }[annotation]


@cache
def _model(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    fields = model.model_fields
    if issubclass(model, Quantity):
        beside = {n: of(f.annotation) for n, f in fields.items() if n in {"source", "visibility", "basis", "note", "group", "unit", "currency", "year", "growth", "history"}}  # fmt: skip
        told = st.builds(lambda a, b: {**a, **b}, shapes, st.fixed_dictionaries({}, optional=beside))
        return st.one_of(numbers, told.filter(lambda v: _fits(model, v)))
    parts = {n: _field(f).filter(lambda v, f=f: _fits(_whole(f), v)) for n, f in fields.items() if n != "format"}  # fmt: skip
    must = {n: s for n, s in parts.items() if fields[n].is_required()}
    return st.deferred(
        lambda: st.fixed_dictionaries(must, optional={n: s for n, s in parts.items() if n not in must})
    )


def _field(field: Any) -> st.SearchStrategy[Any]:
    return _of(field.annotation, tuple(field.metadata))


def _whole(field: Any) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def fields(model: type[BaseModel], names: set[str], rest: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a document with some of its own fields in any state, and the rest as it is."""
    some = {n: _field(f) for n, f in model.model_fields.items() if n in names}
    must = {n: s for n, s in some.items() if model.model_fields[n].is_required()}
    made = st.fixed_dictionaries(must, optional={n: s for n, s in some.items() if n not in must})
    rest = {k: v for k, v in rest.items() if k not in names}
    return made.map(lambda given: {**rest, **given}).filter(lambda value: _fits(model, value))


class Browser(HTMLParser):
    """What a browser would send of a form that nobody touched."""

    def __init__(self):
        super().__init__()
        self.sent, self.text, self.select = {}, None, None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        name = a.get("name")
        if tag == "input" and name and a.get("type") in {"checkbox", "radio"}:
            if "checked" in a:
                self.sent.setdefault(name, []).append(a.get("value", "on"))
        elif tag == "input" and name:
            # A field of one line drops line breaks.
            self.sent.setdefault(name, []).append((a.get("value") or "").replace("\r", "").replace("\n", ""))
        elif tag == "textarea" and name:
            self.text = name
            self.sent[name] = [""]
        elif tag == "select":
            self.select = name
            self.sent.setdefault(name, [""])
        elif tag == "option" and self.select and "selected" in a:
            self.sent[self.select] = [a.get("value", "")]

    def handle_data(self, data):
        if self.text:
            self.sent[self.text][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser takes the first line break for layout, and sends the others as two letters.
            self.sent[self.text] = [self.sent[self.text][0].removeprefix("\n").replace("\n", "\r\n")]
            self.text = None
        elif tag == "select":
            self.select = None
