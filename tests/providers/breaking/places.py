"""Rows that break the promises about places, their history and their nights."""

import datetime as dt

from psycopg.types.range import DateRange

from providers.choices import OccupancyKind, PlaceEventKind
from providers.models import NightSum
from tests.architecture.constraints import again
from tests.factories.commissioning import PartnershipFactory
from tests.factories.places import NIGHT, OccupancyFactory
from tests.factories.providers import PlaceEventFactory, PlaceFactory, ServiceFactory

LATER = NIGHT + dt.timedelta(days=7)


def _two_things_on_a_night():
    one = OccupancyFactory()
    OccupancyFactory(began=PlaceEventFactory(place=one.place), place=one.place)


def _changed_history():
    event = PlaceEventFactory()
    event.on = NIGHT
    event.save()


def _correction(**more):
    event = PlaceEventFactory()
    words = {"kind": PlaceEventKind.CORRECTED, "corrects": event, "reason": "So."} | more
    return PlaceEventFactory(place=event.place, on=NIGHT, **words)


def _hold(**more):
    words = {
        "kind": OccupancyKind.HELD,
        "held_until": dt.datetime(2007, 2, 16, tzinfo=dt.UTC),
        "partnership": PartnershipFactory(),
    }
    return OccupancyFactory(**words | more)


BREAKING = {
    "place_has_a_label_of_its_own": lambda: again(PlaceFactory()),
    "place_kind_is_known": lambda: PlaceFactory(kind="SOFA"),
    "place_says_whom_it_takes": lambda: PlaceFactory(sex="BOTH"),
    "place_closes_after_it_opens": lambda: PlaceFactory(
        opened_on=NIGHT, closed_on=NIGHT - dt.timedelta(days=1)
    ),
    "place_event_kind_is_known": lambda: PlaceEventFactory(kind="PAINTED"),
    "place_event_lasts_a_night_or_more": lambda: PlaceEventFactory(on=NIGHT, until=NIGHT),
    "place_goes_out_of_service_for_a_reason": lambda: PlaceEventFactory(
        kind=PlaceEventKind.OUT_OF_SERVICE
    ),
    "correction_names_what_it_corrects": lambda: _correction(corrects=None),
    "only_a_correction_says_something_anew": lambda: PlaceEventFactory(is_anew=True),
    "history_is_corrected_for_a_reason": lambda: _correction(reason=""),
    "hold_says_for_whom_and_how_long": lambda: PlaceEventFactory(kind=PlaceEventKind.HELD),
    "place_event_happens_once_for_its_cause": lambda: again(PlaceEventFactory(cause="a deed")),
    "place_history_is_append_only": _changed_history,
    "place_has_one_thing_a_night": _two_things_on_a_night,
    "occupancy_lasts_a_night_or_more": lambda: OccupancyFactory(nights=DateRange(None, LATER)),
    "occupancy_kind_is_known": lambda: OccupancyFactory(kind="HAUNTED"),
    "night_sums_come_from_spells": lambda: NightSum.objects.create(
        service=ServiceFactory(), kind="BED", month=NIGHT, occupied=5, out_of_service=0
    ),
    "hold_is_somebodys_and_ends": lambda: _hold(held_until=None),
}
