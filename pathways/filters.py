"""The filters of lists about returns, for page, file and API."""

import datetime as dt
import re
from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from commissioning.kernel.periods import Period
from commissioning.list_filters import ListFilter
from commissioning.selectors.organisations import regions
from pathways.checks import IN_FORCE
from pathways.choices import Grade, ReturnStanding, UploadState
from pathways.models import Finding, Upload
from pathways.ndtms.fields import FIELDS
from pathways.selectors.return_history import MONTHS_OFFERED, months_until
from providers.models import Agency


class MonthsFilter(ListFilter):
    """Picks from the lines a history is made of, which no query knows: the view asks `asked`."""

    class Meta:
        model = Agency
        fields: list[str] = []

    def left_to_the_lines(self, rows: QuerySet[Agency], name: str, value: str) -> Any:
        return rows

    def asked_month(self) -> Period | None:
        code = self.asked("month")
        return Period.parse(code) if code else None


class HistoryFilter(MonthsFilter):
    """By agency, month and state."""

    agency = django_filters.ChoiceFilter(
        label="Agency", field_name="code", empty_label="Every agency"
    )
    month = django_filters.ChoiceFilter(
        label="Month", empty_label="The last 12 months", method="left_to_the_lines"
    )
    state = django_filters.ChoiceFilter(
        label="State",
        choices=ReturnStanding.choices,
        empty_label="Any state",
        method="left_to_the_lines",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["month"].extra["choices"] = month_choices(today)
        self.filters["agency"].extra["choices"] = [
            (agency.code, f"{agency.name} ({agency.code})") for agency in self.queryset
        ]


class NationFilter(MonthsFilter):
    """By month and region."""

    month = django_filters.ChoiceFilter(label="Month", method="left_to_the_lines")
    region = django_filters.ChoiceFilter(
        label="Region", empty_label="Every region", method="left_to_the_lines"
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owed = months_until(today, how_many=MONTHS_OFFERED)[1:]
        self.filters["month"].extra["choices"] = [(one.code, one.label) for one in owed]
        self.filters["month"].extra["empty_label"] = f"The last that is over, {owed[0].label}"
        self.filters["region"].extra["choices"] = [(one.code, one.name) for one in regions()]


class FindingFilter(ListFilter):
    """By rule, grade, agency and field: a program may ask for any, there or not."""

    rule = django_filters.ChoiceFilter(
        label="Rule",
        choices=[(code, f"{code}: {rule.sentence}") for code, rule in IN_FORCE.items()],
    )
    grade = django_filters.ChoiceFilter(label="Grade", choices=Grade.choices)
    agency = django_filters.CharFilter(label="Agency", field_name="agency__code")
    field = django_filters.ChoiceFilter(
        label="Field", choices=[(field.header, field.header) for field in FIELDS]
    )

    class Meta:
        model = Finding
        fields: list[str] = []


class FindingPageFilter(FindingFilter):
    """The same; the choices are those the return has."""

    rule = django_filters.ChoiceFilter(label="Rule", empty_label="Every rule")
    grade = django_filters.ChoiceFilter(
        label="Grade", choices=Grade.choices, empty_label="Every grade"
    )
    agency = django_filters.ChoiceFilter(
        label="Agency", field_name="agency__code", empty_label="Every agency"
    )
    field = django_filters.ChoiceFilter(label="Field", empty_label="Every field")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.queryset.order_by().values_list(
            "rule", "field", "agency__code", "agency__name"
        )
        rules, fields, agencies = set(), set(), {}
        for rule, field, code, name in found.distinct():
            rules.add(rule)
            fields.add(field)
            agencies[code] = name
        self.filters["rule"].extra["choices"] = [
            (code, f"{code}: {rule.sentence}") for code, rule in IN_FORCE.items() if code in rules
        ]
        self.filters["field"].extra["choices"] = [(one, one) for one in sorted(fields - {""})]
        self.filters["agency"].extra["choices"] = [
            (code, name) for code, name in sorted(agencies.items(), key=str) if code
        ]


class UploadFilter(ListFilter):
    """Files by who sent them, state and reporting month (`2006-05`)."""

    provider = django_filters.CharFilter(
        label="Provider",
        field_name="provider__organisation__code",
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", "Give the code of a provider.")],
    )
    state = django_filters.ChoiceFilter(label="State", choices=UploadState.choices)
    month = django_filters.CharFilter(
        label="Month",
        method="for_month",
        validators=[
            RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$", "Give a month as 2006-05.", flags=re.ASCII)
        ],
    )

    class Meta:
        model = Upload
        fields: list[str] = []

    def for_month(self, rows: QuerySet[Upload], name: str, value: str) -> Any:
        return rows.filter(month=dt.date.fromisoformat(f"{value}-01"))


def month_choices(today: dt.date) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in months_until(today, how_many=MONTHS_OFFERED)]
