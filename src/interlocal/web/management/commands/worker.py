"""Run the worker: it works out studies, and begins again what was cut short."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from django.db import connection
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from interlocal.web.actions import comparisons, regions, studies
from interlocal.web.actions.statements import lapse_overdue

log = logging.getLogger("interlocal.worker")
EVERY = 30
"""Seconds between two looks for runs without a sign of life, and for statements that nobody published."""
_KINDNESS = 10
"""Pages go before studies where both want a processor."""


class Command(DatabaseWorker):
    """The database worker of django-tasks, which knows nothing of runs that a kill cut short."""

    help = "Work out studies"

    def handle(self, *args: Any, **options: Any) -> None:
        """Pick up what was left behind, then work."""
        os.nice(_KINDNESS)
        _resume(at_start=True)
        studies.resume_packets()
        threading.Thread(target=_look_again, daemon=True).start()
        super().handle(*args, **options)


def _resume(*, at_start: bool = False) -> None:
    studies.resume_cut_short(at_start=at_start)
    comparisons.resume_comparisons()
    regions.resume_cut_short(at_start=at_start)


def _look_again() -> None:
    while True:
        time.sleep(EVERY)
        try:
            _resume()
            lapse_overdue()
        except Exception:
            # A database that is busy for once must not end the looking.
            log.exception("could not look again")
        finally:
            connection.close()
