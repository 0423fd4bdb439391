"""What every answer carries for safety, and what is written down about each request: never who, never what about."""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from gunicorn.glogging import Logger

from interlocal.web.environment import LOOPBACK

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("interlocal.request")

# No inline script, no inline style, nothing from elsewhere. data: is for the QR code of a second factor.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
)


def _forms(request: HttpRequest) -> str:
    """Return where a form of this page may lead.

    A browser holds the redirects after a form to it too. So the one page from which people go to sign in elsewhere
    lets them: to the provider of the settings, which may hand them on to another over https.
    """
    found = request.resolver_match
    if settings.ENVIRONMENT.oidc is None or found is None or found.view_name != "openid_connect_login":
        return "'self'"
    provider = urlsplit(settings.ENVIRONMENT.oidc["url"])
    return f"'self' https: {provider.scheme}://{provider.netloc}"


class Headers:
    """Adds the content security policy and keeps private pages out of shared caches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers on."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(forms=_forms(request)))
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Probes:
    """Lets a monitor on this machine ask without knowing under which name others reach us."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, as if the monitor had used our name."""
        if request.path in {"/health/", "/metrics/"} and from_this_machine(request):
            request.META["HTTP_HOST"] = settings.ENVIRONMENT.host
        return self.get_response(request)


def from_this_machine(request: HttpRequest) -> bool:
    """Whether a request comes from a program on this machine, and through no proxy."""
    return "X-Forwarded-For" not in request.headers and request.META.get("REMOTE_ADDR") in LOOPBACK


class RequestLog:
    """Writes one line per request: route, status, time. The path itself may hold a secret link, so it is left out."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write the line."""
        started = time.perf_counter()
        request.META["INTERLOCAL_REQUEST"] = number = uuid.uuid4().hex[:12]
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        log.info(
            "request",
            extra={"fields": {"id": number, "method": request.method, "route": route,
                              "status": response.status_code, "ms": milliseconds}},
        )  # fmt: skip
        response.headers["X-Request-Id"] = number
        return response


_PLAIN = ("interlocal", "django_tasks")
"""Who logs ids and states alone; what others fill into their words may be an address or a name, and stays out."""
_FILLED = re.compile(r"%(\(\w+\))?[-#0 +]*\d*(\.\d+)?[a-zA-Z]")


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception, the places in the code are kept and its words are not: they may quote people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        fault = record.exc_info[1] if record.exc_info else None
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": self._words(record, fault),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            places = traceback.extract_tb(record.exc_info[2])
            line["fault"] = record.exc_info[0].__name__
            line["at_code"] = [f"{p.filename.rpartition('/')[2]}:{p.lineno}" for p in places[-8:]]
        return json.dumps(line, ensure_ascii=False, default=str)

    @staticmethod
    def _words(record: logging.LogRecord, fault: BaseException | None) -> str:
        if record.name.startswith(_PLAIN):
            return record.getMessage()
        if fault is not None and str(fault) == str(record.msg):
            return "…"  # the words of a fault, which may quote what somebody sent
        return _FILLED.sub("…", str(record.msg))


class ServerLog(Logger):
    """The web server's own log in the same lines. Its warnings quote who sent what, so it tells errors alone."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does, with our lines."""
        super().setup(cfg)
        self.error_log.setLevel(logging.ERROR)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())
