"""What others see of a case rests on what was released alone: nothing kept is in it, and nothing kept moves it."""

import copy
import json

import pytest

from interlocal.case.read import parse_case, read_case
from interlocal.case.released import keepers, released
from interlocal.case.values import Entry
from interlocal.case.walk import walk
from interlocal.problems import InputError
from interlocal.study import study

SAID = "a source that nobody else may read"


@pytest.fixture(scope="module")
def juniper(root):
    return json.loads(read_case(root / "examples/juniper-valley/case.yaml").canonical_json())


def read(data):
    return parse_case(json.dumps(data).encode(), "x")


def keep(data, *place, **changed):
    made = copy.deepcopy(data)
    part = made
    for step in place:
        part = part[step]
    part.update(changed | {"visibility": "facilitator", "source": SAID})
    return made


def test_a_case_without_anything_kept_is_the_same_for_all(juniper):
    case = read(juniper)
    assert released(case, "partners") is case
    assert keepers(case) == []


@pytest.mark.slow
def test_whatever_is_kept_leaves_a_whole_case_without_it(juniper):
    case = read(juniper)
    places = [place for place, part in walk(case) if isinstance(part, Entry) and len(place) <= 4]
    refused = []
    for place in places[::3]:
        try:
            told = keep(juniper, *place)
        except (AttributeError, KeyError, TypeError):
            continue  # short forms, such as a number alone, carry nothing
        whole = read(told)
        try:
            text = released(whole, "partners").canonical_json()
        except InputError:
            refused.append(place)
            continue
        assert SAID not in text, place
        assert SAID in released(whole, "facilitator").canonical_json()
    assert len(refused) < len(places) / 30, refused


def lines(data):
    return data["options"][0]["lines"]


def test_of_a_partner_that_keeps_a_line_the_whole_cost_is_unknown_to_others(juniper):
    whole = read(keep(juniper, "options", 0, "lines", 0))
    told = study(whole, draws=100).document
    options = told["questions"]["money"]["options"]
    assert "City of Juniper" in options["joint_department"]["unknown"]
    assert options["joint_department"]["pool"] is None
    assert "City of Juniper" in told["warnings"][0]
    assert told["case"]["sha256"] != whole.sha256
    everything = study(whole, draws=100, audience="facilitator").document
    assert everything["questions"]["money"]["options"]["joint_department"]["pool"]
    assert everything["case"]["sha256"] == whole.sha256


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_no_byte_of_a_study_for_others_moves_with_what_is_kept(juniper, audience):
    amounts = [{"value": 1}, {"value": 3_900_000}, {"low": 5, "likely": 6, "high": 9e6}]
    texts = set()
    for amount in amounts:
        line = {"behaviour": {"kind": "fixed", "amount": amount}}
        texts.add(study(read(keep(juniper, "options", 0, "lines", 0, **line)), draws=100, audience=audience).to_json())  # fmt: skip
    assert len(texts) == 1


def test_a_partner_reads_its_own(juniper):
    whole = read(keep(juniper, "options", 0, "lines", 0))
    payer = lines(juniper)[0]["payer"]
    assert released(whole, "partners", frozenset({payer})) is whole
    assert released(whole, "partners", frozenset({"cedar_ford"})) is not whole
