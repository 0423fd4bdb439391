"""Single sign-on as people use it: the real server by its settings, a provider on loopback, a real browser."""

import re

import pytest
from issuer import CLIENT, SECRET, Issuer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.shutdown()
    made.server_close()


def go(page, where):
    """Press what leads to another page, and wait for it through every server on the way."""
    with page.expect_navigation():
        page.click(where)


def told(log):
    """Return what a log says but for the numbers of requests, drawn by lot of letters that can spell a name."""
    return re.sub(r'"id": "[0-9a-f]{12}"', "", log.read_text())


def test_who_is_known_elsewhere_signs_in_and_nobody_uninvited_does(serve, issuer, chromium, axe, tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    url, log, _ = serve(
        INTERLOCAL_OIDC_URL=issuer.url,
        INTERLOCAL_OIDC_CLIENT_ID=CLIENT,
        INTERLOCAL_OIDC_CLIENT_SECRET_FILE=str(file),
        INTERLOCAL_OIDC_NAME="County sign-on",
    )
    link = re.search(r"/invitations/\S+", log.read_text()).group()
    issuer.person = {"sub": "ada-7", "email": "ada@example.org", "name": "Ada Alder"}

    def visitor():
        context = chromium.new_context(viewport={"width": 320, "height": 800})
        page = context.new_page()
        page.broken = []
        page.on("console", lambda m: page.broken.append(m.text) if m.type == "error" else None)
        return page

    def sound(page):
        assert [v["id"] for v in axe(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.locator("header.top").count() == page.locator("main h1").count() == 1
        assert [b for b in page.broken if "Content Security Policy" in b] == []

    def sign_in(page):
        page.goto(f"{url}/accounts/login/")
        sound(page)
        go(page, "text=County sign-on")
        sound(page)
        go(page, "main button")

    page = visitor()
    sign_in(page)
    sound(page)
    assert "invitation" in page.inner_text("main").lower()
    page.goto(f"{url}/cases/")
    assert "/accounts/login/" in page.url

    page.goto(url + link)
    sign_in(page)
    assert page.url == url + link
    go(page, "main button")
    page.goto(f"{url}/organisations/")
    go(page, "main a >> nth=0")
    assert "Ada Alder" in page.inner_text("main")
    page.goto(f"{url}/accounts/3rdparty/")
    sound(page)
    assert "County sign-on" in page.inner_text("main")

    again = visitor()
    sign_in(again)
    again.goto(f"{url}/cases/")
    assert "A joint police department" in again.inner_text("main")

    # The same address from the provider, but another person of it: an address alone opens nobody's account.
    issuer.person = {"sub": "mallory-1", "email": "ada@example.org", "name": "Ada Alder"}
    other = visitor()
    sign_in(other)
    other.goto(f"{url}/cases/")
    assert "/accounts/login/" in other.url

    assert issuer.refused == []
    assert all({"openid", "email"} <= set(asked["scope"].split()) for asked, _ in issuer.asked.values())
    assert not [secret for secret in (SECRET, "ada", "Ada", "mallory") if secret in told(log)]
    for each in (page, again, other):
        each.context.close()
