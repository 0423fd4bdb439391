"""Consent to stand in the public directory: given and taken back, each member for itself."""

from __future__ import annotations

from django.db import transaction

from interlocal.web.actions.audit import note
from interlocal.web.models import AgreementRecord, ListingConsent, Person


@transaction.atomic
def consent(*, record: AgreementRecord, party: str, results: bool, by: Person, kept_where: str = "") -> None:
    """Keep a member's consent, in place of an earlier one.

    Parameters
    ----------
    kept_where
        Where it is kept, for a member that nobody stands for here.
    """
    ListingConsent.objects.filter(case=record, party=party).delete()
    ListingConsent.objects.create(
        case=record, party=party, results=results, by=by, kept_where=kept_where[:200]
    )
    what = "with results" if results else "without results"
    note(person=by, did="listing.consented", about=f"{party}, {what}", case=record)


@transaction.atomic
def take_back(*, record: AgreementRecord, party: str, by: Person) -> None:
    """End a member's consent: the agreement leaves the directory at once."""
    if ListingConsent.objects.filter(case=record, party=party).delete()[0]:
        note(person=by, did="listing.taken_back", about=party, case=record)
