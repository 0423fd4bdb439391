"""One agreement as an Excel workbook, both ways: a sheet per section, as a case has them."""

from __future__ import annotations

from importlib.resources import files

from interlocal.case.read import from_workbook
from interlocal.case.sheets import read_grids
from interlocal.case.text import is_workbook, parse
from interlocal.case.workbook.book import Book
from interlocal.case.workbook.writing import to_workbook as written
from interlocal.partnership.document import Partnership, partnership_from_node
from interlocal.reference import governance_models, services

AGREEMENT = Book(
    model=Partnership,
    name="agreement",
    about="What the agreement is: its title, its term, its lead, its day of review.",
    fresh="interlocal register --template PATH.xlsx",
    made_on=lambda agreement: agreement.starts,
    advice=(
        "Sheet organisations names everybody once with a short id; every other sheet says that id.",
        "Sheet menu names the parts that members opt into; takes in sheet parties says who takes which.",
        "Make a register of it with: interlocal register FILE.xlsx. In the browser: Agreements, Start an agreement.",
    ),
    first=("organisations",),
    catalogues={("agreement", "service"): services, ("agreement", "form"): governance_models},
    own_ids=dict.fromkeys(("organisation", "lead", "partner", "raised_by", "kept_by"), "organisations")
    | {"takes": "menu", "item": "menu", "milestone": "life.milestones"},
)


def parse_workbook(data: bytes, name: str) -> Partnership:
    """Read an agreement from a workbook; ``name`` is what messages call it.

    Raises
    ------
    InputError
        With every problem: sheet and cell, what was found, what was expected, how to mend it.
    """
    return from_workbook(data, name, AGREEMENT, lambda root: partnership_from_node(root, name))


def to_workbook(agreement: Partnership, *, every_section: bool = False) -> bytes:
    """Return an agreement as a workbook; see :func:`interlocal.case.workbook.writing.to_workbook`."""
    return written(agreement, AGREEMENT, every_section=every_section)


def template() -> bytes:
    """Return a workbook to fill in, with the sheets of every section."""
    return to_workbook(starter(), every_section=True)


def starter() -> Partnership:
    """Return a made-up agreement to fill in, with something in most sections."""
    data = (files("interlocal.partnership") / "starter.yaml").read_bytes()
    return partnership_from_node(parse(data, "the starter"), "the starter")


def holds_agreement(data: bytes, name: str) -> bool:
    """Whether a file is a workbook of one agreement, rather than a table of many or something else."""
    if not is_workbook(data, name):
        return False
    names = {grid.name.strip().lower() for grid in read_grids(data, name)}
    return {AGREEMENT.name, *AGREEMENT.first} <= names
