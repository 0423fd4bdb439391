"""Edit any part of a case or an agreement: one page a part, each saved on its own, at any order, by several people at once."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interlocal.problems import InputError, Problem
from interlocal.web import audiences, bearings, guide, kinds, places, policies
from interlocal.web.actions import cases as actions
from interlocal.web.forms import paste
from interlocal.web.forms.entries import Entry, Reader, fill
from interlocal.web.forms.known import catalogues
from interlocal.web.forms.merge import merge
from interlocal.web.forms.page import Builder, is_deep, summary
from interlocal.web.forms.place import Place
from interlocal.web.forms.shape import at, label
from interlocal.web.models import Draft
from interlocal.web.models.cases import as_values
from interlocal.web.whole import whole

_NOT_ENTRY = frozenset({"csrfmiddlewaretoken", "do", "base", "paste"})


@policies.of_document("see")
def edit(request: HttpRequest, access: policies.Access, path: str) -> HttpResponse:
    """Show a part of a document as a form, and take what a person enters."""
    case, model = access.case, kinds.of(access.case).model
    draft = None if request.method == "POST" else case.drafts.filter(person=request.user, path=path).first()
    base = (
        min(whole(request.POST.get("base"), 0) or case.latest, case.latest) if draft is None else draft.base
    )
    # A list may have grown too long for one page since; the entry is of the page as it was.
    place = Place.of(path, model, case.revisions.get(number=base).data)
    seen = audiences.hide(case.head.data, access)
    if place is None or not place.is_reached(seen) or place.is_kept(seen):
        raise Http404
    if request.method != "POST":
        return _form(request, access, place, draft)
    if not access.may("edit"):
        raise PermissionDenied
    do = request.POST.get("do", "save")
    if do in {"discard", "theirs"}:
        actions.drop_draft(record=case, person=request.user, path=path)
        messages.info(request, f"Your kept entry is gone; this is what the {case.kind} says." if do == "discard" else "Theirs stays.")  # fmt: skip
        return redirect(kinds.address(case, "edit", path))
    entry = {k: "\n".join(request.POST.getlist(k)) for k in request.POST if k not in _NOT_ENTRY}
    if do.startswith(("add:", "kind:", "paste:")):
        return _unsaved(request, access, place, entry, base, do)
    return _save(request, access, place, entry, base)


def _form(request: HttpRequest, access: policies.Access, place: Place, draft: Draft | None) -> HttpResponse:
    if draft is not None:
        _, _, problems = _read(access, place, draft.entry, draft.base)
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


def _read(access: policies.Access, place: Place, entry: Entry, base: int) -> tuple[dict[str, Any], Any, list[Problem]]:  # fmt: skip
    """Return plain values with this entry in them, on top of a revision, the document they make, and what needs mending."""
    kind, data = kinds.of(access.case), access.case.revisions.get(number=base).data
    # Each once, and from this page: an entry put in twice could come to stand where its reader may see it.
    free = {p for p in audiences.markers(audiences.hide(data, access)) if place.holds(p)}

    def kept(pointer: str) -> Any:
        if pointer not in free:
            return None
        free.remove(pointer)
        return audiences.kept_at(data, pointer, access)

    reader = Reader(entry, kept, before=place.start, taken=place.other_ids(data))
    read = reader.read(place.shape, "")
    document = place.with_value(data, place.whole(place.get(data), read, entry))
    problems = list(reader.problems)
    try:
        made = kind.checked(document, f"the {kind.name}")
    except InputError as error:
        made = None
        # A field that was not understood is left out; that it is missing need not be said as well.
        told = {p.path for p in problems}
        found = (
            placed(p, place.pointer, reader.places, kind)
            for p in audiences.unquoted(error.problems, document, access)
        )
        problems += [p for p in found if not p.path or p.path not in told]
    return document, made, [dataclasses.replace(p, where=where(p.path) if p.where == p.path else p.where) for p in problems]  # fmt: skip


def placed(problem: Problem, start: str, places: dict[str, str], kind: kinds.KindOfDocument) -> Problem:  # fmt: skip
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
    page = kind.page_of(pointer.strip("/"))
    return Problem("", page.title if page else pointer, problem.found, problem.expected, problem.fix)


def where(name: str) -> str:
    """Return the name of a field as people read it: ``2: Amount``."""
    if not name:
        return "This page"
    return ", ".join(f"entry {int(p) + 1}" if p.isdecimal() else label(p) for p in name.split("."))


def _save(request: HttpRequest, access: policies.Access, place: Place, entry: Entry, base: int) -> HttpResponse:  # fmt: skip
    case = access.case
    document, saved, problems = _read(access, place, entry, base)
    if problems:
        draft = actions.keep_draft(record=case, person=request.user, path=place.path, base=base, entry=entry)
        return _render(request, access, place, entry, base, problems=problems, draft=draft, status=422)
    if base != case.latest:
        # Brought together as this person sees them: a conflict shows both sides.
        mine = as_values(saved.canonical_json())
        sides = (case.revisions.get(number=base).data, case.head.data, mine)
        seen = [audiences.hide(side, access) for side in sides]
        merged, changes = merge(*seen)
        if changes and request.POST.get("do") != "mine":
            draft = actions.keep_draft(record=case, person=request.user, path=place.path, base=base, entry=entry)  # fmt: skip
            shown = {"access": access, "case": case, "place": place, "changes": [(places.called(c.pointer, seen, kinds.of(case).path), c) for c in changes], "entry": entry, "base": base, "theirs": case.head}  # fmt: skip
            return render(request, "web/conflict.html", shown, status=409)
        document, saved = audiences.put_back(merged, case.head.data, access), None
    kind = kinds.of(case)
    page = kind.page_of(place.path)
    try:
        saved = saved or kind.checked(document, f"the {kind.name}")
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
        return redirect(kinds.address(case, "edit", place.path))
    actions.drop_draft(record=case, person=request.user, path=place.path)
    messages.success(request, f"Saved as revision {revision.number}.")
    return redirect(kinds.address(case, "edit", place.path))


def _render(
    request: HttpRequest, access: policies.Access, place: Place, entry: Entry, base: int, *, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    data = audiences.hide(access.case.head.data, access)
    kind, case = kinds.of(access.case), kinds.seen(access)
    known, currency = (kind.known(case), case.currency) if case else (catalogues(), "")
    builder = Builder(known, entry, more.get("problems", ()), more.get("new", {}), currency, place.start)
    old = place.get(data)
    shown = builder.show(place.shape, "")
    deep = place.shape.kind == "rows" and is_deep(at(place.path, kind.model) or place.shape)
    page = kind.page_of(place.path)
    crumbs = places.crumbs(place.path, data, kind.path)
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
        "feeds": bearings.fed_by(page) if page and kind is kinds.CASE else {},
        "run": audiences.answers(access).values_list("pk", flat=True).first(),
        "beside": guide.beside(page, kind.path) if page and page.path == place.path else None,
        **more,
    }  # fmt: skip
    return render(request, "web/edit.html", context, status=status)
