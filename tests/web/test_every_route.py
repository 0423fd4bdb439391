"""Every view and every route of the interface for programs, with everybody: what a policy promises is what they get.

The table of powers is written here once more, and not taken from the code. A stranger gets for what exists, to the
letter, what anybody gets for what does not.
"""

import re
import uuid

import pytest
from test_access import EVERYONE, routes

HAVE = {
    "see": {"alice", "bob", "rita", "vic", "charlie", "fay"},
    "rate": {"alice", "bob", "rita", "charlie", "fay"},
    "edit": {"alice", "bob", "charlie", "fay"},
    "manage": {"alice", "fay"},
}
"""Who holds a power in a case of Alder, in which Birch (Charlie) is a partner and Fay facilitates."""
AT_HOME = {"owner": {"alice"}, "editor": {"bob"}, "rater": {"rita"}, "viewer": {"vic"}}
"""Who has which role in Alder."""
NOBODYS = uuid.UUID(int=7)
FILLING = {
    "path": "about",
    "name": "packet.zip",
    "slug": "none",
    "token": "none",
    "kind": "safety",
    "screen": "overview",
    "organisation_slug": "alder",
    "party": "alder",
}
FURTHER = re.compile(r"<(?:(\w+):)?(\w+)>")


@pytest.fixture
def there(world, at):
    """What exists: a case, an agreement, a region and an organisation, by what the addresses call it."""
    from agreements import hosted

    from interlocal.web.models import RegionRecord

    at(world.alice).post("/regions/new/", {"from": "example"})
    return {
        "case": world.case.pk,
        "agreement": hosted(world).pk,
        "region": RegionRecord.objects.get().pk,
        "organisation": world.town.pk,
    }


def address(route, first):
    """Return an address of a route: with this id for the first of its parts, and nothing that exists for the others."""
    seen = []

    def fill(found):
        kind, name = found.groups()
        seen.append(name)
        if len(seen) == 1 and kind == "uuid":
            return str(first)
        return str(NOBODYS) if kind == "uuid" else "1" if kind == "int" else FILLING.get(name, "none")

    return "/" + FURTHER.sub(fill, route)


def ours():
    from django.urls import get_resolver

    for route, view in routes(get_resolver().url_patterns):
        if not route.startswith(("accounts/", "api/v1/")):
            yield route, view.policy


def about(route):
    """Return of what kind of thing the first part of a route is; None where it is of nobody."""
    found = FURTHER.search(route)
    return found.group(2) if found and found.group(1) == "uuid" and found.group(2) in KINDS else None


KINDS = ("case", "agreement", "region", "organisation")


def allowed(policy, kind):
    """Return who gets past a policy, as this file understands it."""
    _, _, what = policy.partition(":")
    if kind in {"case", "agreement"}:
        # The books of an agreement are kept by its host; a partner reads them, and speaks for itself.
        return HAVE[what] - ({"charlie"} if kind == "agreement" and what == "edit" else set())
    roles = AT_HOME if what == "member" else {r: AT_HOME[r] for r in what.split("/")}
    return set().union(*roles.values())


def sent(client, method, url):
    """Return what somebody gets, and undo what it did."""
    from django.db import transaction

    with transaction.atomic():
        answer = getattr(client, method)(url)
        found = answer.status_code, answer.get("Location", ""), answer.getvalue()
        transaction.set_rollback(True)
    return found


@pytest.mark.slow
def test_everybody_gets_from_every_view_what_its_policy_says(world, at, there):
    clients = {n: at(getattr(world, n, None)) for n in EVERYONE}
    met = 0
    for route, policy in ours():
        kind = about(route)
        if kind is None:
            continue
        may = allowed(policy, kind)
        url = address(route, there[kind])
        for method in ("get", "post"):
            for name, client in clients.items():
                status, location, _ = sent(client, method, url)
                told = (route, policy, method, name, status)
                assert status < 500, told
                if status == 405:
                    continue
                met += 1
                if name == "public":
                    assert status == 302, told
                    assert location.startswith("/accounts/login/"), told
                elif name in may:
                    assert "accounts/login" not in location, told
                elif name in HAVE["see"] and (kind in {"case", "agreement"} or name in set().union(*AT_HOME.values())):  # fmt: skip
                    assert status == 403, told
                else:
                    assert status == 404, told
    assert met > 500


def test_what_exists_and_what_does_not_look_alike_to_strangers(world, at, there):
    plain = re.compile(rb'[0-9a-f]{8}-[0-9a-f-]{27}|value="\w{64}"')
    for name, client in (("sam", at(world.sam)), ("public", at())):
        for route, _policy in ours():
            kind = about(route)
            if kind is None:
                continue
            for method in ("get", "post"):
                real, none = (sent(client, method, address(route, i)) for i in (there[kind], NOBODYS))
                assert real[0] == none[0], (name, method, route)
                assert plain.sub(b"", real[2]) == plain.sub(b"", none[2]), (name, method, route)


def test_programs_of_strangers_learn_as_little(world, at, there):
    from interlocal.web.actions.tokens import make_token
    from interlocal.web.api.tokens import SCOPES

    token = make_token(person=world.sam, name="x", scopes=SCOPES)
    client, met = at(), 0
    headers = {"authorization": f"Bearer {token}"}
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        kind = next((k for k in KINDS if f"{{{k}}}" in path), None)
        if kind is None:
            continue
        for method in methods:
            answers = []
            for first in (there[kind], NOBODYS):
                url = path.format_map(_Filled({kind: first}))
                answer = client.generic(method.upper(), url, "{}", content_type="application/json", headers=headers)  # fmt: skip
                answers.append((answer.status_code, answer.content))
            assert answers[0] == answers[1], (method, path)
            assert answers[0][0] in {404, 422}, (method, path, answers[0])
            met += 1
    assert met > 40


class _Filled(dict):
    """What stands in a path: the id that is tried, and nothing that exists for the rest."""

    def __missing__(self, name):
        return "1" if name in {"number", "year", "place"} else FILLING.get(name, NOBODYS)
