"""What an audience may see of a case."""

from __future__ import annotations

from interlocal.case.document import Case
from interlocal.case.values import Visibility
from interlocal.case.walk import visibilities


class View:
    """A case as one audience sees it."""

    def __init__(self, case: Case, visible: frozenset[Visibility]) -> None:
        self.case, self.visible = case, visible

    def sees(self, pointer: str) -> bool:
        """Tell whether the audience may see what stands at a JSON pointer and every entry around it."""
        return set(visibilities(self.case, pointer)) <= self.visible
