"""The comments of a case as one person may read them: threads with their answers, by item."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from interlocal.web import audiences
from interlocal.web.models import Comment
from interlocal.web.places import Item, Places
from interlocal.web.policies import Access


@dataclass(frozen=True)
class Thread:
    """A comment with its answers and what this person may do with it."""

    first: Comment
    answers: tuple[Comment, ...]
    item: Item
    may_resolve: bool

    @property
    def all(self) -> tuple[Comment, ...]:
        """The first comment and its answers."""
        return (self.first, *self.answers)


def threads(access: Access, places: Places, on: str = "", *, settled: bool | None = None) -> list[Thread]:
    """Return the threads this person may read: the oldest first, and the newest first where they are about anything.

    Parameters
    ----------
    on
        The item they are about, or which holds the items they are about; empty for all.
    settled
        Resolved ones alone, or open ones alone; None for both.
    """
    found = _on(access, on).select_related("by", "resolved_by", "withdrawn_by")
    if settled is not None:
        found = found.filter(resolved_at__isnull=not settled)
    found = found.prefetch_related("answers__by", "answers__withdrawn_by").order_by(
        *([] if on else ["-at"]), "at"
    )
    return [
        Thread(first, tuple(first.answers.all()), item, may_resolve(access, first))
        for first in found
        if (item := places.item(first.place, first.about))
    ]


def count(access: Access, on: str) -> tuple[int, int]:
    """Return how many threads on an item this person may read: open ones, and all."""
    places, seen = Places(access), _on(access, on).values_list("place", "resolved_at")
    found = [resolved is None for place, resolved in seen if not places.hides(place)]
    return sum(found), len(found)


def _on(access: Access, on: str) -> QuerySet[Comment]:
    found = audiences.threads(access)
    # The screen of the lists shows each lesson.
    inside = "lesson/" if on == "study/lessons" else f"{on}/"
    return found.filter(Q(place=on) | Q(place__startswith=inside)) if on else found


def comment(access: Access, places: Places, pk: UUID) -> Comment | None:
    """Return one comment if this person may read it."""
    found = Comment.objects.select_related("parent").filter(case=access.case, pk=pk).first()
    first = found.parent or found if found else None
    if first is None or places.hides(first.place) or not audiences.threads(access).filter(pk=first.pk).exists():  # fmt: skip
        return None
    return found


def may_withdraw(access: Access, said: Comment) -> bool:
    """Whether this person may take a comment away: who wrote it, and the facilitator."""
    return access.may("rate") and (said.by_id == access.person.pk or access.audience == "facilitator")


def may_edit(access: Access, said: Comment) -> bool:
    """Whether this person may write a comment anew: who wrote it alone."""
    return access.may("rate") and said.by_id == access.person.pk and said.withdrawn_at is None


def may_resolve(access: Access, said: Comment) -> bool:
    """Whether this person may settle a thread: who began it, and who edits the case."""
    return said.parent_id is None and access.may("rate") and (said.by_id == access.person.pk or access.may("edit"))  # fmt: skip
