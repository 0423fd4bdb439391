"""Two studies side by side: differences counted in the same futures, and chance never taken for a change."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case.read import read_case
from interlocal.comparison import amounts, chances, compare, proposing
from interlocal.lessons.changed import advice_changes, finding_changes
from interlocal.problems import InputError
from interlocal.report.comparison import headline, paper
from interlocal.report.paper_page import to_body
from interlocal.study import study

pytestmark = pytest.mark.heavy

DRAWS = 2000


EXAMPLE = Path(__file__).resolve().parents[1] / "examples/franklin-police/case.yaml"


@pytest.fixture(scope="module")
def franklin():
    return study(read_case(EXAMPLE), draws=DRAWS)


def overtime_times(case, factor):
    """Return the case with the overtime of each shared option multiplied."""

    def times(line):
        amount = line.behaviour.amount
        new = amount.model_copy(update={k: getattr(amount, k) * factor for k in ("low", "likely", "high")})
        return line.model_copy(update={"behaviour": line.behaviour.model_copy(update={"amount": new})})

    def lines(option):
        return tuple(times(x) if x.id == "overtime" else x for x in option.lines)

    options = tuple(o.model_copy(update={"lines": lines(o)}) for o in case.options)
    return case.model_copy(update={"options": options})


def words_of(part):
    return {r["word"] for r in [part["total"], *part["partners"].values()]}


def test_a_study_does_not_differ_from_itself(franklin):
    found = compare(franklin, franklin)
    for key in ("money", "sustainability"):
        assert words_of(found["answers"][key]) == {"no difference"}
    assert words_of(found["saving"]) == {"no difference"}
    assert {r["word"] for r in found["bills"]["partners"].values()} == {"no difference"}
    assert found["findings"]["rows"] == []
    assert found["advice"]["word"] == "no difference"


def test_the_chances_are_those_of_the_studies(franklin):
    found = compare(franklin, franklin)
    option = franklin.document["case"]["proposed"]
    pool = franklin.document["questions"]["money"]["options"][option]["pool"]
    assert found["answers"]["money"]["total"]["first"] == pool["total"]["p_saves"]
    assert {p: r["second"] for p, r in found["answers"]["money"]["partners"].items()} == {
        p: n["p_saves"] for p, n in pool["partners"].items()
    }
    year = franklin.document["questions"]["money"]["options"][option]["per_year"]
    assert found["saving"]["total"]["first"] == pytest.approx(year["total"]["amount"])
    bills = franklin.document["sharing"]["options"][option]["partners"]
    assert {p: r["first"] for p, r in found["bills"]["partners"].items()} == pytest.approx(
        {p: r["bill"] for p, r in bills.items()}
    )


def test_a_small_change_of_one_figure_shows_although_both_answers_are_wide(franklin):
    """A tenth more overtime is far below the spread of the saving, and yet of one sign wherever it counts."""
    after = study(overtime_times(franklin.case, 1.1), draws=DRAWS)
    found = compare(franklin, after)["saving"]["total"]
    option = franklin.document["case"]["proposed"]
    npv = franklin.document["questions"]["money"]["options"][option]["pool"]["total"]["npv"]
    year = franklin.document["questions"]["money"]["options"][option]["per_year"]["total"]["amount"]
    spread = (npv["p90"] - npv["p10"]) * abs(year / npv["mean"])
    assert found["word"] in {"a little worse", "worse"}
    assert found["p_more"] < 0.05
    assert abs(found["difference"]["mean"]) < spread / 20


def test_back_and_forth_are_opposites(franklin):
    other = study(proposing(franklin.case, _other(franklin.case)), draws=DRAWS)
    there, back = compare(franklin, other), compare(other, franklin)
    turned = {
        "better": "worse",
        "worse": "better",
        "a little better": "a little worse",
        "a little worse": "a little better",
    }
    for key in ("money", "sustainability"):
        for p, row in there["answers"][key]["partners"].items():
            mirrored = back["answers"][key]["partners"][p]
            assert mirrored["word"] == turned.get(row["word"], row["word"])
            assert mirrored["first"] == row["second"]


def _other(case):
    return next(o.id for o in case.options if o.kind != "do_nothing" and o.id != case.proposed_option.id)


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_only_what_is_three_standard_errors_apart_is_called_a_change(seed, p):
    random = np.random.default_rng(seed)
    a, b = random.random((2, 500)) < p
    row = chances(a, b)
    softened = row["difference"] * 500 / 502
    clear = abs(softened) > 3 * row["standard_error"]
    assert clear == (row["word"] not in {"no difference", "no clear difference"})
    assert (row["word"] == "no difference") == bool(np.array_equal(a, b))


def test_how_often_noise_is_called_a_change():
    random = np.random.default_rng(1)
    words = [chances(*(random.random((2, 400)) < 0.5))["word"] for _ in range(3000)]
    called = sum(w not in {"no difference", "no clear difference"} for w in words) / len(words)
    assert called < 0.006  # 0.0027 by the normal law, and as much again for chance in 3000 tries
    apart = random.normal(size=(3000, 400))
    called = np.mean(
        [amounts(np.zeros(400), row, slight=0)["word"] != "no clear difference" for row in apart]
    )
    assert called < 0.008


@pytest.mark.parametrize(
    ("won", "word"),
    [(0, "no difference"), (1, "no clear difference"), (8, "no clear difference"), (12, "a little better")],
)
def test_a_handful_of_futures_proves_nothing(won, word):
    a = np.zeros(10_000, dtype=bool)
    b = a.copy()
    b[:won] = True
    assert chances(a, b)["word"] == word


def test_what_one_side_does_not_know_is_not_known(franklin):
    without = franklin.case.model_copy(update={"spending": ()})
    found = compare(franklin, study(without, draws=DRAWS))
    assert found["answers"]["money"]["total"]["second"] is None
    assert found["answers"]["money"]["total"]["word"] == "not known"
    assert "We do not know what the service costs" in found["sides"][1]["unknown"]
    assert "we do not know" in headline(found)


def test_amounts_over_other_years_are_not_compared(franklin):
    case = franklin.case
    horizon = case.assumptions.horizon.model_copy(update={"last": case.assumptions.horizon.last - 1})
    shorter = case.model_copy(
        update={"assumptions": case.assumptions.model_copy(update={"horizon": horizon})}
    )
    found = compare(franklin, study(shorter, draws=DRAWS))
    assert "the years counted" in found["saving"]["not_comparable"]
    assert words_of(found["saving"]) == {"not comparable"}


@pytest.mark.parametrize("other", [{"draws": 400}, {"seed": 2}, {"audience": "public"}])
def test_other_futures_are_refused(franklin, other):
    with pytest.raises(InputError, match="Run both again"):
        compare(franklin, study(franklin.case, **{"draws": DRAWS, **other}))


def finding(item, verdict, text="x", **evidence):
    list_ = {"pitfall": "pitfalls", "necessity": "necessities", "driver": "drivers", "question": "questions"}[
        item.split(".")[0]
    ]
    because = [{"text": text, "pointer": "/a", "value": 1.0, "unit": None, **evidence}]
    return {"item": item, "list": list_, "verdict": verdict, "due": True, "because": because}


def held(*findings, **advice):
    whole = {
        "gate": "negotiate",
        "verdict": "not yet",
        "rules": [],
        "conditions": [],
        "rules_withheld": 0,
        "conditions_withheld": 0,
    }
    return {"lessons": findings, "draws": 10_000, "case": {"proposed": "o"}, "advice": {**whole, **advice}}


@pytest.mark.parametrize(
    ("item", "before", "after", "word"),
    [
        ("necessity.trust", "weak", "adequate", "better"),
        ("pitfall.copying", "clear", "watch", "worse"),
        ("driver.budget", "absent", "present", "stronger"),
        ("necessity.vision", "unknown", "weak", "now known"),
        ("necessity.vision", "strong", "unknown", "no longer known"),
    ],
)
def test_a_changed_verdict_says_which_way_and_why(item, before, after, word):
    found = finding_changes(
        held(finding(item, before, "was so")), held(finding(item, after, "is so", pointer="/b")), {}, 3.0
    )
    (row,) = found["rows"]
    assert (row["word"], row["because"]) == (word, [["was so"], ["is so"]])


def test_a_verdict_that_turned_at_a_boundary_is_no_clear_difference():
    def one(verdict, p):
        return held(finding("pitfall.quick_results", verdict, value=p, unit="probability"))

    near = finding_changes(one("watch", 0.501), one("warning", 0.498), {}, 3.0)["rows"][0]
    assert (near["by_chance"], near["word"]) == (True, "no clear difference")
    far = finding_changes(one("watch", 0.60), one("warning", 0.40), {}, 3.0)["rows"][0]
    assert (far["by_chance"], far["word"]) == (False, "worse")
    answers = {"money": {"total": {"word": "no clear difference"}}}
    asked = finding_changes(
        held(finding("question.money", "even")), held(finding("question.money", "likely")), answers, 3.0
    )
    assert asked["rows"][0]["by_chance"]


def test_findings_withheld_from_either_are_counted_and_not_told():
    found = finding_changes(
        held(finding("necessity.trust", None)), held(finding("necessity.trust", "weak")), {}, 3.0
    )
    assert found == {"rows": [], "compared": 0, "withheld": 1}


def test_advice_names_conditions_that_went_and_came():
    stays, went, came = ({"text": t, "owner": "lead"} for t in ("Stays", "Went", "Came"))
    a = held(verdict="not yet", conditions=[stays, went])
    b = held(verdict="proceed on conditions", conditions=[stays, came])
    found = advice_changes(a, b, 3.0)
    assert found["word"] == "better"
    assert found["conditions"] == [[went], [came]]
    assert found["conditions_in_both"] == 1
    assert advice_changes(a, held(gate="adopt"), 3.0)["word"] == "not comparable"


def test_the_page_says_each_word_with_a_table_and_a_picture(franklin):
    other = study(proposing(franklin.case, _other(franklin.case)), draws=DRAWS)
    found = compare(franklin, other, labels=("One department", "Buying outside"))
    page = to_body(paper(found))
    assert headline(found) in page.replace("&#39;", "'")
    for key in ("money", "sustainability"):
        assert f'id="table-compare-{key}"' in page
        assert f'id="compare-{key}-title"' in page
    assert "± " in page
    assert "<script" not in page
    assert " style=" not in page
