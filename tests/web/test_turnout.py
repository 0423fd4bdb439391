import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.web.turnout import turnout

counts = st.integers(0, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(st.dictionaries(st.sampled_from("abcdefgh"), counts), st.integers(5, 12))
def test_every_line_hides_people_among_enough_others_and_no_line_follows_from_the_rest(links, smallest):
    lines = turnout(links, smallest)
    for line in lines:
        assert line.invited == sum(links[p][0] for p in line.partners) >= smallest
        if line.answered is not None:
            assert line.answered == sum(links[p][1] for p in line.partners)
            assert 2 <= line.answered <= line.invited - 2
    told = [p for line in lines for p in line.partners]
    assert len(told) == len(set(told))
    left = sum(n for p, (n, _) in links.items() if p not in told)
    assert left == 0 or (left < smallest and not lines)


@pytest.mark.parametrize(
    ("answered", "words"),
    [(0, "none or one of 8"), (1, "none or one of 8"), (2, "2 of 8"), (6, "6 of 8"), (7, "all or all but one of 8"), (8, "all or all but one of 8")],
)  # fmt: skip
def test_a_number_that_tells_of_one_person_is_put_in_words(answered, words):
    assert [t.words for t in turnout({"ash": (8, answered)}, 5)] == [words]


def test_a_small_partner_is_counted_with_the_smallest_large_one():
    lines = turnout({"ash": (9, 3), "birch": (6, 3), "elm": (2, 1)}, 5)
    assert [(t.partners, t.words) for t in lines] == [(("ash",), "3 of 9"), (("birch", "elm"), "4 of 8")]
