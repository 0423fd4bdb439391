"""The comments of a case as one person may read them: threads with their answers, by item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

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
    """Return the threads this person may read, the oldest first.

    Parameters
    ----------
    on
        The item they are about, or which holds the items they are about; empty for all.
    settled
        Resolved ones alone, or open ones alone; None for both.
    """
    found = audiences.threads(access).select_related("by", "resolved_by", "withdrawn_by")
    if settled is not None:
        found = found.filter(resolved_at__isnull=not settled)
    chosen = [c for c in found.prefetch_related("answers__by", "answers__withdrawn_by") if _is_on(c.place, on)]  # fmt: skip
    return list(_threads(access, places, chosen))


def _threads(access: Access, places: Places, chosen: list[Comment]) -> Iterator[Thread]:
    items = {c.place: places.item(c.place, c.about) for c in chosen}
    for first in chosen:
        item = items[first.place]
        if item is not None:
            yield Thread(first, tuple(first.answers.all()), item, may_resolve(access, first))


def _is_on(place: str, on: str) -> bool:
    # The screen of the lists shows each lesson.
    return not on or place == on or place.startswith("lesson/" if on == "study/lessons" else f"{on}/")


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
