"""What every run in the worker has: how far it is, whether somebody wants it stopped, how it ended."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from interlocal.web.models.people import Person


class BackgroundRun(models.Model):
    """Work that people wait for."""

    class Status(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Waiting for its turn"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    cancel_asked = models.BooleanField(default=False)
    blocks_done = models.PositiveIntegerField(default=0)
    blocks_all = models.PositiveIntegerField(default=0)
    starts = models.PositiveIntegerField(default=0)
    """How often it was begun; a run that was cut short begins again."""
    seen_at = models.DateTimeField(null=True)
    """When the worker last gave a sign of life."""
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    """Why it failed, in words for people."""
    document = models.TextField(blank=True)
    """The answer as JSON, the same bytes as the command line writes."""
    views = models.JSONField(default=dict)
    """Tables and pictures made from the document, so that a page is quick to show."""

    class Meta:
        abstract = True
        ordering = ("-asked_at",)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in {self.Status.DONE, self.Status.CANCELLED, self.Status.FAILED}

    @property
    def percent(self) -> int:
        """Share done, for a progress bar."""
        return round(100 * self.blocks_done / self.blocks_all) if self.blocks_all else 0
