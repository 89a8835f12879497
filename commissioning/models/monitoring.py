"""A plan through its year: a report a quarter, line by line, signed by a person."""

from django.db import models
from django.db.models import Q

from commissioning.choices import ReportState
from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models.lines import Line
from commissioning.models.people import User
from commissioning.models.plans import Plan
from commissioning.scoping import Permitted


class QuarterReportQuerySet(Permitted["QuarterReport"]):
    """Quarterly reports."""

    partnership_path = "plan__partnership"


class QuarterReport(models.Model):
    """What a partnership reports of its plan for a quarter (1 is April to June).

    `as_signed` keeps what its signature stands for: lines and milestones as they stood, pounds as
    text. `reopened_because` is the reviewer's reason, until it is signed again.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports")
    quarter = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    commentary = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    as_signed = models.JSONField(null=True, blank=True)
    reopened_because = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = QuarterReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "quarter"], name="quarter_is_reported_once"),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4)), name="report_quarter_is_one_to_four"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="report_state_is_known"
            ),
            models.CheckConstraint(
                condition=(~Q(state=ReportState.OPEN) | Q(signed_by__isnull=True))
                & (
                    ~Q(state=ReportState.SIGNED)
                    | Q(signed_by__isnull=False, signed_at__isnull=False)
                ),
                name="report_is_signed_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.SIGNED) | Q(as_signed__isnull=False),
                name="signed_report_keeps_what_it_said",
            ),
        ]

    def __str__(self) -> str:
        return f"Quarter {self.quarter} of {self.plan}"


class LineReportQuerySet(Permitted["LineReport"]):
    """What is reported of lines."""

    partnership_path = "report__plan__partnership"


class LineReport(models.Model):
    """What a line had spent and done by the end of the quarter, since April; pounds and people.

    Without `spend` it is what the ledger says was paid; with it, both are shown.
    """

    report = models.ForeignKey(QuarterReport, models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, models.PROTECT, related_name="reports")
    spend = models.DecimalField(null=True, blank=True, **AMOUNT)
    starts = models.PositiveIntegerField(null=True, blank=True)
    commentary = models.CharField(max_length=500, blank=True)

    objects = LineReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "line"], name="line_is_reported_once_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(spend__isnull=True) | Q(spend__range=(0, MOST)),
                name="reported_spend_is_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} in {self.report}"
