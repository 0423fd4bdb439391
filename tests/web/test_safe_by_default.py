"""What every answer carries for safety, and what a server for others asks of browsers, proxies and visitors."""

import json
import os
import subprocess
import sys

import pytest

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def every_kind(world, at, monkeypatch):
    """An answer of every kind that the workbench gives, by what it is."""
    from django.test import Client

    from interlocal.web.actions.tokens import make_token
    from interlocal.web.views import home

    alice, public = at(world.alice), at()
    token = make_token(person=world.alice, name="x", scopes=["read"])
    bearer = {"authorization": f"Bearer {token}"}
    alice.post("/agreements/new/", {"from": "nothing", "title": "Dispatch", "parties": "A\nB", "starts": "2026-07-01"})  # fmt: skip
    found = {
        "page": alice.get(world.url),
        "form with errors": alice.post("/cases/new/", {"from": "file"}),
        "redirect": alice.get("/"),
        "welcome": public.get("/"),
        "sign in": public.get("/accounts/login/"),
        "survey link of no use": public.get("/answer/x/"),
        "public list": public.get("/public/"),
        "file": alice.get(f"{world.url}download/"),
        "table": alice.get(f"{world.url}audit/?as=csv"),
        "table of agreements": alice.get("/agreements/pairs.csv"),
        "part of a page": alice.get(f"{world.url}shares/", headers={"hx-request": "true"}),
        "interface": public.get("/api/v1/cases", headers=bearer),
        "interface, not allowed": public.get("/api/v1/cases"),
        "interface, nothing there": public.get(
            "/api/v1/cases/00000000-0000-4000-8000-000000000000", headers=bearer
        ),
        "description": public.get("/api/v1/openapi.json"),
        "health": public.get("/health/"),
        "metrics": public.get("/metrics/"),
        "metrics from elsewhere": public.get("/metrics/", REMOTE_ADDR="192.0.2.1"),
        "not found": alice.get("/nowhere/"),
        "not allowed": at(world.vic).post(f"{world.url}edit/about/", {}),
        "too much": alice.post("/tokens/", {f"f{i}": "" for i in range(20_100)}),
        "forged": _forging(world).post("/tokens/", {"name": "x"}),
        "another host": Client(headers={"host": "evil.example"}).get("/"),
    }
    monkeypatch.setattr(home.connection, "cursor", _fails)
    careless = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    found["fault"] = careless.get("/health/")
    return found


