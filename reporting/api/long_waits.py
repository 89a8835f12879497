"""Waits of six weeks or longer over the API."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.api.people import asking
from commissioning.api.reading import FORMAT, ReadList, ReadOne
from commissioning.roles import Permission
from commissioning.tables import Sorts
from reporting.choices import LongWaitCause, LongWaitState
from reporting.filters import LongWaitFilter
from reporting.models import LongWait
from reporting.selectors.long_waits import Sight, long_waits_for
from reporting.services.long_wait_reviews import record_download, record_view
from reporting.tables import LongWaitTable

EXAMPLE = {
    "number": 9,
    "days": 61,
    "is_open": True,
    "intervention": "2",
    "referred_on": "2006-12-01",
    "offered_on": None,
    "partnership": "H-01",
    "provider": "bridgeside",
    "agency": "AG0001",
    "client": "C1007",
    "episode": "E1",
    "state": "REVIEWING",
    "owner": "Ann Ward",
    "cause": "CAPACITY",
    "action": "A second clinic opens in March.",
    "outcome": "",
    "found_on": "2007-02-15",
    "reported_on": "2007-02-15",
    "closed_on": None,
    "withdrawn_on": None,
}
REFERENCE = "As the agency knows it; null for whoever neither commissions nor treats."


class LongWaitSerializer(serializers.ModelSerializer[LongWait]):
    """A wait and its review."""

    number = serializers.IntegerField(source="pk")
    intervention = serializers.CharField(source="kind", help_text="NDTMS MODAL code.")
    partnership = serializers.CharField(
        source="partnership.code", default=None, help_text="Of residence; null where not known."
    )
    provider = serializers.CharField(source="agency.provider.code")
    agency = serializers.CharField(source="agency.code", help_text="NDTMS agency (AGNCY).")
    client = serializers.SerializerMethodField(help_text=REFERENCE)
    episode = serializers.SerializerMethodField(help_text=REFERENCE)
    state = serializers.ChoiceField(choices=LongWaitState.choices)
    owner = serializers.CharField(source="owner.name", default=None)
    cause = serializers.ChoiceField(choices=LongWaitCause.choices, allow_blank=True)

    class Meta:
        model = LongWait
        fields = list(EXAMPLE)
        read_only_fields = fields

    def get_client(self, wait: LongWait) -> str | None:
        return wait.client_ref if self.context["sight"].covers(wait) else None

    def get_episode(self, wait: LongWait) -> str | None:
        return wait.episode_ref if self.context["sight"].covers(wait) else None


class _LongWaits(GenericAPIView[LongWait]):
    serializer_class = LongWaitSerializer
    # Nobody's rows: from these the description knows the model.
    queryset = LongWait.objects.permitted(AnonymousUser(), Permission.LONG_WAIT_VIEW)

    def get_queryset(self) -> QuerySet[LongWait]:
        mine = long_waits_for(asking(self, Permission.LONG_WAIT_VIEW))
        return mine.select_related("agency__provider__organisation")

    def get_serializer_context(self) -> dict[str, Any]:
        user = self.request.user
        sight = Sight.of(user) if user.is_authenticated else None
        return {**super().get_serializer_context(), "sight": sight}


@extend_schema(
    summary="Long waits",
    description="Those in your reach that came to the length the rule set in force names, the "
    "most pressing first. Without `state`: all that the "
    "current records show. That you read references of clients is kept.",
    examples=[OpenApiExample("A wait under review", value=EXAMPLE)],
)
class LongWaitList(_LongWaits, ReadList[LongWait]):
    filterset_class = LongWaitFilter
    sorts = Sorts.of(LongWaitTable)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        person = asking(self, Permission.LONG_WAIT_VIEW)
        if Sight.of(person):
            asked = request.query_params.copy()
            asked.pop(FORMAT, None)
            record_download(
                by=person,
                rows=len(response.data["results"]),
                form=request.accepted_renderer.format,
                asked=asked.urlencode(),
            )
        return response


@extend_schema(
    summary="One long wait",
    examples=[OpenApiExample("A wait under review", value=EXAMPLE)],
)
class LongWaitOne(_LongWaits, ReadOne[LongWait]):
    lookup_url_kwarg = "number"

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().retrieve(request, *args, **kwargs)
        person = asking(self, Permission.LONG_WAIT_VIEW)
        record_view(wait=self.get_object(), by=person)
        return response
