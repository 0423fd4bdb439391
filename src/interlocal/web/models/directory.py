"""Who agreed that an agreement stands in the public directory: every member for itself."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from interlocal.web.models.cases import CaseRecord
from interlocal.web.models.people import Person


class ListingConsent(models.Model):
    """One member's consent, until it is taken back."""

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="listing_consents")
    party = models.CharField(max_length=64)
    """Id of the member in the agreement."""
    results = models.BooleanField(default=False)
    """Whether the certified saving may be shown too."""
    kept_where = models.CharField(max_length=200, blank=True)
    """Where the consent is kept, of a member that nobody stands for here; empty where its own people gave it here."""
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "party"), name="a_member_consents_once_to_being_listed"),
        )
