"""``interlocal serve``, ``backup`` and ``restore`` as an operator runs them; and a kill in the middle of work."""

import os
import re
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.request
from contextlib import closing
from http.client import HTTPException

import pytest


class Browser:
    """A session with cookies, enough for forms."""

    def __init__(self, url):
        from http.cookiejar import CookieJar

        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        self.opener.addheaders = [("Referer", self.url)]
        with self.opener.open(self.url + path, timeout=30) as answer:
            self.at, self.page = answer.url, answer.read().decode()
        return self.page

    def post(self, path, **fields):
        from urllib.parse import urlencode

        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page).group(1)
        data = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.opener.open(self.url + path, data, timeout=30) as answer:
            self.at, self.page = answer.url, answer.read().decode()
        return self.page


def first_account(url, log):
    link = re.search(r"/invitations/\S+", log.read_text()).group()
    alice = Browser(url)
    assert "You are invited" in alice.get(link)
    alice.get("/accounts/signup/")
    alice.post(
        "/accounts/signup/", name="Alice", email="alice@example.org", password1="a long enough password"
    )
    assert alice.at == url + link
    alice.post(link)
    return alice


@pytest.mark.slow
def test_a_newcomer_opens_the_link_finds_the_example_and_studies_it(serve, run_cli, tmp_path):
    url, log, process = serve()
    alice = first_account(url, log)
    page = alice.get("/cases/")
    case = re.search(r"/cases/[0-9a-f-]{36}/", page).group()
    assert "A joint police department" in page
    alice.get(f"{case}studies/")
    alice.post(f"{case}studies/", audience="partners", draws="2000")
    for _ in range(600):
        alice.get(alice.at.removeprefix(url))
        if "/overview/" in alice.at:
            break
        assert "failed" not in alice.page.lower(), alice.page
        time.sleep(0.1)
    assert "What to do or collect next" in alice.page
    token = re.search(r"/invitations/(\S+)/\n", log.read_text()).group(1)
    assert log.read_text().count(token) == 1  # told to the operator, and never again
    assert "alice" not in log.read_text().lower()

    file = tmp_path / "copy.backup"
    assert run_cli("backup", file, "--data", tmp_path / "data").code == 0
    alice.get(f"{case}edit/about/")
    alice.post(
        f"{case}edit/about/",
        title="Lost with the restore",
        as_of="2025-03-03",
        currency="USD",
        base="1",
        do="save",
    )
    assert "Lost with the restore" in alice.get("/cases/")
    running = run_cli("restore", file, "--data", tmp_path / "data", "--replace")
    assert running.code == 1
    assert "Stop the server" in running.stderr
    process.terminate()
    assert process.wait(30) == 0
    assert "--replace" in run_cli("restore", file, "--data", tmp_path / "data").stderr
    ran = run_cli("restore", file, "--data", tmp_path / "data", "--replace")
    assert ran.code == 0, ran.stderr
    others = 0o077
    assert [p.name for p in (tmp_path / "data").glob("*.sqlite3*") if p.stat().st_mode & others] == []
    url, log, _ = serve()
    assert "Make the first account" not in log.read_text()
    again = Browser(url)
    again.get("/accounts/login/")
    again.post("/accounts/login/", login="alice@example.org", password="a long enough password")
    assert "A joint police department" in again.get("/cases/")


@pytest.mark.slow
def test_a_kill_in_the_middle_of_saves_and_studies_loses_nothing_acknowledged(serve, tmp_path):
    url, log, process = serve()
    alice = first_account(url, log)
    case = re.search(r"/cases/[0-9a-f-]{36}/", alice.get("/cases/")).group()
    alice.get(f"{case}studies/")
    alice.post(f"{case}studies/", audience="partners", draws="10000")
    run = alice.at.removeprefix(url)
    acknowledged = []

    def state():
        """How the study stands, and how often it was begun."""
        with closing(sqlite3.connect(tmp_path / "data/interlocal.sqlite3", timeout=20)) as opened:
            return opened.execute("SELECT status, starts FROM web_studyrun").fetchone()

    def save_and_save():
        """Save without a pause until the server is gone, and note what it said was saved."""
        for i in range(1, 100_000):
            try:
                alice.get(f"{case}edit/about/")
                said = alice.post(
                    f"{case}edit/about/",
                    title=f"Save number {i}",
                    as_of="2025-03-03",
                    currency="USD",
                    base=str(i),
                    do="save",
                )
            except (OSError, HTTPException):
                return
            if f"Saved as revision {i + 1}" in said:
                acknowledged.append(i)

    saving = threading.Thread(target=save_and_save)
    saving.start()
    while (len(acknowledged) < 3 or state()[0] == "waiting") and saving.is_alive():
        time.sleep(0.01)
    assert state() == ("running", 1)
    subprocess.run(["pkill", "-KILL", "-P", str(process.pid)], check=True)  # its children, by our own process
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    saving.join(40)
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    assert len(acknowledged) >= 3
    url, log, _ = serve()
    again = Browser(url)
    again.get("/accounts/login/")
    again.post("/accounts/login/", login="alice@example.org", password="a long enough password")
    # A save that was under way stands whole or not at all; its answer never came.
    found = re.search(r"<h1>Save number (\d+)</h1>", again.get(case))
    assert int(found.group(1)) - len(acknowledged) in {0, 1}
    history = again.get(f"{case}history/")
    assert all(f"Study revision {i + 1}" in history for i in acknowledged)
    for _ in range(1500):
        again.get(run)
        if "/overview/" in again.at:
            break
        assert "Failed" not in again.page, again.page
        time.sleep(0.1)
    assert state() == ("done", 2), again.page


def test_serve_refuses_an_unsafe_setting_in_words(run_cli, tmp_path):
    ran = run_cli("serve", "--data", tmp_path, env={"INTERLOCAL_URL": "http://sharing.example.gov"})
    assert ran.code == 1
    assert "INTERLOCAL_URL" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.glob("*.sqlite3")) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "no such file"), (b"hello", "something else"), (b"SQLite format 3\x00" + b"x" * 5000, "backup")],
)
def test_restore_refuses_what_is_no_backup(run_cli, tmp_path, content, says):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    ran = run_cli("restore", file, "--data", tmp_path / "data")
    assert ran.code == 1
    assert says in ran.stderr
    assert not (tmp_path / "data" / "interlocal.sqlite3").exists()


def test_backup_never_overwrites(run_cli, tmp_path):
    (tmp_path / "there").write_text("x")
    ran = run_cli("backup", tmp_path / "there", "--data", tmp_path)
    assert ran.code == 1
    assert "already" in ran.stderr
