import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.report import shares_words, words
from interlocal.report.headline import headline

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (123_456.0, "USD 120,000"),
        (1_234_567.0, "USD 1.2 million"),
        (999_999.0, "USD 1 million"),
        (-240_000.0, "−USD 240,000"),
        (2.5e9, "USD 2.5 billion"),
        (51.4, "USD 51"),
        (0.374, "USD 0.37"),
        (0.0, "USD 0"),
        (None, "not known"),
    ],
)
def test_money_is_rounded_to_what_is_known_and_never_abbreviated(amount, said):
    assert words.money(amount, "USD").replace(SPACE, " ") == said


@given(st.floats(-1e12, 1e12))
def test_money_never_shows_an_exponent_or_loses_its_sign(amount):
    said = words.money(amount, "USD")
    assert "e" not in said.lower().replace("million", "").replace("billion", "")
    assert said.startswith("−") == (words.rounded(amount) < 0)


def test_headline_names_who_does_not_gain_and_what_is_missing(document):
    money = document["questions"]["money"]["options"]["joint_department"]["pool"]
    money["total"]["p_saves"] = 0.71
    for p, chance in zip(money["partners"], (0.9, 0.8, 0.75, 0.31), strict=True):
        money["partners"][p]["p_saves"] = chance
    said = headline(document)
    assert "likely to save money together, about 7 in 10" in said
    assert "though not for Tamarack Township, about 3 in 10" in said
    assert "to find out first:" in said


def test_an_unknown_answer_is_said_with_its_reason(unknown):
    option = words.proposed(unknown)
    assert "we do not know whether it saves money" in headline(unknown)
    for question in words.QUESTIONS:
        assert words.answer(unknown, option, question).startswith("We do not know what the service costs")


def test_headline_without_any_option_still_speaks(unknown):
    unknown["case"]["proposed"] = None
    for question in unknown["questions"].values():
        question["options"] = {}
    assert "we do not know" in headline(unknown)


def test_every_formula_says_what_it_means_for_every_partner(document):
    laboratory = document["sharing"]["laboratory"]
    told = shares_words.what_formulas_mean(document)
    assert len(told) == len(laboratory["formulas"])
    for (_, lines), tried in zip(told, laboratory["formulas"].values(), strict=True):
        if "undefined" in tried:
            assert tried["undefined"] in lines[0]
        else:
            said = list(tried["words"].values())
            assert lines[: len(said)] == said
            count = tried["violations_count"]
            assert any(line.startswith(str(count) if count else "No group") for line in lines[len(said) :])


def test_what_is_known_to_be_bad_is_due_before_what_nobody_knows(document):
    from interlocal.report.lessons import due_worst_first

    changed = [f | {"due": True, "verdict": v} for f, v in zip(document["lessons"], itertools.cycle(("unknown", "no", "strong", "weak")))]  # fmt: skip
    found = [f["verdict"] for f in due_worst_first({**document, "lessons": changed}, 42)]
    assert [v for v, _ in itertools.groupby(found)] == ["no", "weak", "unknown"]


def test_a_headline_lowers_the_first_word_of_what_to_find_out_and_leaves_names(document):
    for text, said in (("Count the units", "count the units"), ("Votes, with dates", "votes, with dates"), ("Buckland’s figures", "Buckland’s figures")):  # fmt: skip
        first = {"text": text}
        assert f"to find out first: {said}" in headline({**document, "collect_next": [first]})
