"""Comments: the one list, the threads of an item, answers, and what their authors do with them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from interlocal.problems import InputError
from interlocal.web import policies, talk
from interlocal.web.actions import comments as actions
from interlocal.web.models import Comment
from interlocal.web.places import Places

PAGE = 50
"""Threads on a page of the one list."""


@policies.of_case("see")
def comments(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show the threads of one item, or all; take a new one."""
    places = Places(access)
    if request.method != "POST":
        return _page(request, access, places, request.GET.get("on", ""))
    if not access.may("rate"):
        raise PermissionDenied
    on = request.POST.get("on", "")
    try:
        made = actions.begin(
            case=access.case,
            item=places.item(on),
            text=request.POST.get("text", ""),
            audience=request.POST.get("audience", "partners"),
            by=request.user,
        )
    except InputError as error:
        page = request.POST.get("page", on)
        return _page(request, access, places, page, problems=error.problems, entry=request.POST)
    return _to(access, made, request.POST.get("page", on))


def _page(request: HttpRequest, access: policies.Access, places: Places, on: str, **more: Any) -> HttpResponse:  # fmt: skip
    item = places.item(on) if on else None
    if on and item is None and not more:
        raise Http404
    settled = {"open": False, "resolved": True}.get(request.GET.get("show", ""))
    found = talk.threads(access, places, on if item else "", settled=settled)
    page = Paginator(found, PAGE).get_page(None if item else request.GET.get("page"))
    shown = {
        "access": access,
        "case": access.case,
        "at": "deciding",
        "tab": "comments",
        "item": item,
        "within": places.within(on) if item else [],
        "threads": found if item else page.object_list,
        "pages": page,
        "show": request.GET.get("show", ""),
        "audiences": Comment.Audience.choices,
        "most": actions.LONGEST,
        "may_comment": access.may("rate"),
        **more,
    }
    return render(request, "web/comments.html", shown, status=422 if more.get("problems") else 200)


def _to(access: policies.Access, said: Comment, on: str) -> HttpResponse:
    """Go to a comment on the page of its item."""
    return redirect(f"{reverse('comments', args=[access.case.pk])}?{urlencode({'on': on})}#c-{said.pk}")


def _read(access: policies.Access, pk: UUID) -> Comment:
    """Return a comment this person may read and, by the role, talk about; others do not exist for them."""
    found = talk.comment(access, Places(access), pk)
    if found is None:
        raise Http404
    if not access.may("rate"):
        raise PermissionDenied
    return found


@require_POST
@policies.of_case("see")
def answer(request: HttpRequest, access: policies.Access, comment: UUID) -> HttpResponse:
    """Answer a thread."""
    said = _read(access, comment)
    thread = said.parent or said
    try:
        made = actions.answer(thread=thread, text=request.POST.get("text", ""), by=request.user)
    except InputError as error:
        entry = {"answers": str(thread.pk), "answer": request.POST.get("text", "")}
        problems = [p if p.path != "text" else type(p)(f"answer-{thread.pk}", "Answer", p.found, p.expected, p.fix) for p in error.problems]  # fmt: skip
        return _page(request, access, Places(access), thread.place, problems=problems, entry=entry)
    return _to(access, made, thread.place)


@policies.of_case("see")
def edit(request: HttpRequest, access: policies.Access, comment: UUID) -> HttpResponse:
    """Show one's own comment as a form, and keep what it says now; the facilitator may withdraw it."""
    said = _read(access, comment)
    if not talk.may_withdraw(access, said):
        raise PermissionDenied
    shown = {"access": access, "case": access.case, "at": "deciding", "said": said, "text": said.text, "most": actions.LONGEST, "may_edit": talk.may_edit(access, said)}  # fmt: skip
    if request.method != "POST":
        return render(request, "web/comment_edit.html", shown)
    if not talk.may_edit(access, said):
        raise PermissionDenied
    text = request.POST.get("text", "")
    try:
        actions.edit(comment=said, text=text, by=request.user)
    except InputError as error:
        return render(request, "web/comment_edit.html", shown | {"problems": error.problems, "text": text}, status=422)  # fmt: skip
    return _to(access, said, said.place)


@require_POST
@policies.of_case("see")
def withdraw(request: HttpRequest, access: policies.Access, comment: UUID) -> HttpResponse:
    """Take a comment away; a stub stays."""
    said = _read(access, comment)
    if not talk.may_withdraw(access, said):
        raise PermissionDenied
    actions.withdraw(comment=said, by=request.user)
    return _to(access, said, said.place)


@require_POST
@policies.of_case("see")
def resolve(request: HttpRequest, access: policies.Access, comment: UUID) -> HttpResponse:
    """Mark a thread as resolved, or open it again."""
    said = _read(access, comment)
    if not talk.may_resolve(access, said):
        raise PermissionDenied
    actions.resolve(thread=said, resolved=request.POST.get("resolved") == "yes", by=request.user)
    return _to(access, said, said.place)
