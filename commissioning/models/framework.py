"""The framework of the four tiers (Models of Care: Update 2006, 3.2.2 and 3.8) as reference data.

A tier belongs to an intervention as delivered, never to an organisation: no model here names one.
"""

from django.db import models
from django.db.models import Q


class Tier(models.Model):
    """One of the four tiers of intervention."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    definition = models.TextField()
    settings = models.TextField()
    competence = models.TextField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__range=(1, 4)), name="tier_is_one_to_four"),
        ]

    def __str__(self) -> str:
        return f"Tier {self.number}"


class FrameworkItem(models.Model):
    """One thing the framework asks a partnership to commission at a tier."""

    code = models.CharField(max_length=10, primary_key=True)
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField()
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "position"], name="framework_item_has_a_place_of_its_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class InterventionType(models.Model):
    """A kind of intervention, its NDTMS code and the tier it normally belongs to.

    Without a tier it lies outside the drug tiers (structured alcohol treatment).
    """

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=120)
    normal_tier = models.ForeignKey(
        Tier, models.PROTECT, null=True, related_name="intervention_types"
    )
    modal = models.PositiveSmallIntegerField("NDTMS modality", unique=True, null=True)
    is_structured = models.BooleanField()
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name
