"""The life of an agreement as people meet it: no axe violation, nothing scrolls sideways at 320 px, and a walk by hand."""

import pytest
from running import put

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def bob(live, chromium):
    """An editor's browser of the width of a phone."""
    from django.contrib.sessions.backends.db import SessionStore
    from workbench import people_and_case

    world = people_and_case()
    session = SessionStore()
    session["_auth_user_id"] = str(world.bob.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = world.bob.get_session_auth_hash()
    session.save()
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live.url}])
    yield world, context.new_page(), live.url
    context.close()


def test_every_page_and_step_is_accessible_empty_filled_and_with_errors(bob, axe):
    from interlocal.web.moves import MOVES

    world, page, url = bob
    records = [{"id": "cost", "kind": "cost", "organisation": "elm", "year": 2025, "value": 412000}]
    ending = {"on": "2026-01-31", "why": ["cost"], "assets": [{"id": "van", "name": "Van", "value": 9000}]}
    empty, full = put(world, life={}), put(world, records=records, ending=ending)
    screens = ("", "rhythm/", "relationship/", "victories/", "endings/", "figures/", "renewal/")
    addresses = [f"/agreements/{a.pk}/{s}" for a in (empty, full) for s in screens]
    addresses += [f"/agreements/{empty.pk}/do/{m.id}/" for m in MOVES.values() if not m.changes]
    changes = ("done/key", "moved/key", "issue-closed/slow", "reached/room", "post-changed/chief", "certify/cost")  # fmt: skip
    addresses += [f"/agreements/{full.pk}/do/{c}/" for c in changes]
    found = {}
    for address in [*addresses, "/agreements/learned/"]:
        page.goto(url + address)
        looked(page, axe, address, found)
        if address.split("/do/")[-1] in {"action/", "attempt/", "end/", "record/", "certify/cost/"}:
            page.locator("main form button[type=submit]").last.click()
            page.wait_for_load_state()
            looked(page, axe, f"{address} sent", found)
    assert found == {}


def looked(page, axe, address, found):
    wide = page.evaluate("document.documentElement.scrollWidth")
    violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in axe(page)]
    if violations or wide > 320:
        found[address] = (violations, wide)


def test_a_meeting_is_recorded_and_a_victory_told_by_hand(bob):
    world, page, url = bob
    record = put(world)
    page.goto(f"{url}/agreements/{record.pk}/rhythm/")
    page.click("text=Record a check-in")
    page.click("label[for='attended-alder']")
    page.fill("#decided", "Buy one radio")
    page.click("main form button[type=submit]")
    assert "Decided: Buy one radio" in page.inner_text("main")
    page.click("text=Mark as done")
    page.click("main form button[type=submit]")
    assert "Nothing is open" in page.inner_text("main")
    page.goto(f"{url}/agreements/{record.pk}/victories/")
    page.click("text=It is reached")
    page.fill("#text", "One call room answers for all seven towns")
    page.click("main form button[type=submit]")
    assert "Told to nobody yet" in page.inner_text("main")
    page.click("text=Tell it")
    assert page.input_value("#milestone") == "room"
    page.fill("#to", "The town meeting")
    page.click("main form button[type=submit]")
    assert "Told to The town meeting" in page.inner_text("main")
