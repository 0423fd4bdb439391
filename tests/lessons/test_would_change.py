"""The search for changes: the smallest set, the least effort, and never one that was not run."""

from functools import partial

from cases import case, document

from interlocal.lessons import advice, findings
from interlocal.lessons.would_change import changes, would_change
from interlocal.study import study

NO, GO = "do not proceed as proposed", "proceed to the next gate"


def two_options(**changes_):
    pair = {"id": "pair", "name": "Two of us", "kind": "shared", "members": ["ash", "birch"], "lines": []}
    return case(options=[*document()["options"], pair], **changes_)


def test_one_change_is_preferred_to_two_and_a_term_to_a_design():
    asked = two_options()
    found = would_change(asked, NO, lambda c: {"verdict": GO if c != asked else NO})
    assert [c["effort"] for c in found["would_change"]] == ["change a term"]
    assert found["verdict"] == GO


def test_two_changes_are_found_where_one_is_not_enough():
    def rerun(changed):
        equal = changed.option("joint").formula.rule.kind == "equal"
        return {"verdict": GO if equal and changed.proposed == "pair" else NO}

    found = would_change(two_options(), NO, rerun)
    assert {c["text"] for c in found["would_change"]} == {
        "Share the cost in equal parts.",
        "Propose “Two of us” instead.",
    }


def test_where_nothing_helps_it_says_how_much_was_tried():
    seen = []
    found = would_change(two_options(), NO, lambda c: seen.append(c) or {"verdict": NO})
    assert found["would_change"] is None
    assert found["tried"] == len(seen)
    assert str(len(seen)) in found["reason"]


def test_each_change_gives_a_case_of_its_own():
    asked = two_options(gate="adopt")
    made = [change.apply(asked).sha256 for change in changes(asked)]
    assert len(set(made)) == len(made)
    assert asked.sha256 not in made
    assert {c.effort for c in changes(asked)} == {
        "record a fact",
        "collect an opinion",
        "change a term",
        "change the design",
    }


def advise(asked, draws):
    results = study(asked, draws=draws).document
    return advice(asked, results, findings(asked, results))


def test_a_formula_that_leaves_nobody_worse_off_is_found_by_running_the_study():
    """By calls Cedar would pay 120,000 of 320,000 for what costs it 100,000; by population nobody pays more."""
    options = document()["options"]
    options[0]["formula"] = {"rule": {"kind": "by_usage", "measure": "calls"}}
    asked = case(options=options)
    rerun = partial(advise, draws=50)
    before = rerun(asked)["verdict"]
    assert before == NO
    found = would_change(asked, before, rerun, largest=1)
    assert found["would_change"] == [{"text": "Share the cost by population.", "effort": "change a term"}]
    assert found["verdict"] == "not yet"
