from collections import Counter

import pytest

from interlocal.consensus.statements import dimensions, statements
from interlocal.problems import InputError

NECESSITIES = [
    "political_will",
    "administration",
    "vision",
    "champion",
    "persistence",
    "beyond_study",
    "trust",
    "open_process",
    "creativity",
    "equity",
    "timing",
    "governance",
    "no_one_size",
]


@pytest.mark.parametrize("language", ["en", "es"])
def test_at_least_three_statements_for_each_necessity_each_trust_dimension_and_safety(language):
    count = Counter(statement.about for statement in statements(language).values())
    wanted = [f"necessity.{name}" for name in NECESSITIES]
    wanted += ["trust.reliability", "trust.openness", "trust.shared_mission", "safety", "pulse"]
    assert set(count) == set(wanted)
    assert all(count[about] >= 3 for about in wanted)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_level_is_described_in_words_of_its_own(language):
    for statement in statements(language).values():
        assert len(statement.levels) == 5
        assert len(set(statement.levels)) == 5
        assert ("{partner}" in statement.text) == statement.rates_partner
        assert statement.text.endswith("?")


def test_the_translation_follows_the_original_and_says_that_it_is_a_draft():
    english, spanish = statements(), statements("es")
    assert list(english) == list(spanish)
    assert [s.about for s in english.values()] == [s.about for s in spanish.values()]
    assert all(s.draft for s in spanish.values())
    assert not any(s.draft for s in english.values())


def test_dimensions_are_those_of_the_trust_statements():
    assert set(dimensions().values()) == {"reliability", "openness", "shared_mission"}


def test_an_unknown_language_is_told_which_there_are():
    with pytest.raises(InputError, match="en or es"):
        statements("fr")
