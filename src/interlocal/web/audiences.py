"""Who sees which entry of a case.

An entry for ``facilitator`` is seen by the facilitator and by the people of the partner it belongs to (see
:mod:`interlocal.case.released`). So a partner keeps its figures to itself until it releases them. For everybody else a
marker stands in its place, which says where the entry is and nothing about it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from interlocal.case.document import Case
from interlocal.case.released import kept, released
from interlocal.case.text import pointer
from interlocal.case.walk import Location
from interlocal.problems import InputError, Problem
from interlocal.web.models import Comment, Comparison, StudyRun
from interlocal.web.models.cases import as_values, read_document
from interlocal.web.policies import Access

KEPT = "__kept"
"""Key of a marker; its value is the JSON pointer of the entry."""


def hide(data: Any, access: Access) -> Any:
    """Return a document with a marker wherever an entry is not for this person."""
    if access.audience == "facilitator":
        return data
    for place, _ in list(kept(data, access.partners)):
        data = _with(data, place, {KEPT: pointer(place)})
    return data


def _with(data: Any, place: Location, value: Any) -> Any:
    """Return a document with another value at a place; what is beside the way there is shared with the one before."""
    if not place:
        return value
    inner = _with(data[place[0]], place[1:], value)
    if isinstance(data, list):
        return [*data[: int(place[0])], inner, *data[int(place[0]) + 1 :]]
    return {**data, place[0]: inner}


def shows_all(document: str, access: Access) -> bool:
    """Whether a revision has nothing hidden from this person: a hash over hidden figures would let them be guessed."""
    whole = access.audience == "facilitator" or '"visibility":"facilitator"' not in document
    return whole or not any(kept(as_values(document), access.partners))


def case_of(access: Access) -> Case | None:
    """Return the case as this person sees it: what rests on a hidden entry is left out with it; None where all does."""
    head = access.case.head
    return head.read if shows_all(head.document, access) else _released(head.document, access.partners)


@lru_cache(maxsize=64)
def _released(document: str, own: frozenset[str]) -> Case | None:
    try:
        return released(read_document(document), "partners", own)
    except InputError:
        return None


def demand_kept(before: Any, after: Any, access: Access) -> None:
    """Refuse a save that would lose, move or open an entry that is hidden from who saves.

    Raises
    ------
    InputError
        Where an entry hidden in ``before`` is not hidden from this person in ``after``, with the same owner and content.
    """
    if access.audience == "facilitator":
        return
    if _kept_things(before, access) - _kept_things(after, access):
        raise InputError(Problem("", "An entry kept between its partner and the facilitator", "that it would be lost, or belong to somebody else", "that it stays as it is", "Leave it where it stands; its partner or the facilitator can change it. If it changed meanwhile, open the page again."))  # fmt: skip


def unquoted(problems: Iterable[Problem], document: Any, access: Access) -> list[Problem]:
    """Return problems of a document in which none says what was found where it could quote a hidden entry."""
    hidden = list(markers(hide(document, access)))

    def told(problem: Problem) -> Problem:
        return (
            replace(problem, found="something that does not fit")
            if _could_quote(problem, document)
            else problem
        )

    return [told(p) for p in problems] if hidden else list(problems)


def _could_quote(problem: Problem, document: Any) -> bool:
    """Whether a problem says more than what stands at its own place: it may then have looked at other places."""
    for step in problem.path.split("/")[1:]:
        try:
            document = document[int(step)] if isinstance(document, list) else document[step]
        except (IndexError, KeyError, TypeError, ValueError):
            return False  # nothing stands there: that is all it says
    return isinstance(document, (dict, list)) or str(document) not in problem.found


def _kept_things(data: Any, access: Access) -> Counter[str]:
    def thing(place: Location, owner: str | None) -> str:
        entry = data
        for step in place:
            entry = entry[step]
        return json.dumps([[s for s in place if isinstance(s, str)], owner, entry], sort_keys=True)

    return Counter(thing(*found) for found in kept(data, access.partners))


def kept_at(data: Any, pointer: str, access: Access) -> Any:
    """Return the entry a marker stands for, to be put back as it was; None where no hidden entry is there."""
    if not any(found == pointer for found in markers(hide(data, access))):
        return None
    for step in pointer.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def markers(data: Any) -> Iterator[str]:
    """Yield the pointer of each marker in a document."""
    if isinstance(data, dict):
        if KEPT in data:
            yield data[KEPT]
        for value in data.values():
            yield from markers(value)
    elif isinstance(data, list):
        for value in data:
            yield from markers(value)


def put_back(data: Any, held: Any, access: Access) -> Any:
    """Return a document with the hidden entries of ``held`` in place of their markers."""
    if isinstance(data, dict):
        if KEPT in data:
            return kept_at(held, data[KEPT], access)
        return {k: put_back(v, held, access) for k, v in data.items()}
    return [put_back(v, held, access) for v in data] if isinstance(data, list) else data


def without_hidden(data: Any, access: Access) -> Any:
    """Return a document without the entries that are not for this person."""
    return _drop(hide(data, access))


def _drop(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _drop(v) for k, v in data.items() if not (isinstance(v, dict) and KEPT in v)}
    if isinstance(data, list):
        return [_drop(v) for v in data if not (isinstance(v, dict) and KEPT in v)]
    return data


def as_json(data: Any) -> str:
    """Return a document as people read it."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def studies(access: Access) -> QuerySet[StudyRun]:
    """Return the runs this person may see, the latest first."""
    runs = access.case.studies.select_related("revision").defer("document", "views")
    return runs if access.audience == "facilitator" else runs.exclude(audience="facilitator")


def answers(access: Access) -> QuerySet[StudyRun]:
    """Return the runs with answers that this person may see, those of the latest revision first."""
    done = studies(access).filter(status=StudyRun.Status.DONE)
    return done.order_by("-revision__number", "-asked_at")


def comparisons(access: Access) -> QuerySet[Comparison]:
    """Return the comparisons of runs this person may see, the latest first."""
    made = access.case.comparisons.select_related("first__revision", "second__revision")
    return made if access.audience == "facilitator" else made.exclude(first__audience="facilitator")


def threads(access: Access) -> QuerySet[Comment]:
    """Return the first comments of the threads this person may read; answers go with them."""
    first = access.case.comments.filter(parent=None)
    if access.audience == "facilitator":
        return first
    open_to = Q(audience=Comment.Audience.PARTNERS, kept_for__in=["", *access.partners])
    return first.filter(open_to | Q(by=access.person))
