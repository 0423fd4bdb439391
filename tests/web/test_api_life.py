"""The life of an agreement for programs: who reads it, who makes a step, and what is refused."""

import pytest
from running import put
from test_api_agreements import PEOPLE, SEE, program  # noqa: F401 - a fixture


@pytest.fixture
def record(world):
    return put(world)


def test_who_reads_the_life_and_who_makes_a_step(world, program, record):  # noqa: F811
    url = f"/agreements/{record.pk}"
    assert {n: program(getattr(world, n), "get", f"{url}/life").status_code for n in PEOPLE} == SEE
    body = {"values": {"planned": "2031-02-03"}}
    made = {n: program(getattr(world, n), "post", f"{url}/steps/plan-check-in", **body).status_code for n in PEOPLE}  # fmt: skip
    assert made == {"alice": 200, "bob": 200, "rita": 403, "vic": 403, "charlie": 403, "fay": 200, "sam": 404}


def test_a_step_saves_what_it_says_once_and_names_what_is_wrong(world, program, record):  # noqa: F811
    url = f"/agreements/{record.pk}/steps/done"
    done = {"entry": "key", "values": {"closed_on": "2026-01-05"}}
    assert program(world.bob, "post", url, **done).json() == {"revision": 2}
    assert program(world.bob, "post", url, **done).status_code == 422
    assert program(world.bob, "post", url, entry="none", values={}).status_code == 404
    wrong = program(world.bob, "post", f"/agreements/{record.pk}/steps/action", values={"text": "x", "owner": "y", "due": "z", "colour": "red"})  # fmt: skip
    assert wrong.status_code == 422
    assert {p["path"] for p in wrong.json()["problems"]} >= {"/life/actions/1/due", "/life/actions/1/colour"}
    life = program(world.vic, "get", f"/agreements/{record.pk}/life").json()
    assert life["rhythm"]["open_actions"] == 0
