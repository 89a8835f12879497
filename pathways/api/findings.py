"""What the checks found in a return, over the API: for whoever may see its records."""

from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from commissioning.api.people import asking
from commissioning.api.reading import ReadList
from commissioning.kernel.errors import NotPermitted
from commissioning.roles import Permission
from commissioning.tables import Sorts
from pathways.checks import IN_FORCE
from pathways.choices import Grade
from pathways.filters import FindingFilter
from pathways.models import Finding
from pathways.selectors.findings import findings_for, may_see_records
from pathways.selectors.uploads import providers_in, uploads_for
from pathways.tables import FindingTable

EXAMPLE = {
    "row": 12,
    "rule": "Q01",
    "grade": "QUALITY",
    "field": "DISRSN",
    "value": "",
    "agency": "AG0001",
    "client": "C1007",
    "episode": "E1",
    "sentence": "The client is discharged (DISD) and no reason is given (DISRSN).",
}


def findings_address(number: int) -> str:
    """Where what was found in the return of that number is read over the API."""
    return reverse("api:finding-list", args=[number])


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A row (or the file, or an agency's whole return) and the rule it does not keep."""

    row = serializers.IntegerField(
        help_text="Line of the file, the header being 1; null for the whole file or return."
    )
    grade = serializers.ChoiceField(choices=Grade.choices)
    value = serializers.CharField(help_text="What was written; never that of an identity field.")
    agency = serializers.CharField(
        source="agency.code", default=None, help_text="NDTMS agency (AGNCY); null for the file."
    )
    client = serializers.CharField(source="client_ref", help_text="CLIENTID.")
    episode = serializers.CharField(source="episode_ref", help_text="EPISODID.")
    sentence = serializers.SerializerMethodField(help_text="What is wrong, in words.")

    class Meta:
        model = Finding
        fields = list(EXAMPLE)
        read_only_fields = fields

    def get_sentence(self, found: Finding) -> str:
        return found.sentence or IN_FORCE[found.rule].sentence


@extend_schema(
    summary="Findings of a return",
    description="All that the checks found, in the order of the file's rows, as far as you may "
    "see its records. Over files of several providers: what was found about your own agencies.",
    examples=[OpenApiExample("An exit without a reason", value=EXAMPLE)],
)
class FindingList(ReadList[Finding]):
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    sorts = Sorts.of(FindingTable)
    # Nobody's rows: from these the description knows the model.
    queryset = Finding.objects.permitted(AnonymousUser(), Permission.RETURN_RECORDS_VIEW)

    @cached_property
    def found(self) -> QuerySet[Finding]:
        person = asking(self, Permission.RETURN_VIEW)
        upload = uploads_for(person).filter(number=self.kwargs["number"]).first()
        if upload is None:
            raise Http404
        if not may_see_records(person, providers_in(upload)):
            raise NotPermitted("Your role does not let you see the records of this return.")
        return findings_for(person, upload)

    def get_queryset(self) -> QuerySet[Finding]:
        return self.found
