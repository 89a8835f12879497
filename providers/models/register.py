"""The register: where a provider works, which services it runs there, and what each delivers.

A tier belongs to an intervention as a service delivers it; neither a provider nor a service has
one (Models of Care 2006, 3.1).
"""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models import InterventionType, Organisation, Partnership
from commissioning.models.organisations import lies_in_england
from commissioning.scoping import Permitted
from providers.choices import Approach, JusticeWork, SexTaken
from providers.models.providers import Agency, Provider


def opened_by(day: dt.date, prefix: str = "") -> Q:
    """Rows whose `opened_on` and `closed_on` hold the day."""
    return Q(**{f"{prefix}opened_on__lte": day}) & (
        Q(**{f"{prefix}closed_on__isnull": True}) | Q(**{f"{prefix}closed_on__gt": day})
    )


class SiteQuerySet(Permitted["Site"]):
    """Places where providers work."""

    provider_path = "provider"


class Site(models.Model):
    """An address at which a provider works. Its position is in degrees (WGS 84)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="sites")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=160)
    address = models.CharField(max_length=300)
    outcode = models.CharField(max_length=4)
    local_authority = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The partnership in whose area it stands. Whom it treats does not follow from it.
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="sites"
    )
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "slug"], name="site_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(outcode__regex=r"^[A-Z]{1,2}[0-9][A-Z0-9]?$"),
                name="site_outcode_is_the_first_half_of_a_postcode",
            ),
            models.CheckConstraint(condition=lies_in_england(), name="site_stands_in_england"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="site_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(Permitted["Service"]):
    """Services, reached through their provider."""

    provider_path = "provider"

    def open_on(self, day: dt.date) -> Self:
        return self.filter(opened_by(day))


class Service(models.Model):
    """One service at one site: whom it takes, when it opens, how to refer.

    `client_groups` and `languages` are codes and words for searching. `is_national`: it takes
    people from all England; otherwise from the partnerships of its catchment. `waiting_days` is
    the provider's own estimate on `waiting_stated_on`.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="services")
    site = models.ForeignKey(Site, models.PROTECT, related_name="services")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="services"
    )
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    is_generic = models.BooleanField(default=False)
    is_primary_care_led = models.BooleanField(default=False)
    justice_work = models.CharField(max_length=20, choices=JusticeWork.choices, blank=True)
    responsible_commissioner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sex = models.CharField(max_length=5, choices=SexTaken.choices, default=SexTaken.ANY)
    age_from = models.PositiveSmallIntegerField(default=18)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    takes_children = models.BooleanField(default=False)
    takes_couples = models.BooleanField(default=False)
    is_accessible = models.BooleanField(default=False)
    access_note = models.CharField(max_length=300, blank=True)
    takes_justice_clients = models.BooleanField(default=True)
    has_detox_attached = models.BooleanField(default=False)
    approach = models.CharField(max_length=24, choices=Approach.choices, blank=True)
    client_groups = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_national = models.BooleanField(default=False)
    catchment = models.ManyToManyField(Partnership, related_name="services", blank=True)
    how_to_refer = models.TextField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    open_all_hours = models.BooleanField(default=False)
    waiting_days = models.PositiveSmallIntegerField(null=True, blank=True)
    waiting_stated_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "slug"], name="service_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(sex__in=SexTaken.values), name="service_says_whom_it_takes"
            ),
            models.CheckConstraint(
                condition=Q(age_to__isnull=True) | Q(age_to__gte=F("age_from")),
                name="service_ages_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(justice_work="") | Q(justice_work__in=JusticeWork.values),
                name="work_with_offenders_is_known",
            ),
            models.CheckConstraint(
                condition=Q(approach="") | Q(approach__in=Approach.values),
                name="approach_is_known",
            ),
            models.CheckConstraint(
                condition=Q(justice_work="") | Q(responsible_commissioner__isnull=False),
                name="work_with_offenders_has_a_responsible_commissioner",
            ),
            models.CheckConstraint(
                condition=Q(waiting_days__isnull=True) | Q(waiting_stated_on__isnull=False),
                name="waiting_estimate_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="service_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHoursQuerySet(Permitted["OpeningHours"]):
    """Opening hours."""

    provider_path = "service__provider"


class OpeningHours(models.Model):
    """One opening of a service on one weekday; 0 is Monday."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    objects = OpeningHoursQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "weekday", "opens"], name="service_opens_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)), name="weekday_is_one_of_seven"
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="service_shuts_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.opens:%H:%M} to {self.closes:%H:%M}"


class DeliveredInterventionQuerySet(Permitted["DeliveredIntervention"]):
    """What services deliver."""

    provider_path = "service__provider"


class DeliveredIntervention(models.Model):
    """An intervention as a service delivers it: its tier, its setting, care-planned or not.

    `proposed_tier` is the rule's (`commissioning.rules.tiers`); `tier` is that, or a person's with
    a reason that is kept. `setting` is a code of the framework. `weekly_price` is the published
    price of a place a week, pounds, for whoever buys it without a contract.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="interventions")
    intervention = models.ForeignKey(InterventionType, models.PROTECT, related_name="+")
    setting = models.CharField(max_length=40)
    tier = models.PositiveSmallIntegerField()
    proposed_tier = models.PositiveSmallIntegerField()
    is_care_planned = models.BooleanField()
    tier_reason = models.CharField(max_length=300, blank=True)
    weekly_price = models.DecimalField(null=True, blank=True, **AMOUNT)
    usual_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = DeliveredInterventionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "intervention", "setting"],
                condition=Q(closed_on__isnull=True),
                name="service_delivers_an_intervention_once_in_a_setting",
            ),
            models.CheckConstraint(
                condition=Q(tier__range=(1, 4)), name="delivered_tier_is_one_to_four"
            ),
            models.CheckConstraint(
                condition=Q(proposed_tier__range=(1, 4)), name="proposed_tier_is_one_to_four"
            ),
            models.CheckConstraint(
                condition=Q(tier=F("proposed_tier")) | ~Q(tier_reason=""),
                name="tier_is_overruled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_care_planned=True) | Q(tier__range=(1, 2)) | ~Q(tier_reason=""),
                name="structured_treatment_is_care_planned_or_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(weekly_price__isnull=True) | Q(weekly_price__range=("0.01", MOST)),
                name="weekly_price_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="delivery_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["intervention", "service"], name="delivered_by_kind")]

    def __str__(self) -> str:
        return f"{self.intervention} (Tier {self.tier})"

    @property
    def is_overruled(self) -> bool:
        return self.tier != self.proposed_tier
