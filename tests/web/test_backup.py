"""``interlocal backup`` and ``restore`` on both kinds of database: what comes back is all there was, to the byte."""

import os
import sqlite3
from contextlib import closing

import pytest
from earlier import RELEASES, another_database, at_release, lost, rows_of, write

from interlocal.problems import InputError
from interlocal.web.backup import backup, restore

pytestmark = pytest.mark.heavy

ROWS = rows_of(RELEASES[-1])


def at(connection):
    """The database as the commands are told of it."""
    return {**connection.settings_dict, "NAME": str(connection.settings_dict["NAME"])}


def place(tmp_path, name):
    from django.db import connection

    return another_database(str(tmp_path / f"{name}.sqlite3") if connection.vendor == "sqlite" else name)


@pytest.fixture
def copied(database, tmp_path):
    """A backup of a workbench with rows of every model, packets and uploaded tables among them."""
    file = tmp_path / "copy"
    with place(tmp_path, "first") as first:
        write(first, at_release(first, RELEASES[-1].stem), ROWS)
        backup(at(first), file)
    return file


def refused(*arguments, **more):
    with pytest.raises(InputError) as stopped:
        restore(*arguments, **more)
    return str(stopped.value)


def test_what_was_backed_up_comes_back_in_an_empty_place(copied, tmp_path):
    from django.core.management import call_command

    assert copied.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    with place(tmp_path, "second") as second:
        second.close()
        assert restore(at(second), copied, aside=tmp_path) is None
        call_command("migrate", verbosity=0, interactive=False)
        assert list(lost(ROWS)) == []


def test_a_workbench_gives_way_only_where_that_was_said_and_is_kept(copied, tmp_path):
    from django.core.management import call_command

    with place(tmp_path, "second") as second:
        models = at_release(second, RELEASES[-1].stem)
        models.get_model("web.organisation").objects.create(name="The one before")
        second.close()
        assert "--replace" in refused(at(second), copied, aside=tmp_path)
        with second.cursor() as cursor:
            cursor.execute("SELECT name FROM web_organisation")
            assert cursor.fetchall() == [("The one before",)]
        second.close()
        kept = restore(at(second), copied, replace=True, aside=tmp_path)
        call_command("migrate", verbosity=0, interactive=False)
        assert list(lost(ROWS)) == []
    with place(tmp_path, "third") as third:
        third.close()
        restore(at(third), kept, aside=tmp_path)
        with third.cursor() as cursor:
            cursor.execute("SELECT name FROM web_organisation")
            assert cursor.fetchall() == [("The one before",)]


def test_nothing_is_restored_under_a_server_that_runs(copied, tmp_path):
    with place(tmp_path, "second") as second:
        write(second, at_release(second, RELEASES[-1].stem), ROWS[:1])
        with another_connection(second):
            assert "Stop the server" in refused(at(second), copied, replace=True, aside=tmp_path)
        with second.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM web_person")
            assert cursor.fetchone() == (1,)


def another_connection(connection):
    """A connection such as a server's worker holds."""
    connection.close()
    if connection.vendor == "sqlite":
        opened = sqlite3.connect(connection.settings_dict["NAME"])
        opened.execute("SELECT count(*) FROM web_person").fetchall()
        return closing(opened)
    made = connection.copy()
    made.ensure_connection()
    return closing(made)


def test_a_file_that_is_no_backup_changes_nothing(copied, tmp_path):
    wrong = tmp_path / "wrong"
    head = copied.read_bytes()
    files = {
        b"hello": "something else",
        head[: len(head) // 2]: "",
        b"": "something else",
    }
    with place(tmp_path, "second") as second:
        write(second, at_release(second, RELEASES[-1].stem), ROWS[:1])
        second.close()
        for content, says in files.items():
            wrong.write_bytes(content)
            said = refused(at(second), wrong, replace=True, aside=tmp_path)
            assert says in said
            assert str(tmp_path / "wrong") in said or "pg_restore" in said
        with second.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM web_person")
            assert cursor.fetchone() == (1,)


def test_a_damaged_database_gives_way_to_its_backup(database, copied, tmp_path):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("a file of one's own is SQLite's alone")
    target = tmp_path / "damaged.sqlite3"
    target.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    kept = restore({**at(connection), "NAME": str(target)}, copied, replace=True, aside=tmp_path)
    assert kept.stat().st_size == 5016
    with closing(sqlite3.connect(target)) as opened:
        assert opened.execute("SELECT count(*) FROM web_person").fetchone()[0] > 1
