"""What the night does: who should have left and was not said to is here one night more."""

import datetime as dt

from django.db import transaction

from commissioning.scoping import System
from providers.choices import OccupancyKind
from providers.models import Occupancy
from providers.rules.place_history import Kind
from providers.services.places.locked import Ledger, lock_place

NIGHT = System("the night")


def run_on_stays(*, on: dt.date) -> int:
    """Bring every place up to the night `on`, a transaction each; safe to run again.

    A stay or a repair of whose end nobody spoke runs on tonight, unless the next booking stands
    in the way: the board and the work list say so. A booking whose nights are over and to which
    nobody came is released. Returns how many places changed.
    """
    waiting = (
        Occupancy.objects.awaiting_word(on)
        .select_related("place")
        .order_by("place_id", "pk")
        .iterator(chunk_size=500)
    )
    return sum(_brought_up(row, on) for row in waiting)


@transaction.atomic
def _brought_up(row: Occupancy, on: dt.date) -> bool:
    ledger = Ledger(lock_place(row.place), by=NIGHT, today=on, since=row.nights.lower)
    now = ledger.spell(row.began_id)
    if now is None or now.is_ended:
        return False
    before = now.nights.upper
    if now.kind == OccupancyKind.BOOKED and now.planned_until and now.planned_until <= on:
        ledger.say(
            Kind.RELEASED,
            on=now.nights.lower,
            about=now.began_id,
            reason="Nobody came.",
            cause=f"nobody-came:{now.began_id}",
        )
        return True
    ledger.become(ledger.history)
    after = ledger.spell(row.began_id)
    return after is not None and after.nights.upper != before
