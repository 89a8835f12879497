"""What measures of contracts come to, written each quarter for both sides."""

import datetime as dt
from decimal import Decimal

import pytest

from providers.models import PerformanceReading
from providers.reference.measures import MEASURES, PLACES
from reporting.indicators.declared import Polarity
from reporting.indicators.in_force import IN_FORCE
from reporting.services.contract_readings import write_contract_readings
from tests.factories.contracts import Bought
from tests.factories.places import OccupancyFactory

ON = dt.date(2007, 2, 15)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.code)
def test_a_measure_is_the_contracts_places_or_an_indicator_whose_way_is_known(measure):
    if measure.code != PLACES:
        indicator = IN_FORCE[measure.code]
        assert indicator.form.value == measure.unit
        assert (indicator.polarity is Polarity.HIGHER) == measure.more_is_better


@pytest.mark.django_db
def test_places_are_read_for_each_quarter_that_is_over_and_again_without_doubling():
    bought = Bought()
    contract = bought.awarded(targets={PLACES: Decimal("0.85"), "RET-NEW": Decimal("0.75")})
    for whose, first, end in (
        (bought.lead, dt.date(2006, 10, 1), dt.date(2006, 11, 16)),
        (bought.partner, dt.date(2006, 11, 16), dt.date(2006, 12, 1)),  # sold again by the house
    ):
        OccupancyFactory(
            began__place=bought.places[0],
            nights=(first, end),
            planned_until=end,
            partnership=whose,
            is_ended=True,
        )

    write_contract_readings(on=ON)
    write_contract_readings(on=ON)

    found = PerformanceReading.objects.filter(measure__contract=contract).order_by("quarter")
    assert [(one.quarter, one.numerator, one.denominator, one.value) for one in found] == [
        ("2006-Q1", 0, 182, Decimal(0)),
        ("2006-Q2", 0, 184, Decimal(0)),
        ("2006-Q3", 46, 184, Decimal("0.25")),
    ]
