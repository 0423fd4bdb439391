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


def test_a_days_work_leaves_no_name_address_or_link_in_the_log(world, at, caplog):
    from interlocal.web.actions import people

    caplog.set_level(logging.INFO)
    logging.getLogger("interlocal.request").setLevel(logging.INFO)
    token = people.invite(role="viewer", by=world.alice, organisation=world.town, whom="Ida")
    alice = at(world.alice)
    try:
        for path in (world.url, f"{world.url}people/", f"/invitations/{token}/", "/answer/secret/", "/alice@example.org/"):  # fmt: skip
            alice.get(path, REMOTE_ADDR="192.0.2.7")
        at().post("/accounts/login/", {"login": "alice@example.org", "password": "not it at all"})
    finally:
        logging.getLogger("interlocal.request").setLevel(logging.ERROR)
    from interlocal.web.security import JsonLines

    written = [JsonLines().format(r) for r in caplog.records]
    routes = [json.loads(w).get("route") for w in written]
    assert "invitations/<str:token>/" in routes
    assert "accounts/login/" in routes
    for secret in ("alice", "Alice", "192.0.2.7", token, "secret", str(world.case.pk), "Ida"):
        assert [w for w in written if secret in w] == []
