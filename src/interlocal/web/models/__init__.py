"""What the database keeps. A module per kind of thing; everything is changed through ``actions`` alone."""

from __future__ import annotations

from interlocal.web.models.audit import AuditEvent
from interlocal.web.models.cases import AgreementRecord, CaseMember, CaseRecord, Draft, Kind, Revision
from interlocal.web.models.deciding import Comment, Decision, Statement
from interlocal.web.models.directory import ListingConsent
from interlocal.web.models.people import Invitation, Membership, Organisation, Person
from interlocal.web.models.publishing import (
    Answer,
    Edition,
    EditionDocument,
    ModerationEvent,
    Publication,
    ResidentComment,
    TakeDown,
)
from interlocal.web.models.regions import RegionFile, RegionRecord, RegionRevision, RegionRun
from interlocal.web.models.reminders import CalendarLink, Letters
from interlocal.web.models.studies import Comparison, Packet, StudyRun
from interlocal.web.models.surveys import Survey, SurveyClosing, SurveyLink
from interlocal.web.models.tokens import Token

__all__ = [
    "AgreementRecord",
    "Answer",
    "AuditEvent",
    "CalendarLink",
    "CaseMember",
    "CaseRecord",
    "Comment",
    "Comparison",
    "Decision",
    "Draft",
    "Edition",
    "EditionDocument",
    "Invitation",
    "Kind",
    "Letters",
    "ListingConsent",
    "Membership",
    "ModerationEvent",
    "Organisation",
    "Packet",
    "Person",
    "Publication",
    "RegionFile",
    "RegionRecord",
    "RegionRevision",
    "RegionRun",
    "ResidentComment",
    "Revision",
    "Statement",
    "StudyRun",
    "Survey",
    "SurveyClosing",
    "SurveyLink",
    "TakeDown",
    "Token",
]
