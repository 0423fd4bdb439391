"""What is new on a public page as an Atom feed (RFC 4287): editions, dates and answers, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from interlocal.web import public_page
from interlocal.web.actions.residents import cleaned
from interlocal.web.models import Answer, Publication, ResidentComment

ATOM = "http://www.w3.org/2005/Atom"
MOST = 100


@dataclass(frozen=True)
class Entry:
    """Something new."""

    id: str
    title: str
    text: str
    at: dt.datetime
    link: str


def atom(publication: Publication, code: str, page: str, here: str) -> bytes:
    """Return a feed.

    Parameters
    ----------
    page, here
        Absolute addresses of the page and of the feed.
    """
    say = public_page.frame(code)["say"]
    entries = sorted(_entries(publication, code, say, page), key=lambda e: (e.at, e.id), reverse=True)[:MOST]
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": code})
    _text(root, "id", _id(publication, page, "page"))
    _text(root, "title", say["feed_title"].format(title=publication.title))
    _text(root, "updated", max(e.at for e in entries).isoformat())
    _text(ET.SubElement(root, "author"), "name", publication.organisation)
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{here}?lang={code}"})  # fmt: skip
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": f"{page}?lang={code}"})
    for e in entries:
        entry = ET.SubElement(root, "entry")
        _text(entry, "id", e.id)
        _text(entry, "title", e.title)
        _text(entry, "updated", e.at.isoformat())
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": e.link})
        _text(entry, "content", e.text, type="text")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entries(publication: Publication, code: str, say: Mapping[str, str], page: str) -> Iterator[Entry]:
    if not publication.stands:
        told, down = public_page.stub(publication, say), publication.take_downs.filter(edition=None).first()
        if down is not None:
            yield Entry(_id(publication, page, f"gone-{down.pk}"), say["feed_gone"], f"{told['stub']} {say['stub_why']} {told['why']}", down.at, f"{page}?lang={code}")  # fmt: skip
        return
    yield from _editions(publication, code, say, page)
    yield from _dates(publication, code, say, page)
    answers = Answer.objects.filter(comment__publication=publication, comment__state=ResidentComment.State.SHOWN, taken_back_at=None)  # fmt: skip
    for a in answers.select_related("comment").order_by("-at")[:MOST]:
        title = say["feed_answer"].format(n=a.comment.number)
        link = f"{page}?lang={code}#comment-{a.comment.number}"
        yield Entry(_id(publication, page, f"answer-{a.pk}"), title, a.text, a.at, link)


def _editions(publication: Publication, code: str, say: Mapping[str, str], page: str) -> Iterator[Entry]:
    for row in public_page.editions(publication, code, say):
        e = row["edition"]
        text = row["gone"] or " ".join([*([say["edition_first"]] if row["first"] else []), e.changed, *row["changes"]])  # fmt: skip
        link = f"{page}editions/{e.number}/?lang={code}"
        yield Entry(_id(publication, page, f"edition-{e.number}"), say["feed_edition"].format(n=e.number), text, e.at, link)  # fmt: skip


def _dates(publication: Publication, code: str, say: Mapping[str, str], page: str) -> Iterator[Entry]:
    """Yield each date of the latest edition, as of the edition that first told it."""
    told: dict[tuple[str, str], Any] = {}
    editions = list(publication.editions.order_by("number"))
    for e in editions:
        for on, text in e.content["dates"]:
            told.setdefault((on, text), e.at)
    for on, text in editions[-1].content["dates"]:
        name = sha256(f"{on} {text}".encode()).hexdigest()[:12]
        title = say["feed_date"].format(day=on)
        yield Entry(_id(publication, page, f"date-{name}"), title, text, told[(on, text)], f"{page}?lang={code}#dates")  # fmt: skip


def _id(publication: Publication, page: str, name: str) -> str:
    """Return an id that never changes, by RFC 4151."""
    return f"tag:{urlsplit(page).hostname},2026:public/{publication.pk}/{name}"


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    # A title may hold what XML cannot: control characters.
    ET.SubElement(parent, name, attributes).text = cleaned(text)
