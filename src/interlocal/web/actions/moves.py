"""Steps in a running agreement, saved as numbered revisions like everything else that people enter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from interlocal.web import kinds
from interlocal.web.actions.cases import save_case
from interlocal.web.models import AgreementRecord, CaseRecord, Person, Revision
from interlocal.web.moves import Move, applied


@transaction.atomic
def make_move(
    *, record: AgreementRecord, move: Move, key: str = "", values: Mapping[str, Any], by: Person
) -> Revision:
    """Make a step on top of the latest revision: it touches one entry, so that it goes with what others save.

    Raises
    ------
    InputError
        Where something is missing or does not fit; its places are JSON pointers into the agreement, or names of fields.
    """
    held = CaseRecord.of_any_kind.select_for_update().get(pk=record.pk)
    document, _ = applied(move, held.head.data, key, values)
    saved = kinds.AGREEMENT.checked(document, "the agreement")
    return save_case(record=held, case=saved, base=held.latest, by=by, about=move.title)
