"""The search for changes: the smallest set, the least effort, and never one that was not run."""

import pytest
from cases import case, document

from interlocal.case import read_case
from interlocal.lessons import advice, findings
from interlocal.lessons.would_change import changes, would_change
from interlocal.study import answers_in_brief, study

pytestmark = pytest.mark.heavy

NO, GO = "do not proceed as proposed", "proceed to the next gate"


def two_options(**changes_):
    pair = {"id": "pair", "name": "Two of us", "kind": "shared", "members": ["ash", "birch"], "lines": [],
            "formula": {"rule": {"kind": "per_head"}}}  # fmt: skip
    return case(options=[*document()["options"], pair], **changes_)


def search(asked, judge, before=NO, **settings):
    """Search with a judge of its own; the study of a case is the case itself."""
    return would_change(asked, before, screen=lambda c: c, verify=lambda c: c, judge=judge, **settings)


def test_one_change_is_preferred_to_two_and_a_term_to_a_design():
    asked = two_options()
    found = search(asked, lambda c, _: GO if c != asked else NO)
    assert [c["effort"] for c in found["would_change"]] == ["change a term"]
    assert found["verdict"] == GO


def test_two_changes_are_found_where_one_is_not_enough():
    def judge(changed, _):
        equal = changed.proposed_option.formula.rule.kind == "equal"
        return GO if equal and changed.proposed == "pair" else NO

    found = search(two_options(), judge)
    assert {c["text"] for c in found["would_change"]} == {
        "Share the cost in equal parts.",
        "Propose “Two of us” instead.",
    }


def test_where_nothing_helps_it_says_how_much_was_tried():
    seen = []
    found = search(two_options(), lambda c, _: seen.append(c) or NO)
    assert found["would_change"] is None
    assert found["tried"] == len(seen)
    assert str(len(seen)) in found["reason"]


def test_what_passes_with_few_futures_and_not_with_all_is_not_claimed():
    found = would_change(
        two_options(), NO, screen=lambda _: GO, verify=lambda _: NO, judge=lambda _, results: results
    )
    assert found["would_change"] is None
    assert found["verified"] == found["tried"] > 0


def test_a_set_settles_nothing_twice_and_records_alone_are_not_held_against_figures():
    seen = []
    search(two_options(gate="adopt"), lambda c, _: seen.append(c) or NO)
    before = two_options(gate="adopt")
    assert all(c.options != before.options or c.proposed != before.proposed for c in seen)
    assert len({c.sha256 for c in seen}) == len(seen)


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


def test_a_formula_that_leaves_nobody_worse_off_is_found_by_running_the_study():
    """By calls Cedar would pay 120,000 of 320,000 for what costs it 100,000; by population nobody pays more."""
    options = document()["options"]
    options[0]["formula"] = {"rule": {"kind": "by_usage", "measure": "calls"}}
    asked = case(options=options)

    def judge(changed, results):
        return advice(changed, results, findings(changed, results))["verdict"]

    def run(changed):
        return study(changed, draws=50).document

    before = judge(asked, run(asked))
    assert before == NO
    found = would_change(asked, before, screen=run, verify=run, judge=judge, largest=1)
    assert found["would_change"] == [{"text": "Share the cost by population.", "effort": "change a term"}]
    assert found["verdict"] == "not yet"


def test_a_study_that_is_asked_says_what_would_change_its_advice():
    options = document()["options"]
    options[0]["formula"] = {"rule": {"kind": "by_usage", "measure": "calls"}}
    asked = case(options=options)
    told = study(asked, draws=200, changes=True)
    assert told.document["advice"]["would_change"][0]["text"] == "Share the cost by population."
    assert told.document["advice"]["would_change_verdict"] == "not yet"
    assert told.to_json() == study(asked, draws=200, changes=True).to_json()
    assert study(asked, draws=200).document["advice"]["would_change"] is None


@pytest.mark.parametrize("name", ["juniper-valley", "franklin-police"])
def test_what_screens_a_change_gives_the_findings_of_a_whole_study_with_as_many_futures(root, name):
    read = read_case(root / "examples" / name / "case.yaml")
    whole = study(read, draws=200, audience="facilitator").document
    brief = answers_in_brief(read, 200, 1)
    assert findings(read, brief) == findings(read, whole)
    assert advice(read, brief, findings(read, brief)) == advice(read, whole, findings(read, whole))
