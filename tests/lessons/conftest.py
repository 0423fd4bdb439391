"""A finding of one item for a case that a test writes by hand."""

import json

import pytest
from cases import case as small_case

from interlocal.lessons.catalogue import items
from interlocal.lessons.checks import CHECKS
from interlocal.lessons.reading import assess


@pytest.fixture
def find():
    """Return a function that gives the finding of an item for a case and a study."""

    def one(item, document=None, **changes):
        return assess(CHECKS[item], items()[item], small_case(**changes), document or {})

    return one


def resolve(pointer, *documents):
    """Return what a JSON pointer finds in the first document that has it; KeyError where none has."""
    for document in documents:
        part = document
        try:
            for step in pointer.split("/")[1:]:
                part = part[int(step)] if isinstance(part, list) else part[step]
        except (KeyError, IndexError, TypeError, ValueError):
            continue
        return part
    raise KeyError(pointer)


def plain(case):
    """Return the case as its JSON document, with what was left out."""
    return json.loads(case.model_dump_json())
