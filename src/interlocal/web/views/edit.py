"""Edit any part of a case: one page a part, each saved on its own, at any order, by several people at once."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interlocal.case.document import Case
from interlocal.problems import InputError, Problem
from interlocal.web import audiences, examples, guide, places, policies
from interlocal.web.actions import cases as actions
from interlocal.web.forms import paste
from interlocal.web.forms.entries import Entry, Reader, fill
from interlocal.web.forms.merge import merge
from interlocal.web.forms.page import Builder, is_deep, is_page, summary
from interlocal.web.forms.shape import Shape, at, label
from interlocal.web.models.cases import as_values

ABOUT = "about"
_NOT_ENTRY = frozenset({"csrfmiddlewaretoken", "do", "base", "paste"})


@dataclass
class Place:
    """The part of the case that a page edits."""

    path: str
    shape: Shape
    """What the page shows; parts with a page of their own are left out."""
    children: tuple[Shape, ...]

    @classmethod
    def of(cls, path: str) -> Place | None:
        """Return the place of a path, or None where the case has none."""
        whole = at("" if path == ABOUT else path)
        if whole is None or (path != ABOUT and whole.kind not in {"part", "rows", "either"}):
            return None
        if whole.kind == "part":
            inline = tuple(f for f in whole.fields if not is_page(f) and not (path == ABOUT and f.kind == "part"))  # fmt: skip
            children = tuple(f for f in whole.fields if is_page(f)) if path != ABOUT else ()
            return cls(path, dataclasses.replace(whole, fields=inline), children)
        if whole.kind == "rows" and whole.item is not None and is_deep(whole):
            head = tuple(f for f in whole.item.fields if f.required or f.name == "id")
            return cls(path, dataclasses.replace(whole, item=dataclasses.replace(whole.item, fields=head)), ())  # fmt: skip
        return cls(path, whole, ())

    @property
    def steps(self) -> list[str]:
        """The way to it in the document."""
        return [] if self.path == ABOUT else self.path.split("/")

    def get(self, data: Any) -> Any:
        """Return what stands here; None where nothing does."""
        for step in self.steps:
            try:
                data = data[int(step)] if isinstance(data, list) else (data or {}).get(step)
            except (IndexError, AttributeError):
                return None
        return data

    @property
    def pointer(self) -> str:
        """Its JSON pointer."""
        return "".join(f"/{step}" for step in self.steps)

    def holds(self, pointer: str) -> bool:
        """Whether a place is this one or inside it."""
        return pointer == self.pointer or pointer.startswith(f"{self.pointer}/")

    def is_kept(self, data: Any) -> bool:
        """Whether it is, or stands in, an entry that is kept from the reader."""
        return any(self.pointer == p or self.pointer.startswith(f"{p}/") for p in audiences.markers(data))

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


@policies.of_case("see")
def edit(request: HttpRequest, access: policies.Access, path: str) -> HttpResponse:
    """Show a part of the case as a form, and take what a person enters."""
    place = Place.of(path)
    seen = audiences.hide(access.case.head.data, access)
    if (
        place is None
        or (path.rsplit("/", 1)[-1].isdecimal() and place.get(seen) is None)
        or place.is_kept(seen)
    ):
        raise Http404
    if request.method != "POST":
        return _form(request, access, place)
    if not access.may("edit"):
        raise PermissionDenied
    do = request.POST.get("do", "save")
    if do in {"discard", "theirs"}:
        actions.drop_draft(record=access.case, person=request.user, path=path)
        messages.info(request, "Your kept entry is gone; this is what the case says." if do == "discard" else "Theirs stays.")  # fmt: skip
        return redirect("edit", access.case.pk, path)
    entry = {k: "\n".join(request.POST.getlist(k)) for k in request.POST if k not in _NOT_ENTRY}
    base = _number(request.POST.get("base"), access.case.latest)
    if do.startswith(("add:", "kind:", "paste:")):
        return _unsaved(request, access, place, entry, base, do)
    return _save(request, access, place, entry, base)


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and int(text) else most


def _form(request: HttpRequest, access: policies.Access, place: Place) -> HttpResponse:
    draft = access.case.drafts.filter(person=request.user, path=place.path).first()
    if draft is not None:
        _, problems = _read(access, place, draft.entry, draft.base)
        return _render(request, access, place, draft.entry, draft.base, problems=problems, draft=draft)
    return _render(request, access, place, _entry(access, place), access.case.latest)


def _entry(access: policies.Access, place: Place) -> Entry:
    value = place.get(audiences.hide(access.case.head.data, access))
    entry: Entry = {}
    fill(place.shape, value, "", entry)
    if place.shape.kind == "rows" and isinstance(value, list):
        entry.update({f"{i}.__was": str(v["id"]) for i, v in enumerate(value) if isinstance(v, dict) and "id" in v})  # fmt: skip
    return entry


def _unsaved(request: HttpRequest, access: policies.Access, place: Place, entry: Entry, base: int, do: str) -> HttpResponse:  # fmt: skip
    """Add a row or change a kind: nothing is saved, nothing is lost."""
    what, _, name = do.partition(":")
    new: dict[str, int] = {}
    if what == "add":
        new[name] = 1
    elif what == "paste" and place.shape.item is not None:
        count = paste.paste(request.POST.get("paste", ""), place.shape.item, "", entry)
        messages.info(request, f"{count} rows were added below. Look at them, then save.")
    return _render(request, access, place, entry, base, new=new)


def _read(access: policies.Access, place: Place, entry: Entry, base: int) -> tuple[dict[str, Any] | None, list[Problem]]:  # fmt: skip
    """Return the document with this entry in it, on top of a revision; or what needs mending."""
    data = access.case.revisions.get(number=base).data
    # Each once, and from this page: an entry put in twice could come to stand where its reader may see it.
    free = {p for p in audiences.markers(audiences.hide(data, access)) if place.holds(p)}

    def kept(pointer: str) -> Any:
        if pointer not in free:
            return None
        free.remove(pointer)
        return audiences.kept_at(data, pointer, access)

    reader = Reader(entry, kept)
    read = reader.read(place.shape, "")
    document = place.with_value(data, place.whole(place.get(data), read, entry))
    problems = list(reader.problems)
    try:
        examples.checked(document, "the case")
    except InputError as error:
        # A field that was not understood is left out; that it is missing need not be said as well.
        told = {p.path for p in problems}
        found = (
            _placed(p, place.pointer, reader.places)
            for p in audiences.unquoted(error.problems, document, access)
        )
        problems += [p for p in found if not p.path or p.path not in told]
    return document, [dataclasses.replace(p, where=where(p.path) if p.where == p.path else p.where) for p in problems]  # fmt: skip


def _placed(problem: Problem, start: str, places: dict[str, str]) -> Problem:
    """Return a problem with the name of the field it is about, or of the page where the other end of it stands."""
    pointer = problem.path
    if pointer.startswith(f"{start}/") or pointer == start:
        rest = pointer[len(start) :]
        while rest and rest not in places:
            rest = rest.rpartition("/")[0]
        name = places.get(rest, "")
        missing = pointer[len(start) :].removeprefix(rest).strip("/")
        if name or not missing:
            return Problem(name, where(name), problem.found, problem.expected, problem.fix)
        return Problem(missing, where(missing), problem.found, problem.expected, problem.fix)
    page = guide.page_of(pointer.strip("/"))
    return Problem("", page.title if page else pointer, problem.found, problem.expected, problem.fix)


def where(name: str) -> str:
    """Return the name of a field as people read it: ``2: Amount``."""
    if not name:
        return "This page"
    return ", ".join(f"entry {int(p) + 1}" if p.isdecimal() else label(p) for p in name.split("."))


def _save(request: HttpRequest, access: policies.Access, place: Place, entry: Entry, base: int) -> HttpResponse:  # fmt: skip
    case = access.case
    document, problems = _read(access, place, entry, base)
    if problems or document is None:
        draft = actions.keep_draft(record=case, person=request.user, path=place.path, base=base, entry=entry)
        return _render(request, access, place, entry, base, problems=problems, draft=draft, status=422)
    if base != case.latest:
        # Brought together as this person sees them: a conflict shows both sides.
        sides = (case.revisions.get(number=base).data, case.head.data, document)
        merged, changes = merge(*(audiences.hide(side, access) for side in sides))
        if changes and request.POST.get("do") != "mine":
            draft = actions.keep_draft(record=case, person=request.user, path=place.path, base=base, entry=entry)  # fmt: skip
            shown = {"access": access, "case": case, "place": place, "changes": changes, "entry": entry, "base": base, "theirs": case.head}  # fmt: skip
            return render(request, "web/conflict.html", shown, status=409)
        document = audiences.put_back(merged, case.head.data, access)
    page = guide.page_of(place.path)
    try:
        saved: Case = examples.checked(document, "the case")
        audiences.demand_kept(case.head.data, as_values(saved.canonical_json()), access)
        revision = actions.save_case(
            record=case,
            case=saved,
            base=case.latest,
            by=request.user,
            about=page.title if page else place.path,
        )
    except InputError as error:
        told = audiences.unquoted(error.problems, document, access)
        draft = actions.keep_draft(record=case, person=request.user, path=place.path, base=base, entry=entry)
        return _render(request, access, place, entry, base, problems=told, draft=draft, status=422)
    except actions.Overtaken:
        actions.keep_draft(record=case, person=request.user, path=place.path, base=base, entry=entry)
        messages.error(request, "Somebody saved at the same moment. Your entry is here; save it again.")
        return redirect("edit", case.pk, place.path)
    actions.drop_draft(record=case, person=request.user, path=place.path)
    messages.success(request, f"Saved as revision {revision.number}.")
    return redirect("edit", case.pk, place.path)


def _render(
    request: HttpRequest, access: policies.Access, place: Place, entry: Entry, base: int, *, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    data = audiences.hide(access.case.head.data, access)
    builder = Builder(audiences.case_of(access), entry, more.get("problems", ()), more.get("new", {}))
    old = place.get(data)
    shown = builder.show(place.shape, "")
    deep = place.shape.kind == "rows" and is_deep(at(place.path) or place.shape)
    page = guide.page_of(place.path)
    crumbs = places.crumbs(place.path, data)
    context = {
        "access": access,
        "case": access.case,
        "place": place,
        "page": page,
        "crumbs": crumbs,
        "title": crumbs[-1][0],
        "shown": shown,
        "base": base,
        "deep": [(f"{place.path}/{i}", places.entry_name(o, i)) for i, o in enumerate(old or [])] if deep else [],
        "children": [(f, f"{place.path}/{f.name}", summary((old or {}).get(f.name))) for f in place.children],
        "paste_columns": paste.columns(place.shape.item) if place.shape.kind == "rows" and place.shape.item and not deep else (),
        "may_edit": access.may("edit"),
        "comments_on": places.of_page(place.path, data),
        "back": crumbs[-2] if len(crumbs) > 1 else None,
        "beside": guide.beside(place.path) if page and len(crumbs) == 1 else None,
        **more,
    }  # fmt: skip
    return render(request, "web/edit.html", context, status=status)
