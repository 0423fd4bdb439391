"""How a person hears of what comes due without looking: a calendar that asks by a secret link, and letters."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from interlocal.web.models.people import Person


class CalendarLink(models.Model):
    """The one link with which a person's calendar program reads what comes due. The link itself is never kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_link")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)


class Letters(models.Model):
    """A person's wish to get what comes due by e-mail; there is none until the person asks for it."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="letters")
    every_days = models.PositiveIntegerField(default=7)
    sent_on = models.DateField(null=True)
    """Day of the latest; the next follows that many days later."""
