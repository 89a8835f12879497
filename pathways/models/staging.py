"""Rows of a file between reading and loading. Unlogged: a crash costs a second reading."""

from django.db import models

from pathways.choices import Residence


class StagedRow(models.Model):
    """One line of a file as read: typed, resolved, pseudonymous. Nothing identifying is here."""

    pk = models.CompositePrimaryKey("upload_id", "row")
    upload_id = models.BigIntegerField()
    row = models.IntegerField(help_text="Line of the file; the header is 1.")

    # Resolved while reading, from the registers; None where the code is not known.
    agency_id = models.BigIntegerField(null=True)
    partnership_id = models.BigIntegerField(null=True)
    residence = models.CharField(max_length=8, choices=Residence.choices)

    # What reading found: which identity fields are missing or cannot be (`DOB:missing`, never a
    # value), and the text of other values that cannot be read, by header ("" is the row itself).
    identity_faults = models.TextField(blank=True)
    unreadable = models.JSONField(null=True)
    # Tells apart, within one file, rows of an episode whose episode values differ.
    episode_values = models.BigIntegerField(null=True)

    person = models.UUIDField(null=True)
    age_at_triage = models.SmallIntegerField(null=True)

    agency_code = models.TextField()
    client_ref = models.TextField()
    episode_ref = models.TextField()
    modality_ref = models.TextField()
    consent = models.TextField()
    dat = models.TextField()
    sex = models.TextField()
    ethnic = models.TextField()
    referral_source = models.TextField()
    referred_on = models.DateField(null=True)
    triaged_on = models.DateField(null=True)
    discharged_on = models.DateField(null=True)
    discharge_reason = models.TextField()
    care_planned_on = models.DateField(null=True)
    main_drug = models.TextField()
    second_drug = models.TextField()
    third_drug = models.TextField()
    route = models.TextField()
    injecting = models.TextField()
    accommodation_need = models.TextField()
    pregnant = models.TextField()
    hepatitis_b_status = models.TextField()
    hepatitis_b_vaccination = models.TextField()
    hepatitis_c_status = models.TextField()
    hepatitis_c_tested = models.TextField()
    employment = models.TextField()
    dual_diagnosis = models.TextField()
    previously_treated = models.TextField()
    modality_kind = models.SmallIntegerField(null=True)
    modality_referred_on = models.DateField(null=True)
    first_offered_on = models.DateField(null=True)
    modality_started_on = models.DateField(null=True)
    modality_ended_on = models.DateField(null=True)
    modality_exit = models.TextField()

    def __str__(self) -> str:
        return f"Row {self.row} of upload {self.upload_id}"
