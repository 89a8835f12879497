"""What was measured: counts, never rates, one table a family and one row a cell.

A cell is one area in one period, in total or for one value of a breakdown. A cell that holds
nothing is absent. Rows name the rule set they were measured by, and those of another rule set
are never touched: `MeasuredPeriod` says which are shown.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from commissioning.models import RuleSet
from reporting.choices import TOTAL, AreaKind, Grain


def total() -> "models.IntegerField[int, int]":
    """How many, or the sum or the longest of their days."""
    return models.IntegerField(default=0)


class Result(models.Model):
    """The key every family shares. `breakdown` is empty for totals.

    A cell is known by its key alone, so that writing it keeps up one index.
    """

    pk = models.CompositePrimaryKey(
        *("start", "grain", "area_kind", "area_code", "breakdown", "value", "rule_set")
    )
    # Not checked row by row nor indexed by itself: rows are written by the hundred thousand, and a
    # rule set can be neither changed nor deleted.
    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    area_kind = models.CharField(max_length=11, choices=AreaKind.choices)
    area_code = models.CharField(max_length=20)
    grain = models.CharField(max_length=7, choices=Grain.choices)
    start = models.DateField()
    breakdown = models.CharField(max_length=10, blank=True, default=TOTAL)
    value = models.CharField(max_length=20, blank=True, default=TOTAL)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(area_kind__in=AreaKind.values) & Q(grain__in=Grain.values),
                name="%(class)s_names_a_kind_of_area_and_of_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.grain} {self.start} {self.breakdown} {self.value}".strip()


class LeftOut(Result):
    """Rows that no adult drug figure counts, by reason, in the family's own unit."""

    left_out_prison = total()
    left_out_young = total()
    left_out_alcohol = total()

    class Meta(Result.Meta):
        abstract = True


class WaitResult(LeftOut):
    """Waits for started structured interventions, in the period they started.

    First and subsequent in the journey; of voluntary clients, of everyone and of each priority
    group (each against its own target). Negative waits and missing dates are counted apart.
    """

    first_voluntary_waits = total()
    first_voluntary_within = total()
    first_voluntary_long = total()
    first_voluntary_days = total()
    first_voluntary_longest = total()
    first_voluntary_negative = total()
    first_voluntary_missing = total()
    first_everyone_waits = total()
    first_everyone_within = total()
    first_everyone_long = total()
    first_everyone_days = total()
    first_everyone_longest = total()
    first_everyone_negative = total()
    first_everyone_missing = total()
    first_pregnant_waits = total()
    first_pregnant_within = total()
    first_pregnant_negative = total()
    first_pregnant_missing = total()
    first_criminal_justice_waits = total()
    first_criminal_justice_within = total()
    first_criminal_justice_negative = total()
    first_criminal_justice_missing = total()
    first_stimulant_waits = total()
    first_stimulant_within = total()
    first_stimulant_negative = total()
    first_stimulant_missing = total()
    subsequent_voluntary_waits = total()
    subsequent_voluntary_within = total()
    subsequent_voluntary_long = total()
    subsequent_voluntary_days = total()
    subsequent_voluntary_longest = total()
    subsequent_voluntary_negative = total()
    subsequent_voluntary_missing = total()
    subsequent_everyone_waits = total()
    subsequent_everyone_within = total()
    subsequent_everyone_long = total()
    subsequent_everyone_days = total()
    subsequent_everyone_longest = total()
    subsequent_everyone_negative = total()
    subsequent_everyone_missing = total()
    subsequent_pregnant_waits = total()
    subsequent_pregnant_within = total()
    subsequent_pregnant_negative = total()
    subsequent_pregnant_missing = total()
    subsequent_criminal_justice_waits = total()
    subsequent_criminal_justice_within = total()
    subsequent_criminal_justice_negative = total()
    subsequent_criminal_justice_missing = total()
    subsequent_stimulant_waits = total()
    subsequent_stimulant_within = total()
    subsequent_stimulant_negative = total()
    subsequent_stimulant_missing = total()


class WaitDistribution(Result):
    """How many waited how many days: totals and by intervention, for everyone and voluntary.

    The three lists run side by side; from them a median, a percentile or any threshold is exact.
    """

    pk = models.CompositePrimaryKey(
        *("start", "grain", "area_kind", "area_code", "breakdown", "value", "turn", "rule_set")
    )
    turn = models.CharField(max_length=10)
    days = ArrayField(models.IntegerField())
    everyone = ArrayField(models.IntegerField())
    voluntary = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area_kind__in=AreaKind.values) & Q(grain__in=Grain.values),
                name="waitdistribution_names_a_kind_of_area_and_of_period",
            ),
            models.CheckConstraint(
                condition=Q(turn__in=["first", "subsequent"]), name="waitdistribution_names_a_turn"
            ),
        ]


class WaitingResult(LeftOut):
    """Who was waiting at the end of the period, or on the last day known of it."""

    open_waits = total()
    open_first = total()
    open_long = total()
    open_first_long = total()
    offered_not_started = total()


class JourneyResult(LeftOut):
    """Journeys, in the period they began; and those of them known to have lasted."""

    journeys = total()
    known = total()
    not_yet_known = total()
    retained = total()
    effective = total()


class ExitResult(LeftOut):
    """Journeys, in the period they ended, and episodes, in the period of discharge."""

    exits = total()
    provisional = total()
    reason_missing = total()
    reason_left_out = total()
    counted = total()
    planned_2006 = total()
    planned_2009 = total()
    transfers_2009 = total()


class EpisodeResult(LeftOut):
    """Episodes, by their first structured start or their discharge."""

    begun = total()
    care_planned = total()
    begun_self = total()
    begun_gp = total()
    begun_drug_service = total()
    begun_criminal_justice = total()
    discharged = total()
    discharged_retained = total()
    tier4_discharged = total()
    tier4_planned = total()
    tier4_reason_missing = total()
    tier4_reason_left_out = total()


class TreatmentResult(LeftOut):
    """People in structured treatment: each once in an area and period, so never to be added."""

    people = total()


class MeasuredPeriod(models.Model):
    """Which rule set's results are shown for a period, and how far the data then reached."""

    grain = models.CharField(max_length=7, choices=Grain.choices)
    start = models.DateField()
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    measured_at = models.DateTimeField()
    cut_off = models.DateField(help_text="The latest cut-off of the returns then loaded.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "start"], name="period_is_shown_by_one_rule_set"
            ),
            models.CheckConstraint(
                condition=Q(grain__in=Grain.values), name="measured_period_grain_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grain} from {self.start}"
