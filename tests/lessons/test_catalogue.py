"""The catalogue of the lessons: all 42, in the checklist's order, each with what a check needs."""

import re

from interlocal.lessons.catalogue import LISTS, items, rules
from interlocal.reference import sources


def test_there_are_42_items_in_five_lists():
    sizes = {name: sum(i.list == name for i in items().values()) for name in LISTS}
    assert sizes == {"drivers": 8, "principles": 7, "pitfalls": 11, "questions": 3, "necessities": 13}


def test_every_item_of_the_contract_is_there_with_its_label(shared):
    text = (shared / "spec" / "lessons.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+\.[a-z_]+)` ([^|*—]+?)\s*(?:— \*critical\*)?\s*\|", text, re.MULTILINE)
    assert dict(rows) == {i.id: i.label for i in items().values()}


def test_critical_items_are_those_of_the_contract():
    critical = {i.id: i.critical_from for i in items().values() if i.critical_from}
    assert critical == {
        "principle.leadership": "run",
        "principle.relationships": "run",
        "necessity.political_will": "adopt",
        "necessity.administration": "explore",
        "necessity.champion": "negotiate",
        "necessity.trust": "negotiate",
        "necessity.equity": "adopt",
        "necessity.governance": "adopt",
    }


def test_each_item_is_explained_in_two_sentences_and_says_what_to_collect_from_whom():
    for item in items().values():
        assert len(re.findall(r"[.?!](?:\s|$)", item.explanation)) == 2, item.id
        assert item.collect, item.id
        assert all(step.text and step.who for step in (*item.collect, *item.remedy)), item.id
        assert item.remedy or item.list in {"drivers", "questions"}, item.id


def test_every_threshold_has_a_unit_a_meaning_and_a_source_or_is_called_a_judgement():
    for item in items().values():
        for name, threshold in item.thresholds.items():
            assert threshold.id == f"{item.id}.{name}"
            assert threshold.unit
            assert threshold.meaning
            assert threshold.source == "judgement" or threshold.source in sources()


def test_the_advice_ends_in_a_rule_that_always_applies():
    assert [r.verdict for r in rules()] == sorted(
        (r.verdict for r in rules()),
        key=[
            "do not proceed as proposed",
            "not yet",
            "proceed on conditions",
            "proceed to the next gate",
        ].index,
    )
    assert rules()[-1].id == "proceed"
