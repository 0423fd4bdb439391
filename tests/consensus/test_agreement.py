import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.consensus.aggregates import Aggregate, RankAggregate
from interlocal.consensus.agreement import (
    agreement,
    allowed_spread,
    band,
    kendall,
    moved,
    percentile,
    rand_ucla,
    settled,
    tastle_wierman,
    who_sees_it_differently,
)


@pytest.fixture(scope="module")
def worked():
    path = Path(__file__).parents[2] / "../shared/evidence/consensus_test_cases.json"
    if not path.exists():
        pytest.skip("the evidence folder is not beside the project")
    return json.loads(path.read_text())


def panel(counts, *, statement="s", wave=1, number=0, partner="ash", group="staff"):
    return Aggregate(
        statement, wave, number, (partner,), (group,), (), sum(counts), sum(counts) + 2, tuple(counts)
    )


def test_tastle_wierman_worked_value_of_the_evidence(worked):
    case = worked["tastle_wierman"]
    assert tastle_wierman(case["freq"]) == pytest.approx(case["expected"], abs=5e-8)


def test_ipras_of_bmj_open_2012_table_1(worked):
    case = worked["rand_ucla_ipras"]["case"]
    assert allowed_spread(case["P30"], case["P70"]) == pytest.approx(case["IPRAS"])


def test_ends_of_the_consensus_scale():
    assert tastle_wierman((0, 0, 7, 0, 0)) == 1
    assert tastle_wierman((4, 0, 0, 0, 4)) == pytest.approx(0)


counts = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any)


@given(counts)
def test_indices_do_not_care_which_end_is_called_good(answers):
    assert tastle_wierman(answers) == pytest.approx(tastle_wierman(answers[::-1]))
    assert rand_ucla(answers) == pytest.approx(rand_ucla(answers[::-1]))
    assert -1e-9 <= tastle_wierman(answers) <= 1 + 1e-9


def test_a_split_panel_disagrees_and_a_close_one_does_not():
    assert rand_ucla((5, 0, 0, 0, 5)) > 1
    assert rand_ucla((0, 0, 2, 6, 2)) < 1


def test_percentiles_lie_between_neighbours():
    assert percentile((1, 1, 0, 0, 0), 0.5) == 1.5
    assert percentile((0, 0, 3, 0, 0), 0.3) == 3


@pytest.mark.parametrize(
    ("level", "expected"),
    [(4.0, "strength"), (3.95, "strength"), (3.94, "discuss"), (3.0, "discuss"), (2.9, "address")],
)
def test_bands_are_those_of_the_printed_figure(level, expected):
    assert band(level) == expected


def test_kendall_by_hand_with_ties():
    # Two rankers, three items: 1, 2, 3 and 1½, 1½, 3. Rank sums 2½, 3½, 6; S = 6½; T = 2³ − 2 = 6.
    result = kendall(RankAggregate(1, 0, ("a", "b", "c"), 2, (2.5, 3.5, 6.0), 6.0))
    assert result.w == pytest.approx(12 * 6.5 / (4 * 24 - 2 * 6))
    assert result.p_value is None
    assert result.dividing[0] == "b"


def test_kendall_claims_significance_only_with_eight_rankers():
    sums = (8.0, 16.0, 24.0)
    result = kendall(RankAggregate(1, 0, ("a", "b", "c"), 8, sums, 0.0))
    assert result.w == 1
    assert result.p_value == pytest.approx(math.exp(-8))  # χ² = 16 with 2 degrees of freedom
    seven = kendall(RankAggregate(1, 0, ("a", "b", "c"), 7, (7.0, 14.0, 21.0), 0.0))
    assert seven.p_value is None


def test_agreement_stands_beside_non_response_and_says_when_it_is_too_few_to_tell():
    result = agreement([panel((0, 1, 2, 1, 1))])
    assert result.too_few
    assert result.silent == pytest.approx(2 / 7)
    assert (result.median, result.band) == (3, "discuss")
    assert not agreement([panel((0, 1, 2, 1, 1)), panel((0, 1, 2, 1, 1), partner="elm")]).too_few


def test_nothing_shown_is_no_agreement():
    assert agreement([]) is None


def test_who_sees_it_differently_names_the_widest_gap_first():
    found = who_sees_it_differently(
        [
            panel((0, 0, 1, 2, 3), group="managers"),
            panel((3, 2, 1, 0, 0), group="staff"),
            panel((0, 1, 3, 1, 0), group="elected"),
            panel((0, 1, 3, 1, 0), statement="t", group="elected"),
            panel((0, 1, 2, 2, 0), statement="t", group="staff"),
        ],
        "group",
    )
    assert [(d.statement, d.high, d.low) for d in found] == [
        ("s", "managers", "staff"),
        ("t", "staff", "elected"),
    ]


def test_one_side_alone_shows_no_difference():
    assert who_sees_it_differently([panel((1, 1, 1, 1, 1))], "partner") == ()


def test_stability_is_read_from_the_same_people_only():
    calm = [panel((0, 2, 3, 5, 0)), panel((0, 2, 2, 6, 0), wave=2)]
    assert settled(calm) == {"s": True}
    assert settled([*calm, panel((5, 3, 2, 0, 0), wave=3)]) == {"s": False}
    assert settled([panel((0, 2, 3, 5, 0)), panel((0, 2, 3, 5, 0), wave=2, number=1)]) == {"s": None}


def test_moved_is_the_share_that_must_have_changed():
    assert moved((0, 2, 3, 5, 0), (0, 3, 3, 4, 0)) == pytest.approx(0.1)
