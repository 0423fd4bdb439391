import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlocal.problems import InputError
from interlocal.region.coalitions import connected_groups
from interlocal.region.commands import scan_document
from interlocal.region.mapping import load_mapping
from interlocal.region.registers import Registers
from interlocal.region.scan import Options
from interlocal.region.tables import read_region


def connected(group, edges):
    reached, front = {group[0]}, [group[0]]
    while front:
        here = front.pop()
        for other in set(group) - reached:
            if (min(here, other), max(here, other)) in edges:
                reached.add(other)
                front.append(other)
    return reached == set(group)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda e: e[0] < e[1]), min_size=1))
def test_connected_groups_are_all_connected_subsets_each_once(edges):
    from itertools import combinations

    levels = connected_groups(np.array(sorted(edges)), 7, 4)
    found = [tuple(row) for level in levels for row in level.tolist()]
    wanted = [g for size in (2, 3, 4) for g in combinations(range(7), size) if connected(g, edges)]
    assert sorted(found) == sorted(wanted)


def test_massachusetts_has_as_many_connected_groups_as_counted_before(real_data):
    """The count up to five members that the project's notes on methods give."""
    import csv

    with (real_data / "ma_adjacency.csv").open() as file:
        rows = list(csv.DictReader(file))
    at = {name: i for i, name in enumerate(sorted({r[k] for r in rows for k in ("id_a", "id_b")}))}
    pairs = np.sort([[at[r["id_a"]], at[r["id_b"]]] for r in rows], axis=1)
    assert sum(len(level) for level in connected_groups(pairs, 351, 5)) == pytest.approx(69_700, rel=0.01)


def test_candidates_come_best_first_with_ordered_intervals(region_of):
    document = scan_document(region_of(slope=-0.2), Options(top=30))
    means = [c["saving"]["mean"] for c in document["candidates"]]
    assert means == sorted(means, reverse=True)
    for c in document["candidates"]:
        assert c["saving"]["p10"] <= c["saving"]["p50"] <= c["saving"]["p90"]
        assert 0 <= c["p_saves"] <= 1
        assert 2 <= len(c["members"]) <= 6
        assert c["kind"] != "group" or "heuristic" in c["found_by"]


def test_no_saving_here_is_an_answer(region_of):
    document = scan_document(region_of(slope=0.3, level=True), Options())
    assert document["services"]["records"]["finding"] == "no saving here"
    assert document["best_partner"] == []
    assert all(c["saving"]["mean"] < 0 for c in document["candidates"])


def test_hubs_near_by_count_without_a_border(region_of):
    region = region_of(slope=-0.2, count=40)
    without = scan_document(region, Options(hub_km=0, largest=2, top=500))
    near = scan_document(region, Options(hub_km=8, largest=2, top=500, hubs=("t010",)))
    assert not [c for c in without["candidates"] if c["kind"] == "hub"]
    hubs = [c for c in near["candidates"] if c["kind"] == "hub"]
    assert hubs
    assert all("t010" in c["members"] and c["unlikeness"]["km"] <= 8 for c in hubs)


def test_an_unknown_hub_is_said(region_of):
    with pytest.raises(InputError) as error:
        scan_document(region_of(count=20, pairs=[(0, 1)]), Options(hubs=("t01",)))
    assert error.value.problems[0].where == "--hub"


def test_agreements_are_marked_or_leave_candidates_out(region_of):
    region = region_of(count=30, pairs=[(0, 1), (1, 2)])
    registers = Registers({("pact", None): frozenset({0}), ("pact", "records"): frozenset({1})})
    options = Options(hub_km=0)
    marked = scan_document(dataclasses.replace(region, registers=registers), options)["candidates"]
    agreements = {tuple(sorted(c["members"])): c["agreements"] for c in marked}
    assert agreements["t000", "t001"] == ["pact"]
    assert all(held == ["pact"] for members, held in agreements.items() if {"t000", "t001"} <= set(members))
    without = dataclasses.replace(registers, exclude=True)
    left = scan_document(dataclasses.replace(region, registers=without), options)["candidates"]
    assert [c["members"] for c in left] == [["t001", "t002"]]


@pytest.mark.slow
def test_the_same_bytes_with_one_worker_and_two(region_of):
    region = region_of(slope=-0.2, count=40)
    other = dataclasses.replace(region.services["records"], id="permits")
    region = dataclasses.replace(region, services=region.services | {"permits": other})
    assert scan_document(region, Options(), workers=1) == scan_document(region, Options(), workers=2)


def test_massachusetts_scan_finds_administration_and_not_fire(real_data):
    region = read_region(real_data / "ma_municipalities.csv", load_mapping("massachusetts_schedule_a"))
    document = scan_document(region, Options(top=10))
    services = document["services"]
    assert "saving" in services["general_administration"]["finding"]
    assert services["fire"]["finding"] == "no saving here"
    assert services["fire"]["curve"]["level_of_service_measured"] is False
    assert len(document["candidates"]) == 10
