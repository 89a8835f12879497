"""Organisations, what was true of them when, and what became of them.

Everything that can hold a membership, an audit row or money is an organisation; partnerships and
(in the app above) providers are one-to-one on top.
"""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from commissioning.choices import FactKind, OrganisationKind, SuccessionKind
from commissioning.scoping import Permitted


def days_from(starts: str, ends: str) -> Func:
    """The half-open range of days between two columns; no end means for ever."""
    return Func(starts, ends, function="daterange", output_field=DateRangeField())


def in_force(day: dt.date, prefix: str = "") -> Q:
    """Rows whose `from_on` and `until_on` hold the day."""
    return Q(**{f"{prefix}from_on__lte": day}) & (
        Q(**{f"{prefix}until_on__isnull": True}) | Q(**{f"{prefix}until_on__gt": day})
    )


class OrganisationQuerySet(Permitted["Organisation"]):
    """Every kind of organisation."""

    partnership_path = "pk"
    provider_path = "pk"
    region_path = "pk"

    def of_kind(self, *kinds: OrganisationKind) -> Self:
        return self.filter(kind__in=kinds)

    def open_on(self, day: dt.date) -> Self:
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=day),
            Q(closed_on__isnull=True) | Q(closed_on__gt=day),
        )

    def in_region(self, region: "Organisation", *, on: dt.date) -> Self:
        """Partnerships that lie in the region on the day."""
        facts = OrganisationFact.objects.filter(
            in_force(on), kind=FactKind.IN_REGION, other=region
        )
        return self.filter(pk__in=facts.values("organisation"))


class Organisation(models.Model):
    """A nation, region, partnership, provider or member body. Its code never changes."""

    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"], name="organisation_code_is_its_own_within_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9-]*$"),
                name="organisation_code_fits_an_address",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__gt=F("opened_on"))
                | Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True),
                name="organisation_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationFactQuerySet(Permitted["OrganisationFact"]):
    """Dated facts."""

    partnership_path = "organisation"
    provider_path = "organisation"
    region_path = "organisation"

    def on(self, day: dt.date) -> Self:
        return self.filter(in_force(day))


class OrganisationFact(models.Model):
    """Something true of an organisation from one day until (not including) another."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20, choices=FactKind.choices)
    other = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="facts_of_others"
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = OrganisationFactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FactKind.values), name="fact_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=FactKind.DIP_INTENSIVE, other__isnull=True)
                | (~Q(kind=FactKind.DIP_INTENSIVE) & Q(other__isnull=False)),
                name="fact_names_another_organisation_when_it_is_about_one",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
                name="fact_holds_a_day_or_more",
            ),
            ExclusionConstraint(
                name="partnership_lies_in_one_region_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (days_from("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=FactKind.IN_REGION),
            ),
            ExclusionConstraint(
                name="fact_is_stated_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Func("other", 0, function="coalesce"), RangeOperators.EQUAL),
                    (days_from("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["kind", "other"], name="fact_by_other")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display().lower()} {self.other or ''}".strip()


class Succession(models.Model):
    """An organisation became another on a day, or took a new name (then both are the same)."""

    kind = models.CharField(max_length=10, choices=SuccessionKind.choices)
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessions")
    on = models.DateField()
    former_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="succession_happens_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=SuccessionKind.RENAME, predecessor=F("successor"), former_name__gt=""
                )
                | (~Q(kind=SuccessionKind.RENAME) & ~Q(predecessor=F("successor"))),
                name="succession_is_to_another_or_a_new_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} {self.get_kind_display().lower()} {self.successor}"


def lies_in_england() -> Q:
    """That a record's latitude and longitude, in degrees, are both unknown or lie in England."""
    return Q(latitude__isnull=True, longitude__isnull=True) | Q(
        latitude__isnull=False,
        longitude__isnull=False,
        latitude__range=("49.8", "55.9"),
        longitude__range=("-6.5", "1.8"),
    )


class PartnershipQuerySet(Permitted["Partnership"]):
    """Commissioning partnerships (drug action teams)."""

    partnership_path = "pk"

    def by_name(self) -> Self:
        return self.select_related("organisation").order_by("organisation__name", "pk")


class Partnership(models.Model):
    """A commissioning partnership: the tenant, responsible for the residents of its area.

    `latitude` and `longitude` are the centre of its area in degrees (WGS 84), as recorded in the
    reference tables: distances to places are straight lines from it.
    """

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="partnership"
    )
    ndtms_code = models.CharField(max_length=10, unique=True, null=True, blank=True)
    authority_type = models.CharField(max_length=40)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=lies_in_england(), name="partnership_lies_in_england"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def code(self) -> str:
        return self.organisation.code
