"""What a draft reads: the case, the option proposed, the form, the study, and who will read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.governance.view import View


@dataclass(frozen=True)
class Draft:
    """A draft agreement in the making."""

    case: Case
    option: Option
    place: str
    """Pointer to the option."""
    model: str
    document: Mapping[str, Any]
    view: View

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of the parties."""
        return self.case.members(self.option)

    def name(self, partner: str) -> str:
        """Return a party's name."""
        return self.case.partner(partner).name

    def sees_partner(self, partner: str) -> bool:
        """Tell whether the draft's audience may see what the case says of a party."""
        return self.view.sees(f"/partners/{self.case.partner_ids.index(partner)}")

    def sees(self, *path: str) -> bool:
        """Tell whether the draft's audience may see a part of the option."""
        return self.view.sees("/".join((self.place, *path)))
