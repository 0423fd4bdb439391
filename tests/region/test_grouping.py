import dataclasses
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlocal.problems import InputError
from interlocal.region.commands import group_document
from interlocal.region.demands import Demands
from interlocal.region.exact import best_of_all_subsets, best_of_listed
from interlocal.region.grouping import best_grouping, core_is_empty
from interlocal.region.mapping import load_mapping
from interlocal.region.partition import Infeasible, divide
from interlocal.region.registers import Registers
from interlocal.region.stability import stability
from interlocal.region.tables import read_region


def by_trying_everything(columns, values, must=frozenset()):
    best = -np.inf
    for size in range(len(columns) + 1):
        for chosen in combinations(range(len(columns)), size):
            members = [i for k in chosen for i in columns[k]]
            if len(members) == len(set(members)) and must <= set(members):
                best = max(best, sum(values[k] for k in chosen))
    return best


groups = st.lists(
    st.tuples(st.sets(st.integers(0, 7), min_size=2, max_size=4), st.integers(-20, 100)),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(groups, st.sets(st.integers(0, 7), max_size=2))
def test_division_equals_trying_everything(possible, must):
    columns = [np.array(sorted(g)) for g, _ in possible]
    values = np.array([float(v) for _, v in possible])
    best = by_trying_everything(columns, values, frozenset(must))
    if best == -np.inf:
        with pytest.raises(Infeasible):
            divide(columns, values, 8, must=frozenset(must))
        return
    division = divide(columns, values, 8, must=frozenset(must))
    assert division.objective == pytest.approx(best)
    assert division.bound >= best - 1e-6
    assert division.gap < 1e-6
    chosen = [i for k in division.chosen for i in columns[k].tolist()]
    assert len(chosen) == len(set(chosen))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-5, 30), min_size=2**5, max_size=2**5))
def test_dynamic_programme_equals_set_packing(values):
    table = np.array(values, dtype=float)
    table[0] = 0
    for i in range(5):
        table[1 << i] = 0
    best, masks = best_of_all_subsets(table, 5)
    assert sum(table[m] for m in masks) == pytest.approx(best)
    assert sum(masks) == 31
    several = [m for m in range(32) if m.bit_count() > 1]
    columns = [np.array([i for i in range(5) if m >> i & 1]) for m in several]
    assert divide(columns, table[several], 5).objective == pytest.approx(best)
    assert best_of_listed(np.arange(1, 32), table[1:], 5)[0] == pytest.approx(best)


@pytest.mark.parametrize("members", [2, 4, 6, 9, 11])
def test_all_subsets_and_few_listed_groups_have_the_same_best(members):
    rng = np.random.default_rng(members)
    few = rng.choice(np.arange(1, 1 << members), int(1.5**members) - members, replace=False)
    groups = np.union1d(few, 1 << np.arange(members))
    table = np.full(1 << members, -np.inf)
    table[groups] = rng.normal(0, 1, len(groups))
    best, masks = best_of_all_subsets(table, members)
    listed, parts = best_of_listed(groups, table[groups], members)
    assert best == pytest.approx(listed)
    assert sorted(masks) == sorted(groups[parts])
    assert sum(masks) == (1 << members) - 1


def test_very_many_listed_groups_are_solved_as_all_subsets_and_an_impossible_division_is_told():
    masks = np.random.default_rng(3).permutation(np.arange(1, 1 << 9))
    values = np.random.default_rng(4).normal(0, 1, len(masks))
    best, parts = best_of_listed(masks, values, 9)
    assert best == pytest.approx(values[parts].sum())
    assert masks[parts].sum() == (1 << 9) - 1
    few = np.bitwise_count(masks) <= 2
    assert best_of_listed(masks[few], values[few], 9)[0] <= best
    without_the_first = np.where(masks & 1, -np.inf, values)
    assert best_of_listed(masks, without_the_first, 9) == (-np.inf, [])


def test_three_towns_that_can_only_pair_off_have_an_empty_core():
    value = {(0, 1): 10.0, (0, 2): 10.0, (1, 2): 10.0, (0, 1, 2): 14.0}
    assert core_is_empty((0, 1, 2), value)
    assert not core_is_empty((0, 1, 2), value | {(0, 1, 2): 15.0})
    assert core_is_empty((0, 1), {(0, 1): -1.0})


def test_a_region_is_divided_into_connected_groups_from_which_all_gain(region_of):
    region = region_of(slope=-0.25, count=30, seed=3)
    found = best_grouping(region, "records", Demands(max_size=4))
    members = [i for g in found.groups for i in g]
    assert len(members) == len(set(members))
    assert found.gap == 0
    assert found.objective == pytest.approx(sum(s.mean[0] for s in found.savings))
    assert all(len(g) <= 4 for g in found.groups)


