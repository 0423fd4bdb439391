"""Which forms are possible for a case, how they rank, how firmly, and what stays unknown."""

import copy

import pytest
from cases import case, document
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case import read_case
from interlocal.case.document import Case
from interlocal.governance import ranking, screening
from interlocal.governance.answer import governance_answer
from interlocal.governance.conditions import conditions
from interlocal.governance.ranking import choose, firmness, would_lead
from interlocal.reference import PlaceRule, governance_models
from interlocal.reference import ranking as rule

EVERYONE = frozenset({"facilitator", "partners", "public"})
NEEDS = ("needs_tax", "needs_debt", "needs_staff", "needs_property")
TRIBOOL = st.sampled_from([None, True, False])
RATING = st.sampled_from([None, 1, 2, 3, 4, 5])
TOLD = st.fixed_dictionaries(
    dict.fromkeys((*NEEDS, "reversible_wanted", "surge_only", "many_services", "mixed_members"), TRIBOOL)
)
TRAITS = st.fixed_dictionaries(
    dict.fromkeys(("output_measurability", "asset_specificity", "division_conflict"), RATING)
)


def with_told(told, traits=None, **changes):
    service = {"id": "police", "traits": traits} if traits else {"id": "police"}
    return case(governance=told, service=service, **changes)


@pytest.fixture(scope="module")
def valley(root):
    return read_case(root / "examples/juniper-valley/case.yaml")


@pytest.fixture(scope="module")
def franklin(root):
    return read_case(root / "examples/franklin-police/case.yaml")


@given(told=TOLD, traits=TRAITS)
def test_an_impossible_form_never_ranks_and_every_form_is_one_or_the_other(told, traits):
    choice = choose(with_told(told, traits))
    ranked = {s.model for s in choice.standings}
    assert ranked | set(choice.screening.impossible) == set(governance_models())
    assert not ranked & set(choice.screening.impossible)
    assert all(choice.rank(m) is None for m in choice.screening.impossible)
    answer = governance_answer(with_told(told, traits), 1, EVERYONE)
    assert set(answer["first"]) <= ranked


@given(told=TOLD, traits=TRAITS, seed=st.integers(0, 2**32))
def test_the_order_of_partners_does_not_matter(told, traits, seed):
    there = with_told(told, traits)
    back = with_told(told, traits, partners=document()["partners"][::-1])
    one, other = (governance_answer(c, seed, EVERYONE) for c in (there, back))
    assert one == other


@given(told=TOLD, traits=TRAITS, seed=st.integers(0, 2**32))
def test_every_score_is_the_sum_of_its_reasons_and_lies_in_its_reach(told, traits, seed):
    choice = choose(with_told(told, traits))
    firm = firmness(choice.standings, seed)
    for s in choice.standings:
        assert s.score == sum(r.weight for r in s.reasons)
        assert s.worst <= s.score <= s.best
        assert all(r.because and r.fact for r in s.reasons)
    assert sum(firm.stays_first.values()) == pytest.approx(1)
    assert choice.standings[0].model in firm.first


@pytest.mark.parametrize(
    ("need", "out", "left"),
    [
        ("needs_tax", {"authority", "service_contract", "handshake"}, {"special_district", "consolidation"}),
        ("needs_debt", {"joint_board", "handshake"}, {"authority", "special_district"}),
        ("needs_staff", {"service_contract", "mutual_aid"}, {"authority", "council_of_governments"}),
        ("needs_property", {"service_contract", "handshake"}, {"authority", "nonprofit"}),
    ],
)
def test_a_form_that_cannot_hold_what_the_service_needs_is_screened_out_with_the_reason(need, out, left):
    screened = choose(with_told({need: True})).screening
    assert out <= set(screened.impossible)
    assert not left & set(screened.impossible)
    for screens in screened.impossible.values():
        assert [s.pointer for s in screens] == [f"/governance/{need}"]
        assert "cannot" in screens[0].because


@pytest.mark.parametrize("says", [False, None])
def test_a_need_that_is_absent_or_unknown_screens_nothing_out(says):
    assert choose(with_told(dict.fromkeys(NEEDS, says))).screening.impossible == {}


def test_a_power_that_depends_on_the_law_is_for_counsel_and_counts_against_until_it_is_answered():
    asked = choose(with_told({"needs_debt": True}))
    (question,) = asked.screening.ask_counsel["interlocal_agreement"]
    assert "Ask counsel" in question.because
    open_ = [r for r in asked.standing("interlocal_agreement").reasons if r.when == "law_open"]
    assert [r.weight for r in open_] == [rule().law_open]
    told = {"needs_debt": True, "model": "interlocal_agreement", "legal_review": "done"}
    reviewed = choose(with_told(told)).standing("interlocal_agreement")
    assert not [r for r in reviewed.reasons if r.when == "law_open"]


def test_a_law_that_forbids_a_form_screens_it_out_and_is_cited(monkeypatch):
    law = PlaceRule("x", "US-XX", "authority", "No authority may run police.", "Code 1.2", "2020", "https://x", None, forbids=("authority",))  # fmt: skip
    monkeypatch.setattr(screening, "place_rules", lambda place: (law,) if place == "US-XX" else ())
    partners = [p | {"place": "US-XX"} for p in document()["partners"]]
    (screen,) = choose(case(partners=partners)).screening.impossible["authority"]
    assert (screen.because, screen.cite) == ("No authority may run police.", "Code 1.2")
    assert "authority" not in choose(case()).screening.impossible


