"""What rests on what: the pages of the case that a screen of the answers reads, and the screens that a page feeds."""

from __future__ import annotations

from interlocal.web.guide import Page, pages
from interlocal.web.results import SCREENS

_READ: dict[str, str] = {
    "money": "spending scope_adjustments staffing options assumptions service partners",
    "service": "service_measures options",
    "lasting": "spending staffing options assumptions",
    "people": "surveys",
    "expectations": "expectations options",
    "plan": "plan",
    "premortem": "mandates attempts comparables taken_over partners options spending service_measures events roles"
    " lead_nominations plan goals partner_goals promises expectations surveys preferred_before_study check_ins actions",
    "lessons": " ".join(p for p in pages() if p not in {"about", "scope_adjustments", "assumptions"}),
    "shares": "spending partners options",
    "governance": "governance options partners service service_measures staffing vision votes",
}


def read_by(screen: str) -> list[Page]:
    """Return the pages of the case that a screen reads, in the order of the work; none where it reads them all."""
    named = _READ.get(screen, "").split()
    return [page for path, page in pages().items() if path in named]


def fed_by(page: Page) -> dict[str, str]:
    """Return the screens that a page of the case feeds, with their titles, in the order of the answers."""
    return {
        s: title for s, title in SCREENS.items() if s == "overview" or page.path in _READ.get(s, "").split()
    }
