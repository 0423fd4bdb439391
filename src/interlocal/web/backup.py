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


def restore(database: Mapping[str, Any], file: Path) -> Path | None:
    """Put a backup in place of the database, and return where the one before was kept (SQLite).

    Raises
    ------
    InputError
        Where the file is no backup, is damaged, or is of the other kind of database.
    """
    if not file.is_file():
        raise InputError(Problem("", str(file), "no such file", "a backup", "Check the path."))
    with file.open("rb") as opened:
        head = opened.read(16)
    expected = _SQLITE if _is_sqlite(database) else _POSTGRES
    if not head.startswith(expected):
        kind = "SQLite" if _is_sqlite(database) else "PostgreSQL"
        raise InputError(Problem("", str(file), "something else", f"a backup of a {kind} database", "Check the file and DATABASE_URL."))  # fmt: skip
    if not _is_sqlite(database):
        _run("pg_restore", database, "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={database['NAME']}", str(file))  # fmt: skip
        return None
    _check(file)
    target = Path(database["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = None
    if target.exists():
        kept = target.with_name(f"{target.name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
        _copy(target, kept)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / "restored"
        shutil.copyfile(file, fresh)
        # The log of the database before belongs to it alone: left beside the new one it would be played into it.
        for ending in ("-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        fresh.replace(target)
    return kept


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


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            found = opened.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        found, tables = str(error), set()
    if found != "ok" or "web_revision" not in tables:
        raise InputError(Problem("", str(file), "a damaged file, or no workbench" if found == "ok" else found, "a whole backup of a workbench", "Take another backup."))  # fmt: skip


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
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise InputError(Problem("", program, done.stderr.strip()[-400:] or "a failure", "a database that answers", "Check DATABASE_URL."))  # fmt: skip
