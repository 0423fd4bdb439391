import json

import pytest
from cases import case, document, with_option

from interlocal.case import Case
from interlocal.numerics.engine import Cancelled
from interlocal.study import study

pytestmark = pytest.mark.heavy


def uncertain():
    d = document()
    d["assumptions"]["escalators"][0] |= {
        "rate": {"low": 0.01, "likely": 0.03, "high": 0.06},
        "volatility": 0.01,
    }
    d["assumptions"]["views"] = {}
    d["options"][0]["lines"] = [
        {"id": "all", "category": "staff", "amount": {"low": 280_000, "likely": 320_000, "high": 420_000}},
        {"id": "move", "category": "transition", "amount": {"p10": 5_000, "p50": 9_000, "p90": 30_000}},
    ]
    return Case.model_validate(d)


@pytest.mark.slow
def test_same_case_and_seed_give_the_same_bytes_with_1_2_and_8_workers():
    one = study(uncertain(), draws=9000, workers=1).to_json()
    assert one == study(uncertain(), draws=9000, workers=2).to_json()
    assert one == study(uncertain(), draws=9000, workers=8).to_json()


@pytest.mark.slow
def test_a_dask_cluster_of_two_processes_gives_the_same_bytes():
    pytest.importorskip("distributed", reason="the extra interlocal[dask] is not installed")
    assert (
        study(uncertain(), draws=5000).to_json()
        == study(uncertain(), draws=5000, engine="dask", workers=2).to_json()
    )


def test_another_seed_gives_other_draws_that_agree_within_their_errors():
    a, b = (
        study(uncertain(), draws=4000, seed=s).document["questions"]["money"]["options"]["joint"]["pool"][
            "total"
        ]
        for s in (1, 2)
    )
    assert a != b
    assert abs(a["p_saves"] - b["p_saves"]) < 5 * (a["standard_error"] + b["standard_error"])


def test_adding_an_option_changes_no_other_options_draws():
    d = document()
    d["options"].insert(
        0,
        {
            "id": "alone",
            "name": "Alone",
            "kind": "improve_alone",
            "lines": [
                {
                    "id": "x",
                    "payer": "ash",
                    "category": "operating",
                    "amount": {"low": -9, "likely": -5, "high": 1},
                }
            ],
        },
    )
    with_it = study(Case.model_validate(d), draws=500).document["questions"]["money"]["options"]["joint"][
        "pool"
    ]
    assert with_it == study(case(), draws=500).document["questions"]["money"]["options"]["joint"]["pool"]


def test_a_study_can_be_cancelled():
    with pytest.raises(Cancelled):
        study(uncertain(), draws=20_000, cancelled=lambda: True)


def test_progress_is_told():
    seen = []
    study(uncertain(), draws=5000, progress=lambda done, all_: seen.append((done, all_)))
    assert seen[-1] == (3, 3)


def test_the_document_is_json_and_names_its_case():
    c = uncertain()
    document_ = json.loads(study(c, draws=500).to_json())
    assert document_["case"]["sha256"] == c.sha256
    assert document_["seed"] == 1
    assert document_["draws"] == 500


def test_few_draws_are_warned_of():
    assert study(uncertain(), draws=100).document["warnings"]


def test_a_public_study_leaves_out_what_is_not_public():
    d = document()
    d["spending"][0] |= {"source": "secret ledger"}
    d["spending"][1] |= {"source": "town report", "visibility": "public"}
    text = study(Case.model_validate(d), draws=200, audience="public").to_json()
    assert "secret ledger" not in text
    assert "town report" in text
    assert "secret ledger" in study(Case.model_validate(d), draws=200, audience="partners").to_json()


def test_drivers_name_the_input_that_matters_most():
    c = with_option(
        lines=[
            {
                "id": "big",
                "category": "staff",
                "amount": {"low": 200_000, "likely": 320_000, "high": 500_000},
            },
            {"id": "small", "category": "operating", "amount": {"low": 900, "likely": 1000, "high": 1100}},
        ]
    )
    d = c.model_dump(mode="json", exclude_defaults=True) | {"format": 1}
    answer = study(Case.model_validate(d), draws=2000).document["questions"]["money"]["options"]["joint"]
    assert answer["drivers"][0]["input"] == "options/joint/lines/big"
    assert answer["break_even"][0]["value"] == pytest.approx(400_000 - 1000, rel=1e-3)


def test_thirty_years_and_many_partners_work():
    d = document()
    d["assumptions"] |= {"horizon": {"first": 2026, "last": 2055}, "sustainability_years": 30}
    d["partners"] = [{"id": f"p{i}", "name": f"P{i}", "measures": {"population": 100 + i}} for i in range(30)]
    d["spending"] = [{"partner": f"p{i}", "year": 2023, "amount": 1000 + i} for i in range(30)]
    d["options"][0]["lines"][0]["amount"] = 25_000
    result = study(Case.model_validate(d), draws=200).document
    assert len(result["questions"]["money"]["options"]["joint"]["pool"]["partners"]) == 30


def test_an_uncertain_escalator_needs_no_volatility():
    d = document()
    d["assumptions"]["escalators"][0]["rate"] = {"low": 0.01, "likely": 0.03, "high": 0.06}
    assert study(Case.model_validate(d), draws=300).document["questions"]["money"]["options"]["joint"]["pool"]


def test_a_chance_of_overrun_from_the_evidence_is_named_in_words():
    lines = [
        {"id": "all", "category": "staff", "amount": 320_000},
        {"id": "hall", "category": "capital", "amount": 900_000, "uplift": "standard_buildings"},
    ]
    found = study(with_option(lines=lines), draws=1000).document["questions"]["money"]["options"]["joint"][
        "drivers"
    ]
    assert "Overrun published for standard buildings" in {x["label"] for x in found}


def test_every_formula_is_held_against_the_futures_of_the_study():
    found = study(uncertain(), draws=3000, seed=4).document["sharing"]
    held = found["laboratory"]
    proposed = {p: row["p_better_off"] for p, row in found["options"]["joint"]["partners"].items()}
    assert held["draws"] == 3000
    assert held["formulas"]["proposed"]["p_better_off"] == pytest.approx(proposed, abs=5e-5)
    chances = [f["p_better_off"] for f in held["formulas"].values() if "shares" in f]
    assert len(chances) > 5
    assert all(set(each) == set(proposed) for each in chances)
    # Who pays does not change what there is to gain: where one gains by another formula, somebody else loses by it.
    assert len({tuple(each.items()) for each in chances}) > 1
