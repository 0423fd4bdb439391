"""The open process in a browser: a government publishes, a resident on a phone without scripts comments, and is answered."""

import os

import pytest
from open_process import PARTS, commented, prepared, published, studied
from open_process import publish as publish_edition

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVERY = (*PARTS, "service", "lasting", "governance", "plan", "lists", "assumptions", "sources")
PHONE, DESK = {"width": 320, "height": 700}, {"width": 1280, "height": 900}


@pytest.fixture
def browser_of(live, chromium, monkeypatch):
    """The world, and a page of a person, or of a resident for None; scripts are off where asked."""
    from django.test import Client
    from workbench import people_and_case

    from interlocal.web.views import public

    monkeypatch.setattr(public, "FASTEST", 0)
    world, contexts = people_and_case(), []

    def page(name=None, *, scripts=True, size=DESK):
        contexts.append(chromium.new_context(viewport=size, java_script_enabled=scripts))
        if name:
            client = Client()
            client.force_login(
                getattr(world, name), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}
            contexts[-1].add_cookies([cookie])
        return contexts[-1].new_page()

    yield world, page, live.url
    for context in contexts:
        context.close()


def assert_fine(page, axe, name):
    """Fail on what axe finds or on a page that scrolls sideways; keep a picture where a folder is named."""
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        if folder := os.environ.get("INTERLOCAL_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
        violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in axe(page)]
        assert violations == [], f"{name} at {size['width']} px"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name


def test_a_resident_comments_on_a_phone_without_scripts_and_is_answered(browser_of):
    world, page, url = browser_of
    studied(world)
    alice = page("alice")
    alice.goto(f"{url}{world.url}public/")
    for part in PARTS:
        if not alice.is_checked(f"#part-{part}"):
            alice.click(f"label[for=part-{part}]")
    alice.fill("#dates", "2027-03-31 Hearing in the town hall, 7 p.m.")
    alice.fill("#slug", "joint-dispatch")
    alice.click("button[value=preview]")
    alice.click("text=Publish what stands below")
    assert alice.is_visible("text=Edition 1 is public.")

    resident = page(scripts=False, size=PHONE)
    resident.goto(f"{url}/public/")
    resident.click(f"main a:has-text('{world.case.title}')")
    resident.click("main a:has-text('Write a comment') >> nth=0")
    resident.click("main button[type=submit]")
    assert resident.is_visible("text=Your comment is empty.")
    resident.focus("#errors a")
    resident.keyboard.press("Enter")
    resident.keyboard.type("Will the station on Main Street stay open?")
    resident.keyboard.press("Tab")
    resident.keyboard.type("Ann")
    for _ in range(2):
        resident.keyboard.press("Tab")
    resident.keyboard.press("Enter")
    resident.wait_for_url("**/thanks/**")

    alice.goto(f"{url}{world.url}public/comments/")
    alice.click("button:has-text('Show it')")
    alice.click("main .tabs a:has-text('Shown')")
    alice.click("summary:has-text('Answer')")
    alice.fill("#answer-1", "Yes. It stays open day and night.")
    alice.click("main details[open] button:has-text('Answer')")

    resident.goto(f"{url}/public/joint-dispatch/")
    told = resident.inner_text("#comment-1")
    assert "Will the station on Main Street stay open?" in told
    assert "Yes. It stays open day and night." in told
    assert "Alder" in told


@pytest.fixture
def told(browser_of):
    """A page that stands, with a comment that is answered and one that waits."""
    from interlocal.web.actions import residents

    world, page, url = browser_of

    def publish():
        held = published(world, parts=EVERY, take_part="Call 555 0100.")
        shown = commented(held, by=world.alice, state="shown", name="Ann")
        residents.answer(comment=shown, text="Yes.", speaker="Alder", by=world.alice)
        commented(held, text="Buy cheap watches here today.")
        return held

    return world, page, url, publish


def test_what_residents_read_has_no_axe_violation_and_fits_a_phone(told, axe):
    from interlocal.web.models import StudyRun

    world, page, url, publish = told
    resident = page()
    resident.goto(f"{url}/public/")
    assert_fine(resident, axe, "list-empty")
    held = publish()
    for address in ("/public/", "/public/rules/", held.url, f"{held.url}comment/", f"{held.url}thanks/?n=2"):
        for code in ("en", "es"):
            resident.goto(f"{url}{address}{'&' if '?' in address else '?'}lang={code}")
            name = address.strip("/").partition("?")[0].replace("/", "-")
            assert_fine(resident, axe, f"{name}-{code}")
    resident.goto(f"{url}{held.url}comment/")
    resident.click("main button[type=submit]")
    assert_fine(resident, axe, "comment-wrong")
    prepared(world, StudyRun.objects.get(), parts=PARTS)
    publish_edition(world)
    resident.goto(f"{url}{held.url}editions/1/")
    assert resident.is_visible("text=You read edition 1")
    assert_fine(resident, axe, "edition-old")
    alice = page("alice")
    alice.goto(f"{url}{world.url}public/")
    alice.click("text=Take the page down >> nth=-1")
    assert_fine(alice, axe, "take-down-wrong")
    alice.fill("#why", "The figures of one town were wrong.")
    alice.click("text=Take the page down >> nth=-1")
    resident.goto(f"{url}{held.url}")
    assert_fine(resident, axe, "stub")


def test_what_publishers_see_has_no_axe_violation_and_fits_a_phone(told, axe):
    world, page, url, publish = told
    alice, desk = page("alice"), f"{url}{world.url}public/"
    alice.goto(desk)
    assert_fine(alice, axe, "desk-empty")
    publish()
    for place in ("", "leave-out/", "preview/", "comments/", "comments/?state=shown"):
        alice.goto(f"{desk}{place}")
        assert_fine(alice, axe, f"public-{place.strip('/').replace('/', '-').replace('?', '-') or 'desk'}")

    def wrong(place, says, *clicks):
        if place is not None:
            alice.goto(f"{desk}{place}")
        for target in clicks:
            alice.click(target)
        assert alice.is_visible(f"main >> text={says}")
        assert_fine(alice, axe, says.lower().replace(" ", "-")[:30])

    alice.goto(f"{desk}leave-out/")
    alice.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    wrong(
        None, "expected a sentence for the public", "main fieldset label >> nth=0", "main button[type=submit]"
    )
    alice.fill("#why", "It is not agreed yet.")
    alice.click("main button[type=submit]")
    wrong(None, "expected a sentence for the public", "text=Publish what stands below")
    hide = ("summary:has-text('Do not show it')", "main details[open] button:has-text('Do not show it')")
    wrong("comments/", "Choose the rule it breaks.", *hide)
    answer = ("summary:has-text('Answer comment')", "main details[open] button:has-text('Answer')")
    wrong("comments/?state=shown", "Write what residents are to read.", *answer)
    alice.goto(desk)
    alice.fill("#dates", "soon")
    wrong(None, "Write it like: 2027-03-31", "button[value=preview]")
