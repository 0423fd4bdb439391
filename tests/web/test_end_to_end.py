"""The whole path in a real browser: from the first link to the packet by keyboard, and with scripts off."""

import zipfile

import pytest
from keyboard import Keyboard
from workbench import run_waiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long enough password"


@pytest.fixture
def link(live):
    from interlocal.web.actions import people

    town = people.start_organisation(name="Alder", owner=None)
    return f"{live.url}/invitations/{people.invite(role='owner', by=None, organisation=town)}/"


def test_from_the_first_link_to_the_packet_by_keyboard(link, browser_page):
    page, keys = browser_page, Keyboard(browser_page)
    page.goto(link)
    keys.to("main a[href='/accounts/signup/']").enter()
    keys.to("#id_name").type("Alice").to("#id_email").type("alice@example.org")
    keys.to("#id_password1").type(PASSWORD).enter()
    keys.to("main button").enter()
    keys.to("main a[href='/cases/new/']").enter()
    keys.to("#title").type("One office for both").to("#service")
    page.keyboard.type("Building")
    keys.to("#partners").type("Alder Falls\nBirch Hollow").to("button").enter()
    assert page.inner_text("h1") == "One office for both"
    keys.to("#today a[href$='/edit/spending/']").enter()
    keys.to("button[value='add:']").enter()
    keys.to("select[id='0.partner']").page.keyboard.type("Alder")
    keys.to("[id='0.year']").type("2025").to("[id='0.amount']").type("160-180k").enter()
    assert "Saved as revision 2" in page.inner_text("main")
    assert "between 160,000 and 180,000" in page.text_content("main")
    keys.to(".side a[href$='/studies/']").enter()
    keys.to("main button").enter()
    run_waiting()
    page.wait_for_url("**/overview/", timeout=20_000)
    assert "What to do or collect next" in page.inner_text("main")
    keys.to("main a[href$='/packet/']").enter()
    assert page.inner_text("h1") == "The packet"
    keys.to("main button").enter()
    make_waiting_packets()
    keys.to("main p[role=status] a").enter()
    keys.to("main a[href$='/packet.zip']")
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    with zipfile.ZipFile(got.value.path()) as packet:
        papers = [packet.read(n) for n in packet.namelist() if n.endswith(".pdf")]
    assert papers
    assert all(p.startswith(b"%PDF") for p in papers)


def make_waiting_packets():
    from interlocal.web.models import Packet
    from interlocal.web.tasks import make_packet

    for held in Packet.objects.filter(files=None):
        make_packet.func(held.pk)


def test_every_step_works_with_scripts_off(link, chromium):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(link)
    page.click("text=Make an account")
    page.fill("#id_name", "Alice")
    page.fill("#id_email", "alice@example.org")
    page.fill("#id_password1", PASSWORD)
    page.click("main button")
    page.click("main button")
    page.click("text=Start a case")
    page.select_option("#example", "starter")
    page.click("text=Start from the example")
    case = page.url
    page.goto(f"{case}edit/options/0/formula/")
    page.select_option("[id='rule.kind']", "two_part")
    page.click("text=Show the fields of this kind >> nth=0")
    page.fill("[id='rule.readiness_share']", "30 %")
    page.select_option("[id='rule.use_by']", "population")
    page.click("button:text-is('Save'):visible >> nth=-1")
    assert "Saved as revision 2" in page.text_content("main")
    page.goto(f"{case}shares/")
    page.fill("[id='floor_alder_falls']", "40000")
    page.click("text=Work it out")
    assert "Tried here" in page.text_content("main")
    page.goto(f"{case}studies/")
    page.click("main button")
    run_waiting()
    page.click("text=Look again")
    assert page.url.endswith("/overview/")
    context.close()


def test_two_partners_in_conflict_see_both_versions(link, live, chromium, axe):
    from workbench import people_and_case

    world = people_and_case()
    pages = []
    for person in (world.alice, world.charlie):
        person.set_password(PASSWORD)
        person.save()
        page = chromium.new_context().new_page()
        page.goto(f"{live.url}/accounts/login/")
        page.fill("#id_login", person.email)
        page.fill("#id_password", PASSWORD)
        page.click("main button")
        page.goto(f"{live.url}{world.url}edit/about/")
        pages.append(page)
    for page, title in zip(pages, ("Alice’s words", "Charlie’s words"), strict=True):
        page.fill("#title", title)
        page.click("button[value=save]:not([aria-hidden])")
    late = pages[1]
    assert "Two changes meet" in late.inner_text("h1")
    assert "Alice’s words" in late.inner_text("main")
    assert "Charlie’s words" in late.inner_text("main")
    assert [v["id"] for v in axe(late)] == []
    late.click("button[value=mine]")
    assert late.input_value("#title") == "Charlie’s words"
    for page in pages:
        page.context.close()
