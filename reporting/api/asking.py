"""What may be asked of results: one indicator, one period or all of a grain, some areas."""

from typing import Any

from django.db import models
from rest_framework import serializers

from commissioning.kernel.periods import Grain, Period, UnknownPeriod
from reporting.choices import AreaKind
from reporting.indicators.breakdowns import BREAKDOWNS
from reporting.indicators.in_force import IN_FORCE
from reporting.selectors.areas import UnknownArea, area_of
from reporting.selectors.ordering import COLUMNS

BY_PROVIDER = "type"  # the only breakdown that providers have


class Asked(serializers.Serializer[models.Model]):
    """The question. A name or value that it does not know is refused by its name."""

    indicator = serializers.ChoiceField(
        choices=[(code, one.title) for code, one in IN_FORCE.items()]
    )
    period = serializers.CharField(
        required=False, help_text="A month 2006-05, a quarter 2006-Q1 or a year FY2006."
    )
    grain = serializers.ChoiceField(
        choices=[one.value for one in Grain],
        required=False,
        help_text="In place of a period: every period of the grain, for one area.",
    )
    level = serializers.ChoiceField(choices=AreaKind.choices, default=AreaKind.ENGLAND.value)
    area = serializers.CharField(
        required=False, help_text="One area of the level by its code; otherwise all of them."
    )
    region = serializers.CharField(
        required=False, help_text="Of the partnerships, those that lie in the region."
    )
    by = serializers.ChoiceField(
        choices=[(code, one.label) for code, one in BREAKDOWNS.items()],
        required=False,
        help_text="Broken down, for one area and a quarter or year.",
    )
    sort = serializers.ChoiceField(
        choices=[way + name for name in COLUMNS for way in ("", "-")],
        required=False,
        help_text="By the name of the area, the figure, of how many it is, its lower limit or its "
        "verdict; with a minus the other way round. What has none comes last.",
        error_messages={
            "invalid_choice": "Figures are not sorted by “{input}”. Choose from "
            f"{', '.join(COLUMNS)}; with a minus before it the other way round."
        },
    )
    released = serializers.BooleanField(
        default=False, help_text="As shown outside the area, also for your own."
    )

    def to_internal_value(self, data: Any) -> Any:
        strange = sorted(set(data) - set(self.fields) - set(self.context["own_parameters"]))
        if strange:
            raise serializers.ValidationError(
                {
                    name: [f"No such filter. There are: {', '.join(self.fields)}."]
                    for name in strange
                }
            )
        return super().to_internal_value(data)

    def validate_indicator(self, value: str) -> Any:
        return IN_FORCE[value]

    def validate_period(self, value: str) -> Period:
        try:
            return Period.parse(value)
        except UnknownPeriod as unknown:
            raise serializers.ValidationError(str(unknown)) from unknown

    def validate_region(self, value: str) -> str:
        try:
            return area_of(AreaKind.REGION, value).code
        except UnknownArea as unknown:
            raise serializers.ValidationError(str(unknown)) from unknown

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = AreaKind(attrs["level"])
        attrs["level"] = kind
        if "area" in attrs or kind is AreaKind.ENGLAND:
            try:
                attrs["area"] = area_of(kind, attrs.get("area", ""))
            except UnknownArea as unknown:
                raise serializers.ValidationError({"area": [str(unknown)]}) from unknown
        self._refuse(attrs)
        return attrs

    def _refuse(self, attrs: dict[str, Any]) -> None:
        """What cannot be asked together."""
        refused: dict[str, str] = {}
        if ("period" in attrs) == ("grain" in attrs):
            refused["period"] = "Give either a period or a grain."
        elif "grain" in attrs and "area" not in attrs:
            refused["area"] = "Every period of a grain is given for one area: name it."
        elif "by" in attrs:
            refused |= _refused_breakdown(attrs)
        if "region" in attrs and attrs["level"] is not AreaKind.PARTNERSHIP:
            refused["region"] = "Only partnerships lie in a region."
        if refused:
            raise serializers.ValidationError({name: [said] for name, said in refused.items()})


def _refused_breakdown(attrs: dict[str, Any]) -> dict[str, str]:
    if "area" not in attrs:
        return {"area": "A breakdown is given for one area: name it."}
    if "period" not in attrs or attrs["period"].grain is Grain.MONTH:
        return {"by": "Quarters and financial years are broken down, months are not."}
    if attrs["level"] is AreaKind.PROVIDER and attrs["by"] != BY_PROVIDER:
        return {"by": "Providers are broken down by intervention type alone."}
    return {}
