"""Comments on any item: where they stand, what becomes of them, and every input that cannot be."""

import pytest
from test_deciding_access import said
from together import bodies, change, later

pytestmark = pytest.mark.heavy


@pytest.fixture
def two(world):
    return bodies(world)


def text(client, url):
    return client.get(url).content.decode()


def test_a_thread_from_an_edit_page_to_resolved_and_back(two, at):
    rita, charlie = at(two.rita), at(two.charlie)
    link = f"{two.url}comments/?on=case%2Foptions%2Ftogether"
    assert f'href="{link}">Comment on this page' in text(rita, f"{two.url}edit/options/0/")
    rita.post(f"{two.url}comments/", {"on": "case/options/together", "text": "Who pays the rent?\n<b>"})
    page = text(charlie, link)
    assert "Who pays the rent?<br>&lt;b&gt;" in page
    assert "One inspector" in page or "Options ›" in page
    thread = two.case.comments.get()
    charlie.post(f"{two.url}comments/{thread.pk}/answer/", {"text": "Alder Falls does"})
    assert "Alder Falls does" in text(rita, f"{two.url}comments/")
    assert f'href="{link}">1 open comment on this page' in text(rita, f"{two.url}edit/options/0/")
    # A comment on an entry counts on the page that lists it.
    assert "1 open comment on this page" in text(rita, f"{two.url}edit/options/")
    rita.post(f"{two.url}comments/{thread.pk}/resolve/", {"resolved": "yes"})
    assert "1 resolved comment on this page" in text(rita, f"{two.url}edit/options/0/")
    assert "Who pays" not in text(rita, f"{two.url}comments/?show=open")
    assert "resolved by Rita" in text(rita, f"{two.url}comments/?show=resolved")
    rita.post(f"{two.url}comments/{thread.pk}/resolve/", {"resolved": "no"})
    assert "Who pays" in text(rita, f"{two.url}comments/?show=open")


def test_editing_says_so_and_withdrawing_leaves_a_stub_and_the_answers(two, at):
    thread = said(two)
    url = f"{two.url}comments/{thread.pk}/"
    at(two.rita).post(f"{url}edit/", {"text": "Better said"})
    assert "edited" in text(at(two.vic), f"{two.url}comments/")
    at(two.bob).post(f"{url}answer/", {"text": "I agree"})
    at(two.rita).post(f"{url}withdraw/")
    page = text(at(two.vic), f"{two.url}comments/")
    assert "Withdrawn by Rita" in page
    assert "I agree" in page
    assert "Better said" not in page
    thread.refresh_from_db()
    assert thread.text == ""
    assert at(two.rita).post(f"{url}edit/", {"text": "Once more"}).status_code == 403


def test_a_comment_follows_its_entry_when_others_are_put_before_it(two, at):
    said(two, place="case/partners/birch_hollow")
    partners = two.case.head.data["partners"]
    change(two, partners=[partners[1], partners[0]])
    assert f'{two.url}edit/partners/0/"' in text(at(two.vic), f"{two.url}comments/")
    assert "1 open comment on this page" in text(at(two.vic), f"{two.url}edit/partners/0/")
    assert "No comments on this page" in text(at(two.vic), f"{two.url}edit/partners/1/")


def test_a_comment_on_what_is_gone_keeps_its_name(two, at):
    options = two.case.head.data["options"]
    change(two, options=[*options, {"id": "alone", "name": "Everybody alone", "kind": "do_nothing"}])
    said(two, place="case/options/alone")
    change(two, options=options)
    page = text(at(two.vic), f"{two.url}comments/")
    assert "Everybody alone" in page
    assert "(no longer there)" in page
    assert at(two.vic).get(f"{two.url}comments/?on=case/options/alone").status_code == 404


def test_a_comment_on_a_hidden_entry_is_read_by_those_who_see_the_entry(two, at):
    goals = [{"id": "quiet", "text": "Keep the counter open", "visibility": "facilitator"}]
    change(two, goals=goals)
    thread = said(two, by="fay", place="case/goals/quiet")
    seen = {n: "Well said" in text(at(getattr(two, n)), f"{two.url}comments/") for n in ("alice", "charlie", "fay")}  # fmt: skip
    assert seen == {"alice": False, "charlie": False, "fay": True}
    assert "open comment" not in text(at(two.alice), f"{two.url}edit/goals/")
    assert at(two.alice).get(f"{two.url}comments/?on=case/goals/quiet").status_code == 404
    assert at(two.alice).post(f"{two.url}comments/{thread.pk}/answer/", {"text": "x"}).status_code == 404
    sent = {"on": "case/goals/quiet", "text": "What is this?"}
    assert at(two.alice).post(f"{two.url}comments/", sent).status_code == 422


