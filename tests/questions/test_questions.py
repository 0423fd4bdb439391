import numpy as np
import pytest
from cases import case, document, with_option
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case import Case
from interlocal.questions.money import payback_year
from interlocal.questions.sustainability import stays
from interlocal.study import study


def pool(result, option="joint"):
    return result.document["questions"]["money"]["options"][option]["pool"]


def small_study(c, draws=400, **kw):
    return study(c, draws=draws, **kw)


def test_a_certain_saving_is_found_to_the_cent():
    answer = pool(small_study(case()))
    # 400,000 today against 320,000 together, five years, no discounting.
    assert answer["total"]["npv"]["mean"] == pytest.approx(400_000)
    assert answer["total"]["p_saves"] == 1
    assert answer["partners"]["ash"]["npv"]["p50"] == pytest.approx(5 * (100_000 - 80_000))
    assert answer["total"]["payback_year"]["p50"] == 2026


def test_partners_add_up_to_the_whole_in_every_view():
    c = with_option(
        lines=[
            {"id": "all", "category": "staff", "amount": {"low": 250_000, "likely": 320_000, "high": 480_000}}
        ]
    )
    answer = small_study(c).document["questions"]["money"]["options"]["joint"]
    for view in ("inside", "outside", "pool"):
        parts = sum(n["npv"]["mean"] for n in answer[view]["partners"].values())
        assert parts == pytest.approx(answer[view]["total"]["npv"]["mean"])


def test_optimism_lowers_the_saving_by_its_share_of_todays_cost():
    d = document()
    d["assumptions"]["views"]["optimism"] = 0.05
    assert pool(small_study(Case.model_validate(d)))["total"]["npv"]["mean"] == pytest.approx(
        400_000 - 5 * 0.05 * 400_000
    )


def test_transition_is_raised_and_paid_once():
    d = document()
    d["assumptions"]["views"]["transition_uplift"] = 0.5
    d["options"][0]["lines"].append({"id": "move", "category": "transition", "amount": 10_000})
    assert pool(small_study(Case.model_validate(d)))["total"]["npv"]["mean"] == pytest.approx(
        400_000 - 15_000
    )


def test_a_late_start_loses_its_part_of_the_first_year():
    d = document()
    d["assumptions"]["views"]["delay_months"] = 6
    assert pool(small_study(Case.model_validate(d)))["total"]["npv"]["mean"] == pytest.approx(
        400_000 - 40_000
    )


def test_a_moved_cost_is_never_a_saving():
    c = with_option(moved=[{"id": "m", "partner": "ash", "to": "the county", "amount": 20_000}])
    answer = small_study(c).document["questions"]["money"]["options"]["joint"]
    assert answer["pool"]["partners"]["ash"]["npv"]["mean"] == pytest.approx(0)
    assert answer["moved"] == [{"from": "ash", "to": "the county", "amount": 20_000}]


def test_coordination_is_in_the_inside_view_and_not_twice_in_the_outside_view():
    lines = [{"id": "all", "category": "staff", "amount": 320_000}]
    with_it = with_option(lines=[*lines, {"id": "c", "category": "coordination", "amount": 10_000}])
    a, b = (small_study(c).document["questions"]["money"]["options"]["joint"] for c in (case(), with_it))
    assert a["inside"]["total"]["npv"]["mean"] - b["inside"]["total"]["npv"]["mean"] == pytest.approx(50_000)
    assert a["outside"]["total"]["npv"]["mean"] == pytest.approx(b["outside"]["total"]["npv"]["mean"])


def test_stranded_cost_goes_on():
    d = document()
    d["options"].append(
        {
            "id": "as_today",
            "name": "Carry on",
            "kind": "do_nothing",
            "lines": [{"id": "a", "category": "staff", "payer": "ash", "amount": 100_000, "avoidable": 0.7}],
        }
    )
    answer = pool(small_study(Case.model_validate(d)))
    assert answer["partners"]["ash"]["npv"]["mean"] == pytest.approx(5 * (100_000 - 80_000 - 30_000))


def test_doing_nothing_more_than_today_saves_nothing():
    c = case(options=[{"id": "same", "name": "As it is", "kind": "improve_alone"}])
    assert pool(small_study(c), "same")["total"]["npv"]["mean"] == 0


