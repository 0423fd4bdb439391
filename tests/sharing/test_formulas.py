"""Formulas on plain numbers, against tables worked by hand and the properties a finance office relies on."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from interlocal.case.check_formulas import raw_sum
from interlocal.case.formulas import DuesClass
from interlocal.problems import InputError
from interlocal.sharing.bending import (
    as_far_as_possible,
    band,
    bounded,
    buy_in,
    in_kind,
    phase_in,
    true_up,
)
from interlocal.sharing.dues import difference, dues, scaled_to_cost
from interlocal.sharing.formulas import (
    contract,
    equal,
    hybrid,
    levy,
    levy_rate,
    proportional,
    two_part,
    usage,
    whole_cents,
)

drivers = arrays(float, st.integers(2, 6), elements=st.floats(0, 1e6)).filter(lambda x: x.sum() > 1e-3)
positive = arrays(float, st.integers(2, 6), elements=st.floats(0.01, 1e6))


@pytest.mark.parametrize(
    ("parts", "by_hand"),
    [
        (equal(4), [0.25, 0.25, 0.25, 0.25]),
        (proportional([1000, 2000, 1000]), [0.25, 0.5, 0.25]),
        (
            hybrid(
                {"population": [1000, 2000, 1000], "value": [3e8, 1e8, 0]}, {"population": 0.5, "value": 0.5}
            ),
            [0.5 * 0.25 + 0.5 * 0.75, 0.5 * 0.5 + 0.5 * 0.25, 0.125],
        ),
        (
            two_part(0.4, [1000, 2000, 1000], [100, 400, 300]),
            [0.4 * 0.25 + 0.6 * 0.125, 0.5, 0.4 * 0.25 + 0.6 * 0.375],
        ),
    ],
    ids=["equal", "per head", "half heads, half value", "readiness and use"],
)
def test_parts_worked_by_hand(parts, by_hand):
    assert parts == pytest.approx(by_hand)


def test_use_is_the_mean_of_the_last_years_on_record():
    assert usage({2019: 900, 2021: 100, 2022: 200, 2023: 330}, 3) == 210
    assert usage({2023: 50}, 3) == 50


@pytest.mark.parametrize(
    ("prices", "bills"),
    [
        ([0, 120_000, 90_000], [90_000, 120_000, 90_000]),
        (400 * np.array([100, 400, 300]), [20_000, 160_000, 120_000]),
        (1.1 * 300_000 * np.array([100, 400, 300]) / 800, [11_250, 165_000, 123_750]),
        (1.1 * np.array([0, 100_000, 50_000]), [135_000, 110_000, 55_000]),
        ([0, 200_000, 150_000], [-50_000, 200_000, 150_000]),
    ],
    ids=["fixed", "unit", "cost-plus, full", "cost-plus, marginal", "above cost, so the lead gains"],
)
def test_buyers_pay_the_price_and_the_lead_bears_the_rest(prices, bills):
    assert contract(prices, 0, 300_000.0) == pytest.approx(bills)


SCHEDULE = (
    DuesClass(name="village", up_to=1000, base=500, per_head=0.5, discount=0.1),
    DuesClass(name="town", up_to=10_000, base=1000, per_head=0.4, floor=1500),
    DuesClass(name="city", base=2000, per_head=0.3, cap=8000),
)


@pytest.mark.parametrize(
    ("size", "role", "bill"),
    [
        (1000, 0, (500 + 500) * 0.9),
        (1001, 0, 1500),  # 1000 + 400.4 lies under the floor
        (5000, 0, 3000),
        (5000, 0.5, 1500),
        (10_000, 0, 5000),
        (20_000, 0, 8000),
        (50_000, 0.25, 8000),  # 17,000 × 0.75 lies over the cap
    ],
)
def test_dues_by_class_worked_by_hand(size, role, bill):
    assert dues([size], SCHEDULE, role_discounts=[role]) == pytest.approx([bill])


def test_a_member_that_takes_half_the_service_pays_half_the_rates():
    assert dues([5000], SCHEDULE, taken=[0.5]) == pytest.approx([1500])


def test_dues_show_what_they_leave_over_or_are_scaled_to_the_cost():
    bills = dues([1000, 5000], SCHEDULE)
    assert difference(bills, 4500) == pytest.approx(-600)
    assert scaled_to_cost(bills, 7800) == pytest.approx([1800, 6000])


def test_a_levy_raises_mills_on_value():
    assert levy([100e6, 50e6], 1.2) == pytest.approx([120_000, 60_000])
    assert levy_rate([100e6, 50e6], 180_000) == pytest.approx(1.2)


@given(drivers, st.randoms(use_true_random=False))
def test_parts_sum_to_one_and_follow_the_partner_not_its_place(x, random):
    order = list(range(len(x)))
    random.shuffle(order)
    parts = proportional(x)
    assert parts.sum() == pytest.approx(1)
    assert proportional(x[order]) == pytest.approx(parts[order])


@given(positive, st.floats(0, 1), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_do_not_set_the_weights(x, weight, unit, other_unit):
    y = x[::-1] ** 0.5
    weights = {"calls": weight, "value": 1 - weight}
    plain = hybrid({"calls": x, "value": y}, weights)
    assert hybrid({"calls": unit * x, "value": other_unit * y}, weights) == pytest.approx(plain)
    assert two_part(weight, unit * x, other_unit * y) == pytest.approx(plain)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12))
def test_bills_in_cents_sum_exactly_and_move_less_than_a_cent(bills):
    cents = np.rint(whole_cents(bills) * 100)
    assert whole_cents(bills) * 100 == pytest.approx(cents, abs=1e-4)
    assert int(cents.sum()) == round(sum(100 * b for b in bills))
    assert np.all(np.abs(cents - 100 * np.array(bills)) < 1.001)


def test_the_cent_left_over_goes_to_the_largest_remainder():
    assert whole_cents([33.334, 33.333, 33.333]) == pytest.approx([33.34, 33.33, 33.33])
    assert whole_cents([100 / 3, 100 / 3, 100 / 3]) == pytest.approx([33.34, 33.33, 33.33])
    assert whole_cents([0.29, 1.13]) == pytest.approx([0.29, 1.13])


@pytest.mark.parametrize(
    ("bills", "low", "high", "held"),
    [
        ([50, 30, 20], 0, 100, [50, 30, 20]),
        # The 10 over the cap fall on 30 : 20.
        ([50, 30, 20], 0, [40, 100, 100], [40, 36, 24]),
        # 10 over fall on the others, who carry the second over its own cap; the third takes what is left.
        ([50, 30, 20], 0, [40, 33, 100], [40, 33, 27]),
        # The floor takes 10 from 50 : 30.
        ([50, 30, 20], [0, 0, 30], 100, [43.75, 26.25, 30]),
        # A partner without use pays only what nobody else can.
        ([60, 40, 0], 0, [50, 40, 100], [50, 40, 10]),
    ],
)
def test_what_a_bound_takes_falls_on_the_others_in_proportion(bills, low, high, held):
    assert bounded(bills, low, high) == pytest.approx(held)


@given(positive, st.data())
def test_bounds_hold_and_nothing_is_lost(bills, data):
    n, total = len(bills), bills.sum()
    low = data.draw(arrays(float, n, elements=st.floats(0, 1))) * total / n
    high = low + data.draw(arrays(float, n, elements=st.floats(0, 2))) * total / n
    assume(high.sum() > total * (1 + 1e-6))
    held = bounded(bills, low, high)
    assert held.sum() == pytest.approx(total)
    assert np.all(held >= low - 1e-9 * total)
    assert np.all(held <= high + 1e-9 * total)
    # Partners at no bound keep the proportion of their bills.
    free = (held > low + 1e-6 * total) & (held < high - 1e-6 * total)
    if free.any():
        assert (held[free] / bills[free]) == pytest.approx(held[free][0] / bills[free][0])
    # A second time changes nothing: a fixed point.
    assert bounded(held, low - 1e-9 * total, high + 1e-9 * total) == pytest.approx(held)


def test_draws_and_years_are_held_each_by_itself():
    bills = np.array([[[50.0, 5.0]], [[30.0, 3.0]], [[20.0, 2.0]]])
    caps = np.array([40.0, 100.0, 100.0])[:, None, None]
    assert as_far_as_possible(bills, np.zeros((3, 1, 1)), caps)[:, 0] == pytest.approx(
        np.array([[40, 5], [36, 3], [24, 2]])
    )


def test_bounds_give_way_together_where_a_future_leaves_no_room():
    low, high = np.array([0.0, 10.0]), np.array([20.0, 30.0])
    assert as_far_as_possible(np.array([50.0, 50.0]), low, high) == pytest.approx([40, 60])
    assert as_far_as_possible(np.array([2.0, 3.0]), low, high) == pytest.approx([0, 5])
    assert as_far_as_possible(np.array([2.0, 3.0]), 0 * low, 0 * high) == pytest.approx([2, 3])
    assert as_far_as_possible(np.array([-2.0, -3.0]), low, high) == pytest.approx([-2, -3])


def test_a_band_keeps_parts_near_the_reference():
    low, high = band([0.25, 0.5, 0.25], 0.1)
    assert low == pytest.approx([0.225, 0.45, 0.225])
    assert bounded([0.175, 0.5, 0.325], low, high) == pytest.approx([0.225, 0.5, 0.275])


def test_a_phase_in_goes_a_straight_way_and_arrives():
    parts = [phase_in([0.5, 0.5], [0.2, 0.8], year, 3)[0] for year in range(5)]
    assert parts == pytest.approx([0.5, 0.4, 0.3, 0.2, 0.2])


def test_a_gift_counts_as_paid():
    assert in_kind([80, 160, 80], [9, 0, 90]) == pytest.approx([71, 160, -10])


def test_a_buy_in_goes_to_the_others_by_their_parts():
    assert buy_in([0, 0, 4000], [0.2, 0.6, 0.2]) == pytest.approx([-1000, -3000, 4000])


@given(positive, st.data())
def test_buy_ins_add_up_to_nothing(parts, data):
    amounts = data.draw(arrays(float, len(parts), elements=st.floats(0, 1e5)))
    assert buy_in(amounts, proportional(parts)).sum() == pytest.approx(0, abs=1e-6 * (1 + amounts.sum()))


def test_year_end_settles_billed_against_actual():
    settled = true_up([80_000, 160_000, 80_000], 330_000, [0.2, 0.5, 0.3])
    assert settled.due == pytest.approx([66_000, 165_000, 99_000])
    assert settled.owed == pytest.approx([-14_000, 5_000, 19_000])
    assert settled.owed.sum() == pytest.approx(330_000 - 320_000)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: equal(0), ["0 partners"]),
        (lambda: proportional([1, -2, float("nan")]), ["-2 for partner 2", "nan for partner 3"]),
        (lambda: proportional([0, 0], "calls"), ["formula by calls: found 0 for all partners"]),
        (lambda: usage({}, 3), ["0 years on record"]),
        (lambda: hybrid({"a": [1]}, {"a": 0.5}), ["weights that add up to 0.5"]),
        (lambda: hybrid({"a": [1]}, {"a": 1, "b": -1}), ["a weight for b", "a weight of -1"]),
        (lambda: hybrid({"a": [1], "b": [1]}, {"a": 1}), ["no weight for the driver b"]),
        (lambda: two_part(1.4, [1], [1]), ["found 1.4"]),
        (lambda: levy_rate([0, 0], 5), ["0 for all partners"]),
        (lambda: dues([1], []), ["no classes"]),
        (
            lambda: dues([1], [SCHEDULE[1], SCHEDULE[0]]),
            ["class village: up to 1,000 after up to 10,000"],
        ),
        (lambda: dues([1], [SCHEDULE[2], SCHEDULE[0]]), ["up to 1,000 after no limit"]),
        (
            lambda: dues([1], [DuesClass(name="x", floor=5, cap=4)]),
            ["a floor of 5 above a cap of 4"],
        ),
        (lambda: dues([5000], [SCHEDULE[0]]), ["class village, the last one: up to 1,000"]),
        (lambda: scaled_to_cost([0, 0], 5), ["dues of 0 for all members"]),
        (lambda: bounded([50, 50], 0, [40, 40]), ["caps that add up to 80.00 for a cost of 100.00"]),
        (lambda: bounded([50, 50], [60, 60], 100), ["floors that add up to 120.00"]),
        (
            lambda: bounded([50, 50], [30, 0], [20, 100], ("ash", "birch")),
            ["a floor of 30.00 above a cap of 20.00 for ash"],
        ),
        (lambda: buy_in([5, 0], [1, 0]), ["nobody else with a part"]),
        (lambda: true_up([1, 2], 3, [1.0]), ["1 parts for 2 bills"]),
        (lambda: true_up([1, 2], 3, [0.5, 0.6]), ["parts that add up to 1.1"]),
    ],
)
def test_every_bad_input_has_its_message(wrong, says):
    with pytest.raises(InputError) as caught:
        wrong()
    for words in says:
        assert words in str(caught.value)


def test_a_sum_of_unlike_units_is_refused_with_the_reason():
    words = " ".join(raw_sum((), ["calls", "population / 100", "value / 1,000,000"])[1:])
    assert "calls + population / 100 + value / 1,000,000" in words
    assert "the units set the weights" in words
