import numpy as np
import pytest

from interlocal.numerics import cashflow, compiled
from interlocal.numerics.cashflow import Cashflow, Line, net_present_values, percentiles
from interlocal.numerics.distributions import Fixed, Lognormal, Normal, Pert


def model(*inputs, lines, rate=0.04):
    return Cashflow(tuple(inputs), tuple(map(tuple, np.eye(len(inputs)).tolist())), lines, rate)


def test_a_known_cash_flow_is_worth_what_the_textbook_says():
    grows = Line(0, (1.0, -0.25), first=1, last=3, growth=1)
    stays = Line(2, (0.0, 1.0), first=0, last=1)
    totals = net_present_values(model(Fixed(100), Fixed(0.02), Fixed(10), lines=(grows, stays)), 3, seed=1)
    present = sum(100 * 1.02**t / 1.04**t for t in (1, 2, 3))
    kept = 10 + 10 / 1.04
    expected = [present, -0.25 * present + kept, 0.75 * present + kept]
    assert totals == pytest.approx(np.repeat(np.array(expected)[:, None], 3, axis=1))


def test_the_same_bytes_with_any_number_of_threads():
    uncertain = model(
        Lognormal.from_mean_sd(100, 20),
        Normal(0.02, 0.01),
        Pert(0, 1, 5),
        lines=(Line(0, (0.5, 0.5), 0, 9, growth=1), Line(2, (-1.0, 0.0), 2, 4)),
    )
    draws = 2 * cashflow.BLOCK + 1000
    alone = net_present_values(uncertain, draws, seed=3)
    assert net_present_values(uncertain, draws, seed=3, threads=4).tobytes() == alone.tobytes()
    first_block = net_present_values(uncertain, cashflow.BLOCK, seed=3)
    assert np.array_equal(first_block, alone[:, : cashflow.BLOCK])
    assert not np.array_equal(net_present_values(uncertain, cashflow.BLOCK, seed=4), first_block)


def test_the_compiled_loops_and_the_plain_ones_agree():
    rng = np.random.default_rng(2)
    factor = np.tril(rng.random((5, 5)))
    scores = rng.standard_normal((5, 300))
    plain, fast = scores.copy(), scores.copy()
    cashflow.correlate(factor, plain)
    compiled.correlate(factor, fast)
    assert plain == pytest.approx(factor @ scores)
    assert fast == pytest.approx(plain)

    terms = np.array([[0, 1, 0, 9], [2, -1, 3, 3], [3, 4, 2, 6]])
    shares = rng.standard_normal((3, 4))
    values = 0.1 * scores
    plain, fast = np.empty((5, 300)), np.empty((5, 300))
    cashflow.discount(values, terms, shares, 0.96, plain)
    compiled.discount(values, terms, shares, 0.96, fast)
    assert fast == pytest.approx(plain)


def test_correlated_costs_spread_their_sum_more():
    inputs = (Normal(100, 10), Normal(100, 10))
    lines = (Line(0, (1.0,), 0, 0), Line(1, (1.0,), 0, 0))
    spread = [
        net_present_values(Cashflow(inputs, ((1, r), (r, 1)), lines, 0.0), 20_000, seed=5)[-1].std()
        for r in (-0.5, 0.0, 0.5)
    ]
    pearson = 2 * np.sin(np.pi * np.array([-0.5, 0.0, 0.5]) / 6)
    assert spread == pytest.approx(10 * np.sqrt(2 + 2 * pearson), rel=0.03)


def test_percentiles_of_each_total():
    assert percentiles(np.array([[1.0, 2, 3], [4, 6, 8]]), (0.5, 1.0), threads=2) == ((2, 3), (6, 8))
