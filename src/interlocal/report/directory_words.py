"""What stands on the public directory of agreements around what members published."""

from __future__ import annotations

from collections.abc import Mapping

from interlocal.report.language import _


def directory() -> Mapping[str, str]:
    """Return the fixed texts of the public directory in the language spoken now."""
    return {
        "title": _("Shared services"),
        "lead": _("Who shares what with whom, and since when. Each agreement stands here because all its members chose to show it."),
        "empty": _("No agreement is public at the moment. Once all members of one choose to show it, it stands here."),
        "caption": _("Agreements that their members show"),
        "agreement": _("Agreement"),
        "service": _("Service"),
        "form": _("Form"),
        "members": _("Members"),
        "since": _("Since"),
        "until": _("Until"),
        "open": _("no end agreed"),
        "not_said": _("not said"),
        "saved": _("Saved so far, certified"),
        "not_published": _("not published"),
        "made_up": _("made up"),
        "count": _("Agreements shown: {n}."),
        "saved_means": _("Saved is what the members would have paid each alone, at recorded prices, less what they paid. Only years that an office certified count."),
        "search": _("Search by service or member"),
        "find": _("Find"),
        "nothing": _("No agreement fits “{text}”."),
    }  # fmt: skip
