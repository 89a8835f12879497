"""What is asked of the register of services."""

from functools import cache
from typing import Any

import django_filters
from django import forms

from commissioning.list_filters import ListFilter
from commissioning.reference import framework
from commissioning.rules.tiers import TIERS
from commissioning.selectors.areas import partnerships_by_code
from providers.choices import Approach, JusticeWork, SexTaken
from providers.models import Service
from providers.selectors.register.records import languages_spoken
from providers.selectors.register.search import EVENING, EVENINGS, WEEKENDS, Asked

NOWHERE = "none"
DISTANCES = (5, 10, 20, 30, 50, 100)
HOURS = (
    (EVENING, "Open this evening"),
    (EVENINGS, "Open in the evening"),
    (WEEKENDS, "Open at weekends"),
)
SEXES = ((SexTaken.WOMEN, "Takes women"), (SexTaken.MEN, "Takes men"))
TICKED = {
    "contract": "On a contract with us",
    "from_area": "Takes our residents",
    "free": "Places free tonight",
    "with_detox": "Detoxification attached",
    "with_children": "Takes parents with children",
    "with_couples": "Takes couples",
    "accessible": "Accessible in a wheelchair",
    "justice_clients": "Takes people from criminal justice",
    "primary_care_led": "Led by primary care",
}

# Filters that are named as what is asked.
WORDS = ("name", "intervention", "setting", "client_group", "sex", "language", "approach", "hours")


@cache
def _named(what: str) -> list[tuple[str, str]]:
    rows: Any = getattr(framework(), what)
    return [(one.code, one.name) for one in rows]


def _choice(label: str, choices: Any, nothing: str = "Any") -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=nothing, method="later"
    )


class RegisterFilter(ListFilter):
    """Of services. What was asked becomes one statement: `wanted` puts it together."""

    name = django_filters.CharFilter(
        label="Service, provider or postcode", method="later", max_length=100
    )
    intervention = _choice("Intervention", lambda: _named("intervention_types"))
    tier = _choice("Tier as delivered", [(str(one), f"Tier {one}") for one in TIERS])
    setting = _choice("Setting", lambda: _named("settings"))
    client_group = _choice("For", lambda: _named("client_groups"), "Everybody")
    near = _choice("Distance from", partnerships_by_code, "Our own partnership")
    miles = _choice("Within", [(str(one), f"{one} miles") for one in DISTANCES], "Any distance")
    hours = _choice("Opening hours", HOURS)
    sex = _choice("Who may come", SEXES, "Anyone")
    age = django_filters.NumberFilter(
        label="Takes age",
        method="later",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        min_value=0,
        max_value=120,
    )
    approach = _choice("Approach", Approach.choices)
    language = _choice("Language", lambda: [(one, one) for one in languages_spoken()])
    justice = _choice("Work with offenders", JusticeWork.choices)
    also = django_filters.MultipleChoiceFilter(
        label="Also",
        choices=list(TICKED.items()),
        method="later",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Service
        fields: list[str] = []

    def later(self, rows: Any, name: str, value: Any) -> Any:
        return rows

    def wanted(self) -> Asked:
        """What is asked of services."""
        miles, tier, age = (self.asked(name) for name in ("miles", "tier", "age"))
        ticked: dict[str, Any] = dict.fromkeys(self.asked("also") or (), True)
        words: dict[str, Any] = {name: str(self.asked(name) or "") for name in WORDS}
        return Asked(
            **words,
            **ticked,
            justice_work=str(self.asked("justice") or ""),
            tier=int(tier) if tier else None,
            age=int(age) if age is not None else None,
            within_miles=int(miles) if miles else None,
        )
