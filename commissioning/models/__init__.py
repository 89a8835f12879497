"""The records of commissioning, a noun a module."""

from commissioning.models.api_keys import ApiKey
from commissioning.models.audit import AuditEvent
from commissioning.models.documents import Document
from commissioning.models.framework import FrameworkItem, InterventionType, Tier
from commissioning.models.jobs import Event, Heartbeat, Job
from commissioning.models.notices import Notice
from commissioning.models.organisations import (
    Organisation,
    OrganisationFact,
    Partnership,
    Succession,
)
from commissioning.models.people import Membership, User
from commissioning.models.rulesets import RuleSet

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Document",
    "Event",
    "FrameworkItem",
    "Heartbeat",
    "InterventionType",
    "Job",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationFact",
    "Partnership",
    "RuleSet",
    "Succession",
    "Tier",
    "User",
]
