"""The trade between service and saving: a picture, the same in words, and the table behind it."""

from interlocal.report.tradeoff import tradeoffs

CURVE = {"margin": 1, "change": [-1.0, 0.0, 2.0], "p_service": [0.9, 0.6, 0.1], "p_both": [0.5, 0.3, 0.05], "saving_p50": [10.0, 5.0, -20.0]}  # fmt: skip
DOCUMENT = {
    "choice": {"tradeoff": {"cover": {"joint": CURVE}}},
    "questions": {
        "service": {"measures": {"cover": {"name": "Cover", "unit": "percent"}}},
        "money": {"currency": "USD"},
    },
}


def test_the_trade_off_is_told_in_words_and_as_a_table():
    ((measure, picture),) = tradeoffs(DOCUMENT, "joint")
    assert measure == "cover"
    assert picture.rows == ((-1.0, 0.9, 0.5, 10.0), (0.0, 0.6, 0.3, 5.0), (2.0, 0.1, 0.05, -20.0))
    assert picture.columns[-1] == "Median saving there [USD]"
    assert (
        "Better by at least -1 percent for every member: about 9 in 10; with a saving too: about 5 in 10."
        in picture.alternative
    )
    assert 'role="img"' in picture.svg
    assert "with a saving too" in picture.svg


def test_an_option_without_forecasts_has_no_such_picture():
    assert tradeoffs(DOCUMENT, "other") == []
