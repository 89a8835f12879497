"""Every deed on a place: an event is appended under the place's lock, and its nights follow.

`today` is the business day; what happens has a day that is over, or today. Holds and boards go
by the real time.
"""

from providers.services.places.boards import state_no_change
from providers.services.places.correcting import correct
from providers.services.places.filling import set_occupied
from providers.services.places.holding import (
    book_place,
    hold_for,
    hold_place,
    refuse_taken,
    release_expired_holds,
    release_hold,
)
from providers.services.places.keeping import (
    back,
    close_place,
    open_place,
    open_places,
    out_of_service,
)
from providers.services.places.locked import PlaceRefused, PlaceTaken
from providers.services.places.running_on import run_on_stays
from providers.services.places.staying import admit, leave, move, plan_departure

__all__ = [
    "PlaceRefused",
    "PlaceTaken",
    "admit",
    "back",
    "book_place",
    "close_place",
    "correct",
    "hold_for",
    "hold_place",
    "leave",
    "move",
    "open_place",
    "open_places",
    "out_of_service",
    "plan_departure",
    "refuse_taken",
    "release_expired_holds",
    "release_hold",
    "run_on_stays",
    "set_occupied",
    "state_no_change",
]
