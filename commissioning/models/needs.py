"""The needs assessment of a partnership, or of several together, for a financial year."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from commissioning.choices import BullseyeRing, NeedsState, PopulationGroup, ViewOf
from commissioning.models.evidence import NationalComparator
from commissioning.models.framework import FrameworkItem, InterventionType
from commissioning.models.organisations import Partnership
from commissioning.models.people import User
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.roles import Permission
from commissioning.scoping import Permitted

if TYPE_CHECKING:
    from commissioning.kernel.periods import Period

Part_co = TypeVar("Part_co", bound=models.Model, covariant=True)


class NeedsAssessmentQuerySet(Permitted["NeedsAssessment"]):
    """Needs assessments. The lead writes one; those it covers may read it."""

    partnership_path = "partnership"

    def shared_with(self, partnerships: frozenset[int], permission: Permission) -> Q:
        if permission != Permission.PLAN_VIEW:
            return Q()
        covered = NeedsArea.objects.filter(partnership__in=partnerships)
        return Q(pk__in=covered.values("assessment"))

    def covering(self, partnership: Partnership, year: int) -> Self:
        """The assessment of the year that covers the partnership: one at most."""
        covers = NeedsArea.objects.filter(partnership=partnership, year=year)
        return self.filter(pk__in=covers.values("assessment"))

    def with_names(self) -> Self:
        return self.select_related("partnership__organisation", "finished_by")


class PartQuerySet(Permitted[Part_co]):
    """The parts of needs assessments: whoever leads the assessment writes them."""

    partnership_path = "assessment__partnership"


class NeedsAssessment(models.Model):
    """What a population needs in a year. `partnership` leads it; `areas` are those it covers.

    `region_estimate` is the estimated problem drug users of the lead's region, to compare with.
    Finished, it shows what was known on `finished_on`, however the figures move afterwards.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="needs_assessments")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120, blank=True)
    areas = models.ManyToManyField(
        Partnership, through="NeedsArea", related_name="covered_by_assessments"
    )
    state = models.CharField(max_length=10, choices=NeedsState.choices, default=NeedsState.DRAFT)
    summary = models.TextField(blank=True)
    region_estimate = models.PositiveIntegerField(null=True, blank=True)
    region_estimate_source = models.CharField(max_length=200, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = NeedsAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "year"], name="partnership_leads_one_assessment_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=NeedsState.values), name="needs_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="needs_year_is_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state=NeedsState.FINISHED) ^ Q(finished_on__isnull=True),
                name="finished_needs_say_since_when",
            ),
            models.CheckConstraint(
                condition=Q(region_estimate__isnull=True) | ~Q(region_estimate_source=""),
                name="region_estimate_names_its_source",
            ),
        ]

    def __str__(self) -> str:
        return f"Needs of {self.name or self.partnership}, {self.period.label}"

    @property
    def period(self) -> "Period":
        return year_period(self.year)

    @property
    def is_finished(self) -> bool:
        return self.state == NeedsState.FINISHED


class NeedsAreaQuerySet(PartQuerySet["NeedsArea"]):
    """The areas that assessments cover."""


class NeedsArea(models.Model):
    """A partnership that an assessment covers; one assessment a year covers it."""

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="covered")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()

    objects = NeedsAreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "year"], name="area_is_covered_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership} in {self.assessment}"


class BullseyeFigureQuerySet(PartQuerySet["BullseyeFigure"]):
    """Rings typed by planners."""


class BullseyeFigure(models.Model):
    """A ring of the bullseye for one of the areas: people, with interval and source.

    A ring that the system knows is taken from evidence and is not written here.
    """

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="rings")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ring = models.CharField(max_length=12, choices=BullseyeRing.choices)
    value = models.PositiveIntegerField()
    lower = models.PositiveIntegerField(null=True, blank=True)
    upper = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200)

    objects = BullseyeFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "partnership", "ring"], name="ring_is_stated_once_an_area"
            ),
            models.CheckConstraint(
                condition=Q(ring__in=BullseyeRing.values), name="ring_is_known"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="ring_names_its_source"),
            models.CheckConstraint(
                condition=(Q(lower__isnull=True) | Q(lower__lte=F("value")))
                & (Q(upper__isnull=True) | Q(upper__gte=F("value"))),
                name="ring_lies_within_its_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ring_display()}: {self.value}"


class GroupNeedQuerySet(PartQuerySet["GroupNeed"]):
    """What is known of groups of people."""


class GroupNeed(models.Model):
    """What is known of the needs of one group of people."""

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="groups")
    group = models.CharField(max_length=20, choices=PopulationGroup.choices)
    estimate = models.PositiveIntegerField(null=True, blank=True)
    in_treatment = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    need = models.TextField(blank=True)

    objects = GroupNeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "group"], name="group_is_looked_at_once"
            ),
            models.CheckConstraint(
                condition=Q(group__in=PopulationGroup.values), name="group_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_group_display()


class HarmFigureQuerySet(PartQuerySet["HarmFigure"]):
    """Local figures of harm."""


class HarmFigure(models.Model):
    """A local figure of harm beside the published national one."""

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="harms")
    comparator = models.ForeignKey(NationalComparator, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=12, decimal_places=4)
    source = models.CharField(max_length=200)

    objects = HarmFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "comparator"], name="harm_is_stated_once"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="harm_names_its_source"),
            models.CheckConstraint(
                condition=Q(value__range=(0, "99999999.9999")), name="harm_is_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comparator}: {self.value}"


class ViewQuerySet(PartQuerySet["View"]):
    """What service users and carers said."""


class View(models.Model):
    """What service users or carers said, and how they were asked."""

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="views")
    of = models.CharField(max_length=10, choices=ViewOf.choices)
    said = models.TextField()
    how_asked = models.CharField(max_length=200)

    objects = ViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(of__in=ViewOf.values), name="view_is_of_somebody"),
            models.CheckConstraint(condition=~Q(said=""), name="view_says_something"),
        ]

    def __str__(self) -> str:
        return self.said


class CapacityNeedQuerySet(PartQuerySet["CapacityNeed"]):
    """From need to capacity."""


class CapacityNeed(models.Model):
    """From need to capacity for one intervention: inputs only, the arithmetic is in `rules`.

    `need` people could benefit; `penetration` per cent of them are to be reached in the year, for
    `weeks` each, in places that are `occupancy` per cent full.
    """

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="capacity")
    intervention = models.ForeignKey(InterventionType, models.PROTECT, related_name="+")
    need = models.PositiveIntegerField()
    penetration = models.DecimalField(max_digits=5, decimal_places=2)
    weeks = models.DecimalField(max_digits=6, decimal_places=2)
    occupancy = models.DecimalField(max_digits=5, decimal_places=2)
    source = models.CharField(max_length=200, blank=True)

    objects = CapacityNeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "intervention"], name="capacity_is_worked_out_once"
            ),
            models.CheckConstraint(
                condition=Q(penetration__range=(0, 100)), name="penetration_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(occupancy__range=(1, 100)), name="occupancy_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(weeks__range=("0.01", "9999.99")), name="stay_lasts_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intervention}: {self.need}"


class GapQuerySet(PartQuerySet["Gap"]):
    """Gaps between need and what there is."""


class Gap(models.Model):
    """Something the population needs and does not have."""

    assessment = models.ForeignKey(NeedsAssessment, models.CASCADE, related_name="gaps")
    text = models.CharField(max_length=300)
    item = models.ForeignKey(
        FrameworkItem, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = GapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="gap_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
