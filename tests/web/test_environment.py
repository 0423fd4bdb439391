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
        ("INTERLOCAL_SECRET_KEY", "short", "at least 32"),
        ("INTERLOCAL_SECRET_KEY", "a" * 60, "few different"),
        ("INTERLOCAL_SECRET_KEY_FILE", "/does/not/exist", "cannot be read"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("INTERLOCAL_EMAIL_URL", "smtp://mail.example.gov", "no sender"),
        ("INTERLOCAL_OIDC_URL", "https://id.example.gov", "all three"),
        ("INTERLOCAL_PROXIES", "many", "whole number"),
    ],
)
def test_what_is_wrong_or_unsafe_stops_the_start(tmp_path, name, value, says):
    with pytest.raises(InputError) as stopped:
        read(tmp_path, **{name: value})
    assert says in str(stopped.value)


def test_a_secret_comes_from_a_file(tmp_path):
    (tmp_path / "key").write_text("0123456789abcdefghijklmnopqrstuvwxyz\n")
    assert read(tmp_path, INTERLOCAL_SECRET_KEY_FILE=str(tmp_path / "key")).secret_key.endswith("xyz")


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
