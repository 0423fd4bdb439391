"""The public page: prepare it, publish an edition, take it down, write down in the case what came of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from interlocal.case.read import parse_case
from interlocal.problems import InputError, Problem
from interlocal.web import publishing
from interlocal.web.actions.audit import note
from interlocal.web.actions.cases import save_case
from interlocal.web.actions.residents import cleaned, unsaid
from interlocal.web.models import (
    CaseRecord,
    Edition,
    EditionDocument,
    Person,
    Publication,
    ResidentComment,
    Revision,
    TakeDown,
)

OURS = "public_page_"
"""How the ids of entries begin that the public page writes into a case."""


@transaction.atomic
def prepare(*, case: CaseRecord, chosen: publishing.Prepared, by: Person) -> Publication:
    """Keep what the next edition is to hold; the public sees nothing of it."""
    publication, _ = Publication.objects.update_or_create(case=case, defaults={"prepared": chosen.as_data()})
    note(person=by, did="public.prepared", case=case)
    return publication


@transaction.atomic
def publish(*, case: CaseRecord, looked_at: str, knows_older: bool, changed: str, by: Person) -> Edition:
    """Make what is prepared public, as a new edition.

    Parameters
    ----------
    looked_at
        Fingerprint of what the publisher looked at (``publishing.digest``).
    knows_older
        Whether the publisher said so, where the study is from an earlier revision than the case's latest.
    changed
        What changed since the last edition, in words.

    Raises
    ------
    InputError
        Where something hinders it, or it is not what was looked at.
    """
    held = CaseRecord.objects.select_for_update().get(pk=case.pk)
    publication = Publication.objects.select_for_update().filter(case=held).first()
    chosen = publishing.prepared(publication)
    run = publishing.run_of(held, chosen)
    problems = publishing.hindrances(held, chosen, run)
    if publication is None or run is None or problems:
        raise InputError(problems)
    made, last = publishing.content(held, chosen, run), publication.latest
    if publishing.digest(made) != looked_at:
        problems.append(Problem("", "The page", "something else than you looked at", "the page you looked at", "Look at the page below, then publish it."))  # fmt: skip
    if made["behind"] and not knows_older:
        problems.append(Problem("older", "The study", f"from revision {made['revision']}, while the case is at {held.latest}", "a study of the latest revision, or a tick", "Study the case again, or tick that the page is to say so."))  # fmt: skip
    if last is not None and publication.stands and made == last.content:
        problems.append(Problem("", "The page", "the same as what is public", "something that changed", "There is nothing to publish."))  # fmt: skip
    if last is not None:
        problems += unsaid("changed", "What changed", changed, "the public")
    if problems:
        raise InputError(problems)
    try:
        with transaction.atomic():
            publication.slug, publication.stands = chosen.slug, True
            publication.title, publication.organisation = made["title"][:400], made["organisation"]
            publication.save()
    except IntegrityError:
        raise InputError(publishing.taken(chosen.slug)) from None
    edition = Edition.objects.create(
        publication=publication,
        number=last.number + 1 if last else 1,
        content=made,
        changed=cleaned(changed),
        revision=made["revision"],
        by=by,
    )
    data = publishing.offered_documents(run)
    EditionDocument.objects.bulk_create(
        EditionDocument(edition=edition, name=n, data=data[n], sha256=hashlib.sha256(data[n]).hexdigest())
        for n in chosen.documents
    )
    note(person=by, did="public.published", about=f"edition {edition.number}, revision {edition.revision}", case=held)  # fmt: skip
    return edition


@transaction.atomic
def take_down(*, publication: Publication, why: str, by: Person, edition: int | None = None) -> None:
    """Take the page, or one of its earlier editions, from the public; a stub says when and why.

    Raises
    ------
    InputError
        Where no reason is given, or there is nothing to take down.
    """
    held = Publication.objects.select_for_update().get(pk=publication.pk)
    place = f"why-{edition}" if edition else "why"
    if problems := unsaid(place, "Why it is taken down", why, "the public"):
        raise InputError(problems)
    latest = held.latest
    if not held.stands or latest is None:
        raise InputError(Problem("", "The page", "not public", "a public page", "There is nothing to take down."))  # fmt: skip
    if edition is None:
        since = _since(held)
        held.stands = False
        held.save(update_fields=["stands"])
    else:
        found = next((e for e in publishing.readable(held) if e.number == edition), None)
        if found is None or found.number == latest.number:
            raise InputError(Problem("", f"Edition {edition}", "not an earlier edition that is public", "an earlier one", "Publish another edition first, or take the page down."))  # fmt: skip
        since = found.at
    TakeDown.objects.create(publication=held, edition=edition, since=since, why=cleaned(why), by=by)
    about = f"edition {edition}" if edition else ""
    note(person=by, did="public.taken_down", about=about, case=held.case)


@transaction.atomic
def retire(*, case: CaseRecord, by: Person) -> None:
    """Leave of a case's public page a stub alone, before the case is deleted; nothing at all where it never was public."""
    publication = Publication.objects.select_for_update().filter(case=case).first()
    if publication is None:
        return
    if publication.slug is None:
        publication.delete()
        return
    if publication.stands:
        # Without words of its own the stub says that the case was deleted.
        TakeDown.objects.create(publication=publication, since=_since(publication), why="", by=by)
    publication.editions.all().delete()
    publication.comments.all().delete()
    publication.stands, publication.prepared = False, {}
    publication.save()


def _since(publication: Publication) -> Any:
    """Return when the page was published that stands now: the first edition after it was last taken down."""
    down = publication.take_downs.filter(edition__isnull=True).first()
    editions = publication.editions.order_by("number")
    first = (editions.filter(at__gt=down.at) if down else editions).first()
    return first.at if first else timezone.now()


@transaction.atomic
def record_in_case(*, publication: Publication, by: Person) -> Revision:
    """Write into the case, as a new revision, the editions that were public and each comment shown, with its answer's day.

    What was written so before is written anew; nothing else is touched. A resident's words and name stay out.

    Raises
    ------
    InputError
        Where the case cannot take it in.
    """
    case = CaseRecord.objects.select_for_update().get(publication=publication)
    data = dict(case.head.data)
    kept = [e for e in data.get("engagement", []) if not e["id"].startswith(OURS)]
    data["engagement"] = [*kept, *_editions(publication), *_comments(publication)]
    about = "Comments and editions of the public page"
    found = parse_case(json.dumps(data).encode(), about)
    revision = save_case(record=case, case=found, base=case.latest, by=by, about=about)
    note(person=by, did="public.recorded", about=f"revision {revision.number}", case=case)
    return revision


def _editions(publication: Publication) -> list[dict[str, str]]:
    return [
        _entry(
            f"edition_{e.number}",
            "document",
            e.at.date().isoformat(),
            f"Edition {e.number} of the public page",
        )
        for e in publication.editions.order_by("number")
    ]


def _comments(publication: Publication) -> list[dict[str, str]]:
    found = []
    shown = publication.comments.filter(state=ResidentComment.State.SHOWN).order_by("number")
    for c in shown.prefetch_related("answers"):
        entry = _entry(f"comment_{c.number}", "comment", c.on.isoformat(), f"Comment {c.number} on the public page")  # fmt: skip
        answered = [a.at.date().isoformat() for a in c.answers.all() if a.taken_back_at is None]
        found.append(entry | ({"answered_on": answered[0]} if answered else {}))
    return found


def _entry(name: str, kind: str, on: str, text: str) -> dict[str, str]:
    return {"id": f"{OURS}{name}", "kind": kind, "on": on, "text": text, "visibility": "public"}
