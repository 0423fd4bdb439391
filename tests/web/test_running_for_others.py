"""The guide to running the workbench for others: its units, settings, commands and proxies do what it says."""

import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/how-to/run-the-workbench.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?P<before>(?:(?!^```).)*)^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)


def files():
    """Yield each file that the guide has people write: its path stands before the block that holds it."""
    for block in BLOCK.finditer(GUIDE):
        named = re.findall(r"`(/etc/[^`]+)`", block["before"])
        if named and block["kind"] != "sh":
            yield named[-1], block["text"]


FILES = dict(files())
UNITS = {Path(p).name: text for p, text in FILES.items() if p.startswith("/etc/systemd/")}
URL = "https://sharing.example.gov"


def test_the_guide_has_every_file_that_a_server_needs():
    assert {Path(p).name for p in FILES} == {
        "interlocal.env",
        "interlocal.service",
        "interlocal-backup.service",
        "interlocal-backup.timer",
        "interlocal-letters.service",
        "interlocal-letters.timer",
        "Caddyfile",
        "interlocal.conf",
    }


def environment(data):
    lines = FILES["/etc/interlocal.env"].replace("/var/lib/interlocal", str(data)).splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_its_settings_are_read_and_safe(tmp_path):
    from interlocal.web.environment import read_environment

    found = read_environment(environment(tmp_path))
    assert (found.url, found.proxies, found.is_local) == (URL, 1, False)


class Asked(dict):
    """Variables that note which of them somebody asked for."""

    def __init__(self, **values):
        super().__init__(values)
        self.names = set()

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def test_it_names_exactly_the_settings_that_are_read(tmp_path):
    from interlocal.web.environment import read_environment

    asked = Asked(
        INTERLOCAL_DATA=str(tmp_path),
        INTERLOCAL_EMAIL_URL="smtp://mail.example.gov",
        INTERLOCAL_EMAIL_FROM="a@example.gov",
        INTERLOCAL_OIDC_URL="https://id.example.gov",
        INTERLOCAL_OIDC_CLIENT_ID="x",
        INTERLOCAL_OIDC_CLIENT_SECRET="x",
    )
    read_environment(asked)
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))
    assert named == {n for n in asked.names if not n.endswith("_FILE")}
    assert {f"{n}_FILE" for n in named} <= asked.names


def own_commands():
    """Yield each command of the guide that is ours, from its blocks and its units."""
    for line in re.findall(r"^    (interlocal [^\n]+)|(?:ExecStart=|-c ')/opt/interlocal/bin/(interlocal [^\n']+)", GUIDE, re.MULTILINE):  # fmt: skip
        yield next(filter(None, line))


def test_its_own_commands_are_there_with_their_options():
    import typer

    import interlocal.cli
    from interlocal.cli.app import app

    assert interlocal.cli
    commands = typer.main.get_command(app).commands
    met = set()
    for line in own_commands():
        _program, name, *arguments = shlex.split(re.sub(r"\$\$\(.*?\)", "now", line))
        commands[name].make_context(name, arguments)
        met.add(name)
    assert met == {"serve", "backup", "restore", "remind"}


def test_its_shell_lines_can_be_read_by_a_shell():
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 4
    for block in blocks:
        done = subprocess.run(["/bin/sh", "-n"], input=block, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (ROOT / "requirements.lock").exists()


def test_systemd_finds_nothing_wrong_with_its_units(tmp_path):
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    program = tmp_path / "interlocal"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/opt/interlocal/bin/interlocal", str(program)))
    for name in UNITS:
        done = subprocess.run([systemd, "verify", "--man=no", tmp_path / name], capture_output=True, text=True, check=False)  # fmt: skip
        ours = [line for line in done.stderr.splitlines() if "interlocal" in line]
        assert ours == [], done.stderr
    exposure = subprocess.run(
        [systemd, "security", "--offline=yes", "--threshold=40", tmp_path / "interlocal.service"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert exposure.returncode == 0, exposure.stdout[-2000:]


def test_what_backs_up_starts_when_its_timer_says_and_under_the_same_name():
    for timer in (n for n in UNITS if n.endswith(".timer")):
        assert timer.replace(".timer", ".service") in UNITS
        assert f"systemctl enable --now {timer}" in GUIDE
        assert "Persistent=yes" in UNITS[timer]


@pytest.mark.slow
def test_the_nightly_backup_makes_one_and_forgets_the_old(tmp_path, run_cli):
    from interlocal.web.environment import sqlite

    data, copies = tmp_path / "data", tmp_path / "copies"
    copies.mkdir()
    data.mkdir()
    _workbench(Path(sqlite(data / "interlocal.sqlite3")["NAME"]))
    old = copies / "2020-01-01-021500"
    old.touch()
    os.utime(old, (0, 0))
    unit = UNITS["interlocal-backup.service"]
    for line in re.findall(r"^ExecStart(?:Post)?=(.*)$", unit, re.MULTILINE):
        # What systemd makes of a line before it runs it.
        plain = line.replace("%%", "%").replace("$$", "$").replace("/var/backups/interlocal", str(copies))
        command = plain.replace("/opt/interlocal/bin/interlocal", f"{sys.executable} -m interlocal")
        kept = {**os.environ, "PYTHONPATH": str(ROOT / "src")} | environment(data)
        kept.pop("DATABASE_URL", None)
        subprocess.run(shlex.split(command), env=kept, check=True)
    (made,) = copies.iterdir()
    assert made.stat().st_mode & 0o077 == 0
    ran = run_cli("restore", made, "--data", tmp_path / "tried", env={"DATABASE_URL": ""})
    assert ran.code == 0, ran.stderr


def _workbench(file):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE web_revision (id INTEGER)")
        made.commit()


class Visitor:
    """Somebody who comes through the proxy, or whose words a proxy would pass on."""

    def __init__(self, port, *, tls):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.at = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(self.cookies),
            _Stay(),
        )
        self.headers = {"Host": "sharing.example.gov", "Referer": f"{URL}/"}
        if not tls:
            self.headers |= {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
        self.held = {}

    def ask(self, path, **fields):
        sent = dict(self.headers)
        if self.held:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.held.items())
        data = urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.at + path, data, sent)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        for cookie in answer.headers.get_all("Set-Cookie", []):
            assert "Secure" in cookie or "Max-Age=0" in cookie
            name, value = cookie.split(";")[0].split("=", 1)
            self.held[name] = value
        return answer.status, answer.headers, answer.read().decode(errors="replace")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def proxied(serve, tmp_path, request):
    """A server with the settings of the guide behind a proxy with the lines of the guide; who visits it, and its log."""
    url, log, _process = serve(**{k: v for k, v in environment(tmp_path / "data").items() if k != "INTERLOCAL_DATA"})  # fmt: skip
    server = url.rpartition(":")[2]
    if request.param == "headers":
        yield Visitor(server, tls=False), log
        return
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"needs {request.param}: apt-get install {request.param}")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sharing.example.gov",
         "-addext", "subjectAltName=DNS:sharing.example.gov", "-keyout", tmp_path / "key", "-out", tmp_path / "pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    port, plain = free_port(), free_port()
    process = subprocess.Popen(START[request.param](program, tmp_path, port, plain, server), cwd=tmp_path, stderr=(tmp_path / "said").open("w"), env={**os.environ, "HOME": str(tmp_path)})  # fmt: skip
    for _ in range(100):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None, (tmp_path / "said").read_text()
        time.sleep(0.1)
    yield Visitor(port, tls=True), log
    process.terminate()
    process.wait(10)


def nginx(program, folder, port, plain, server):
    lines = FILES["/etc/nginx/conf.d/interlocal.conf"]
    for old, new in (
        ("/etc/ssl/interlocal.pem", folder / "pem"),
        ("/etc/ssl/private/interlocal.key", folder / "key"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("127.0.0.1:8000", f"127.0.0.1:{server}"),
    ):
        assert old in lines
        lines = lines.replace(old, str(new))
    temporary = "".join(
        f"{n}_temp_path {folder}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ {temporary}\n{lines} }}"
    )
    subprocess.run([program, "-t", "-c", folder / "nginx.conf"], check=True, capture_output=True)
    return [program, "-c", folder / "nginx.conf"]


def caddy(program, folder, port, plain, server):
    # The guide's own lines, with a certificate of this test's and a place to listen at.
    lines = FILES["/etc/caddy/Caddyfile"].replace("127.0.0.1:8000", f"127.0.0.1:{server}")
    lines = lines.replace("sharing.example.gov {", f"{URL}:{port} {{\n\ttls {folder}/pem {folder}/key\n", 1)
    (folder / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\thttp_port {plain}\n\tdefault_sni sharing.example.gov\n}}\n{lines}"
    )
    subprocess.run([program, "validate", "--config", folder / "Caddyfile", "--adapter", "caddyfile"], check=True, capture_output=True, env={**os.environ, "HOME": str(folder)})  # fmt: skip
    return [program, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]


START = {"nginx": nginx, "caddy": caddy}


@pytest.mark.slow
@pytest.mark.parametrize("proxied", ["headers", "nginx", "caddy"], indirect=True)
def test_people_come_in_through_the_proxy_of_the_guide(proxied):
    visitor, log = proxied
    said = log.read_text()
    assert f"{URL}/invitations/" in said, "the link for the first account is one that people can open"
    link = re.search(r"/invitations/\S+", said).group()
    status, headers, page = visitor.ask(link)
    assert status == 200, page
    assert headers["Strict-Transport-Security"]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.ask("/accounts/signup/")[2]).group(
        1
    )
    fields = {"name": "Alice", "email": "alice@example.org", "password1": "a long enough password"}
    status, headers, page = visitor.ask("/accounts/signup/", csrfmiddlewaretoken=token, **fields)
    assert (status, headers["Location"]) == (302, link), page
    assert {"sessionid", "csrftoken"} <= set(visitor.held)
    # A monitor that comes through the proxy is a stranger like any other.
    assert visitor.ask("/metrics/")[0] == 404
    written = log.read_text()
    assert [w for w in ("alice", "192.0.2.1") if w in written.lower()] == []
    assert all(json.loads(line) for line in written.splitlines() if line.startswith("{"))


@pytest.mark.slow
def test_without_the_proxys_word_the_server_sends_people_to_tls(serve, tmp_path):
    url, _log, _process = serve(**{k: v for k, v in environment(tmp_path / "data").items() if k != "INTERLOCAL_DATA"})  # fmt: skip
    visitor = Visitor(url.rpartition(":")[2], tls=False)
    del visitor.headers["X-Forwarded-Proto"]
    status, headers, _ = visitor.ask("/accounts/login/")
    assert (status, headers["Location"]) == (301, f"{URL}/accounts/login/")
    with urllib.request.urlopen(f"{url}/health/", timeout=5) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{url}/metrics/", timeout=5) as answer:
        assert "interlocal_accounts 0" in answer.read().decode()
