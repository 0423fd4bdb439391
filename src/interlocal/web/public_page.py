"""A public page as its template fills it in: content of an edition, in a language, with comments and what came before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from statistics import median
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Min
from django.utils import timezone

from interlocal.report import public_words
from interlocal.report.language import DRAFT, NAMES, languages, speaking
from interlocal.report.naming import by_document
from interlocal.web.models import Answer, Edition, Publication, ResidentComment
from interlocal.web.publishing import changes, readable

EACH = 25
"""Comments on a page."""


def frame(code: str) -> dict[str, Any]:
    """Return what every public page needs: its words, its language, the others."""
    with speaking(code):
        say = public_words.page()
    others = [(c, NAMES[c]) for c in languages() if c != code]
    return {"say": say, "lang": code, "others": others, "is_draft": code in DRAFT}


def whole(
    publication: Publication, content: Mapping[str, Any], code: str, *, number: int | None, page: str = "1"
) -> dict[str, Any]:
    """Return everything of a page.

    Parameters
    ----------
    number
        Of the edition that is shown; None for a preview of the next.
    page
        Of the comments.
    """
    base = frame(code)
    say, latest = base["say"], publication.latest
    held = {"said": "", "old": ""}
    shown = publication.editions.filter(number=number).first() if number else None
    if shown is not None:
        held["said"] = say["edition"].format(n=shown.number, day=day(shown.at))
        if latest is not None and latest.number != shown.number:
            held["old"] = say["edition_old"].format(n=shown.number, day=day(shown.at))
    made = study(content, code)
    return {
        **base,
        **made,
        **comments(publication, code, say, page),
        "publication": publication,
        "number": number,
        "edition": held["said"],
        "old": held["old"],
        "published_by": say["published_by"].format(organisation=content["organisation"]),
        "editions": editions(publication, code, say) if publication.pk else [],
        "codes": languages(),
        "description": made["lead"][:300] or content["title"],
    }


def listed(publication: Publication, say: Mapping[str, str]) -> dict[str, Any]:
    """Return a public case as a list shows it."""
    latest = publication.latest
    content = latest.content if latest else {}
    until = (content.get("comments") or {}).get("until")
    is_open = bool(content) and takes_comments(content)
    open_ = (say["listed_open"].format(day=until) if until else say["listed_open_always"]) if is_open else ""
    return {
        "publication": publication,
        "by": say["published_by"].format(organisation=publication.organisation),
        "edition": say["edition"].format(n=latest.number, day=day(latest.at)) if latest else "",
        "when": open_,
    }


def stub(publication: Publication, say: Mapping[str, str], number: int | None = None) -> dict[str, Any]:
    """Return what is left of a page, or of one edition, that was taken down."""
    down = publication.take_downs.filter(edition=number).first()
    since, until = (day(down.since), day(down.at)) if down else ("?", "?")
    told = {"title": publication.title, "since": since, "until": until, "organisation": publication.organisation}  # fmt: skip
    return {
        "publication": publication,
        "heading": say["edition_stub_title"] if number else say["stub_title"],
        "stub": say["stub"].format(**told),
        "why": (down.why if down else "") or say["case_deleted"],
        "page_stands": publication.stands,
    }


def comment_form(
    publication: Publication, content: Mapping[str, Any], code: str, problems: Iterable[str]
) -> dict[str, Any]:
    """Return what the form for a comment says, with what is wrong by field and as a list."""
    say = frame(code)["say"]
    fields = {"name": "name", **dict.fromkeys(("empty", "short", "long"), "text")}
    with speaking(code):
        found = [
            {"field": fields.get(p, ""), "found": said[0], "fix": said[1]}
            for p in problems
            if (said := public_words.problem(p))
        ]
    many = say["form_errors_many"].format(n=len(found))
    return {
        "publication": publication,
        "lead": say["form_lead"].format(title=content["title"]),
        "when": when(content, say),
        "problems": found,
        "problems_said": say["form_errors_one"] if len(found) == 1 else many,
        "errors": {p["field"]: p for p in found if p["field"]},
    }


def study(content: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return an edition's content as the template goes through it."""
    say, told = frame(code)["say"], content["languages"][code]
    parts = {p["id"]: p for p in told["parts"]}
    lead = parts.pop("headline", None)
    answers = parts.pop("answers", None)
    today = timezone.now().date().isoformat()
    return {
        "content": content,
        "told": told,
        "lead": "".join(b["text"] for b in lead["blocks"]) if lead else "",
        "answers": answers,
        "tiles": _tiles(answers["blocks"]) if answers else [],
        "parts": [{**p, "blocks": grouped(p["blocks"])} for p in parts.values()],
        "dates": [(on, text, on < today) for on, text in content["dates"]],
        "documents": documents(content, code),
        "takes_comments": takes_comments(content),
        "when": when(content, say),
        "edition_from": say["from_revision"].format(n=content["revision"], day=content["as_of"]),
        "left_out": left_out(content, code, say),
    }


