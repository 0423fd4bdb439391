"""The packet of a study, made in the worker."""

import io
import zipfile

import pytest
from test_access import EDIT, SEE, answers
from workbench import run_waiting

pytestmark = pytest.mark.heavy


@pytest.fixture
def studied(world):
    from interlocal.web.actions import studies

    run = studies.ask_for_study(revision=world.case.head, audience="partners", by=world.alice, draws=200)
    run_waiting()
    run.refresh_from_db()
    return run


def test_who_reads_a_packet_and_who_has_it_made(world, at, studied):
    url = f"{world.url}studies/{studied.pk}/packet/"
    assert answers(world, at, "get", url) == SEE
    assert answers(world, at, "post", url) == EDIT
    nothing = {k: 302 if k == "public" else 404 for k in SEE}
    assert answers(world, at, "get", f"{url}packet.zip") == nothing


@pytest.mark.slow
def test_every_document_is_made_and_can_be_fetched(world, at, studied):
    from interlocal.web.models import Packet
    from interlocal.web.tasks import make_packet

    url, alice = f"{world.url}studies/{studied.pk}/packet/", at(world.alice)
    alice.post(url)
    assert "being made" in alice.get(url).content.decode()
    make_packet.func(Packet.objects.get().pk)
    names = zipfile.ZipFile(io.BytesIO(alice.get(f"{url}packet.zip").content)).namelist()
    assert {n.rpartition(".")[2] for n in names} >= {"pdf", "docx", "xlsx"}
    page = alice.get(url).content.decode()
    assert {"brief.es.pdf", "victories.es.pdf"} <= set(names)
    assert "Brief of two pages, Español (a draft" in page
    for name in names:
        assert name in page
        assert alice.get(url + name).content
    assert alice.get(f"{url}../../../etc/passwd").status_code == 404
    assert answers(world, at, "get", f"{url}packet.zip") == SEE
