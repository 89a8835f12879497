"""What another part of the system knows and a plan must know: written down, dated, sourced.

Apps look down and never up. The app that knows writes evidence here; whoever plans reads it.
"""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from commissioning.models.organisations import Organisation
from commissioning.scoping import Permitted


class EvidenceQuerySet(Permitted["Evidence"]):
    """Facts about organisations, newest first where several days hold one."""

    partnership_path = "subject"
    provider_path = "subject"
    region_path = "subject"

    def known_on(self, day: dt.date) -> Self:
        """Of each subject, name and period the fact of the latest day up to `day`."""
        return (
            self.filter(as_at__lte=day)
            .order_by("subject", "name", "period", "-as_at")
            .distinct("subject", "name", "period")
        )


class Evidence(models.Model):
    """A number known about an organisation for a period, on a day, from a source.

    `period` is a period's code (`FY2006`, `2006-Q1`) or empty for what has none. A number that is
    a share has its `numerator` and `denominator` beside it.
    """

    subject = models.ForeignKey(Organisation, models.CASCADE, related_name="evidence")
    name = models.CharField(max_length=60)
    period = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    as_at = models.DateField()
    source = models.CharField(max_length=200)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "name", "period", "as_at"],
                name="evidence_is_written_once_a_day",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="evidence_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject}: {self.value}"


class NationalComparator(models.Model):
    """A published figure for the country, to be shown beside a partnership's own."""

    code = models.SlugField(max_length=60, primary_key=True)
    name = models.CharField(max_length=160)
    group = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=40)
    year = models.CharField(max_length=12)
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=1)
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name
