"""What a provider's figures would become if a checked return were loaded."""

from django.db import models

from commissioning.models import RuleSet
from commissioning.scoping import Permitted
from pathways.models import Upload


class ReturnPreviewQuerySet(Permitted["ReturnPreview"]):
    """Reached as the file is: by the provider that sent it."""

    provider_path = "upload__provider"


class ReturnPreview(models.Model):
    """Worked out once a file is checked; it says when, since another return may come in between.

    `figures` holds, by indicator, numerator and denominator of each period before and after, and
    the groups of records that move it, as sentences with the first of their records.
    """

    upload = models.OneToOneField(Upload, models.CASCADE, primary_key=True, related_name="preview")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    figures = models.JSONField(default=dict)

    objects = ReturnPreviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"What {self.upload} would change"
