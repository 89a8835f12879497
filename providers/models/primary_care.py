"""Treatment in primary care: practices, who prescribes there, and shared care (MoC 3.5)."""

from django.db import models
from django.db.models import F, Q

from commissioning.models import Partnership
from commissioning.scoping import Permitted
from providers.choices import PracticeContract, PrescriberLevel
from providers.models.providers import Provider
from providers.models.register import Service


class PracticeQuerySet(Permitted["Practice"]):
    """General practices."""

    provider_path = "provider"
    partnership_path = "partnership"


class Practice(models.Model):
    """A provider that is a general practice: how it is contracted, and in whose area."""

    provider = models.OneToOneField(
        Provider, models.PROTECT, primary_key=True, related_name="practice"
    )
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="practices")
    contract_kind = models.CharField(max_length=3, choices=PracticeContract.choices)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_kind__in=PracticeContract.values),
                name="practice_contract_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.provider)


class PrescriberCountQuerySet(Permitted["PrescriberCount"]):
    """Those who prescribe."""

    provider_path = "provider"


class PrescriberCount(models.Model):
    """How many people of a level of competence prescribe for a provider, as stated on a day."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="prescribers")
    level = models.CharField(max_length=16, choices=PrescriberLevel.choices)
    people = models.PositiveSmallIntegerField()
    stated_on = models.DateField()

    objects = PrescriberCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "level"], name="prescribers_are_counted_once_a_level"
            ),
            models.CheckConstraint(
                condition=Q(level__in=PrescriberLevel.values), name="prescriber_level_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} × {self.get_level_display()}"


class SharedCareSchemeQuerySet(Permitted["SharedCareScheme"]):
    """Shared-care schemes."""

    partnership_path = "partnership"


class SharedCareScheme(models.Model):
    """Practices of an area that treat with a specialist service's support."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="shared_care_schemes"
    )
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=160)
    specialist = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="supported_schemes"
    )
    support = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = SharedCareSchemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "slug"], name="scheme_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True) | Q(review_by__gt=F("reviewed_on")),
                name="scheme_is_reviewed_again_later",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SharedCareMemberQuerySet(Permitted["SharedCareMember"]):
    """Practices in schemes."""

    partnership_path = "scheme__partnership"
    provider_path = "provider"


class SharedCareMember(models.Model):
    """A practice in a scheme, from a day until another."""

    scheme = models.ForeignKey(SharedCareScheme, models.CASCADE, related_name="members")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="shared_care")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects = SharedCareMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "provider"],
                condition=Q(left_on__isnull=True),
                name="practice_is_in_a_scheme_once",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("joined_on")),
                name="practice_leaves_after_it_joins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} in {self.scheme}"
