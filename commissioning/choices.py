"""The words that commissioning records may hold."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    NATION = "NATION", "Nation"
    REGION = "REGION", "Region"
    PARTNERSHIP = "PARTNERSHIP", "Partnership"
    PROVIDER = "PROVIDER", "Provider"
    PCT = "PCT", "Primary care trust"
    SHA = "SHA", "Strategic health authority"
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY", "Local authority"
    POLICE = "POLICE", "Police force"
    PROBATION = "PROBATION", "Probation area"
    TRUST = "TRUST", "NHS trust"


MEMBER_KINDS = frozenset(
    {
        OrganisationKind.PCT,
        OrganisationKind.SHA,
        OrganisationKind.LOCAL_AUTHORITY,
        OrganisationKind.POLICE,
        OrganisationKind.PROBATION,
        OrganisationKind.TRUST,
    }
)


class FactKind(TextChoices):
    """What can be true of an organisation from one day until another."""

    IN_REGION = "IN_REGION", "Is in the region"
    DIP_INTENSIVE = "DIP_INTENSIVE", "Is an intensive Drug Interventions Programme area"
    HAS_MEMBER = "HAS_MEMBER", "Has the member"


class SuccessionKind(TextChoices):
    MERGER = "MERGER", "Merged into"
    SPLIT = "SPLIT", "Split into"
    RENAME = "RENAME", "Renamed"


class JobState(TextChoices):
    QUEUED = "QUEUED", "Waiting"
    RUNNING = "RUNNING", "Running"
    DONE = "DONE", "Done"
    FAILED = "FAILED", "Stopped by a fault"


class KeyState(TextChoices):
    """What has become of an API key."""

    IN_FORCE = "IN_FORCE", "In force"
    EXPIRED = "EXPIRED", "Expired"
    REVOKED = "REVOKED", "Revoked"


class PlanKind(TextChoices):
    OWN = "OWN", "Plan of one partnership"
    JOINT = "JOINT", "Joint plan"


class PlanState(TextChoices):
    DRAFT = "DRAFT", "Draft"
    SUBMITTED = "SUBMITTED", "Submitted"
    COMMENTED = "COMMENTED", "Returned with comments"
    RESUBMITTED = "RESUBMITTED", "Resubmitted"
    AGREED = "AGREED", "Agreed"
    MONITORED = "MONITORED", "Being monitored"
    CLOSED = "CLOSED", "Closed"


class PlanStep(TextChoices):
    """What is due of a plan by a day that a region sets."""

    SUBMITTED = "SUBMITTED", "Plan submitted"
    COMMENTED = "COMMENTED", "Regional comments"
    RESUBMITTED = "RESUBMITTED", "Plan resubmitted"
    AGREED = "AGREED", "Plan agreed"


class PlanSection(TextChoices):
    """The parts of a plan that are commented on and compared."""

    SUMMARY = "SUMMARY", "Strategic summary"
    NEEDS = "NEEDS", "Needs and priorities"
    TARGETS = "TARGETS", "Targets"
    COVERAGE = "COVERAGE", "Coverage of the four tiers"
    LINES = "LINES", "What is commissioned"
    MONEY = "MONEY", "Money"
    GRIDS = "GRIDS", "Planning grids"
    DOCUMENTS = "DOCUMENTS", "Linked documents"


class VersionReason(TextChoices):
    SUBMITTED = "SUBMITTED", "Submitted"
    AGREED = "AGREED", "Agreed"
    VARIED = "VARIED", "Varied"


class AmendmentState(TextChoices):
    OPEN = "OPEN", "Being written"
    SUBMITTED = "SUBMITTED", "Submitted"
    AGREED = "AGREED", "Agreed"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


class TargetSource(TextChoices):
    NATIONAL = "NATIONAL", "National target"
    LOCAL = "LOCAL", "Local expectation"
    DELIVERY_PLAN = "DELIVERY_PLAN", "Local delivery plan"


class PlanningGrid(TextChoices):
    COMMISSIONING = "COMMISSIONING", "Commissioning the system"
    ACCESS = "ACCESS", "Access and engagement"
    RETENTION = "RETENTION", "Retention and effectiveness"
    EXIT = "EXIT", "Exit and reintegration"
    HARM = "HARM", "Harm reduction"


class MilestoneStatus(TextChoices):
    NOT_STARTED = "NOT_STARTED", "Not started"
    ON_TRACK = "ON_TRACK", "On track"
    LATE = "LATE", "Late"
    DONE = "DONE", "Done"
    DROPPED = "DROPPED", "Dropped"


class CoverageState(TextChoices):
    HAVE = "HAVE", "In place"
    WEAK = "WEAK", "Weak"
    MISSING = "MISSING", "Missing"


class DocumentRole(TextChoices):
    """The documents Models of Care asks a plan to hang together with (2.7)."""

    LOCAL_STRATEGY = "LOCAL_STRATEGY", "Local strategic partnership"
    NEEDS = "NEEDS", "Needs assessment"
    WORKFORCE = "WORKFORCE", "Workforce strategy"
    HOMELESSNESS = "HOMELESSNESS", "Homelessness strategy"
    SUPPORTING_PEOPLE = "SUPPORTING_PEOPLE", "Supporting People strategy"
    OTHER = "OTHER", "Other"


class Purchase(TextChoices):
    """How a line's places are to be bought."""

    BLOCK = "BLOCK", "Block"
    SPOT = "SPOT", "Spot"
    AGREEMENT = "AGREEMENT", "Service level agreement"


