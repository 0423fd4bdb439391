"""The sign of life of a run in the worker."""

from __future__ import annotations

import time

from interlocal.web.actions import runs
from interlocal.web.models.runs import BackgroundRun

EVERY = 0.5
"""Seconds between two signs."""


class Heartbeat:
    """Tells now and then that the run is alive, and hears whether somebody wants it stopped."""

    def __init__(self, run: BackgroundRun) -> None:
        self.run, self.done, self.all, self.noted, self.asked = run, 0, 0, 0.0, False

    def progress(self, done: int, all_: int) -> None:
        """Take how far it is."""
        self.done, self.all = done, all_
        if done == all_:
            self.noted = 0.0  # the last step is told at once
        self.cancelled()

    def cancelled(self) -> bool:
        """Say whether somebody asked to stop it."""
        if time.monotonic() - self.noted > EVERY:
            self.noted = time.monotonic()
            self.asked = runs.is_alive(run=self.run, done=self.done, all_=self.all) or self.asked
        return self.asked
