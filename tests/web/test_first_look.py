"""What somebody meets who sees the workbench for the first time: names in place of ids, and a way on from every page."""

import re

import pytest


def text(client, url):
    return client.get(url).content.decode()


def test_entries_are_called_by_the_names_of_what_they_are_about(world, at):
    page = text(at(world.alice), f"{world.url}edit/spending/")
    assert "Entry 1: Alder Falls, 2025" in page
    assert "Entry 2: Birch Hollow, 2025" in page


def test_amounts_say_their_currency_and_how_they_can_be_written(world, at):
    page = text(at(world.alice), f"{world.url}edit/spending/")
    assert 'Amount <span class="note">in USD</span>' in page
    assert "180–210k" in page
    assert "180–210k" not in text(at(world.vic), f"{world.url}edit/spending/")
    assert "180–210k" not in text(at(world.alice), f"{world.url}edit/votes/")


def test_an_amount_in_another_currency_does_not_claim_the_cases_own(world, at):
    from together import change

    spending = [{**s, "amount": {"value": 1, "currency": "CAD", "year": 2025}} for s in world.case.head.data["spending"]]  # fmt: skip
    rates = {
        **world.case.head.data["assumptions"],
        "exchange_rates": [{"currency": "CAD", "rate": 0.73, "year": 2025, "source": "x"}],
    }
    change(world, spending=spending, assumptions=rates)
    assert "in USD" not in text(at(world.alice), f"{world.url}edit/spending/")


def test_the_pages_of_the_path_lead_from_the_first_to_the_study(world, at):
    from interlocal.web.guide import PATH

    client, seen, url = at(world.vic), [], f"{world.url}edit/about/"
    while "/edit/" in url:
        seen.append(url.removeprefix(f"{world.url}edit/").strip("/"))
        url = re.search(r'<a href="([^"]+)">Next: ', text(client, url)).group(1)
    assert url == f"{world.url}studies/"
    assert seen == list(dict.fromkeys(p.path for s in PATH for p in s.pages))


@pytest.mark.parametrize(("deep", "back"), [("options/0", "options"), ("options/0/lines", "options/0")])
def test_a_page_in_depth_leads_back(world, at, deep, back):
    assert f'<a href="{world.url}edit/{back}/">‹ Back to ' in text(at(world.vic), f"{world.url}edit/{deep}/")


def test_the_first_owner_is_asked_to_name_the_organisation(world, at):
    from interlocal.web.actions import people

    assert "Give it its name" not in text(at(world.alice), "/cases/")
    people.rename_organisation(organisation=world.town, name="Our government", by=world.alice)
    seen = {n: "Give it its name" in text(at(getattr(world, n)), "/cases/") for n in ("alice", "bob", "charlie")}  # fmt: skip
    assert seen == {"alice": True, "bob": False, "charlie": False}
