"""The words that records of providers may hold."""

from django.db.models import TextChoices


class SexTaken(TextChoices):
    """Whom a service or a place is for."""

    ANY = "ANY", "Anyone"
    MEN = "MEN", "Men only"
    WOMEN = "WOMEN", "Women only"


class Approach(TextChoices):
    """What a residential or day programme builds on."""

    TWELVE_STEP = "TWELVE_STEP", "12-step"
    THERAPEUTIC_COMMUNITY = "THERAPEUTIC_COMMUNITY", "Therapeutic community"
    COGNITIVE = "COGNITIVE", "Cognitive behavioural"
    FAITH = "FAITH", "Faith-based"
    MEDICAL = "MEDICAL", "Medical"
    MIXED = "MIXED", "Mixed"


class JusticeWork(TextChoices):
    """Work with offenders that has a responsible commissioner of its own (MoC 3.3, 3.4)."""

    CJIT = "CJIT", "Criminal justice integrated team"
    CARAT = "CARAT", "CARAT team in a prison"
    PRISON_CLINICAL = "PRISON_CLINICAL", "Clinical service in a prison"
    PRISON_PROGRAMME = "PRISON_PROGRAMME", "Programme in a prison"


class PracticeContract(TextChoices):
    """How a general practice is contracted for drug treatment (MoC 3.5.2)."""

    GMS = "GMS", "General medical services"
    NES = "NES", "Nationally enhanced service"
    LES = "LES", "Locally enhanced service"
    PMS = "PMS", "Personal medical services"


class PrescriberLevel(TextChoices):
    """Competence of those who prescribe in primary care, lowest first (MoC 3.5.3)."""

    CORE = "CORE", "Doctor providing core services"
    ENHANCED = "ENHANCED", "Doctor providing enhanced services"
    SPECIAL_INTEREST = "SPECIAL_INTEREST", "GP with a special clinical interest"
    SPECIALIST = "SPECIALIST", "Substance misuse specialist (primary care)"
    NON_MEDICAL = "NON_MEDICAL", "Non-medical prescriber"


class Unread(TextChoices):
    """Why a measure of a contract has no value in a quarter that is over."""

    AWAITED = "AWAITED", "Not released yet"
    NOBODY = "NOBODY", "Nobody to measure"
    TOO_FEW = "TOO_FEW", "Too few people to show"
    NO_BEDS = "NO_BEDS", "The contract names no places"
    NO_RETURN = "NO_RET", "No return of the provider says it"


class StaffRole(TextChoices):
    MANAGER = "MANAGER", "Manager"
    DOCTOR = "DOCTOR", "Doctor"
    NURSE = "NURSE", "Nurse"
    DRUG_WORKER = "DRUG_WORKER", "Drug worker"
    COUNSELLOR = "COUNSELLOR", "Counsellor or therapist"
    SOCIAL_WORKER = "SOCIAL_WORKER", "Social worker"
    VOLUNTEER = "VOLUNTEER", "Volunteer"
    OTHER = "OTHER", "Other"


class QualityKind(TextChoices):
    """What a record of quality is about."""

    REGISTRATION = "REGISTRATION", "Registration"
    INSPECTION = "INSPECTION", "Inspection"
    AUDIT = "AUDIT", "Clinical audit"
    GOVERNANCE = "GOVERNANCE", "Clinical governance"
    DIVERSITY = "DIVERSITY", "Work with diverse needs"
    USER_INVOLVEMENT = "USER_INVOLVEMENT", "Service-user involvement"


class ContractKind(TextChoices):
    BLOCK = "BLOCK", "Block"
    SPOT = "SPOT", "Spot"
    FRAMEWORK = "FRAMEWORK", "Framework"
    COST_AND_VOLUME = "COST_AND_VOLUME", "Cost and volume"
    SLA = "SLA", "Service level agreement"
    GMS = "GMS", "General medical services"
    NES = "NES", "Nationally enhanced service"
    LES = "LES", "Locally enhanced service"
    PMS = "PMS", "Personal medical services"


