"""Deciding together in a browser: empty, filled and wrong, on a phone and a desk; by keyboard; two people at once; scripts off."""

import os

import pytest
from together import bodies, choose, put

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE, DESK = {"width": 320, "height": 700}, {"width": 1280, "height": 900}


@pytest.fixture
def browser_of(live, chromium):
    """The world, and a signed-in page of a person; scripts are off where asked."""
    from django.test import Client
    from workbench import people_and_case

    world, contexts = bodies(people_and_case()), []

    def page(name, *, scripts=True):
        client = Client()
        client.force_login(
            getattr(world, name), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        contexts.append(chromium.new_context(viewport=DESK, java_script_enabled=scripts))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}
        contexts[-1].add_cookies([cookie])
        return contexts[-1].new_page()

    yield world, page, f"{live.url}{world.url}"
    for context in contexts:
        context.close()


def assert_fine(page, axe, name):
    """Fail on what axe finds or on a page that scrolls sideways; keep a picture where a folder is named."""
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        if folder := os.environ.get("INTERLOCAL_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in axe(page)] == [], name
    page.set_viewport_size(DESK)


def test_a_statement_from_putting_it_to_its_result(browser_of, axe, monkeypatch):
    from together import later

    world, browser, url = browser_of
    fay = browser("fay")
    fay.goto(f"{url}statements/new/")
    fay.get_by_role("button", name="Put it to the partners").click()
    assert fay.get_by_role("alert").is_visible()
    assert_fine(fay, axe, "statement-wrong")
    fay.click("#errors a >> nth=0")
    assert fay.evaluate("document.activeElement.id") == "question"
    fay.keyboard.type("We go on with one office for both towns.")
    fay.get_by_label("Option it is about").select_option("together")
    assert fay.get_by_label("Alder Falls").input_value() == "2"
    fay.get_by_role("button", name="Put it to the partners").click()
    assert_fine(fay, axe, "statement-open-facilitator")
    # Bob chooses, and by nothing but the keyboard.
    bob = browser("bob")
    bob.goto(f"{url}statements/1/")
    assert_fine(bob, axe, "statement-open")
    bob.locator("#level-endorse").focus()
    bob.keyboard.press("Space")
    bob.keyboard.press("ArrowDown")
    bob.keyboard.press("ArrowDown")
    bob.keyboard.press("Tab")
    bob.keyboard.press("Tab")
    bob.keyboard.press("Space")
    bob.keyboard.press("Tab")
    with bob.expect_navigation():
        bob.keyboard.press("Enter")
    assert "nothing to put on record" in bob.inner_text("#errors")
    assert bob.locator("#level-block").is_checked()
    assert_fine(bob, axe, "position-wrong")
    bob.get_by_label("Reason, if you like").fill("No second counter in Alder Falls")
    bob.get_by_role("button", name="Take this position").click()
    assert "Your position is kept" in bob.inner_text("main")
    assert_fine(bob, axe, "position-taken")
    fay.reload()
    assert "Alder Falls: 2 of 3" in fay.inner_text("main")
    held = world.case.statements.get()
    choose(world, held, "alice", "endorse")
    choose(world, held, "rita", "endorse")
    later(monkeypatch, 15)
    fay = browser("fay")
    fay.goto(f"{url}statements/1/")
    assert_fine(fay, axe, "statement-closed")
    fay.get_by_role("button", name="Publish the result").click()
    assert "Endorses it" in fay.inner_text("main .cards")
    assert_fine(fay, axe, "statement-published")
    for page in ("statements/", "decisions/", "edit/consents/"):
        fay.goto(f"{url}{page}")
        assert_fine(fay, axe, f"after-{page.strip('/').replace('/', '-')}")


def test_comments_by_two_people_at_once_and_without_scripts(browser_of, axe):
    _, browser, url = browser_of
    rita, charlie = browser("rita"), browser("charlie", scripts=False)
    rita.goto(f"{url}edit/options/0/")
    rita.get_by_role("link", name="Comment on this page").click()
    assert_fine(rita, axe, "comments-empty")
    rita.get_by_role("button", name="Comment", exact=True).click()
    assert_fine(rita, axe, "comments-wrong")
    rita.get_by_label("Your comment").fill("Who pays the rent?")
    charlie.goto(f"{url}comments/?on=case/options/together")
    charlie.get_by_label("Your comment").fill("And who owns the cars?")
    rita.get_by_role("button", name="Comment", exact=True).click()
    charlie.get_by_role("button", name="Comment", exact=True).click()
    assert "Who pays the rent?" in charlie.inner_text("main")
    assert "And who owns the cars?" in charlie.inner_text("main")
    # Both answer the same thread, each on a page from before the other's answer.
    for page, answer in ((rita, "Alder Falls, I think"), (charlie, "Each its own")):
        page.goto(f"{url}comments/?on=case/options/together")
        page.locator("summary").first.click()
        page.locator("textarea[name=text]").first.fill(answer)
    for page in (rita, charlie):
        page.get_by_role("button", name="Answer").first.click()
    rita.reload()
    assert "Alder Falls, I think" in rita.inner_text("main")
    assert "Each its own" in rita.inner_text("main")
    assert_fine(rita, axe, "comments-filled")
    rita.get_by_role("link", name="Edit or withdraw").first.click()
    assert_fine(rita, axe, "comment-edit")
    rita.get_by_role("button", name="Withdraw the comment").click()
    assert "Withdrawn by Rita" in rita.inner_text("main")
    rita.goto(f"{url}comments/")
    assert_fine(rita, axe, "comments-all")


def test_the_decision_log_and_a_statement_that_ended_otherwise(browser_of, axe):
    from interlocal.web.actions import statements

    world, browser, url = browser_of
    held = put(world)
    alice = browser("alice")
    alice.goto(f"{url}decisions/")
    assert_fine(alice, axe, "decisions-empty")
    alice.get_by_role("button", name="Record it").click()
    assert_fine(alice, axe, "decisions-wrong")
    alice.get_by_label("What was decided").fill("Ask a lawyer of each town")
    alice.get_by_label("On which ground").fill("Meeting of 5 January, minute 7")
    alice.get_by_role("button", name="Record it").click()
    alice.get_by_role("link", name="Correct this").click()
    assert_fine(alice, axe, "decisions-correct")
    statements.withdraw(statement=held, because="The draft has changed", by=world.fay)
    alice.goto(f"{url}statements/1/")
    assert_fine(alice, axe, "statement-withdrawn")
    alice.goto(f"{url}people/")
    assert_fine(alice, axe, "people")
