"""What stands on the public page of a case: chosen parts of a study for the public, and nothing of the case itself.

The worker makes all parts in all languages once a study for the public is done. Preparing only chooses among them, so
that nothing made for partners or the facilitator is ever at hand.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import QuerySet

from interlocal.case.document import Case
from interlocal.problems import Problem
from interlocal.report import outline, public
from interlocal.report.language import SOURCE, languages, own_words, speaking
from interlocal.report.public import Part
from interlocal.report.saying import said
from interlocal.web.models import CaseRecord, Edition, Packet, Publication, StudyRun

VIEW = "public"
"""Key under which a run for the public keeps its parts, beside its screens."""
FOR_RESIDENTS = ("brief", "report", "victories", "partners/")
"""How the names begin of the documents that are written from a study for the public alone."""


def made_for_public(document: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """Return everything that a public page can say of a study for the public, by language."""
    made = {}
    own = own_words(case.model_dump(mode="json"))
    for code in languages():
        with speaking(code, own):
            made[code] = {
                "subtitle": said(outline.subtitle(document)),
                "notices": said(public.notices(document)),
                "never": public.never_shown(),
                "kept": said(public.kept_back(document)),
                "parts": public.as_data(said(public.parts(document, case))),
            }
    return made


@dataclass(frozen=True)
class Prepared:
    """What the next edition is to hold, as its publisher chose it."""

    run: str = ""
    slug: str = ""
    parts: tuple[str, ...] = tuple(sorted(public.FIRST))
    left_out: Mapping[str, str] = field(default_factory=dict)
    """By key of a piece, what it said when it was chosen."""
    why: str = ""
    """The reason given to the public for leaving these pieces out."""
    documents: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    comments: bool = True
    comments_from: str = ""
    comments_until: str = ""
    take_part: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as the database keeps it."""
        return asdict(self)


def prepared(publication: Publication | None) -> Prepared:
    """Return what is prepared for a case."""
    held = dict(publication.prepared) if publication else {}
    lists = {k: tuple(held.get(k, ())) for k in ("documents",)}
    chosen = {"parts": tuple(held["parts"])} if "parts" in held else {}
    dates = tuple((on, text) for on, text in held.get("dates", ()))
    return Prepared(**{**held, **lists, **chosen, "dates": dates})


def runs_for_public(case: CaseRecord) -> QuerySet[StudyRun]:
    """Return the studies that can be published, the latest first."""
    done = case.studies.filter(audience="public", status=StudyRun.Status.DONE, views__has_key=VIEW)
    return done.select_related("revision").defer("document", "views")


def run_of(case: CaseRecord, chosen: Prepared) -> StudyRun | None:
    """Return the study that was chosen, where it is still there."""
    return runs_for_public(case).filter(pk=chosen.run).first() if chosen.run else None


def parts_of(run: StudyRun, code: str = SOURCE) -> list[Part]:
    """Return all parts of a study for the public in a language."""
    return public.from_data(run.views[VIEW][code]["parts"])


def offered_documents(run: StudyRun | None) -> dict[str, bytes]:
    """Return the documents of a study's packet that are for residents, by name."""
    packet = Packet.objects.filter(run=run, files__isnull=False).first() if run else None
    if packet is None or packet.files is None:
        return {}
    with zipfile.ZipFile(io.BytesIO(bytes(packet.files))) as archive:
        return {n: archive.read(n) for n in archive.namelist() if n.startswith(FOR_RESIDENTS)}


def content(case: CaseRecord, chosen: Prepared, run: StudyRun) -> dict[str, Any]:
    """Return the content of an edition: exactly what the public would read."""
    documents = offered_documents(run)
    return {
        "languages": {code: _in_language(run, code, chosen) for code in run.views[VIEW]},
        "title": run.revision.read.title,
        "organisation": case.organisation.name,
        "why": chosen.why if chosen.left_out else "",
        "dates": [list(d) for d in chosen.dates],
        "comments": {"from": chosen.comments_from, "until": chosen.comments_until}
        if chosen.comments
        else None,
        "take_part": chosen.take_part,
        "documents": [
            {"name": n, "sha256": hashlib.sha256(documents[n]).hexdigest(), "size": len(documents[n])}
            for n in chosen.documents
            if n in documents
        ],
        "partners": {
            p.id: p.name
            for p in run.revision.read.partners
            if any(n.startswith(f"partners/{p.id}.") for n in chosen.documents)
        },
        "revision": run.revision.number,
        "behind": run.revision.number != case.latest,
        "as_of": run.revision.read.as_of.isoformat(),
    }


