"""Documents attached to records, served only through a permitted view."""

from django.db import models
from django.db.models import Q

from commissioning.models.organisations import Organisation
from commissioning.models.people import User
from commissioning.scoping import Permitted

LARGEST = 10 * 1024 * 1024


class DocumentQuerySet(Permitted["Document"]):
    """Files of an organisation."""

    partnership_path = "organisation"
    provider_path = "organisation"
    region_path = "organisation"


class Document(models.Model):
    """A file of at most 10 MB that belongs to an organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="documents/%Y/%m/")
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__range=(1, LARGEST)), name="document_holds_at_most_ten_megabytes"
            ),
        ]

    def __str__(self) -> str:
        return self.name
