"""Databases as earlier releases wrote them, for the tests of migrations and of backups.

``releases/NAME.json`` holds rows of every model as the release with the migration NAME wrote them through its own
actions; only long results (a study's document and screens, a packet's files, a region's table) are cut short.
"""

import json
from contextlib import contextmanager
from pathlib import Path

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.json"))


def rows_of(release):
    return json.loads(release.read_text(encoding="utf-8"))


@contextmanager
def another_database(name):
    """Work in an empty database of this name in place of the others', and drop it afterwards."""
    from django.core.cache import cache
    from django.db import connection

    held = connection.settings_dict["NAME"]
    connection.close()
    _on_postgres(connection, f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict["NAME"] = held
        _on_postgres(connection, f"DROP DATABASE {name}")
        cache.clear()


def _on_postgres(connection, command):
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(command)


def at_release(connection, name):
    """Bring the tables to where a release had them, and return its models."""
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    call_command("createcachetable", verbosity=0)
    executor = MigrationExecutor(connection)
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] != "web"]
    before = executor.loader.project_state([*others, ("web", name)])
    executor.migrate([*others, ("web", name)])
    return before.apps


def write(connection, models, rows):
    """Write the rows of a release with its own models; return the models that have rows."""
    from django.core.management.color import no_style
    from django.db import transaction

    written = set()
    with transaction.atomic():
        for row in rows:
            model = models.get_model(row["model"])
            written.add(model)
            meta, fields = model._meta, row["fields"]
            values = {
                f.attname: f.to_python(fields[f.name]) for f in meta.concrete_fields if f.name in fields
            }
            made = model(**values, **{meta.pk.attname: meta.pk.to_python(row["pk"])})
            made.save_base(raw=True, force_insert=True)
            for field in meta.many_to_many:
                if field.name in fields:
                    getattr(made, field.name).set(fields[field.name])
    with connection.cursor() as cursor:
        for command in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(command)
    return written


def lost(rows):
    """Yield what today's models no longer hold of the rows of a release."""
    from django.apps import apps

    for row in rows:
        model = apps.get_model(row["model"])
        now = model._base_manager.filter(pk=row["pk"]).first()
        for name, value in row["fields"].items():
            field = model._meta.get_field(name)
            held = getattr(now, field.attname, None)
            if field.many_to_many:
                held = sorted(held.values_list("pk", flat=True)) if now else None
            if now is None or _plain(held) != _plain(field.to_python(value)):
                yield row["model"], row["pk"], name, held


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value
