"""Statements put to partners: from putting one to its result in the case, and every input that cannot be."""

import datetime as dt

import pytest
from together import bodies, change, choose, later, put


@pytest.fixture
def two(world):
    return bodies(world)


def test_from_a_statement_to_consent_in_the_case(two, at, monkeypatch):
    fay, url = at(two.fay), f"{two.url}statements/"
    day = dt.datetime.now(tz=dt.UTC).date()
    form = {
        "question": "We go on with one office for both.",
        "option": "together",
        "opens_on": day.isoformat(),
        "closes_on": (day + dt.timedelta(days=7)).isoformat(),
        "quorum.alder_falls": "2",
        "quorum.birch_hollow": "1",
    }
    assert fay.post(f"{url}new/", form)["Location"] == f"{url}1/"
    assert at(two.bob).post(f"{url}1/position/", {"level": "endorse"}).status_code == 302
    assert at(two.bob).post(f"{url}1/position/", {"level": "live_with"}).status_code == 302
    at(two.rita).post(f"{url}1/position/", {"level": "live_with"})
    no = {"level": "block", "reason": "No second counter in Alder Falls", "on_record": "on"}
    at(two.alice).post(f"{url}1/position/", no)
    page = fay.get(f"{url}1/").content.decode()
    assert "Birch Hollow: 2 of 2" in page
    assert "Alder Falls: 0 of 3" in page
    assert fay.post(f"{url}1/publish/").status_code == 422
    later(monkeypatch, 8)
    assert "Positions are no longer taken" in at(two.bob).get(f"{url}1/").content.decode()
    assert at(two.fay).post(f"{url}1/publish/")["Location"] == f"{url}1/"
    two.case.refresh_from_db()
    (consent,) = two.case.head.read.consents
    assert (consent.partner, consent.about, consent.level, consent.quorum_met) == ("alder_falls", "together", "live_with", True)  # fmt: skip
    assert consent.dissent == ("One of its people blocks it: No second counter in Alder Falls",)
    assert consent.on == day + dt.timedelta(days=7)
    page = at(two.vic).get(f"{url}1/").content.decode()
    assert "Can live with it" in page
    assert "Somebody blocks it: No second counter in Alder Falls" in page
    assert "Has not spoken" in page
    assert "quorum not met: 0 answered, 1 needed" in page
    (entry,) = two.case.decisions.all()
    assert entry.kind == "result"
    assert entry.revision.number == two.case.latest
    assert entry.ground.startswith("Alder Falls can live with it, with a quorum (3 answered, quorum 2).")


def test_the_study_reads_the_published_consent(two, monkeypatch):
    from interlocal.study import study
    from interlocal.web.actions import positions

    held = put(two, quorums={"alder_falls": 1, "birch_hollow": 1})
    choose(two, held, "alice", "endorse")
    choose(two, held, "charlie", "live_with", "The fee is high", on_record=True)
    choose(two, held, "carla", "endorse", "It is time", on_record=True)
    later(monkeypatch, 8)
    revision = positions.publish(statement=held, by=two.fay)
    document = study(revision.read, draws=200).document
    (found,) = [f for f in document["lessons"] if f["item"] == "necessity.equity"]
    said = " ".join(b["text"] for b in found["because"])
    assert "2 of 2 partners consent with a quorum; 1 dissent on record." in said


def test_a_result_takes_the_place_of_what_the_partner_said_before_and_of_nothing_else(two, monkeypatch):
    from interlocal.web.actions import positions

    options = [*two.case.head.data["options"], {"id": "alone", "name": "Alone", "kind": "do_nothing"}]
    before = [
        {"partner": p, "about": o, "level": "block", "quorum_met": True}
        for p, o in (("alder_falls", "together"), ("birch_hollow", "together"), ("alder_falls", "alone"))
    ]
    change(two, options=options, consents=before)
    held = put(two)
    for name in ("alice", "bob"):
        choose(two, held, name, "endorse")
    later(monkeypatch, 8)
    revision = positions.publish(statement=held, by=two.fay)
    kept = {(c.partner, c.about): c.level for c in revision.read.consents}
    # Birch Hollow had no quorum: it has not spoken, and what it said before stands.
    assert kept == {
        ("alder_falls", "together"): "endorse",
        ("birch_hollow", "together"): "block",
        ("alder_falls", "alone"): "block",
    }


