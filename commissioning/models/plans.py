"""The annual treatment plan of a partnership, or of several that commission together."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from commissioning.choices import DocumentRole, PlanKind, PlanState
from commissioning.kernel.periods import Grain, Period
from commissioning.models.documents import Document
from commissioning.models.organisations import Partnership
from commissioning.roles import Permission
from commissioning.scoping import Permitted

if TYPE_CHECKING:
    pass

FIRST_YEAR, LAST_YEAR = 2000, 2099


def year_period(year: int) -> Period:
    """The financial year that begins in April of `year`: 2006 is 2006/07."""
    return Period.parse(f"FY{year}")


class PlanQuerySet(Permitted["Plan"]):
    """Plans. The lead of a joint plan edits it; each of its members may read it."""

    partnership_path = "partnership"

    def shared_with(self, partnerships: frozenset[int], permission: Permission) -> Q:
        if permission != Permission.PLAN_VIEW:
            return Q()
        shared = PlanMember.objects.filter(partnership__in=partnerships)
        return Q(pk__in=shared.values("plan"))

    def of_partnership(self, partnership: Partnership) -> Self:
        """Its own plans, those it leads for several, and those of others that it shares in."""
        shared = PlanMember.objects.filter(partnership=partnership).values("plan")
        return self.filter(Q(partnership=partnership) | Q(pk__in=shared))

    def in_year(self, year: int) -> Self:
        return self.filter(year=year)

    def with_names(self) -> Self:
        return self.select_related("partnership__organisation")


class Plan(models.Model):
    """What a partnership, or the lead of several, means to commission in a financial year.

    `revision` grows with every change, so that two windows cannot overwrite each other.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=PlanKind.choices, default=PlanKind.OWN)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    summary = models.TextField(blank=True)
    has_prison = models.BooleanField(default=False)
    rolled_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rolled_into"
    )
    revision = models.PositiveIntegerField(default=1)
    last_line_number = models.PositiveIntegerField(default=0)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "slug"], name="plan_has_an_address_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["partnership", "year"],
                condition=Q(kind=PlanKind.OWN),
                name="partnership_has_one_plan_of_its_own_a_year",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="plan_year_is_a_year"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PlanKind.values), name="plan_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PlanState.values), name="plan_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlanKind.JOINT) | ~Q(name=""), name="joint_plan_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        who = self.name or str(self.partnership)
        return f"{who}, {self.period.label}"

    @property
    def period(self) -> Period:
        return year_period(self.year)

    @property
    def is_joint(self) -> bool:
        return self.kind == PlanKind.JOINT

    def quarters(self) -> list[Period]:
        """The four quarters of the year, in order."""
        found = [Period.containing(self.period.start, Grain.QUARTER)]
        while len(found) < 4:  # noqa: PLR2004 - a year has four
            found.append(found[-1].following())
        return found


class PlanMemberQuerySet(Permitted["PlanMember"]):
    """Who shares in joint plans."""

    partnership_path = "plan__partnership"


class PlanMember(models.Model):
    """A partnership that shares in a joint plan, and how much of it is its own, in per cent."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="members")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="joint_plans")
    share = models.DecimalField(max_digits=6, decimal_places=3)

    objects = PlanMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "partnership"], name="partnership_shares_in_a_joint_plan_once"
            ),
            models.CheckConstraint(
                condition=Q(share__range=("0.001", "100")), name="share_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.share} %"


class PlanDocumentQuerySet(Permitted["PlanDocument"]):
    """The documents that plans name."""

    partnership_path = "plan__partnership"


class PlanDocument(models.Model):
    """A document the plan hangs together with: a strategy, by name, kept here or elsewhere."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="documents")
    role = models.CharField(max_length=20, choices=DocumentRole.choices)
    title = models.CharField(max_length=200)
    where = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    objects = PlanDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=DocumentRole.values), name="document_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DeclarationQuerySet(Permitted["Declaration"]):
    """What planners declared."""

    partnership_path = "plan__partnership"


class Declaration(models.Model):
    """What a planner declares where the system does not hold the fact yet, and on what grounds."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="declarations")
    check_code = models.SlugField(max_length=40)
    holds = models.BooleanField()
    grounds = models.TextField()
    items = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "check_code"], name="declaration_is_made_once_a_check"
            ),
            models.CheckConstraint(condition=~Q(grounds=""), name="declaration_has_grounds"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} of {self.plan}"
