"""Figures over the API: exact for the areas one belongs to, released for all others."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.api.reading import FORMAT, Pages, SafeCSV
from commissioning.kernel.periods import Grain
from reporting.api.asking import Asked
from reporting.choices import AreaKind
from reporting.selectors.figures import Figures
from reporting.selectors.ordering import figures_in_order
from reporting.selectors.shown import Figure

SIGN = {"type": "string", "enum": ["*", "–", "n/a"], "description": "A sign instead of a number."}
EXAMPLE = {
    "indicator": "WAIT-FIRST",
    "level": "partnership",
    "area": "H-01",
    "area_name": "Gateshead",
    "period": "2006-Q1",
    "breakdown": "",
    "breakdown_value": "",
    "numerator": 84,
    "denominator": 112,
    "value": 75,
    "unit": "%",
    "lower": 66.2,
    "upper": 82.1,
    "target": 85,
    "verdict": "Below target",
    "left_out": {"waits without a date": 3},
    "beside": {},
    "not_yet_known": None,
    "provisional": None,
    "as_if": False,
    "partial": False,
    "exact": True,
    "rule_set": "2006",
}


@extend_schema_field({"oneOf": [{"type": "number"}, SIGN], "nullable": True})
class NumberOrSign(serializers.Field[Any, Any, Any, Any]):
    """A number, or the sign that stands in its place."""

    def to_representation(self, value: Any) -> Any:
        return value


class FigureSerializer(serializers.Serializer[Any]):
    """One indicator in one area and period, as it is shown to you."""

    indicator = serializers.CharField()
    level = serializers.ChoiceField(choices=AreaKind.choices)
    area = serializers.CharField(help_text="The code of the area.")
    area_name = serializers.CharField()
    period = serializers.CharField()
    breakdown = serializers.CharField(allow_blank=True)
    breakdown_value = serializers.CharField(allow_blank=True)
    numerator = NumberOrSign()
    denominator = NumberOrSign()
    value = NumberOrSign()
    unit = serializers.CharField()
    lower = serializers.FloatField(allow_null=True, help_text="Wilson limits, in per cents.")
    upper = serializers.FloatField(allow_null=True)
    target = serializers.IntegerField(allow_null=True, help_text="In per cents.")
    verdict = serializers.CharField(allow_blank=True)
    left_out = serializers.DictField(child=NumberOrSign(), help_text="Left out, by reason.")
    beside = serializers.DictField(child=NumberOrSign(), help_text="Part of it, shown apart.")
    not_yet_known = NumberOrSign()
    provisional = NumberOrSign()
    as_if = serializers.BooleanField(help_text="Another rule was headline in the period.")
    partial = serializers.BooleanField(  # type: ignore[assignment]  # leaves the class
        help_text="Returns do not reach the end of the period."
    )
    exact = serializers.BooleanField(help_text="False: small counts hidden, others rounded.")
    rule_set = serializers.CharField(allow_blank=True)


class ResultList(generics.GenericAPIView[Any]):
    """Figures of one indicator."""

    serializer_class = FigureSerializer
    renderer_classes = [JSONRenderer, SafeCSV]
    pagination_class = Pages
    filter_backends = ()

    @extend_schema(
        summary="Figures of an indicator",
        description="Across areas in one period, over the periods of one area (`grain`), or "
        "broken down (`by`). Exact for the areas you belong to; for all others small counts are "
        "hidden and the rest rounded. `*` hidden, `–` missing.",
        parameters=[Asked],
        responses=FigureSerializer(many=True),
        examples=[OpenApiExample("A partnership's quarter", value=EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        asked = Asked(
            data=request.query_params.dict(),
            context={"own_parameters": (FORMAT, "page", "page_size")},
        )
        asked.is_valid(raise_exception=True)
        question: dict[str, Any] = asked.validated_data
        figures = answers(request, question)
        if "sort" in question:
            figures = figures_in_order(figures, question["sort"])
        rows = [figure.as_row() for figure in figures]
        return self.get_paginated_response(self.paginate_queryset(rows))

    def get_renderer_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_renderer_context()
        nested = ("left_out", "beside")
        rows = (getattr(self, "paginator", None) and getattr(self.paginator, "page", None)) or []
        reasons = {
            f"{name}.{reason}": None for row in rows for name in nested for reason in row[name]
        }
        fields = [str(name) for name in FigureSerializer().fields if str(name) not in nested]
        context["header"] = [*fields, *reasons]
        return context


def answers(request: Request, question: dict[str, Any]) -> list[Figure]:
    """The figures that answer a question, for whoever asks."""
    figures = Figures.released() if question["released"] else Figures.exact(request.user)
    indicator, kind = question["indicator"], question["level"]
    area: Any = question.get("area")  # the question has been held to name one where it must
    if "grain" in question:
        periods = [one for one in figures.periods() if one.grain is Grain(question["grain"])]
        return figures.series(indicator, area, periods)
    period = question["period"]
    if "by" in question:
        broken = figures.broken_down(indicator, area, period, question["by"])
        return [figure for _, figure in broken]
    if area is not None:
        return [figures.figure(indicator, area, period)]
    return figures.across_areas(
        indicator, period, kind, in_region=question.get("region", ""), with_buckets=True
    )
