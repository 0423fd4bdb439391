"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    """All screens, models and tasks."""

    name = "interlocal.web"
    label = "web"
    verbose_name = "Interlocal"
    default_auto_field = "django.db.models.BigAutoField"
