"""Providers of treatment and the NDTMS agencies through which they report."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models import Organisation, Partnership
from commissioning.scoping import Permitted


class ProviderQuerySet(Permitted["Provider"]):
    """Organisations that treat."""

    provider_path = "pk"

    def by_name(self) -> Self:
        return self.select_related("organisation").order_by("organisation__name", "pk")


class Provider(models.Model):
    """A statutory trust, voluntary body, practice or prison team. It may span every tier.

    `fixed_costs`: what its places cost it in a year whether anybody is in them or not, pounds, as
    it says itself; None where it does not.
    """

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="provider"
    )
    fixed_costs = models.DecimalField(null=True, blank=True, **AMOUNT)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fixed_costs__isnull=True) | Q(fixed_costs__range=("0.01", MOST)),
                name="provider_fixed_costs_are_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def code(self) -> str:
        return self.organisation.code


class AgencyQuerySet(Permitted["Agency"]):
    """NDTMS agencies: reached through the provider, or the partnership they stand in."""

    partnership_path = "partnership"
    provider_path = "provider"

    def open_on(self, day: dt.date) -> Self:
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=day),
            Q(closed_on__isnull=True) | Q(closed_on__gt=day),
        )


class Agency(models.Model):
    """One reporting unit of a provider, known to NDTMS by its code (`AGNCY`)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="agencies")
    # Where it stands: whose return history lists it. Whom it treats is in the episodes.
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="agencies"
    )
    is_prison = models.BooleanField(default=False)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9]+$"), name="agency_code_is_capitals_and_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name