def test_a_statement_without_an_option_leaves_the_case_as_it_is(two, monkeypatch):
    from interlocal.web.actions import positions

    held = put(two, option="")
    choose(two, held, "charlie", "endorse")
    later(monkeypatch, 8)
    assert positions.publish(statement=held, by=two.fay) is None
    two.case.refresh_from_db()
    assert two.case.latest == 1
    assert [d.kind for d in two.case.decisions.all()] == ["result"]


def test_an_option_that_the_case_has_lost_is_named_and_nothing_is_published(two, monkeypatch):
    from interlocal.problems import InputError
    from interlocal.web.actions import positions

    options = two.case.head.data["options"]
    change(two, options=[*options, {"id": "alone", "name": "Alone", "kind": "do_nothing"}])
    held = put(two, option="alone")
    change(two, options=options)
    later(monkeypatch, 8)
    with pytest.raises(InputError, match="alone, which the case no longer has"):
        positions.publish(statement=held, by=two.fay)
    held.refresh_from_db()
    assert held.state == "closed"


def test_two_who_publish_at_once_publish_once(two, monkeypatch):
    from interlocal.problems import InputError
    from interlocal.web.actions import positions

    held = put(two)
    choose(two, held, "charlie", "endorse")
    later(monkeypatch, 8)
    positions.publish(statement=held, by=two.fay)
    with pytest.raises(InputError, match="one that is published"):
        positions.publish(statement=held, by=two.alice)
    two.case.refresh_from_db()
    assert two.case.latest == 2


def test_a_withdrawn_statement_leaves_its_ground_in_the_log_and_takes_nothing_more(two, at):
    held = put(two)
    url = f"{two.url}statements/{held.number}/"
    choose(two, held, "bob", "block", "A secret reason", on_record=True)
    assert at(two.fay).post(f"{url}withdraw/", {"because": ""}).status_code == 422
    assert at(two.fay).post(f"{url}withdraw/", {"because": "The draft has changed"}).status_code == 302
    (entry,) = two.case.decisions.all()
    assert (entry.kind, entry.ground, entry.by) == ("withdrawn", "The draft has changed", two.fay)
    assert at(two.bob).post(f"{url}position/", {"level": "endorse"}).status_code == 422
    assert at(two.fay).post(f"{url}publish/").status_code == 422
    assert "A secret reason" not in at(two.fay).get(url).content.decode()


def test_what_nobody_publishes_lapses_and_the_log_says_so_once(two, at, monkeypatch):
    from interlocal.web.actions import statements

    held = put(two)
    choose(two, held, "charlie", "endorse")
    later(monkeypatch, 7 + 60)
    assert statements.lapse_overdue() == 0
    assert held.state == "closed"
    later(monkeypatch, 1)
    # Also before the worker has looked, nothing can be published any more.
    assert at(two.fay).post(f"{two.url}statements/1/publish/").status_code == 422
    assert statements.lapse_overdue() == 1
    assert statements.lapse_overdue() == 0
    (entry,) = two.case.decisions.all()
    assert entry.kind == "lapsed"
    assert "has lapsed" in at(two.bob).get(f"{two.url}statements/1/").content.decode()