def test_one_partner_alone_shares_with_nobody():
    alone = document()
    alone["partners"] = alone["partners"][:1]
    alone["spending"] = alone["spending"][:1]
    answer = governance_answer(Case.model_validate(alone), 1, EVERYONE)
    assert answer["answer"] == "none"
    assert {f["model"] for f in answer["screened"]} == set(governance_models())


def test_unknown_conditions_count_neither_way_and_are_named_with_what_to_collect():
    thin = document()
    thin["options"] = []
    answer = governance_answer(Case.model_validate(thin), 1, EVERYONE)
    assert answer["model"] is None
    assert "No form" in answer["unknown"]
    asked = {c for row in answer["not_known"] for c in row["conditions"]}
    assert len(asked) == sum(c.holds is None for c in conditions(Case.model_validate(thin)).values())
    assert all(row["collect"] and row["who"] and row["pointer"] for row in answer["not_known"])
    for form in answer["forms"]:
        assert not {r["when"] for r in form["reasons"]} & set(NEEDS)


def test_nothing_that_speaks_for_any_form_is_an_honest_unknown():
    many = document(options=[])
    many["partners"] = [{"id": f"p{i}", "name": f"Town {i}"} for i in range(4)]
    many["spending"] = []
    assert governance_answer(Case.model_validate(many), 1, EVERYONE)["answer"] == "unknown"


def test_two_forms_with_equal_scores_are_a_tie_at_every_seed():
    tied = with_told({"reversible_wanted": None}, options=[document()["options"][0] | {"lead": "ash"}])
    for seed in range(5):
        answer = governance_answer(tied, seed, EVERYONE)
        assert answer["answer"] == "tie"
        assert set(answer["first"]) == {"service_contract", "interlocal_agreement"}
        assert answer["forms"][0]["rank"] == answer["forms"][1]["rank"] == 1


def test_same_seed_same_firmness_and_a_close_second_wins_some_draws():
    choice = choose(with_told({"needs_debt": True, "reversible_wanted": False}))
    assert firmness(choice.standings, 7) == firmness(choice.standings, 7)
    shares = firmness(choice.standings, 7).stays_first
    assert any(0 < p < 1 for p in shares.values())


def test_a_condition_that_could_change_the_first_place_is_named_with_who_would_lead(franklin):
    hinges = would_lead(franklin, choose(franklin), 1)
    assert hinges["needs_tax"] == ("special_district",)
    for condition, first in hinges.items():
        found = conditions(franklin)[condition]
        then = choose(franklin, {condition: found.__class__(condition, holds=True)})
        assert firmness(then.standings, 1).first == first


def test_the_answer_for_juniper_valley(valley):
    """Debt, staff and title of its own rule out what holds none; an agreement hangs on the law for all three."""
    answer = governance_answer(valley, 1, EVERYONE)
    assert {f["model"] for f in answer["screened"]} == {
        "handshake",
        "mutual_aid",
        "service_contract",
        "joint_board",
    }
    assert answer["answer"] == "firm"
    assert answer["first"] == ["authority"]
    assert (answer["model"], answer["rank"]) == ("interlocal_agreement", 6)
    chosen = next(f for f in answer["forms"] if f["model"] == answer["model"])
    assert len(chosen["ask_counsel"]) == 3
    assert answer["law"]["rules"] == []
    assert "counsel" in answer["law"]["ask_counsel"]  # fmt: skip


def test_the_answer_for_franklin_is_for_now_only(franklin):
    answer = governance_answer(franklin, 1, EVERYONE)
    assert (answer["answer"], answer["first"]) == ("so_far", ["interlocal_agreement"])
    assert answer["screened"] == []
    assert [r["when"] for r in answer["forms"][0]["reasons"]] == ["cost_shared", "law_known"]
    assert any("section 4A" in r["cite"] for r in answer["law"]["rules"])
    assert answer["law"]["ask_counsel"] is None
    assert any(row["would_lead"] for row in answer["not_known"])


def test_the_public_sees_ranks_and_no_reason_that_rests_on_what_is_not_public(valley):
    public, all_ = (governance_answer(valley, 1, v) for v in (frozenset({"public"}), EVERYONE))
    assert [f["model"] for f in public["forms"]] == [f["model"] for f in all_["forms"]]
    for shown, whole in zip(public["forms"], all_["forms"], strict=True):
        assert len(shown["reasons"]) + shown["reasons_withheld"] == len(whole["reasons"])
        assert {r["when"] for r in shown["reasons"]} <= {
            "partners",
            "few_partners",
            "many_partners",
            "cost_shared",
        }
        assert (shown["score"] is None) == bool(shown["reasons_withheld"])
    assert public["model"] is None
    assert "audience" in public["unknown"]
    assert public["clauses"]["rows"] == []  # fmt: skip


def test_what_somebody_said_stands_over_what_the_design_implies():
    assert conditions(case())["surge_only"].holds is False
    assert conditions(with_told({"surge_only": True}))["surge_only"].holds is True


def test_weights_stay_the_catalogues_own(valley):
    before = copy.deepcopy(dict(governance_models()))
    governance_answer(valley, 3, EVERYONE)
    assert dict(governance_models()) == before
    assert ranking.ranking() is rule()
