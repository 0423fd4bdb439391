import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal import reference
from interlocal.problems import InputError

SERVICES = st.sampled_from(sorted(reference.services()))


@given(SERVICES)
def test_weights_sum_to_one_and_no_direction_is_certain(service):
    view = reference.outside_view(service)
    assert sum(c.weight for c in view.components) == pytest.approx(1)
    assert all(0.05 <= c.weight <= 0.7 for c in view.components)
    assert view.mark == "judgement"
    assert view.why


@given(SERVICES, st.floats(-0.1, 0.2), st.floats(-0.1, 0.2))
def test_probability_of_a_saving_falls_as_the_saving_grows(service, a, b):
    view = reference.outside_view(service)
    low, high = sorted((a, b))
    assert 0 <= view.probability_above(high) <= view.probability_above(low) <= 1


@given(SERVICES)
def test_the_drawable_mixture_is_the_same_as_the_printed_one(service):
    view = reference.outside_view(service)
    assert view.distribution.mean() == pytest.approx(view.mean())
    assert view.distribution.weights == pytest.approx([c.weight for c in view.components])


def test_the_general_view_has_the_counted_shares_and_the_range_seen():
    view = reference.outside_view("payroll")
    assert view.evidence == "general"
    assert view.effects == ()
    assert {c.direction: c.weight for c in view.components} == {"lower": 0.45, "none": 0.40, "higher": 0.15}
    assert min(c.low for c in view.components) == -0.08
    assert max(c.high for c in view.components) == 0.17
    assert 0 <= view.mean() <= 0.06


def test_classes_follow_the_studies_of_the_service():
    for service in reference.services().values():
        directions = {e.direction for e in reference.effects_on(service.id)} - {"mixed"}
        expected = {
            frozenset(): "general",
            frozenset({"lower"}): "lower",
            frozenset({"none"}): "no_difference",
            frozenset({"higher"}): "higher",
            frozenset({"lower", "none"}): "lower_or_none",
        }[frozenset(directions)]
        assert service.evidence == expected, service.id


def test_directions_of_aldag_warner_bel_2020():
    found = {
        e.services[0]: e.direction
        for e in reference.effects().values()
        if e.source == "aldag_warner_bel_2020"
    }
    assert {s for s, d in found.items() if d == "lower"} == {
        "solid_waste",
        "roads",
        "police",
        "library",
        "sewer",
    }
    assert {s for s, d in found.items() if d == "higher"} == {"elder_services", "planning_zoning"}
    assert len(found) == 12


def test_shipped_judgements_lie_in_their_own_range():
    for j in reference.judgements().values():
        assert j.range[0] <= j.value <= j.range[1], j.name
        assert j.spread is None or j.range[0] <= j.spread[0] <= j.spread[1] <= j.spread[2] <= j.range[1], (
            j.name
        )
        assert j.why
    assert reference.judgement("inside_weight").distribution.is_fixed
    assert reference.judgement("delay_months").distribution.mean() == pytest.approx(5)


def test_omb_rates_run_straight_between_terms_and_hold_above_30_years():
    assert reference.omb_rate(2021, 15, "nominal") == pytest.approx(0.0115)
    assert reference.omb_rate(2021, 50, "real") == reference.omb_rate(2021, 30, "real") == -0.003


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: reference.omb_rate(2024, 10, "real"), "2021"),
        (lambda: reference.omb_rate(2021, 1, "real"), "3 years or more"),
        (lambda: reference.judgement("optimsm"), "Did you mean optimism"),
        (lambda: reference.optimism("standard_building"), "Did you mean standard_buildings"),
        (lambda: reference.price_index("ppi"), "cpi_u"),
        (lambda: reference.price_index("cpi_u").ratio(1950, 2020), "1980 to 2025"),
    ],
)
def test_what_is_not_shipped_is_refused_in_words(ask, says):
    with pytest.raises(InputError, match=says):
        ask()


def test_realised_over_claimed_only_where_both_are_known():
    ratios = {c.id: c.ratio for c in reference.claimed_cases() if c.ratio is not None}
    assert ratios["ia_secc_3"] == pytest.approx(4.31 / 3.15)
    assert ratios["uk_nao_2012_1"] == pytest.approx(1.56, abs=0.01)
    assert "wa_shared_services_3" not in ratios
