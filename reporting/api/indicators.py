"""Definitions of the indicators in force over the API."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commissioning.kernel.clock import business_day
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.rule_sets import settings_in_force
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.indicators.in_force import IN_FORCE, UnknownIndicator, indicator_of

EXAMPLE = {
    "code": "WAIT-FIRST",
    "title": "First waits within target, voluntary clients",
    "definition": "The share of first structured interventions begun in the period by people who "
    "seek treatment voluntarily whose wait was within target.",
    "form": "share",
    "unit": "%",
    "polarity": "higher",
    "numerator": "first waits within target",
    "denominator": "first waits",
    "left_out": ["negative waits", "waits without a date"],
    "per_person": False,
    "source": "Treatment Effectiveness targets",
    "author": "Data and definitions, treatment commissioning service",
    "checker": "Counted a second way in plain Python by the tests of this service",
    "why_it_matters": "People who wait long do not come.",
    "what_good_looks_like": "At least 85% within three weeks.",
}


class IndicatorSerializer(serializers.Serializer[type[Indicator]]):
    """A published definition."""

    code = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()
    form = serializers.ChoiceField(choices=[one.value for one in Form])
    unit = serializers.CharField()
    polarity = serializers.ChoiceField(choices=[one.value for one in Polarity])
    numerator = serializers.CharField()
    denominator = serializers.CharField(allow_blank=True)
    left_out = serializers.ListField(child=serializers.CharField())
    per_person = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # leaves the class
    author = serializers.CharField()
    checker = serializers.CharField()
    why_it_matters = serializers.CharField()
    what_good_looks_like = serializers.CharField()


def described(indicator: type[Indicator], rules: RuleSettings) -> dict[str, Any]:
    """An indicator as it is published, by these rules."""
    return {
        "code": indicator.code,
        "title": indicator.title,
        "definition": indicator.definition(rules),
        "form": indicator.form.value,
        "unit": indicator.unit,
        "polarity": indicator.polarity.value,
        "numerator": indicator.numerator_words,
        "denominator": indicator.denominator_words,
        "left_out": list(indicator.reasons_left_out().values()),
        "per_person": indicator.is_per_person(),
        "source": indicator.source,
        "author": indicator.author,
        "checker": indicator.checker,
        "why_it_matters": indicator.why_it_matters,
        "what_good_looks_like": indicator.good_looks_like,
    }


class IndicatorList(generics.GenericAPIView[Any]):
    """Every indicator in force, in the order in which they are shown."""

    serializer_class = IndicatorSerializer
    renderer_classes = [JSONRenderer]
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        summary="Indicators and their definitions",
        responses=IndicatorSerializer(many=True),
        examples=[OpenApiExample("A definition", value=EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        rules = settings_in_force(on=business_day())
        return Response([described(one, rules) for one in IN_FORCE.values()])


class IndicatorOne(APIView):
    """The definition with this code."""

    renderer_classes = [JSONRenderer]

    @extend_schema(
        summary="One indicator and its definition",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
        responses=IndicatorSerializer,
        examples=[OpenApiExample("A definition", value=EXAMPLE)],
    )
    def get(self, request: Request, code: str) -> Response:
        try:
            found = indicator_of(code)
        except UnknownIndicator as unknown:
            raise Http404(str(unknown)) from unknown
        return Response(described(found, settings_in_force(on=business_day())))
