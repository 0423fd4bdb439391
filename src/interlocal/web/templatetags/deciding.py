"""The link to the comments on an item, for any page that shows one."""

from __future__ import annotations

from typing import Any

from django import template

from interlocal.web import talk
from interlocal.web.policies import Access

register = template.Library()


@register.inclusion_tag("web/comments_link.html")
def comments_link(access: Access, place: str) -> dict[str, Any]:
    """Show how many threads on an item are open, as a link to them."""
    open_, all_ = talk.count(access, place)
    return {"case": access.case, "place": place, "open": open_, "all": all_, "may": access.may("rate")}