def test_published_effects_are_not_read_onto_other_options():
    c = case(options=[{"id": "same", "name": "As it is", "kind": "improve_alone"}])
    answer = small_study(c).document["questions"]["money"]["options"]["same"]
    assert answer["outside"] is None
    assert answer["outside_reason"]


@pytest.mark.parametrize(("weight", "view"), [(1.0, "inside"), (0.0, "outside")])
def test_the_pool_at_full_weight_is_that_view(weight, view):
    d = document()
    d["assumptions"]["views"]["inside_weight"] = weight
    answer = small_study(Case.model_validate(d)).document["questions"]["money"]["options"]["joint"]
    assert answer["pool"] == answer[view]


def test_without_a_figure_for_one_partner_the_saving_is_unknown_and_says_so():
    d = document()
    d["spending"] = d["spending"][:2]
    result = small_study(Case.model_validate(d)).document
    answer = result["questions"]["money"]["options"]["joint"]
    assert answer["pool"] is None
    assert "Cedar" in answer["unknown"]
    assert result["lessons"][0]["verdict"] == "unknown"


def test_no_saving_is_stated_while_cost_scopes_differ():
    d = document()
    d["spending"][0]["scope"] = {"benefits": "included"}
    d["spending"][1]["scope"] = {"benefits": "excluded"}
    answer = small_study(Case.model_validate(d)).document["questions"]["money"]["options"]["joint"]
    assert answer["pool"] is None
    assert "benefits" in answer["unknown"]


def test_service_nobody_forecast_is_unknown_and_not_equal():
    answer = small_study(case()).document["questions"]["service"]["options"]["joint"]
    assert answer["joint"] is None
    assert answer["unknown"]


def service_case(forecast, margin=0.5):
    d = document()
    d["service_measures"] = [
        {
            "id": "response",
            "name": "Response time",
            "unit": "minutes",
            "better": "lower",
            "primary": True,
            "margin": margin,
            "baseline": {"ash": 8, "birch": 6, "cedar": 7},
        }
    ]
    d["options"][0]["forecasts"] = [{"measure": "response", "value": forecast}]
    return Case.model_validate(d)


def test_service_within_the_margin_counts_as_equal():
    answer = small_study(service_case(6.4)).document["questions"]["service"]["options"]["joint"]
    assert answer["joint"]["p"] == 1
    worse = small_study(service_case(6.6)).document["questions"]["service"]["options"]["joint"]
    assert worse["joint"]["p"] == 0
    assert worse["worst_off"]["partner"] == "birch"


def test_joint_probability_is_taken_over_the_same_draws():
    c = service_case({"low": 5, "likely": 6.5, "high": 8})
    answer = small_study(c, draws=4000).document["questions"]["service"]["options"]["joint"]
    # One forecast for all: it is good for all exactly when it is good for the most demanding, Birch.
    assert answer["joint"]["p"] == answer["partners"]["birch"]["p"] == answer["saves_and_serves"]["p"]


def test_payback_is_the_year_from_which_cumulated_savings_stay_out_of_the_red():
    saving = np.array([[-10.0, 5, 5, 5], [1, 1, 1, 1], [-10, 1, 1, 1], [10, -20, 5, 6]])[None]
    assert payback_year(saving, 2026)[0].tolist() == [2028, 2026, np.inf, 2029]


class Years:
    years = np.arange(2026, 2036)


@pytest.mark.parametrize(
    ("worse", "kept"),
    [
        ([], True),
        ([5, 6], True),
        ([5, 6, 7], False),
        ([0, 1, 2], True),
        ([1, 2, 3], False),
        ([3, 4, 6, 7], True),
    ],
)
def test_three_years_running_after_the_transition_end_it(worse, kept):
    saving = np.ones((1, 1, 10))
    saving[0, 0, worse] = -1
    assert stays(saving, Years, after=2026)[:, 0].tolist() == [kept, kept]


def test_stresses_that_cannot_be_run_say_why():
    rows = small_study(case()).document["questions"]["sustainability"]["options"]["joint"]["stresses"]
    assert {r["id"] for r in rows} == {"leaver", "grant_ends", "growth", "prices", "lead_vacant", "volume"}
    assert all(r["unknown"] or "change" in r["total"] for r in rows)


