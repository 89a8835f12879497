"""The words that records of aftercare may hold."""

from django.db.models import TextChoices


class LinkKind(TextChoices):
    """What a partner agency offers whoever leaves treatment (Models of Care 2006, 3.7)."""

    HOUSING = "HOUSING", "Housing"
    SUPPORT = "SUPPORT", "Support"
    EMPLOYMENT = "EMPLOYMENT", "Employment, training and education"
    FAMILY = "FAMILY", "Support for families"
    HEALTH = "HEALTH", "Alcohol, mental and physical health"


# At least one of each for every partnership and every Tier 4 service (MoC 3.6, 3.7).
NEEDED_KINDS = (LinkKind.HOUSING, LinkKind.SUPPORT)
