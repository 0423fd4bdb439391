"""Every field of a case or an agreement can be edited, and a form that nobody touched says what the document says."""

from typing import Annotated, get_args, get_origin

import pytest
from cases import SMALL
from documents import Browser, fields, of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from interlocal.case.document import Case
from interlocal.case.values import Quantity
from interlocal.partnership.document import Partnership

BOTH = pytest.mark.parametrize("model", [Case, Partnership])


def pages(model):
    """Return the shape of every page of a form: those of the guided path, and those they lead to."""
    from interlocal.web import guide
    from interlocal.web.forms.page import is_deep
    from interlocal.web.forms.place import Place
    from interlocal.web.forms.shape import at

    found, left = {}, [p.path for s in (guide.PATH if model is Case else guide.AGREEMENT) for p in s.pages]
    while left:
        path = left.pop(0)
        if path in found:
            continue
        place = Place.of(path, model, {})
        found[path] = place.shape
        left += [f"{path}/{c.name}" for c in place.children]
        left += [f"{path}/0"] if place.shape.kind == "rows" and is_deep(at(path, model)) else []
    return found


def models_in(annotation, seen):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        for f in annotation.model_fields.values():
            models_in(f.annotation, seen)
    for inner in get_args(annotation):
        models_in(inner, seen)
    return seen


def shown(shape):
    """Yield each field in a shape with the model it is of."""
    if shape is None:
        return
    if shape.model is not None:
        yield from ((shape.model, f.name) for f in shape.fields)
    for inner in (*shape.fields, *shape.variants.values(), shape.item, shape.key):
        yield from shown(inner)


@BOTH
def test_each_field_of_the_models_stands_in_some_form(model, database):
    from interlocal.web.forms.shape import at

    there = {
        (m, n)
        for m in models_in(model, set())
        if not issubclass(m, Quantity)
        for n, f in m.model_fields.items()
        # The format is the program's; a kind of one word is chosen with its variant.
        if n != "format" and not (n == "kind" and len(get_args(f.annotation)) == 1)
    }
    found = {pair for shape in pages(model).values() for pair in shown(shape)}
    # What has a page of its own is shown there.
    found |= {(at(head, model).model, name) for head, _, name in (p.rpartition("/") for p in pages(model)) if at(head, model)}  # fmt: skip
    assert {f"{m.__name__}.{n}" for m, n in there - found} == set()


def whole_document(model):
    if model is Case:
        return SMALL
    from interlocal.web import beginnings
    from interlocal.web.models.cases import as_values

    return as_values(beginnings.example()[0].canonical_json())


def annotation_at(model, path):
    """Return what the models say may stand at a page."""
    found = model
    for step in [] if path == "about" else path.split("/"):
        found = get_args(found)[0] if step.isdecimal() else found.model_fields[step].annotation
        found = next(a for a in get_args(found) if a is not type(None)) if type(None) in get_args(found) else found  # fmt: skip
        while get_origin(found) is Annotated:
            found = get_args(found)[0]
    return found


def sent_back(shape, value):
    """Return what a page's form says once a browser sent it back as it was."""
    from django.template.loader import render_to_string

    from interlocal.web.forms.entries import Reader, fill
    from interlocal.web.forms.page import Builder

    entry = {}
    fill(shape, value, "", entry)
    known = {"partners": [("ash", "Ash"), ("birch", "Birch")], "options": [("x", "X")]}
    page, browser = Builder(known, entry).show(shape, ""), Browser()
    browser.feed(render_to_string("web/whole_form.html", {"shown": page, "may_edit": True}))
    reader = Reader({k: "\n".join(v) for k, v in browser.sent.items()}, lambda _: None)
    read = reader.read(shape, "")
    assert reader.problems == []
    return read


@BOTH
@pytest.mark.slow
def test_a_form_that_nobody_touched_says_the_same(model, database):
    for path, shape in pages(model).items():
        untouched(path, shape, annotation_at(model, path))


def untouched(path, shape, annotation):
    adapter = TypeAdapter(annotation)
    names = {f.name for f in shape.fields}
    any_of = fields(annotation, names, whole_document(annotation)) if path == "about" else of(annotation)

    def whole(value):
        return adapter.dump_python(adapter.validate_python(value), mode="json", exclude_defaults=True)

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data):
        value = data.draw(any_of)
        read = sent_back(shape, value)
        if shape.kind == "rows":
            # Fields with pages of their own stay as they are.
            names = {f.name for f in shape.item.fields}
            read = [beside(v, names) | r for v, r in zip(value, read or [], strict=True)]
        elif shape.kind == "part":
            read = beside(value, {f.name for f in shape.fields}) | (read or {})
        assert whole(read) == whole(value)

    check()


def beside(value, names):
    return {k: v for k, v in value.items() if k not in names}
