"""Areas over the API: England, regions, partnerships and providers."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView

from commissioning.api.reading import ReadList, ReadOne
from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import business_day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.areas import areas
from commissioning.tables import Sorts
from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.filters import AREA_KINDS, PlaceFilter

EXAMPLE = {
    "kind": "partnership",
    "code": "H-01",
    "name": "Gateshead",
    "region": "A",
    "opened_on": None,
    "closed_on": None,
}
AREA_OF = {kind: area for area, kind in AREA_KINDS.items()}


class AreaSerializer(serializers.ModelSerializer[Organisation]):
    """An area or provider."""

    kind = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField(help_text="As in addresses.")
    region = serializers.CharField(
        source="region_code", allow_null=True, help_text="Of a partnership, today."
    )

    class Meta:
        model = Organisation
        fields = ["kind", "code", "name", "region", "opened_on", "closed_on"]
        read_only_fields = fields

    def get_kind(self, one: Organisation) -> AreaKind:
        return AREA_OF[OrganisationKind(one.kind)]

    def get_code(self, one: Organisation) -> str:
        return ENGLAND_CODE if one.kind == OrganisationKind.NATION else one.code


class _Areas(GenericAPIView[Organisation]):
    serializer_class = AreaSerializer
    # Nobody's rows: from these the description knows the model.
    queryset = Organisation.objects.permitted(AnonymousUser(), Permission.ORGANISATION_VIEW)

    def get_queryset(self) -> QuerySet[Organisation]:
        return areas(on=business_day())


@extend_schema(
    summary="Areas and providers", examples=[OpenApiExample("A partnership", value=EXAMPLE)]
)
class AreaList(_Areas, ReadList[Organisation]):
    filterset_class = PlaceFilter
    sorts = Sorts(
        kind="kind",
        code="code",
        name="name",
        region="region_code",
        opened_on="opened_on",
        closed_on="closed_on",
    )


@extend_schema(
    summary="One area or provider",
    parameters=[
        OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=AreaKind.values),
        OpenApiParameter("code", str, OpenApiParameter.PATH),
    ],
    examples=[OpenApiExample("A partnership", value=EXAMPLE)],
)
class AreaOne(_Areas, ReadOne[Organisation]):
    def get_object(self) -> Any:
        kind, code = self.kwargs["kind"], self.kwargs["code"]
        if kind not in AREA_KINDS:
            raise Http404
        if kind == AreaKind.ENGLAND:
            if code != ENGLAND_CODE:
                raise Http404
            return get_object_or_404(self.get_queryset(), kind=OrganisationKind.NATION)
        return get_object_or_404(self.get_queryset(), kind=AREA_KINDS[AreaKind(kind)], code=code)
