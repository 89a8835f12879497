"""Current records as loaded returns leave them, and the long waits found in them."""

import datetime as dt
import itertools
import uuid

from commissioning.models import RuleSet
from pathways.models import Episode, Modality, Return, Upload
from reporting.models import LongWait
from reporting.services.long_waits import find_long_waits
from tests.factories.commissioning import RuleSetFactory
from tests.factories.providers import AgencyFactory

TODAY = dt.date(2007, 2, 15)
CUT_OFF = dt.date(2007, 1, 31)
ASKED_ON = dt.date(2006, 12, 1)
DAY = dt.timedelta(days=1)
_numbers = itertools.count(1)


def rules() -> RuleSet:
    return RuleSet.objects.order_by("pk").last() or RuleSetFactory()


def loaded_return(agency, *, cut_off: dt.date = CUT_OFF) -> Return:
    """A return of the agency, loaded, that knows until the cut-off."""
    number, loaded = next(_numbers), dt.datetime(2007, 2, 1, 9, tzinfo=dt.UTC)
    upload = Upload.objects.create(
        provider=agency.provider,
        month=cut_off.replace(day=1),
        cut_off=cut_off,
        state="LOADED",
        file=f"returns/{number}.csv",
        filename=f"return-{number}.csv",
        size=1000,
        sha256=f"{number:064x}",
        rule_set=rules(),
        confirmed_at=loaded,
    )
    return Return.objects.create(
        upload=upload,
        agency=agency,
        month=upload.month,
        cut_off=cut_off,
        state="LOADED",
        loaded_at=loaded,
        sequence=number,
    )


def modality(agency=None, partnership="its own", *, reported_in=None, **values) -> Modality:
    """A structured intervention asked for on 1 December 2006 and not yet offered.

    Its client is an adult in drug treatment who lives where the agency stands.
    """
    agency = agency or AgencyFactory()
    if partnership == "its own":
        partnership = agency.partnership
    number = next(_numbers)
    of_modality = {
        "ref": "M1",
        "kind": 2,
        "referred_on": ASKED_ON,
        **{
            name: values.pop(name)
            for name in (
                "ref",
                "kind",
                "referred_on",
                "first_offered_on",
                "started_on",
                "ended_on",
            )
            if name in values
        },
    }
    asked_on = of_modality["referred_on"] or values.get("triaged_on") or ASKED_ON
    reported_in = (
        reported_in
        or Return.objects.filter(agency=agency).order_by("pk").last()
        or loaded_return(agency)
    )
    episode = Episode.objects.create(
        **{
            "reported_in": reported_in,
            "agency": agency,
            "client_ref": f"C{number}",
            "episode_ref": "E1",
            "is_current": True,
            "person": uuid.UUID(int=number),
            "partnership": partnership,
            "residence": "KNOWN" if partnership else "MISSING",
            "age_at_triage": 30,
            "referral_source": "4",
            "referred_on": asked_on,
            "triaged_on": asked_on,
            "main_drug": "1011",
            **values,
        }
    )
    return Modality.objects.create(episode=episode, **of_modality)


def long_wait(agency=None, partnership="its own", *, on: dt.date = TODAY, **values) -> LongWait:
    """An open wait of 61 days, found today in the records."""
    waited = modality(agency, partnership, **values)
    find_long_waits(rule_set=rules(), on=on)
    return LongWait.objects.get(agency=waited.episode.agency, client_ref=waited.episode.client_ref)
