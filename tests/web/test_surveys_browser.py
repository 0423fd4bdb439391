"""Survey pages in a browser: on a phone and a desk; empty, filled and wrong; by keyboard; without scripts."""

import os

import pytest
from raters import begun, links, opened, partners

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE, DESK = {"width": 320, "height": 700}, {"width": 1280, "height": 900}


@pytest.fixture
def raters_page(live, chromium):
    """A phone's browser, and the addresses of links."""
    from workbench import people_and_case

    world = people_and_case()
    # Alder's staff are enough people; Birch's managers are few.
    survey = opened(world, kind="trust", statements=("trust_openness_cost", "trust_reliability_dates"))
    tokens = links(world, survey, 6) + links(world, survey, 2, partners(world)[1], "managers")
    context = chromium.new_context(viewport=PHONE)
    yield context.new_page(), [f"{live.url}/answer/{t}/" for t in tokens]
    context.close()


@pytest.fixture
def signed_in(live, chromium):
    """The browser of Alice, who runs the survey."""
    from django.test import Client
    from workbench import people_and_case

    world, client = people_and_case(), Client()
    client.force_login(world.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = chromium.new_context(viewport=DESK)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
    yield world, context.new_page(), f"{live.url}{world.url}surveys/"
    context.close()


def assert_fine(page, axe, name):
    """Fail on what axe finds or on a page that scrolls sideways; keep a picture where a folder is named."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        if folder := os.environ.get("INTERLOCAL_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in axe(page)] == [], name


def test_a_raters_pages_are_accessible_empty_filled_and_wrong(raters_page, axe):
    page, (first, *_, few) = raters_page
    page.goto(first)
    assert_fine(page, axe, "rater-empty")
    page.goto(few)
    assert "Your group is small" in page.content()
    assert_fine(page, axe, "rater-small-group")
    page.goto(first)
    page.locator("fieldset").first.locator("label").nth(3).click()
    page.get_by_role("button", name="Send my answers").click()
    assert page.get_by_role("alert").is_visible()
    assert page.locator("fieldset").first.locator("input").nth(3).is_checked()
    assert_fine(page, axe, "rater-wrong")
    page.get_by_role("button", name="Español").click()
    assert page.locator("fieldset").first.locator("input").nth(3).is_checked()
    assert_fine(page, axe, "rater-spanish")
    for group in page.locator("fieldset").all():
        group.locator("label").nth(2).click()
    assert_fine(page, axe, "rater-filled")
    page.get_by_role("button", name="Enviar mis respuestas").click()
    assert "Gracias" in page.content()
    assert_fine(page, axe, "rater-thanks")
    page.goto(first)
    assert_fine(page, axe, "rater-over")


def test_a_rater_answers_by_keyboard_alone_and_without_scripts(raters_page, chromium):
    _, (first, *_) = raters_page
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(first)
    for _ in range(page.locator("fieldset").count()):
        while True:
            page.keyboard.press("Tab")
            if page.locator("input[type=radio]:focus").count():
                break
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/thanks/**")
    assert "Your answers are in" in page.content()
    context.close()


def test_the_facilitators_pages_are_accessible_empty_filled_and_wrong(signed_in, axe):
    world, page, url = signed_in
    page.goto(url)
    assert_fine(page, axe, "surveys-empty")
    page.get_by_label("Fewest people behind any figure").fill("2")
    page.get_by_role("button", name="Begin").click()
    assert page.get_by_role("alert").is_visible()
    assert_fine(page, axe, "surveys-wrong")
    begun(world)
    page.goto(f"{url}safety/")
    assert_fine(page, axe, "survey-begun")
    page.get_by_role("button", name="Open the wave").click()
    page.get_by_label("Partner").select_option(index=1)
    page.get_by_label("Group").select_option("staff")
    page.get_by_label("How many people").fill("many")
    page.get_by_role("button", name="Make links to copy").click()
    assert page.get_by_label("How many people").input_value() == "many"
    assert_fine(page, axe, "survey-wrong")
    page.get_by_label("How many people").fill("6")
    page.get_by_role("button", name="Make links to copy").click()
    assert "/answer/" in page.get_by_label("Links, one a line").input_value()
    assert_fine(page, axe, "survey-links")
    page.goto(f"{url}safety/")
    assert_fine(page, axe, "survey-running")
    page.get_by_role("button", name="Close wave 1").click()
    assert_fine(page, axe, "survey-closed")
    page.get_by_text("There will be no further wave").click()
    page.get_by_role("button", name="End the survey").click()
    assert_fine(page, axe, "survey-ended")


def test_a_pulse_is_held_in_an_agreement_by_hand_and_every_page_on_the_way_is_accessible(
    signed_in, chromium, axe
):
    from raters import hosting

    from interlocal.web.actions import answers

    world, page, url = signed_in
    home, place = url.removesuffix(f"{world.url}surveys/"), hosting(world)
    relationship = f"{home}{place.url}relationship/"
    page.goto(relationship)
    page.get_by_role("link", name="Begin a pulse survey").click()
    page.get_by_label("Fewest people behind any figure").fill("2")
    page.get_by_role("button", name="Begin").click()
    assert page.get_by_role("alert").is_visible()
    assert_fine(page, axe, "pulses-wrong")
    page.get_by_label("Fewest people behind any figure").fill("5")
    page.get_by_role("button", name="Begin").click()
    assert_fine(page, axe, "pulse-begun")
    page.get_by_role("button", name="Open the wave").click()
    page.get_by_label("Partner").select_option("elm")
    page.get_by_label("Group").select_option("managers")
    page.get_by_role("button", name="Make links to copy").click()
    assert page.get_by_role("alert").is_visible()
    assert_fine(page, axe, "pulse-wrong")
    page.get_by_label("How many people").fill("6")
    page.get_by_role("button", name="Make links to copy").click()
    links_ = page.get_by_label("Links, one a line").input_value().split()
    assert_fine(page, axe, "pulse-links")
    phone = chromium.new_context(viewport=PHONE)
    rater = phone.new_page()
    rater.goto(f"{links_[0]}?lang=es")
    rater.get_by_role("button", name="Enviar mis respuestas").click()
    assert_fine(rater, axe, "pulse-rater-wrong")
    rater.get_by_role("button", name="English").click()
    for group in rater.locator("fieldset").all():
        group.locator("label").nth(1).click()
    assert_fine(rater, axe, "pulse-rater-filled")
    rater.get_by_role("button", name="Send my answers").click()
    assert "Thank you" in rater.content()
    phone.close()
    asked = place.case.surveys.get().statements
    for n, link in enumerate(links_[1:]):
        answers.submit(token=link.rstrip("/").split("/")[-1], answers={(s, ""): 3 + n % 3 for s in asked})
    page.goto(f"{home}{place.url}surveys/pulse/")
    assert_fine(page, axe, "pulse-running")
    page.get_by_role("button", name="Close wave 1").click()
    assert_fine(page, axe, "pulse-closed")
    page.goto(relationship)
    assert "We do not know the trend" in page.inner_text("main")
    page.get_by_role("link", name="Open the next wave").click()
    page.get_by_role("button", name="Open the wave").click()
    for n, link in enumerate(links_):
        answers.submit(token=link.rstrip("/").split("/")[-1], answers={(s, ""): 1 + n % 3 for s in asked})
    page.get_by_role("button", name="Close wave 2").click()
    page.goto(relationship)
    assert "The pulse fell by" in page.inner_text("main")
    assert_fine(page, axe, "relationship-with-a-trend")
