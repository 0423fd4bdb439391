"""Promised against actual: the gap is explained exactly, and what nobody recorded stays unknown."""

import csv
import io

import pytest
from cases import case
from hypothesis import given
from hypothesis import strategies as st
from partnership.registers import SEVEN, agreement, register

from interlocal.partnership.overview import Overview
from interlocal.partnership.performance import baseline_from_study, pair, pairs_csv, performance, totals
from interlocal.problems import InputError
from interlocal.study import study

money = st.integers(0, 10**9).map(lambda c: c / 100)
PROMISE = {"organisation": "alder", "year": 2022, "do_nothing": 1000, "together": 800}


def one(records, **baseline):
    frozen = {"frozen_on": "2021-01-01", "price_year": 2021, "years": [PROMISE], **baseline}
    found = register(
        agreement(
            baseline=frozen, records=[{"id": f"r_{i}", "year": 2022, **r} for i, r in enumerate(records)]
        )
    )
    return performance(found.agreements[0])


def cost(value, **more):
    return {"kind": "cost", "organisation": "alder", "value": value, **more}


@given(
    st.lists(money, min_size=5, max_size=5),
    st.floats(50, 300),
    st.floats(-0.1, 0.2),
    st.floats(1, 1e5),
    st.floats(0, 1),
)
def test_price_volume_scope_moved_and_rest_add_up_to_the_gap(amounts, index, growth, volume, share):
    do_nothing, together, paid, moved, scope = amounts
    (found,) = one(
        [
            cost(paid),
            {"kind": "moved", "organisation": "alder", "value": moved},
            {"kind": "scope", "organisation": "alder", "value": scope},
            {"kind": "price_index", "value": index},
            {"kind": "volume", "value": volume},
        ],
        years=[{**PROMISE, "do_nothing": do_nothing, "together": together}],
        price_growth=growth,
        volume=1000,
        volume_share_alone=share,
        volume_share_together=1 - share,
    )
    assert found.gap.total == found.realised - found.promised
    assert (found.gap.scope, found.gap.moved) == (-round(100 * scope), -round(100 * moved))


def test_prices_that_rose_faster_are_neither_failure_nor_success():
    (found,) = one([cost(880), {"kind": "price_index", "value": 110}])
    assert (found.alone, found.realised, found.promised) == (1100_00, 220_00, 200_00)
    assert (found.gap.price, found.gap.rest) == (20_00, 0)


def test_what_moved_to_others_is_not_saved():
    records = [cost(700), {"kind": "price_index", "value": 100}]
    moved = {"kind": "moved", "organisation": "alder", "value": 100, "to": "the county"}
    assert one([*records, moved])[0].realised == one(records)[0].realised - 100_00


def test_what_nobody_recorded_is_unknown_and_never_0():
    (found,) = one([{"kind": "price_index", "value": 100}])
    assert (found.realised, found.unknown) == (None, ("what it paid",))
    (year,) = totals([found])
    assert (year.realised, year.certified, year.unknown) == (None, False, ("alder: what it paid",))


def test_a_year_is_certified_only_where_every_figure_is():
    index = {"kind": "price_index", "value": 100}
    auditor = {"certified_by": "County auditor"}
    assert totals(one([cost(700, **auditor), index]))[0].certified is False
    assert totals(one([cost(700, **auditor), index | auditor]))[0].certified is True


def test_a_measure_nobody_recorded_again_is_neither_better_nor_worse():
    standards = [
        {"id": "answered", "name": "Answered in time", "unit": "percent", "target": 90, "better": "higher"}
    ]
    baseline = {
        "frozen_on": "2021-01-01",
        "measures": [{"measure": "answered", "organisation": p, "value": 80} for p in SEVEN[:2]],
    }
    records = [
        {
            "id": "a",
            "kind": "measure",
            "measure": "answered",
            "organisation": "alder",
            "year": 2022,
            "value": 91,
        }
    ]
    found = register(agreement(standards=standards, baseline=baseline, records=records))
    alder, birch = Overview(found, found.agreements[0]).observed
    assert (alder.better, alder.now) == (True, 91)
    assert (birch.better, birch.now) == (None, None)


def test_claimed_and_realised_pairs_hold_no_name():
    frozen = {"frozen_on": "2021-01-01", "price_year": 2021, "years": [PROMISE]}
    records = [
        {"id": "a", "year": 2022, **cost(700)},
        {"id": "b", "year": 2022, "kind": "price_index", "value": 100},
    ]
    found = register(agreement(baseline=frozen, records=records, form="joint_board"))
    text = pairs_csv(map(pair, found.agreements))
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["claimed_share"], row["realised_share"]) == ("0.2000", "0.3000")
    assert not any(word in text.casefold() for word in ("alder", "valley", "shared dispatch", "2021", "2022"))


def test_a_study_freezes_its_promise_for_every_member_and_year():
    adopted = case()
    document = study(adopted, draws=64).document
    frozen = baseline_from_study(adopted, document)
    assert (frozen.study, frozen.frozen_on) == (adopted.sha256, adopted.as_of)
    promised = {(y.organisation, y.year): y.do_nothing - y.together for y in frozen.years}
    path = document["central"]["options"]["joint"]["partners"]["ash"]["saving"]
    assert [float(promised["ash", 2026 + i]) for i in range(5)] == pytest.approx(path, abs=0.006)


def test_a_study_of_another_case_promises_nothing():
    document = study(case(), draws=64).document
    with pytest.raises(InputError, match="a study of another case"):
        baseline_from_study(case(title="Another"), document)
