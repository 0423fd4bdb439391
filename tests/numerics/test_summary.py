import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.numerics.summary import (
    draws_needed,
    drivers,
    enough_draws,
    in_words,
    probability,
    quantiles,
    standard_error_of_mean,
)

ORDER = [
    "almost certainly not",
    "very unlikely",
    *(f"about {k} in 10" for k in range(1, 10)),
    "very likely",
    "almost certain",
]
chance = st.floats(0, 1)


def test_quantiles_lie_between_order_statistics():
    assert quantiles([4, 1, 3, 2, 5], (0, 0.1, 0.5, 1)) == pytest.approx((1, 1.4, 3, 5))


def test_probability_comes_with_its_standard_error():
    assert probability(np.arange(100) < 20) == pytest.approx((0.2, 0.04))


def test_standard_error_of_the_mean():
    assert standard_error_of_mean([1, 3]) == pytest.approx(1)
    with pytest.raises(ValueError, match="at least 2 draws"):
        standard_error_of_mean([1])


def test_draws_needed_by_the_textbook():
    assert draws_needed(0.5, 1) == 385


def test_too_few_draws_are_said_so():
    assert enough_draws(0.5, 10_000) is None
    assert enough_draws(0.7, 100) == "100 draws are too few to say 0.7 to the last digit; about 330 would do."
    assert "0.50" in enough_draws(0.5, 10_000, digits=2)


def test_never_in_a_few_draws_is_not_never():
    assert enough_draws(0.0, 10) is not None


@given(chance, chance)
def test_words_rise_with_the_probability(p, q):
    low, high = sorted((p, q))
    assert ORDER.index(in_words(low)) <= ORDER.index(in_words(high))


@pytest.mark.parametrize(
    ("p", "words"),
    [(0, ORDER[0]), (0.03, ORDER[1]), (0.7, "about 7 in 10"), (0.96, "very likely"), (1, ORDER[-1])],
)
def test_words(p, words):
    assert in_words(p) == words


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_has_no_words(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        in_words(p)


@pytest.fixture
def sample():
    rng = np.random.default_rng(8)
    x = dict(zip("abcd", rng.standard_normal((4, 2000)).round(1), strict=True))
    return x, np.exp(x["b"] + 0.5 * x["c"]) + 0.01 * x["d"]


def test_drivers_are_ranked_by_their_part_of_the_spread(sample):
    ranked = drivers(*sample)
    assert [name for name, _ in ranked[:2]] == ["b", "c"]
    assert sum(share for _, share in ranked) == pytest.approx(1)
    assert ranked[0][1] == pytest.approx(0.8, abs=0.05)


def test_the_ranking_is_the_same_to_the_last_digit_in_any_order_of_draws_and_inputs(sample):
    inputs, outcome = sample
    order = np.random.default_rng(9).permutation(outcome.size)
    shuffled = {name: inputs[name][order] for name in reversed(inputs)}
    assert drivers(shuffled, outcome[order]) == drivers(inputs, outcome)


def test_equals_are_ranked_by_name_and_what_does_not_vary_drives_nothing():
    x = np.arange(10.0)
    assert drivers({"b": x, "a": x, "c": np.ones(10)}, x) == [("a", 0.5), ("b", 0.5), ("c", 0.0)]
    assert drivers({"a": x}, np.ones(10)) == [("a", 0.0)]


def test_spearman_correlation_of_tied_ranks_recalled():
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: r² = 0.9.
    (_, b), (_, a) = drivers({"a": [1, 2, 2, 3], "z": [1, 2, 3, 4]}, [1, 2, 3, 4])
    assert a / b == pytest.approx(0.9)
