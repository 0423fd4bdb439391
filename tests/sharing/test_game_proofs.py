"""Exact proofs of the nucleolus, and intervals of sampled Shapley values."""

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from interlocal.sharing import (
    Game,
    NotProvenError,
    answer,
    certify_nucleolus,
    nucleolus,
    prenucleolus,
    sampled_shapley,
)
from interlocal.sharing import certificate as certificates
from interlocal.sharing.certificate import certificate_in_cents

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import games


@pytest.fixture(autouse=True, scope="module")
def _small_games_stay_uncompiled():
    """Spare a fresh checkout ten seconds of compiling in the quick run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("interlocal.sharing.compiled.PATIENCE", 60)
        yield


@pytest.mark.parametrize("name", games.ALL)
@pytest.mark.parametrize("n", [2, 5, 8])
def test_nucleolus_is_proven_in_whole_cents(name, n):
    table, kind = games.ALL[name](n, np.random.default_rng(n))
    game = Game(tuple(map(str, range(n))), np.round(100 * table), kind)
    for per_capita in (False, True):
        proof = certify_nucleolus(game, per_capita=per_capita, rational=False)
        assert sum(proof.shares) == int(game.whole)
    proof = certify_nucleolus(game, prenucleolus(game), rational=False)
    assert proof.difference <= 1e-9 * max(1, np.abs(game.table).max())
    levels = [each.level for each in proof.proofs]
    assert levels == sorted(levels, reverse=True)
    assert all(weight > 0 for each in proof.proofs for weight in each.multipliers)


@pytest.mark.slow
@pytest.mark.parametrize("name", games.ALL)
@pytest.mark.parametrize("n", [12, 16])
def test_nucleolus_is_proven_to_sixteen_players(name, n):
    table, kind = games.ALL[name](n, np.random.default_rng(n))
    game = Game(tuple(map(str, range(n))), np.round(100 * table), kind)
    assert sum(certify_nucleolus(game, rational=False).shares) == int(game.whole)


def test_a_third_of_a_cent_is_proven_exactly():
    estate = Game(("100", "200", "300"), [0, 0, 0, 0, 0, 0, 0, 10_000], "savings")
    proof = certify_nucleolus(estate, nucleolus(estate))
    assert proof.shares == (Fraction(10_000, 3),) * 3


def test_wrong_shares_are_told_how_far_off_they_are():
    game = Game(("Ash", "Birch"), [0, 60, 50, 90])
    assert certify_nucleolus(game, [49, 41]).difference == 1


def test_a_false_proof_is_refused(monkeypatch):
    game = Game(("a", "b", "c"), [0, 60, 50, 90, 40, 80, 75, 100])
    true = certificates.stages(game)
    # Singles balance and fix shares, but some pair is then worse off than they are.
    false = [type(true[0])(0.0, (1, 2, 4), (1 / 3,) * 3, (False,) * 3)]
    assert false[0].masks != true[0].masks
    monkeypatch.setattr(certificates, "stages", lambda *_, **__: false)
    with pytest.raises(NotProvenError):
        certify_nucleolus(game)


def airport(runways):
    order = np.sort(runways)
    steps = np.diff(np.concatenate([[0], order])) / np.arange(order.size, 0, -1)
    exact = np.cumsum(steps)[np.searchsorted(order, runways)]
    return (lambda groups: np.where(groups, runways, 0).max(1)), exact


def test_sampling_says_so_and_repeats_with_its_seed():
    value, exact = airport(np.arange(1.0, 13.0))
    sampled = sampled_shapley(value, 12, rounds=40, seed=5)
    assert "Sampled, not exact" in sampled.note
    assert sampled.shares.sum() == pytest.approx(12, rel=1e-12)
    half = (sampled.high - sampled.low) / 2
    assert (np.abs(sampled.shares - exact) < 3 * half).all()
    assert np.array_equal(sampled.shares, sampled_shapley(value, 12, rounds=40, seed=5).shares)


@pytest.mark.slow
def test_intervals_cover_on_the_airport_game_of_littlechild_and_owen_with_200_players():
    runways = np.random.default_rng(0).integers(1, 1000, 200).astype(float)

    def value(groups):
        # The longest runway of a group, found among the players sorted by need.
        return ordered[(groups[:, descending]).argmax(1)]

    descending = np.argsort(-runways, kind="stable")
    ordered = runways[descending]
    _, exact = airport(runways)
    runs = [sampled_shapley(value, 200, rounds=16, seed=seed) for seed in range(30)]
    covered = np.mean([(run.low <= exact) & (exact <= run.high) for run in runs])
    assert covered == pytest.approx(0.95, abs=0.02)


def test_every_nucleolus_in_the_answer_carries_its_proof():
    game = Game(("a", "b", "c"), [0, 6, 7, 11, 8, 12, 13, 15.5], "cost")
    methods = answer(game)["methods"]
    for name in ("nucleolus", "prenucleolus", "per_capita_nucleolus", "per_capita_prenucleolus"):
        proof = methods[name]["certificate"]
        assert proof["steps"] >= 1
        assert proof["rounded"] is False
        assert proof["largest_difference"] < 1e-9
    assert "certificate" not in methods["shapley"]


def test_a_proof_of_rounded_amounts_says_so_and_lies_within_a_cent():
    proof = certificate_in_cents(Game(("a", "b"), [0, 1 / 3, 2 / 3, 0.9], "cost"), [17 / 60, 37 / 60])
    assert proof["rounded"] is True
    assert proof["largest_difference"] <= 0.01


def test_no_proof_says_why():
    many = Game(tuple(f"p{i}" for i in range(17)), np.ones(1 << 17) - (np.arange(1 << 17) == 0), "cost")
    assert "16 players" in certificate_in_cents(many, [0.0] * 17)["why_not"]
    losing = Game(("a", "b"), [0, 1, 1, 2.01], "cost")
    assert "no answer" in certificate_in_cents(losing, [1, 1.01])["why_not"]
