"""Helpers of the tests on deciding together: two bodies with several people each, statements and positions."""

import datetime as dt

from django.utils import timezone

BODIES = {"alder_falls": ("alice", "bob", "rita"), "birch_hollow": ("charlie", "carla")}
"""Who takes positions for which partner; Vic reads for Alder Falls, Fay facilitates, Sam is a stranger."""


def bodies(world):
    """Let Alder be a partner of its own case, and give Birch a second person."""
    from interlocal.web.actions import people
    from interlocal.web.models import Membership, Person

    people.stand_for(case=world.case, partner="alder_falls", by=world.alice)
    world.carla = Person.objects.create_user("carla@example.org", "a long enough password", name="Carla")
    Membership.objects.create(person=world.carla, organisation=world.partner, role="rater")
    return world


def put(world, *, question="We go on with one office for both.", option="together", quorums=None, days=7):
    from interlocal.web.actions import statements
    from interlocal.web.models.deciding import today

    return statements.put(
        case=world.case,
        question=question,
        option=option,
        opens_on=today(),
        closes_on=today() + dt.timedelta(days=days),
        quorums=quorums or {"alder_falls": 2, "birch_hollow": 1},
        options=[o.id for o in world.case.head.read.options],
        by=world.fay,
    )


def choose(world, statement, name, level, reason="", *, on_record=False):
    from interlocal.web.actions import positions

    partner = next(p for p, people in BODIES.items() if name in people)
    positions.take(
        statement=statement,
        person=getattr(world, name),
        partner=partner,
        level=level,
        reason=reason,
        on_record=on_record,
    )


def later(monkeypatch, days):
    """Let days pass."""
    then = timezone.now() + dt.timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: then)


def change(world, **parts):
    """Save the case with some of its parts changed."""
    import json

    from interlocal.case.read import parse_case
    from interlocal.web.actions import cases

    world.case.refresh_from_db()
    data = json.dumps({**world.case.head.data, **parts}).encode()
    made = cases.save_case(record=world.case, case=parse_case(data, "x"), base=world.case.latest, by=world.alice, about="x")  # fmt: skip
    world.case.refresh_from_db()
    return made
