"""Cases, agreements and their revisions: documents of the core, with who may see them and how they came about."""

from __future__ import annotations

import json
import uuid
from functools import cached_property, lru_cache
from typing import Any

from django.db import models
from django.utils import timezone

from interlocal.case.document import FORMAT, Case
from interlocal.case.read import parse_case
from interlocal.partnership.document import Partnership
from interlocal.web.models.people import Organisation, Person


def as_values(document: str) -> dict[str, Any]:
    """Return a document as plain values."""
    loaded: dict[str, Any] = json.loads(document)
    return loaded


@lru_cache(maxsize=64)
def read_document(document: str) -> Case:
    """Return the Case of a document; it is frozen, so that all requests may share one.

    What was saved was checked then. So only a document of an older format is read as a stranger's file is.
    """
    values = as_values(document)
    if values["format"] == FORMAT:
        return Case.model_validate(values)
    return parse_case(document.encode(), "a saved revision")


@lru_cache(maxsize=256)
def _partnership_of(document: str) -> Partnership:
    """Return the agreement of a document; what is saved was checked, so that its form alone is read again."""
    return Partnership.model_validate_json(document)


class Kind(models.TextChoices):
    """What a record is."""

    CASE = "case", "Case"
    AGREEMENT = "agreement", "Agreement"


class _OfAKind(models.Manager[Any]):
    """Finds records of one kind and makes no others, so that nobody meets an agreement where a case is asked for."""

    kind = ""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the records of this kind."""
        return super().get_queryset().filter(kind=self.kind)

    def create(self, **fields: Any) -> Any:
        """Make a record of this kind."""
        return super().create(**fields, kind=self.kind)


class _OfAnyKind(models.Manager[Any]):
    """Finds records where it does not matter what they are."""


class _Cases(_OfAKind):
    kind = "case"


class _Agreements(_OfAKind):
    kind = "agreement"


class CaseRecord(models.Model):
    """A case as people find it in their list. What it says stands in its latest revision.

    An agreement is a record of another kind: it has revisions, drafts, members, invitations, surveys and an audit trail
    as a case has, and none of them need know the difference. See :class:`AgreementRecord`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CASE, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="cases")
    title = models.CharField(max_length=400)
    """As in the latest revision, for lists."""
    latest = models.PositiveIntegerField(default=0)
    """Number of the latest revision."""
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = _Cases()
    of_any_kind = _OfAnyKind()

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def head(self) -> Revision:
        """The latest revision; it is read once, until there is a newer one."""
        held: Revision | None = self.__dict__.get("_head")
        if held is None or held.number != self.latest:
            held = self.__dict__["_head"] = self.revisions.get(number=self.latest)
        return held


class AgreementRecord(CaseRecord):
    """An agreement as people find it in their list, hosted by an organisation."""

    objects = _Agreements()

    class Meta:
        proxy = True
        ordering = ("title",)


class CaseMember(models.Model):
    """Somebody from outside who takes part in one case: a partner organisation, a consultant, a facilitator."""

    class Role(models.TextChoices):
        """What they are in the case."""

        PARTNER = "partner", "Partner organisation"
        CONSULTANT = "consultant", "Consultant: edits, sees what partners see"
        FACILITATOR = "facilitator", "Facilitator: sees and edits everything"

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="members")
    role = models.CharField(max_length=12, choices=Role)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="joined")
    """Who takes part, for a partner: its members act with the role they have there."""
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="joined")
    """Who takes part, for a consultant or facilitator."""
    partner = models.CharField(max_length=64, blank=True)
    """Id of the partner in the case that the organisation stands for; empty where it was not said."""
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(role="partner", organisation__isnull=False, person__isnull=True)
                | models.Q(organisation__isnull=True, person__isnull=False),
                name="a_partner_is_an_organisation_others_are_people",
            ),
            models.UniqueConstraint(fields=("case", "person", "role"), name="a_person_joins_a_case_once"),
            models.UniqueConstraint(
                fields=("case", "organisation"), name="an_organisation_joins_a_case_once"
            ),
        )


class Revision(models.Model):
    """One save of a case; never changed afterwards."""

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    """Canonical JSON of the Case."""
    sha256 = models.CharField(max_length=64)
    about = models.CharField(max_length=200)
    """What was saved, in words."""
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="revisions_are_numbered"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise TypeError("a revision is never changed")
        super().save(*args, **kwargs)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The document as plain values; a caller that changes it copies it first."""
        return as_values(self.document)

    @cached_property
    def read(self) -> Case:
        """The Case of the core."""
        return read_document(self.document)

    @cached_property
    def partnership(self) -> Partnership:
        """The agreement of the core, where the record is one."""
        return _partnership_of(self.document)


class Draft(models.Model):
    """What a person entered into a section and could not save yet: with errors, or beside somebody else's save."""

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    path = models.CharField(max_length=300)
    """The page it was entered on, as in its address."""
    base = models.PositiveIntegerField()
    """Number of the revision the person started from."""
    entry = models.JSONField()
    """The fields as they were sent."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "person", "path"), name="one_draft_a_page_and_person"),
        )
