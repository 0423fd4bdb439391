"""Databases of earlier releases: brought up to date, they have lost nothing and go on working."""

import pytest
from earlier import RELEASES, another_database, at_release, lost, rows_of, write

pytestmark = pytest.mark.heavy


@pytest.fixture
def fresh(database, tmp_path):
    from django.db import connection

    with another_database(
        str(tmp_path / "earlier.sqlite3") if connection.vendor == "sqlite" else "earlier"
    ) as made:
        yield made


def pages(person):
    """Return every page and file that a release could show, and what it answers today."""
    from django.test import Client

    from interlocal.web import policies
    from interlocal.web.models import Comparison, Packet, RegionRun

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    urls = ["/cases/", "/agreements/", "/regions/", "/organisations/", "/tokens/"]
    for case in policies.cases_of(person):
        rest = ("", "download/", "people/", "history/", "history/difference/", "audit/", "audit/?as=csv", "edit/about/",
                "studies/", "compare/", "surveys/", "statements/", "comments/", "decisions/", "public/")  # fmt: skip
        urls += [f"/cases/{case.pk}/{r}" for r in rest]
        urls += [f"/cases/{case.pk}/surveys/{s.kind}/" for s in case.surveys.all()]
        urls += [f"/cases/{case.pk}/statements/{s.number}/" for s in case.statements.all()]
        for run in case.studies.filter(status="done"):
            at = f"/cases/{case.pk}/studies/{run.pk}/"
            urls += [at + r for r in ("overview/", "people/", "study.json", "packet/")]
            urls += [f"{at}packet/{n}" for n in ("packet.zip", "brief.pdf") if Packet.objects.filter(run=run)]
        urls += [f"/cases/{case.pk}/compare/{c.pk}/" for c in Comparison.objects.filter(case=case)]
    for agreement in policies.agreements_of(person):
        at = f"/agreements/{agreement.pk}/"
        urls += [
            at + r for r in ("", "download/", "history/", "edit/about/", "money/", "promised/", "renewal/")
        ]
    for region in policies.regions_of(person):
        urls += [f"/regions/{region.pk}/", f"/regions/{region.pk}/mapping/"]
        urls += [f"/regions/{region.pk}/runs/{r.pk}/services/" for r in RegionRun.objects.filter(region=region)]  # fmt: skip
    return {url: client.get(url, follow=True).status_code for url in urls}


@pytest.mark.parametrize("release", RELEASES, ids=[r.stem for r in RELEASES])
def test_a_database_of_an_earlier_release_loses_nothing_and_goes_on(fresh, release):
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.core.management import call_command

    rows = rows_of(release)
    models = at_release(fresh, release.stem)
    written = write(fresh, models, rows)
    own = {m for m in models.get_app_config("web").get_models() if not m._meta.proxy}
    assert own <= written, "the release had models of which no row was kept here"

    call_command("migrate", verbosity=0, interactive=False)
    assert list(lost(rows)) == []

    from interlocal.web.actions import cases
    from interlocal.web.models import CaseRecord, Person, Revision

    for revision in Revision.objects.select_related("case"):
        said = revision.partnership if revision.case.kind == "agreement" else revision.read
        assert said.sha256 == revision.sha256, "the core reads it as it was written, to the letter"
    alice = Person.objects.get(email="alice@example.org")
    assert {u: s for u, s in pages(alice).items() if s != 200} == {}
    if alice.password.startswith("pbkdf2"):
        assert PBKDF2PasswordHasher().verify("a long enough password", alice.password)
    record = CaseRecord.objects.first()
    latest = record.head
    made = cases.save_case(record=record, case=latest.read.model_copy(update={"title": "Today"}), base=latest.number, by=alice, about="Today")  # fmt: skip
    assert made.number == latest.number + 1


def test_the_first_release_is_among_them():
    assert RELEASES[0].stem == "0001_initial"
