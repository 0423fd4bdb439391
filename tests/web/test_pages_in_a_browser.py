"""Pages as people meet them: axe finds nothing, nothing scrolls sideways at 320 px, nothing breaks the policy."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VISITORS = ("/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/invitations/none/")


@pytest.fixture
def signed_in(live, chromium):
    """Alice's browser on a workbench with an example and its study."""
    from django.contrib.sessions.backends.db import SessionStore
    from workbench import people_and_case, run_waiting

    from interlocal.web import beginnings, examples
    from interlocal.web.actions import cases, studies
    from interlocal.web.actions.comparisons import ask_for_comparison

    world = people_and_case()
    record = cases.start_case(
        case=examples.case("juniper-valley"), organisation=world.town, by=world.alice, about="x"
    )
    run = studies.ask_for_study(revision=record.head, audience="partners", by=world.alice, draws=200)
    run_waiting()
    one, other = [o.id for o in run.studied.options if o.kind != "do_nothing"][:2]
    ask_for_comparison(first=run, second=run, first_option=one, second_option=other, by=world.alice)
    run_waiting()
    cases.start_agreements(
        agreements=[beginnings.example()[0]], organisation=world.town, by=world.alice, about="x"
    )
    session = SessionStore()
    session["_auth_user_id"] = str(world.alice.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = world.alice.get_session_auth_hash()
    session.save()
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live.url}])
    page = context.new_page()
    broken = []
    page.on("console", lambda m: broken.append(m.text) if m.type == "error" else None)
    yield world, record, run, page, broken, live.url
    context.close()


def addresses(world, record, run):
    from interlocal.web.guide import PATH
    from interlocal.web.results import SCREENS

    case, empty = f"/cases/{record.pk}/", world.url
    yield from (
        "/cases/",
        "/cases/new/",
        "/organisations/",
        f"/organisations/{world.town.pk}/",
        f"/organisations/{world.town.pk}/audit/",
        "/accessibility/",
    )
    yield from (
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/logout/",
        "/tokens/",
        "/accounts/2fa/totp/activate/",
    )
    for base in (case, empty):
        yield from (
            base + p
            for p in (
                "",
                "people/",
                "history/",
                "history/difference/",
                "studies/",
                "shares/",
                "compare/",
                "audit/",
                "statements/",
                "statements/new/",
                "comments/",
                "comments/?on=case/options",
                "decisions/",
            )
        )
        yield from dict.fromkeys(f"{base}edit/{p.path}/" for s in PATH for p in s.pages)
    yield from (
        f"{case}edit/{p}/"
        for p in (
            "options/1",
            "options/1/lines",
            "options/1/formula",
            "partners/0",
            "plan/tasks",
            "assumptions/escalators",
        )
    )
    yield from (f"{case}studies/{run.pk}/{s}/" for s in SCREENS)
    yield f"{case}studies/{run.pk}/packet/"
    yield f"{case}compare/{record.comparisons.get().pk}/"
    yield from of_agreements(record.organisation)
    yield "/nowhere/"


def of_agreements(home):
    """Every page that is found by an agreement alone, and those of its path."""
    from django.urls import get_resolver, reverse

    from interlocal.web.guide import AGREEMENT
    from interlocal.web.models import AgreementRecord

    yield "/directory/"
    yield from (f"/agreements/{p}" for p in ("", "new/", "reminders/", "learned/"))
    for agreement in AgreementRecord.objects.filter(organisation=home):
        for view in get_resolver().url_patterns:
            if set(getattr(view, "pattern", None).converters) == {"agreement"} and shows_a_page(view):
                yield reverse(view.name, args=[agreement.pk])
        yield from (f"/agreements/{agreement.pk}/edit/{p.path}/" for s in AGREEMENT for p in s.pages)
        held = agreement.head.partnership
        for year in [y.year for y in held.years][:1]:
            yield f"/agreements/{agreement.pk}/money/{year}/again/"
            yield f"/agreements/{agreement.pk}/money/{year}/{held.members()[0]}/"
            yield f"/agreements/{agreement.pk}/money/leaving/?who={held.members()[0]}&on=2027-01-01"
            yield f"/agreements/{agreement.pk}/money/leaving/?who=nobody&on=soon"
            yield f"/agreements/{agreement.pk}/money/joining/?name=&since=soon&year={year}"


def shows_a_page(view):
    """Whether a view shows something: it is no act that takes what a form sends, and gives no file."""
    from django.test import RequestFactory

    named = str(view.pattern)
    if view.name.endswith(("_download", "_file")) or named.endswith(
        (".csv", ".ics", ".json", ".pdf", ".xlsx", ".xml")
    ):
        return False
    try:
        return view.callback(RequestFactory().get("/")).status_code != 405
    except (TypeError, AttributeError):
        return True  # It asks for an id, or who is signed in, before it would refuse.


def test_no_page_has_an_axe_violation_or_scrolls_sideways_on_a_phone(signed_in, axe):
    world, record, run, page, broken, url = signed_in
    found = {}
    for address in addresses(world, record, run):
        page.goto(url + address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in axe(page)]
        policy = [b for b in broken if "Content Security Policy" in b]
        broken.clear()
        if violations or wide > 320 or policy:
            found[address] = (violations, wide, policy)
    assert found == {}


def test_a_page_with_errors_has_no_axe_violation_and_its_summary_leads_to_the_field(signed_in, axe):
    world, _, _, page, _, url = signed_in
    page.goto(f"{url}{world.url}edit/spending/")
    page.fill("[id='0.amount']", "a lot") if page.is_visible("[id='0.amount']") else page.evaluate(
        "document.querySelector('details.row').open = true"
    )
    page.fill("[id='0.amount']", "a lot")
    page.click("button[value=save]:not([aria-hidden])")
    assert [v["id"] for v in axe(page)] == []
    page.click("#errors a")
    assert page.evaluate("location.hash") == "#0.amount"
    page.goto(f"{url}/cases/new/")
    page.click("text=Start from nothing >> nth=-1")
    assert page.is_visible("#errors")
    assert [v["id"] for v in axe(page)] == []


def test_pages_for_visitors_have_no_axe_violation(live, chromium, axe, database):
    from interlocal.web.actions import people

    town = people.start_organisation(name="Alder", owner=None)
    token = people.invite(role="owner", by=None, organisation=town)
    context = chromium.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=True)
    page = context.new_page()
    found = {}
    for address in (*VISITORS, f"/invitations/{token}/"):
        page.goto(live.url + address)
        violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in axe(page)]
        if violations or page.evaluate("document.documentElement.scrollWidth") > 320:
            found[address] = violations
    context.close()
    assert found == {}


def test_a_page_weighs_less_than_200_kb_beside_fonts(signed_in):
    import gzip
    import urllib.request

    _, record, run, page, _, url = signed_in
    sizes = {}
    page.on("response", lambda r: sizes.__setitem__(r.url, r))
    page.goto(f"{url}/cases/{record.pk}/studies/{run.pk}/overview/")
    bodies = [r.body() for u, r in list(sizes.items()) if "/fonts/" not in u]
    assert sum(len(gzip.compress(b)) for b in bodies) < 200_000
    assert urllib.request.urlopen(f"{url}/health/").status == 200
