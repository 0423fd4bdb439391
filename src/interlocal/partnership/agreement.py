"""An agreement in the register: who shares what with whom, since when, on which terms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.formulas import Formula
from interlocal.case.options import ExitTerms, Voting
from interlocal.case.values import Day, Entry, Frozen, Month, Share, Slug, Text, Year
from interlocal.partnership.life import Ending, Life
from interlocal.partnership.money import Amount, FiscalYear, Instalments
from interlocal.partnership.results import Baseline, Record


class Organisation(Entry):
    """A government, or another body that can be a party."""

    id: Slug
    name: Text
    kind: Text | None = None


class Party(Entry):
    """An organisation's part in one agreement."""

    organisation: Slug
    since: Day | None = None
    """The day it joined; the start of the agreement where empty."""
    until: Day | None = None
    """The last day of its membership; empty while it stays."""
    takes: tuple[Slug, ...] = ()
    """Parts of the menu it opted into."""
    tier: Share = 1.0
    """How much of the service it takes: 1 all of it, 0.5 half."""


class MenuItem(Entry):
    """A part of the service that members opt into."""

    id: Slug
    name: Text


class Renewal(Entry):
    """What happens at the end of the term."""

    kind: Literal["automatic", "by_vote", "none"] = "none"
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    """Length of the next term."""


class Insurance(Entry):
    """A policy the agreement asks for."""

    what: Text
    expires: Day | None = None


class EscalatorClause(Entry):
    """How an amount in the agreement grows."""

    rate: Annotated[float, Field(ge=-0.5, le=0.5)] | None = None
    """Growth per year as a share; empty where it follows an index."""
    index: Text | None = None
    applies_on: Month = 1
    """Month in which it applies each year."""


class Standard(Entry):
    """A promised level of service."""

    id: Slug
    name: Text
    unit: Text
    target: float
    better: Literal["higher", "lower"]


class Document(Entry):
    """A paper that belongs to the agreement."""

    title: Text
    where: Text
    """Address or place where it is kept."""


class Publication(Frozen):
    """What members chose to show in the public directory."""

    listed: bool = False
    results: bool = False
    """Whether the certified results are shown too."""


class Agreement(Entry):
    """One agreement with its money, its records and its life."""

    id: Slug
    title: Text
    service: Slug | None = None
    """Id in the catalogue of services."""
    form: Slug | None = None
    """Governance model in the catalogue."""
    parties: Annotated[tuple[Party, ...], Field(min_length=2)]
    lead: Slug | None = None
    starts: Day
    ends: Day | None = None
    """Last day of the term; empty where it runs until somebody ends it."""
    renewal: Renewal = Renewal()
    notice_months: Annotated[int, Field(ge=0, le=120)] | None = None
    insurance: tuple[Insurance, ...] = ()
    escalator: EscalatorClause | None = None
    formula: Formula | None = None
    frozen_parts: dict[Slug, Share] = {}
    """Parts fixed at adoption, for a formula that follows from the cost of every group (Shapley, nucleolus, …)."""
    before: dict[Slug, Amount] = {}
    """What each party paid for the service before, where a phase-in starts from it [currency/year]."""
    menu: tuple[MenuItem, ...] = ()
    standards: tuple[Standard, ...] = ()
    voting: Voting | None = None
    exit: ExitTerms | None = None
    documents: tuple[Document, ...] = ()
    publication: Publication = Publication()
    review_date: Day | None = None
    fiscal_year_start: Month = 1
    """The year is named for the calendar year in which it ends."""
    instalments: Instalments = Instalments()
    years: tuple[FiscalYear, ...] = ()
    baseline: Baseline | None = None
    records: tuple[Record, ...] = ()
    life: Life = Life()
    ending: Ending | None = None

    def members(self) -> tuple[str, ...]:
        """Ids of all that are or were parties, each once, in the order of the ids."""
        return tuple(sorted({p.organisation for p in self.parties}))

    def members_on(self, day: Day) -> tuple[str, ...]:
        """Ids of the parties on a day."""
        return tuple(
            sorted(
                {
                    p.organisation
                    for p in self.parties
                    if (p.since or self.starts) <= day and (p.until is None or day <= p.until)
                }
            )
        )

    def partners_on(self, day: Day) -> tuple[str, ...]:
        """Ids of those that share the service: the first parties before it starts, all that ever were once none is left."""
        return self.members_on(max(day, self.starts)) or self.members()

    def year(self, year: Year) -> FiscalYear | None:
        """Return the books of a fiscal year."""
        return next((y for y in self.years if y.year == year), None)
