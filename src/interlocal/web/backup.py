"""Write the database into one file while people work, and bring it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from interlocal.problems import InputError, Problem

_POSTGRES = b"PGDMP"
_SQLITE = b"SQLite format 3\x00"


def backup(database: Mapping[str, Any], file: Path) -> None:
    """Write a whole, consistent copy of the database into a file that does not exist yet.

    Raises
    ------
    InputError
        Where the file is there, or the database cannot be read.
    """
    if file.exists():
        raise InputError(Problem("", str(file), "a file of this name already", "a name that is free", "Name another file."))  # fmt: skip
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(handle)
    try:
        if _is_sqlite(database):
            _copy(Path(database["NAME"]), Path(beside))
        else:
            _run("pg_dump", database, "--format=custom", "--no-owner", f"--file={beside}")
        Path(beside).replace(file)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def restore(database: Mapping[str, Any], file: Path, *, replace: bool = False, aside: Path) -> Path | None:
    """Put a backup in place of the database, and return where the one before is kept, if there was one.

    Parameters
    ----------
    replace
        Whether a workbench that is there gives way.
    aside
        Folder for what gives way; SQLite's stays beside the new one.

    Raises
    ------
    InputError
        Where the file is no backup, is damaged, or is of the other kind of database; where a workbench is there
        and ``replace`` was not said, or where somebody is connected to it.
    """
    if not file.is_file():
        raise InputError(Problem("", str(file), "no such file", "a backup", "Check the path."))
    with file.open("rb") as opened:
        head = opened.read(16)
    expected = _SQLITE if _is_sqlite(database) else _POSTGRES
    if not head.startswith(expected):
        kind = "SQLite" if _is_sqlite(database) else "PostgreSQL"
        raise InputError(Problem("", str(file), "something else", f"a backup of a {kind} database", "Check the file and DATABASE_URL."))  # fmt: skip
    if _is_sqlite(database):
        return _put_sqlite(Path(database["NAME"]), file, replace=replace)
    return _put_postgres(database, file, replace=replace, aside=aside)


def _put_sqlite(target: Path, file: Path, *, replace: bool) -> Path | None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / "restored"
        shutil.copyfile(file, fresh)
        _check(fresh, called=file)
        kept = None
        if target.exists():
            _demand_yielding(str(target), replace=replace)
            _demand_alone(target)
            kept = target.with_name(_before(target.name))
            # The log of the database before belongs to it alone: left behind it would be played into the new one.
            for ending in ("", "-wal", "-shm"):
                if Path(f"{target}{ending}").exists():
                    Path(f"{target}{ending}").replace(f"{kept}{ending}")
        fresh.replace(target)
    return kept


def _put_postgres(database: Mapping[str, Any], file: Path, *, replace: bool, aside: Path) -> Path | None:
    kept = None
    tables, others = _found_in(database)
    if tables:
        _demand_yielding(str(database["NAME"]), replace=replace)
        if others:
            raise InputError(_running(f"{others} connections to the database"))
        aside.mkdir(parents=True, exist_ok=True)
        kept = aside / _before("postgresql")
        backup(database, kept)
    _run("pg_restore", database, "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={database['NAME']}", str(file))  # fmt: skip
    return kept


def _before(name: str) -> str:
    return f"{name}.before-{time.strftime('%Y%m%d-%H%M%S')}"


def _demand_yielding(where: str, *, replace: bool) -> None:
    """Refuse to overwrite what is there unless that was said."""
    if not replace:
        raise InputError(Problem("", where, "a workbench already", "an empty place, or --replace", "Check --data and DATABASE_URL. With --replace the backup takes its place, and what is there is kept aside."))  # fmt: skip


def _demand_alone(target: Path) -> None:
    """Refuse while a process has the database open: it would go on writing into what was moved aside."""
    try:
        # Leaving WAL takes the database for oneself. It also brings its log in, so that one file holds everything.
        with closing(sqlite3.connect(target, timeout=0.5)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise InputError(_running(str(error))) from None
    except sqlite3.DatabaseError:
        return  # damaged, which may be why a backup comes in its place


def _running(found: str) -> Problem:
    return Problem("", "The workbench", found, "a server that was stopped", "Stop the server, then restore.")


def _found_in(database: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many tables a PostgreSQL database has, and how many others are connected to it."""
    import psycopg  # noqa: PLC0415 - not needed with SQLite

    ours = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {k: str(database[v]) for k, v in ours.items() if database.get(v)}
    try:
        with psycopg.connect(**given, **database.get("OPTIONS", {})) as opened:  # type: ignore[arg-type]
            found = opened.execute(
                "SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise InputError(_no_answer("DATABASE_URL", str(error))) from None
    return found or (0, 0)


def _is_sqlite(database: Mapping[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("sqlite3")


def _copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use: SQLite's own way, which sees no half-written page."""
    if not source.exists():
        raise InputError(Problem("", str(source), "no database", "a workbench that was served once", "Check INTERLOCAL_DATA, or --data."))  # fmt: skip
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        # One file, without the log beside it that WAL keeps.
        new.execute("PRAGMA journal_mode = DELETE")
    _check(target)


def _check(file: Path, called: Path | None = None) -> None:
    """Refuse a file that is damaged or holds no workbench; ``called`` is what the operator calls it."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            found = opened.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        found, tables = str(error), set()
    if found != "ok" or "web_revision" not in tables:
        raise InputError(Problem("", str(called or file), "a damaged file, or no workbench" if found == "ok" else found, "a whole backup of a workbench", "Take another backup."))  # fmt: skip


def _run(program: str, database: Mapping[str, Any], *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise InputError(Problem("", program, "nothing", "PostgreSQL’s own tools", "apt-get install postgresql-client"))  # fmt: skip
    given = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    environment = os.environ | {k: str(database[v]) for k, v in given.items() if database.get(v)}
    if mode := database.get("OPTIONS", {}).get("sslmode"):
        environment["PGSSLMODE"] = mode
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise InputError(_no_answer(program, done.stderr.strip()[-400:] or "a failure"))


def _no_answer(where: str, found: str) -> Problem:
    return Problem("", where, found, "a database that answers", "Check DATABASE_URL.")
