"""Quality: staff and their competence, registrations and inspections, evidence, preference."""

from django.db import models
from django.db.models import F, Q

from commissioning.models import Document, Organisation, Partnership, User
from commissioning.scoping import Permitted
from providers.choices import QualityKind, StaffRole
from providers.models.providers import Provider
from providers.models.register import Service


class StaffCountQuerySet(Permitted["StaffCount"]):
    """Staff of providers."""

    provider_path = "provider"


class StaffCount(models.Model):
    """Posts of a role, and how many of them are filled: whole-time equivalents.

    `gap` says in words what the workforce lacks in this role and what is done about it.
    """

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="staff")
    role = models.CharField(max_length=13, choices=StaffRole.choices)
    posts = models.DecimalField(max_digits=6, decimal_places=2)
    in_post = models.DecimalField(max_digits=6, decimal_places=2)
    gap = models.CharField(max_length=300, blank=True)
    stated_on = models.DateField()

    objects = StaffCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "role"], name="staff_are_counted_once_a_role"
            ),
            models.CheckConstraint(
                condition=Q(posts__range=(0, "9999.99"), in_post__range=(0, "9999.99")),
                name="staff_are_a_number",
            ),
            models.CheckConstraint(
                condition=Q(role__in=StaffRole.values), name="staff_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.in_post} of {self.posts}"


class CompetenceCountQuerySet(Permitted["CompetenceCount"]):
    """Competence of staff."""

    provider_path = "provider"


class CompetenceCount(models.Model):
    """How many people of a role need a DANOS unit, and how many hold it."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="competence")
    role = models.CharField(max_length=13, choices=StaffRole.choices)
    unit = models.CharField(max_length=10)
    needed = models.PositiveSmallIntegerField()
    held = models.PositiveSmallIntegerField()
    stated_on = models.DateField()

    objects = CompetenceCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "role", "unit"], name="competence_is_counted_once_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.held} of {self.needed}"


class QualityRecordQuerySet(Permitted["QualityRecord"]):
    """Records of quality."""

    provider_path = "provider"


class QualityRecord(models.Model):
    """A registration, inspection, audit, or piece of work on quality, with its dates.

    `holds_until`: the day a registration ends, or by which the next audit or visit is due.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="quality_records")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="quality_records"
    )
    kind = models.CharField(max_length=16, choices=QualityKind.choices)
    body = models.CharField(max_length=160, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    outcome = models.TextField()
    held_on = models.DateField()
    holds_until = models.DateField(null=True, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = QualityRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=QualityKind.values), name="quality_record_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=""), name="quality_record_says_what_came_of_it"
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True) | Q(holds_until__gt=F("held_on")),
                name="quality_record_holds_a_day_or_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on}"


class RequirementEvidenceQuerySet(Permitted["RequirementEvidence"]):
    """How requirements are met."""

    provider_path = "provider"


class RequirementEvidence(models.Model):
    """How a provider meets a requirement of `providers.reference.requirements`, and on what."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="requirements")
    requirement = models.SlugField(max_length=40)
    is_met = models.BooleanField()
    evidence = models.TextField()
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    stated_on = models.DateField()

    objects = RequirementEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "requirement"], name="requirement_is_answered_once"
            ),
            models.CheckConstraint(
                condition=~Q(evidence=""), name="requirement_is_answered_with_evidence"
            ),
        ]

    def __str__(self) -> str:
        return self.requirement


class PreferredListQuerySet(Permitted["PreferredList"]):
    """Lists of preferred providers."""

    partnership_path = "organisation"
    region_path = "organisation"


class PreferredList(models.Model):
    """Providers that a partnership, or a region for its consortium, prefers to buy from.

    `consortium`: the partnerships that a region's list is for; none means all of the region.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="preferred_lists")
    consortium = models.ManyToManyField(Partnership, related_name="consortium_lists", blank=True)
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=160)
    review_by = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = PreferredListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="preferred_list_has_an_address_of_its_own"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PreferredProviderQuerySet(Permitted["PreferredProvider"]):
    """Providers on lists."""

    partnership_path = "preferred_list__organisation"
    region_path = "preferred_list__organisation"
    provider_path = "provider"


class PreferredProvider(models.Model):
    """A provider on a list: since when, on what evidence, decided by whom, to be reviewed when.

    The first decision stays; the newest review is beside it, and the earlier ones in the history.
    """

    preferred_list = models.ForeignKey(PreferredList, models.CASCADE, related_name="providers")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="preferred_by")
    evidence = models.TextField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    review_by = models.DateField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_for = models.CharField(max_length=300, blank=True)

    objects = PreferredProviderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["preferred_list", "provider"],
                condition=Q(until_on__isnull=True),
                name="provider_is_on_a_list_once",
            ),
            models.CheckConstraint(
                condition=~Q(evidence=""), name="provider_is_preferred_on_evidence"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
                name="provider_is_preferred_a_day_or_more",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | ~Q(removed_for=""),
                name="provider_leaves_a_list_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True) | Q(reviewed_by__isnull=False),
                name="preference_is_reviewed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} on {self.preferred_list}"
