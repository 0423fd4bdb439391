"""A region in a real browser, on a phone: from an uploaded table over the map to a case, with and without scripts."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLE = "code;town;people;latitude;longitude;fire_cost\n" + "".join(
    f"t{i};Town {i};{1000 + 450 * i};42,{50 + i};-72,{50 + i % 4};{150000 + 60000 * i}\n" for i in range(12)
)


@pytest.fixture
def open_page(live, chromium):
    from django.contrib.sessions.backends.db import SessionStore
    from workbench import people_and_case

    world, opened = people_and_case(), []
    session = SessionStore()
    session["_auth_user_id"] = str(world.alice.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = world.alice.get_session_auth_hash()
    session.save()

    def make(*, scripts=True):
        context = chromium.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=scripts)
        context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live.url}])
        opened.append(context)
        return context.new_page()

    yield make, live.url
    for context in opened:
        context.close()


def work():
    from interlocal.web.models import RegionRun
    from interlocal.web.scanning import run_region

    for waiting in RegionRun.objects.filter(status="waiting"):
        run_region.func(str(waiting.pk))


def test_a_table_becomes_a_map_and_a_candidate_a_case(open_page, axe, tmp_path):
    make, url = open_page
    page, found = make(), {}

    def look(name):
        violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if violations or wide > 320:
            found[name] = (violations, wide)

    table = tmp_path / "towns.csv"
    table.write_text(TABLE, encoding="utf-8")
    region = uploaded(page, url, table, look)
    for asks in ("tables", "group", "scan"):
        page.goto(f"{region}{asks}/")
        look(asks)
    page.click("main form button[type=submit]")
    look("under way")
    work()
    page.wait_for_url("**/map/", timeout=20_000)
    look("the map")
    run = page.url.removesuffix("map/")
    every = page.locator("table tbody tr").count()
    raised_by_keyboard(page, every)
    look("the map at the highest low end")
    page.goto(f"{run}map/")
    page.locator(".map a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/places/" in page.url
    look("a place")
    for screen in ("services", "curves", "data", "open/?candidate=1"):
        page.goto(f"{run}{screen}" if "?" in screen else f"{run}{screen}/")
        look(screen)
    opened_without_scripts(make(scripts=False), run, every)
    assert found == {}


def uploaded(page, url, table, look):
    """Upload a table, mend what was guessed of it, and return the address of the region."""
    page.goto(f"{url}/regions/")
    look("no regions yet")
    page.goto(f"{url}/regions/new/")
    look("a new one")
    page.set_input_files("#table", table)
    page.click("button:text-is('Upload')")
    assert "What the columns mean" in page.inner_text("h1")
    look("the mapping")
    page.click("button:text-is('Save and read the table')")
    assert page.is_visible("#errors")
    look("the mapping with errors")
    page.fill("#year", "2024")
    page.fill("#currency", "USD")
    page.click("button:text-is('Save and read the table')")
    assert "12 governments of 12 rows" in page.inner_text("main")
    look("the region")
    return page.url


def raised_by_keyboard(page, every):
    """Move the slider for the interval's lower end, and see fewer candidates at once."""
    with page.expect_response(lambda r: "low=" in r.url):
        page.locator("input[type=range]").focus()
        page.keyboard.press("End")
    page.wait_for_function("n => document.querySelectorAll('table tbody tr').length < n", arg=every)


def opened_without_scripts(page, run, every):
    page.goto(f"{run}map/")
    page.locator("input[type=range]").press("End")
    page.click("main form button[type=submit]")
    assert "low=" in page.url
    assert page.locator("table tbody tr").count() < every
    page.goto(f"{run}open/?candidate=1")
    page.click("button:text-is('Open as a case')")
    assert "/cases/" in page.url
    assert "The case is started" in page.inner_text("main")