def test_what_is_said_about_a_kept_entry_stays_between_its_partner_and_the_facilitator_for_good(two, at):
    """Even where the entry is released, or goes and another takes its place in the list."""
    spending = two.case.head.data["spending"]
    private = [{**s, "visibility": "facilitator"} if s["partner"] == "birch_hollow" else s for s in spending]
    place = next(i for i, s in enumerate(private) if s["partner"] == "birch_hollow")
    change(two, spending=private)
    at(two.charlie).post(f"{two.url}comments/", {"on": f"case/spending/{place}", "text": "Only 1.2 posts"})
    gone = [spending[0], {**spending[0], "year": 2024}]
    for now in (private, spending, gone):
        change(two, spending=now)
        seen = {n: "Only 1.2 posts" in text(at(getattr(two, n)), f"{two.url}comments/") for n in ("alice", "bob", "charlie", "carla", "fay")}  # fmt: skip
        assert seen == {"alice": False, "bob": False, "charlie": True, "carla": True, "fay": True}


@pytest.fixture
def answered(two):
    from workbench import run_waiting

    from interlocal.web.actions import studies

    run = studies.ask_for_study(revision=two.case.head, audience="partners", by=two.alice, draws=200)
    run_waiting()
    return run


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("study/money", "Study › Money"),
        ("study/money/fan", "Study › Money › Saving each year"),
        ("lesson/necessity.equity", "Lesson: Equitable and consensus-based solutions"),
        ("case", "The whole case"),
        ("case/about", "The case in short"),
        ("case/spending/0", "What each spends › Entry 1"),
    ],
)
def test_what_can_be_commented_on_has_a_name_and_leads_back(two, at, answered, place, name):
    made = said(two, place=place)
    assert made.about.startswith(name)
    page = text(at(two.vic), f"{two.url}comments/?on={place}")
    assert name in page
    assert "no longer there" not in page
    screen = {"study": "money/", "lesso": "lessons/"}.get(place[:5])
    if screen:
        assert "1 open comment on this page" in text(at(two.vic), f"{two.url}studies/{answered.pk}/{screen}")


@pytest.mark.parametrize(
    "place",
    [
        "", "moon", "case/moon", "case/options/moon", "case/../people", "case/options/together/moon", "lesson/moon",
        "study/moon", "study/money/moon", "study/money/fan/moon", "case/" + "x" * 400, "statement/1",
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_commented_on(two, at, place):
    sent = {"on": place, "text": "Keep what I wrote"}
    answer = at(two.rita).post(f"{two.url}comments/", sent)
    assert answer.status_code == 422
    assert not two.case.comments.exists()


@pytest.mark.parametrize(("given", "says"), [("", "nothing"), ("  \n", "nothing"), ("x" * 4001, "4001 letters")])  # fmt: skip
def test_a_text_that_cannot_be_is_refused_and_stays(two, at, given, says):
    url = f"{two.url}comments/"
    thread = said(two)
    for send, data in (
        (url, {"on": "case", "text": given}),
        (f"{url}{thread.pk}/answer/", {"text": given}),
        (f"{url}{thread.pk}/edit/", {"text": given}),
    ):
        answer = at(two.rita).post(send, data)
        assert answer.status_code == 422
        assert f"found {says}" in answer.content.decode()
        assert given.strip() in answer.content.decode()


def test_nobody_floods_a_case_and_what_was_written_stays(two, at, monkeypatch):
    from interlocal.web.actions.comments import MOST

    client, url = at(two.rita), f"{two.url}comments/"
    sent = [client.post(url, {"on": "case", "text": f"Thought {n}"}).status_code for n in range(MOST)]
    assert set(sent) == {302}
    answer = client.post(url, {"on": "case", "text": "One thought more"})
    assert answer.status_code == 422
    assert "One thought more" in answer.content.decode()
    assert at(two.bob).post(url, {"on": "case", "text": "Mine"}).status_code == 302
    later(monkeypatch, 0.01)
    assert at(two.rita).post(url, {"on": "case", "text": "One thought more"}).status_code == 302


def test_two_answer_at_once_and_both_stay(two, at):
    thread = said(two)
    for name in ("bob", "charlie"):
        at(getattr(two, name)).post(f"{two.url}comments/{thread.pk}/answer/", {"text": f"From {name}"})
    page = text(at(two.vic), f"{two.url}comments/")
    assert "From bob" in page
    assert "From charlie" in page


def test_an_answer_to_an_answer_joins_the_thread(two, at):
    thread = said(two)
    at(two.bob).post(f"{two.url}comments/{thread.pk}/answer/", {"text": "First"})
    first = thread.answers.get()
    at(two.rita).post(f"{two.url}comments/{first.pk}/answer/", {"text": "Second"})
    assert thread.answers.count() == 2
