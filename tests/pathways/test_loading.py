"""Confirming and loading: what a return makes current, what it leaves, what it tells."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import AuditEvent, Event, Job
from pathways.choices import ReturnState, UploadState
from pathways.models import Episode, Journey, Modality, StagedRow
from pathways.selectors.differences import difference_of
from pathways.services.confirming import (
    NothingToLoad,
    OvertakenByAnother,
    ReasonMissing,
    confirm_upload,
)
from pathways.services.loading import load_file
from pathways.services.receiving import reject_upload
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients, row
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import (
    SYSTEM,
    checked,
    confirmed,
    loaded,
    return_of,
    state_of_the_system,
)

pytestmark = pytest.mark.django_db
JUNE = dt.date(2006, 6, 1)
NO_REASON = row(DISD="20060525", MODEND="20060525")
DISCHARGED = {"DISD": "20060525", "DISRSN": "2", "MODEND": "20060525"}


@pytest.fixture(autouse=True)
def rule_set():
    return RuleSetFactory()


@pytest.fixture(autouse=True)
def darlington():
    return PartnershipFactory(organisation__code="00EH")


@pytest.fixture(autouse=True)
def agency():
    return AgencyFactory(code="AG0001")


def current():
    return {
        (episode.client_ref, episode.episode_ref): episode for episode in Episode.objects.current()
    }


class TestConfirmUpload:
    def test_keeps_who_and_why_and_asks_for_the_load(self, agency):
        sender = UserFactory(provider_manager_of=agency.provider)
        upload = checked([NO_REASON], provider=agency.provider, by=sender)

        confirm_upload(upload=upload, reason=" No record. ", remove_vanished=True, by=sender)

        upload.refresh_from_db()
        assert upload.state == UploadState.CONFIRMED
        assert (upload.confirmed_by, upload.confirmed_reason) == (sender, "No record.")
        assert upload.confirmed_at is not None
        assert return_of(upload, agency).removal_confirmed
        assert Job.objects.get(task="pathways.load_upload").event.payload == {
            "upload": upload.number
        }
        assert AuditEvent.objects.filter(action="return.confirmed", person=sender).exists()

    def test_findings_of_quality_want_a_reason(self, agency):
        upload = checked([NO_REASON])

        with pytest.raises(ReasonMissing):
            confirm_upload(upload=upload, reason=" ", remove_vanished=False, by=SYSTEM)

        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED

    def test_without_findings_no_reason_is_needed(self, agency):
        upload = checked([row()])

        confirm_upload(upload=upload, reason="", remove_vanished=False, by=SYSTEM)

        upload.refresh_from_db()
        assert upload.state == UploadState.CONFIRMED

    def test_another_provider_may_not(self, agency):
        upload = checked([row()], provider=agency.provider)
        other = UserFactory(provider_manager_of=AgencyFactory().provider)

        with pytest.raises(NotPermitted):
            confirm_upload(upload=upload, reason="", remove_vanished=False, by=other)

        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED
        assert not AuditEvent.objects.filter(action="return.confirmed").exists()

    def test_a_file_of_only_errors_has_nothing_to_load(self, agency):
        upload = checked([row(TRIAGED="20060401")])  # triaged before referred

        with pytest.raises(NothingToLoad):
            confirm_upload(upload=upload, reason="So.", remove_vanished=False, by=SYSTEM)

    @pytest.mark.parametrize("rejected", [True, False])
    def test_says_why_not_when_it_is_too_late(self, agency, rejected):
        upload = checked([row()])
        if rejected:
            reject_upload(upload=upload, reason="Wrong month.", by=SYSTEM)
        else:
            confirm_upload(upload=upload, reason="", remove_vanished=False, by=SYSTEM)

        with pytest.raises(TransitionRefused, match="rejected" if rejected else "already"):
            confirm_upload(upload=upload, reason="", remove_vanished=False, by=SYSTEM)

    def test_waits_for_the_agencys_other_return_to_be_loaded(self, agency):
        first = confirmed([row()])
        second = checked([row(CLIENTID="C2")])

        with pytest.raises(OvertakenByAnother, match=f"Return {first.number}"):
            confirm_upload(upload=second, reason="So.", remove_vanished=False, by=SYSTEM)

        load_file(number=first.number, by=SYSTEM)
        confirm_upload(upload=second, reason="So.", remove_vanished=False, by=SYSTEM)

    def test_a_return_sent_earlier_does_not_replace_a_later_one(self, agency):
        earlier = checked([row()])
        later = loaded([row(CPLANDT="20060513")])

        with pytest.raises(OvertakenByAnother, match=f"Return {later.number}"):
            confirm_upload(upload=earlier, reason="So.", remove_vanished=False, by=SYSTEM)


class TestLoadFile:
    def test_brings_episodes_with_their_modalities(self, agency, darlington):
        upload = loaded([row(), row(MODAL="4", MODID="M2", MODST=""), row(CLIENTID="C2")])

        episodes = current()
        assert set(episodes) == {("C1", "E1"), ("C2", "E1")}
        episode = episodes["C1", "E1"]
        assert episode.partnership == darlington
        assert episode.referred_on == dt.date(2006, 5, 2)
        assert episode.age_at_triage == 30
        assert list(episode.modalities.order_by("ref").values_list("ref", "kind")) == [
            ("M1", 2),
            ("M2", 4),
        ]
        brought = return_of(upload, agency)
        assert (brought.state, brought.sequence) == (ReturnState.LOADED, 1)
        assert (brought.episodes_added, brought.episodes_changed) == (2, 0)
        assert upload.state == UploadState.LOADED
        assert Journey.objects.count() == 1  # both are one person by initials, birth and sex

    def test_leaves_out_only_the_episodes_with_errors(self):
        bad = clients(3)[2]

        loaded([*clients(2), {**bad, "TRIAGED": "20060401"}])

        assert set(current()) == {("C1", "E1"), ("C2", "E1")}

    def test_an_episode_left_out_keeps_its_older_version(self, agency):
        loaded([row()])

        upload = loaded(
            [row(CPLANDT="20060513", TRIAGED="20060401"), row(CLIENTID="C2")], month=JUNE
        )

        assert current()["C1", "E1"].care_planned_on == dt.date(2006, 5, 12)
        assert return_of(upload, agency).episodes_vanished == 0

    def test_the_same_again_makes_no_new_version(self, agency):
        loaded(clients(3))
        before = set(Episode.objects.values_list("pk", flat=True))

        upload = loaded(clients(3), month=JUNE)

        assert set(Episode.objects.values_list("pk", flat=True)) == before
        again = return_of(upload, agency)
        assert (again.episodes_unchanged, again.episodes_added) == (3, 0)
        assert again.repeats.count() == 3

    @pytest.mark.parametrize(
        "change",
        [
            {"DISD": "20060525", "DISRSN": "2", "MODEND": "20060525"},
            {"RFLS": "5"},
            {"DAT": "Z00B"},
            {"FAOMODDT": "20060511"},
            {"MODAL": "4"},
            {"DOB": "19760413"},
        ],
    )
    def test_a_changed_value_makes_a_version_that_supersedes(self, agency, change):
        loaded([row()])
        upload = loaded([row(**change)], month=JUNE)

        old, new = Episode.objects.order_by("pk")
        assert (old.is_current, old.superseded_by) == (False, return_of(upload, agency))
        assert (new.is_current, new.superseded_by) == (True, None)
        assert return_of(upload, agency).episodes_changed == 1

    def test_a_modality_more_or_less_is_a_change(self, agency):
        two = [row(), row(MODAL="4", MODID="M2")]
        loaded(two)
        one = loaded(two[:1], month=JUNE)

        assert return_of(one, agency).episodes_changed == 1
        assert current()["C1", "E1"].modalities.count() == 1
        again = loaded(two, month=dt.date(2006, 7, 1))
        assert return_of(again, agency).episodes_changed == 1

    def test_vanished_episodes_stay_unless_their_removal_is_confirmed(self, agency):
        loaded(clients(3))
        kept = loaded(clients(2), month=JUNE)
        assert len(current()) == 3
        assert return_of(kept, agency).episodes_vanished == 1

        removed = loaded(clients(1), month=dt.date(2006, 7, 1), remove_vanished=True)

        assert return_of(removed, agency).episodes_vanished == 1
        assert set(current()) == {("C1", "E1"), ("C3", "E1")}
        assert Journey.objects.count() == 2

    def test_what_ended_in_an_earlier_financial_year_has_not_vanished(self, agency):
        ended = clients(2, **DISCHARGED)
        loaded([*ended, clients(3)[2]], month=dt.date(2006, 12, 1))

        upload = loaded(clients(3)[2:], month=dt.date(2007, 1, 1), remove_vanished=True)

        assert return_of(upload, agency).episodes_vanished == 2
        ended_before = clients(
            2, REFLD="20060102", TRIAGED="20060104", REFMODDT="20060104", FAOMODDT="20060112",
            MODST="20060112", CPLANDT="20060112", DISD="20060225", DISRSN="2", MODEND="20060225",
        )  # fmt: skip
        other = AgencyFactory(code="AG0002")
        for one in ended_before:
            one["AGNCY"] = other.code
        still = [{**one, "AGNCY": other.code} for one in clients(3)[2:]]
        loaded([*ended_before, *still], month=dt.date(2006, 12, 1))
        upload = loaded(still, month=dt.date(2007, 1, 1), remove_vanished=True)
        assert return_of(upload, other).episodes_vanished == 0

    def test_consent_withdrawn_takes_back_the_clients_earlier_episodes_there(self, agency):
        elsewhere = AgencyFactory(code="AG0002")
        loaded([row(), row(EPISODID="E2"), *clients(3)[1:]])
        loaded([row(AGNCY=elsewhere.code)])

        upload = loaded([row(CONSENT="N"), *clients(3)[1:]], month=JUNE)

        at_agency = Episode.objects.current().filter(agency=agency)
        assert set(at_agency.values_list("client_ref", flat=True)) == {"C2", "C3"}
        assert Episode.objects.current().filter(agency=elsewhere).exists()
        assert return_of(upload, agency).episodes_vanished == 0

    def test_an_episode_brought_anew_with_consent_stands(self, agency):
        loaded([row(), row(EPISODID="E2")])

        loaded([row(CONSENT="N"), row(EPISODID="E2")], month=JUNE)

        assert set(current()) == {("C1", "E2")}

    def test_the_file_and_its_rows_are_gone_afterwards(
        self, agency, django_capture_on_commit_callbacks
    ):
        upload = confirmed([row()])
        stored = upload.file.name

        with django_capture_on_commit_callbacks(execute=True):
            load_file(number=upload.number, by=SYSTEM)

        assert not default_storage.exists(stored)
        assert not StagedRow.objects.exists()

    def test_rows_lost_from_the_staging_table_are_read_again(self, agency):
        upload = confirmed(clients(3))
        StagedRow.objects.all().delete()  # what a crash of the database does to an unlogged table

        load_file(number=upload.number, by=SYSTEM)

        assert len(current()) == 3

    def test_twice_is_once(self, agency):
        upload = loaded([row()])
        before = state_of_the_system()

        load_file(number=upload.number, by=SYSTEM)

        assert state_of_the_system() == before
        assert return_of(upload, agency).sequence == 1
        assert Event.objects.filter(name="return.loaded").count() == 1

    def test_giving_up_before_the_commit_changes_nothing(self, agency):
        upload = confirmed([row()])

        class Lost(Exception):
            pass

        def lost():
            raise Lost

        with pytest.raises(Lost), transaction.atomic():
            load_file(number=upload.number, by=SYSTEM, before_commit=lost)

        upload.refresh_from_db()
        assert upload.state == UploadState.CONFIRMED
        assert not Episode.objects.exists()
        assert StagedRow.objects.count() == 1

    def test_tells_what_it_touched_old_and_new_and_elsewhere(self, agency, darlington):
        durham = PartnershipFactory(organisation__code="20")
        elsewhere = AgencyFactory(code="AG0002")
        untouched = AgencyFactory(code="AG0003")
        loaded([row(AGNCY=elsewhere.code, REFLD="20060101", DAT="20", **DISCHARGED)])
        loaded([clients(9, AGNCY=untouched.code)[8]])
        loaded([row()])

        upload = loaded([row(DAT="Z00B", **DISCHARGED)], month=JUNE)

        told = Event.objects.get(cause=f"upload:{upload.number}:loaded").payload
        assert told == {
            "upload": upload.number,
            "returned_by": [agency.pk],
            "agencies": sorted([agency.pk, elsewhere.pk]),
            "partnerships": sorted([darlington.pk, durham.pk]),
            "earliest": "2006-01-01",
            "latest": None,  # the version that was replaced was open
        }

    def test_a_return_that_changes_nothing_says_that_nobody_was_touched(self, agency):
        loaded([row()])

        upload = loaded([row()], month=JUNE)

        told = Event.objects.get(cause=f"upload:{upload.number}:loaded").payload
        assert (told["agencies"], told["partnerships"], told["earliest"]) == ([], [], None)


class TestDifferenceOf:
    def test_is_nothing_but_additions_for_a_first_return(self, agency):
        difference = difference_of(checked(clients(3)))

        assert (difference.added, difference.changed, difference.vanished) == (3, 0, 0)
        assert [one.client_ref for one in difference.first_added] == ["C1", "C2", "C3"]

    def test_names_the_fields_that_changed_what_vanished_and_who_withdrew(self, agency):
        loaded(clients(6))
        rows = clients(7)
        rows[0].update(RFLS="5", MODST="20060513")
        rows[1].update(TRIAGED="20060401")
        rows[2].update(CONSENT="N")
        upload = checked([rows[n] for n in (0, 1, 2, 3, 6)], month=JUNE)

        difference = difference_of(upload, agency_id=agency.pk)

        assert (difference.added, difference.changed, difference.unchanged) == (1, 1, 1)
        assert (difference.left_out, difference.vanished, difference.withdrawn) == (1, 2, 1)
        (change,) = difference.first_changed
        assert change.episode.client_ref == "C1"
        assert change.fields["referral_source"] == ("4", "5")
        ((before,), (now,)) = change.fields["modalities"]
        assert (before[4], now[4]) == ("2006-05-12", "2006-05-13")
        assert set(change.fields) == {"referral_source", "modalities"}
        assert [one.client_ref for one in difference.first_vanished] == ["C5", "C6"]
        assert [one.client_ref for one in difference.first_withdrawn] == ["C3"]

    def test_is_what_loading_then_does(self, agency):
        loaded(clients(5))
        rows = [{**one, "RFLS": "5"} if n % 2 else one for n, one in enumerate(clients(4))]
        upload = checked([*rows, row(CLIENTID="C9")], month=JUNE)
        difference = difference_of(upload)

        confirm_upload(upload=upload, reason="So.", remove_vanished=False, by=SYSTEM)
        load_file(number=upload.number, by=SYSTEM)

        done = return_of(upload, agency)
        assert (done.episodes_added, done.episodes_changed, done.episodes_unchanged) == (
            difference.added,
            difference.changed,
            difference.unchanged,
        )
        assert done.episodes_vanished == difference.vanished

    def test_of_one_agency_leaves_the_others_out(self, agency):
        other = AgencyFactory(code="AG0002")
        upload = checked([row(), row(AGNCY=other.code), row(AGNCY=other.code, CLIENTID="C2")])

        assert difference_of(upload, agency_id=other.pk).added == 2
        assert difference_of(upload).added == 3


class TestPromises:
    """What the database refuses whoever writes."""

    def insert(self, **changed):
        episode = Episode.objects.values().get()
        values = {**episode, "is_current": False, **changed}
        values.pop("id")
        Episode.objects.create(**values)

    @pytest.mark.parametrize(
        "dangling", [{"reported_in_id": 10**9}, {"agency_id": 10**9}, {"partnership_id": 10**9}]
    )
    def test_episode_refers_to_what_is_there(self, agency, dangling):
        loaded([row()])

        with pytest.raises(IntegrityError, match="episode_refers_to_what_is_there"):
            self.insert(**dangling)

    def test_episode_versions_are_kept(self, agency):
        loaded([row()])

        with pytest.raises(Exception, match="Cannot delete"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM pathways_episode")

    def test_modality_is_of_an_episode_that_is_there(self):
        with pytest.raises(IntegrityError, match="modality_is_of_an_episode_that_is_there"):
            Modality.objects.create(episode_id=10**9, ref="M1", kind=2)

    def test_episode_has_one_current_version(self, agency):
        loaded([row()])

        with pytest.raises(IntegrityError, match="episode_has_one_current_version"):
            self.insert(is_current=True)
