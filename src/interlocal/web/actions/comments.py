"""Comments: begin a thread, answer, edit, withdraw, resolve. A withdrawn comment leaves a stub."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from interlocal.problems import InputError, Problem
from interlocal.web.actions.audit import note
from interlocal.web.models import CaseRecord, Comment, Person
from interlocal.web.places import Item

LONGEST = 4000
"""Most letters of a comment."""
MOST = 20
"""Comments of one person in :data:`PER`."""
PER = dt.timedelta(minutes=10)
MOST_IN_CASE = 5_000
MOST_ANSWERS = 200
"""Answers in one thread."""


@transaction.atomic
def begin(*, case: CaseRecord, item: Item | None, text: str, audience: str, by: Person) -> Comment:
    """Begin a thread on an item, which was looked up with the eyes of who comments.

    Raises
    ------
    InputError
        With everything that cannot be.
    """
    problems = _wrong_text(text) + _too_many(case, by)
    if item is None:
        problems.append(Problem("on", "What it is about", "an item that is not there", "an item of this case", "Open the item and comment from there."))  # fmt: skip
    if audience not in Comment.Audience.values:
        problems.append(Problem("audience", "Who reads it", audience[:40] or "nothing", "partners or facilitator", "Choose one."))  # fmt: skip
    if problems or item is None:
        raise InputError(problems)
    made = Comment.objects.create(
        case=case, place=item.place, about=item.name[:300], text=text.strip(), by=by, kept_for=item.owner,
        audience="facilitator" if item.kept and not item.owner else audience,
    )  # fmt: skip
    note(person=by, did="comment.made", about=str(made.pk), case=case)
    return made


@transaction.atomic
def answer(*, thread: Comment, text: str, by: Person) -> Comment:
    """Answer a thread; the answer is read by those who read the thread.

    Raises
    ------
    InputError
        With everything that cannot be.
    """
    held = Comment.objects.select_for_update().get(pk=thread.pk)
    problems = _wrong_text(text) + _too_many(held.case, by)
    if held.answers.count() >= MOST_ANSWERS:
        problems.append(Problem("text", "Answer", f"{MOST_ANSWERS} answers already", "a shorter thread", "Begin another one."))  # fmt: skip
    if problems:
        raise InputError(problems)
    made = Comment.objects.create(
        case=held.case, parent=held, place=held.place, about=held.about, text=text.strip(),
        audience=held.audience, by=by,
    )  # fmt: skip
    note(person=by, did="comment.answered", about=f"{held.pk} by {made.pk}", case=held.case)
    return made


@transaction.atomic
def edit(*, comment: Comment, text: str, by: Person) -> None:
    """Write a comment anew; it then says that it was edited.

    Raises
    ------
    InputError
        Where it was withdrawn, or the text cannot be.
    """
    held = Comment.objects.select_for_update().get(pk=comment.pk)
    problems = _wrong_text(text)
    if held.withdrawn_at:
        problems.append(Problem("text", "Comment", "one that was withdrawn", "one that stands", "Write another one."))  # fmt: skip
    if problems:
        raise InputError(problems)
    held.text, held.edited_at = text.strip(), timezone.now()
    held.save(update_fields=["text", "edited_at"])
    note(person=by, did="comment.edited", about=str(held.pk), case=held.case)


@transaction.atomic
def withdraw(*, comment: Comment, by: Person) -> None:
    """Forget what a comment said; that there was one stays."""
    held = Comment.objects.select_for_update().get(pk=comment.pk)
    if held.withdrawn_at is None:
        held.text, held.withdrawn_at, held.withdrawn_by = "", timezone.now(), by
        held.save(update_fields=["text", "withdrawn_at", "withdrawn_by"])
        note(person=by, did="comment.withdrawn", about=str(held.pk), case=held.case)


@transaction.atomic
def resolve(*, thread: Comment, resolved: bool, by: Person) -> None:
    """Close a thread, or open it again."""
    held = Comment.objects.select_for_update().get(pk=thread.pk)
    if resolved == (held.resolved_at is not None):
        return
    held.resolved_at, held.resolved_by = (timezone.now(), by) if resolved else (None, None)
    held.save(update_fields=["resolved_at", "resolved_by"])
    note(person=by, did=f"comment.{'resolved' if resolved else 'reopened'}", about=str(held.pk), case=held.case)  # fmt: skip


def _wrong_text(text: str) -> list[Problem]:
    given = text.strip()
    if given and len(given) <= LONGEST:
        return []
    found = f"{len(given)} letters" if given else "nothing"
    return [Problem("text", "Comment", found, f"1 to {LONGEST} letters", "Say it in a few sentences.")]


def _too_many(case: CaseRecord, by: Person) -> list[Problem]:
    lately = Comment.objects.filter(by=by, at__gt=timezone.now() - PER).count()
    if lately >= MOST:
        return [Problem("text", "Comments", f"{lately} from you in ten minutes", f"at most {MOST}", "Wait some minutes; what you wrote is still here.")]  # fmt: skip
    if case.comments.count() >= MOST_IN_CASE:
        return [Problem("text", "Comments", f"{MOST_IN_CASE} in this case", "fewer", "Record decisions in the log instead.")]  # fmt: skip
    return []
