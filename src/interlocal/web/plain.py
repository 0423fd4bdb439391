"""Text as a database keeps it: without U+0000, which PostgreSQL refuses, and without halves of characters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from ninja.parser import Parser

_NONE = re.compile("[\x00\ud800-\udfff]")
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def plain(value: Any) -> Any:
    """Return plain values with what no database keeps taken out of every text in them."""
    if isinstance(value, str):
        return _NONE.sub("", value)
    if isinstance(value, list):
        return [plain(v) for v in value]
    return {plain(k): plain(v) for k, v in value.items()} if isinstance(value, dict) else value


class PlainText:
    """Takes it out of addresses and forms, so that no entry is lost for a character that nobody sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer to what is left; a path with such a character leads nowhere."""
        if _NONE.search(request.path_info):
            raise Http404
        for name in ("GET", *(["POST"] if request.content_type in _FORMS else [])):
            sent = getattr(request, name)
            if any(_NONE.search(text) for key, texts in sent.lists() for text in (key, *texts)):
                setattr(request, name, _plain(sent))
        return self.get_response(request)


def _plain(sent: QueryDict) -> QueryDict:
    made = QueryDict(mutable=True)
    for key, texts in sent.lists():
        made.setlist(plain(key), plain(texts))
    made._mutable = False  # noqa: SLF001 - as Django leaves what it reads
    return made


class PlainParser(Parser):
    """Takes it out of what programs send."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body of a request."""
        return cast("dict[str, Any]", plain(json.loads(request.body)))