def test_a_leaver_pays_what_the_terms_say():
    free = with_option()
    bound = with_option(exit={"stranded_share": 1.0, "stranded_years": 20})

    def exit_of(c):
        d = c.model_copy(
            update={
                "assumptions": c.assumptions.model_copy(
                    update={"stress": c.assumptions.stress.model_copy(update={"leaves_after_years": 2})}
                )
            }
        )
        return small_study(d).document["questions"]["sustainability"]["options"]["joint"]["exits"]["birch"]

    # A fixed cost of 320,000: when Birch goes, Ash and Cedar pay its half as well, for three years.
    assert exit_of(free)["partners"]["ash"]["change"] == pytest.approx(-3 * 80_000)
    assert exit_of(bound)["partners"]["ash"]["change"] == pytest.approx(0)
    assert exit_of(bound)["total"]["change"] == pytest.approx(exit_of(free)["total"]["change"])


@given(
    rule=st.sampled_from(
        [
            {"kind": "equal"},
            {"kind": "per_head"},
            {"kind": "by_usage", "measure": "calls"},
            {"kind": "hybrid", "weights": {"population": 0.25, "calls": 0.75}},
            {"kind": "two_part", "readiness_share": 0.4, "use_by": "calls"},
        ]
    ),
    amount=st.floats(1000, 1e7),
)
@pytest.mark.slow
def test_bills_add_up_to_the_joint_cost_whatever_the_rule(rule, amount):
    c = with_option(formula={"rule": rule}, lines=[{"id": "all", "category": "staff", "amount": amount}])
    answer = study(c, draws=10).document["sharing"]["options"]["joint"]
    assert sum(p["bill"] for p in answer["partners"].values()) == pytest.approx(amount)
    assert sum(p["share"] for p in answer["partners"].values()) == pytest.approx(1)


def test_usage_is_averaged_over_the_years_on_record():
    d = document()
    d["partners"][0]["measures"]["calls"] = {"value": 100, "history": {2021: 100, 2022: 200, 2023: 300}}
    d["options"][0]["formula"]["rule"] = {"kind": "by_usage", "measure": "calls", "years": 2}
    answer = study(Case.model_validate(d), draws=10).document["sharing"]["options"]["joint"]
    assert answer["partners"]["ash"]["share"] == pytest.approx(250 / 950)


def test_the_parts_of_a_saving_add_up_to_it():
    d = document()
    d["assumptions"]["views"] = {
        "optimism": 0.05,
        "spread": 0.02,
        "delay_months": 3,
        "transition_uplift": 0.1,
    }
    d["options"][0] |= {
        "moved": [{"id": "m", "partner": "ash", "to": "the county", "amount": 2_000}],
        "lines": [
            {"id": "all", "category": "staff", "amount": 300_000},
            {"id": "c", "category": "coordination", "amount": 5_000},
            {"id": "t", "category": "transition", "amount": 9_000},
            {"id": "g", "category": "grant", "amount": 4_000, "end": 2027},
            {"id": "o", "category": "operating", "payer": "birch", "amount": 3_000},
        ],
    }
    parts = small_study(Case.model_validate(d)).document["questions"]["money"]["options"]["joint"][
        "components"
    ]
    for who in ("ash", "birch", "cedar"):
        total = sum(row["partners"][who] for row in parts["rows"].values())
        assert total == pytest.approx(parts["saving"]["partners"][who])
    assert parts["rows"]["moved"]["total"] == pytest.approx(-10_000)
    assert parts["rows"]["transition_and_capital"]["total"] == pytest.approx(-9_900)


def test_levelling_of_pay_stands_apart():
    staffing = {
        "scales": [{"id": "low", "steps": [50_000]}, {"id": "high", "steps": [60_000]}],
        "posts": [{"id": "p", "title": "Officer", "scale": "low", "count": 4, "comes_from": "ash"}],
        "levelling": {"rule": "highest"},
    }
    d = document(staffing=staffing)
    d["options"][0]["lines"] = [
        {"id": "all", "category": "staff", "behaviour": {"kind": "posts", "posts": ["p"]}}
    ]
    parts = small_study(Case.model_validate(d)).document["questions"]["money"]["options"]["joint"][
        "components"
    ]
    assert parts["of_which_levelling_of_pay"]["total"] == pytest.approx(-5 * 4 * 10_000)
