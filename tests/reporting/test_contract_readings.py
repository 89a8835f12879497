"""What measures of contracts come to, written each quarter for both sides."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.kernel.periods import Grain
from commissioning.models import RuleSet
from providers.models import PerformanceReading
from providers.reference.measures import MEASURES, PLACES
from providers.selectors.contracts.performance import Awaiting, performance_of, quarters_of
from reporting.indicators.declared import Polarity
from reporting.indicators.in_force import IN_FORCE
from reporting.models import MeasuredPeriod
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
    bought.awarded(targets={PLACES: Decimal("0.85"), "RET-NEW": Decimal("0.75")})
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

    found = PerformanceReading.objects.filter(measure__measure=PLACES).order_by("quarter")
    assert [(one.quarter, one.numerator, one.denominator, one.value) for one in found] == [
        ("2006-Q1", 0, 182, Decimal(0)),
        ("2006-Q2", 0, 184, Decimal(0)),
        ("2006-Q3", 46, 184, Decimal("0.25")),
    ]


def words_of(contract, today, due_days=15):
    periods = quarters_of(contract, today=today)
    return {
        one.period.code: [measure.verdict for measure in one.measures]
        for one in performance_of(contract, periods, Awaiting(today, due_days=due_days))
    }


@pytest.mark.django_db
def test_a_quarter_without_a_figure_says_what_it_waits_for_and_when():
    bought = Bought()
    contract = bought.awarded(targets={"RET-NEW": Decimal("0.75")})
    soon = dt.date(2007, 1, 10)
    write_contract_readings(on=soon)

    late = "Awaits the release of {}: returns for {} were due by {}"
    assert words_of(contract, soon) == {
        "2006-Q4": ["Measured once the quarter is over, from 1 April 2007"],
        "2006-Q3": ["Awaits the returns for December 2006, due by 15 January 2007"],
        "2006-Q2": [late.format("July to September 2006", "September 2006", "15 October 2006")],
        "2006-Q1": [late.format("April to June 2006", "June 2006", "15 July 2006")],
    }


@pytest.mark.django_db
def test_once_a_quarter_is_measured_a_provider_without_a_figure_is_told_why():
    bought = Bought()
    contract = bought.awarded(targets={"RET-NEW": Decimal("0.75")})
    for start in (dt.date(2006, 10, 1), dt.date(2006, 7, 1)):
        MeasuredPeriod.objects.create(
            grain=Grain.QUARTER,
            start=start,
            rule_set=RuleSet.objects.in_force_on(ON),
            measured_at=dt.datetime(2007, 2, 1, tzinfo=dt.UTC),
            cut_off=ON,
        )

    write_contract_readings(on=ON)

    said = words_of(contract, ON)
    assert said["2006-Q3"] == said["2006-Q2"] == ["No return of the provider says it"]
    assert said["2006-Q1"][0].startswith("Awaits the release of April to June 2006")


@pytest.mark.django_db
def test_a_block_without_named_places_says_that_there_is_nothing_to_count():
    bought = Bought(beds=0)
    contract = bought.awarded(targets={PLACES: Decimal("0.85")})

    write_contract_readings(on=ON)

    assert words_of(contract, ON)["2006-Q3"] == ["The contract names no places"]


@pytest.mark.django_db
def test_quarters_that_are_long_past_are_not_read_any_more():
    bought = Bought()
    contract = bought.awarded(targets={PLACES: Decimal("0.85"), "RET-NEW": Decimal("0.75")})

    said = words_of(contract, dt.date(2008, 2, 15))

    assert set(said["2006-Q3"]) == {"Not measured: only the 4 quarters before this one are read"}
    assert words_of(contract, ON)["2006-Q3"][-1] == "Measured in the coming night"
