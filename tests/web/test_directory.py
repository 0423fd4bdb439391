"""The public directory holds what every member chose to show, and promised against actual what the members see."""

import csv
import io

import pytest
from agreements import codes, everyone, hosted

OTHERS = ("pinecrest", "millbrook", "ridgeway", "saltmarsh", "thornfield", "wexley")


@pytest.fixture
def record(world):
    return hosted(world)


def public(at, query=""):
    response = at().get(f"/directory/{query}")
    assert response.status_code == 200
    return response.content.decode()


def agree(world, at, record, *, but=(), results="on"):
    for party in (p for p in OTHERS if p not in but):
        at(world.bob).post(
            f"/agreements/{record.pk}/directory/{party}/",
            {"do": "consent", "kept_where": "Minutes", "results": results},
        )
    at(world.charlie).post(
        f"/agreements/{record.pk}/directory/harbor/", {"do": "consent", "results": results}
    )


def test_an_agreement_stands_in_the_directory_once_every_member_consents_and_until_one_takes_it_back(world, at, record):  # fmt: skip
    agree(world, at, record, but=("wexley",))
    assert "Seven Coves Dispatch" not in public(at)
    agree(world, at, record)
    page = public(at)
    assert all(
        word in page for word in ("Seven Coves Dispatch", "Harborview", "Wexley", "2022-07-01", "made up")
    )
    at(world.charlie).post(f"/agreements/{record.pk}/directory/harbor/", {"do": "take_back"})
    assert "Seven Coves Dispatch" not in public(at)


def test_results_are_shown_where_every_member_wants_it_and_never_otherwise(world, at, record):
    agree(world, at, record)
    assert "not published" not in public(at)
    agree(world, at, record, results="")
    assert "not published" in public(at)


def test_an_agreement_that_does_not_say_that_it_is_listed_is_not(world, at):
    record = hosted(world, publication=None)
    agree(world, at, record)
    assert "Seven Coves Dispatch" not in public(at)


def test_each_member_speaks_for_itself_and_the_host_records_for_those_without_a_seat_here(world, at, record):
    from interlocal.web.models import ListingConsent

    url = f"/agreements/{record.pk}/directory/"
    assert codes(world, at, url) == everyone(200)
    consent = {"do": "consent", "kept_where": "Minutes"}
    nobody_else = everyone(403, charlie=302)
    assert codes(world, at, f"{url}harbor/", "post", consent) == nobody_else
    recorded = everyone(302, rita=403, vic=403, charlie=403)
    assert codes(world, at, f"{url}wexley/", "post", consent) == recorded
    at(world.alice).post(f"{url}wexley/", {"do": "consent"})
    assert not ListingConsent.objects.exists(), "where it is kept has to be said"
    assert at(world.alice).post(f"{url}nobody/", consent).status_code == 404


def test_a_host_that_takes_a_members_name_does_not_speak_for_it(world, at, record):
    world.town.name = "Harborview"
    world.town.save()
    url = f"/agreements/{record.pk}/directory/harbor/"
    assert at(world.alice).post(url, {"do": "consent", "kept_where": "Minutes"}).status_code == 403


def test_the_directory_is_found_by_service_or_member_and_speaks_spanish(world, at, record):
    agree(world, at, record)
    assert "Seven Coves Dispatch" in public(at, "?q=pinecrest")
    assert "No agreement fits" in public(at, "?q=nowhere")
    assert "Servicios compartidos" in public(at, "?lang=es")
    assert "&lt;script&gt;" in public(at, "?q=<script>")


def test_an_empty_directory_says_what_it_will_show(at, world):
    assert "No agreement is public at the moment" in public(at)


def test_promised_against_actual_shows_the_gap_and_who_certified(world, at, record):
    url = f"/agreements/{record.pk}/promised/"
    assert codes(world, at, url) == everyone(200)
    page = at(world.charlie).get(url).content.decode()
    assert all(word in page for word in ("frozen on 2022-03-08", "Volume", "Moved", "Auditor of Harborview County", "<svg"))  # fmt: skip


def test_without_a_promise_the_page_says_how_one_comes_about(world, at):
    record = hosted(world, baseline=None, records=None)
    page = at(world.alice).get(f"/agreements/{record.pk}/promised/").content.decode()
    assert "We do not know" in page
    assert "from a case that was adopted" in page


def test_claimed_and_realised_pairs_come_without_names_and_of_ones_own_agreements_alone(world, at, record):
    text = at(world.alice).get("/agreements/pairs.csv").content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert float(row["claimed_share"]) > 0
    assert not any(word in text.casefold() for word in ("seven", "harbor", "wexley"))
    assert len(at(world.sam).get("/agreements/pairs.csv").content.decode().splitlines()) == 1
    assert at().get("/agreements/pairs.csv").status_code == 302
