"""Who reaches what of comments, statements and decisions. The people of every test: see conftest and ``together``."""

import datetime as dt

import pytest
from test_access import EDIT, EVERYONE, MANAGE, MANAGED, SEE, answers
from together import bodies, put

RATE = EDIT | {"rita": 302}
"""Who may comment."""
VOICES = {"alice": 302, "bob": 302, "rita": 302, "vic": 403, "charlie": 302, "fay": 403, "sam": 404, "public": 302}  # fmt: skip
"""Who takes positions: nobody for whom no partner speaks, also not the facilitator."""


@pytest.fixture
def two(world):
    return bodies(world)


@pytest.mark.parametrize("url", ["statements/", "statements/1/", "comments/", "comments/?on=case", "decisions/", "decisions/?as=csv"])  # fmt: skip
def test_who_reads_what_of_deciding_together(two, at, url):
    put(two)
    assert answers(two, at, "get", two.url + url) == SEE


def test_who_puts_a_statement(two, at):
    url, day = f"{two.url}statements/new/", dt.datetime.now(tz=dt.UTC).date().isoformat()
    assert answers(two, at, "get", url) == MANAGE
    data = {"question": "We go on together.", "opens_on": day, "closes_on": day, "quorum.alder_falls": "1"}
    assert answers(two, at, "post", url, data) == MANAGED


def test_who_takes_a_position(two, at):
    put(two)
    assert answers(two, at, "post", f"{two.url}statements/1/position/", {"level": "endorse"}) == VOICES
    put(two, quorums={"birch_hollow": 1})
    not_asked = VOICES | dict.fromkeys(("alice", "bob", "rita"), 403)
    assert answers(two, at, "post", f"{two.url}statements/2/position/", {"level": "endorse"}) == not_asked


@pytest.mark.parametrize(
    ("form", "data", "done"),
    [
        ("last-day", {"closes_on": "2001-01-01"}, 422),
        ("withdraw", {"because": "The draft has changed"}, 302),
        ("publish", {}, 422),
    ],
)
def test_who_runs_a_statement(two, at, form, data, done):
    put(two)
    expected = {k: done if v == 302 and k != "public" else v for k, v in MANAGED.items()}
    assert answers(two, at, "post", f"{two.url}statements/1/{form}/", data) == expected


@pytest.mark.parametrize("form", ["position", "last-day", "withdraw", "publish"])
def test_looking_changes_nothing_of_a_statement(two, at, form):
    put(two)
    assert at(two.alice).get(f"{two.url}statements/1/{form}/").status_code == 405


def said(world, by="rita", audience="partners", place="case"):
    from interlocal.web.actions import comments
    from interlocal.web.places import Places
    from interlocal.web.policies import access_to

    person = getattr(world, by)
    item = Places(access_to(person, world.case)).item(place)
    return comments.begin(case=world.case, item=item, text="Well said", audience=audience, by=person)


def test_who_comments_and_answers(two, at):
    assert answers(two, at, "post", f"{two.url}comments/", {"on": "case", "text": "Look at this"}) == RATE
    url = f"{two.url}comments/{said(two).pk}/answer/"
    assert answers(two, at, "post", url, {"text": "So I did"}) == RATE


def test_what_is_for_the_facilitator_is_read_and_answered_by_its_author_and_the_facilitator(two, at):
    thread = said(two, audience="facilitator")
    found = {n: "Well said" in at(getattr(two, n)).get(f"{two.url}comments/").content.decode() for n in EVERYONE[:-1]}  # fmt: skip
    assert found == {n: n in {"rita", "fay"} for n in EVERYONE[:-1]}
    answer = f"{two.url}comments/{thread.pk}/answer/"
    # For others it does not exist: that there is one is told by no refusal either.
    assert answers(two, at, "post", answer, {"text": "x"}) == dict.fromkeys(EVERYONE, 404) | {"rita": 302, "fay": 302, "public": 302}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "method", "data", "may"),
    [
        ("edit", "get", {}, {"rita": 200, "fay": 200}),
        ("edit", "post", {"text": "Better said"}, {"rita": 302}),
        ("withdraw", "post", {}, {"rita": 302, "fay": 302}),
        ("resolve", "post", {"resolved": "yes"}, dict.fromkeys(("alice", "bob", "rita", "charlie", "fay"), 302)),
    ],
)  # fmt: skip
def test_who_edits_withdraws_and_resolves(two, at, form, method, data, may):
    url = f"{two.url}comments/{said(two).pk}/{form}/"
    assert answers(two, at, method, url, data) == dict.fromkeys(EVERYONE, 403) | {"sam": 404, "public": 302} | may  # fmt: skip


