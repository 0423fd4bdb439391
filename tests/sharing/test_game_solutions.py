"""Published tables, each test named after its paper, and the properties that define the methods."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlocal.sharing import (
    METHODS,
    Game,
    UndefinedError,
    answer,
    banzhaf,
    banzhaf_index,
    banzhaf_value,
    best_partition,
    core_empty,
    core_range,
    equal_charge,
    excesses,
    gately,
    in_core,
    is_subadditive,
    least_core,
    moriarity,
    nearest_core_point,
    nucleolus,
    pays,
    per_capita_nucleolus,
    per_capita_prenucleolus,
    prenucleolus,
    scrb,
    shapley,
    shapley_shubik,
    splits_that_beat_the_whole,
    tau,
    violations,
)

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import games


@pytest.fixture(autouse=True, scope="module")
def _small_games_stay_uncompiled():
    """Spare a fresh checkout ten seconds of compiling in the quick run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("interlocal.sharing.compiled.PATIENCE", 60)
        yield


EVIDENCE = Path(__file__).parents[2].parent / "shared" / "evidence" / "reference_games.json"
BITS = [1, 2, 4, 3, 5, 6, 7]  # coalitions 1, 2, 3, 12, 13, 23, 123


def three_players(values, kind):
    table = np.zeros(8)
    table[BITS] = values
    return Game(("1", "2", "3"), table, kind)


TVA = three_players([163520, 140826, 250096, 301607, 378821, 367370, 412584], "cost")


def test_lemaire_1991_investors_game_published_solutions_computed():
    game = three_players([46125, 17437.5, 5812.5, 69187.5, 53812.5, 30750, 90000], "savings")
    assert shapley(game) == pytest.approx([51750, 25875, 12375], rel=1e-12)
    assert nucleolus(game) == pytest.approx([52687.5, 24468.75, 12843.75], rel=1e-12)


def test_ferguson_nucleolus_published():
    game = three_players([-1, 0, 1, 3, 4, 2, 5], "savings")
    assert nucleolus(game) == pytest.approx([8 / 3, 2 / 3, 5 / 3], rel=1e-12)


def test_gately_1974_southern_electricity_region_of_india():
    game = three_players([0, 0, 0, 1170, 770, 210, 1530], "savings")
    assert gately(game) == pytest.approx([827.7049, 476.5574, 225.7377], abs=5e-5)  # published
    assert shapley(game) == pytest.approx([2290 / 3, 1450 / 3, 850 / 3], rel=1e-12)  # computed
    assert nucleolus(game) == pytest.approx([955, 395, 180], rel=1e-12)  # computed
    assert per_capita_nucleolus(game) == pytest.approx([985, 425, 120], rel=1e-12)  # computed


def test_coopgame_gately_example_published():
    game = three_players([0, 0, 0, 4, 0, 3, 6], "savings")
    assert gately(game) == pytest.approx([18 / 11, 36 / 11, 12 / 11], rel=1e-12)


def test_flat_sharing_game_savings_published_shares_computed():
    game = three_players([300, 270, 280, 410, 410, 410, 550], "cost")
    assert game.savings().table[BITS].tolist() == [0, 0, 0, 160, 170, 140, 300]
    assert shapley(game) == pytest.approx([575 / 3, 530 / 3, 545 / 3], rel=1e-12)
    assert nucleolus(game) == pytest.approx([550 / 3] * 3, rel=1e-12)


def test_straffin_heaney_1981_tennessee_valley_authority_costs_recalled_shares_computed():
    assert shapley(TVA) == pytest.approx([117829, 100756.5, 193998.5], rel=1e-12)
    assert scrb(TVA) == pytest.approx([117475.54, 99157.29, 195951.16], abs=0.005)
    assert gately(TVA) == pytest.approx(scrb(TVA), rel=1e-12)
    assert TVA.separable.tolist() == [45214, 33763, 110977]
    assert equal_charge(TVA) == pytest.approx([119424, 107973, 185187], rel=1e-12)
    assert prenucleolus(TVA) == pytest.approx([116234, 93540, 202810], rel=1e-12)
    assert per_capita_prenucleolus(TVA) == pytest.approx([362524 / 3, 315415 / 3, 559813 / 3], rel=1e-12)


