"""Runs of the study: what was asked, how far it is, and the answer to the byte."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone

from interlocal.case.document import Case
from interlocal.case.released import released
from interlocal.web.models.cases import CaseRecord, Revision, as_values
from interlocal.web.models.people import Person
from interlocal.web.models.runs import BackgroundRun


class StudyRun(BackgroundRun):
    """One run over one revision for one audience."""

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="studies")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="studies")
    audience = models.CharField(max_length=12)
    draws = models.PositiveIntegerField(default=10_000)
    seed = models.PositiveIntegerField(default=1)
    would_change = models.BooleanField(default=False)
    """Whether it also searches for the smallest set of changes that betters the advice."""

    @property
    def studied(self) -> Case:
        """The case as far as it is told to this audience."""
        return released(self.revision.read, self.audience)

    @property
    def is_done(self) -> bool:
        """Whether it has answers."""
        return self.status == self.Status.DONE

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The document as plain values."""
        return as_values(self.document)


class Packet(models.Model):
    """The documents of a run for a governing body, made in the worker."""

    run = models.OneToOneField(StudyRun, models.CASCADE, related_name="packet")
    done = models.PositiveIntegerField(default=0)
    """Documents made so far."""
    problem = models.TextField(blank=True)
    files = models.BinaryField(null=True)
    """All documents as one ZIP; empty until they are made."""
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    @property
    def may_be_asked(self) -> bool:
        """Whether it failed, or its making was cut short."""
        late = self.asked_at < timezone.now() - dt.timedelta(minutes=10)
        return self.files is None and (bool(self.problem) or late)

    @property
    def names(self) -> list[str]:
        """Names of the documents; none until all are made."""
        return self._open().namelist() if self.files else []

    def document(self, name: str) -> bytes | None:
        """Return one document, or all of them as ``packet.zip``; None where there is none of this name."""
        if name == "packet.zip" and self.files:
            return bytes(self.files)
        return self._open().read(name) if name in self.names else None

    def _open(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(bytes(self.files or b"")))


class Comparison(models.Model):
    """Two runs held against each other, each with one of its options as the proposal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="comparisons")
    first = models.ForeignKey(StudyRun, models.CASCADE, related_name="+")
    second = models.ForeignKey(StudyRun, models.CASCADE, related_name="+")
    first_option = models.CharField(max_length=80, blank=True)
    """Empty for what the case proposes."""
    second_option = models.CharField(max_length=80, blank=True)
    problem = models.TextField(blank=True)
    """Why it failed, in words for people."""
    document = models.TextField(blank=True)
    """What differs, as JSON."""
    view = models.TextField(blank=True)
    """The page made from it."""
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True)
    """When the worker was last told; not before both runs are over."""

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("first", "second", "first_option", "second_option"), name="a_comparison_is_made_once"
            ),
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return bool(self.document or self.problem)

    @property
    def status(self) -> str:
        """How far it is, in the words of a run."""
        return "done" if self.document else "failed" if self.problem else "waiting"

    @property
    def of_options(self) -> bool:
        """Whether two options of one study are compared, and not two revisions."""
        return self.first_id == self.second_id
