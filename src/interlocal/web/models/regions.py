"""Regions: tables of governments as they were uploaded, what their columns mean, and the runs over them."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from interlocal.web.models.ordered import OrderedJSON
from interlocal.web.models.people import Organisation, Person
from interlocal.web.models.runs import BackgroundRun


class RegionRecord(models.Model):
    """A region as people find it in their list. What it says stands in its latest revision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="regions")
    title = models.CharField(max_length=200)
    """As in the latest revision, for lists."""
    latest = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def head(self) -> RegionRevision:
        """The latest revision; it is read once, until there is a newer one."""
        held: RegionRevision | None = self.__dict__.get("_head")
        if held is None or held.number != self.latest:
            held = self.__dict__["_head"] = self.revisions.get(number=self.latest)
        return held


class RegionFile(models.Model):
    """An uploaded file, kept as it came, so that the core reads what the command line would read; never changed."""

    class Role(models.TextChoices):
        """What it is for."""

        TABLE = "table", "Table of governments"
        NEIGHBOURS = "neighbours", "Neighbours"
        AGREEMENTS = "agreements", "Agreements that exist"
        POSTS = "posts", "Register of posts"
        BESIDE = "beside", "Further table"

    region = models.ForeignKey(RegionRecord, models.CASCADE, related_name="files")
    role = models.CharField(max_length=12, choices=Role)
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)


class RegionRevision(models.Model):
    """The files of a region with a mapping of their columns; never changed afterwards."""

    region = models.ForeignKey(RegionRecord, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    mapping = OrderedJSON()
    """Keys of the core's mapping; a start that nobody checked where ``checked`` is false."""
    checked = models.BooleanField()
    """Whether the core reads the tables through the mapping."""
    files: models.ManyToManyField[RegionFile, Any] = models.ManyToManyField(RegionFile)
    sha256 = models.CharField(max_length=64)
    """Of the mapping and all files."""
    about = models.CharField(max_length=200)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("region", "number"), name="revisions_of_a_region_are_numbered"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise TypeError("a revision is never changed")
        super().save(*args, **kwargs)

    @staticmethod
    def digest(mapping: str, files: list[RegionFile]) -> str:
        """Return the hash of a mapping and files."""
        parts = [mapping, *(f"{f.role} {f.name} {f.sha256}" for f in files)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class RegionRun(BackgroundRun):
    """One scan of a region, or one division of it into groups."""

    class Kind(models.TextChoices):
        """What is looked for."""

        SCAN = "scan", "Scan"
        GROUP = "group", "Groups"

    region = models.ForeignKey(RegionRecord, models.CASCADE, related_name="runs")
    revision = models.ForeignKey(RegionRevision, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=5, choices=Kind)
    options = OrderedJSON()
    """What was asked, as the form and the interface for programs say it."""
    pairs = models.TextField(blank=True)
    """JSON of every pair that a scan looked at, not only those it lists."""
