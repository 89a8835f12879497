"""The records of commissioning, a noun a module."""

from commissioning.models.agreement import (
    Amendment,
    DueDate,
    PlanComment,
    PlanVersion,
)
from commissioning.models.api_keys import (
    ApiKey,
)
from commissioning.models.audit import (
    AuditEvent,
)
from commissioning.models.competence import (
    CompetenceAnswer,
    SelfAssessment,
)
from commissioning.models.documents import (
    Document,
)
from commissioning.models.evidence import (
    Evidence,
    NationalComparator,
)
from commissioning.models.feeds import (
    CalendarFeed,
)
from commissioning.models.framework import (
    FrameworkItem,
    InterventionType,
    Tier,
)
from commissioning.models.funding import (
    Funding,
    FundingStream,
)
from commissioning.models.jobs import (
    Event,
    Heartbeat,
    Job,
)
from commissioning.models.ledger import (
    Allocation,
    CarriedForward,
    Entry,
    Virement,
)
from commissioning.models.lines import (
    Line,
    LineTrajectory,
)
from commissioning.models.monitoring import (
    LineReport,
    QuarterReport,
)
from commissioning.models.needs import (
    BullseyeFigure,
    CapacityNeed,
    Gap,
    GroupNeed,
    HarmFigure,
    NeedsArea,
    NeedsAssessment,
    View,
)
from commissioning.models.notices import (
    Notice,
)
from commissioning.models.organisations import (
    Organisation,
    OrganisationFact,
    Partnership,
    Succession,
)
from commissioning.models.people import (
    Membership,
    User,
)
from commissioning.models.plan_sums import (
    PlanSum,
)
from commissioning.models.planning import (
    Coverage,
    GridRow,
    Priority,
    Target,
)
from commissioning.models.plans import (
    Declaration,
    Plan,
    PlanDocument,
    PlanMember,
)
from commissioning.models.rulesets import (
    RuleSet,
)

__all__ = [
    "Allocation",
    "Amendment",
    "ApiKey",
    "AuditEvent",
    "BullseyeFigure",
    "CalendarFeed",
    "CapacityNeed",
    "CarriedForward",
    "CompetenceAnswer",
    "Coverage",
    "Declaration",
    "Document",
    "DueDate",
    "Entry",
    "Event",
    "Evidence",
    "FrameworkItem",
    "Funding",
    "FundingStream",
    "Gap",
    "GridRow",
    "GroupNeed",
    "HarmFigure",
    "Heartbeat",
    "InterventionType",
    "Job",
    "Line",
    "LineReport",
    "LineTrajectory",
    "Membership",
    "NationalComparator",
    "NeedsArea",
    "NeedsAssessment",
    "Notice",
    "Organisation",
    "OrganisationFact",
    "Partnership",
    "Plan",
    "PlanComment",
    "PlanDocument",
    "PlanMember",
    "PlanSum",
    "PlanVersion",
    "Priority",
    "QuarterReport",
    "RuleSet",
    "SelfAssessment",
    "Succession",
    "Target",
    "Tier",
    "User",
    "View",
    "Virement",
]
