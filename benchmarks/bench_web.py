"""Fifty people at work in the workbench at once: the real server on loopback, on SQLite and on PostgreSQL.

Each person reads, edits, saves, meets conflicts and asks for studies, with the pause of somebody who reads in between;
a second round has everybody in a hurry. Afterwards every save that was acknowledged has to be found as a revision.
"""

import gzip
import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "web"))
import cluster

PEOPLE, CASES = 50, 10
SECONDS = 30
"""Length of a round."""
ROUNDS = {
    "at work: a page every 5 s for each": (2, 8),
    "in a hurry: a page every second for each": (0.5, 1.5),
}
"""Seconds that a person looks at a page, even. People who read and write take longer than the first."""
MOVES = 100
GOAL = 150
WEIGHTS = {"cases": 8, "overview": 22, "results": 25, "edit": 20, "history": 5, "save": 14, "conflict": 5, "study": 1}  # fmt: skip
SLOW_PHONE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}  # fmt: skip
"""Slow 4G as Lighthouse has it: 150 ms there and back, 1.6 Mbit/s."""


def run():
    lines = ["## Web", "", f"{PEOPLE} people at once, {CASES} cases, `interlocal serve --workers 2` and its clients on the same {os.cpu_count()} processors.", ""]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="interlocal-bench-") as folder:
        lines += one_database("SQLite", Path(folder) / "sqlite", {})
        if cluster.binaries() is None:
            return "\n".join([*lines, "PostgreSQL is not installed."])
        url, stop = cluster.start(Path(folder) / "postgres")
        try:
            lines += one_database("PostgreSQL", Path(folder) / "data", {"DATABASE_URL": url})
        finally:
            stop()
    return "\n".join(lines)


