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

    `name` is one of `commissioning.reference.evidence`. `period` is a period's code (`FY2006`,
    `2006-Q1`) or empty for what has none. A number that is a share, between 0 and 1, has its
    `numerator` and `denominator` beside it.

    `value` is for whoever belongs to the subject. What others may be shown is `shown_value` with
    its counts, made by the same gate as every released figure; without one nothing may be shown.
    Earlier days are never rewritten: what was known then can be read again.

    From the day on which a number can no longer be measured there is a row without a value, whose
    `source` says why.
    """

    subject = models.ForeignKey(Organisation, models.CASCADE, related_name="evidence")
    name = models.CharField(max_length=60)
    period = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    shown_value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    shown_numerator = models.BigIntegerField(null=True, blank=True)
    shown_denominator = models.BigIntegerField(null=True, blank=True)
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
            models.CheckConstraint(condition=~Q(name=""), name="evidence_has_a_name"),
            models.CheckConstraint(
                condition=Q(value__range=("-999999999999.9999", "999999999999.9999")),
                name="evidence_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) ^ Q(denominator__isnull=False),
                name="evidence_of_a_share_has_both_counts",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False)
                | Q(
                    numerator__isnull=True,
                    shown_value__isnull=True,
                    shown_numerator__isnull=True,
                    shown_denominator__isnull=True,
                ),
                name="evidence_not_measured_shows_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject}: {self.value}"


class NationalComparator(models.Model):
    """A published figure for the country, to be shown beside a partnership's own.

    `unit` is "people" or "%" (then 28 is 28 per cent). `mark` as in the reference tables.
    """

    code = models.SlugField(max_length=60, primary_key=True)
    name = models.CharField(max_length=160)
    group = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=40)
    year = models.CharField(max_length=12)
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=1)
    compares = models.BooleanField(
        default=False, help_text="Whether a partnership's own figure is set beside it."
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
