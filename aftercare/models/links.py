"""Links to what follows treatment: who offers it, how to refer, and when that was last sure."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from aftercare.choices import LinkKind
from commissioning.models import Document, Organisation, Partnership, User
from commissioning.scoping import Permitted
from providers.models import Service


class PartnerAgencyQuerySet(Permitted["PartnerAgency"]):
    """Agencies beyond drug treatment, each written down by a partnership or a provider."""

    partnership_path = "organisation"
    provider_path = "organisation"


class PartnerAgency(models.Model):
    """A body that offers housing, support or work to whoever leaves treatment.

    `organisation` is the partnership or provider that keeps the record.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partner_agencies")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=160)
    telephone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = PartnerAgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "partner agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="partner_has_an_address_of_its_own"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AftercareLinkQuerySet(Permitted["AftercareLink"]):
    """Links of partnerships, and of the services of providers."""

    partnership_path = "partnership"
    provider_path = "service__provider"

    def in_force(self, day: dt.date) -> Self:
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), agreed_on__lte=day)


class AftercareLink(models.Model):
    """What a partner agency offers, to a partnership's residents or to those leaving a service.

    `confirmed_on` is the day somebody last asked the agency whether it still holds.
    """

    partner = models.ForeignKey(PartnerAgency, models.PROTECT, related_name="links")
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="aftercare_links"
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="aftercare_links"
    )
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    offers = models.TextField()
    how_to_refer = models.TextField()
    agreement = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = AftercareLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partnership__isnull=True) ^ Q(service__isnull=True),
                name="link_is_of_a_partnership_or_of_a_service",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LinkKind.values), name="link_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(offers="") & ~Q(how_to_refer=""),
                name="link_says_what_is_offered_and_how_to_refer",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("agreed_on")),
                name="link_ends_after_it_is_agreed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | Q(confirmed_by__isnull=False),
                name="link_is_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.partner}"
