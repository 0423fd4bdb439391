"""Surveys: who was asked, by links that name nobody, and what they answered, which no screen can reach.

A link and the answers given through it are held apart: see ``docs/adr/0074-survey-links-and-answers.md``.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.db import models
from django.utils import timezone

from interlocal.consensus.suppression import THRESHOLD
from interlocal.web.models.cases import CaseRecord, Revision


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_hex(32)


def new_place() -> int:
    """Return a random row number: rows are stored by it, so their order does not tell who answered first."""
    return secrets.randbits(62)


class Survey(models.Model):
    """One kind of survey of a case or an agreement, over all its waves; one of a kind, so that its panels know of each other."""

    class Kind(models.TextChoices):
        """What it asks about."""

        TRUST = "trust", "Trust between partners"
        READINESS = "readiness", "Readiness to share"
        SAFETY = "safety", "Safety to speak up"
        PULSE = "pulse", "Pulse of the partnership"

    class Group(models.TextChoices):
        """Whose eyes people see with."""

        ELECTED = "elected", "Elected officials"
        MANAGERS = "managers", "Managers"
        STAFF = "staff", "Staff"
        UNION = "union", "Union representatives"
        RESIDENTS = "residents", "Residents"
        OTHER = "other", "Others"

    case = models.ForeignKey(CaseRecord, models.CASCADE, related_name="surveys")
    kind = models.CharField(max_length=12, choices=Kind)
    statements = models.JSONField()
    """Ids of the statements asked; the same in every wave."""
    smallest_group = models.PositiveSmallIntegerField(default=THRESHOLD)
    """Fewest people behind any figure. It is raised, never lowered."""
    cut = models.PositiveSmallIntegerField(null=True)
    """``smallest_group`` when the first wave closed: panels are cut by it for good, else waves could be subtracted."""
    first_panel = models.PositiveIntegerField(default=0)
    """Its lowest panel number, above those of waves that others put on record: a number means the same people."""
    wave = models.PositiveSmallIntegerField(default=0)
    """Number of the latest wave; 0 before the first."""
    until = models.DateField(null=True)
    """Last day of the wave that runs; empty where none does."""
    secret = models.CharField(max_length=64, default=new_secret)
    """Turns a link's token into the key its answers carry; erased when the survey ends."""
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ("kind",)
        constraints = (
            models.UniqueConstraint(fields=("case", "kind"), name="one_survey_of_a_kind_in_a_case"),
            models.CheckConstraint(
                condition=models.Q(smallest_group__gte=THRESHOLD), name="the_smallest_group_is_never_lowered"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def takes_answers(self) -> bool:
        """Whether a wave runs today."""
        return self.until is not None and self.until >= timezone.now().date()

    def asked(self) -> list[tuple[str, str, int]]:
        """Return each group that was asked, with the partner and its links: everybody in the case sees how many."""
        rows = (
            self.links.order_by("partner", "group").values("partner", "group").annotate(n=models.Count("pk"))
        )
        return [(r["partner"], r["group"], r["n"]) for r in rows]

    def used(self) -> dict[str, tuple[int, int]]:
        """Return by partner the links and those that were used in the latest wave; for ``turnout`` alone."""
        answered = models.Count("pk", filter=models.Q(answered__gte=self.wave))
        rows = self.links.order_by("partner").values("partner").annotate(n=models.Count("pk"), used=answered)
        return {r["partner"]: (r["n"], r["used"] if self.wave else 0) for r in rows}

    def rater(self, token: str) -> str:
        """Return the key under which the answers of a token are kept.

        It is the same in every wave, so that waves follow the same people, and cannot be had from what is kept of
        the link: that is another hash of the token, and the token itself is kept nowhere.
        """
        return hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class SurveyClosing(models.Model):
    """A wave that was closed, and the revision that holds what may be shown of it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="closings")
    wave = models.PositiveSmallIntegerField()
    on = models.DateField()
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("wave",)
        constraints = (models.UniqueConstraint(fields=("survey", "wave"), name="a_wave_is_closed_once"),)


class SurveyLink(models.Model):
    """An invitation for one person of a partner's group. Nothing here says whom."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    partner = models.CharField(max_length=64)
    group = models.CharField(max_length=12, choices=Survey.Group)
    answered = models.PositiveSmallIntegerField(default=0)
    """Latest wave in which it was used; when is not kept."""

    @staticmethod
    def digest(token: str) -> str:
        """Return what is kept of a link."""
        return hashlib.sha256(token.encode()).hexdigest()


class SurveyAnswer(models.Model):
    """A raw answer. Only ``actions.answers`` reads or writes it; it has no time, no order and no way back to a link."""

    # Of all fields only this one becomes SQLite's row number; a row of its own choosing keeps no order of arrival.
    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+")
    wave = models.PositiveSmallIntegerField()
    rater = models.CharField(max_length=64)
    partner = models.CharField(max_length=64)
    group = models.CharField(max_length=12)
    statement = models.CharField(max_length=64)
    about = models.CharField(max_length=64, blank=True)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("survey", "wave", "rater", "statement", "about"), name="one_answer_a_rater_and_wave"
            ),
        )
