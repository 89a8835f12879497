"""Each promise of the tables of returns, episodes and journeys, and a statement that breaks it."""

import datetime as dt

import pytest

from pathways.models import Episode, Finding, Journey, Modality, Repeat, Return, Upload
from tests.architecture.constraints import again, assert_broken, promises_of
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import ASKED_ON, CUT_OFF, DAY, loaded_return, modality, rules

pytestmark = pytest.mark.django_db
BEFORE = ASKED_ON - DAY


def upload():
    return loaded_return(AgencyFactory()).upload


def change_upload(**words):
    Upload.objects.filter(pk=upload().pk).update(**words)


def change_return(**words):
    Return.objects.filter(pk=loaded_return(AgencyFactory()).pk).update(**words)


def change_episode(**words):
    Episode.objects.filter(pk=modality().episode_id).update(**words)


def change_modality(**words):
    Modality.objects.filter(pk=modality().pk).update(**words)


def finding(**words):
    return Finding.objects.create(
        **{"upload_id": upload().pk, "rule": "A", "grade": "NOTE"} | words
    )


def journey(first, **words):
    """Of one episode, whose modality is given."""
    episode = first.episode
    given = {
        "id": episode.pk,
        "person": episode.person,
        "first_episode": episode,
        "last_episode": episode,
        "partnership": episode.partnership,
        "residence": episode.residence,
        "agency": episode.agency,
        "started_on": ASKED_ON,
        "first_treated_on": ASKED_ON,
        "first_modality": first,
        "rule_set": rules(),
    }
    return Journey.objects.create(**given | words)


def one_return_loaded_beside_another():
    first = loaded_return(AgencyFactory())
    second = loaded_return(first.agency)
    Return.objects.filter(pk=second.pk).update(sequence=first.sequence)


def one_agency_twice_in_a_file():
    again(loaded_return(AgencyFactory()), sequence=None, loaded_at=None, state="PENDING")


def one_episode_repeated_twice():
    episode = modality().episode
    for _ in range(2):
        Repeat.objects.create(repeated_in=episode.reported_in, episode=episode)


def two_journeys_with_one_first_modality():
    first = journey(modality()).first_modality
    journey(modality(), first_modality=first)


def an_episode_deleted():
    modality().episode.delete()


def episode_of_another_agencys_return():
    modality(reported_in=loaded_return(AgencyFactory()))


BREAKING = {
    "upload_state_is_known": lambda: change_upload(state="LOST"),
    "upload_month_is_its_first_day": lambda: change_upload(month=CUT_OFF),
    "upload_knows_some_of_its_month": lambda: change_upload(cut_off=dt.date(2006, 12, 31)),
    "upload_loads_only_once_confirmed": lambda: change_upload(confirmed_at=None),
    "file_is_received_once_for_a_month": lambda: again(upload()),
    "agency_is_once_in_a_file": one_agency_twice_in_a_file,
    "returns_of_an_agency_load_one_after_another": one_return_loaded_beside_another,
    "return_state_is_known": lambda: change_return(state="LOST"),
    "return_has_a_sequence_once_loaded": lambda: change_return(sequence=None),
    "finding_grade_is_known": lambda: finding(grade="DIRE"),
    "finding_never_holds_an_identity": lambda: finding(field="DOB", value="19760412"),
    "finding_refers_to_what_is_there": lambda: finding(upload_id=0),
    "episode_has_one_current_version": lambda: again(modality().episode),
    "episode_is_not_current_once_superseded": lambda: change_episode(
        superseded_by=loaded_return(AgencyFactory())
    ),
    "episode_lies_in_a_partnership_or_a_named_bucket": lambda: change_episode(partnership=None),
    "episode_triage_follows_referral": lambda: change_episode(triaged_on=BEFORE),
    "episode_discharge_follows_triage": lambda: change_episode(discharged_on=BEFORE),
    "episode_has_a_reason_only_once_discharged": lambda: change_episode(discharge_reason="2"),
    "episode_refers_to_what_is_there": episode_of_another_agencys_return,
    "episode_is_superseded_by_its_agencys_return": lambda: change_episode(
        is_current=False, superseded_by=loaded_return(AgencyFactory())
    ),
    "episode_versions_are_kept": an_episode_deleted,
    "modality_is_once_in_an_episode": lambda: again(modality()),
    "modality_starts_once_referred": lambda: change_modality(started_on=BEFORE),
    "modality_ends_once_started": lambda: change_modality(started_on=ASKED_ON, ended_on=BEFORE),
    "modality_is_of_an_episode_that_is_there": lambda: Modality.objects.create(
        episode_id=0, ref="M1", kind=2
    ),
    "return_repeats_an_episode_once": one_episode_repeated_twice,
    "journey_ends_once_started": lambda: journey(modality(), ended_on=BEFORE),
    "journey_is_known_by_its_first_episode": lambda: journey(modality(), id=0),
    "modality_is_the_first_of_one_journey": two_journeys_with_one_first_modality,
}


@pytest.mark.parametrize("name", BREAKING)
def test_the_database_refuses_what_breaks_it(name):
    assert_broken(name, BREAKING[name])


def test_every_promise_is_broken_here():
    assert set(BREAKING) == promises_of("pathways")


def test_an_episode_lies_in_a_partnership_that_is_there():
    episode = modality().episode
    assert_broken(
        "episode_refers_to_what_is_there",
        lambda: again(episode, is_current=False, partnership_id=0),
    )


def test_a_finding_is_about_an_agency_that_is_there():
    assert_broken("finding_refers_to_what_is_there", lambda: finding(agency_id=0))


def test_a_file_of_no_provider_is_received_once():
    change_upload(provider=None)
    assert_broken("file_is_received_once_for_a_month", lambda: again(Upload.objects.get()))


@pytest.mark.parametrize("state", ["REJECTED", "UNDONE"])
def test_a_file_that_no_longer_stands_may_be_sent_again(state):
    change_upload(state=state)
    again(Upload.objects.get(), state="LOADED")
    assert Upload.objects.count() == 2
