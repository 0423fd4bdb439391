"""Several people at the same moment, in threads with connections of their own: nothing is lost, nothing happens twice."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from together import bodies, later, put

pytestmark = pytest.mark.slow


@pytest.fixture
def together(live):
    """Run calls at once, each on a connection of its own, and return what came of them."""
    from django.db import connection

    def alone(call):
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - what came of it
            return error
        finally:
            connection.close()

    def run(*calls):
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(alone, calls))

    return run


def test_positions_decisions_and_the_result_at_once(together, monkeypatch):
    from workbench import people_and_case

    from interlocal.problems import InputError
    from interlocal.web.actions import decisions, positions
    from interlocal.web.models import CaseRecord

    world = bodies(people_and_case())
    held = put(world, quorums={"alder_falls": 3, "birch_hollow": 2})

    def takes(name, partner):
        return lambda: positions.take(
            statement=held, person=getattr(world, name), partner=partner, level="endorse", reason="", on_record=False
        )  # fmt: skip

    people = [("alice", "alder_falls"), ("bob", "alder_falls"), ("rita", "alder_falls"), ("charlie", "birch_hollow"), ("carla", "birch_hollow")]  # fmt: skip
    assert together(*(takes(*p) for p in people + people)) == [None] * 10
    day = dt.date(2026, 1, 5)
    made = together(
        *(lambda: decisions.record(case=world.case, on=day, what="x", ground="y", by=world.bob),) * 8
    )
    assert sorted(d.number for d in made) == list(range(1, 9))
    later(monkeypatch, 8)
    done = together(*(lambda: positions.publish(statement=held, by=world.fay),) * 4)
    assert sum(isinstance(d, InputError) for d in done) == 3
    case = CaseRecord.objects.get(pk=world.case.pk)
    assert case.latest == 2
    assert case.decisions.filter(kind="result").count() == 1
    assert {(c.partner, c.level) for c in case.head.read.consents} == {
        ("alder_falls", "endorse"),
        ("birch_hollow", "endorse"),
    }
    held.refresh_from_db()
    assert [r["answered"] for r in held.result] == [3, 2]
