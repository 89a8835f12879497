"""What is asked of places that are free: nights, needs, distance, price, contract, quality."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms

from commissioning.selectors.areas import partnerships_by_code
from providers.choices import Approach
from providers.filters.services import DISTANCES, SEXES, AskedOfServices, choice, named
from providers.rules.buying_order import Buying
from providers.selectors.boards import Freshness
from providers.selectors.register.records import languages_spoken
from providers.selectors.register.search import Asked
from providers.selectors.vacancies.asked import Wanted
from providers.selectors.vacancies.quality import Quality
from providers.selectors.vacancies.search import Vacancy

USUAL = "residential-rehabilitation"
MOST_NIGHTS = 730
NEEDS = {
    "with_children": "Takes parents with children",
    "with_couples": "Takes couples",
    "accessible": "Accessible in a wheelchair",
    "justice_clients": "Takes people from criminal justice",
    "with_detox": "Detoxification attached",
}
QUALITIES = (
    ("registered", "Registered today"),
    ("inspected", "Inspected in the last two years"),
    ("met", "Every requirement answered is met"),
)
OTHERS = "others"
TWO_YEARS = dt.timedelta(days=730)


class VacancyFilter(AskedOfServices):
    """Of services with places. What is asked of a service becomes part of the statement; what is
    known only of the places found is told apart here."""

    intervention = choice(
        "Intervention", lambda: named("intervention_types"), "Residential rehabilitation"
    )
    start = django_filters.DateFilter(
        label="From",
        method="later",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    nights = django_filters.NumberFilter(
        label="Nights", method="later", min_value=1, max_value=MOST_NIGHTS
    )
    sex = choice("Who comes", SEXES, "Anyone")
    age = django_filters.NumberFilter(label="Age", method="later", min_value=0, max_value=120)
    client_group = choice("For", lambda: named("client_groups"), "Everybody")
    needs = django_filters.MultipleChoiceFilter(
        label="Needs",
        choices=list(NEEDS.items()),
        method="later",
        widget=forms.CheckboxSelectMultiple,
    )
    approach = choice("Approach", Approach.choices)
    language = choice("Language", lambda: [(one, one) for one in languages_spoken()])
    near = choice("Distance from", partnerships_by_code, "Our own partnership")
    miles = choice("Within", [(str(one), f"{one} miles") for one in DISTANCES], "Any distance")
    price = django_filters.NumberFilter(
        label="At most, £ a week", method="later", min_value=0, max_value=99_999
    )
    buying = django_filters.MultipleChoiceFilter(
        label="Contract",
        choices=[(str(one.value), one.words) for one in Buying],
        method="later",
        widget=forms.CheckboxSelectMultiple,
    )
    quality = django_filters.MultipleChoiceFilter(
        label="Quality",
        choices=list(QUALITIES),
        method="later",
        widget=forms.CheckboxSelectMultiple,
    )
    said = choice(
        "Places stated", [("known", "Lately enough to rely on"), ("day", "In the last day")]
    )
    also = django_filters.MultipleChoiceFilter(
        label="Show too",
        choices=[
            ("full", "Services without a free place"),
            (OTHERS, "Services that do not take our residents"),
        ],
        method="later",
        widget=forms.CheckboxSelectMultiple,
    )

    def wanted(self, *, today: dt.date, usual_nights: int) -> Wanted:
        """Nights, intervention and needs; nights that are over are those from today."""
        start = max(self.asked("start") or today, today)
        nights = int(self.asked("nights") or usual_nights)
        needs, miles, age = self.asked("needs") or (), self.asked("miles"), self.asked("age")
        needed: dict[str, Any] = {name: name in needs for name in NEEDS}
        intervention = str(self.asked("intervention") or USUAL)
        also = self.asked("also") or ()
        return Wanted(
            start=start,
            until=start + nights * dt.timedelta(days=1),
            intervention=intervention,
            with_full="full" in also,
            service=Asked(
                intervention=intervention,
                sex=str(self.asked("sex") or ""),
                client_group=str(self.asked("client_group") or ""),
                approach=str(self.asked("approach") or ""),
                language=str(self.asked("language") or ""),
                age=None if age is None else int(age),
                within_miles=int(miles) if miles else None,
                from_area=OTHERS not in also,
                **needed,
            ),
        )

    def show_used(self, wanted: Wanted) -> None:
        """Write into the form what was searched for where nothing was asked."""
        shown = self.form.data.copy()
        used = {"start": wanted.start.isoformat(), "nights": str(wanted.nights)}
        for name, value in used.items():
            if name not in self.form.errors:
                shown[name] = value
        self.form.data = shown

    def kept(self, found: Iterable[Vacancy], *, on: dt.date) -> list[Vacancy]:
        """Those of which what is known of the places is what is asked."""
        most, buying, quality, said = map(self.asked, ("price", "buying", "quality", "said"))
        return [
            one
            for one in found
            if (most is None or (one.weekly_price is not None and one.weekly_price <= most))
            and (not buying or str(one.buying.value) in buying)
            and (not quality or _is_good(one.quality, quality, on))
            and (not said or _is_new(one.freshness, said))
        ]


def _is_good(known: Quality, asked: Iterable[str], on: dt.date) -> bool:
    inspected = known.inspected_on is not None and known.inspected_on >= on - TWO_YEARS
    met = bool(known.answered) and known.met == known.answered
    holds = {"registered": bool(known.is_registered), "inspected": inspected, "met": met}
    return all(holds[name] for name in asked)


def _is_new(fresh: Freshness, asked: str) -> bool:
    if asked == "day":
        return fresh.age is not None and fresh.age <= dt.timedelta(days=1)
    return not fresh.is_unknown
