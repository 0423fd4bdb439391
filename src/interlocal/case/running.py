"""The rhythm of the work: check-ins, decisions, actions, issues and disputes."""

from __future__ import annotations

from typing import Literal

from interlocal.case.values import Day, Entry, Slug, Text


class CheckIn(Entry):
    """A meeting that was planned, and whether it was held."""

    planned: Day
    held: Day | None = None
    attended: tuple[Slug, ...] = ()
    decided: tuple[Text, ...] = ()
    """Decisions taken; a meeting without any does not keep the pressure up."""


class Action(Entry):
    """Something somebody is to do."""

    id: Slug
    text: Text
    owner: Text | None = None
    partner: Slug | None = None
    due: Day | None = None
    closed_on: Day | None = None
    is_decision: bool = False


class Issue(Entry):
    """Something that went wrong between the partners."""

    id: Slug
    text: Text
    opened_on: Day
    closed_on: Day | None = None
    raised_by: Slug | None = None


class Dispute(Entry):
    """A formal dispute and how it ended."""

    id: Slug
    text: Text
    opened_on: Day
    closed_on: Day | None = None
    how: Literal["agreed", "mediated", "arbitrated", "court", "withdrawn"] | None = None
