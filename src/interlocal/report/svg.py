"""From a Vega-Lite specification to SVG that stands in a page: scalable, named for who cannot see it, no stray ids."""

from __future__ import annotations

import re
from html import escape
from typing import Any

FONT = "'Public Sans', system-ui, sans-serif"
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_OPENING = re.compile(r"<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>")
_LOCAL_ID = re.compile(r'(\bid="|url\(#|href="#)')


def render(specification: dict[str, Any], key: str, title: str, alternative: str) -> str:
    """Return the picture as SVG text; same specification, same bytes.

    Parameters
    ----------
    specification
        Vega-Lite, with a fixed size and padding so that no font of this machine changes the layout.
    key
        Prefix that keeps ids apart where several pictures stand in one page.
    title, alternative
        What a screen reader says.
    """
    import vl_convert  # noqa: PLC0415 - 40 MB that only pictures need

    drawn: str = vl_convert.vegalite_to_svg(specification)
    drawn = _LOCAL_ID.sub(rf"\g<1>{key}-", _ROLES.sub("", drawn))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="\\1" width="100%" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" focusable="false">'
    )
    names = (
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(alternative)}</desc>'
    )
    return _OPENING.sub(lambda m: m.expand(opening) + names, drawn, count=1)
