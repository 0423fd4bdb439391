import csv
import gzip
import json
import re
from importlib.resources import files

import jsonschema
import pytest

from interlocal.case.document import Case
from interlocal.case.schema import case_schema
from interlocal.case.starter import starter
from interlocal.case.text import parse
from interlocal.study import study

pytestmark = pytest.mark.heavy

NAMES = ("franklin-police", "scott-county-dispatch", "victoria-shires", "juniper-valley")
PEOPLE = (
    "driver_claims", "events", "ideas", "agreements", "attempts", "key_posts", "roles", "lead_nominations",
    "plan", "vision", "expectations", "promises", "goals", "partner_goals", "preferred_before_study", "votes",
    "consents", "recommendations", "surveys", "stakeholders", "engagement", "governance", "check_ins",
    "actions", "issues", "disputes",
)  # fmt: skip


def rows(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_every_example_yields_an_answer_for_each_option_and_fits_the_published_schema(name, example, studied):
    case, document = example(name), studied(name)
    answers = document["questions"]["money"]["options"]
    assert set(answers) == {o.id for o in case.options if o.kind != "do_nothing"}
    assert all(a["pool"] is not None for a in answers.values())
    schema = json.loads((files("interlocal.reference") / "study.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(document)), schema)


def test_examples_and_starters_fit_the_schema_that_editors_use(root):
    texts = {name: (root / "examples" / name / "case.yaml").read_bytes() for name in NAMES}
    texts |= {"starter": starter().encode(), "full starter": starter(full=True).encode()}
    validator = jsonschema.Draft202012Validator(case_schema())
    for name, text in texts.items():
        document = json.loads(json.dumps(parse(text, name).value))
        assert [e.message for e in validator.iter_errors(document)] == []


def test_the_schema_holds_for_the_public_and_where_nothing_can_be_said(example):
    schema = json.loads((files("interlocal.reference") / "study.schema.json").read_text(encoding="utf-8"))
    case = example("franklin-police")
    jsonschema.validate(study(case, draws=200, audience="public").document, schema)
    unknown = study(case.model_copy(update={"spending": ()}), draws=200).document
    assert unknown["questions"]["money"]["options"]["four_towns"]["pool"] is None
    jsonschema.validate(unknown, schema)


def test_franklin_figures_are_those_of_the_public_table(example, shared):
    case = example("franklin-police")
    table = {r["name"]: r for r in rows(shared / "data" / "example_region.csv")}
    spent = {s.partner: s for s in case.spending}
    for p in case.partners:
        row = table[p.name]
        assert p.measures["population"].value == float(row["pop_2020_census"])
        assert p.measures["housing_units"].value == float(row["housing_units_2020"])
        assert p.measures["road_miles"].value == float(row["road_miles_2018"])
        assert p.measures["area"].value == float(row["land_area_sqmi"])
        assert p.measures["equalised_valuation"].value == float(row["eqv_per_capita_2022"]) * float(
            row["pop_2020_census"]
        )
        assert p.total_spending[2023].value == float(row["exp_total"])
        assert spent[p.id].amount.value == float(row["exp_police"])
        assert spent[p.id].scope.benefits == "excluded"


def test_franklin_towns_border_one_another(example, shared):
    case = example("franklin-police")
    pairs = {
        frozenset((r["name_a"].lower(), r["name_b"].lower()))
        for r in rows(shared / "data" / "example_region_adjacency.csv")
    }
    for p in case.partners:
        assert set(p.adjacent) == {q for q in case.partner_ids if frozenset((p.id, q)) in pairs}
        assert p.adjacent


def test_franklin_invents_nobody(example, studied):
    case = example("franklin-police")
    assert not case.model_fields_set.intersection(PEOPLE)
    assert case.service_measures == ()
    asked = " ".join(g["text"] for g in studied("franklin-police")["collect_next"])
    assert "trust" in asked
    assert "service measure" in asked
    assert "benefits" in asked


def test_franklin_design_is_marked_as_an_assumption_wherever_it_is_a_number(example):
    case = example("franklin-police")
    quantities = [
        *(step for scale in case.staffing.scales for step in scale.steps),
        *(post.coverage.relief for post in case.staffing.posts if post.coverage),
        *(
            getattr(line.behaviour, name)
            for option in case.options
            for line in option.lines
            for name in ("amount", "rate")
            if hasattr(line.behaviour, name)
        ),
    ]
    assert len(quantities) > 20
    assert {q.basis for q in quantities} == {"assumption"}
    assert all(o.basis == "assumption" for o in case.options if o.kind != "do_nothing")


def test_franklin_shows_the_public_what_the_partners_see(example):
    document = study(example("franklin-police"), draws=200, audience="public").document
    drivers = document["questions"]["money"]["options"]["four_towns"]["drivers"]
    assert not any("private" in d["label"] for d in drivers)


def test_victorian_figures_are_those_of_the_public_tables(example, shared):
    case = example("victoria-shires")
    data = shared / "data"
    spent = {
        (r["council"], int(r["financial_year"][:4]) + 1): float(r["expenditure_aud"])
        for r in rows(data / "vic_service_expenditure.csv.gz")
        if r["service"] == "Waste management"
    }
    levels = {
        (r["council"], r["indicator_id"]): float(r["value"])
        for r in rows(data / "vic_performance.csv.gz")
        if r["financial_year"] == "2021-22" and r["value"]
    }
    people = {r["council"]: float(r["pop_2022_erp"]) for r in rows(data / "vic_councils.csv")}
    names = {p.id: p.name for p in case.partners}
    assert all(s.amount.value == spent[names[s.partner], s.year] for s in case.spending)
    assert all(p.measures["population"].value == people[p.name] for p in case.partners)
    for measure, code in zip(case.service_measures, ("WC2", "WC5", "WC1"), strict=True):
        for p, level in measure.baseline.items():
            assert level.value == pytest.approx(levels[names[p], code], rel=1e-3)
    pairs = {frozenset((r["name_a"], r["name_b"])) for r in rows(data / "vic_adjacency.csv")}
    assert all(frozenset((p.name, names[q])) in pairs for p in case.partners for q in p.adjacent)


def test_scott_county_holds_what_was_claimed_and_nothing_that_was_learned_later(example, root, shared):
    text = (root / "examples" / "scott-county-dispatch" / "case.yaml").read_text(encoding="utf-8")
    found = {float(x) for x in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text.replace(",", ""))}
    table = [r for r in rows(shared / "data" / "cases_claimed_vs_realised.csv") if r["case_id"] == "IA_SECC"]
    claimed = {r["metric"]: float(r["claimed_value"]) for r in table}
    realised = {float(r["realised_value"]) for r in table if r["realised_value"]}
    assert len(realised) == 3
    assert found.isdisjoint(realised | {x / 1e6 for x in realised} | {27000.0})
    lines = {
        x.id: x.behaviour.amount.value for x in example("scott-county-dispatch").option("consolidated").lines
    }
    assert lines == {
        "personnel": claimed["first-year personnel cost"],
        "building": claimed["building cost"],
    }


def test_scott_county_comparison_says_what_the_study_says(example, root):
    page = (root / "examples" / "scott-county-dispatch" / "comparison.md").read_text(encoding="utf-8")
    answer = study(example("scott-county-dispatch"), draws=10_000).document["questions"]["money"]["options"]
    for view in ("inside", "outside", "pool"):
        stated = re.search(rf"\| {view} \| ([\d.]+) of 10 \| (−?[\d.]+) million USD \|", page)
        total = answer["consolidated"][view]["total"]
        assert float(stated[1]) / 10 == pytest.approx(total["p_saves"], abs=0.04)
        assert float(stated[2].replace("−", "-")) == pytest.approx(total["npv"]["p50"] / 1e6, abs=0.3)


def test_juniper_valley_is_fictional_and_fills_every_section(example):
    case = example("juniper-valley")
    assert case.fictional
    assert case.gate == "adopt"
    assert set(Case.model_fields) <= case.model_fields_set
    assert any(p.disclosures for p in case.partners)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "juniper-valley"])
def test_real_places_are_not_called_fictional(name, example):
    assert not example(name).fictional
