"""What is written down: where and how long, never who, what about, or a secret link."""

import json
import logging

import pytest


def line(name, message, *arguments, fault=None):
    from interlocal.web.security import JsonLines

    record = logging.LogRecord(name, logging.INFO, "", 0, message, arguments, fault)
    return json.loads(JsonLines().format(record))


def test_the_worker_says_what_it_waits_for():
    said = line("django_tasks.backends.database.management.commands.db_worker", "Starting worker worker_id=%s queues=%s", "a1", "default")  # fmt: skip
    assert said["says"] == "Starting worker worker_id=a1 queues=default"


@pytest.mark.parametrize("message", ["Not Found: %s", "Not Found: %(path)s", "Not Found: %-20.40s"])
def test_what_others_fill_into_their_words_stays_out(message):
    filled = {"path": "/answer/secret/"} if "(" in message else "/answer/secret/"
    assert line("django.request", message, filled)["says"] == "Not Found: …"


def test_of_a_fault_the_place_is_kept_and_its_words_are_not():
    import sys

    try:
        int("alice@example.org")
    except ValueError:
        said = line("interlocal.request", "a fault", fault=sys.exc_info())
    assert said["fault"] == "ValueError"
    assert said["at_code"][0].startswith("test_logs.py:")
    assert "alice" not in json.dumps(said)


def test_what_an_attacker_sends_is_not_written_down_as_the_words_of_a_fault():
    from django.core.exceptions import DisallowedHost

    fault = DisallowedHost("Invalid HTTP_HOST header: 'alice@example.org'")
    said = line("django.security.DisallowedHost", str(fault), fault=(DisallowedHost, fault, None))
    assert said["fault"] == "DisallowedHost"
    assert "alice" not in json.dumps(said)


@pytest.fixture
def written(caplog):
    """Return a function that gives all that was logged so far, as it is written."""
    from interlocal.web.security import JsonLines

    caplog.set_level(logging.INFO)
    log = logging.getLogger("interlocal.request")
    log.setLevel(logging.INFO)
    yield lambda: [JsonLines().format(r) for r in caplog.records]
    log.setLevel(logging.ERROR)


def test_a_days_work_leaves_no_name_address_link_or_answer_in_the_log(world, at, written, monkeypatch):
    from django.test import Client
    from raters import fields, links, opened

    from interlocal.web.actions import people
    from interlocal.web.actions.tokens import make_token
    from interlocal.web.views import home

    secret = "a long enough password"
    token = people.invite(role="viewer", by=world.alice, organisation=world.town, whom="Ida")
    bearer = make_token(person=world.alice, name="Payroll", scopes=["read"])
    link = links(world, opened(world), 1)[0]
    alice, public = at(world.alice), Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    for path in (
        world.url,
        f"{world.url}people/",
        f"/invitations/{token}/",
        "/answer/secret/",
        "/alice@example.org/",
    ):
        alice.get(path, REMOTE_ADDR="192.0.2.7")
    for password in ("not it at all", secret):
        at().post("/accounts/login/", {"login": "alice@example.org", "password": password})
    alice.post(
        f"{world.url}edit/about/", {"title": "The secret title", "as_of": "soon", "base": "1", "do": "save"}
    )
    alice.post(f"{world.url}comments/", {"on": "case", "text": "Said in confidence"})
    alice.post("/cases/new/", {"from": "file"})
    public.get("/api/v1/cases", headers={"authorization": f"Bearer {bearer}"})
    rater = at()
    answer = rater.get(f"/answer/{link}/")
    rater.post(f"/answer/{link}/", dict.fromkeys(fields(answer), "4"))
    rater.post(f"/answer/{link}/", dict.fromkeys(fields(answer), "4"))
    public.get("/", headers={"host": "bob@evil.example"})
    public.post("/tokens/", {f"confidence{i}": "" for i in range(20_100)})
    monkeypatch.setattr(home.connection, "cursor", _fails)
    public.get("/health/", {"who": "alice@example.org"})
    found = written()
    routes = [json.loads(w).get("route") for w in found]
    assert {"invitations/<str:token>/", "accounts/login/", "answer/<str:token>/", "health/"} <= set(routes)
    assert any(json.loads(w).get("fault") == "RuntimeError" for w in found)
    for kept in ("alice", "Alice", "bob", "192.0.2.7", token, link, bearer, secret, "secret", "confidence", "Payroll",
                 str(world.case.pk), "Ida"):  # fmt: skip
        assert [w for w in found if kept in w] == [], kept
    # Nor what somebody answered: of a rater's visit there is the route, the status, the time it took and a number.
    visits = [json.loads(w) for w in found if json.loads(w).get("route") == "answer/<str:token>/"]
    assert {k for v in visits for k in v} == {
        "at",
        "level",
        "from",
        "says",
        "id",
        "method",
        "route",
        "status",
        "ms",
    }


def _fails():
    raise RuntimeError("alice@example.org wrote the secret")
