"""NDTMS returns: a file holds one return for each agency in it."""

from typing import Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from commissioning.models import RuleSet, User
from commissioning.roles import Permission
from commissioning.scoping import Actor, Permitted
from pathways.choices import Grade, ReturnState, UploadState
from providers.models import Agency, Provider


class UploadQuerySet(Permitted["Upload"]):
    """Files sent, reached by the provider that sent them and whoever reaches an agency in them."""

    provider_path = "provider"

    def newest_first(self) -> Self:
        return self.order_by("-number")


class Upload(models.Model):
    """A file for one reporting month, of one or many agencies. People call it a return."""

    number = models.BigAutoField(primary_key=True)
    # None when the service itself loads a file that spans providers.
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="uploads")
    month = models.DateField(help_text="First day of the reporting month.")
    cut_off = models.DateField(help_text="The last day the file knows about.")
    state = models.CharField(
        max_length=10, choices=UploadState.choices, default=UploadState.UPLOADED
    )
    file = models.FileField(upload_to="returns/%Y/%m/")
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    # The business day on which its provider sent it. None where the service itself loaded a file
    # of many: that says nothing of when each of them sent.
    received_on = models.DateField(null=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    ignored_headers = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_reason = models.TextField(blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UploadState.values), name="upload_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="upload_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(cut_off__gte=models.F("month")),
                name="upload_knows_some_of_its_month",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["CONFIRMED", "LOADED", "UNDONE"], confirmed_at__isnull=False
                )
                | Q(state__in=["UPLOADED", "CHECKED"], confirmed_at__isnull=True)
                | ~Q(state__in=["UPLOADED", "CHECKED", "CONFIRMED", "LOADED", "UNDONE"]),
                name="upload_loads_only_once_confirmed",
            ),
            models.UniqueConstraint(
                fields=["provider", "month", "sha256"],
                condition=Q(state__in=UploadState.standing()),
                nulls_distinct=False,
                name="file_is_received_once_for_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"Return {self.number}"


class ReturnQuerySet(Permitted["Return"]):
    """One agency's part of a file."""

    partnership_path = "agency__partnership"
    provider_path = "agency__provider"

    def loaded(self) -> Self:
        return self.filter(state=ReturnState.LOADED)


class Return(models.Model):
    """What one agency reported in one file, with its counts."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="returns")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="returns")
    month = models.DateField()
    cut_off = models.DateField()
    state = models.CharField(
        max_length=10, choices=ReturnState.choices, default=ReturnState.PENDING
    )
    loaded_at = models.DateTimeField(null=True)
    # Order of loading within the agency: only its highest may be undone.
    sequence = models.PositiveIntegerField(null=True)
    rows = models.PositiveIntegerField(default=0)
    rows_without_consent = models.PositiveIntegerField(default=0)
    episodes = models.PositiveIntegerField(default=0)
    episodes_rejected = models.PositiveIntegerField(default=0)
    episodes_added = models.PositiveIntegerField(default=0)
    episodes_changed = models.PositiveIntegerField(default=0)
    episodes_unchanged = models.PositiveIntegerField(default=0)
    episodes_vanished = models.PositiveIntegerField(default=0)
    removal_confirmed = models.BooleanField(default=False)
    # Share of core values given, from 0 to 1, and how it is made up by field.
    completeness = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    missing_by_field = models.JSONField(default=dict)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "agency"], name="agency_is_once_in_a_file"),
            models.UniqueConstraint(
                fields=["agency", "sequence"], name="returns_of_an_agency_load_one_after_another"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReturnState.values), name="return_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ReturnState.PENDING, sequence__isnull=True, loaded_at__isnull=True
                )
                | (
                    ~Q(state=ReturnState.PENDING)
                    & Q(sequence__isnull=False, loaded_at__isnull=False)
                ),
                name="return_has_a_sequence_once_loaded",
            ),
        ]
        indexes = [models.Index(fields=["agency", "month"], name="returns_by_month")]

    def __str__(self) -> str:
        return f"{self.agency} for {self.month:%B %Y}"


class FindingQuerySet(Permitted["Finding"]):
    """What the checks found. Reached as its agency's return is; file findings have no agency.

    A provider reaches what was found about its agencies, whoever sent the file, and all that was
    found in a file of its own.
    """

    partnership_path = "agency__partnership"
    provider_path = "agency__provider"

    def permitted(self, user: Actor | AnonymousUser, permission: Permission) -> Self:
        sent = Upload.objects.permitted(user, permission).order_by().values("pk")
        return super().permitted(user, permission) | self.filter(upload__in=sent)

    def in_order(self) -> Self:
        return self.order_by("row", "pk")


class Finding(models.Model):
    """One row (or file, or return) and the rule it does not meet."""

    # Checked a statement at a time, below: a check of each finding cost more than writing it.
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="findings", db_index=False, db_constraint=False
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    row = models.PositiveIntegerField(null=True, help_text="Line of the file; the header is 1.")
    rule = models.CharField(max_length=20)
    grade = models.CharField(max_length=10, choices=Grade.choices)
    field = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=80, blank=True)  # never of an identity field
    client_ref = models.CharField(max_length=40, blank=True)
    episode_ref = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True, help_text="Only where the rule's own is not enough.")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__in=Grade.values), name="finding_grade_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(field__in=["FINITIAL", "SINITIAL", "DOB"]) | Q(value=""),
                name="finding_never_holds_an_identity",
            ),
        ]
        indexes = [models.Index(fields=["upload", "rule", "row"], name="findings_by_rule")]
        triggers = [
            pgtrigger.Trigger(
                name="finding_refers_to_what_is_there",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="findings"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        SELECT FROM (SELECT DISTINCT upload_id, agency_id FROM findings) f
                        LEFT JOIN pathways_upload u ON u.number = f.upload_id
                        LEFT JOIN providers_agency a ON a.id = f.agency_id
                        WHERE u.number IS NULL OR (f.agency_id IS NOT NULL AND a.id IS NULL)
                    ) THEN
                        RAISE foreign_key_violation USING MESSAGE =
                            'finding_refers_to_what_is_there: no such return or agency';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} at row {self.row}"