def one_database(name, data, database):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("INTERLOCAL_", "DATABASE_", "DJANGO_"))}  # fmt: skip
    environment |= {"PYTHONPATH": str(ROOT / "src"), "INTERLOCAL_DATA": str(data), **database}
    command = [sys.executable, "-m", "interlocal", "serve", "--port", str(port), "--data", str(data)]
    with (data.parent / f"{name}.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        await_health(port)
        made = subprocess.run([sys.executable, __file__, "prepare"], env=environment, capture_output=True, text=True, check=True)  # fmt: skip
        world = json.loads(made.stdout.splitlines()[-1])
        lines = [f"### {name}", ""]
        for title, pause in ROUNDS.items():
            crowd = Crowd(port, world, pause)
            lines += crowd.work(title, server.pid)
        lines += laboratory(port, world)
        lines += first_view(port, world)
        kept = subprocess.run([sys.executable, __file__, "kept"], env=environment, input=json.dumps(Crowd.acknowledged), capture_output=True, text=True, check=True)  # fmt: skip
        lines += [kept.stdout.strip(), ""]
        Crowd.acknowledged.clear()
        return lines
    finally:
        server.terminate()
        server.wait(60)


def await_health(port):
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


class Crowd:
    """Everybody at work for one round."""

    acknowledged = []  # (case, words that were saved)

    def __init__(self, port, world, pause):
        self.port, self.world, self.pause = port, world, pause
        self.times, self.odd, self.lock = {}, [], threading.Lock()

    def work(self, title, server):
        """Let all work, and tell what they waited."""
        before, start = processor_time(server), time.perf_counter()
        self.end = start + SECONDS
        threads = [threading.Thread(target=Person(self, i).work) for i in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, used = time.perf_counter() - start, processor_time(server) - before
        requests = sum(map(len, self.times.values()))
        lines = [
            (
                f"{title[0].upper()}{title[1:]}: {requests} requests in {took:.0f} s, {requests / took:.0f} a second, "
                f"{1000 * used / requests:.1f} ms of processor time for each in the server's web processes; "
                f"{sum(self.odd):d} unexpected answers."
            ),
            "",
            f"| page | requests | p50 [ms] | p95 [ms], goal {GOAL} | p99 [ms] |",
            "| --- | --- | --- | --- | --- |",
        ]
        everything = [t for times in self.times.values() for t in times]
        for kind, times in [*sorted(self.times.items()), ("all", everything)]:
            cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
            lines.append(f"| {kind} | {len(times)} | {cuts[49]:.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} |")
        return [*lines, ""]


class Person:
    """One person with a browser that keeps its connection."""

    def __init__(self, crowd, number):
        self.crowd, self.random = crowd, random.Random(number)  # noqa: S311 - a crowd, no secret
        self.case = crowd.world["cases"][number % CASES]
        self.cookies = {"sessionid": crowd.world["sessions"][number], "csrftoken": "x" * 32}
        self.connection = http.client.HTTPConnection("127.0.0.1", crowd.port, timeout=60)
        self.number, self.saves, self.form = number, 0, None

    def work(self):
        # People do not all come in the same second.
        time.sleep(self.random.uniform(0, self.crowd.pause[1]))
        kinds = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=10_000)
        for kind in kinds:
            if time.perf_counter() > self.crowd.end:
                return
            getattr(self, kind)()
            time.sleep(self.random.uniform(*self.crowd.pause))

    def cases(self):
        self.get("cases", "/cases/")

    def overview(self):
        self.get("overview", f"{self.case['url']}")

    def history(self):
        self.get("history", f"{self.case['url']}history/")

    def results(self):
        screen = self.random.choice(("overview", "money", "lessons", "shares"))
        self.get("results", f"{self.case['url']}studies/{self.case['run']}/{screen}/")

    def edit(self):
        page = self.random.choice(("about", "spending", "options", "options/1/lines", "partners/0"))
        self.get("edit", f"{self.case['url']}edit/{page}/")

    def study(self):
        answer = self.post("study", f"{self.case['url']}studies/", {"audience": "partners", "draws": "2000"})
        self.expect(answer, 302)

    def save(self):
        self.get("edit", f"{self.case['url']}edit/about/", keep=True)
        self.send("save")

    def conflict(self):
        """Save over a revision that is no longer the latest."""
        self.form = self.form or self.get("edit", f"{self.case['url']}edit/about/", keep=True)
        self.send("conflict")

    def send(self, kind):
        self.saves += 1
        words = f"Saved by {self.number} for the {self.saves}th time at {time.time_ns()}"
        fields = {**self.form, "summary": words}
        for _ in range(5):
            answer = self.post(kind, f"{self.case['url']}edit/about/", fields)
            if answer == 302:
                with self.crowd.lock:
                    # A save that another overtook leads back to the form; told apart by what the page says.
                    if "Saved as revision" in self.get("after a save", self.location):
                        Crowd.acknowledged.append((self.case["url"], words))
                return
            if answer != 409:
                break
            fields["do"] = "mine"
        self.expect(answer, 302)

    def get(self, kind, path, *, keep=False, moves=False):
        status, text = self.ask(kind, "GET", path, headers={"HX-Request": "true"} if moves else {})
        self.expect(status, 200)
        if keep:
            form = Fields()
            form.feed(text)
            self.form = {**form.found, "do": "save"}
            return self.form
        return text

    def post(self, kind, path, fields):
        body = urlencode({**fields, "csrfmiddlewaretoken": "x" * 32})
        return self.ask(kind, "POST", path, body)[0]

    def ask(self, kind, method, path, body=None, headers=()):
        cookies = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip", **dict(headers)}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            # The server closed a connection that was kept; a browser opens another.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        took = 1000 * (time.perf_counter() - start)
        self.location = answer.headers.get("Location")
        self.cookies |= {k: m.value for k, m in SimpleCookie(answer.headers.get("Set-Cookie", "")).items() if k == "messages"}  # fmt: skip
        self.crowd.times.setdefault(kind, []).append(took)
        text = gzip.decompress(text) if answer.headers.get("Content-Encoding") == "gzip" else text
        return answer.status, text.decode()

    def expect(self, status, expected):
        self.crowd.odd.append(status != expected)


class Fields(HTMLParser):
    """What the form of a page would send."""

    def __init__(self):
        super().__init__()
        self.found, self.text, self.select = {}, None, None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "input" and a.get("name") and a.get("type") not in {"checkbox", "radio", "submit"}:
            self.found[a["name"]] = a.get("value") or ""
        elif tag == "textarea" and a.get("name"):
            self.text = a["name"]
            self.found[self.text] = ""
        elif tag == "select":
            self.select = a.get("name")
        elif tag == "option" and self.select and "selected" in a:
            self.found[self.select] = a.get("value", "")

    def handle_data(self, data):
        if self.text:
            self.found[self.text] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None


def laboratory(port, world):
    """What one person waits for who moves the sliders of the laboratory of shares."""
    crowd = Crowd(port, world, (0, 0))
    someone = Person(crowd, 0)
    page = f"{someone.case['url']}shares/"
    sliders = someone.get("page", page, keep=True)
    names = [n for n, v in sliders.items() if v.isdecimal()]
    for k in range(MOVES):
        sliders[names[k % len(names)]] = str(someone.random.randrange(0, 10))
        part = someone.get("moved", f"{page}?{urlencode(sliders)}", moves=True)
        assert "<html" not in part
        assert "<svg" in part
    assert not any(crowd.odd)
    cuts = quantiles(crowd.times["moved"], n=100)
    return [f"The laboratory of shares, with the four partners of Juniper Valley, answers a slider in {cuts[49]:.0f} ms (p50), {cuts[94]:.0f} ms (p95, goal 200); {MOVES} moves.", ""]  # fmt: skip


def processor_time(server):
    """Seconds that the web processes of a server have used."""
    used = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text().rpartition(") ")[2].split()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if b"gunicorn" in command and ancestor(process.name, server):
            used += int(stat[11]) + int(stat[12])
    return used / os.sysconf("SC_CLK_TCK")


def ancestor(pid, wanted):
    while pid not in {"0", "1"}:
        if int(pid) == wanted:
            return True
        try:
            pid = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1]
        except OSError:
            return False
    return False


