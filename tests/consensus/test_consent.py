"""From what people chose to what their body says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.consensus.consent import LEVELS, graded

CHOSEN = st.lists(st.sampled_from(LEVELS), max_size=9)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ("eee", "endorse"),
        ("eeb", "endorse"),
        ("elb", "live_with"),
        ("llb", "live_with"),
        ("eb", "block"),  # a tie is lost
        ("el", "live_with"),
        ("ebb", "block"),
        ("b", "block"),
    ],
)
def test_more_than_half_reach_the_level(chosen, says):
    names = {"e": "endorse", "l": "live_with", "b": "block"}
    assert graded([names[c] for c in chosen], quorum=1) == says


@given(CHOSEN, st.integers(1, 9))
def test_without_a_quorum_a_body_has_not_spoken(chosen, quorum):
    assert (graded(chosen, quorum=quorum) is None) == (len(chosen) < quorum)


@given(CHOSEN.filter(len), st.data())
def test_somebody_more_willing_never_makes_the_body_less_willing(chosen, data):
    i = data.draw(st.integers(0, len(chosen) - 1))
    better = list(chosen)
    better[i] = LEVELS[max(0, LEVELS.index(chosen[i]) - 1)]
    assert LEVELS.index(graded(better, quorum=1)) <= LEVELS.index(graded(chosen, quorum=1))


@given(CHOSEN.filter(len), st.randoms())
def test_the_order_of_answers_does_not_matter(chosen, random):
    shuffled = list(chosen)
    random.shuffle(shuffled)
    assert graded(shuffled, quorum=1) == graded(chosen, quorum=1)
