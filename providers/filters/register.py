"""What is asked of the register of services."""

from typing import Any

import django_filters
from django import forms

from commissioning.rules.tiers import TIERS
from commissioning.selectors.areas import partnerships_by_code
from providers.choices import Approach, JusticeWork
from providers.filters.services import DISTANCES, SEXES, AskedOfServices, choice, named
from providers.selectors.register.records import languages_spoken
from providers.selectors.register.search import EVENING, EVENINGS, WEEKENDS, Asked

NOWHERE = "none"
HOURS = (
    (EVENING, "Open this evening"),
    (EVENINGS, "Open in the evening"),
    (WEEKENDS, "Open at weekends"),
)
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


class RegisterFilter(AskedOfServices):
    """Of services. What was asked becomes one statement: `wanted` puts it together."""

    name = django_filters.CharFilter(
        label="Service, provider or postcode", method="later", max_length=100
    )
    intervention = choice("Intervention", lambda: named("intervention_types"))
    tier = choice("Tier as delivered", [(str(one), f"Tier {one}") for one in TIERS])
    setting = choice("Setting", lambda: named("settings"))
    client_group = choice("For", lambda: named("client_groups"), "Everybody")
    near = choice("Distance from", partnerships_by_code, "Our own partnership")
    miles = choice("Within", [(str(one), f"{one} miles") for one in DISTANCES], "Any distance")
    hours = choice("Opening hours", HOURS)
    sex = choice("Who may come", SEXES, "Anyone")
    age = django_filters.NumberFilter(
        label="Takes age",
        method="later",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        min_value=0,
        max_value=120,
    )
    approach = choice("Approach", Approach.choices)
    language = choice("Language", lambda: [(one, one) for one in languages_spoken()])
    justice = choice("Work with offenders", JusticeWork.choices)
    also = django_filters.MultipleChoiceFilter(
        label="Also",
        choices=list(TICKED.items()),
        method="later",
        widget=forms.CheckboxSelectMultiple,
    )

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
