"""Surveys for programs: the same rules as on the screens, within a scope of their own, and never an answer."""

import json

import pytest
from raters import day, give, links, opened, partners, waves
from test_api import program  # noqa: F401 - a fixture

EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
SEE = dict.fromkeys(EVERYONE, 200) | {"sam": 404}
MANAGE = dict.fromkeys(EVERYONE, 403) | {"alice": 200, "fay": 200, "sam": 404}


@pytest.fixture
def ask(place, program):  # noqa: F811 - the fixture
    """Call an address of the surveys of the case or the agreement for a person."""

    def call(name, method, rest="", scopes=("read", "survey"), **body):
        return program(
            getattr(place, name),
            method,
            f"{place.url}surveys{rest.replace('KIND', place.kind)}",
            scopes,
            **body,
        )

    return call


def found(ask, method, rest="", **body):
    from django.db import transaction

    got = {}
    for name in EVERYONE:
        with transaction.atomic():
            got[name] = ask(name, method, rest, **body).status_code
            transaction.set_rollback(True)
    return got


def test_who_reads_and_who_runs_a_survey(place, ask):
    made = MANAGE | {"alice": 201, "fay": 201}
    refused = MANAGE | {"alice": 422, "fay": 422}
    until = day().isoformat()
    assert found(ask, "post", kind=place.kind) == made
    opened(place)
    assert found(ask, "get") == found(ask, "get", "/KIND") == SEE
    assert found(ask, "get", "/KIND/progress") == MANAGE
    assert found(ask, "put", "/KIND/wave", until=until) == MANAGE
    assert found(ask, "put", "/KIND/smallest-group", smallest_group=7) == MANAGE
    assert found(ask, "put", "/KIND/smallest-group", smallest_group=3) == refused
    asked = {"partner": partners(place)[0], "group": "staff"}
    assert found(ask, "post", "/KIND/links", number=2, **asked) == made
    # There is no mail server here.
    assert found(ask, "post", "/KIND/messages", addresses=["ana@example.org"], **asked) == refused
    assert found(ask, "post", "/KIND/reminders", addresses=["ana@example.org"]) == refused
    assert found(ask, "post", "/KIND/end", sure=True) == refused  # a wave still runs
    assert found(ask, "post", "/KIND/close") == MANAGE
    assert found(ask, "get", "/trust") == dict.fromkeys(EVERYONE, 404)


def test_a_token_runs_no_survey_without_the_scope(place, ask):
    opened(place)
    others = ("read", "write", "study", "comment", "decide")
    assert ask("alice", "put", "/KIND/wave", scopes=others, until=day().isoformat()).status_code == 403
    assert ask("alice", "get", "/KIND/progress", scopes=others).status_code == 403
    assert ask("alice", "get", scopes=("survey",)).status_code == 403


def test_from_the_first_wave_to_the_end(place, at, ask):
    assert ask("fay", "post", kind="moods").status_code == 422
    assert ask("fay", "post", kind=place.kind).status_code == 201
    assert ask("fay", "put", "/KIND/wave", until=day().isoformat()).json()["wave"] == 1
    made = ask("fay", "post", "/KIND/links", partner=partners(place)[0], group="staff", number=7).json()
    tokens = [link.rstrip("/").rsplit("/", 1)[1] for link in made["links"]]
    assert len(set(tokens)) == 7
    for n, token in enumerate(tokens[:6]):
        give(at(), token, 1 + n % 5)
    assert [line["words"] for line in ask("fay", "get", "/KIND/progress").json()] == [
        "all or all but one of 7"
    ]
    closed = ask("fay", "post", "/KIND/close").json()
    assert closed["wave"] == 1
    wave = waves(place)[-1]
    assert any(c.counts for c in wave.cells)
    row = ask("vic", "get", "/KIND").json()
    assert row["asked"] == [{"partner": partners(place)[0], "group": "staff", "links": 7}]
    assert row["closed"] == [closed]
    assert ask("fay", "post", "/KIND/end", sure=False).status_code == 422
    assert ask("fay", "post", "/KIND/end", sure=True).json()["ended"] is True


def test_an_address_of_cases_opens_no_agreement_and_the_other_way_round(place, program):  # noqa: F811 - the fixture
    opened(place)
    words = ("cases", "agreements") if place.case.kind == "case" else ("agreements", "cases")
    codes = [program(place.alice, "get", f"/{w}/{place.case.pk}/surveys").status_code for w in words]
    assert codes == [200, 404]
    assert program(place.alice, "get", f"/regions/{place.case.pk}/surveys").status_code == 422
    wrong = program(place.fay, "post", f"{place.url}surveys", ["survey"], kind="pulse" if place.kind == "safety" else "trust")  # fmt: skip
    assert wrong.status_code == 422
    assert "expected" in wrong.json()["problems"][0]


def test_no_answer_of_the_interface_moves_with_what_one_person_answered(place, at, ask):
    survey = opened(place)
    tokens = links(place, survey, 8)
    for token in tokens[:6]:
        give(at(), token, 3)

    def everything():
        rests = ("", "/KIND", "/KIND/progress")
        return [ask(name, "get", rest).content for name in ("alice", "fay", "vic") for rest in rests]

    before = everything()
    from interlocal.web.models.surveys import SurveyAnswer

    SurveyAnswer.objects.update(level=1)
    assert everything() == before
    described = json.dumps(at().get("/api/v1/openapi.json").json())
    assert not any(word in described for word in ("rater", "SurveyAnswer", "token_sha256"))
