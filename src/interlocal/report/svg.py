"""From a Vega-Lite specification to SVG that stands in a page: scalable, named for who cannot see it, no stray ids."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from html import escape
from importlib.resources import as_file, files
from typing import Any

FONT = "'Public Sans', system-ui, sans-serif"
FONTS = files("interlocal.report").joinpath("fonts")
"""The letters of every picture and PDF: what a machine calls "sans-serif" may be anything."""
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
    drawn = _drawn(json.dumps(specification))
    drawn = _LOCAL_ID.sub(rf"\g<1>{key}-", _ROLES.sub("", drawn))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="\\1" width="100%" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" focusable="false">'
    )
    names = (
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(alternative)}</desc>'
    )
    return _OPENING.sub(lambda m: m.expand(opening) + names, drawn, count=1)


def png(svg: str, scale: float = 2.0) -> bytes:
    """Return a picture as PNG, for forms that cannot hold SVG."""
    made: bytes = _converter().svg_to_png(svg, scale=scale)
    return made


@lru_cache(maxsize=64)
def _drawn(specification: str) -> str:
    """Draw once what stands in several documents of a packet."""
    drawn: str = _converter().vegalite_to_svg(specification)
    return drawn


@cache
def _converter() -> Any:
    """Import late, for it is 40 MB that only pictures need, and lend it the letters once."""
    import vl_convert  # noqa: PLC0415

    with as_file(FONTS) as fonts:
        vl_convert.register_font_directory(str(fonts))
    return vl_convert
