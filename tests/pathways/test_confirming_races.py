"""Two people at once: one does it, the other is told so in one sentence."""

import threading

import pytest
from django.db import connection

from commissioning.kernel.errors import DomainError
from commissioning.models import AuditEvent, Job
from pathways.choices import ReturnState, UploadState
from pathways.models import Episode, Journey, Return
from pathways.services.confirming import OvertakenByAnother, confirm_upload
from pathways.services.loading import load_file, undo_return
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import row
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import SYSTEM, checked, confirmed, loaded, return_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def agency():
    RuleSetFactory()
    PartnershipFactory(organisation__code="00EH")
    return AgencyFactory(code="AG0001")


def at_once(*deeds):
    """Each deed in a thread of its own, begun together: the refusals there were."""
    barrier, refused = threading.Barrier(len(deeds)), []

    def one(deed):
        barrier.wait()
        try:
            deed()
        except DomainError as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_people_confirm_one_return_at_once_and_one_of_them_did(agency):
    upload = checked([row()], provider=agency.provider)
    people = [UserFactory(provider_manager_of=agency.provider) for _ in range(2)]

    def confirms(person):
        return lambda: confirm_upload(
            upload=upload, reason=f"{person} says so.", remove_vanished=False, by=person
        )

    refused = at_once(*map(confirms, people))

    upload.refresh_from_db()
    assert upload.confirmed_reason == f"{upload.confirmed_by} says so."
    assert [str(one) for one in refused] == [
        f"{upload} was already confirmed by {upload.confirmed_by}."
    ]
    assert Job.objects.filter(task="pathways.load_upload").count() == 1
    assert AuditEvent.objects.filter(action="return.confirmed").count() == 1


def test_two_returns_of_one_agency_confirmed_at_once_go_one_after_the_other(agency):
    uploads = [checked([row(RFLS=source)]) for source in ("4", "5")]

    def confirms(upload):
        return lambda: confirm_upload(
            upload=upload, reason="So.", remove_vanished=False, by=SYSTEM
        )

    refused = at_once(*map(confirms, uploads))

    assert [type(one) for one in refused] == [OvertakenByAnother]
    states = sorted(type(upload).objects.get(pk=upload.pk).state for upload in uploads)
    assert states == [UploadState.CHECKED, UploadState.CONFIRMED]


def test_two_workers_load_one_return_at_once_and_it_is_loaded_once(agency):
    upload = confirmed([row()])

    assert at_once(*[lambda: load_file(number=upload.number, by=SYSTEM)] * 2) == []

    assert Episode.objects.count() == 1
    assert return_of(upload, agency).sequence == 1


def test_two_people_undo_one_return_at_once_and_the_one_before_it_stands(agency):
    loaded([row()])
    newest = return_of(loaded([row(RFLS="5")]), agency)

    refused = at_once(
        *[lambda: undo_return(return_=newest, reason="So.", by=SYSTEM)] * 2,
    )

    assert len(refused) == 1
    assert Return.objects.filter(state=ReturnState.LOADED).count() == 1
    assert Episode.objects.current().get().referral_source == "4"


def test_two_agencies_loaded_at_once_join_the_journey_of_the_client_they_share(agency):
    """Each alone would not see the other's episode, and the client would have two journeys."""
    other = AgencyFactory(code="AG0002")
    for attempt in range(4):
        uploads = [
            confirmed([row(AGNCY=one.code, CLIENTID=f"C{attempt}", SINITIAL="ABCD"[attempt])])
            for one in (agency, other)
        ]

        at_once(*[lambda upload=upload: load_file(number=upload.number, by=SYSTEM)
                  for upload in uploads])  # fmt: skip

        assert Journey.objects.count() == attempt + 1
