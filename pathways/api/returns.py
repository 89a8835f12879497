"""Returns over the API: the files one reaches, and what each agency reported in them."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView

from commissioning.api.people import asking
from commissioning.api.reading import ReadList, ReadOne, ReadSerializer
from commissioning.roles import Permission
from commissioning.tables import Sorts
from pathways.api.findings import findings_address
from pathways.api.sending import SendsReturns
from pathways.choices import ReturnState, UploadState
from pathways.filters import UploadFilter
from pathways.models import Return, Upload
from pathways.selectors.findings import may_see_records
from pathways.selectors.uploads import providers_in, uploads_for

COUNTED = (
    *("rows", "rows_without_consent", "episodes", "episodes_rejected", "episodes_added"),
    *("episodes_changed", "episodes_unchanged", "episodes_vanished"),
)
FINDINGS = "Where all that was found in it is read; null for whoever may not see records."
EXAMPLE = {
    "number": 17,
    "provider": "bridgeside",
    "month": "2006-05",
    "cut_off": "2006-05-31",
    "state": "LOADED",
    "uploaded_at": "2006-06-05T09:12:00+01:00",
    "confirmed_at": "2006-06-05T09:20:00+01:00",
    "refusal": "",
    "findings": "/api/returns/17/findings/",
    "returns": [
        {
            "agency": "AG0001",
            "provider": "bridgeside",
            "partnership": "H-01",
            "state": "LOADED",
            "rows": 214,
            "rows_without_consent": 3,
            "episodes": 172,
            "episodes_rejected": 1,
            "episodes_added": 12,
            "episodes_changed": 40,
            "episodes_unchanged": 120,
            "episodes_vanished": 0,
            "completeness": "0.9720",
            "findings": "/api/returns/17/findings/?agency=AG0001",
        }
    ],
}


class AgencyReturnSerializer(ReadSerializer[Return]):
    """What one agency reported in a file."""

    agency = serializers.CharField(source="agency_code", help_text="NDTMS agency (AGNCY).")
    provider = serializers.CharField(source="provider_code")
    partnership = serializers.CharField(
        source="partnership_code", default=None, help_text="Where the agency stands."
    )
    state = serializers.ChoiceField(choices=ReturnState.choices)
    findings = serializers.SerializerMethodField(help_text=FINDINGS)

    class Meta:
        model = Return
        fields = [
            "agency",
            "provider",
            "partnership",
            "state",
            *COUNTED,
            "completeness",
            "findings",
        ]
        read_only_fields = fields

    def get_findings(self, one: Return) -> str | None:
        providers = {one.upload.provider_id, vars(one)["provider"]}
        if not may_see_records(self.context["request"].user, providers):
            return None
        return f"{findings_address(one.upload_id)}?agency={vars(one)['agency_code']}"


@extend_schema_field(OpenApiTypes.STR)
class MonthField(serializers.DateField):
    """A reporting month, 2006-05."""

    def to_representation(self, value: Any) -> str:
        return f"{value:%Y-%m}"


class UploadSerializer(ReadSerializer[Upload]):
    """A file: people call it a return."""

    provider = serializers.CharField(
        source="provider.code", default=None, help_text="Who sent it; null for the service."
    )
    month = MonthField(help_text="The reporting month, as 2006-05.")
    state = serializers.ChoiceField(choices=UploadState.choices)
    findings = serializers.SerializerMethodField(help_text=FINDINGS)
    returns = AgencyReturnSerializer(source="reached", many=True, read_only=True)

    class Meta:
        model = Upload
        fields = [
            *("number", "provider", "month", "cut_off", "state", "uploaded_at", "confirmed_at"),
            *("refusal", "findings", "returns"),
        ]
        read_only_fields = fields

    def get_findings(self, upload: Upload) -> str | None:
        if not may_see_records(self.context["request"].user, providers_in(upload)):
            return None
        return findings_address(upload.number)


class _Returns(GenericAPIView[Upload]):
    serializer_class = UploadSerializer
    # Nobody's rows: from these the description knows the model.
    queryset = Upload.objects.permitted(AnonymousUser(), Permission.RETURN_VIEW)

    def get_queryset(self) -> QuerySet[Upload]:
        return uploads_for(asking(self, Permission.RETURN_VIEW))


@extend_schema(
    summary="Returns",
    description="The files you may view, the newest first; CSV leaves out what each agency "
    "reported. `findings` leads to all that the checks found.",
    examples=[OpenApiExample("A loaded return", value=EXAMPLE)],
)
class ReturnList(SendsReturns, _Returns, ReadList[Upload]):
    filterset_class = UploadFilter
    sorts = Sorts(
        number="number",
        provider="provider__organisation__code",
        month="month",
        cut_off="cut_off",
        state="state",
        uploaded_at="uploaded_at",
        confirmed_at="confirmed_at",
    )
    columns_left_out = ("returns",)


@extend_schema(summary="One return", examples=[OpenApiExample("A loaded return", value=EXAMPLE)])
class ReturnOne(_Returns, ReadOne[Upload]):
    lookup_field = "number"
