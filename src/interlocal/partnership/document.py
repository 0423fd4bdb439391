"""One agreement as a document of its own, with what it takes to read it without a register."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from interlocal.case.canonical import Document
from interlocal.case.read import validated
from interlocal.case.text import Node, pointer
from interlocal.case.values import Currency, Day
from interlocal.partnership.agreement import Agreement, Organisation
from interlocal.partnership.check import check
from interlocal.partnership.register import Register
from interlocal.problems import InputError, Problem


class Partnership(Document, Agreement):
    """An agreement with its currency and its organisations, format 1.

    A register holds many agreements and is one document; where each agreement is saved by other people at other times,
    each is a document of its own.
    """

    currency: Currency
    fictional: bool = False
    """True for made-up places; every output says so."""
    organisations: Annotated[tuple[Organisation, ...], Field(min_length=2)]
    """Who can be a party: each with a short id and its name."""

    def register(self, day: Day) -> Register:
        """Return the register that holds this agreement alone, on a day."""
        return Register(
            format=1,
            title=self.title,
            as_of=day,
            currency=self.currency,
            fictional=self.fictional,
            organisations=self.organisations,
            agreements=(self,),
        )


def partnership_from_node(root: Node, name: str) -> Partnership:
    """Turn parsed text into a checked agreement.

    Raises
    ------
    InputError
        With every problem of its form; of what must hold between its entries, once the form is right.
    """
    found = validated(Partnership, root, name)
    problems = []
    for place, what, expected, fix in check(found.organisations, (found,)):
        # The rules speak of a register; here its one agreement is the whole document.
        where = place[2:] if place[:1] == ("agreements",) else place
        problems.append(Problem(pointer(where), f"{name}, {root.at(where)[0].where}", what, expected, fix))
    if problems:
        raise InputError(problems)
    return found


def apart(register: Register) -> tuple[Partnership, ...]:
    """Return each agreement of a register as a document of its own, with the organisations it names."""
    made = []
    for a in register.agreements:
        members = a.members()
        head = {
            "format": 1,
            "currency": register.currency,
            "fictional": register.fictional,
            "organisations": tuple(o for o in register.organisations if o.id in members),
        }
        fields = {name: getattr(a, name) for name in a.model_fields_set}
        made.append(Partnership.model_validate({**head, **fields}))
    return tuple(made)
