"""Where the focus is, for people who work by keyboard or are read to: seen at every stop, never lost, first at what went wrong."""

import itertools
import json
import re

import pytest
import test_pages_in_a_browser
from keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.slow]
signed_in = test_pages_in_a_browser.signed_in
PASSWORD = "a long enough password"
HALF_MINUTE = 60_000_000
"""The clock of second factors stands still, so that no code runs out in the middle."""


@pytest.fixture
def alice(live, chromium):
    """Alice's browser on a workbench with a case."""
    from django.test import Client
    from workbench import people_and_case

    world, client = people_and_case(), Client()
    client.force_login(world.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = chromium.new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
    yield world, context.new_page(), live.url
    context.close()


# USWDS hides a box to tick and draws it, and its focus, before its label.
LOOK = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const drawn = one.matches('.usa-checkbox__input, .usa-radio__input') ? one.labels[0] : one;
  const style = getComputedStyle(drawn, drawn === one ? null : '::before');
  const box = drawn.getClientRects()[0];
  const middle = (low, high, end) => (Math.max(low, 0) + Math.min(high, end)) / 2;
  const found = box && document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  const wrong = [];
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) wrong.push('shows no focus');
  if (!found || !(drawn.contains(found) || found.contains(drawn))) wrong.push('is covered, or out of sight');
  if (one.tabIndex > 0) wrong.push('jumps the order of reading');
  return [one.outerHTML.slice(0, 120), wrong];
}"""


def stops(page):
    """Walk through a page by Tab; yield each stop with what is wrong about it."""
    for _ in range(600):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOK)
        if stop is None:
            return
        yield stop
    raise AssertionError(f"{page.url} has no end")


def test_every_stop_on_the_way_shows_the_focus_in_sight_and_in_order(signed_in):
    world, record, run, page, _, url = signed_in
    page.emulate_media(reduced_motion="reduce")
    case = f"/cases/{record.pk}/"
    kinds, found = set(), {}
    addresses = (
        case,
        f"{case}edit/options/1/",
        f"{case}edit/people/",
        f"{case}shares/",
        f"{case}statements/new/",
        f"{case}studies/{run.pk}/overview/",
        f"/organisations/{world.town.pk}/",
        "/tokens/",
        "/public/",
    )
    for width, address in itertools.product((320, 1280), addresses):
        page.set_viewport_size({"width": width, "height": 720})
        page.goto(url + address)
        page.evaluate("document.querySelectorAll('main details').forEach((d, i) => { d.open = i < 3 })")
        walked = list(stops(page))
        assert len(walked) > 3, address
        kinds |= {re.match(r"<(\w+)(?:[^>]*? type=\"(\w+)\")?", html).groups() for html, _ in walked}
        if wrong := [stop for stop in walked if stop[1]]:
            found[f"{address} at {width}"] = wrong
    assert found == {}, json.dumps(found, indent=1)
    met = {kind or tag for tag, kind in kinds}
    assert {"a", "submit", "text", "date", "range", "checkbox", "radio", "select", "textarea", "summary", "div"} <= met  # fmt: skip


def test_the_first_stop_skips_to_what_the_page_is_about(alice):
    world, page, url = alice
    page.goto(url + world.url)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def leads_to_the_field(page):
    """Assert that the summary has the focus, and that its first link leads to the field it speaks of."""
    # A browser gives the focus once it has drawn the page.
    page.wait_for_function("document.activeElement.id === 'errors'", timeout=5_000)
    page.keyboard.press("Tab")
    field = page.evaluate("document.activeElement.getAttribute('href')").removeprefix("#")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == field
    assert page.evaluate("document.activeElement.matches('input, select, textarea, fieldset')")


def test_after_an_error_the_summary_has_the_focus_and_its_links_lead_to_the_fields(alice, chromium):
    from raters import links, opened

    world, page, url = alice
    page.goto(f"{url}/cases/new/")
    page.click("text=Start from nothing >> nth=-1")
    leads_to_the_field(page)
    page.goto(f"{url}{world.url}edit/spending/")
    page.evaluate("document.querySelector('details.row').open = true")
    page.fill("[id='0.amount']", "a lot")
    page.click("button[value=save]:not([aria-hidden])")
    leads_to_the_field(page)
    visitor = chromium.new_context().new_page()
    visitor.goto(f"{url}/accounts/signup/")
    visitor.goto(f"{url}/accounts/login/")
    visitor.fill("#id_login", "nobody")
    visitor.evaluate("document.querySelector('main form').noValidate = true")
    visitor.click("main button")
    leads_to_the_field(visitor)
    token, *_ = links(world, opened(world), 6)
    visitor.goto(f"{url}/answer/{token}/")
    visitor.locator("main button[type=submit]").last.click()
    leads_to_the_field(visitor)
    visitor.context.close()


def test_what_comes_anew_by_itself_leaves_the_focus_where_it_was(alice):
    from interlocal.web.actions import studies

    world, page, url = alice
    page.goto(f"{url}{world.url}shares/")
    slider = page.locator("main input[type=range]").last
    slider.focus()
    said = page.locator(f"#{slider.get_attribute('id')}-says")
    before = said.inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("([id, was]) => document.getElementById(id).textContent !== was", arg=[said.get_attribute("id"), before])  # fmt: skip
    assert slider.evaluate("e => e === document.activeElement")
    run = studies.ask_for_study(revision=world.case.head, audience="partners", by=world.alice, draws=200)
    page.goto(f"{url}{world.url}studies/{run.pk}/")
    for focused in ("#again", "#cancel"):
        page.focus(focused)
        page.evaluate("document.activeElement.isOld = true")
        page.wait_for_function("s => document.querySelector(s).isOld !== true", arg=focused)
        assert page.evaluate("s => document.activeElement.matches(s)", focused)


def test_a_second_factor_is_set_up_and_used_by_keyboard(live, browser_page, monkeypatch):
    from allauth.mfa.totp.internal import auth
    from django.core.cache import cache
    from workbench import people_and_case

    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([HALF_MINUTE]))
    people_and_case()
    page, keys = browser_page, Keyboard(browser_page)

    def sign_in():
        page.goto(f"{live.url}/accounts/login/")
        keys.to("#id_login").type("alice@example.org").to("#id_password").type(PASSWORD).enter()

    sign_in()
    keys.to("header a[href='/accounts/2fa/']").enter()
    keys.to("main a[href$='/totp/activate/']").enter()
    keys.to("#id_password").type(PASSWORD).enter()
    keys.to("#id_code").type("000000").enter()
    leads_to_the_field(page)
    page.goto(page.url)
    secret = page.input_value("#authenticator_secret")
    code = auth.format_hotp_value(auth.hotp_value(secret, HALF_MINUTE))
    keys.to("#id_code").type(code).enter()
    assert "Recovery Codes" in page.inner_text("main h1")
    keys.to("header button").enter()
    cache.clear()  # as if the code's half minute were over
    sign_in()
    assert "/accounts/2fa/authenticate/" in page.url
    keys.to("#id_code").type(code).enter()
    assert page.inner_text("h1") == "Cases"
