import json

import pytest
import yaml
from cases import document

LEMAIRE = {
    "kind": "savings",
    "players": ["1", "2", "3"],
    "values": [
        {"group": list(g), "value": v}
        for g, v in (
            ("1", 46125),
            ("2", 17437.5),
            ("3", 5812.5),
            ("12", 69187.5),
            ("13", 53812.5),
            ("23", 30750),
            ("123", 90000),
        )
    ],
}


@pytest.fixture
def file(tmp_path):
    def write(content, name="game.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return write


def test_a_game_gets_its_answer_as_one_document(run_cli, file):
    code, out, err = run_cli("shares", file(LEMAIRE), "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["core_empty"] is False
    assert list(found["methods"]["nucleolus"]["shares"].values()) == pytest.approx(
        [52687.5, 24468.75, 12843.75]
    )


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ("{not json", "JSON"),
        (LEMAIRE | {"values": LEMAIRE["values"][:-1]}, "group"),
        (LEMAIRE | {"values": [*LEMAIRE["values"], LEMAIRE["values"][0]]}, "group"),
        (LEMAIRE | {"players": ["1", "2", "4"]}, "3"),
        ({"kind": "cost", "players": ["a"], "table": [0, "x"]}, "number"),
        ({"kind": "cost", "players": [f"p{i}" for i in range(40)], "table": [0]}, "40"),
        ([1, 2], "list"),
    ],
)
def test_a_broken_game_gets_a_clear_error(run_cli, file, broken, word):
    code, out, err = run_cli("shares", file(broken), "--json")
    assert (code, out) == (1, "")
    assert word in err
    assert "Traceback" not in err
    assert json.loads(err)


def test_nan_in_a_game_is_refused(run_cli, file):
    code, _, err = run_cli("shares", file('{"kind":"cost","players":["a"],"table":[0,NaN]}'))
    assert code == 1
    assert "Traceback" not in err


def test_a_case_gets_the_laboratory(run_cli, file):
    case = file(yaml.safe_dump(document()), "case.yaml")
    code, out, err = run_cli("shares", case, "--json", "--formula", "shapley", "--formula", "by_usage:calls")
    assert code == 0, err
    found = json.loads(out)
    assert set(found["formulas"]) == {"proposed", "shapley", "by_usage:calls"}
    assert found["stand_alone"] == {"ash": 100_000, "birch": 200_000, "cedar": 100_000}
    assert sum(found["formulas"]["proposed"]["shares"].values()) == pytest.approx(320_000)
    assert found["formulas"]["proposed"]["in_core"] is True
    # A fixed cost of 320,000 that Ash and Cedar would not take on alone: with Birch each gains.
    assert found["formulas"]["proposed"]["p_better_off"]["ash"] == 1
    code, out, _ = run_cli("shares", case)
    assert code == 0
    assert "Ash pays USD 80,000 a year" in out


def test_an_unknown_formula_names_those_there_are(run_cli, file):
    code, _, err = run_cli("shares", file(yaml.safe_dump(document()), "case.yaml"), "--formula", "fair")
    assert code == 1
    assert "shapley" in err


@pytest.mark.parametrize("command", ["check", "study"])
def test_bounds_that_the_cost_breaks_are_refused_with_everything_else(run_cli, file, command):
    broken = document(thresholds=[{"id": "driver.leadership.window_month", "value": 3, "reason": "a test"}])
    broken["options"][0]["formula"] |= {"caps": {"ash": 1, "birch": 1, "cedar": 1}, "floors": {"ash": 2}}
    code, out, err = run_cli(command, file(yaml.safe_dump(broken), "case.yaml"))
    assert (code, out) == (1, "")
    assert "Did you mean driver.leadership.window_months?" in err
    assert "a floor of 2.00 above a cap of 1.00 for ash" in err
    assert "caps that add up to 3.00 for a cost of 320,000.00" in err


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("{kind: by_usage, measure: wolves}", "a measure that each member has: calls, population"),
        ("{kind: hybrid, weights: {calls: 0.5, population: 0.4}}", "weights that sum to 0.9"),
        ("{kind: hybrid, weights: {calls: 1}, sums_raw_units: true}", "a sum of unlike units"),
        ("{rule: {kind: per_head}, caps: {ash: -5}}", "an amount of 0 or more"),
        (
            "{rule: {kind: equal}, floors: {ash: 9}, caps: {ash: 8}}",
            "a floor of 9.00 above a cap of 8.00 for ash",
        ),
        ("{rule: {kind: per_head}, caps: {elm: 5}}", "elm, which is not a member of the option"),
        ("{kind: per_hed}", "Did you mean per_head?"),
        ("{kind: dues, classes: [{name: a, up_to: 9}]}", "class a, the last one"),
        ("{kind: hybrid, weights: {calls: 1", "--formula, line"),
        ("", "nothing"),
    ],
)
def test_a_formula_typed_in_says_what_is_wrong(run_cli, file, formula, says):
    case = file(yaml.safe_dump(document()), "case.yaml")
    code, out, err = run_cli("shares", case, "--formula", formula, "--formula", "fair")
    assert (code, out) == (1, "")
    assert says in " ".join(err.split())
    assert "found fair" in " ".join(err.split()), "the problems of all formulas come at once"


