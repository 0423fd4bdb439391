import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.consensus.aggregates import pooled
from interlocal.consensus.panels import panels, raters
from interlocal.consensus.rankings import Ranking, publish_rankings
from interlocal.consensus.suppression import Answer, publish
from interlocal.problems import InputError


def answers(cell, levels, *, wave=1, first=0, statement="s", about=""):
    partner, group = cell
    return [
        Answer(f"{partner}-{group}-{first + i:02}", partner, group, statement, level, wave, about)
        for i, level in enumerate(levels)
    ]


def test_fewer_than_five_are_withheld():
    published = publish(answers(("ash", "staff"), [1, 2, 3, 4]))
    assert published.aggregates == ()
    assert [item.why for item in published.withheld] == ["few"]


def test_unanimous_and_all_but_one_are_withheld():
    for levels in ([4] * 6, [4] * 5 + [2]):
        published = publish(answers(("ash", "staff"), levels))
        assert published.aggregates == ()
        assert [item.why for item in published.withheld] == ["alike"]
    assert publish(answers(("ash", "staff"), [4] * 5 + [2, 2])).aggregates[0].counts == (0, 2, 0, 5, 0)


def test_small_cells_are_pooled_inside_their_group_and_no_remainder_is_left():
    raw = (
        answers(("ash", "staff"), [1, 2, 3, 4, 5, 5])
        + answers(("elm", "staff"), [2, 2, 4])
        + answers(("ash", "managers"), [3])
        + answers(("elm", "managers"), [5])
    )
    published = publish(raw)
    assert published.withheld == ()
    assert sum(pooled(published.aggregates)) == len(raw)
    assert all(aggregate.raters >= 5 for aggregate in published.aggregates)


def test_pairs_are_shown_only_where_five_answered():
    raw = answers(("ash", "staff"), [1, 2, 3, 3, 4], about="elm")
    raw += answers(("elm", "staff"), [5, 4], about="ash") + answers(("oak", "staff"), [2, 3, 3], about="ash")
    published = publish(raw, by=("partner", "about"))
    pair, rest = sorted(published.aggregates, key=lambda a: a.partners)
    assert (pair.partner, pair.rated) == ("ash", "elm")
    assert rest.partner is None


def test_two_people_answering_about_many_partners_are_still_two_people():
    raw = [
        Answer(f"r{person}", "ash", "staff", "s", 1 + (person + i) % 5, about=about)
        for person in range(2)
        for i, about in enumerate(("elm", "oak", "yew"))
    ]
    assert publish(raw, by=("partner", "about")).aggregates == ()


def test_the_one_who_left_hides_among_five():
    first = answers(("ash", "staff"), [2, 3, 4] * 4)
    second = answers(("ash", "staff"), ([2, 3, 4] * 4)[1:], wave=2, first=1)
    one, two = publish(first + second).aggregates
    assert (one.raters, two.raters) == (12, 7)
    assert one.panel != two.panel
    assert [item.why for item in publish(first + second).withheld] == ["waves"]


def test_the_same_people_are_the_same_panel():
    raw = answers(("ash", "staff"), [2, 3, 4, 4, 2]) + answers(("ash", "staff"), [3, 3, 4, 4, 5], wave=2)
    one, two = publish(raw).aggregates
    assert one.panel == two.panel


def test_everyone_invited_is_counted_once_beside_the_answers():
    raw = answers(("ash", "staff"), [1, 2, 3, 4, 5])
    invited = {(1, "ash", "staff"): 8, (1, "elm", "staff"): 6, (1, "elm", "managers"): 1}
    published = publish(raw, invited)
    assert [aggregate.invited for aggregate in published.aggregates] == [8]
    assert [(item.invited, item.why) for item in published.withheld] == [(7, "few")]


def test_the_threshold_can_be_raised_but_not_lowered():
    raw = answers(("ash", "staff"), [1, 2, 3, 4, 5])
    assert publish(raw, threshold=6).aggregates == ()
    with pytest.raises(InputError, match="can never be lowered"):
        publish(raw, threshold=4)
    with pytest.raises(InputError, match="can never be lowered"):
        publish_rankings(["a"], [], threshold=4)


def test_all_bad_answers_are_named_at_once():
    raw = [*answers(("ash", "staff"), [0, 3]), *answers(("ash", "staff"), [6, 3])]
    with pytest.raises(InputError) as error:
        publish(raw)
    assert [p.path for p in error.value.problems] == ["/0/level", "/2/level", "/2", "/3"]


def test_rankings_give_rank_sums_and_tie_terms():
    scores = [(1, 2, 3), (1, 2, 3), (3, 2, 1), (2, 1, 2), (2, 3, 1)]
    (aggregate,) = publish_rankings(
        ["cost", "speed", "jobs"], [Ranking(f"r{i}", s) for i, s in enumerate(scores)]
    )
    assert aggregate.rankers == 5
    assert aggregate.rank_sums == (1 + 1 + 3 + 2.5 + 2, 2 + 2 + 2 + 1 + 3, 3 + 3 + 1 + 2.5 + 1)
    assert aggregate.tie_terms == 6


def test_rankings_that_give_one_rank_away_are_withheld():
    scores = [(1, 2, 3), (1, 3, 2), (1, 2, 3), (1, 3, 2), (1, 2, 3)]
    assert publish_rankings(["a", "b", "c"], [Ranking(f"r{i}", s) for i, s in enumerate(scores)]) == ()


def test_a_ranking_must_score_every_item():
    with pytest.raises(InputError, match="1 scores"):
        publish_rankings(["a", "b"], [Ranking("r", (1,)), Ranking("r2", (1, 2))])


person = st.tuples(st.integers(0, 20), st.sampled_from(["", "elm"])).map(lambda u: (f"r{u[0]:02}", u[1]))
wave = st.dictionaries(person, st.tuples(st.sampled_from("xy"), st.sampled_from("ab")), max_size=30)


@given(st.lists(wave, max_size=4), st.integers(5, 7))
def test_panels_form_a_tree_whose_every_piece_holds_the_threshold(waves, threshold):
    cut = panels(waves, threshold)
    every = {panel for at in cut for panel in at.counted}
    for at, present in zip(cut, waves, strict=True):
        assert sum(map(len, at.counted)) + len(at.few) + len(at.left_out) == len(present)
    for panel in every:
        assert len(raters(panel)) >= threshold
        for other in every:
            assert not panel & other or panel <= other or other <= panel
        inner = [other for other in every if other < panel]
        remainder = panel.difference(*inner)
        assert not remainder or len(raters(remainder)) >= threshold


@given(st.lists(wave, min_size=1, max_size=4))
def test_what_was_published_is_not_changed_by_later_waves(waves):
    assert panels(waves, 5)[:-1] == panels(waves[:-1], 5)
