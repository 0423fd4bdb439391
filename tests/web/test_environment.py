"""The operator's settings: each unsafe one stops the start, with words that help."""

import pytest

from interlocal.problems import InputError
from interlocal.web.environment import read_environment


def read(tmp_path, **variables):
    return read_environment({"INTERLOCAL_DATA": str(tmp_path), **variables})


def test_nothing_set_serves_this_machine_from_an_embedded_database(tmp_path):
    found = read(tmp_path)
    assert found.is_local
    assert found.database["NAME"] == str(tmp_path / "interlocal.sqlite3")
    assert found.secret_key == read(tmp_path).secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("INTERLOCAL_URL", "http://sharing.example.gov", "in the clear"),
        ("INTERLOCAL_URL", "https://*.example.gov", "one address"),
        ("INTERLOCAL_URL", "sharing.example.gov", "one address"),
        ("INTERLOCAL_URL", "https://sharing.example.gov", "INTERLOCAL_PROXIES"),
        ("INTERLOCAL_URL", "https://[half", "cannot be read"),
        ("INTERLOCAL_SECRET_KEY", "short", "at least 32"),
        ("INTERLOCAL_SECRET_KEY", "a" * 60, "few different"),
        ("INTERLOCAL_SECRET_KEY_FILE", "/does/not/exist", "cannot be read"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("DATABASE_URL", "postgresql://u@h:five/name", "cannot be read"),
        ("DATABASE_URL", "postgresql://u@h", "the name none"),
        ("DATABASE_URL", "postgresql://u@db.example.gov/n?sslmode=disable", "in the clear"),
        ("DATABASE_URL", "postgresql://u@db.example.gov/n?sslmode=prefer", "in the clear"),
        ("INTERLOCAL_EMAIL_URL", "smtp://mail.example.gov:none", "cannot be read"),
        ("INTERLOCAL_EMAIL_URL", "smtp://mail.example.gov", "no sender"),
        ("INTERLOCAL_OIDC_URL", "https://id.example.gov", "all three"),
        ("INTERLOCAL_PROXIES", "many", "whole number"),
        ("INTERLOCAL_PROXIES", "-1", "whole number"),
    ],
)
def test_what_is_wrong_or_unsafe_stops_the_start(tmp_path, name, value, says):
    with pytest.raises(InputError) as stopped:
        read(tmp_path, **{name: value})
    assert says in str(stopped.value)


def test_a_secret_comes_from_a_file(tmp_path):
    (tmp_path / "key").write_text("0123456789abcdefghijklmnopqrstuvwxyz\n")
    assert read(tmp_path, INTERLOCAL_SECRET_KEY_FILE=str(tmp_path / "key")).secret_key.endswith("xyz")


SECRETS = {
    "INTERLOCAL_SECRET_KEY": ("0123456789abcdefghijklmnopqrstuvwxyz", lambda e: e.secret_key),
    "DATABASE_URL": ("postgresql://u:hidden-word@db.example.gov/n", lambda e: e.database["PASSWORD"]),
    "INTERLOCAL_EMAIL_URL": (
        "smtp://u:hidden-word@mail.example.gov",
        lambda e: e.email["EMAIL_HOST_PASSWORD"],
    ),
    "INTERLOCAL_OIDC_CLIENT_SECRET": ("hidden-word", lambda e: e.oidc["client_secret"]),
}
BESIDE = {
    "INTERLOCAL_EMAIL_URL": {"INTERLOCAL_EMAIL_FROM": "a@example.gov"},
    "INTERLOCAL_OIDC_CLIENT_SECRET": {
        "INTERLOCAL_OIDC_URL": "https://id.example.gov",
        "INTERLOCAL_OIDC_CLIENT_ID": "x",
    },
}


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_come_from_a_file(tmp_path, name):
    value, found = SECRETS[name]
    (tmp_path / "held").write_text(f"{value}\n")
    read_ = read(tmp_path, **{f"{name}_FILE": str(tmp_path / "held")}, **BESIDE.get(name, {}))
    assert found(read_) in {value, "hidden-word"}


def test_a_key_that_others_can_read_or_guess_stops_the_start(tmp_path):
    key = tmp_path / "secret-key"
    key.write_text("short")
    key.chmod(0o644)
    with pytest.raises(InputError) as stopped:
        read(tmp_path)
    assert "chmod 600" in str(stopped.value)
    assert "5 characters" in str(stopped.value)


@pytest.mark.parametrize(
    ("host", "mode"), [("db.example.gov", "require"), ("127.0.0.1", "prefer"), ("", "prefer")]
)
def test_a_database_on_another_machine_is_reached_over_tls(tmp_path, host, mode):
    assert read(tmp_path, DATABASE_URL=f"postgresql://u:p@{host}/n").database["OPTIONS"] == {"sslmode": mode}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - they are refused
def test_what_was_set_up_for_this_machine_is_not_heard_by_others(tmp_path, monkeypatch, host):
    from interlocal.web.serving import serve

    for name in ("INTERLOCAL_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERLOCAL_DATA", str(tmp_path))
    with pytest.raises(InputError, match="INTERLOCAL_URL with https"):
        serve(host=host, port=8000, workers=1, say=print)


def test_all_problems_come_at_once(tmp_path):
    with pytest.raises(InputError) as stopped:
        read(tmp_path, INTERLOCAL_URL="ftp://x", DATABASE_URL="mysql://x")
    assert len(stopped.value.problems) == 2


def test_what_others_wrote_stands_here_unchanged():
    import hashlib
    import tomllib
    from pathlib import Path

    import interlocal.web

    vendor = Path(interlocal.web.__file__).parent / "static/web/vendor"
    recorded = tomllib.loads((vendor / "vendored.toml").read_text())["sha256"]
    found = {
        p.relative_to(vendor).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in vendor.rglob("*")
        if p.is_file() and p.name != "vendored.toml"
    }
    assert found == recorded
