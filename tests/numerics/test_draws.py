import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.numerics.distributions import Fixed, Mixture, Normal, Pert, Uniform
from interlocal.numerics.draws import (
    Block,
    CentralDraws,
    Overridden,
    RandomDraws,
    blocks,
    escalation_path,
)


def spearman(x, y):
    ranks = [np.argsort(np.argsort(v)) for v in (x, y)]
    return np.corrcoef(*ranks)[0, 1]


@pytest.fixture
def draws():
    return RandomDraws(Block(seed=11, index=0, size=20_000))


@given(st.integers(1, 100_000), st.integers(1, 9999))
def test_blocks_hold_every_draw_once(draws, size):
    cut = blocks(draws, seed=1, size=size)
    assert sum(b.size for b in cut) == draws
    assert [b.index for b in cut] == list(range(len(cut)))
    assert all(b.size == size for b in cut[:-1])


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        blocks(0, seed=1)


def test_an_input_added_or_moved_changes_no_other(draws):
    a = draws.quantity("wages", Normal(0, 1), "prices", 0.5)
    b = draws.quantity("fuel", Pert(0, 1, 5), "prices", 0.5)
    other = RandomDraws(draws.block)
    other.uniform("wages")
    other.quantity("new", Normal(0, 1), "prices", 0.9)
    assert other.quantity("fuel", Pert(0, 1, 5), "prices", 0.5).tobytes() == b.tobytes()
    assert other.quantity("wages", Normal(0, 1), "prices", 0.5).tobytes() == a.tobytes()


def test_names_blocks_seeds_and_kinds_have_streams_of_their_own():
    def first(seed, index, name):
        draws = RandomDraws(Block(seed, index, 4))
        return [draws.quantity(name, Normal(0, 1))[0], draws.normal(name)[0, 0], draws.uniform(name)[0]]

    numbers = [x for seed in (1, 2) for index in (0, 1) for name in "ab" for x in first(seed, index, name)]
    assert len(set(numbers)) == len(numbers)


def test_asking_again_gives_the_same_array_that_nobody_can_write_to(draws):
    first = draws.quantity("wages", Normal(0, 1))
    assert draws.quantity("wages", Normal(0, 1)) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1


def test_a_stress_that_shifts_a_distribution_keeps_its_random_numbers(draws):
    calm = draws.quantity("wages", Normal(0, 1))
    assert draws.quantity("wages", Normal(5, 1)) == pytest.approx(calm + 5)


def test_more_years_of_noise_leave_the_first_ones_alone(draws):
    assert np.array_equal(draws.normal("prices", 10), draws.normal("prices", 30)[:, :10])


@pytest.mark.parametrize("rho", [0.3, 0.8, 1.0])
def test_group_members_reach_their_rank_correlation(draws, rho):
    a = draws.quantity("a", Pert(0, 1, 9), "g", rho)
    b = draws.quantity("b", Normal(0, 1), "g", rho)
    against = draws.quantity("c", Uniform(0, 1), "g", -rho)
    alone = draws.quantity("d", Uniform(0, 1))
    assert spearman(a, b) == pytest.approx(rho, abs=0.02)
    assert spearman(a, against) == pytest.approx(-rho, abs=0.02)
    assert spearman(a, alone) == pytest.approx(0, abs=0.02)


def test_only_uncertain_quantities_can_drive_a_result(draws):
    draws.quantity("known", Fixed(2))
    draws.quantity("unknown", Normal(0, 1))
    assert list(draws.drawn) == ["unknown"]


def test_mixtures_are_drawn_in_their_proportions(draws):
    values = draws.quantity("source", Mixture([1, 3], [Fixed(0), Normal(10, 1)]))
    assert np.mean(values == 0) == pytest.approx(0.25, abs=0.02)
    assert values[values != 0].mean() == pytest.approx(10, abs=0.05)


def test_the_central_path_is_the_median_of_everything():
    central = CentralDraws(3, {"rate": [0.01, 0.02, 0.03]})
    assert central.quantity("cost", Pert(0, 2, 4)).tolist() == pytest.approx([2, 2, 2])
    assert central.quantity("rate", Normal(0, 1)).tolist() == [0.01, 0.02, 0.03]
    assert central.normal("noise", 2).tolist() == [[0, 0]] * 3
    assert central.uniform("pick").tolist() == [0.5] * 3


def test_overriding_one_input_leaves_the_rest(draws):
    stressed = Overridden(draws, {"fuel": 3.0, "noise": 1.0, "pick": 0.2})
    assert stressed.size == draws.size
    assert set(stressed.quantity("fuel", Normal(0, 1))) == {3.0}
    assert stressed.quantity("wages", Normal(0, 1)) is draws.quantity("wages", Normal(0, 1))
    assert stressed.normal("noise", 4).shape == (draws.size, 4)
    assert stressed.normal("other", 2) is draws.normal("other", 2)
    assert set(stressed.uniform("pick")) == {0.2}
    assert np.array_equal(stressed.uniform("other"), draws.uniform("other"))


@pytest.mark.parametrize("persistence", [0.0, 0.6])
def test_growth_wanders_with_the_stated_spread_and_memory(draws, persistence):
    path = escalation_path(0.03, 0.01, persistence, draws.normal("prices", 12))
    growth = path[:, 1:] / path[:, :-1] - 1
    assert np.all(path[:, 0] == 1)
    assert growth.mean() == pytest.approx(0.03, abs=2e-4)
    assert growth.std(0) == pytest.approx(np.full(11, 0.01), rel=0.03)
    assert np.corrcoef(growth[:, 4], growth[:, 5])[0, 1] == pytest.approx(persistence, abs=0.02)
    assert np.corrcoef(growth[:, 3], growth[:, 6])[0, 1] == pytest.approx(persistence**3, abs=0.02)


def test_growth_without_noise_is_compound_interest_for_each_draw():
    path = escalation_path(np.array([0.02, 0.05]), 0.0, 0.5, np.ones((2, 4)))
    assert path == pytest.approx(np.array([[1.02**t, 1.05**t] for t in range(4)]).T)


def test_prices_never_fall_below_nothing():
    assert escalation_path(0.0, 5.0, 0.0, np.full((1, 3), -1.0)).tolist() == [[1, 0, 0]]


def test_persistence_of_one_is_refused():
    with pytest.raises(ValueError, match="below 1"):
        escalation_path(0.0, 0.1, 1.0, np.zeros((1, 2)))


def test_drawing_does_not_wait_for_the_compiler():
    code = "import sys, interlocal.numerics.draws as d; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
