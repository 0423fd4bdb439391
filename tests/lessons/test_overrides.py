"""A case may judge by other thresholds, with a reason; a name nobody knows is an error in words."""

import json

from cases import case, document

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


def test_every_misspelt_threshold_is_refused_at_once_by_the_commands(tmp_path, run_cli):
    wrong = [{"id": name, "value": 1, "reason": "Test"} for name in ("driver.budget.yeers", "nonsense")]
    (tmp_path / "case.json").write_text(json.dumps(document(thresholds=wrong)), encoding="utf-8")
    for command in ("check", "study"):
        ran = run_cli(command, "case.json", cwd=tmp_path)
        assert ran.code == 1
        assert "2 problems" in ran.stderr
        assert "Did you mean driver.budget.years?" in ran.stderr


def test_windows_are_as_long_as_the_case_sets_unless_the_command_says_otherwise(run_cli, root):
    path = str(root / "examples/juniper-valley/case.yaml")
    assert json.loads(run_cli("windows", path, "--json").stdout)["within_months"] == 18
    assert json.loads(run_cli("windows", path, "--within", "6", "--json").stdout)["within_months"] == 6
