"""The filters of lists of contracts."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from commissioning.kernel.clock import business_day
from commissioning.list_filters import ListFilter
from providers.choices import ContractKind, ContractState
from providers.models import Contract

ENDING = (("91", "3 months"), ("183", "6 months"), ("365", "a year"))


class ContractFilter(ListFilter):
    """By words, state, kind and how soon it ends."""

    words = django_filters.CharFilter(label="Reference, title or party", method="named")
    state = django_filters.ChoiceFilter(
        label="State", choices=ContractState.choices, empty_label="Any state"
    )
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=ContractKind.choices, empty_label="Any kind"
    )
    ending = django_filters.ChoiceFilter(
        label="Ends within", choices=ENDING, empty_label="Any time", method="ends_within"
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    def named(self, rows: QuerySet[Contract], name: str, value: str) -> Any:
        return rows.filter(
            Q(reference__icontains=value)
            | Q(title__icontains=value)
            | Q(provider__organisation__name__icontains=value)
            | Q(lead__organisation__name__icontains=value)
        )

    def ends_within(self, rows: QuerySet[Contract], name: str, value: str) -> Any:
        today = business_day()
        ends = rows.annotate(over_on=Coalesce("ended_on", "ends_on"))
        return ends.filter(over_on__gt=today, over_on__lte=today + dt.timedelta(days=int(value)))
