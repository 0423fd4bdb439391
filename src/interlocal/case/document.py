"""The Case: everything people told us, in one frozen document."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from interlocal.case.assumptions import Assumptions, ThresholdOverride
from interlocal.case.canonical import Document
from interlocal.case.deciding import (
    Consent,
    Engagement,
    Expectation,
    Goal,
    Governance,
    PartnerGoals,
    PreferredBeforeStudy,
    Promise,
    Recommendation,
    Stakeholder,
    SurveyWave,
    Vote,
)
from interlocal.case.options import Option
from interlocal.case.partners import Duplication, Partner
from interlocal.case.people import KeyPost, LeadNomination, Plan, Role, Vision
from interlocal.case.running import Action, CheckIn, Dispute, Issue
from interlocal.case.service import ScopeAdjustment, ServiceMeasure, ServiceScope, Spending
from interlocal.case.staffing import PayScale, Staffing
from interlocal.case.values import Currency, Day, Money, Slug, Text
from interlocal.case.walk import walk
from interlocal.case.why_now import (
    Attachment,
    Comparable,
    DriverClaim,
    EarlierAgreement,
    EarlierAttempt,
    Event,
    Idea,
    Mandate,
)

Gate = Literal["explore", "negotiate", "adopt", "run"]
FORMAT = 1


class Case(Document):
    """A case for sharing a service, format 1."""

    title: Text
    gate: Gate = "explore"
    """explore: is it worth a study? negotiate: worth negotiating? adopt: ready for a vote? run: does it hold?"""
    as_of: Day
    """The day this case describes; dates are judged against it, so that a study repeats."""
    currency: Currency
    fictional: bool = False
    """True for made-up places; every output says so."""
    summary: Text | None = None
    service: ServiceScope
    partners: Annotated[tuple[Partner, ...], Field(min_length=1, max_length=64)]
    assumptions: Assumptions
    options: tuple[Option, ...]
    proposed: Slug | None = None
    """The option proposed; the first shared one where empty."""

    spending: tuple[Spending, ...] = ()
    scope_adjustments: tuple[ScopeAdjustment, ...] = ()
    staffing: Staffing = Staffing()
    service_measures: tuple[ServiceMeasure, ...] = ()

    duplication: tuple[Duplication, ...] = ()
    driver_claims: tuple[DriverClaim, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    events: tuple[Event, ...] = ()
    ideas: tuple[Idea, ...] = ()
    agreements: tuple[EarlierAgreement, ...] = ()
    attempts: tuple[EarlierAttempt, ...] = ()
    comparables: tuple[Comparable, ...] = ()
    taken_over: tuple[Attachment, ...] = ()
    """Savings taken over from comparables."""

    key_posts: tuple[KeyPost, ...] = ()
    roles: tuple[Role, ...] = ()
    lead_nominations: tuple[LeadNomination, ...] = ()
    plan: Plan | None = None
    vision: Vision | None = None

    expectations: tuple[Expectation, ...] = ()
    promises: tuple[Promise, ...] = ()
    goals: tuple[Goal, ...] = ()
    partner_goals: tuple[PartnerGoals, ...] = ()
    preferred_before_study: PreferredBeforeStudy | None = None
    votes: tuple[Vote, ...] = ()
    consents: tuple[Consent, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    surveys: tuple[SurveyWave, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()
    engagement: tuple[Engagement, ...] = ()
    governance: Governance | None = None

    check_ins: tuple[CheckIn, ...] = ()
    actions: tuple[Action, ...] = ()
    issues: tuple[Issue, ...] = ()
    disputes: tuple[Dispute, ...] = ()

    thresholds: tuple[ThresholdOverride, ...] = ()

    @cached_property
    def price_years(self) -> frozenset[int]:
        """Years whose prices any amount that a study grows or shrinks is in."""
        parts = (self.options, self.staffing, self.service_measures)
        amounts = [part for _, part in walk(parts) if isinstance(part, (Money, PayScale))]
        return frozenset([a.year for a in amounts if a.year is not None] + [s.year for s in self.spending])

    @property
    def partner_ids(self) -> tuple[str, ...]:
        """Ids of the partners in the case's order."""
        return tuple(p.id for p in self.partners)

    def partner(self, partner_id: str) -> Partner:
        """Return the partner with this id."""
        return next(p for p in self.partners if p.id == partner_id)

    def option(self, option_id: str) -> Option:
        """Return the option with this id."""
        return next(o for o in self.options if o.id == option_id)

    def members(self, option: Option) -> tuple[str, ...]:
        """Partners that take part in an option, in the case's order."""
        return tuple(p for p in self.partner_ids if not option.members or p in option.members)

    @property
    def proposed_option(self) -> Option | None:
        """The proposed option, or the first shared one."""
        if self.proposed is not None:
            return self.option(self.proposed)
        return next((o for o in self.options if o.kind == "shared"), None)
