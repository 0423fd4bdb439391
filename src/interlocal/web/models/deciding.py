"""What people say to each other about a case: comments, statements put to partners, and what was decided.

Who chose what on a statement is a :class:`Position`. Only ``actions.positions`` reads or writes it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from interlocal.web.models.cases import CaseRecord, Revision
from interlocal.web.models.people import Person

LAPSES = dt.timedelta(days=60)
"""How long after its last day a result can be published: people may think otherwise by then."""


def today() -> dt.date:
    """Return the day it is, in UTC."""
    return timezone.now().date()


class Comment(models.Model):
    """Something said about an item of the case, or an answer to it."""

    class Audience(models.TextChoices):
        """Who reads it."""

        PARTNERS = "partners", "Everybody in this case"
        FACILITATOR = "facilitator", "The facilitator alone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    """What it answers; empty for the first of a thread."""
    place = models.CharField(max_length=300)
    """The item, as in ``places``."""
    about = models.CharField(max_length=300)
    """What the item was called when the thread began."""
    text = models.TextField(max_length=4000)
    """Empty once it was withdrawn."""
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.PARTNERS)
    """An answer has the audience of its thread."""
    kept_for = models.CharField(max_length=64, blank=True)
    """Id of the partner that kept the item to itself when the thread began: nobody else ever reads it, though the item
    may be released, or go and another take its place."""
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("case", "place"), name="comments_on_an_item"),)


class Statement(models.Model):
    """A question put to partners, whose people endorse it, can live with it, or block it."""

    class Outcome(models.TextChoices):
        """How it ended."""

        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"
        LAPSED = "lapsed", "Lapsed"

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    question = models.TextField(max_length=1000)
    option = models.CharField(max_length=64, blank=True)
    """Id of the option of the case it is about; the result then enters the case."""
    opens_on = models.DateField()
    closes_on = models.DateField()
    """Last day on which positions are taken (UTC)."""
    quorums: models.JSONField[dict[str, int]] = models.JSONField()
    """Fewest people who must answer, by partner that is asked."""
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    ended_on = models.DateField(null=True)
    because = models.TextField(max_length=1000, blank=True)
    """Why it was withdrawn."""
    result: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)
    """What was published, one entry per partner; see ``actions.positions.publish``."""
    revision = models.ForeignKey(Revision, models.CASCADE, null=True, related_name="+")
    """The revision that holds the result."""

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="statements_are_numbered"),)

    @property
    def state(self) -> str:
        """``planned``, ``open``, ``closed``, or how it ended."""
        now = today()
        if self.outcome:
            return str(self.outcome)
        if now < self.opens_on:
            return "planned"
        if now <= self.closes_on:
            return "open"
        return "lapsed" if now > self.closes_on + LAPSES else "closed"

    @property
    def publish_by(self) -> dt.date:
        """Last day on which the result can be published."""
        return self.closes_on + LAPSES


class Position(models.Model):
    """What one person chose. It has no time, and nothing else in the database leads to it."""

    class Level(models.TextChoices):
        """How far somebody consents."""

        ENDORSE = "endorse", "I endorse it"
        LIVE_WITH = "live_with", "I can live with it"
        BLOCK = "block", "I block it"

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    partner = models.CharField(max_length=64)
    level = models.CharField(max_length=10, choices=Level)
    reason = models.TextField(max_length=1000, blank=True)
    on_record = models.BooleanField(default=False)
    """Whether the reason is published with the result, beside the position and without a name."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("statement", "person"), name="one_position_a_person"),)


class Decision(models.Model):
    """An entry of the decision log. It is never changed; a later one can correct it."""

    class Kind(models.TextChoices):
        """How it came about."""

        HAND = "hand", "Recorded by hand"
        RESULT = "result", "Result of a statement"
        WITHDRAWN = "withdrawn", "Statement withdrawn"
        LAPSED = "lapsed", "Statement lapsed"

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()
    on = models.DateField()
    what = models.TextField(max_length=1200)
    ground = models.TextField(max_length=8000)
    """What it rests on: a vote, a meeting, a result."""
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, related_name="+")
    revision = models.ForeignKey(Revision, models.CASCADE, null=True, related_name="+")
    """The case as it stood, or the result in it."""
    corrects = models.ForeignKey("self", models.CASCADE, null=True, related_name="corrections")

    class Meta:
        ordering = ("-on", "-number")
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="decisions_are_numbered"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise TypeError("an entry of the decision log is never changed")
        super().save(*args, **kwargs)