def test_the_exact_method_and_set_packing_agree(region_of):
    region = region_of(slope=-0.25, count=14, seed=3)
    exact = best_grouping(region, "records")
    assert exact.method.startswith("exact")
    import interlocal.region.grouping as module

    before = module.EXACT_UP_TO
    try:
        module.EXACT_UP_TO = 0
        packed = best_grouping(region, "records")
    finally:
        module.EXACT_UP_TO = before
    assert packed.objective == pytest.approx(exact.objective)
    assert set(packed.groups) == set(exact.groups)


@pytest.mark.parametrize("count", [14, 22, 30])
def test_demands_are_met(region_of, count):
    region = region_of(slope=-0.25, count=count, seed=3)
    demands = Demands(together=(("t001", "t009"),), apart=(("t003", "t004"),), fixed=(("t011", "t012"),))
    found = best_grouping(region, "records", demands)
    of = {i: g for g in found.groups for i in g}
    assert 9 in of[1]
    assert 3 not in of.get(4, ())
    assert 11 not in of
    assert 12 not in of
    assert found.fixed == ((11, 12),)


def test_partnerships_that_exist_stay_and_are_named(region_of):
    registers = Registers({("pact", "records"): frozenset({4, 5}), ("other", "roads"): frozenset({7, 8})})
    region = dataclasses.replace(region_of(slope=-0.25, count=14, seed=3), registers=registers)
    document = group_document(region, "records", Demands(), replications=0)
    assert document["existing"] == [["t004", "t005"]]
    assert not {"t004", "t005"} & {i for group in document["groups"] for i in group}


def test_a_hub_reaches_over_borders(region_of):
    region = region_of(slope=-0.25, count=12, pairs=[(0, 1)])
    apart = best_grouping(region, "records", Demands(max_size=3))
    hub = best_grouping(region, "records", Demands(max_size=3, hubs=("t006",), hub_km=30))
    assert set(apart.groups) <= {(0, 1)}
    assert hub.considered > apart.considered


def test_demands_that_contradict_are_said_all_at_once(region_of):
    region = region_of(count=30)
    demands = Demands(max_size=2, together=(("t001", "t002", "t003"),), apart=(("t001", "t002"),))
    with pytest.raises(InputError) as error:
        best_grouping(region, "records", demands)
    assert len(error.value.problems) == 2


def test_cancelling_keeps_the_best_so_far(region_of):
    region = region_of(slope=-0.25, count=60)
    found = best_grouping(region, "records", cancelled=lambda: True)
    assert found.stopped == "cancelled"
    assert found.groups
    assert found.bound >= found.objective > 0


def test_cancelling_between_replications_keeps_the_proven_division(region_of):
    asked = iter([False] * 1)
    region = region_of(slope=-0.25, count=14)
    document = group_document(region, "records", Demands(), cancelled=lambda: next(asked, True))
    assert document["proven_best"]
    assert document["stability"] is None
    assert document["replications"]["stopped"] == "cancelled"


def test_no_saving_leaves_everybody_alone(region_of):
    region = region_of(slope=0.4, count=40, level=True)
    document = group_document(region, "records", Demands(), replications=2)
    assert document["groups"] == []
    assert document["objective"] == 0
    assert len(document["alone"]) == 40
    assert document["gap"] == 0


def test_stability_is_a_share_and_repeats(region_of):
    region = region_of(slope=-0.25, count=26)
    first = stability(region, "records", replications=4)
    assert first == stability(region, "records", replications=4)
    assert all(0 < share <= 1 for share in first.values())


def test_franklin_county_is_solved_to_proof(real_data):
    mapping = load_mapping("massachusetts_schedule_a")
    adjacency = real_data / "example_region_adjacency.csv"
    region = read_region(real_data / "example_region.csv", mapping, adjacency=adjacency)
    document = group_document(region, "general_administration", Demands(), replications=3)
    assert document["proven_best"]
    assert {len(g) for g in document["groups"]} <= {2, 3, 4, 5}
    assert document["replications"]["times"] == 3


@pytest.mark.slow
def test_massachusetts_is_divided_within_a_tenth_of_a_percent(real_data):
    mapping = load_mapping("massachusetts_schedule_a")
    region = read_region(real_data / "ma_municipalities.csv", mapping, services=("public_works",))
    found = best_grouping(region, "public_works")
    assert found.gap <= 0.001
    assert found.stopped is None


def test_a_scan_that_lacks_a_file_is_words(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_region(tmp_path / "none.csv", load_mapping("victoria"))


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_pairs(region_of):
    region = region_of(slope=-0.25, count=14)
    here = stability(region, "records", replications=3)
    assert stability(region, "records", replications=3, engine="dask", workers=2) == here