def first_view(port, world):
    """What a phone on a slow link waits for and loads on its first visit."""
    executable = shutil.which("chromium")
    if executable is None:
        return ["A first view needs Chromium.", ""]
    from playwright.sync_api import sync_playwright

    rows = []
    case = world["cases"][0]
    pages = {"sign in": "/accounts/login/", "overview": case["url"], "results": f"{case['url']}studies/{case['run']}/overview/"}  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--headless", "--no-sandbox", "--disable-gpu"])  # fmt: skip
        for name, path in pages.items():
            context = browser.new_context(viewport={"width": 320, "height": 640})
            if name != "sign in":
                context.add_cookies([{"name": "sessionid", "value": world["sessions"][0], "url": f"http://127.0.0.1:{port}"}])  # fmt: skip
            page = context.new_page()
            link = context.new_cdp_session(page)
            link.send("Network.enable")
            link.send("Network.emulateNetworkConditions", SLOW_PHONE)
            weight, fonts, kinds = [], [], {}
            link.on("Network.responseReceived", lambda e, k=kinds: k.__setitem__(e["requestId"], e["type"]))
            link.on("Network.loadingFinished", lambda e, k=kinds, w=weight, f=fonts: (f if k.get(e["requestId"]) == "Font" else w).append(e["encodedDataLength"]))  # fmt: skip
            page.goto(f"http://127.0.0.1:{port}{path}", wait_until="load")
            page.wait_for_timeout(500)
            first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            rows.append(
                f"| {name} | {sum(weight) / 1000:.0f} | {sum(fonts) / 1000:.0f} | {first / 1000:.2f} |"
            )
            context.close()
        browser.close()
    head = ["First view on a phone with an empty cache, slow link (150 ms, 1.6 Mbit/s):", "", "| page | weight [kB], goal 200 | fonts [kB] | first view [s], goal 1 |", "| --- | --- | --- | --- |"]  # fmt: skip
    return [*head, *rows, ""]


def prepare():
    """Make people, cases and studies in the server's database, and print what the crowd needs."""
    from interlocal.web import bootstrap

    bootstrap.set_up()
    from django.contrib.sessions.backends.db import SessionStore

    from interlocal.web import examples
    from interlocal.web.actions import cases, people, studies
    from interlocal.web.models import Membership, Person
    from interlocal.web.tasks import run_study

    town = people.start_organisation(name="Alder", owner=None)
    sessions = []
    for i in range(PEOPLE):
        person = Person.objects.create_user(f"p{i}@example.org", None, name=f"Person {i}")
        Membership.objects.create(person=person, organisation=town, role="editor")
        session = SessionStore()
        session["_auth_user_id"] = str(person.pk)
        session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        session["_auth_user_hash"] = person.get_session_auth_hash()
        session.save()
        sessions.append(session.session_key)
    made = []
    for _ in range(CASES):
        record = cases.start_case(case=examples.case("juniper-valley"), organisation=town, by=None, about="x")
        run = studies.ask_for_study(revision=record.head, audience="partners", by=None, draws=2000)
        run_study.func(str(run.pk))
        made.append({"url": f"/cases/{record.pk}/", "run": str(run.pk)})
    print(json.dumps({"sessions": sessions, "cases": made}))


def kept():
    """Say how many of the acknowledged saves are revisions."""
    from interlocal.web import bootstrap

    bootstrap.set_up()
    from interlocal.web.models import Revision

    acknowledged = json.load(sys.stdin)
    lost = [words for url, words in acknowledged if not Revision.objects.filter(case=re.search(r"[0-9a-f-]{36}", url).group(), document__contains=words).exists()]  # fmt: skip
    print(f"Saves acknowledged: {len(acknowledged)}. Lost: {len(lost)}.")
    if lost:
        raise SystemExit(f"Acknowledged and lost: {lost[:5]}")


if __name__ == "__main__":
    {"prepare": prepare, "kept": kept}[sys.argv[1]]()
