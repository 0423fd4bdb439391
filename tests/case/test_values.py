"""Copies of parts of a case: what was worked out before the copy is never taken for what it says now."""

from cases import case

from interlocal.case.values import Quantity


def test_a_copy_with_another_value_is_drawn_from_that_value():
    first = Quantity(value=10.0)
    assert first.distribution.mean() == 10
    assert first.model_copy(update={"value": 20.0}).distribution.mean() == 20
    assert first.distribution.mean() == 10


def test_a_changed_case_has_a_hash_of_its_own():
    juniper = case()
    before = juniper.sha256
    assert juniper.model_copy(update={"title": "Another"}).sha256 != before
    assert juniper.sha256 == before
