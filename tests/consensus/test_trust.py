import pytest

from interlocal.consensus.aggregates import Aggregate
from interlocal.consensus.trust import trend, trust

DIMENSION = {"kept": "reliability", "late": "reliability", "open": "openness"}


def pair(rater, rated, counts, *, statement="kept", wave=1, panel=0):
    return Aggregate(statement, wave, panel, (rater,), ("staff",), (rated,), sum(counts), sum(counts), counts)


RATED = [
    pair("ash", "elm", (0, 0, 0, 4, 2)),
    pair("ash", "elm", (0, 0, 0, 2, 4), statement="late"),
    pair("ash", "elm", (0, 2, 4, 0, 0), statement="open"),
    pair("elm", "ash", (2, 4, 0, 0, 0)),
    Aggregate("kept", 1, 2, ("elm", "oak"), ("staff",), ("ash", "oak"), 5, 6, (0, 0, 2, 3, 0)),
    pair("ash", "elm", (6, 0, 0, 0, 0), statement="not about trust"),
]


def test_a_pair_is_the_mean_of_its_dimensions():
    result = trust(RATED, DIMENSION, ["ash", "elm", "oak"], 1)
    assert result.pairs["ash", "elm"].by_dimension == pytest.approx(
        {"reliability": (26 / 6 + 28 / 6) / 2, "openness": 16 / 6}
    )
    assert result.pairs["ash", "elm"].level == pytest.approx((4.5 + 16 / 6) / 2)


def test_weakest_link_asymmetry_and_the_pairs_we_may_not_speak_of():
    result = trust(RATED, DIMENSION, ["ash", "elm", "oak"], 1)
    assert (result.weakest.rater, result.weakest.rated) == ("elm", "ash")
    assert result.weakest.below()
    ((a, b, gap),) = result.asymmetries()
    assert (a, b) == ("ash", "elm")
    assert gap == pytest.approx(result.pairs["ash", "elm"].level - 10 / 6)
    assert ("oak", "ash") in result.hidden
    assert len(result.hidden) == 4


def test_the_pooled_level_counts_the_pairs_too_small_to_stand_alone():
    alone = trust([RATED[3]], DIMENSION, ["ash", "elm"], 1)
    pooled = trust([RATED[3], RATED[4]], DIMENSION, ["ash", "elm"], 1)
    assert alone.level == pytest.approx(10 / 6)
    assert pooled.level == pytest.approx((10 + 18) / 11)


def test_nothing_shown_is_no_trust_level():
    result = trust([], DIMENSION, ["ash", "elm"], 1)
    assert result.level is None
    assert result.weakest is None


def test_the_trend_follows_the_same_people():
    second = [
        pair("elm", "ash", (0, 2, 4, 0, 0), wave=2),
        pair("ash", "elm", (5, 1, 0, 0, 0), wave=2, panel=9),
    ]
    result = trend(RATED + second, DIMENSION, 1, 2)
    assert result.change == pytest.approx(1)
    assert result.pairs == pytest.approx({("elm", "ash"): 1})
    assert trend(RATED, DIMENSION, 1, 2).change is None