def test_formulas_typed_in_stand_beside_the_proposed_one(run_cli, file):
    case = file(yaml.safe_dump(document()), "case.yaml")
    typed = "{rule: {kind: hybrid, weights: {population: 0.5, calls: 0.5}}, caps: {birch: 150000}}"
    code, out, err = run_cli("shares", case, "--json", "--formula", typed, "--formula", "{kind: equal}")
    assert code == 0, err
    found = json.loads(out)["formulas"]
    assert list(found) == ["proposed", "hybrid", "equal"]
    assert list(found["hybrid"]["shares"].values()) == pytest.approx([63_750, 150_000, 106_250])


def test_the_terminal_holds_the_proposal_against_votes_and_the_outside_view(run_cli, file):
    votes = {"voting": {"votes": {"ash": 1, "birch": 3, "cedar": 1}, "quota": 0.5}}
    case = document()
    case["options"][0] |= votes
    code, out, err = run_cli("shares", file(yaml.safe_dump(case), "case.yaml"), "--formula", "equal")
    assert code == 0, err
    words = " ".join(out.split())
    assert "Chance to be better off over the horizon" in words
    # Birch alone decides with 3 of 5 votes, and pays half.
    assert "Birch 50 % 60 % 100 % 100 % 0.0 % none" in words
    assert "The outside view: by what is published of cost by size" in words
    assert "Equal: what it means" in words
    assert "Ash pays USD 106,667 a year: USD 6,667 (6.67 per head) more than on its own." in words
    assert "Better off in no future drawn." in words


def test_who_subsidises_whom_is_said_for_each_formula(run_cli, file):
    case = file(yaml.safe_dump(document()), "case.yaml")
    given = "{kind: given, shares: {ash: 0.5, birch: 0.5, cedar: 0}}"
    found = json.loads(run_cli("shares", case, "--json", "--formula", given)[1])["formulas"]
    assert found["proposed"]["subsidy"] == {"ash": 0, "birch": 0, "cedar": 0}
    # Ash pays 160,000 and 100,000 alone. Cedar pays nothing, and adds nothing to a fixed cost: it takes nothing.
    assert found["given"]["subsidy"] == pytest.approx({"ash": 60_000, "birch": 0, "cedar": 0})


def test_many_partners_stand_in_tables_of_four(run_cli, file):
    case = document()
    more = ["dogwood", "elm"]
    case["partners"] += [
        {"id": p, "name": p.title(), "measures": {"population": 500, "calls": 10}} for p in more
    ]
    case["spending"] += [{"partner": p, "year": 2023, "amount": 50_000} for p in more]
    out = run_cli("shares", file(yaml.safe_dump(case), "case.yaml")).stdout
    assert out.count("What each formula has each partner pay") == 2
    assert "…" not in out


def test_splits_that_beat_the_whole_are_named(run_cli, file):
    game = '{"kind":"cost","players":["a","b","c"],"table":[0,10,10,15,10,15,30,45]}'
    code, out, err = run_cli("shares", file(game, "game.json"))
    assert code == 0, err
    assert "b on one side and a and c on the other" in " ".join(out.split())
    game = '{"kind":"cost","players":["a","b","c"],"table":[0,10,10,30,10,30,30,45]}'
    code, out, err = run_cli("shares", file(game, "game.json"))
    assert code == 0, err
    assert "Apart, in 3 groups: a; b; c, they beat the whole by 15." in " ".join(out.split())
    base = document()
    base["options"][0]["lines"][0]["amount"] = 450_000
    code, out, err = run_cli("shares", file(yaml.safe_dump(base), "case.yaml"))
    assert code == 0, err
    assert "All would pay USD 50,000 less in 2027 apart, in 3 groups: Ash; Birch; Cedar." in " ".join(
        out.split()
    )


def test_a_formula_is_not_tried_on_a_game(run_cli, file):
    game = '{"kind":"cost","players":["a"],"table":[0,1]}'
    code, out, err = run_cli("shares", file(game, "game.json"), "--formula", "shapley")
    assert (code, out) == (1, "")
    assert "Leave --formula out" in err
