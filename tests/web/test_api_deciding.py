"""Deciding together for programs: the same rules, within scopes of their own."""

import datetime as dt

import pytest
from test_api import program  # noqa: F401 - a fixture
from test_deciding_access import said
from together import bodies, choose, later, put

EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
SCOPES = ("read", "comment", "decide")
SEE = dict.fromkeys(EVERYONE, 200) | {"sam": 404}


@pytest.fixture
def two(world):
    return bodies(world)


@pytest.fixture
def ask(two, program):  # noqa: F811 - the fixture
    """Call an address of the case for a person."""

    def call(name, method, rest, scopes=SCOPES, **body):
        return program(getattr(two, name), method, f"/cases/{two.case.pk}/{rest}", scopes, **body)

    return call


def found(ask, method, rest, **body):
    from django.db import transaction

    got = {}
    for name in EVERYONE:
        with transaction.atomic():
            got[name] = ask(name, method, rest, **body).status_code
            transaction.set_rollback(True)
    return got


@pytest.mark.parametrize("rest", ["comments", "statements", "statements/1", "decisions"])
def test_who_reads(two, ask, rest):
    put(two)
    assert found(ask, "get", rest) == SEE


def test_who_writes_what(two, ask):
    day = dt.datetime.now(tz=dt.UTC).date().isoformat()
    put(two)
    rate = dict.fromkeys(EVERYONE, 201) | {"vic": 403, "sam": 404}
    edit, manage = rate | {"rita": 403}, rate | dict.fromkeys(("bob", "rita", "charlie"), 403)
    assert found(ask, "post", "comments", on="case", text="Look") == rate
    assert found(ask, "post", f"comments/{said(two).pk}/answers", text="I did") == rate
    assert found(ask, "post", "decisions", on=day, what="Study it", ground="Minutes") == edit
    new = {"question": "We go on together.", "opens_on": day, "closes_on": day, "quorums": {"alder_falls": 1}}
    assert found(ask, "post", "statements", **new) == manage
    takes = {n: 204 if v == 201 else v for n, v in rate.items()} | {"fay": 403}
    assert found(ask, "put", "statements/1/position", level="endorse") == takes
    assert found(ask, "post", "statements/1/result") == {n: 422 if v == 201 else v for n, v in manage.items()}
    gone = {n: 200 if v == 201 else v for n, v in manage.items()}
    assert found(ask, "post", "statements/1/withdrawal", because="The draft has changed") == gone


def test_a_token_does_no_more_than_its_scopes(two, ask):
    put(two)
    choose(two, two.case.statements.get(), "bob", "block")
    assert ask("bob", "get", "statements/1/position").json()["level"] == "block"
    # Reading the case is not reading one's own position, and writing the case is not taking one.
    assert ask("bob", "get", "statements/1/position", scopes=("read", "write", "study", "comment")).status_code == 403  # fmt: skip
    assert ask("bob", "put", "statements/1/position", scopes=("read", "write"), level="endorse").status_code == 403  # fmt: skip
    assert ask("bob", "post", "comments", scopes=("read", "write"), on="case", text="x").status_code == 403
    assert ask("bob", "get", "comments", scopes=("comment", "decide")).status_code == 403
    assert ask("alice", "get", "statements/1/position").status_code == 404


def test_from_a_statement_to_its_result(two, ask, monkeypatch):
    day = dt.datetime.now(tz=dt.UTC).date()
    new = {
        "question": "We go on together.",
        "option": "together",
        "opens_on": day.isoformat(),
        "closes_on": day.isoformat(),
        "quorums": {"alder_falls": 1, "birch_hollow": 1},
    }
    assert ask("fay", "post", "statements", **new).json()["number"] == 1
    later_day = (day + dt.timedelta(days=3)).isoformat()
    assert ask("fay", "put", "statements/1/last-day", closes_on=later_day).json()["closes_on"] == later_day
    ask("bob", "put", "statements/1/position", level="block", reason="Too soon", on_record=True)
    seen = {n: ask(n, "get", "statements/1").json() for n in ("alice", "bob", "fay")}
    assert [a["yet_to_answer"] for a in seen["fay"]["asked"]] == [2, 2]
    assert [a["yet_to_answer"] for a in seen["alice"]["asked"]] == [None, None]
    assert "Too soon" not in str(seen)
    later(monkeypatch, 4)
    result = ask("fay", "post", "statements/1/result").json()["result"]
    assert result[0] == {
        "partner": "alder_falls", "name": "Alder Falls", "quorum": 1, "answered": 1, "quorum_met": True,
        "level": "block", "reasons": [{"level": "block", "reason": "Too soon"}],
    }  # fmt: skip
    assert (result[1]["quorum_met"], result[1]["level"]) == (False, None)
    (entry,) = ask("vic", "get", "decisions").json()
    assert (entry["kind"], entry["statement"], entry["revision"]) == ("result", 1, 2)


def test_a_thread_and_what_becomes_of_it(two, ask):
    made = ask("rita", "post", "comments", on="case/options/together", text="Who pays?").json()
    url = f"comments/{made['id']}"
    assert made["name"].startswith("Options › ")
    assert ask("charlie", "post", f"{url}/answers", text="We do").json()["answers"][0]["by"] == "Charlie"
    assert ask("rita", "put", url, text="Who pays the rent?").json()["edited_at"]
    assert ask("alice", "put", url, text="I say").status_code == 403
    assert ask("alice", "put", f"{url}/resolved", resolved=True).json()["resolved_at"]
    assert ask("vic", "put", f"{url}/resolved", resolved=True).status_code == 403
    stub = ask("rita", "delete", url).json()
    assert (stub["text"], bool(stub["withdrawn_at"]), len(stub["answers"])) == ("", True, 1)
    assert ask("vic", "get", "comments?on=case/options").json() == [stub]
    assert ask("vic", "get", "comments?on=case/spending").json() == []


def test_what_is_for_the_facilitator_is_not_there_for_others(two, ask):
    thread = said(two, audience="facilitator")
    seen = {n: len(ask(n, "get", "comments").json()) for n in EVERYONE[:-1]}
    assert seen == {n: int(n in {"rita", "fay"}) for n in EVERYONE[:-1]}
    assert ask("alice", "post", f"comments/{thread.pk}/answers", text="x").status_code == 404
    assert ask("alice", "put", f"comments/{thread.pk}/resolved", resolved=True).status_code == 404


def test_a_decision_corrects_an_earlier_one(two, ask):
    new = {"on": "2026-01-05", "what": "Study it", "ground": "Minutes"}
    ask("bob", "post", "decisions", **new)
    assert ask("bob", "post", "decisions", **new, corrects=1).json()["corrects"] == 1
    assert ask("bob", "post", "decisions", **new, corrects=9).status_code == 422
    wrong = ask("bob", "post", "decisions", **new | {"what": ""})
    assert wrong.status_code == 422
    assert wrong.json()["problems"][0]["path"] == "what"
