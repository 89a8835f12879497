"""Needs assessments; evidence is broken beside what writes it."""

import datetime as dt

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from commissioning.models import (
    BullseyeFigure,
    CapacityNeed,
    Evidence,
    Gap,
    GroupNeed,
    HarmFigure,
    NationalComparator,
    View,
)
from tests.architecture.constraints import again
from tests.factories.commissioning import PartnershipFactory, RegionFactory
from tests.factories.needs import assessment_of, intervention

NAN = Cast(Value("NaN"), DecimalField(max_digits=12, decimal_places=4))


def evidence(**words):
    given = {
        "subject": RegionFactory(),
        "name": "in-treatment",
        "period": "FY2006",
        "value": 12,
        "as_at": dt.date(2006, 4, 1),
        "source": "A test",
    }
    return Evidence.objects.create(**given | words)


def covered_twice():
    area = PartnershipFactory()
    assessment_of(area)
    assessment_of(PartnershipFactory(), area)


def led_twice():
    lead = assessment_of().partnership
    assessment_of(lead)


def ring(**words):
    held = assessment_of()
    given = {"partnership": held.partnership, "ring": "ESTIMATE", "value": 10, "source": "A test"}
    return BullseyeFigure.objects.create(assessment=held, **given | words)


def group(**words):
    return GroupNeed.objects.create(**{"assessment": assessment_of(), "group": "WOMEN"} | words)


def harm(**words):
    comparator, _ = NationalComparator.objects.get_or_create(
        code="a", defaults={"name": "A", "value": 1, "source": "S", "position": 1}
    )
    given = {"assessment": assessment_of(), "comparator": comparator, "value": 1, "source": "S"}
    return HarmFigure.objects.create(**given | words)


def view(**words):
    given = {"assessment": assessment_of(), "of": "USERS", "said": "So.", "how_asked": "In May"}
    return View.objects.create(**given | words)


def capacity(**words):
    given = {
        "assessment": assessment_of(),
        "intervention": intervention(),
        "need": 1,
        "penetration": 50,
        "weeks": 12,
        "occupancy": 85,
    }
    return CapacityNeed.objects.create(**given | words)


BREAKING = {
    "partnership_leads_one_assessment_a_year": led_twice,
    "needs_state_is_known": lambda: assessment_of(state="LOST"),
    "needs_year_is_a_year": lambda: assessment_of(year=1),
    "finished_needs_say_since_when": lambda: assessment_of(state="FINISHED"),
    "region_estimate_names_its_source": lambda: assessment_of(region_estimate=5),
    "area_is_covered_once_a_year": covered_twice,
    "ring_is_stated_once_an_area": lambda: again(ring()),
    "ring_is_known": lambda: ring(ring="OUTSIDE"),
    "ring_names_its_source": lambda: ring(source=""),
    "ring_lies_within_its_interval": lambda: ring(lower=11),
    "group_is_looked_at_once": lambda: again(group()),
    "group_is_known": lambda: group(group="OTHERS"),
    "harm_is_stated_once": lambda: again(harm()),
    "harm_names_its_source": lambda: harm(source=""),
    "harm_is_a_number": lambda: harm(value=NAN),
    "view_is_of_somebody": lambda: view(of="NOBODY"),
    "view_says_something": lambda: view(said=""),
    "capacity_is_worked_out_once": lambda: again(capacity()),
    "penetration_is_a_percentage": lambda: capacity(penetration=101),
    "occupancy_is_a_percentage": lambda: capacity(occupancy=0),
    "stay_lasts_some_time": lambda: capacity(weeks=0),
    "gap_says_something": lambda: Gap.objects.create(assessment=assessment_of(), text=""),
    "evidence_not_measured_shows_nothing": lambda: evidence(value=None, shown_value=12),
    "evidence_is_written_once_a_day": lambda: again(evidence()),
    "evidence_names_its_source": lambda: evidence(source=""),
    "evidence_has_a_name": lambda: evidence(name=""),
    "evidence_is_a_number": lambda: evidence(value=NAN),
    "evidence_of_a_share_has_both_counts": lambda: evidence(numerator=3),
}
