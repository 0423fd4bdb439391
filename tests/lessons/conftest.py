"""A finding of one item for a case that a test writes by hand."""

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
