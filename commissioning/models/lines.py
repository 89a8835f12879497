"""What a plan buys: its lines, and what each is meant to have reached quarter by quarter."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from commissioning.choices import Purchase
from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models.framework import InterventionType
from commissioning.models.knowing_plans import of_its_plan, stays_with_its_line
from commissioning.models.organisations import Organisation
from commissioning.models.planning import Priority
from commissioning.models.plans import Plan
from commissioning.scoping import Permitted


class Taken(NamedTuple):
    """What a line takes from a stream, by the stream's code; pounds."""

    stream_id: str
    amount: Decimal


class LineQuerySet(Permitted["Line"]):
    """Lines of plans, in their order."""

    partnership_path = "plan__partnership"


class Line(models.Model):
    """One thing the plan buys: an intervention at a tier from a provider, or a sum for support.

    `cost` is unit cost × volume × weeks, or a plain sum; pounds. Volume is places (or posts or
    sessions), weeks how many of them are bought; without weeks it is unit cost × volume.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    intervention = models.ForeignKey(
        InterventionType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="lines"
    )
    setting = models.CharField(max_length=40, blank=True)
    purchase = models.CharField(max_length=10, choices=Purchase.choices, blank=True)
    evenings = models.BooleanField(default=False)
    weekends = models.BooleanField(default=False)
    harm_reduction = models.BooleanField(default=False)
    aftercare = models.BooleanField(default=False)
    pathway = models.CharField(max_length=200, blank=True)
    planned_starts = models.PositiveIntegerField(null=True, blank=True)
    places = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    unit_cost = models.DecimalField(null=True, blank=True, **AMOUNT)
    volume = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    weeks = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    plain_sum = models.DecimalField(null=True, blank=True, **AMOUNT)
    cost = models.DecimalField(default=0, **AMOUNT)
    ends_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="line_has_a_number"),
            models.CheckConstraint(
                condition=Q(tier__isnull=True) | Q(tier__range=(1, 4)),
                name="line_tier_is_one_to_four",
            ),
            models.CheckConstraint(
                condition=Q(cost__range=(0, MOST)), name="line_cost_is_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(plain_sum__isnull=True) | Q(plain_sum__range=(0, MOST)),
                name="line_plain_sum_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__isnull=True) | Q(unit_cost__range=(0, MOST)),
                name="line_unit_cost_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(volume__isnull=True) | Q(volume__range=(0, "99999999.99")),
                name="line_volume_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(weeks__isnull=True) | Q(weeks__range=(0, 53)),
                name="line_weeks_fit_a_year",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__isnull=True) | Q(plain_sum__isnull=True),
                name="line_is_priced_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @cached_property
    def taken(self) -> Sequence[Taken]:
        """What the line takes from each stream, as it was when it was first asked for."""
        return [Taken(one.stream_id, one.amount) for one in self.allocations.all()]


class LineTrajectory(models.Model):
    """Starts or places a line is meant to have reached by the end of a quarter.

    `plan` is the line's, written by the database: profiles are read of all the country's plans.
    """

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="+", editable=False, db_index=False
    )
    line = models.ForeignKey(Line, models.CASCADE, related_name="trajectory")
    quarter = models.PositiveSmallIntegerField()
    starts = models.PositiveIntegerField(null=True, blank=True)
    spend = models.DecimalField(null=True, blank=True, **AMOUNT)

    class Meta:
        indexes = [
            models.Index(
                fields=["plan", "line"],
                include=["quarter", "spend"],
                condition=Q(spend__isnull=False),
                name="profiles_by_plan",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "quarter"], name="trajectory_has_one_value_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4)), name="trajectory_quarter_is_one_to_four"
            ),
            models.CheckConstraint(
                condition=Q(spend__isnull=True) | Q(spend__range=(0, MOST)),
                name="trajectory_spend_is_an_amount",
            ),
        ]
        triggers = [
            of_its_plan("trajectory_is_of_its_lines_plan", parent="line", what="A step"),
            stays_with_its_line("trajectory_stays_with_its_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line}, quarter {self.quarter}"