def test_these_tables_are_those_of_the_evidence():
    if not EVIDENCE.exists():
        pytest.skip("the shared evidence is not beside this folder")
    listed = {game["name"]: game for game in json.loads(EVIDENCE.read_text())["games"]}
    tva = listed["TVA multipurpose projects"]
    assert TVA.table[BITS].tolist() == list(tva["cost"].values())
    assert shapley(TVA) == pytest.approx(list(tva["computed_here"]["shapley"].values()), abs=0.005)
    assert scrb(TVA) == pytest.approx(list(tva["computed_here"]["scrb_gately"].values()), abs=0.005)


@pytest.mark.parametrize(
    ("estate", "shares"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])]
)
def test_aumann_maschler_1985_estates_of_the_talmud(estate, shares):
    claims = games.over_groups([100.0, 200.0, 300.0])
    game = Game(("100", "200", "300"), np.maximum(0, estate - claims[::-1]), "savings")
    assert nucleolus(game) == pytest.approx(shares, rel=1e-12)


def test_european_economic_community_1958_voting_power():
    votes = [4, 4, 4, 2, 2, 1]  # France, Germany, Italy, Belgium, Netherlands, Luxembourg
    assert shapley_shubik(votes, 12).tolist() == [14 / 60] * 3 + [9 / 60] * 2 + [0]
    assert banzhaf_index(votes, 12) == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0], rel=1e-12)
    table = (games.over_groups(np.array(votes, float)) >= 12).astype(float)
    game = Game(tuple("FGIBNL"), table, "savings")
    assert shapley(game) == pytest.approx(shapley_shubik(votes, 12), abs=1e-15)
    assert banzhaf(game) == pytest.approx(banzhaf_index(votes, 12), abs=1e-15)


def test_littlechild_owen_1973_airport_shapley_formula():
    runways = np.array([1.0, 3.0, 4.0, 9.0, 12.0])
    game = Game(tuple("abcde"), games.over_groups(runways, np.maximum), "cost")
    steps = np.diff(np.concatenate([[0], runways])) / np.arange(5, 0, -1)
    assert shapley(game) == pytest.approx(np.cumsum(steps), rel=1e-12)


@st.composite
def any_game(draw, most=6):
    n = draw(st.integers(2, most))
    make = games.ALL[draw(st.sampled_from(sorted(games.ALL)))]
    table, kind = make(n, np.random.default_rng(draw(st.integers(0, 10**6))))
    return Game(tuple("abcdefgh"[:n]), table, kind)


def near(game, scale=1e-9):
    return pytest.approx(0, abs=scale * max(1, float(np.abs(game.table).max())))


def shares_of(game):
    for name, method in METHODS.items():
        try:
            yield name, method(game)
        except UndefinedError:
            continue


@settings(max_examples=40, deadline=None)
@given(any_game())
def test_every_method_shares_out_the_whole(game):
    for _, shares in shares_of(game):
        assert shares.sum() - game.whole == near(game)


@settings(max_examples=25, deadline=None)
@given(any_game(5), st.floats(0.1, 100), st.lists(st.floats(-50, 50), min_size=5, max_size=5))
def test_nucleolus_and_shapley_follow_a_change_of_unit_and_players_own_amounts(game, unit, own):
    own = np.array(own[: game.n])
    other = Game(game.players, unit * game.table + games.over_groups(own), game.kind)
    for method in (shapley, prenucleolus, per_capita_prenucleolus):
        assert np.abs(method(other) - (unit * method(game) + own)).max() == near(other, 1e-8)


@settings(max_examples=25, deadline=None)
@given(any_game())
def test_in_the_core_means_epsilon_at_most_zero_and_the_nucleolus_lies_in_the_least_core(game):
    epsilon = least_core(game).epsilon
    x = prenucleolus(game)
    proper = excesses(game, x)[1:-1]
    assert proper.max() - epsilon == near(game)
    assert core_empty(game) == (epsilon > game.tolerance) == (not in_core(game, x))
    if not core_empty(game):
        assert np.abs(nucleolus(game) - x).max() == near(game)