def test_who_records_a_decision(two, at):
    data = {"on": "2026-01-05", "what": "Study it", "ground": "Minutes of 5 January"}
    assert answers(two, at, "post", f"{two.url}decisions/", data) == EDIT


def test_who_says_which_partner_the_owner_is(world, at):
    assert answers(world, at, "post", f"{world.url}people/stands-for/", {"stands_for": "alder_falls"}) == MANAGED  # fmt: skip


def test_the_owner_does_not_become_a_partner_that_keeps_figures_or_for_which_somebody_stands(world, at):
    from together import change

    url, member = f"{world.url}people/stands-for/", world.case.members
    assert at(world.alice).post(url, {"stands_for": "birch_hollow"}).status_code == 302
    assert not member.filter(organisation=world.town).exists()
    spending = [{**s, "visibility": "facilitator"} for s in world.case.head.data["spending"]]
    change(world, spending=spending)
    assert at(world.alice).post(url, {"stands_for": "alder_falls"}).status_code == 403
    assert at(world.fay).post(url, {"stands_for": "alder_falls"}).status_code == 302
    assert member.get(organisation=world.town).partner == "alder_falls"
    assert at(world.fay).post(url, {"stands_for": ""}).status_code == 302
    assert not member.filter(organisation=world.town).exists()


def test_what_belongs_to_another_case_is_not_reached_through_ones_own(two, at):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    put(two)
    thread = said(two)
    other = cases.start_case(case=examples.case("starter"), organisation=two.partner, by=None, about="x")
    url = f"/cases/{other.pk}/"
    assert at(two.charlie).get(f"{url}statements/1/").status_code == 404
    assert at(two.charlie).post(f"{url}comments/{thread.pk}/answer/", {"text": "x"}).status_code == 404
    assert "Well said" not in at(two.charlie).get(f"{url}comments/").content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "edit/options/²/", "edit/options/²/lines/", "history/difference/?from=²", f"history/difference/?from={'9' * 30}",
        f"statements/{'9' * 30}/", "comments/?on=case/options/²", "comments/?on=case/spending/²",
        f"comments/?on=case/spending/{'9' * 200}", "comments/?page=²", f"decisions/?corrects={'9' * 30}", "decisions/?corrects=²",
    ],
)  # fmt: skip
def test_a_number_that_is_none_meets_no_fault(two, at, url):
    assert at(two.alice).get(two.url + url).status_code in {200, 404}


def test_an_option_that_is_kept_is_offered_to_nobody_else(two, at):
    from together import change

    options = two.case.head.data["options"]
    secret = {"id": "secret", "name": "Merge with Cedar", "kind": "shared", "visibility": "facilitator"}
    change(two, options=[*options, secret])
    day = dt.datetime.now(tz=dt.UTC).date().isoformat()
    sent = {"question": "We go on together.", "opens_on": day, "closes_on": day, "quorum.alder_falls": "1"}
    url = f"{two.url}statements/new/"
    assert "Merge with Cedar" in at(two.fay).get(url).content.decode()
    assert "Merge with Cedar" not in at(two.alice).get(url).content.decode()
    refused = [at(two.alice).post(url, sent | {"option": o}) for o in ("secret", "nothing")]
    assert [r.status_code for r in refused] == [422, 422]
    assert at(two.fay).post(url, sent | {"option": "secret"}).status_code == 302
    page = at(two.alice).get(f"{two.url}statements/1/").content.decode()
    assert "Merge with Cedar" not in page
    assert "secret" not in page


def test_consent_to_an_option_that_is_kept_is_kept_with_it(two, at, monkeypatch):
    from together import change, choose, later

    from interlocal.web.actions import positions

    options = two.case.head.data["options"]
    secret = {"id": "secret", "name": "Merge with Cedar", "kind": "shared", "visibility": "facilitator"}
    change(two, options=[*options, secret])
    held = put(two, option="secret", quorums={"birch_hollow": 1})
    choose(two, held, "charlie", "endorse")
    later(monkeypatch, 8)
    positions.publish(statement=held, by=two.fay)
    seen = {n: "secret" in at(getattr(two, n)).get(f"{two.url}download/").content.decode() for n in ("alice", "charlie", "fay")}  # fmt: skip
    assert seen == {"alice": False, "charlie": True, "fay": True}
