import numpy as np
import pytest

from interlocal.numerics.correlation import copula_factor, correlated_normals, normal_correlation
from interlocal.problems import InputError


def test_scores_reach_the_rank_correlations_of_the_matrix():
    wanted = np.array([[1, 0.6, -0.3], [0.6, 1, 0.0], [-0.3, 0.0, 1]])
    z = correlated_normals(copula_factor(wanted), np.random.default_rng(5), 50_000)
    ranks = np.argsort(np.argsort(z, axis=1), axis=1)
    assert np.corrcoef(ranks) == pytest.approx(wanted, abs=0.015)
    assert z.std(axis=1) == pytest.approx(np.ones(3), abs=0.02)


def test_inputs_that_move_as_one_are_allowed():
    factor = copula_factor(np.ones((3, 3)))
    assert factor @ factor.T == pytest.approx(np.ones((3, 3)))


def test_a_contradiction_names_the_pair_and_what_would_do():
    matrix = [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]
    with pytest.raises(InputError) as error:
        copula_factor(matrix, ["wages", "fuel", "volume"])
    (problem,) = error.value.problems
    assert problem.where.startswith("correlation of ")
    assert "contradicts the other correlations" in problem.found
    assert "for this pair" in problem.expected


def test_every_wrong_number_is_reported_at_once():
    with pytest.raises(InputError) as error:
        copula_factor([[1, 1.2, 0.1], [1.2, 0.9, 0], [0.3, 0, 1]])
    assert [p.path for p in error.value.problems] == ["/1/0", "/1/1", "/2/0"]


def test_a_matrix_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"3 inputs need a matrix of shape \(3, 3\)"):
        copula_factor(np.eye(2), ["a", "b", "c"])


@pytest.mark.parametrize(("rank", "score"), [(0, 0), (1, 1), (-1, -1), (0.5, 0.5176380902)])
def test_spearman_to_normal_correlation_pearson_1907(rank, score):
    assert normal_correlation(rank) == pytest.approx(score)


def test_a_correlation_above_one_is_refused():
    with pytest.raises(ValueError, match="between -1 and 1"):
        normal_correlation(1.1)
