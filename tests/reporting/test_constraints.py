"""Each promise of the tables of results and long waits, and a statement that breaks it."""

import datetime as dt
from functools import partial

import pytest

from reporting.models import (
    CountedIn,
    EpisodeResult,
    ExitResult,
    Forecast,
    JourneyResult,
    LongWait,
    MeasuredArea,
    MeasuredPeriod,
    Movement,
    Refresh,
    TreatmentResult,
    WaitDistribution,
    WaitingResult,
    WaitResult,
)
from tests.architecture.constraints import again, assert_broken, promises_of
from tests.factories.ledger import line_of, plan_of, stream
from tests.factories.reporting import ASKED_ON, CUT_OFF, DAY, TODAY, long_wait, rules

pytestmark = pytest.mark.django_db
BEGAN = dt.datetime(2007, 2, 15, 2, tzinfo=dt.UTC)
AREA = {"area_kind": "partnership", "area_code": "P1"}
PERIOD = {"grain": "month", "start": dt.date(2007, 1, 1)}
FAMILIES = (
    *(WaitResult, WaitingResult, JourneyResult, ExitResult),
    *(EpisodeResult, TreatmentResult),
)


def change_wait(**words):
    LongWait.objects.filter(pk=long_wait().pk).update(**words)


def refresh(**words):
    given = {"kind": "EVERYTHING", "cause": "a test", "cut_off": CUT_OFF}
    given |= {"began_at": BEGAN, "ended_at": BEGAN}
    return Refresh.objects.create(**given | words)


def measured_area(**words):
    return MeasuredArea.objects.create(**AREA | {"refresh": refresh()} | words)


def forecast(**words):
    given = {"plan": plan_of(), "month": CUT_OFF.replace(day=1), "as_at": CUT_OFF, "basis": "PLAN"}
    given |= dict.fromkeys(("planned", "committed", "paid", "expected"), 0)
    return Forecast.objects.create(**given | words)


def counted_in(**words):
    given = {"area_code": "P1", "region_code": "R1"}
    return CountedIn.objects.create(**PERIOD | given | words)


def movement(**words):
    given = {"family": "waits", "refresh": refresh()}
    given |= {"rule_set": rules(), "previous_rule_set": rules()}
    return Movement.objects.create(**AREA | PERIOD | given | words)


def measured_period(**words):
    given = {"rule_set": rules(), "measured_at": BEGAN, "cut_off": CUT_OFF}
    return MeasuredPeriod.objects.create(**PERIOD | given | words)


def cell(family, **words):
    return family.objects.create(**AREA | PERIOD | {"rule_set": rules()} | words)


def distribution(**words):
    given = {"turn": "first", "days": [3], "everyone": [1], "voluntary": [1]}
    return cell(WaitDistribution, **given | words)


def breaking_cells_of(family):
    """The promise that every family of results makes besides its key."""
    named = family._meta.model_name
    return {f"{named}_names_a_kind_of_area_and_of_period": lambda: cell(family, grain="week")}


BREAKING = {
    "forecast_is_kept_once_a_month": lambda: again(forecast()),
    "forecast_is_of_a_line_or_a_stream": lambda: forecast(
        line=line_of(plan_of()), stream=stream()
    ),
    "chance_lies_between_nought_and_one": lambda: forecast(chance="1.5"),
    "forecast_basis_is_known": lambda: forecast(basis="GUESS"),
    "wait_is_reviewed_once": lambda: again(long_wait()),
    "long_wait_state_is_known": lambda: change_wait(state="LOST"),
    "long_wait_cause_is_known": lambda: change_wait(cause="WEATHER"),
    "long_wait_is_closed_by_someone_with_cause_and_outcome": lambda: change_wait(
        state="CLOSED", cause="CAPACITY", outcome="Seen."
    ),
    "open_wait_has_no_offer": lambda: change_wait(is_open=True, offered_on=TODAY),
    "long_wait_runs_forward": lambda: change_wait(is_open=False, offered_on=ASKED_ON - DAY),
    "refresh_kind_is_known": lambda: refresh(kind="A LITTLE"),
    "refresh_ends_once_begun": lambda: refresh(ended_at=BEGAN - DAY),
    "area_was_last_measured_once": lambda: again(measured_area()),
    "measured_area_kind_is_known": lambda: measured_area(area_kind="street"),
    "partnership_is_counted_in_one_region": lambda: again(counted_in(), region_code="R2"),
    "counted_in_grain_is_known": lambda: counted_in(grain="week"),
    "cell_moved_last_once": lambda: again(movement()),
    "movement_names_a_kind_of_area_and_of_period": lambda: movement(area_kind="street"),
    "waitdistribution_names_a_kind_of_area_and_of_period": lambda: distribution(grain="week"),
    "waitdistribution_names_a_turn": lambda: distribution(turn="last"),
    "period_is_shown_by_one_rule_set": lambda: again(measured_period()),
    "measured_period_grain_is_known": lambda: measured_period(grain="week"),
}
for family in FAMILIES:
    BREAKING |= breaking_cells_of(family)


MEASURED = {WaitDistribution: distribution} | {
    family: partial(cell, family) for family in FAMILIES
}


@pytest.mark.parametrize("family", MEASURED, ids=lambda family: family.__name__)
def test_a_cell_is_measured_once(family):
    MEASURED[family]()

    assert_broken(f"{family._meta.db_table}_pkey", MEASURED[family])


@pytest.mark.parametrize("name", BREAKING)
def test_the_database_refuses_what_breaks_it(name):
    assert_broken(name, BREAKING[name])


def test_every_promise_is_broken_here():
    assert set(BREAKING) == promises_of("reporting")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_cell_is_of_a_known_kind_of_area(family):
    assert_broken(
        f"{family._meta.model_name}_names_a_kind_of_area_and_of_period",
        lambda: cell(family, area_kind="street"),
    )
