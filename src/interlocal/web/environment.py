"""What the operator says: one small set of variables, each also readable from a file, each checked before anything starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from interlocal.problems import InputError, Problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Environment:
    """The operator's settings, checked."""

    data: Path
    """Folder that holds the database, the key and what was collected."""
    url: str
    """Where people reach it: http only on this machine, https everywhere else."""
    host: str
    secret_key: str
    database: Mapping[str, Any]
    email: Mapping[str, Any] | None
    oidc: Mapping[str, str] | None
    proxies: int
    """Reverse proxies in front, whose word about a visitor's address is believed."""

    @property
    def is_local(self) -> bool:
        """Whether it serves this machine alone, without TLS."""
        return self.url.startswith("http://")


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read and check the settings.

    Parameters
    ----------
    variables
        ``os.environ`` where not given. ``NAME_FILE`` names a file that holds ``NAME``.

    Raises
    ------
    InputError
        With every setting that is wrong or unsafe; nothing starts then.
    """
    reader = _Reader(os.environ if variables is None else variables)
    data = Path(reader.get("INTERLOCAL_DATA") or "interlocal-data").absolute()
    url, host = _url(reader)
    proxies = _count(reader, "INTERLOCAL_PROXIES")
    if url.startswith("https://") and proxies == 0:
        reader.wrong("INTERLOCAL_PROXIES", "0, with an address of https", "1 or more", "Something in front holds the certificate. Say how many such proxies there are: else all visitors count as one, and one who guesses passwords locks out everybody.")  # fmt: skip
    read = Environment(
        data=data,
        url=url,
        host=host,
        secret_key=_key(reader, data),
        database=_database(reader, data),
        email=_email(reader),
        oidc=_oidc(reader),
        proxies=proxies,
    )
    if reader.problems:
        raise InputError(reader.problems)
    return read


class _Reader:
    """Reads variables and notes what is wrong with them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables, self.problems = variables, list[Problem]()

    def get(self, name: str) -> str:
        """Return a variable, or the text of the file that ``name_FILE`` names; empty where neither is set."""
        file = self.variables.get(f"{name}_FILE")
        if not file:
            return self.variables.get(name, "").strip()
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.wrong(f"{name}_FILE", f"a file that cannot be read ({error})", "a readable text file", "Check its path and rights.")  # fmt: skip
            return ""

    def address(self, name: str, given: str) -> SplitResult:
        """Return the parts of an address; an empty one where it cannot be taken apart."""
        try:
            parts = urlsplit(given)
            _ = parts.port
        except ValueError:
            # Python's own words could quote a part of a password.
            self.wrong(name, "an address that cannot be read", "a host, and a port that is a number", "Write signs such as / or # in a password as %2F or %23.")  # fmt: skip
            return urlsplit("")
        return parts

    def wrong(self, name: str, found: str, expected: str, fix: str) -> None:
        self.problems.append(Problem("", f"setting {name}", found, expected, fix))