def documents(content: Mapping[str, Any], code: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the documents of an edition: what each is called, and its files with form and size."""
    held = {d["name"]: d for d in content["documents"]}
    with speaking(code):
        found = by_document(held, content["partners"])
    return [(title, [{"form": form, **held[n]} for form, n in files]) for title, files in found.items()]


def left_out(content: Mapping[str, Any], code: str, say: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page leaves out and why, as the public reads it."""
    told = content["languages"][code]
    titles = ", ".join(told["not_chosen"])
    pieces = [say["leaves_out_pieces"].format(title=t, n=n) for t, n in told["pieces"]]
    why = say["leaves_out_chosen"].format(organisation=content["organisation"], why=content["why"])
    return {
        "never": told["never"],
        "kept": told["kept"],
        "parts": say["leaves_out_parts"].format(titles=titles) if titles else "",
        "why": why if pieces else "",
        "pieces": pieces,
    }


def takes_comments(content: Mapping[str, Any]) -> bool:
    """Whether a resident can write a comment today."""
    period, today = content["comments"], timezone.now().date().isoformat()
    return period is not None and period["from"] <= today <= (period["until"] or "9999")


def when(content: Mapping[str, Any], say: Mapping[str, str]) -> str:
    """Return in words when comments are taken."""
    period, today = content["comments"], timezone.now().date().isoformat()
    if period is None:
        return say["comment_none"]
    if period["from"] > today:
        return say["comment_from"].format(day=period["from"])
    if period["until"] and period["until"] < today:
        return say["comment_closed"].format(day=period["until"])
    return say["comment_open"].format(day=period["until"]) if period["until"] else say["comment_open_always"]


def grouped(blocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return blocks with each picture and the table behind it as one."""
    found: list[dict[str, Any]] = []
    for b in blocks:
        if b["kind"] == "Picture":
            found.append({"kind": "Figure", "picture": b, "tables": []})
        elif b["kind"] == "Table" and "behind" in b["id"] and found and found[-1]["kind"] == "Figure":
            found[-1]["tables"].append(b)
        else:
            found.append(dict(b))
    return found


def _tiles(blocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    tiles: list[dict[str, Any]] = []
    for b in grouped(blocks):
        if b["kind"] == "Heading":
            tiles.append({"title": b["text"], "blocks": []})
        elif tiles:
            tiles[-1]["blocks"].append(b)
    return tiles


def comments(publication: Publication, code: str, say: Mapping[str, str], page: str = "1") -> dict[str, Any]:
    """Return the comments that are shown, with answers, and how many are not and why."""
    if publication.pk is None:
        return {"comments": [], "counts": "", "hidden": []}
    states = Counter(publication.comments.values_list("state", flat=True))
    with speaking(code):
        rules = public_words.rules()
    hidden = Counter(publication.comments.filter(state="not_shown").values_list("rule", flat=True))
    shown = publication.comments.filter(state=ResidentComment.State.SHOWN).prefetch_related("answers")
    pages = Paginator(shown, EACH).get_page(page)
    for c in pages.object_list:
        c.heading = say["comment_number"].format(n=c.number)
        c.said = [_answer(a, say) for a in c.answers.all()]
    return {
        "comments": pages,
        "counts": say["shown_count"].format(n=states["shown"], waiting=states["waiting"]),
        "answered": _answered(publication, states["shown"], say),
        "hidden_counts": say["not_shown_count"].format(n=states["not_shown"]),
        "hidden": [(rules[r][0], n) for r, n in hidden.most_common() if r in rules],
    }


def _answered(publication: Publication, shown: int, say: Mapping[str, str]) -> str:
    """Return how many comments that are shown were answered, and how soon; nothing where none was."""
    given = Answer.objects.filter(
        comment__publication=publication, comment__state=ResidentComment.State.SHOWN, taken_back_at=None
    )
    first = given.values("comment__on").annotate(at=Min("at")).order_by("comment").values_list("comment__on", "at")  # fmt: skip
    days = [(at.date() - on).days for on, at in first]
    return say["answers_count"].format(n=len(days), shown=shown, days=f"{median(days):g}") if days else ""


def _answer(given: Answer, say: Mapping[str, str]) -> dict[str, str]:
    gone = given.taken_back_at
    speaker = given.speaker or say["facilitator"]
    return {
        "gone": say["answer_taken_back"].format(day=day(given.at), gone=day(gone)) if gone else "",
        "heading": say["answer_by"].format(speaker=speaker),
        "day": day(given.at),
        "text": given.text,
    }


def editions(publication: Publication, code: str, say: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each edition with what changed, the latest first, and why one is gone."""
    gone = {t.edition: t for t in publication.take_downs.filter(edition__isnull=False)}
    can_read = {e.number for e in readable(publication)}
    held: list[Edition] = list(publication.editions.all())
    rows = []
    for edition, before in zip_longest(held, held[1:]):
        down = gone.get(edition.number)
        rows.append(
            {
                "edition": edition,
                "said": say["edition"].format(n=edition.number, day=day(edition.at)),
                "changes": list(changes(edition.content, before.content, code, say)) if before else [],
                "first": before is None,
                "readable": edition.number in can_read,
                "gone": say["edition_gone"].format(day=day(down.at), why=down.why) if down else "",
            }
        )
    return rows


def day(at: dt.datetime) -> str:
    """Return the day of a moment, the same in every language."""
    return at.date().isoformat()