@settings(max_examples=15, deadline=None)
@given(any_game(5))
def test_core_range_and_nearest_core_point(game):
    if core_empty(game):
        with pytest.raises(UndefinedError, match="core is empty"):
            core_range(game)
        return
    found = core_range(game)
    inside = nucleolus(game)
    assert (found.least <= inside + game.tolerance).all()
    assert (inside <= found.most + game.tolerance).all()
    outside = np.zeros(game.n)
    outside[0] = game.whole
    nearest = nearest_core_point(game, outside)
    assert in_core(game, nearest)
    # The nearest point of a convex set makes no acute angle with any way into the set.
    assert (outside - nearest) @ (inside - nearest) <= 1e-6 * max(1, np.abs(game.table).max()) ** 2
    assert nearest_core_point(game, inside) == pytest.approx(inside, abs=1e-6 * max(1, abs(game.whole)))


@settings(max_examples=20, deadline=None)
@given(any_game(), st.integers(0, 1000))
def test_shapley_is_additive_gives_dummies_their_own_and_equals_their_equals(game, seed):
    other = np.random.default_rng(seed).normal(size=game.table.size)
    other[0] = 0
    both = Game(game.players, game.table + other, game.kind)
    added = shapley(game) + shapley(Game(game.players, other, game.kind))
    assert np.abs(shapley(both) - added).max() == near(both)
    with_dummy = Game((*game.players, "dummy"), np.concatenate([game.table, game.table + 3]), game.kind)
    assert shapley(with_dummy) == pytest.approx(
        [*shapley(game), 3], abs=1e-8 * max(1, np.abs(game.table).max())
    )
    if game.kind == "cost":
        assert pays(game, shapley(game.savings())) == pytest.approx(shapley(game), abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(any_game(8))
def test_coopgame_py_agrees(game):
    coopgame = pytest.importorskip("coopgame", reason="coopgame-py is the oracle")
    peer = coopgame.Game(game.sign * game.table[1:])
    scale = max(1, float(np.abs(game.table).max()))

    def same(ours, theirs):
        return game.sign * ours == pytest.approx(np.array(theirs), abs=1e-8 * scale)

    assert same(shapley(game), coopgame.shapley(peer))
    assert same(banzhaf_value(game), coopgame.banzhaf(peer))
    assert same(prenucleolus(game), coopgame.prenucleolus(peer)["allocation"])
    assert same(
        per_capita_prenucleolus(game), coopgame.per_capita_nucleolus(peer, "preimputation")["allocation"]
    )
    epsilon = coopgame.least_core(peer, "preimputation")["epsilon"]
    assert least_core(game).epsilon == pytest.approx(epsilon, abs=1e-8 * scale)
    try:
        ours = nucleolus(game)
    except UndefinedError:
        with pytest.raises(ValueError, match=r"."):
            coopgame.nucleolus(peer)
    else:
        assert same(ours, coopgame.nucleolus(peer)["allocation"])
        assert same(per_capita_nucleolus(game), coopgame.per_capita_nucleolus(peer)["allocation"])
    try:
        ours = tau(game)
    except UndefinedError:
        with pytest.raises(ValueError, match=r"."):
            coopgame.tau_value(peer)
    else:
        assert same(ours, coopgame.tau_value(peer))


def test_a_method_without_an_answer_says_why():
    losing = Game(("a", "b"), [0, 10, 10, 25], "cost")
    with pytest.raises(UndefinedError, match="costs more than all players pay alone"):
        nucleolus(losing)
    with pytest.raises(UndefinedError, match="quasi-balanced"):
        tau(losing)
    with pytest.raises(UndefinedError, match="a has a negative remaining benefit"):
        scrb(losing)
    with pytest.raises(UndefinedError, match="own values add up to zero"):
        moriarity(three_players([0, 0, 0, 1, 1, 1, 2], "savings"))


def test_answer_follows_the_contract():
    document = json.loads(json.dumps(answer(TVA)))
    assert document["players"] == ["1", "2", "3"]
    assert document["kind"] == "cost"
    assert document["core_empty"] is False
    assert document["least_core_epsilon"] == pytest.approx(-47286)
    assert document["subadditive"] is True
    assert document["splits_that_beat_the_whole"] == []
    assert set(document["methods"]["shapley"]) >= {"shares", "in_core", "violations"}
    assert document["methods"]["shapley"]["in_core"] is True


def test_a_game_that_is_not_subadditive_is_accepted_and_its_splits_named():
    game = three_players([3, 3, 3, 8, 8, 5, 10], "cost")
    document = answer(game)
    assert document["subadditive"] is False
    assert document["core_empty"] is True
    assert document["splits_that_beat_the_whole"] == [
        {"groups": [["1"], ["2", "3"]], "cost": 8.0, "beats_by": 2.0}
    ]
    assert document["splits_that_beat_the_whole_count"] == 1
    assert "undefined" in document["methods"]["nucleolus"]
    equal = document["methods"]["equal"]
    assert equal["in_core"] is False
    assert equal["violations"][0] == {"group": ["2", "3"], "excess": pytest.approx(10 * 2 / 3 - 5)}
    assert equal["violations_count"] == 4


def test_a_whole_may_be_beaten_by_three_groups_and_by_no_two():
    game = three_players([3, 3, 3, 8, 8, 8, 10], "cost")
    assert splits_that_beat_the_whole(game).count == 0
    assert len(best_partition(game).groups) == 3
    assert best_partition(game).beats_by == 1
    assert not is_subadditive(game)


@pytest.mark.parametrize("n", [1, 2])
def test_smallest_games(n):
    game = Game(tuple("ab"[:n]), [0, 60, 50, 90][: 1 << n], "cost")
    document = answer(game)
    first = document["methods"]["nucleolus"]["shares"]["a"]
    assert first == pytest.approx({1: 60, 2: 50}[n])
    assert document["least_core_epsilon"] == {1: None, 2: pytest.approx(-10)}[n]


def test_violations_are_bounded_counted_and_worst_first():
    game = Game(tuple("abcdef"), games.over_groups(np.ones(6)) ** 2, "savings")
    shares = np.array([36, 0, 0, 0, 0, 0.0])
    found = violations(game, shares)
    assert found.count == 31
    assert len(found.worst) == 10
    assert found.worst[0].group == tuple("bcdef")
    assert [each.excess for each in found.worst] == sorted(
        (each.excess for each in found.worst), reverse=True
    )


def test_voting_power_of_a_large_council():
    votes = [1] * 69 + [30]
    power = shapley_shubik(votes, 50)
    assert math.fsum(power) == pytest.approx(1, abs=1e-12)
    assert power[-1] == pytest.approx(30 / 70, rel=1e-12)


@pytest.mark.slow
def test_compiled_and_plain_loops_give_the_same_bits():
    from interlocal.sharing.lexicographic import solve

    random = np.random.default_rng(3)
    for make in games.ALL.values():
        table, kind = make(6, random)
        sign = 1.0 if kind == "savings" else -1.0
        for per_head in (False, True):
            plain = solve.plain(table, 6, sign, per_head, False, 6)
            fast = solve(table, 6, sign, per_head, False, 6)
            for ours, theirs in zip(plain, fast, strict=True):
                assert np.array_equal(ours, theirs)


@pytest.mark.slow
def test_large_tables_take_the_compiled_path_to_the_same_answers():
    random = np.random.default_rng(4)
    for make in games.BENCHMARKED.values():
        table, kind = make(17, random)
        game = Game(tuple(map(str, range(17))), table, kind)
        scale = np.abs(table).max()
        weights = 1 / (17 * np.array([math.comb(16, k) for k in range(17)]))
        size = games.over_groups(np.ones(17)).astype(int)
        for player in (0, 5, 16):
            masks = np.flatnonzero(np.arange(1 << 17) >> player & 1)
            joined = (table[masks] - table[masks - (1 << player)]) * weights[size[masks] - 1]
            assert shapley(game)[player] == pytest.approx(joined.sum(), abs=1e-10 * scale)
        x = prenucleolus(game)
        worst = excesses(game, x)[1:-1].max()
        assert violations(game, x).count == int((excesses(game, x)[1:-1] > game.tolerance).sum())
        assert worst == pytest.approx(least_core(game).epsilon, abs=1e-9 * scale)
