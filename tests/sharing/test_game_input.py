"""Every bad game gets one clear message for each thing that is wrong with it."""

import json

import numpy as np
import pytest

from interlocal.problems import InputError
from interlocal.sharing import Game, certify_nucleolus, nucleolus, sampled_shapley, shapley_shubik

GOOD = {
    "kind": "cost",
    "players": ["Ash", "Birch"],
    "values": [
        {"group": ["Ash"], "value": 60},
        {"group": ["Birch"], "value": 50},
        {"group": ["Birch", "Ash"], "value": 90},
    ],
}


def changed(**parts):
    return {**GOOD, **parts}


def with_entry(k, **parts):
    entries = [dict(entry) for entry in GOOD["values"]]
    entries[k].update(parts)
    return changed(values=entries)


def table(numbers, players=("Ash", "Birch"), kind="cost"):
    return {"kind": kind, "players": list(players), "table": numbers}


def problems_of(document):
    with pytest.raises(InputError) as caught:
        Game.from_json(document, "game.json")
    return caught.value.problems


def test_values_and_table_give_the_same_game():
    by_values = Game.from_json(json.dumps(GOOD))
    by_table = Game.from_json(table([0, 60, 50, 90]))
    by_hand = Game.from_values(["Ash", "Birch"], {("Ash",): 60, ("Birch",): 50, ("Ash", "Birch"): 90})
    by_function = Game.from_function(
        ["Ash", "Birch"], lambda masks: 60 * (masks & 1) + 50 * (masks >> 1) - 20 * (masks == 3)
    )
    for game in (by_values, by_hand, by_function):
        assert game.players == by_table.players
        assert game.table.tolist() == by_table.table.tolist()
    assert by_table.value(["Birch"]) == 50
    assert by_table.group(3) == ["Ash", "Birch"]


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        (changed(values=GOOD["values"][:2]), "/values", "no value for the group Ash, Birch"),
        (changed(values=[*GOOD["values"], GOOD["values"][0]]), "/values/3/group", "the group Ash again"),
        (with_entry(0, group=["Ahs"]), "/values/0/group", "Did you mean 'Ash'?"),
        (with_entry(2, group=["Ash", "Ash"]), "/values/2/group", "'Ash' twice in a group"),
        (with_entry(2, group=[]), "/values/2/group", "a group of nobody"),
        (with_entry(1, value="50 USD"), "/values/1/value", "'50 USD'"),
        (with_entry(1, value=True), "/values/1/value", "True"),
        (with_entry(1, value=None), "/values/1/value", "None"),
        (with_entry(1, value=float("nan")), "/values/1/value", "nan"),
        (with_entry(1, value=10**400), "/values/1/value", "a finite number"),
        (changed(values=[*GOOD["values"], 7]), "/values/3", "expected {"),
        (changed(values={}), "/values", "a JSON object"),
        (changed(players=["Ash", "Ash"]), "/players", "'Ash' more than once"),
        (changed(players=["Ash", 2]), "/players", "2 as a name"),
        (changed(players=[]), "/players", "nobody"),
        (changed(kind="costs"), "/kind", "'costs'"),
        (changed(kind=None), "/kind", "nothing"),
        (changed(palyers=[]), "/palyers", "Did you mean 'players'?"),
        (changed(table=[0, 1, 2, 3]), "", "both a table and values"),
        ({"kind": "cost", "players": ["Ash"]}, "", "neither a table nor values"),
        (table([0, 1, 2]), "/table", "3 numbers; expected 4 numbers"),
        (table([1, 1, 2, 3]), "/table/0", "1.0 for the group of nobody"),
        (table([0, 1, "2", 3]), "/table/2", "'2'; expected a number"),
        (table([0, 1, float("inf"), 3]), "/table/2", "inf; expected a finite number"),
        (table([0], players=[f"p{i}" for i in range(40)]), "/players", "at most 27 players in a table"),
        ([1, 2], "", "a JSON list"),
        ("{", "", "text that is not JSON"),
    ],
)
def test_each_bad_input_gets_one_message(document, path, words):
    problems = problems_of(document)
    assert len(problems) == 1, problems
    assert problems[0].path == path
    assert words in str(problems[0])


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (table([0, 1, float("nan"), 3]), "game.json, entry 3 of table"),
        (table([1, 1, 2, 3]), "game.json, entry 1 of table"),
        (table([0, 1]), "game.json, table"),
        (table([0], players=[f"p{i}" for i in range(40)]), "game.json, players"),
        (changed(kind="costs"), "game.json, kind"),
        (with_entry(1, value="x"), "game.json, entry 2 of values"),
    ],
)
def test_each_message_names_the_file_and_the_place(document, where):
    assert [p.where for p in problems_of(document)] == [where]


def test_all_problems_come_at_once():
    document = with_entry(0, group=["Ahs"], value="x")
    document["kind"] = "price"
    assert {problem.path for problem in problems_of(document)} == {
        "/kind",
        "/values/0/group",
        "/values/0/value",
    }


def test_forty_players_are_told_what_to_do_instead():
    with pytest.raises(InputError, match="sampled_shapley, which needs no table"):
        Game.from_function([f"p{i}" for i in range(40)], lambda masks: masks)


def test_the_table_is_kept_and_protected():
    given = np.array([0, 60, 50, 90.0])
    game = Game(("Ash", "Birch"), given)
    with pytest.raises(ValueError, match="read-only"):
        game.table[1] = 0
    given[1] = 61
    assert np.shares_memory(game.table, given)


def test_votes_and_samples_and_proofs_check_what_they_are_given():
    with pytest.raises(InputError, match="votes of 0 or more"):
        shapley_shubik([1, -2], 1)
    with pytest.raises(InputError, match="the sum of the weights"):
        shapley_shubik([1, 2], 4)
    with pytest.raises(InputError, match="8 rounds or more"):
        sampled_shapley(lambda groups: groups.sum(1), 3, rounds=2)
    with pytest.raises(InputError, match="one per row"):
        sampled_shapley(lambda groups: groups, 3)
    with pytest.raises(InputError, match="whole cents"):
        certify_nucleolus(Game(("Ash", "Birch"), [0, 0.5, 1, 1]), nucleolus(Game(("a", "b"), [0, 0.5, 1, 1])))
