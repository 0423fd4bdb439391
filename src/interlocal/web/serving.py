"""Run the workbench: gunicorn and the worker side by side, both ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from interlocal.problems import InputError, Problem
from interlocal.web.environment import LOOPBACK, Environment, read_environment

_GRACE = 15
"""Seconds that a running request or study gets to end."""


def serve(*, host: str, port: int, workers: int, say: Callable[[str], None]) -> int:
    """Bring the data folder up and serve until told to stop; return the exit status.

    Parameters
    ----------
    host, port
        Where to listen. Without TLS in front this is this machine alone.
    workers
        Processes that answer requests; each has four threads.
    say
        Tells the operator something.
    """
    # Found wrong, a setting stops us here, before anything is written.
    _demand_private(read_environment(), host)
    from interlocal.web import bootstrap  # noqa: PLC0415 - settings are read on import

    bootstrap.set_up()
    bootstrap.migrate()
    bootstrap.collect_static()
    link = bootstrap.first_link()
    from django.conf import settings  # noqa: PLC0415 - the same

    say(f"Interlocal serves {settings.BASE_URL} from {settings.ENVIRONMENT.data}. Stop it with Ctrl+C.")
    if link:
        say(f"Make the first account here, within 14 days:\n\n  {settings.BASE_URL}{link}\n")
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [sys.executable, "-m", "gunicorn", "interlocal.web.wsgi:application", "--bind", bind,
           "--workers", str(workers), "--threads", "4", "--graceful-timeout", str(_GRACE),
           "--logger-class", "interlocal.web.security.ServerLog", "--worker-tmp-dir", _memory()]  # fmt: skip
    worker = [sys.executable, "-m", "django", "worker", "--no-startup-delay", "--interval", "0.5"]
    return _together({"web": web, "worker": worker})


def _demand_private(environment: Environment, host: str) -> None:
    """Refuse to be heard by other machines without TLS: what was set up for this machine alone asks for none."""
    if environment.is_local and host not in LOOPBACK:
        raise InputError(Problem("", "--host", f"{host}, with the address {environment.url}", "127.0.0.1, or an INTERLOCAL_URL with https", "Others reach it through a reverse proxy with TLS; set INTERLOCAL_URL to its address."))  # fmt: skip


def _memory() -> str:
    """Return a folder in memory for gunicorn's signs of life: on a slow disk they would stall it."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else "."  # noqa: S108 - holds no data


def _together(commands: dict[str, list[str]]) -> int:
    """Run commands until one signal ends all; one that dies is started again."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # A group of its own: Ctrl+C reaches us alone, and we end our children in order.
    running = {name: _start(command) for name, command in commands.items()}
    try:
        while not stopping:
            time.sleep(0.3)
            for name, child in running.items():
                if child.poll() is None:
                    continue
                if name == "web":
                    return child.returncode or 1
                time.sleep(1)
                running[name] = _start(commands[name])
    finally:
        for child in running.values():
            child.terminate()
        for child in running.values():
            try:
                child.wait(_GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
    return 0


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "interlocal.web.settings"}
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own command
