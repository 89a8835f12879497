"""Undoing: the agency's newest return only, and then everything is as it was before."""

import datetime as dt

import pytest

from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import AuditEvent, Event
from pathways.choices import ReturnState, UploadState
from pathways.models import Episode, Journey
from pathways.services.loading import NotTheNewest, undo_return
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients, row
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import SYSTEM, checked, loaded, return_of, state_of_the_system

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2006, 6, 1), dt.date(2006, 7, 1)


@pytest.fixture(autouse=True)
def world():
    RuleSetFactory()
    PartnershipFactory(organisation__code="00EH")


@pytest.fixture(autouse=True)
def agency():
    return AgencyFactory(code="AG0001")


def undone(upload, agency, *, by=SYSTEM, reason="Sent by mistake."):
    return undo_return(return_=return_of(upload, agency), reason=reason, by=by)


def test_everything_is_as_it_was_before(agency):
    loaded(clients(4))
    before = state_of_the_system()
    rows = clients(6)
    rows[0].update(RFLS="5")
    rows[1].update(CONSENT="N")
    upload = loaded([rows[n] for n in (0, 1, 2, 5)], month=JUNE, remove_vanished=True)
    assert state_of_the_system() != before

    undone(upload, agency)

    assert state_of_the_system() == before
    upload.refresh_from_db()
    assert upload.state == UploadState.UNDONE
    assert return_of(upload, agency).state == ReturnState.UNDONE


def test_the_first_return_undone_leaves_nothing(agency):
    upload = loaded(clients(2))

    undone(upload, agency)

    assert not Episode.objects.current().exists()
    assert not Journey.objects.exists()
    assert Episode.objects.count() == 2  # as history


def test_only_the_newest_can_be_undone(agency):
    first, second = loaded([row()]), loaded([row(RFLS="5")], month=JUNE)

    with pytest.raises(NotTheNewest, match=f"return {second.number}"):
        undone(first, agency)
    undone(second, agency)
    undone(first, agency)

    assert not Episode.objects.current().exists()


def test_once_undone_there_is_nothing_to_undo(agency):
    upload = loaded([row()])
    undone(upload, agency)

    with pytest.raises(NotTheNewest, match="not loaded"):
        undone(upload, agency)


def test_what_was_only_checked_cannot_be_undone(agency):
    upload = checked([row()])

    with pytest.raises(NotTheNewest):
        undone(upload, agency)


def test_another_agency_in_the_file_keeps_its_return(agency):
    other = AgencyFactory(code="AG0002")
    upload = loaded([row(), row(AGNCY=other.code)])

    undone(upload, agency)

    upload.refresh_from_db()
    assert upload.state == UploadState.LOADED
    assert Episode.objects.current().get().agency == other
    undone(upload, other)
    upload.refresh_from_db()
    assert upload.state == UploadState.UNDONE


def test_a_return_after_an_undone_one_is_held_against_the_one_before(agency):
    loaded(clients(3))
    undone(loaded(clients(1), month=JUNE), agency)

    upload = loaded(clients(2), month=JUNE)

    after = return_of(upload, agency)
    assert (after.episodes_unchanged, after.episodes_vanished) == (2, 1)
    assert after.sequence == 3


def test_the_same_file_may_be_sent_again_once_undone(agency):
    first = loaded(clients(2))
    before = state_of_the_system()
    undone(first, agency)

    loaded(clients(2))

    assert state_of_the_system() == before


def test_a_journey_that_the_return_had_joined_falls_apart_again(agency):
    elsewhere = AgencyFactory(code="AG0002")
    loaded([row(DISD="20060520", DISRSN="2", MODEND="20060520")])
    late = dict.fromkeys(("REFLD", "TRIAGED", "REFMODDT", "FAOMODDT", "MODST"), "20060609")
    upload = loaded([row(AGNCY=elsewhere.code, CPLANDT="", **late)], month=JUNE)
    assert Journey.objects.get().ended_on is None

    undone(upload, elsewhere)

    assert Journey.objects.get().ended_on == dt.date(2006, 5, 20)


def test_wants_a_reason_and_the_right_and_then_says_so(agency):
    upload = loaded([row()])
    sender = UserFactory(provider_manager_of=agency.provider)
    reader = UserFactory(keyworker_of=agency.provider)

    with pytest.raises(NotPermitted):
        undone(upload, agency, by=reader)
    with pytest.raises(DomainError, match="why"):
        undone(upload, agency, by=sender, reason=" ")
    assert Episode.objects.current().exists()
    undone(upload, agency, by=sender)

    (kept,) = AuditEvent.objects.filter(action="return.undone")
    assert (kept.person, kept.details["reason"]) == (sender, "Sent by mistake.")
    told = Event.objects.get(name="return.undone").payload
    assert (told["agencies"], told["returned_by"]) == ([agency.pk], [agency.pk])
