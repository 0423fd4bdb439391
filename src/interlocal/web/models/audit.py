"""Who did what and when; never what a survey answer said."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from interlocal.web.models.cases import CaseRecord
from interlocal.web.models.people import Organisation, Person


class AuditEvent(models.Model):
    """One thing done. It outlives the person, the case and the organisation it is about."""

    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    case = models.ForeignKey(CaseRecord, models.SET_NULL, null=True, related_name="events")
    did = models.CharField(max_length=60)
    """A verb in the past, such as ``case.saved``."""
    about = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("case", "-at"), name="events_of_a_case"),)