def _url(reader: _Reader) -> tuple[str, str]:
    url = (reader.get("INTERLOCAL_URL") or "http://127.0.0.1:8000").rstrip("/")
    parts = reader.address("INTERLOCAL_URL", url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.path or "*" in host:
        reader.wrong(
            "INTERLOCAL_URL", url, "one address without a path", "Write it like https://sharing.example.gov."
        )
    elif parts.scheme == "http" and host not in LOOPBACK:
        reader.wrong(
            "INTERLOCAL_URL",
            f"{url}, which sends passwords in the clear",
            "https for any address but this machine's own",
            "Put a reverse proxy with TLS in front and write https://.",
        )
    return url, host


def _key(reader: _Reader, data: Path) -> str:
    """Return the key that signs sessions: given, or made once and kept where only its owner reads it."""
    key = reader.get("INTERLOCAL_SECRET_KEY")
    if key:
        if len(key) < SHORTEST_KEY or len(set(key)) < 10:
            reader.wrong(
                "INTERLOCAL_SECRET_KEY",
                f"{len(key)} characters, or few different ones",
                f"at least {SHORTEST_KEY} random characters",
                "Leave it out: one is made and kept in the data folder.",
            )
        return key
    file = data / "secret-key"
    if file.exists():
        held = file.read_text(encoding="utf-8").strip()
        if file.stat().st_mode & 0o077:
            reader.wrong(str(file), "a key that others on this machine can read", "a file for its owner alone", f"chmod 600 {file}")  # fmt: skip
        if len(held) < SHORTEST_KEY:
            reader.wrong(str(file), f"{len(held)} characters", f"at least {SHORTEST_KEY}", "Delete it: another is made, and people sign in again.")  # fmt: skip
        return held
    made = secrets.token_urlsafe(48)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(made, encoding="utf-8")
    return made


def _database(reader: _Reader, data: Path) -> Mapping[str, Any]:
    url = reader.get("DATABASE_URL")
    if not url:
        return sqlite(data / "interlocal.sqlite3")
    parts = reader.address("DATABASE_URL", url)
    if parts.scheme == "sqlite" and parts.path:
        return sqlite(Path(parts.path))
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        reader.wrong(
            "DATABASE_URL",
            f"the scheme {parts.scheme or 'none'} and the name {name or 'none'}",
            "postgresql://user:password@host:5432/name",
            "Leave it out to use the embedded SQLite.",
        )
    asked = dict(parse_qsl(parts.query))
    host = parts.hostname or asked.get("host", "")
    # Another machine is reached over a wire that others may listen to; a socket or this machine is not.
    remote = bool(host) and host not in LOOPBACK and not host.startswith("/")
    mode = asked.get("sslmode") or ("require" if remote else "prefer")
    if remote and mode not in {"require", "verify-ca", "verify-full"}:
        reader.wrong(
            "DATABASE_URL",
            f"sslmode={mode}, which lets what people keep to themselves travel in the clear",
            "sslmode=require, verify-ca or verify-full for another machine",
            "Leave sslmode out, and turn TLS on in PostgreSQL (ssl = on).",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "OPTIONS": {"sslmode": mode},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings for an SQLite file, each pragma with its reason."""
    pragmas = (
        # Readers go on while somebody writes; the log survives kill -9.
        "PRAGMA journal_mode = WAL",
        # Each acknowledged save is on the disk, not only in the system's memory: a power cut loses none.
        "PRAGMA synchronous = FULL",
        # 32 MB of pages in memory: cases are small, so most reads touch no disk.
        "PRAGMA cache_size = -32000",
        # Sorting and grouping in memory, not in files.
        "PRAGMA temp_store = MEMORY",
        # The log is cut back to 16 MB after a checkpoint, so that it never fills the disk.
        "PRAGMA journal_size_limit = 16000000",
        # What is deleted is overwritten: survey answers that were destroyed cannot be read out of the file's free pages.
        "PRAGMA secure_delete = ON",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        # A connection is kept for a minute, and with it the pages it has read.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A transaction that reads first and writes later would fail when another wrote between; so each takes
            # the right to write as it begins, and waits for it.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # [s] to wait for another writer before giving up
            "init_command": ";".join(pragmas),
        },
    }


def _email(reader: _Reader) -> Mapping[str, Any] | None:
    url = reader.get("INTERLOCAL_EMAIL_URL")
    if not url:
        return None
    parts = reader.address("INTERLOCAL_EMAIL_URL", url)
    sender = reader.get("INTERLOCAL_EMAIL_FROM")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not sender:
        reader.wrong(
            "INTERLOCAL_EMAIL_URL",
            "no server, or no sender",
            "smtp://user:password@host:587 and INTERLOCAL_EMAIL_FROM",
            "Set both, or neither: links can be handed over by hand.",
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in LOOPBACK,
        "EMAIL_TIMEOUT": 10,  # [s], so that a silent mail server holds no page up
        "DEFAULT_FROM_EMAIL": sender,
    }


def _oidc(reader: _Reader) -> Mapping[str, str] | None:
    given = {
        key: reader.get(f"INTERLOCAL_OIDC_{key.upper()}") for key in ("url", "client_id", "client_secret")
    }
    if not any(given.values()):
        return None
    lacking = [f"INTERLOCAL_OIDC_{k.upper()}" for k, v in given.items() if not v]
    if lacking:
        reader.wrong(
            lacking[0],
            "nothing",
            "all three of URL, CLIENT_ID and CLIENT_SECRET",
            f"Set {', '.join(lacking)}, or none of them.",
        )
    elif not given["url"].startswith("https://") and reader.address("INTERLOCAL_OIDC_URL", given["url"]).hostname not in LOOPBACK:  # fmt: skip
        reader.wrong("INTERLOCAL_OIDC_URL", given["url"], "an address that begins with https://", "Correct it.")  # fmt: skip
    return given | {"name": reader.get("INTERLOCAL_OIDC_NAME") or "single sign-on"}


def _count(reader: _Reader, name: str) -> int:
    text = reader.get(name) or "0"
    if not text.isdecimal() or int(text) > 5:
        reader.wrong(name, text, "a whole number from 0 to 5", "Count the reverse proxies in front; 0 is none.")  # fmt: skip
        return 0
    return int(text)
