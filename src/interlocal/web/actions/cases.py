"""Cases and agreements: start, save, restore, delete. A save is acknowledged only once it is in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from interlocal.case.document import Case
from interlocal.partnership.adopted import kept_promise
from interlocal.partnership.document import Partnership
from interlocal.web.actions.audit import note
from interlocal.web.models import (
    AgreementRecord,
    CaseMember,
    CaseRecord,
    Draft,
    Organisation,
    Person,
    Revision,
)


class Overtaken(Exception):  # noqa: N818 - what happened, and nobody's error
    """Somebody saved in between; the caller looks at the new revision and decides."""


@transaction.atomic
def start_case(
    *,
    case: Case,
    organisation: Organisation,
    by: Person | None,
    about: str,
    out_of: CaseRecord | None = None,
) -> CaseRecord:
    """Put a case into an organisation's list. Who starts it facilitates it for as long as they may start cases there.

    The organisations that stand for a party in the agreement it came ``out_of`` stand for the same partner in it.
    """
    record: CaseRecord = _start(CaseRecord, case, organisation, by, about)
    _stand(out_of, record, case.partner_ids)
    return record


@transaction.atomic
def start_agreements(
    *,
    agreements: Sequence[Partnership],
    organisation: Organisation,
    by: Person | None,
    about: str,
    out_of: CaseRecord | None = None,
) -> list[AgreementRecord]:
    """Put agreements into an organisation's list, all or none; who starts them facilitates them.

    The organisations that stand for a partner in the case they came ``out_of`` stand for the same party in them.
    """
    made = [_start(AgreementRecord, a, organisation, by, about) for a in agreements]
    for record, agreement in zip(made, agreements, strict=True):
        _stand(out_of, record, agreement.members())
    return made


def _stand(old: CaseRecord | None, new: CaseRecord, parties: Iterable[str]) -> None:
    """Let the organisations that stand for somebody in one record stand for the same in another."""
    known = {*parties}
    CaseMember.objects.bulk_create(
        CaseMember(case=new, role="partner", organisation=m.organisation, partner=m.partner)
        for m in (old.members.filter(role="partner") if old else ())
        if m.partner in known and m.organisation_id != new.organisation_id
    )


def _start(
    model: type[CaseRecord], document: Case | Partnership, organisation: Organisation, by: Person | None, about: str
) -> Any:  # fmt: skip
    record = model.objects.create(organisation=organisation, title=document.title)
    if by is not None:
        CaseMember.objects.create(case=record, person=by, role="facilitator")
    _add(record, document, by, about)
    note(person=by, did=f"{record.kind}.started", about=about, case=record)
    return record


@transaction.atomic
def save_case(
    *, record: CaseRecord, case: Case | Partnership, base: int, by: Person | None, about: str
) -> Revision:
    """Add a revision on top of the one it was made from; a save that changes nothing adds none.

    Raises
    ------
    Overtaken
        Where ``base`` is no longer the latest revision.
    InputError
        Where an agreement's frozen promise would change.
    """
    held = CaseRecord.of_any_kind.select_for_update().get(pk=record.pk)
    if held.latest != base:
        raise Overtaken
    if held.head.sha256 == case.sha256:
        return held.head
    if isinstance(case, Partnership):
        kept_promise(held.head.partnership, case)
    revision = _add(held, case, by, about)
    note(person=by, did=f"{held.kind}.saved", about=f"revision {revision.number}: {about}", case=held)
    return revision


@transaction.atomic
def keep_draft(*, record: CaseRecord, person: Person, path: str, base: int, entry: dict[str, Any]) -> Draft:
    """Keep what a person entered and could not save."""
    draft, _ = Draft.objects.update_or_create(
        case=record,
        person=person,
        path=path,
        defaults={"base": base, "entry": entry, "at": timezone.now()},
    )
    return draft


@transaction.atomic
def drop_draft(*, record: CaseRecord, person: Person, path: str) -> None:
    """Forget a draft: it was saved, or its author gave it up."""
    Draft.objects.filter(case=record, person=person, path=path).delete()


@transaction.atomic
def delete_case(*, record: CaseRecord, by: Person) -> None:
    """Delete a case or an agreement with everything in it; the audit trail keeps that it was, and a stub that it was public."""
    from interlocal.web.actions.publishing import retire  # noqa: PLC0415 - publishing saves cases

    retire(case=record, by=by)
    note(person=by, did=f"{record.kind}.deleted", about=str(record.pk), organisation=record.organisation)
    record.delete()


def _add(record: CaseRecord, case: Case | Partnership, by: Person | None, about: str) -> Revision:
    revision = Revision.objects.create(
        case=record,
        number=record.latest + 1,
        document=case.canonical_json(),
        sha256=case.sha256,
        about=about[:200],
        by=by,
    )
    record.latest, record.title, record.changed_at = revision.number, case.title[:400], timezone.now()
    record.save(update_fields=["latest", "title", "changed_at"])
    return revision
