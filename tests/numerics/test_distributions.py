import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import betaincinv, ndtr, ndtri

from interlocal.numerics.distributions import (
    Discrete,
    Empirical,
    Fixed,
    Lognormal,
    Mixture,
    Normal,
    Percentiles,
    Pert,
    Triangular,
    Uniform,
)

number = st.floats(-1e9, 1e9, allow_nan=False)
three = st.lists(number, min_size=3, max_size=3).map(sorted)
distribution = st.one_of(
    number.map(Fixed),
    three.map(lambda x: Uniform(x[0], x[2])),
    three.map(lambda x: Triangular(*x)),
    three.map(lambda x: Pert(*x)),
    three.map(lambda x: Percentiles(*x)),
    st.builds(Normal, number, st.floats(0, 1e6)),
    st.builds(Lognormal.from_mean_sd, st.floats(1, 1e9), st.floats(0, 1e9)),
    st.lists(number, min_size=1, max_size=9).map(Empirical),
    st.lists(number, min_size=4, max_size=4).map(lambda x: Discrete(x, [0.1, 0.2, 0.3, 0.4])),
)
PROBABILITIES = np.linspace(0.0005, 0.9995, 1000)
MANY = (np.arange(1_000_000) + 0.5) / 1_000_000


@given(distribution)
def test_quantile_function_never_falls(d):
    values = d.ppf(PROBABILITIES)
    assert np.all(np.isfinite(values))
    slack = 1e-12 * (1 + np.abs(values).max())
    assert np.all(np.diff(values) >= -slack)


@given(distribution)
def test_quantiles_and_scores_agree_and_a_single_number_works(d):
    assert d.from_normal(0.0) == d.median() == d.ppf(0.5)
    assert d.ppf(np.full((2, 3), 0.3)).shape == (2, 3)


@given(three)
@example([0.0, 0.0, 3.8e-162])
def test_bounded_shapes_stay_within_their_bounds(points):
    low, _, high = points
    slack = 1e-12 * (abs(low) + abs(high))
    for d in (Triangular(*points), Pert(*points), Uniform(low, high), Empirical(points)):
        values = d.from_normal([-np.inf, -9, -1, 0, 1, 9, np.inf])
        assert low - slack <= values.min()
        assert values.max() <= high + slack


@given(three)
def test_percentiles_are_met_exactly(points):
    found = Percentiles(*points).ppf([0.1, 0.5, 0.9])
    assert found == pytest.approx(points, rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("mode", [0, 0.02, 0.3, 0.5, 0.8, 1])
def test_pert_is_the_beta_quantile_to_a_millionth_of_the_range(mode):
    z = np.linspace(-8.5, 8.5, 20_001)
    a, b = 1 + 4 * mode, 5 - 4 * mode
    exact = np.where(z < 0, betaincinv(a, b, ndtr(z)), 1 - betaincinv(b, a, ndtr(-z)))
    assert np.abs(Pert(0, mode, 1).from_normal(z) - exact).max() < 1e-6


@pytest.mark.parametrize(
    ("d", "mean", "median"),
    [
        (Fixed(3), 3, 3),
        (Uniform(2, 6), 4, 4),
        (Triangular(0, 1, 4), 5 / 3, 4 - math.sqrt(6)),
        (Pert(0, 1, 4), 8 / 6, 4 * betaincinv(2, 4, 0.5)),
        (Normal(5, 2), 5, 5),
        (Lognormal.from_median(100, 0.5), 100 * math.exp(0.125), 100),
        (Percentiles(80, 100, 140), 100 + 20 / (ndtri(0.9) * math.sqrt(2 * math.pi)), 100),
        (Discrete([1, 10], [0.6, 0.4]), 4.6, 1),
        (Empirical([1, 2, 3, 10]), 3.5, 2.5),
    ],
)
def test_mean_and_median_in_closed_form_and_by_integration(d, mean, median):
    assert d.mean() == pytest.approx(mean)
    assert d.median() == pytest.approx(median, abs=1e-6)
    assert d.ppf(MANY).mean() == pytest.approx(mean, rel=1e-4)


def test_lognormal_from_mean_and_sd_and_from_percentiles():
    values = Lognormal.from_mean_sd(50, 20).ppf(MANY)
    assert values.mean() == pytest.approx(50, rel=1e-4)
    assert values.std() == pytest.approx(20, rel=1e-3)
    assert Lognormal.from_p10_p90(10, 40).ppf([0.1, 0.5, 0.9]) == pytest.approx([10, 20, 40])


def test_empirical_is_numpys_quantile():
    observed = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]
    expected = np.quantile(observed, PROBABILITIES)
    assert Empirical(observed).ppf(PROBABILITIES) == pytest.approx(expected)


@pytest.mark.parametrize(
    "d",
    [
        Fixed(7),
        Uniform(7, 7),
        Triangular(7, 7, 7),
        Pert(7, 7, 7),
        Normal(7, 0),
        Percentiles(7, 7, 7),
        Discrete([7, 8], [1, 0]),
        Empirical([7]),
        Empirical([7, 7]),
        Mixture([1, 3], [Fixed(7), Normal(7, 0)]),
    ],
)
def test_without_spread_it_is_fixed(d):
    assert d.is_fixed
    assert d.mean() == d.median() == 7


@pytest.mark.parametrize(
    "d", [Pert(0, 0, 1), Percentiles(1, 1, 2), Normal(0, 1), Mixture([1, 1], [Fixed(1), Fixed(2)])]
)
def test_with_spread_it_is_not_fixed(d):
    assert not d.is_fixed


@pytest.mark.parametrize("shape", [Triangular, Pert])
def test_the_likely_value_may_lie_at_either_end(shape):
    assert shape(0, 0, 1).mean() < 0.5 < shape(0, 1, 1).mean()
    assert shape(0, 0, 1).median() == pytest.approx(1 - shape(0, 1, 1).median())


def test_mixture_picks_in_proportion_to_the_weights():
    rng = np.random.default_rng(3)
    d = Mixture([3, 1, 0], [Uniform(0, 1), Uniform(10, 12), Fixed(99)])
    values = d.sample(rng.random(100_000), rng.random(100_000))
    assert np.mean(values > 5) == pytest.approx(0.25, abs=0.01)
    assert values.max() < 12
    assert d.mean() == pytest.approx(0.75 * 0.5 + 0.25 * 11)
    assert d.median() == pytest.approx(2 / 3, abs=1e-3)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Fixed(math.nan), "value must be a finite number"),
        (lambda: Uniform(2, 1), "low ≤ high must hold, not 2, 1"),
        (lambda: Pert(1, 4, 3), "low ≤ likely ≤ high must hold"),
        (lambda: Triangular(1, 0, 3), "low ≤ likely ≤ high must hold"),
        (lambda: Percentiles(1, 3, 2), "p10 ≤ p50 ≤ p90 must hold"),
        (lambda: Normal(1, -1), "standard deviation must be at least 0"),
        (lambda: Lognormal.from_mean_sd(0, 1), "mean must be above 0"),
        (lambda: Lognormal.from_median(-1, 1), "median must be above 0"),
        (lambda: Discrete([1, 2], [0.5]), "2 values need as many probabilities, not 1"),
        (lambda: Discrete([1, 2], [0.5, 0.6]), "sum to 1, not to 1.1"),
        (lambda: Discrete([1, 2], [-0.5, 1.5]), "at least 0"),
        (lambda: Empirical([]), "at least one observed value"),
        (lambda: Mixture([], []), "0 components"),
        (lambda: Mixture([0], [Fixed(1)]), "not all 0"),
    ],
)
def test_what_cannot_be_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()
