import numpy as np
import pytest
from cases import case, document, with_option

from interlocal.case import Case
from interlocal.costs.lines import line_cost
from interlocal.costs.staffing import full_time_equivalents, post_cost
from interlocal.costs.today import today
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws


def central(c):
    return World(c, CentralDraws())


def cost_of(line, members=("ash", "birch", "cedar"), **option):
    c = with_option(lines=[{"id": "x", "category": "staff"} | line], **option)
    return line_cost(c.options[0].lines[0], c.options[0], members, central(c))[0]


def test_fixed_cost_is_the_same_each_year():
    assert np.all(cost_of({"amount": 1000}) == 1000)


def test_variable_cost_follows_the_sum_of_the_measure():
    assert cost_of({"behaviour": {"kind": "variable", "driver": "calls", "rate": 10}})[0] == 8000


def test_step_cost_needs_one_more_step_beyond_each_capacity():
    step = {"kind": "step", "driver": "population", "capacity": 1500, "step": 100}
    assert cost_of({"behaviour": step})[0] == 300  # 4000 people / 1500
    assert cost_of({"behaviour": step}, members=("ash",))[0] == 100
    assert cost_of({"behaviour": step | {"minimum_steps": 2}}, members=("ash",))[0] == 200


def test_step_cost_at_exactly_full_capacity_needs_no_further_step():
    assert (
        cost_of({"behaviour": {"kind": "step", "driver": "population", "capacity": 2000, "step": 100}})[0]
        == 200
    )


def test_a_tier_lowers_the_volume_a_partner_brings():
    line = {"behaviour": {"kind": "variable", "driver": "population", "rate": 1}}
    assert cost_of(line, tiers={"birch": {"share": 0.5}})[0] == 3000


def test_one_off_cost_is_spread_from_start_to_end():
    cost = cost_of({"category": "transition", "amount": 300, "start": 2027, "end": 2029})
    assert list(cost[:5]) == [0, 100, 100, 100, 0]


def test_income_lowers_cost_and_ends_when_it_ends():
    assert list(cost_of({"category": "grant", "amount": 50, "end": 2027})[:3]) == [-50, -50, 0]


def post_case(levelling=None, **post):
    return case(
        staffing={
            "scales": [{"id": "low", "steps": [40_000, 50_000]}, {"id": "high", "steps": [60_000, 70_000]}],
            "posts": [{"id": "p", "title": "Officer", "scale": "low", "step": 2, "benefits": 0.2} | post],
            "levelling": levelling,
        }
    )


def test_one_post_around_the_clock_at_a_relief_of_1_2_needs_5_04_employees():
    c = post_case(coverage={"hours_per_day": 24, "days_per_week": 7, "relief": 1.2})
    assert full_time_equivalents(c.staffing.posts[0], central(c))[0, 0] == pytest.approx(5.04)


@pytest.mark.parametrize(
    ("levelling", "pay"),
    [
        ({"rule": "none"}, [50_000, 50_000, 50_000]),
        ({"rule": "highest"}, [70_000, 70_000, 70_000]),
        ({"rule": "phased", "years": 2}, [60_000, 70_000, 70_000]),
        ({"rule": "grandfathered", "turnover": 0.5}, [50_000, 60_000, 65_000]),
    ],
)
def test_levelling_raises_pay_by_its_rule(levelling, pay):
    c = post_case(levelling, count=2)
    cost = post_cost(c.staffing.posts[0], central(c), None, 2026)
    assert np.broadcast_to(cost, (1, 20))[0, :3] == pytest.approx([2 * 1.2 * x for x in pay])


def grown(rate, **partner):
    d = document()
    d["assumptions"]["escalators"][0]["rate"] = rate
    d["assumptions"]["price_year"] = None
    d["partners"][0] |= partner
    return Case.model_validate(d)


def test_do_nothing_grows_from_the_year_of_the_figure():
    path = today("ash", central(grown(0.1))).recurring[0]
    assert path[:2] == pytest.approx([100_000 * 1.1**3, 100_000 * 1.1**4])


def test_a_fiscal_year_that_begins_in_july_is_half_a_year_older():
    path = today("ash", central(grown(0.1, fiscal_year_start=7))).recurring[0]
    assert path[0] == pytest.approx(100_000 * 1.1**3.5)


def test_a_stated_rate_brings_a_figure_to_the_common_scope():
    c = case(scope_adjustments=[{"partner": "ash", "component": "benefits", "rate": 0.3}])
    assert today("ash", central(c)).recurring[0, 0] == pytest.approx(130_000)
    assert today("birch", central(c)).recurring[0, 0] == pytest.approx(200_000)


def test_foreign_amounts_are_changed_at_the_stated_rate():
    d = document()
    d["spending"][0]["amount"] = {"value": 100, "currency": "CAD"}
    d["assumptions"]["exchange_rates"] = [{"currency": "CAD", "rate": 0.75, "year": 2023, "source": "test"}]
    assert today("ash", central(Case.model_validate(d))).recurring[0, 0] == pytest.approx(75)


def test_pay_is_levelled_only_among_scales_of_one_grade():
    c = case(
        staffing={
            "scales": [
                {"id": "low", "steps": [50_000], "grade": "officer"},
                {"id": "high", "steps": [60_000], "grade": "officer"},
                {"id": "chief", "steps": [110_000], "grade": "chief"},
            ],
            "posts": [{"id": "p", "title": "Officer", "scale": "low", "count": 1}],
            "levelling": {"rule": "highest"},
        }
    )
    assert post_cost(c.staffing.posts[0], central(c), None, 2026)[0, 0] == pytest.approx(60_000)


@pytest.mark.parametrize("year", [2019, 2023, 2045, 2060])
def test_an_amount_in_prices_of_any_year_is_brought_to_each_year(year):
    d = document()
    d["assumptions"]["escalators"][0]["rate"] = 0.03
    d["options"][0]["formula"]["caps"] = {"ash": {"value": 100_000, "year": year}}
    d["options"][0]["exit"] = {"rebuild_cost": {"ash": {"value": 5, "year": year}}}
    world = central(Case.model_validate(d))
    assert world.growth(None, year)[0, 0] == pytest.approx(1.03 ** (2026 - year))


@pytest.mark.parametrize(
    ("posts", "everyone", "ash_alone"),
    [
        ([{"comes_from": "ash"}, {"comes_from": "birch"}], 100_000, 50_000),
        ([{"partner": "ash"}, {"partner": "birch"}], 100_000, 50_000),
        ([{}, {"comes_from": "birch"}], 100_000, 50_000),
        ([{"comes_from": "birch"}], 50_000, 0),
    ],
)
def test_a_group_has_the_posts_of_its_members_and_those_of_nobody(posts, everyone, ash_alone):
    rows = [{"id": f"p{i}", "title": "Officer", "scale": "low", "count": 1} | p for i, p in enumerate(posts)]
    line = {"behaviour": {"kind": "posts", "posts": [r["id"] for r in rows]}}
    staffing = {"scales": [{"id": "low", "steps": [50_000]}], "posts": rows}
    option = document()["options"][0] | {"lines": [{"id": "x", "category": "staff"} | line]}
    c = case(staffing=staffing, options=[option])
    for members, cost in ((("ash", "birch"), everyone), (("ash",), ash_alone)):
        option = c.options[0]
        assert line_cost(option.lines[0], option, members, central(c))[0, 0] == cost
