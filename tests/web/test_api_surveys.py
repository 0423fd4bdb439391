"""Surveys for programs: the same rules as on the screens, within a scope of their own, and never an answer."""

import json

import pytest
from raters import day, give, links, now, opened, partners
from test_api import program  # noqa: F401 - a fixture

EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
SEE = dict.fromkeys(EVERYONE, 200) | {"sam": 404}
MANAGE = dict.fromkeys(EVERYONE, 403) | {"alice": 200, "fay": 200, "sam": 404}


@pytest.fixture
def ask(world, program):  # noqa: F811 - the fixture
    """Call an address of the case's surveys for a person."""

    def call(name, method, rest="", scopes=("read", "survey"), **body):
        return program(getattr(world, name), method, f"/cases/{world.case.pk}/surveys{rest}", scopes, **body)

    return call


def found(ask, method, rest="", **body):
    from django.db import transaction

    got = {}
    for name in EVERYONE:
        with transaction.atomic():
            got[name] = ask(name, method, rest, **body).status_code
            transaction.set_rollback(True)
    return got


def test_who_reads_and_who_runs_a_survey(world, ask):
    made = MANAGE | {"alice": 201, "fay": 201}
    refused = MANAGE | {"alice": 422, "fay": 422}
    until = day().isoformat()
    assert found(ask, "post", kind="readiness") == made
    opened(world)
    assert found(ask, "get") == found(ask, "get", "/safety") == SEE
    assert found(ask, "get", "/safety/progress") == MANAGE
    assert found(ask, "put", "/safety/wave", until=until) == MANAGE
    assert found(ask, "put", "/safety/smallest-group", smallest_group=7) == MANAGE
    assert found(ask, "put", "/safety/smallest-group", smallest_group=3) == refused
    asked = {"partner": partners(world)[0], "group": "staff"}
    assert found(ask, "post", "/safety/links", number=2, **asked) == made
    # There is no mail server here.
    assert found(ask, "post", "/safety/messages", addresses=["ana@example.org"], **asked) == refused
    assert found(ask, "post", "/safety/reminders", addresses=["ana@example.org"]) == refused
    assert found(ask, "post", "/safety/end", sure=True) == refused  # a wave still runs
    assert found(ask, "post", "/safety/close") == MANAGE
    assert found(ask, "get", "/trust") == dict.fromkeys(EVERYONE, 404)


def test_a_token_runs_no_survey_without_the_scope(world, ask):
    opened(world)
    others = ("read", "write", "study", "comment", "decide")
    assert ask("alice", "put", "/safety/wave", scopes=others, until=day().isoformat()).status_code == 403
    assert ask("alice", "get", "/safety/progress", scopes=others).status_code == 403
    assert ask("alice", "get", scopes=("survey",)).status_code == 403


def test_from_the_first_wave_to_the_end(world, at, ask):
    assert ask("fay", "post", kind="safety", statements=["safety_mistakes", "safety_help"]).status_code == 201
    assert ask("fay", "put", "/safety/wave", until=day().isoformat()).json()["wave"] == 1
    made = ask("fay", "post", "/safety/links", partner=partners(world)[0], group="staff", number=7).json()
    tokens = [link.rstrip("/").rsplit("/", 1)[1] for link in made["links"]]
    assert len(set(tokens)) == 7
    for n, token in enumerate(tokens[:6]):
        give(at(), token, 1 + n % 5)
    assert [line["words"] for line in ask("fay", "get", "/safety/progress").json()] == [
        "all or all but one of 7"
    ]
    closed = ask("fay", "post", "/safety/close").json()
    assert closed["wave"] == 1
    wave = now(world).surveys[-1]
    assert any(c.counts for c in wave.cells)
    row = ask("vic", "get", "/safety").json()
    assert row["asked"] == [{"partner": partners(world)[0], "group": "staff", "links": 7}]
    assert row["closed"] == [closed]
    assert ask("fay", "post", "/safety/end", sure=False).status_code == 422
    assert ask("fay", "post", "/safety/end", sure=True).json()["ended"] is True


def test_no_answer_of_the_interface_moves_with_what_one_person_answered(world, at, ask):
    survey = opened(world)
    tokens = links(world, survey, 8)
    for token in tokens[:6]:
        give(at(), token, 3)

    def everything():
        rests = ("", "/safety", "/safety/progress")
        return [ask(name, "get", rest).content for name in ("alice", "fay", "vic") for rest in rests]

    before = everything()
    from interlocal.web.models.surveys import SurveyAnswer

    SurveyAnswer.objects.update(level=1)
    assert everything() == before
    described = json.dumps(at().get("/api/v1/openapi.json").json())
    assert not any(word in described for word in ("rater", "SurveyAnswer", "token_sha256"))