def test_the_last_day_moves_later_and_never_earlier(two, at):
    held = put(two)
    for days, status in ((6, 422), (7, 302), (30, 302), (29, 422), (500, 422)):
        day = (held.opens_on + dt.timedelta(days=days)).isoformat()
        answer = at(two.fay).post(f"{two.url}statements/1/last-day/", {"closes_on": day})
        assert answer.status_code == status, days
        assert status == 302 or day in answer.content.decode()
    assert at(two.fay).post(f"{two.url}statements/1/last-day/", {"closes_on": "soon"}).status_code == 422
    held.refresh_from_db()
    assert held.closes_on == held.opens_on + dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"question": "Short"}, "5 letters"),
        ({"question": "x" * 1001}, "1001 letters"),
        ({"option": "moon"}, "an option of this case, or none"),
        ({"opens_on": "2001-01-01"}, "2001-01-01"),
        ({"closes_on": "2001-01-01"}, "2001-01-01"),
        ({"closes_on": "when we are ready"}, "found when we are ready; expected a day"),
        ({"quorum.alder_falls": "two"}, "Quorum of Alder Falls"),
        ({"quorum.alder_falls": "0"}, "Quorum of Alder Falls"),
        ({"quorum.alder_falls": "", "quorum.birch_hollow": ""}, "no partner"),
    ],
)
def test_a_statement_that_cannot_be_is_refused_and_the_entry_stays(two, at, changed, says):
    day = dt.datetime.now(tz=dt.UTC).date()
    good = {
        "question": "We go on with one office for both.",
        "opens_on": day.isoformat(),
        "closes_on": day.isoformat(),
        "quorum.alder_falls": "2",
    }
    answer = at(two.fay).post(f"{two.url}statements/new/", good | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert all(v in page for v in (good | changed).values())
    assert not two.case.statements.exists()


def test_all_that_is_wrong_with_a_statement_is_told_at_once(two, at):
    answer = at(two.fay).post(f"{two.url}statements/new/", {"option": "moon", "quorum.alder_falls": "many"})
    assert "5 things need mending" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "nothing chosen"),
        ({"level": "shout"}, "nothing chosen"),
        ({"level": "block", "reason": "x" * 1001}, "1001 letters"),
        ({"level": "block", "on_record": "on"}, "nothing to put on record"),
    ],
)
def test_a_position_that_cannot_be_is_refused_and_the_entry_stays(two, at, sent, says):
    from interlocal.web.actions import positions

    held = put(two)
    answer = at(two.bob).post(f"{two.url}statements/1/position/", sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert sent.get("reason", "") in answer.content.decode()
    assert positions.own(statement=held, person=two.bob) is None


def test_positions_are_taken_from_the_first_day_to_the_last(two, monkeypatch):
    from interlocal.problems import InputError
    from interlocal.web.actions import statements
    from interlocal.web.models.deciding import today

    first = today() + dt.timedelta(days=2)
    held = statements.put(
        case=two.case, question="We go on together.", option="", opens_on=first, closes_on=first,
        quorums={"alder_falls": 1}, options=(), by=two.fay,
    )  # fmt: skip
    with pytest.raises(InputError, match="takes no positions now"):
        choose(two, held, "bob", "endorse")
    later(monkeypatch, 2)
    choose(two, held, "bob", "endorse")
    later(monkeypatch, 1)
    with pytest.raises(InputError, match="takes no positions now"):
        choose(two, held, "bob", "block")


def test_who_works_for_two_partners_speaks_for_neither(two, at):
    from interlocal.web.models import Membership
    from interlocal.web.policies import access_to, voices

    put(two)
    Membership.objects.create(person=two.bob, organisation=two.partner, role="editor")
    assert access_to(two.bob, two.case).voice is None
    assert two.bob.pk not in set().union(*voices(two.case).values())
    assert at(two.bob).post(f"{two.url}statements/1/position/", {"level": "endorse"}).status_code == 403
    assert "You work for several partners" in at(two.bob).get(f"{two.url}statements/1/").content.decode()


def test_a_position_counts_as_it_was_taken_also_where_its_person_is_taken_out_afterwards(
    two, at, monkeypatch
):
    """Else an owner could leave one position alone in its body, and read it in the result."""
    from interlocal.web.actions import people, positions

    held = put(two)
    for name, level in (("alice", "endorse"), ("bob", "block"), ("rita", "endorse")):
        choose(two, held, name, level)
    later(monkeypatch, 8)
    people.change_role(membership=two.rita.memberships.get(), role=None, by=two.alice)
    positions.publish(statement=held, by=two.fay)
    held.refresh_from_db()
    assert (held.result[0]["answered"], held.result[0]["level"]) == (3, "endorse")


def test_the_overview_leads_those_who_are_asked_to_the_statement(two, at):
    put(two, quorums={"alder_falls": 1})
    asked = {n: "Your position is asked for" in at(getattr(two, n)).get(two.url).content.decode() for n in ("bob", "vic", "charlie", "fay")}  # fmt: skip
    assert asked == {"bob": True, "vic": False, "charlie": False, "fay": False}


def test_the_only_one_who_can_answer_is_told_that_the_result_will_be_theirs(two, at):
    from interlocal.web.models import Membership

    Membership.objects.filter(person=two.carla).delete()
    put(two)
    assert "You are the only one who can answer for it" in at(two.charlie).get(f"{two.url}statements/1/").content.decode()  # fmt: skip
    assert "only one who can answer" not in at(two.bob).get(f"{two.url}statements/1/").content.decode()