class ContractState(TextChoices):
    DRAFT = "DRAFT", "Draft"
    OFFERED = "OFFERED", "Offered"
    AWARDED = "AWARDED", "Awarded"
    LIVE = "LIVE", "Live"
    SUSPENDED = "SUSPENDED", "Suspended"
    ENDED = "ENDED", "Ended"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


# A provider proposes a draft too; offered, the other side accepts or sends it back.
CONTRACT_TRANSITIONS: dict[ContractState, frozenset[ContractState]] = {
    ContractState.DRAFT: frozenset({ContractState.OFFERED, ContractState.WITHDRAWN}),
    ContractState.OFFERED: frozenset(
        {ContractState.DRAFT, ContractState.AWARDED, ContractState.WITHDRAWN}
    ),
    ContractState.AWARDED: frozenset({ContractState.LIVE, ContractState.ENDED}),
    ContractState.LIVE: frozenset({ContractState.SUSPENDED, ContractState.ENDED}),
    ContractState.SUSPENDED: frozenset({ContractState.LIVE, ContractState.ENDED}),
    ContractState.ENDED: frozenset(),
    ContractState.WITHDRAWN: frozenset(),
}
# In these it binds both sides: its money is committed and its places are sold.
IN_FORCE_IN = frozenset({ContractState.AWARDED, ContractState.LIVE, ContractState.SUSPENDED})


class Side(TextChoices):
    """The two sides of a contract."""

    COMMISSIONER = "COMMISSIONER", "Commissioner"
    PROVIDER = "PROVIDER", "Provider"


class PriceUnit(TextChoices):
    """What a contract's price is for."""

    BED_WEEK = "BED_WEEK", "a bed a week"
    PLACE_WEEK = "PLACE_WEEK", "a place a week"
    START = "START", "a start"
    YEAR = "YEAR", "a year"


class TenderRoute(TextChoices):
    OPEN = "OPEN", "Open tender"
    RESTRICTED = "RESTRICTED", "Restricted tender"
    QUOTATIONS = "QUOTATIONS", "Quotations"
    FRAMEWORK = "FRAMEWORK", "Call-off from a framework"
    WAIVER = "WAIVER", "Waiver of standing orders"
    NONE = "NONE", "No tender needed"


class VariationKind(TextChoices):
    """What a variation does."""

    CHANGE = "CHANGE", "Change of terms"
    EXTENSION = "EXTENSION", "Extension by an option"
    END = "END", "Early end"


class VariationState(TextChoices):
    PROPOSED = "PROPOSED", "Proposed"
    ACCEPTED = "ACCEPTED", "Accepted"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


VARIATION_TRANSITIONS: dict[VariationState, frozenset[VariationState]] = {
    VariationState.PROPOSED: frozenset(
        {VariationState.ACCEPTED, VariationState.REFUSED, VariationState.WITHDRAWN}
    ),
    VariationState.ACCEPTED: frozenset(),
    VariationState.REFUSED: frozenset(),
    VariationState.WITHDRAWN: frozenset(),
}


class PlaceKind(TextChoices):
    """A unit of capacity: one person can have it at a time."""

    BED = "BED", "Bed"
    PRESCRIBING = "PRESCRIBING", "Prescribing slot"
    DAY_PROGRAMME = "DAY_PROGRAMME", "Day-programme place"
    CASELOAD = "CASELOAD", "Place in a caseload"


class PlaceEventKind(TextChoices):
    OPENED = "OPENED", "Opened"
    OUT_OF_SERVICE = "OUT_OF_SERVICE", "Out of service"
    BACK = "BACK", "Back in service"
    HELD = "HELD", "Held"
    RELEASED = "RELEASED", "Released"
    BOOKED = "BOOKED", "Booked"
    ADMITTED = "ADMITTED", "Admitted"
    REPLANNED = "REPLANNED", "Departure planned anew"
    LEFT = "LEFT", "Left"
    CLOSED = "CLOSED", "Closed"
    CORRECTED = "CORRECTED", "Corrected"


class OccupancyKind(TextChoices):
    """Why a place is not free on a night."""

    HELD = "HELD", "Held"
    BOOKED = "BOOKED", "Booked"
    OCCUPIED = "OCCUPIED", "Occupied"
    OUT_OF_SERVICE = "OUT_OF_SERVICE", "Out of service"


