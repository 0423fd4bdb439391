"""Write down who did what."""

from __future__ import annotations

from interlocal.web.models import AuditEvent, CaseRecord, Organisation, Person


def note(
    *,
    person: Person | None,
    did: str,
    about: str = "",
    case: CaseRecord | None = None,
    organisation: Organisation | None = None,
) -> None:
    """Add an event to the audit trail."""
    AuditEvent.objects.create(
        person=person,
        did=did,
        about=about[:400],
        case=case,
        organisation=organisation or (case.organisation if case else None),
    )
