"""The interface for programs: every room of routes, and how what is wrong with an input is said."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from interlocal.problems import InputError, Problem
from interlocal.web.api import (
    agreements,
    cases,
    comments,
    comparisons,
    deciding,
    life,
    people,
    region_runs,
    regions,
    revisions,
    studies,
    surveys,
    terms,
)
from interlocal.web.api.tokens import Bearer
from interlocal.web.plain import PlainParser

api = NinjaAPI(
    title="Interlocal", version="1", urls_namespace="api", auth=Bearer(), docs_url=None, openapi_url="openapi.json", parser=PlainParser()
)  # fmt: skip
for room in (agreements, cases, comments, comparisons, deciding, life, people, region_runs, regions, revisions, studies, surveys, terms):  # fmt: skip
    api.add_router("", room.router)


@api.exception_handler(InputError)
def _wrong(request: HttpRequest, error: InputError) -> HttpResponse:
    return api.create_response(request, {"problems": [p.as_dict() for p in error.problems]}, status=422)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    most = f"at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1e6:.0f} MB"
    found = Problem("", "The request", "a larger one", most, "Send less at once, or a smaller file.")
    return api.create_response(request, {"problems": [found.as_dict()]}, status=422)