class MoveOn(TextChoices):
    """Where somebody went who left a place."""

    OWN_HOME = "OWN_HOME", "Own home"
    SUPPORTED_HOUSING = "SUPPORTED_HOUSING", "Supported housing"
    REHABILITATION = "REHABILITATION", "Rehabilitation elsewhere"
    OTHER_TREATMENT = "OTHER_TREATMENT", "Other treatment"
    HOSPITAL = "HOSPITAL", "Hospital"
    CUSTODY = "CUSTODY", "Custody"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class CallOffKind(TextChoices):
    """How a held place is bought."""

    BLOCK = "BLOCK", "On a block contract"
    SPOT = "SPOT", "Spot purchase"


class CallOffState(TextChoices):
    REQUESTED = "REQUESTED", "Waiting for approval"
    APPROVED = "APPROVED", "Waiting for the provider"
    ACCEPTED = "ACCEPTED", "Accepted"
    ADMITTED = "ADMITTED", "Admitted"
    ENDED = "ENDED", "Ended"
    REFUSED = "REFUSED", "Refused"
    DECLINED = "DECLINED", "Declined by the provider"
    CANCELLED = "CANCELLED", "Cancelled"


# Back from an admission or a departure only where the place's history is put right.
CALL_OFF_TRANSITIONS: dict[CallOffState, frozenset[CallOffState]] = {
    CallOffState.REQUESTED: frozenset(
        {CallOffState.APPROVED, CallOffState.REFUSED, CallOffState.CANCELLED}
    ),
    CallOffState.APPROVED: frozenset(
        {CallOffState.ACCEPTED, CallOffState.DECLINED, CallOffState.CANCELLED}
    ),
    CallOffState.ACCEPTED: frozenset({CallOffState.ADMITTED, CallOffState.CANCELLED}),
    CallOffState.ADMITTED: frozenset(
        {CallOffState.ENDED, CallOffState.ACCEPTED, CallOffState.APPROVED}
    ),
    CallOffState.ENDED: frozenset({CallOffState.ADMITTED}),
    CallOffState.REFUSED: frozenset(),
    CallOffState.DECLINED: frozenset(),
    CallOffState.CANCELLED: frozenset(),
}
# In these the place is kept for somebody and its money is committed.
CALLED_OFF_IN = frozenset({CallOffState.APPROVED, CallOffState.ACCEPTED, CallOffState.ADMITTED})
STAYED_IN = frozenset({CallOffState.ADMITTED, CallOffState.ENDED})


class ExtensionState(TextChoices):
    """How a longer stay stands."""

    ASKED = "ASKED", "Waiting for approval"
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


EXTENSION_TRANSITIONS: dict[ExtensionState, frozenset[ExtensionState]] = {
    ExtensionState.ASKED: frozenset(
        {ExtensionState.APPROVED, ExtensionState.REFUSED, ExtensionState.WITHDRAWN}
    ),
    ExtensionState.APPROVED: frozenset(),
    ExtensionState.REFUSED: frozenset(),
    ExtensionState.WITHDRAWN: frozenset(),
}


class ActivityMeasure(TextChoices):
    """What Tier 1 and Tier 2 interventions count, which NDTMS does not carry."""

    CONTACTS = "CONTACTS", "Contacts"
    EXCHANGES = "EXCHANGES", "Needle exchanges"
    BRIEF_INTERVENTIONS = "BRIEF_INTERVENTIONS", "Brief interventions"
    REFERRALS_ON = "REFERRALS_ON", "Referrals on"
    VACCINATIONS_OFFERED = "VACCINATIONS_OFFERED", "Hepatitis B vaccinations offered"
    VACCINATIONS_ACCEPTED = "VACCINATIONS_ACCEPTED", "Hepatitis B vaccinations accepted"


class ActivityState(TextChoices):
    DRAFT = "DRAFT", "Being filled in"
    CONFIRMED = "CONFIRMED", "Confirmed"
    REPLACED = "REPLACED", "Replaced"
