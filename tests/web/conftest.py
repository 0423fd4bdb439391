"""Django without a plugin: one database for the run, a rollback after each test, and the people of every test.

Alice owns the organisation whose case it is, Bob edits there, Rita rates, Vic reads; Charlie owns a partner
organisation; Fay facilitates; Sam is a stranger; the public has no account.
"""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import cluster
from workbench import people_and_case

FOLDER = Path(tempfile.mkdtemp(prefix="interlocal-web-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["INTERLOCAL_DATA"] = str(FOLDER)
# Playwright runs a loop in this thread, which Django takes for a program of coroutines.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interlocal.web.settings")


def _postgres():
    if cluster.binaries() is None:
        lacks = "needs PostgreSQL: apt-get install postgresql"
        if os.environ.get("INTERLOCAL_REQUIRE_POSTGRES"):
            pytest.exit(lacks, returncode=1)
        pytest.skip(lacks, allow_module_level=True)
    url, stop = cluster.start(FOLDER / "postgres", "fsync=off")
    atexit.register(stop)
    return url


if os.environ.get("INTERLOCAL_TEST_DATABASE") == "postgresql":
    os.environ["DATABASE_URL"] = _postgres()
else:
    os.environ.pop("DATABASE_URL", None)


@pytest.fixture(scope="session")
def database():
    import logging

    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = (
        None if "DATABASE_URL" in os.environ else str(FOLDER / "test.sqlite3")
    )
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    logging.getLogger("interlocal.request").setLevel(logging.ERROR)
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    from django.core.management import call_command

    old = setup_databases(verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    yield
    _end_other_sessions()
    teardown_databases(old, verbosity=0)


def _end_other_sessions():
    """A thread that answered a browser may still hold a connection, and PostgreSQL drops no database that is in use."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def db(database):
    """A database in which the test leaves nothing behind."""
    from django.core import mail
    from django.core.cache import cache
    from django.db import transaction

    mail.outbox.clear()
    with transaction.atomic():
        cache.clear()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(db):
    return people_and_case()


@pytest.fixture(params=("case", "agreement"))
def place(world, request):
    """The world, once with a case in it and once with an agreement: what holds for surveys holds in both."""
    from raters import asking, hosting

    return asking(world if request.param == "case" else hosting(world))


@pytest.fixture
def at(db):
    """Return the browser of a person; of the public for None."""
    from django.test import Client

    def client(person=None):
        made = Client(headers={"host": "127.0.0.1"})
        if person is not None:
            made.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client


@pytest.fixture
def save():
    """Send a form as the page shows it, with some fields changed; ``None`` leaves a field out."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.text, self.select = {}, None, None

        def handle_starttag(self, tag, attributes):
            a = dict(attributes)
            if tag == "input" and a.get("name"):
                if a.get("type") not in {"checkbox", "radio", "submit"}:
                    self.found.setdefault(a["name"], []).append(a.get("value") or "")
                elif "checked" in a:
                    self.found.setdefault(a["name"], []).append(a.get("value", "on"))
            elif tag == "textarea" and a.get("name"):
                self.text = a["name"]
                self.found[self.text] = [""]
            elif tag == "select":
                self.select = a.get("name")
            elif tag == "option" and self.select and "selected" in a:
                self.found[self.select] = [a.get("value", "")]

        def handle_data(self, data):
            if self.text:
                self.found[self.text][0] += data

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.text = None
            elif tag == "select":
                self.select = None

    def send(client, url, *, page=None, do="save", **changes):
        got = page or client.get(url)
        fields = Fields()
        # The side bar and header have forms of their own; a page's own is the one with its base revision.
        fields.feed(got.content.decode())
        entry = {k: v for k, v in fields.found.items() if k != "csrfmiddlewaretoken"}
        for name, value in changes.get("fields", {}).items():
            entry.pop(name, None) if value is None else entry.__setitem__(name, [value])
        return client.post(url, {**entry, "do": do})

    return send


class Live:
    def __init__(self, thread):
        self.url = f"http://{thread.host}:{thread.port}"


@pytest.fixture
def live(database):
    """A server in a thread, for a browser; everything is deleted afterwards."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connections
    from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

    class Thread(LiveServerThread):
        def _create_server(self, connections_override=None):  # noqa: ARG002 - its signature is Django's
            return self.server_class((self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=False)  # fmt: skip

    cache.clear()
    thread = Thread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield Live(thread)
    thread.terminate()
    call_command("flush", verbosity=0, interactive=False)
    connections.close_all()


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Start the server on a folder, with settings; return its address, its words and the process."""
    # What a test runs beside the server (a backup, a restore) means the same folder, whatever other tests run on.
    monkeypatch.delenv("DATABASE_URL", raising=False)
    started = []

    def start(data=None, **settings):
        data = data or tmp_path / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path / f"log-{port}"
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("INTERLOCAL_", "DATABASE_", "DJANGO_"))
        }
        environment |= {
            "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        command = [
            sys.executable,
            "-m",
            "interlocal",
            "serve",
            "--data",
            str(data),
            "--port",
            str(port),
            "--workers",
            "1",
        ]
        process = subprocess.Popen(
            command, stdout=log.open("w"), stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/health/", timeout=2).read()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        return url, log, process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
