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
