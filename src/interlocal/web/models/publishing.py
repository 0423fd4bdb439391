"""The public page of a case: what is prepared, the editions that stood, what residents wrote, and who decided on it.

An edition never changes: a page that says something else is another edition, and the list of editions is public.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from interlocal.web.models.cases import CaseRecord
from interlocal.web.models.people import Person


class Publication(models.Model):
    """The public page of a case. It outlives the case as a stub where it was public once."""

    case = models.OneToOneField(CaseRecord, models.SET_NULL, null=True, related_name="publication")
    slug = models.SlugField(max_length=80, null=True, unique=True)  # noqa: DJ001 - many have none, and those that have one differ
    """Its public address; empty until it is published, so that nobody learns what is being prepared."""
    title = models.CharField(max_length=400, blank=True)
    """As in the latest edition, for lists and the stub."""
    organisation = models.CharField(max_length=200, blank=True)
    """Name of the government that published it."""
    prepared = models.JSONField(default=dict)
    """What the next edition is to hold."""
    stands = models.BooleanField(default=False)
    """Whether the public sees the latest edition; else a stub, or nothing where there was no edition yet."""

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> Edition | None:
        """The latest edition."""
        return self.editions.order_by("-number").first()


class Edition(models.Model):
    """What the public reads, as it was published; never changed afterwards."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """By language what the page says; dates, documents and days for comments beside it."""
    changed = models.TextField(blank=True)
    """What changed since the edition before, in the publisher's words."""
    revision = models.PositiveIntegerField()
    """Number of the case's revision that its study is from."""
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("publication", "number"), name="editions_are_numbered"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise TypeError("an edition is never changed")
        super().save(*args, **kwargs)


class EditionDocument(models.Model):
    """A document of an edition, kept as it was published."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="documents")
    name = models.CharField(max_length=120)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("edition", "name"), name="a_document_once_an_edition"),
        )


class TakeDown(models.Model):
    """The whole page, or one edition of it, was taken from the public."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="take_downs")
    edition = models.PositiveIntegerField(null=True)
    """Number of the one edition that was taken down; empty for the page."""
    since = models.DateTimeField()
    """When what was taken down was published."""
    why = models.TextField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")


class ResidentComment(models.Model):
    """What a resident wrote. No account, no address of any kind is kept; a name is the resident's choice."""

    class State(models.TextChoices):
        """Whether the public sees it."""

        WAITING = "waiting", "Waiting"
        SHOWN = "shown", "Shown"
        NOT_SHOWN = "not_shown", "Not shown"

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()
    text = models.TextField()
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, default="en")
    """Language of the page it was written on."""
    on = models.DateField()
    """The day, without the time: enough to know how long it waited."""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rule = models.CharField(max_length=20, blank=True)
    """Which of the published rules kept it from being shown."""

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("publication", "number"), name="comments_are_numbered"),
        )


class Answer(models.Model):
    """What a government or the facilitator answered to a comment; it stands beneath it at once."""

    comment = models.ForeignKey(ResidentComment, models.CASCADE, related_name="answers")
    text = models.TextField()
    speaker = models.CharField(max_length=200)
    """For whom it speaks: a government's name, or empty for the facilitator. Never a person's name."""
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")


class ModerationEvent(models.Model):
    """One decision about a comment or an answer: who decided what, when, by which rule and why."""

    comment = models.ForeignKey(ResidentComment, models.CASCADE, related_name="events")
    did = models.CharField(max_length=20)
    """``shown``, ``not_shown``, ``waiting``, ``answered`` or ``answer_taken_back``."""
    rule = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
