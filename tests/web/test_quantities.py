"""Quantities as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case.values import Quantity
from interlocal.web.forms.quantities import NotUnderstood, say, understand


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("412,000", {"value": 412000}),
        ("$1.2m", {"value": 1200000}),
        ("USD 5,000", {"value": 5000}),
        ("−3", {"value": -3}),
        ("12 %", {"value": 0.12}),
        ("about 12 %", {"value": 0.12, "basis": "estimate"}),
        ("180–210k", {"low": 180e3, "likely": 195e3, "high": 210e3}),
        ("180k-210k", {"low": 180e3, "likely": 195e3, "high": 210e3}),
        ("between 180 and 210k", {"low": 180e3, "likely": 195e3, "high": 210e3}),
        ("10 to 12 %", {"low": 0.1, "likely": 0.11, "high": 0.12}),
        ("-5 to -2", {"low": -5, "likely": -3.5, "high": -2}),
        ("180k, likely 190k, to 210k", {"low": 180e3, "likely": 190e3, "high": 210e3}),
        ("190k ± 10 %", {"low": 171e3, "likely": 190e3, "high": 209e3}),
        ("p10 180k, p50 190k, p90 210k", {"p10": 180e3, "p50": 190e3, "p90": 210e3}),
        ("mean 190k, sd 12k, lognormal", {"mean": 190e3, "sd": 12e3, "shape": "lognormal"}),
        ("100: 30 %; 200: 70 %", {"values": [100, 200], "probabilities": [0.3, 0.7]}),
        ("1; 2; 4", {"values": [1, 2, 4]}),
    ],
)
def test_what_people_say_is_understood(said, meant):
    assert understand(said) == meant


@pytest.mark.parametrize("said", ["a lot", "12 apples", "1 to 2 to 3 to 4", "100: x", "1e400x", "<b>"])
def test_what_is_not_understood_gets_an_example(said):
    with pytest.raises(NotUnderstood, match="like"):
        understand(said)


numbers = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 6))
quantities = st.one_of(
    st.builds(lambda v: {"value": v}, numbers),
    st.builds(
        lambda v: dict(zip(("low", "likely", "high"), sorted(v), strict=True)),
        st.lists(numbers, min_size=3, max_size=3),
    ),
    st.builds(
        lambda v: dict(zip(("p10", "p50", "p90"), sorted(v), strict=True)),
        st.lists(numbers, min_size=3, max_size=3),
    ),
    st.builds(lambda m, s: {"mean": m, "sd": abs(s), "shape": "normal"}, numbers, numbers),
    st.builds(lambda v: {"values": v}, st.lists(numbers, min_size=2, max_size=5)),
)


@given(quantities)
def test_every_quantity_of_a_case_is_said_so_that_it_is_understood_again(quantity):
    assert understand(say(quantity)) == quantity
    assert Quantity.model_validate(understand(say(quantity)))
