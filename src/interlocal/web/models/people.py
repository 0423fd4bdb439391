"""People, the governments they work for, and the links that invite them."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

UNNAMED = "Our government"
"""What the first organisation of a workbench is called until its owner gives it a name."""


class People(BaseUserManager["Person"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **rest: Any) -> Person:
        """Make an account; without a password it can only use single sign-on."""
        person = self.model(email=self.normalize_email(email).lower(), **rest)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """An account. It belongs to a person and to no government; memberships say for whom the person works."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name other people see."""
        return str(self)


class Organisation(models.Model):
    """A government, a council of governments or a firm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    people: models.ManyToManyField[Person, Membership] = models.ManyToManyField(
        Person, through="Membership", related_name="organisations"
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may do in an organisation."""

    class Role(models.TextChoices):
        """Each may do what those after it may; a rater answers surveys and comments, a viewer reads."""

        OWNER = "owner", "Owner: invites people, starts and deletes cases"
        EDITOR = "editor", "Editor: edits cases and runs studies"
        RATER = "rater", "Rater: reads, answers surveys, comments"
        VIEWER = "viewer", "Viewer: reads"

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "organisation"), name="one_role_in_an_organisation"),
        )


class Invitation(models.Model):
    """A link that gives whoever opens it a role: in an organisation, or in one case. The link itself is never kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="invitations")
    case = models.ForeignKey("web.CaseRecord", models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=12)
    partner = models.CharField(max_length=64, blank=True)
    """Id of the partner in the case that the invited organisation stands for."""
    note = models.CharField(max_length=200, blank=True)
    """Whom it is for, in the inviter's words."""
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    @staticmethod
    def digest(token: str) -> str:
        """Return what is kept of a link."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.expires_at > timezone.now()
