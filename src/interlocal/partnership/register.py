"""The register of agreements: one document, format 1, the same in a file and in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from interlocal.case.read import validated
from interlocal.case.text import parse, pointer, read_bytes
from interlocal.case.values import Currency, Day, Frozen, Text, Visibility
from interlocal.case.walk import visible_to
from interlocal.partnership.agreement import Agreement, Organisation
from interlocal.partnership.check import check
from interlocal.problems import InputError, Problem, nearest


class Register(Frozen):
    """Agreements of one or many organisations."""

    format: Literal[1]
    title: Text
    as_of: Day
    """The day this register describes; what is due and overdue is counted from it."""
    currency: Currency
    fictional: bool = False
    organisations: Annotated[tuple[Organisation, ...], Field(min_length=2)]
    agreements: tuple[Agreement, ...] = ()

    def seen_by(self, audience: Visibility) -> Register:
        """Return the register without the entries of life and the records that an audience may not see.

        The books stay whole: bills that leave out an entry would not add up.
        """
        visible = visible_to(audience)

        def shown(entries: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(e for e in entries if getattr(e, "visibility", audience) in visible)

        def seen(a: Agreement) -> Agreement:
            lists = {
                k: shown(v) for k in type(a.life).model_fields if isinstance(v := getattr(a.life, k), tuple)
            }
            known = {m.id for m in lists["milestones"]}
            lists["told"] = tuple(t for t in lists["told"] if t.milestone in known)
            return a.model_copy(update={"life": a.life.model_copy(update=lists), "records": shown(a.records)})

        return self.model_copy(update={"agreements": tuple(map(seen, self.agreements))})

    def name(self, organisation: str) -> str:
        """Return an organisation's name."""
        return next((o.name for o in self.organisations if o.id == organisation), organisation)

    def agreement(self, agreement_id: str) -> Agreement:
        """Return the agreement with this id.

        Raises
        ------
        InputError
            Where there is none, with the nearest.
        """
        for agreement in self.agreements:
            if agreement.id == agreement_id:
                return agreement
        close = nearest(agreement_id, [a.id for a in self.agreements])
        raise InputError(
            Problem(
                "",
                self.title,
                f"no agreement {agreement_id}",
                "the id of an agreement in the register",
                f"Did you mean {close}?" if close else f"Known: {', '.join(a.id for a in self.agreements)}.",
            )
        )


def read_register(path: str | Path) -> Register:
    """Read a register in YAML or JSON.

    Raises
    ------
    InputError
        With every problem: where, what was found, what was expected, how to mend it.
    """
    return parse_register(read_bytes(Path(path)), str(path))


def parse_register(data: bytes, name: str) -> Register:
    """Read a register from bytes; ``name`` is what messages call it."""
    root = parse(data, name)
    register = validated(Register, root, name)
    problems = [
        Problem(pointer(where), f"{name}, line {root.at(where)[0].line}", found, expected, fix)
        for where, found, expected, fix in check(register.organisations, register.agreements)
    ]
    if problems:
        raise InputError(problems)
    return register
