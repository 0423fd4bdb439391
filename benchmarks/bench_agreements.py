"""How long each page of the workbench over agreements takes: a hundred agreements, thirty members, ten years of records.

Each page is asked for in one process through Django's test client, without a network. *First* is the first time on a day
for an agreement, when its figures are worked out; *again* is any later time, when they are read from what is kept. A list
is asked for *first* when nothing at all is kept, as by whoever comes first on a day.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent))
from bench_partnership import AGREEMENTS, MEMBERS, YEARS, _plain

GOAL, ASKED, OFTEN, DAYS = 150, 40, 100, 5
"""Milliseconds that a page may take; agreements that each page is asked of; how often a list is; on how many days first."""
PAGES = ("", "says/", "money/?year=2025", "money/2025/m1/", "money/2025/again/", "money/leaving/?who=m1", "promised/", "rhythm/", "relationship/", "figures/", "victories/", "endings/", "renewal/", "directory/", "history/", "edit/about/", "money/2025/invoices.csv", "agreement.xlsx")  # fmt: skip
LISTS = ("/agreements/", "/agreements/?within=365", "/agreements/pairs.csv", "/directory/")


def run() -> str:
    """Return the section of the results on the agreements' pages."""
    with tempfile.TemporaryDirectory(prefix="interlocal-bench-") as folder:
        os.environ |= {"INTERLOCAL_DATA": folder, "DJANGO_SETTINGS_MODULE": "interlocal.web.settings"}
        return _measured()


def _measured() -> str:
    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["*"]
    import logging

    logging.disable(logging.CRITICAL)
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    person, records = _filled()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(f"/agreements/{records[-1].pk}/")  # the first picture loads the drawing library
    lines = [
        "## Agreements in the workbench",
        "",
        f"{AGREEMENTS} agreements × {MEMBERS} members × {YEARS} years of records; each page of {ASKED} of them, in one process. Goal of a page: {GOAL} ms at the 95th percentile; the workbook is a file that people wait for.",
        "",
        "| page | first, median [ms] | first, p95 [ms] | again, median [ms] | again, p95 [ms] |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for page in PAGES:
        addresses = [f"/agreements/{r.pk}/{page}" for r in records[:ASKED]]
        lines.append(_row(f"an agreement: `{page or '/'}`", client, addresses))
    lines += [_list_row(page, client) for page in LISTS]
    return "\n".join(lines)


def _row(name: str, client: object, addresses: list[str]) -> str:
    first, again = ([_took(client, a) for a in addresses] for _ in range(2))
    return _said(name, first, again)


def _list_row(page: str, client: object) -> str:
    from django.core.cache import cache

    first = []
    for _ in range(DAYS):
        cache.clear()
        first.append(_took(client, page))
    return _said(f"`{page}`", first, [_took(client, page) for _ in range(OFTEN)])


def _said(name: str, first: list[float], again: list[float]) -> str:
    figures = (median(first), _p95(first), median(again), _p95(again))
    return f"| {name} | {' | '.join(f'{x:.0f}' for x in figures)} |"


def _took(client, address: str) -> float:
    started = time.perf_counter()
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return 1000 * (time.perf_counter() - started)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _filled():
    from interlocal.partnership.document import apart
    from interlocal.partnership.register import Register
    from interlocal.web.actions import cases
    from interlocal.web.models import ListingConsent, Membership, Organisation, Person

    register = Register.model_validate_json(json.dumps(_plain()))
    home = Organisation.objects.create(name="Council")
    person = Person.objects.create_user("bench@example.org", None, name="Bench")
    Membership.objects.create(person=person, organisation=home, role="owner")
    made = cases.start_agreements(agreements=apart(register), organisation=home, by=person, about="Started")
    ListingConsent.objects.bulk_create(
        ListingConsent(case=r, party=p, results=True) for r in made for p in r.head.partnership.members()
    )
    return person, made
