"""A case may judge by other thresholds, with a reason; a name nobody knows is an error in words."""

from cases import case

from interlocal.lessons.overrides import overrides, unknown_overrides


def with_override(name):
    return case(thresholds=[{"id": name, "value": 18, "reason": "Chiefs give long notice"}])


def test_an_override_is_shown_with_what_it_replaces():
    (row,) = overrides(with_override("driver.leadership.window_months"))
    assert row["value"] == 18
    assert row["reason"] == "Chiefs give long notice"
    assert row["shipped"]["value"] == 12
    assert row["shipped"]["source"] == "judgement"


def test_a_misspelt_threshold_gets_a_message_with_the_nearest_name():
    (problem,) = unknown_overrides(with_override("driver.leadership.window_month"))
    assert problem.path == "/thresholds/0/id"
    assert "driver.leadership.window_months" in problem.fix
    assert unknown_overrides(with_override("driver.leadership.window_months")) == []
