"""Returns on their way in, by the services that people use."""

import datetime as dt
import itertools

from commissioning.scoping import System
from pathways.choices import UploadState
from pathways.models import Episode, Journey, Modality, Return
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import receive_upload
from tests.factories.pathways import CORE, ndtms_file

SYSTEM = System("a test")
MAY = dt.date(2006, 5, 1)
TODAY = dt.date(2007, 2, 15)
_names = itertools.count(1)


def checked(rows, *, month=MAY, provider=None, by=SYSTEM):
    """A file of these rows, received and checked."""
    number = next(_names)
    # The order of columns tells apart files that say the same, which would be refused as one.
    named = list(dict.fromkeys([*CORE, *(name for one in rows for name in one)]))
    turned = [*named[number % len(named) :], *named[: number % len(named)]]
    following = (month + dt.timedelta(days=31)).replace(day=1)
    upload = receive_upload(
        stream=ndtms_file(rows, headers=turned),
        filename=f"return-{number}.csv",
        month=month,
        cut_off=following - dt.timedelta(days=1),
        provider=provider,
        by=by,
        today=TODAY,
    )
    return check_file(number=upload.number, by=by)


def confirmed(rows, *, remove_vanished=False, **words):
    """The same, confirmed."""
    upload = checked(rows, **words)
    assert upload.state == UploadState.CHECKED, upload.refusal
    return confirm_upload(
        upload=upload, reason="It is so.", remove_vanished=remove_vanished, by=SYSTEM
    )


def loaded(rows, **words):
    """The same, loaded; gives the upload."""
    return load_file(number=confirmed(rows, **words).number, by=SYSTEM)


def return_of(upload, agency):
    return Return.objects.get(upload=upload, agency=agency)


_KEY = ("agency__code", "client_ref", "episode_ref")
_SAYS = [
    field.attname
    for field in Episode._meta.concrete_fields
    if field.attname
    not in {"id", "reported_in_id", "superseded_by_id", "is_current", "agency_id", *_KEY}
]


def state_of_the_system():
    """What is true now, by natural keys: equal for equal returns, however it came about.

    A part for each kind of thing. What measures results adds its own part.
    """
    return {"episodes": _episodes(), "journeys": _journeys()}


def _episodes():
    current = Episode.objects.filter(is_current=True)
    modalities = Modality.objects.filter(episode__in=current).values_list(
        *(f"episode__{name}" for name in _KEY),
        "ref",
        "kind",
        "referred_on",
        "first_offered_on",
        "started_on",
        "ended_on",
        "exit",
    )
    return sorted(current.values_list(*_KEY, *_SAYS), key=str), sorted(modalities, key=str)


def _journeys():
    journeys = Journey.objects.values_list(
        "person",
        *(f"first_episode__{name}" for name in _KEY),
        *(f"last_episode__{name}" for name in _KEY),
        *(f"first_modality__episode__{name}" for name in _KEY),
        "first_modality__ref",
        "partnership",
        "residence",
        "agency",
        "started_on",
        "first_treated_on",
        "ended_on",
        "discharge_reason",
        "rule_set",
    )
    return sorted(journeys, key=str)
