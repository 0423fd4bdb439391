"""What differs between the two kinds of document that people edit here; everything else about them is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from interlocal.case.canonical import Document
from interlocal.case.document import Case
from interlocal.case.text import as_node
from interlocal.partnership.document import Partnership, partnership_from_node
from interlocal.partnership.renewal import lacking
from interlocal.questions.collect import gaps
from interlocal.web import audiences, guide
from interlocal.web.examples import checked
from interlocal.web.forms.known import Known, in_agreement, in_case
from interlocal.web.models import CaseRecord, Revision
from interlocal.web.policies import Access


@dataclass(frozen=True)
class KindOfDocument:
    """One kind, as its screens need it."""

    name: str
    """As it stands in a sentence: the case, the agreement."""
    model: type[Document]
    path: guide.Path
    checked: Callable[[dict[str, Any], str], Any]
    """Return plain values as a checked document, or raise an InputError."""
    lacking: Callable[[Access], Iterable[guide.Lack]]
    """What a person may know to be missing."""
    seen: Callable[[Access], Any]
    """The document as a person sees it; None where all of it rests on what is kept from them."""
    known: Callable[[Any], Known]
    base: str
    """Template that the pages of this kind extend."""

    def page_of(self, place: str) -> guide.Page | None:
        """Return the page of the path to which a part belongs."""
        return guide.page_of(place, self.path)


def _agreement(document: dict[str, Any], name: str) -> Partnership:
    return partnership_from_node(as_node(document), name)


def _gaps(access: Access) -> list[guide.Lack]:
    """Return what a case lacks for this person: what is kept from it is no gap, and nothing tells of it."""
    seen, whole = audiences.case_of(access), access.case.head.read
    found = list(gaps(seen)) if seen else []
    if seen is not whole:
        real = {(g.pointer, g.text) for g in gaps(whole)}
        found = [g for g in found if (g.pointer, g.text) in real]
    return [(g.pointer, f"{g.text}. {g.why}") for g in found]


def _seen(access: Access) -> Partnership:
    agreement = access.case.head.partnership
    return agreement.register(agreement.starts).seen_by(access.audience).agreements[0]  # type: ignore[return-value]


CASE = KindOfDocument(
    "case", Case, guide.PATH, checked, _gaps, audiences.case_of, in_case, "web/case_base.html"
)
AGREEMENT = KindOfDocument(
    "agreement",
    Partnership,
    guide.AGREEMENT,
    _agreement,
    lambda access: [(x.pointer, str(x)) for x in lacking(access.case.head.partnership)],
    _seen,
    in_agreement,
    "web/agreement_base.html",
)
_KINDS = {kind.name: kind for kind in (CASE, AGREEMENT)}


def of(record: CaseRecord) -> KindOfDocument:
    """Return what a record is."""
    return _KINDS[record.kind]


def said(revision: Revision, record: CaseRecord) -> Any:
    """Return what a revision of a record says: a Case or a Partnership."""
    return revision.read if record.kind == CASE.name else revision.partnership


def seen(access: Access) -> Any:
    """Return what a record says now to a person: a Case or a Partnership; None where that is nothing."""
    return of(access.case).seen(access)


def steps(access: Access) -> list[tuple[guide.Step, guide.State, list[guide.Standing]]]:
    """Return the guided path with how each step stands."""
    record, kind = access.case, of(access.case)
    drafts = record.drafts.filter(person=access.person).values_list("path", flat=True)
    return guide.steps(kind.path, audiences.hide(record.head.data, access), kind.lacking(access), drafts)


def address(record: CaseRecord, screen: str, *args: object) -> str:
    """Return the address of a screen that both kinds have; ``screen`` is what ``urls`` calls it for a case."""
    if record.kind != CASE.name:
        screen = record.kind if screen == CASE.name else f"{record.kind}_{screen.removeprefix('case_')}"
    return reverse(screen, args=[record.pk, *args])
