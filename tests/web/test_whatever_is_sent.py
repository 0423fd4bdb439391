"""Whatever a browser sends into the fields of our forms, nobody meets a fault of ours."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

DIGITS = "9" * 5000
"""More digits than Python makes a number of."""
ALL = ("\x00", "٣", "1e308M", "x" * 5000, DIGITS)
"""Sent into all fields of a form at once."""
HIDDEN = ("base", "do", "edition", "page", "revision", "corrects")
"""What buttons and links send beside the fields."""


class Forms(HTMLParser):
    """The forms of a page, with what their fields hold, and its links."""

    def __init__(self):
        super().__init__()
        self.found, self.links, self.inside = [], [], False

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.inside = True
            self.found.append((a.get("action"), a.get("method", "get").lower(), {}))
        elif tag == "a" and a.get("href"):
            self.links.append(a["href"])
        elif self.inside and tag in {"input", "textarea", "select", "button"} and a.get("name"):
            ticked = a.get("type") not in {"checkbox", "radio"} or "checked" in a
            held = self.found[-1][2]
            held[a["name"]] = a.get("value", "") if ticked else held.get(a["name"], "")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


def met(client, start):
    """Yield each form once that can be reached: where it is sent, how, and its fields."""
    from django.urls import Resolver404, resolve

    waiting, seen, known = list(start), set(), set()
    while waiting:
        url = waiting.pop(0)
        try:
            route = resolve(url.partition("?")[0]).route
        except Resolver404:
            continue
        shape = re.sub(r"/\d+", "/N", url) if "/edit/" in url else route
        if shape in seen or route.startswith("accounts/"):
            continue
        seen.add(shape)
        answer = client.get(url)
        if "html" not in answer.get("Content-Type", ""):
            continue
        page = Forms()
        page.feed(answer.content.decode())
        waiting += [u.partition("#")[0] for link in page.links if (u := urljoin(url, link)).startswith("/")]
        for action, method, fields in page.found:
            to = urljoin(url, action or "").partition("?")[0]
            fields.pop("csrfmiddlewaretoken", None)
            what = (resolve(to).route, *sorted({re.sub(r"\d+", "N", k) for k in fields}))
            if what not in known and not to.startswith("/accounts/"):
                known.add(what)
                yield to, method, fields


@pytest.mark.slow
def test_no_field_of_a_form_brings_a_fault(world, at):
    from agreements import hosted
    from django.db import transaction
    from open_process import commented, published
    from raters import links, opened
    from together import bodies, put

    from interlocal.web.models import CaseMember, RegionRecord

    put(bodies(world))
    commented(published(world))
    rater = f"/answer/{links(world, opened(world), 1)[0]}/"
    agreement, client, public = hosted(world), at(world.alice), at()
    CaseMember.objects.create(case=world.case, person=world.alice, role="facilitator")
    client.post("/regions/new/", {"from": "example"})
    for one in (client, public):
        one.raise_request_exception = False
    begin = [world.url, f"/agreements/{agreement.pk}/", f"/regions/{RegionRecord.objects.get().pk}/", f"/organisations/{world.town.pk}/", "/cases/"]  # fmt: skip
    faults, sent = [], 0
    for person, start in ((client, begin), (public, [rater, "/public/"])):
        for to, method, fields in met(person, start):
            names = list({re.sub(r"\d+", "N", n): n for n in fields}.values())
            tries = [{**fields, n: DIGITS} for n in HIDDEN]
            tries += [dict.fromkeys(names, value) for value in ALL]
            for entry in tries:
                with transaction.atomic():
                    answer = getattr(person, method)(to, entry)
                    transaction.set_rollback(True)
                sent += 1
                if answer.status_code >= 500:
                    changed = {k: str(v)[:12] for k, v in entry.items() if v != fields.get(k)}
                    faults.append((method, to, changed))
    assert faults == []
    assert sent > 500


def test_a_character_that_no_database_keeps_is_taken_out_and_the_rest_is_kept(world, at):
    from interlocal.web.actions.tokens import make_token
    from interlocal.web.models import Comment

    at(world.alice).post(f"{world.url}comments/", {"on": "case", "text": "from a\x00 page"})
    assert at(world.alice).get(f"{world.url}edit/about%00/").status_code == 404
    assert at(world.alice).get(f"{world.url}comments/?show=%00open").status_code == 200
    headers = {"authorization": f"Bearer {make_token(person=world.alice, name='x', scopes=['comment'])}"}
    body = '{"on": "case", "text": "from a\\u0000 program\\ud800"}'
    answer = at().post(f"/api/v1{world.url}comments", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    assert sorted(c.text for c in Comment.objects.all()) == ["from a page", "from a program"]


def test_a_file_that_holds_such_a_character_is_refused(world, at):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from interlocal.web import examples

    whole = examples.case("starter").canonical_json()
    for title, status in (("A\\u0000B", 422), ("A\\\\u0000B", 302)):
        text = whole.replace(f'"title":"{world.case.title}"', f'"title":"{title}"')
        assert text != whole
        file = SimpleUploadedFile("case.json", text.encode())
        said = at(world.alice).post("/cases/new/", {"from": "file", "file": file})
        assert said.status_code == status
    assert b"U+0000" in at(world.alice).post("/cases/new/", {"from": "file", "file": SimpleUploadedFile("c.json", whole.replace(world.case.title, "A\\u0000B").encode())}).content  # fmt: skip