def _forging(world):
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    client.force_login(world.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _fails():
    raise RuntimeError("alice@example.org")


def test_every_answer_forbids_scripts_from_elsewhere_frames_and_guesses_of_its_kind(every_kind):
    codes = {name: answer.status_code for name, answer in every_kind.items()}
    assert codes["fault"] == 500
    assert codes["forged"] == codes["not allowed"] == 403
    assert codes["another host"] == 400
    assert codes["too much"] == 413
    assert codes["metrics from elsewhere"] == 404
    for name, answer in every_kind.items():
        assert answer["Content-Security-Policy"] == STRICT, name
        kept = {"public", "max-age=60"} if name == "public list" else {"private", "no-store"}
        assert kept <= set(answer["Cache-Control"].split(", ")), name
        assert "X-Request-Id" in answer, name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        stricter = name in {"survey link of no use", "public list"}
        assert answer["Referrer-Policy"] == ("no-referrer" if stricter else "same-origin"), name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name
        if name != "another host":
            assert answer["X-Frame-Options"] == "DENY", name
        page = answer.getvalue().decode()
        if answer["Content-Type"].startswith("text/html"):
            assert "<script>" not in page, name
            assert "<style" not in page, name
            assert " style=" not in page, name
            assert " onclick=" not in page, name
        assert "alice@example.org" not in page, name


def test_an_error_says_what_to_do_in_our_own_layout(every_kind):
    for name in ("too much", "forged", "not found", "not allowed"):
        page = every_kind[name].content.decode()
        assert "<main" in page, name
        assert "<h1>" in page, name
        assert "interlocal.css" in page, name


SERVER = """
import json, django
django.setup()
from django.core.management import call_command
from django.core.checks import run_checks
call_command("migrate", verbosity=0); call_command("createcachetable", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
from django.templatetags.static import static
from django.test import Client
from interlocal.web.models import Person
Person.objects.create_user("alice@example.org", "a long enough password", name="Alice")
said = lambda a: {"status": a.status_code, **{k.lower(): v for k, v in a.headers.items()},
                  "cookies": {k: {x: v[x] for x in ("secure", "httponly", "samesite", "domain", "max-age")} for k, v in a.cookies.items()}}
def client(host="sharing.example.gov", **more):
    return Client(headers={"host": host, **more})
found = {"plain": said(client().get("/accounts/login/"))}
there = client()
found["form"] = said(there.get("/accounts/login/", secure=True))
found["in"] = said(there.post("/accounts/login/", {"login": "alice@example.org", "password": "a long enough password"}, secure=True))
for host in ("evil.example", "localhost", "127.0.0.1", "sharing.example.gov.evil.example", "sharing.example.gov:99", "*"):
    found[host] = said(client(host).get("/accounts/login/", secure=True))
found["health"], found["metrics"] = (said(client("127.0.0.1:8000").get(p)) for p in ("/health/", "/metrics/"))
outside = client("127.0.0.1", **{"x-forwarded-for": "192.0.2.1"})
found["health from outside"], found["metrics from outside"] = (said(outside.get(p)) for p in ("/health/", "/metrics/"))
found["static"] = said(client().get(static("web/interlocal.css"), secure=True))
forging = Client(headers={"host": "sharing.example.gov", "origin": "https://evil.example"}, enforce_csrf_checks=True)
found["another site"] = said(forging.post("/accounts/login/", {"login": "a"}, secure=True))
found["checks"] = [str(m.id) for m in run_checks(include_deployment_checks=True)]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What a server for others answers: its settings are those of an operator, its database an empty one."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INTERLOCAL_", "DATABASE_", "DJANGO_"))}
    said = {
        "INTERLOCAL_URL": "https://sharing.example.gov",
        "INTERLOCAL_PROXIES": "1",
        "INTERLOCAL_DATA": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "interlocal.web.settings",
    }
    done = subprocess.run([sys.executable, "-c", SERVER], env=kept | said, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_a_server_for_others_speaks_tls_alone(production):
    assert production["plain"]["status"] == 301
    assert production["plain"]["location"] == "https://sharing.example.gov/accounts/login/"
    assert production["form"]["strict-transport-security"] == "max-age=31536000"


@pytest.mark.slow
def test_a_monitor_on_the_machine_itself_asks_without_name_or_certificate(production):
    assert production["health"]["status"] == production["metrics"]["status"] == 200
    assert production["health from outside"]["status"] == production["metrics from outside"]["status"] == 400


@pytest.mark.slow
def test_its_cookies_go_over_tls_to_this_site_alone_and_to_no_script(production):
    cookies = production["form"]["cookies"] | production["in"]["cookies"]
    assert production["in"]["status"] == 302
    assert set(cookies) >= {"csrftoken", "sessionid"}
    for name, flags in cookies.items():
        assert flags["secure"], name
        assert flags["httponly"], name
        assert flags["samesite"] == "Lax", name
        assert flags["domain"] == "", name
    assert cookies["sessionid"]["max-age"] in {"", 43_200}


@pytest.mark.slow
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "127.0.0.1", "sharing.example.gov.evil.example", "*"]
)
def test_it_answers_to_its_own_name_alone(production, host):
    assert production[host]["status"] == 400


@pytest.mark.slow
def test_a_form_from_another_site_is_refused(production):
    assert production["another site"]["status"] == 403


@pytest.mark.slow
def test_files_that_never_change_are_kept_and_as_safe(production):
    assert production["static"]["status"] == 200
    assert "immutable" in production["static"]["cache-control"]
    assert production["static"]["content-security-policy"] == STRICT
    assert production["static"]["x-content-type-options"] == "nosniff"


@pytest.mark.slow
def test_djangos_own_checks_for_a_server_find_two_things_left_to_the_operator(production):
    # Subdomains and preload lists concern other servers of the same domain, which are not ours to decide about.
    assert production["checks"] == ["security.W005", "security.W021"]


def test_a_cookie_of_this_machine_alone_needs_no_certificate(world, at):
    from django.conf import settings

    assert settings.ENVIRONMENT.is_local
    assert not settings.SESSION_COOKIE_SECURE
    assert settings.SESSION_COOKIE_HTTPONLY
