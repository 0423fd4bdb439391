"""Bring a data folder up: the database's tables, the static files, on an empty one the example and the first link."""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def set_up() -> None:
    """Load Django with our settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interlocal.web.settings")
    django.setup()


def migrate() -> None:
    """Bring the tables up to date."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Put style sheets, fonts and scripts where they are served from, compressed and named by their content."""
    call_command("collectstatic", verbosity=0, interactive=False)


def first_link() -> str | None:
    """On a workbench without accounts, load the example and return the path of the link for its first owner."""
    from interlocal.web import examples  # noqa: PLC0415 - models need Django loaded
    from interlocal.web.actions import cases, people  # noqa: PLC0415
    from interlocal.web.models import CaseRecord, Invitation, Organisation, Person  # noqa: PLC0415
    from interlocal.web.models.people import UNNAMED  # noqa: PLC0415

    if Person.objects.exists():
        return None
    home = Organisation.objects.first() or people.start_organisation(name=UNNAMED, owner=None)
    if not CaseRecord.objects.exists() and examples.FIRST in examples.titles():
        cases.start_case(case=examples.case(examples.FIRST), organisation=home, by=None, about="The example")
    # Links of earlier starts may lie about in a log: the newest alone opens.
    Invitation.objects.filter(organisation=home, created_by=None, used_at=None).delete()
    token = people.invite(role="owner", by=None, organisation=home, whom="the first owner")
    return f"/invitations/{token}/"
