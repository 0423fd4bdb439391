"""The link to the comments on an item, for any page that shows one."""

from __future__ import annotations

from typing import Any

from django import template

from interlocal.web import talk
from interlocal.web.places import Places
from interlocal.web.policies import Access

register = template.Library()


@register.inclusion_tag("web/comments_link.html")
def comments_link(access: Access, place: str) -> dict[str, Any]:
    """Show how many threads on an item are open, as a link to them."""
    places = Places(access)
    found = talk.threads(access, places, place)
    open_ = sum(t.first.resolved_at is None for t in found)
    return {"case": access.case, "place": place, "open": open_, "all": len(found), "may": access.may("rate")}
