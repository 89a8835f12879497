"""How a contract performs: its schedule, what was measured a quarter, what both sides say."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from commissioning.models import User
from providers.choices import Side, Unread
from providers.models.contracts import Contract, OfContract


class PerformanceMeasureQuerySet(OfContract["PerformanceMeasure"]):
    """Reached as their contract is."""

    def agreed(self) -> Self:
        """Those of the newest terms."""
        return self.filter(agreed_until=None)


class PerformanceMeasure(models.Model):
    """One line of a contract's performance schedule: an indicator and what is agreed.

    `measure` is an indicator's code, or `places` for the contract's own use of its places. A
    variation ends a line on a day (`agreed_until`, the first on which it no longer holds) and
    begins another (`agreed_from`; without it, it holds from the contract's first day). A quarter
    is measured by what holds when it begins.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="schedule")
    measure = models.SlugField(max_length=60)
    target = models.DecimalField(max_digits=9, decimal_places=2)
    agreed_from = models.DateField(null=True, blank=True)
    agreed_until = models.DateField(null=True, blank=True)

    objects = PerformanceMeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "measure"],
                condition=Q(agreed_until__isnull=True),
                name="measure_is_in_a_schedule_once",
            ),
            models.CheckConstraint(
                condition=Q(agreed_from__isnull=True)
                | Q(agreed_until__isnull=True)
                | Q(agreed_until__gt=F("agreed_from")),
                name="measure_is_agreed_a_day_or_more",
            ),
            models.CheckConstraint(
                condition=Q(target__range=(0, "9999999.99")), name="measure_target_is_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.target}"


class PerformanceReadingQuerySet(OfContract["PerformanceReading"]):
    """Reached as their contract is."""

    partnership_path = "measure__contract__lead"
    provider_path = "measure__contract__provider"
    contract_path = "measure__contract"


class PerformanceReading(models.Model):
    """What a measure came to in a quarter (`2006-Q1`), or why nothing is known. Written by whoever
    measures, redone."""

    measure = models.ForeignKey(PerformanceMeasure, models.CASCADE, related_name="readings")
    quarter = models.CharField(max_length=7)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unread = models.CharField(max_length=8, choices=Unread.choices, blank=True)
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    as_at = models.DateField()

    objects = PerformanceReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "quarter"], name="measure_is_read_once_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(value__range=("-99999999.9999", "99999999.9999")),
                name="reading_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, unread="")
                | Q(value__isnull=True, unread__in=Unread.values),
                name="reading_has_a_value_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.quarter}: {self.value}"


class MonitoringReturnQuerySet(OfContract["MonitoringReturn"]):
    """Reached as their contract is."""


class MonitoringReturn(models.Model):
    """What the provider says of a quarter, and what the commissioner says to it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="monitoring_returns")
    quarter = models.CharField(max_length=7)
    narrative = models.TextField()
    starts = models.PositiveIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MonitoringReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "quarter"], name="monitoring_return_is_sent_once_a_quarter"
            ),
            models.CheckConstraint(
                condition=~Q(narrative=""), name="monitoring_return_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract}, {self.quarter}"


class PerformanceCommentQuerySet(OfContract["PerformanceComment"]):
    """Reached as their contract is."""


class PerformanceComment(models.Model):
    """What a side says of a quarter; with a remedy, what is to be done by a day."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="comments")
    quarter = models.CharField(max_length=7)
    side = models.CharField(max_length=12, choices=Side.choices)
    text = models.TextField()
    remedy = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PerformanceCommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="performance_comment_says_something"
            ),
            models.CheckConstraint(
                condition=Q(remedy="") | Q(due_on__isnull=False), name="remedy_is_due_by_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.text