class FundingStanding(TextChoices):
    CONFIRMED = "CONFIRMED", "Confirmed"
    EXPECTED = "EXPECTED", "Expected"


class EntryKind(TextChoices):
    """What an entry of the money ledger does; which sums it adds to is in `rules`."""

    ALLOCATION = "ALLOCATION", "Allocation"
    VIREMENT = "VIREMENT", "Virement"
    COMMITMENT = "COMMITMENT", "Commitment"
    RELEASE = "RELEASE", "Release"
    PAYMENT = "PAYMENT", "Payment"
    ACCRUAL = "ACCRUAL", "Accrual"


class VirementState(TextChoices):
    ASKED = "ASKED", "Waiting for approval"
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"


class ReportState(TextChoices):
    OPEN = "OPEN", "To be signed"
    SIGNED = "SIGNED", "Signed"


class BullseyeRing(TextChoices):
    """The rings of the bullseye, from the outside in."""

    ESTIMATE = "ESTIMATE", "Estimated problem drug users"
    KNOWN = "KNOWN", "Known, not in treatment"
    LEFT = "LEFT", "Left treatment this year"
    IN_TREATMENT = "IN_TREATMENT", "In treatment now"


class PopulationGroup(TextChoices):
    """Whose needs an assessment looks at by themselves (Models of Care 2.4, 3.7)."""

    WOMEN = "WOMEN", "Women"
    MEN = "MEN", "Men"
    YOUNG_ADULTS = "YOUNG_ADULTS", "Young adults"
    OLDER = "OLDER", "Older people"
    MINORITY_ETHNIC = "MINORITY_ETHNIC", "Black and minority ethnic communities"
    INJECTORS = "INJECTORS", "People who inject"
    STIMULANTS = "STIMULANTS", "Stimulant users"
    PREGNANT = "PREGNANT", "Pregnant women"
    OFFENDERS = "OFFENDERS", "Offenders"
    HOMELESS = "HOMELESS", "Homeless people"
    REFUGEES = "REFUGEES", "Refugees and asylum seekers"
    SEX_WORKERS = "SEX_WORKERS", "Sex workers"


class ViewOf(TextChoices):
    USERS = "USERS", "Service users"
    CARERS = "CARERS", "Carers and families"


class NeedsState(TextChoices):
    DRAFT = "DRAFT", "Being written"
    FINISHED = "FINISHED", "Finished"


NEEDS_TRANSITIONS: dict[NeedsState, frozenset[NeedsState]] = {
    NeedsState.DRAFT: frozenset({NeedsState.FINISHED}),
    NeedsState.FINISHED: frozenset({NeedsState.DRAFT}),
}

PLAN_TRANSITIONS: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.COMMENTED, PlanState.AGREED}),
    PlanState.COMMENTED: frozenset({PlanState.RESUBMITTED}),
    PlanState.RESUBMITTED: frozenset({PlanState.COMMENTED, PlanState.AGREED}),
    PlanState.AGREED: frozenset({PlanState.MONITORED}),
    PlanState.MONITORED: frozenset({PlanState.CLOSED}),
    PlanState.CLOSED: frozenset(),
}
# In these a plan is its partnership's to write; agreed, only an amendment opens it again.
WRITTEN_IN = frozenset({PlanState.DRAFT, PlanState.COMMENTED})
# In these it is carried out: promised, paid, reported on, forecast, and amended.
AT_WORK_IN = frozenset({PlanState.AGREED, PlanState.MONITORED})
# In these its money is what the ledger holds, no longer what the plan says.
AGREED_IN = AT_WORK_IN | {PlanState.CLOSED}

# One that is neither decided nor withdrawn.
IN_HAND = frozenset({AmendmentState.OPEN, AmendmentState.SUBMITTED})

AMENDMENT_TRANSITIONS: dict[AmendmentState, frozenset[AmendmentState]] = {
    AmendmentState.OPEN: frozenset({AmendmentState.SUBMITTED, AmendmentState.WITHDRAWN}),
    AmendmentState.SUBMITTED: frozenset(
        {AmendmentState.AGREED, AmendmentState.REFUSED, AmendmentState.OPEN}
    ),
    AmendmentState.AGREED: frozenset(),
    AmendmentState.REFUSED: frozenset(),
    AmendmentState.WITHDRAWN: frozenset(),
}

VIREMENT_TRANSITIONS: dict[VirementState, frozenset[VirementState]] = {
    VirementState.ASKED: frozenset({VirementState.APPROVED, VirementState.REFUSED}),
    VirementState.APPROVED: frozenset(),
    VirementState.REFUSED: frozenset(),
}
