"""Tokens with which programs act for a person. The token itself is never kept."""

from __future__ import annotations

import hashlib

from django.db import models
from django.utils import timezone

from interlocal.web.models.people import Person


class Token(models.Model):
    """One token."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=60)
    """Words of ``api.tokens.SCOPES`` with spaces between."""
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)

    @staticmethod
    def digest(token: str) -> str:
        """Return what is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()