def _in_language(run: StudyRun, code: str, chosen: Prepared) -> dict[str, Any]:
    view = run.views[VIEW][code]
    source, spoken = parts_of(run), parts_of(run, code)
    kept, pieces = [], []
    for original, part in zip(source, spoken, strict=True):
        if part.id in chosen.parts:
            shown, left = public.without(original, part, chosen.left_out)
            kept.append(shown)
            pieces += [[part.title, left]] if left else []
    return {
        **{k: view[k] for k in ("subtitle", "notices", "never", "kept")},
        "parts": public.as_data(kept),
        "pieces": pieces,
        "not_chosen": [p.title for p in spoken if p.id not in chosen.parts],
    }


def digest(made: Mapping[str, Any]) -> str:
    """Return a fingerprint of what would be published: what was looked at is what goes out."""
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def hindrances(case: CaseRecord, chosen: Prepared, run: StudyRun | None) -> list[Problem]:
    """Return why this cannot be published as it is prepared."""
    if run is None:
        return [Problem("run", "The study", "none, or one that is gone", "a finished study for the public", "Run a study for the public, and choose it.")]  # fmt: skip
    found = []
    known = {p.key for part in parts_of(run) for p in public.pieces(part)}
    found += [
        Problem("", "What is left out", f"“{says[:120]}”, which this study does not say", "a piece of this study", "The study says something else now. Choose again what to leave out.")
        for key, says in chosen.left_out.items()
        if key not in known
    ]  # fmt: skip
    offered = offered_documents(run)
    found += [
        Problem("documents", "Documents", f"{n}, which this study’s packet does not hold", "a document of its packet", "Choose the documents again.")
        for n in chosen.documents
        if n not in offered
    ]  # fmt: skip
    if chosen.documents and chosen.left_out:
        found.append(Problem("documents", "Documents", "documents that hold what the page leaves out", "one or the other", "Publish no documents, or leave nothing out."))  # fmt: skip
    public_already = Publication.objects.filter(case=case).exclude(slug=None).first()
    if public_already is not None and chosen.slug != public_already.slug:
        found.append(Problem("slug", "The address", chosen.slug or "none", f"{public_already.slug}, under which it was published", "Keep the address, so that links to it hold."))  # fmt: skip
    elif not chosen.slug:
        found.append(Problem("slug", "The address", "none", "an address such as joint-fire-department", "Choose one."))  # fmt: skip
    elif Publication.objects.filter(slug=chosen.slug).exclude(case=case).exists():
        found.append(taken(chosen.slug))
    return found


def taken(slug: str) -> Problem:
    """Return that another public page has an address; those are public, so this tells nothing new."""
    return Problem("slug", "The address", f"{slug}, which another public page has", "an address of its own", "Choose another.")  # fmt: skip


def changes(
    new: Mapping[str, Any], old: Mapping[str, Any], code: str, say: Mapping[str, str]
) -> Iterator[str]:
    """Yield in words what differs between two editions, in a language."""
    if new["revision"] != old["revision"]:
        yield say["changed_revision"].format(n=new["revision"], before=old["revision"])
    now, before = ({p["id"]: p for p in c["languages"][code]["parts"]} for c in (new, old))
    for name, part in now.items():
        if name not in before:
            yield say["changed_added"].format(title=part["title"])
        elif part != before[name]:
            yield say["changed_headline"] if name == "headline" else say["changed_part"].format(title=part["title"])  # fmt: skip
    yield from (say["changed_gone"].format(title=p["title"]) for n, p in before.items() if n not in now)
    for key in ("documents", "dates", "comments", "take_part"):
        if new[key] != old[key]:
            yield say[f"changed_{key}"]


def readable(publication: Publication) -> list[Edition]:
    """Return the editions that the public may read, the latest first; none where the page is taken down."""
    if not publication.stands:
        return []
    gone = set(publication.take_downs.filter(edition__isnull=False).values_list("edition", flat=True))
    return [e for e in publication.editions.all() if e.number not in gone]
