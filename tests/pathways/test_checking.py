"""A file that was received becomes checked or rejected, whole or not at all."""

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage

from commissioning.models import AuditEvent
from commissioning.services.jobs import LeaseLost
from pathways.choices import Grade, UploadState
from pathways.models import Finding, Return, StagedRow, Upload
from pathways.selectors.findings import (
    HEADER,
    all_findings,
    counts_by_grade,
    findings_by_rule,
)
from pathways.services.checking import check_file
from pathways.services.receiving import receive_upload
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients, ndtms_text, row
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import SYSTEM, TODAY, checked, loaded

APRIL, MAY = dt.date(2006, 4, 1), dt.date(2006, 5, 1)
EARLIER = {  # in treatment since April
    "REFLD": "20060402",
    "TRIAGED": "20060403",
    "REFMODDT": "20060403",
    "FAOMODDT": "20060410",
    "MODST": "20060410",
    "CPLANDT": "20060410",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency():
    RuleSetFactory()
    PartnershipFactory(organisation__code="00EH")
    return AgencyFactory(code="AG0001")


def received(content, **words):
    given = {
        "filename": "may.csv",
        "month": MAY,
        "cut_off": dt.date(2006, 5, 31),
        "provider": None,
        "by": SYSTEM,
        "today": TODAY,
    }
    content = content.encode() if isinstance(content, str) else content
    return receive_upload(stream=io.BytesIO(content), **{**given, **words})


def whole(upload):
    """The findings about whole returns: rule, field, sentence."""
    found = Finding.objects.filter(upload=upload, grade=Grade.RETURN).order_by("rule", "field")
    return list(found.values_list("rule", "field", "sentence"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"PK\x03\x04", "a spreadsheet"),
            (ndtms_text([row()]).encode("utf-16"), "UTF-16"),
            (ndtms_text([row()]).replace(",", ";"), "semicolons"),
            (ndtms_text([row()]) + '"J', "not closed"),
            (ndtms_text([row(), row(AGNCY="X9")]), "“X9” on line 3"),
        ],
    )
    def test_reject_the_file_with_its_sentence_and_leave_nothing(
        self, content, words, django_capture_on_commit_callbacks
    ):
        upload = received(content)
        stored = upload.file.name

        with django_capture_on_commit_callbacks(execute=True):
            upload = check_file(number=upload.number, by=SYSTEM)

        assert upload.state == UploadState.REJECTED
        assert words in upload.refusal
        assert not StagedRow.objects.exists()
        assert not Return.objects.exists()
        assert not default_storage.exists(stored)
        finding = Finding.objects.get()
        assert (finding.grade, finding.sentence) == (Grade.FILE, upload.refusal)

    def test_an_agency_of_another_provider_is_a_security_event(self, agency):
        theirs = AgencyFactory(code="AG0002")
        sender = UserFactory(provider_manager_of=agency.provider)
        upload = received(
            ndtms_text([row(), row(AGNCY=theirs.code)]), provider=agency.provider, by=sender
        )

        upload = check_file(number=upload.number, by=sender)

        assert upload.state == UploadState.REJECTED
        assert "AGNCY “AG0002” on line 3 is not one of your agencies" in upload.refusal
        deed = AuditEvent.objects.get(action__startswith="security")
        assert (deed.person, deed.organisation) == (sender, agency.provider.organisation)

    def test_an_earlier_month_than_the_newest_loaded_has_to_wait_for_its_undoing(self):
        loaded([row()], month=MAY)

        upload = checked([row(**EARLIER)], month=APRIL)

        assert upload.state == UploadState.REJECTED
        assert "May 2006 loaded, which is after April 2006. Undo that return" in upload.refusal

    def test_the_same_month_may_come_again(self):
        loaded([row()], month=MAY)

        assert checked([row(RFLS="3")], month=MAY).state == UploadState.CHECKED


class TestBeginningAgain:
    def test_a_worker_that_lost_its_lease_leaves_the_file_as_it_was(self):
        def lost():
            raise LeaseLost

        upload = received(ndtms_text([row(RFLS="7")]))

        with pytest.raises(LeaseLost):
            check_file(number=upload.number, by=SYSTEM, before_commit=lost)

        upload.refresh_from_db()
        assert upload.state == UploadState.UPLOADED
        assert not StagedRow.objects.exists()
        assert not Finding.objects.exists()
        assert check_file(number=upload.number, by=SYSTEM).state == UploadState.CHECKED

    def test_checking_twice_is_checking_once(self):
        upload = received(ndtms_text([row(RFLS="7")]))

        for _ in range(2):
            check_file(number=upload.number, by=SYSTEM)

        assert Finding.objects.count() == 1
        assert AuditEvent.objects.filter(action="return.checked").count() == 1

    @pytest.mark.parametrize(("rows", "words"), [(1, "1 row read"), (3, "3 rows read")])
    def test_tells_how_far_it_is(self, rows, words):
        told = []
        upload = received(ndtms_text(clients(rows)))

        check_file(number=upload.number, by=SYSTEM, tell=lambda *words: told.append(words))

        assert told[0] == (upload.size, upload.size, words)
        assert all(done <= total for done, total, _ in told)


class TestWholeReturns:
    def test_say_nothing_of_a_first_return(self):
        assert whole(checked(clients(30))) == []

    def test_say_nothing_of_the_same_again(self):
        loaded(clients(30, **EARLIER), month=APRIL)

        assert whole(checked(clients(30, **EARLIER), month=MAY)) == []

    def test_open_episodes_that_jump_are_asked_about(self):
        loaded(clients(30, **EARLIER), month=APRIL)

        closed = clients(8, **EARLIER, MODEND="20060520", DISD="20060520", DISRSN="2")
        upload = checked([*closed, *clients(30, **EARLIER)[8:]], month=MAY)

        assert whole(upload) == [
            ("R01", "DISD", "22 episodes are open; before this return 30 were.")
        ]

    def test_episodes_that_vanish_are_asked_about(self):
        loaded(clients(30, **EARLIER), month=APRIL)

        upload = checked(clients(29, **EARLIER), month=MAY)

        assert whole(upload) == [
            ("R02", "EPISODID", "1 of the 30 episodes of your last return are not in this one.")
        ]

    def test_a_client_who_withdraws_consent_has_not_vanished(self):
        loaded(clients(30, **EARLIER), month=APRIL)

        *others, last = clients(30, **EARLIER)
        upload = checked([*others, {**last, "EPISODID": "", "CONSENT": "N"}], month=MAY)

        assert [rule for rule, *_ in whole(upload)] == []

    def test_three_times_the_usual_volume_is_asked_about(self):
        loaded(clients(10, **EARLIER), month=APRIL)

        upload = checked(clients(30, **EARLIER), month=MAY)

        assert (
            "R04",
            "",
            "It holds 30 episodes; the returns before it held 10 on average.",
        ) in whole(upload)

    def test_of_several_agencies_each_is_held_against_its_own(self):
        AgencyFactory(code="AG0002")
        loaded([*clients(30, **EARLIER), *clients(5, AGNCY="AG0002", **EARLIER)], month=APRIL)

        upload = checked(
            [*clients(30, **EARLIER), *clients(4, AGNCY="AG0002", **EARLIER)], month=MAY
        )

        (finding,) = Finding.objects.filter(upload=upload, grade=Grade.RETURN)
        assert (finding.rule, finding.agency.code) == ("R02", "AG0002")


class TestFindingsForAPage:
    def test_are_grouped_by_rule_the_gravest_first_with_their_first_rows(
        self, django_assert_num_queries
    ):
        bad = [*clients(7, RFLS="7"), *clients(3, EPISODID="E2", DAT="")]
        upload = checked([*bad, row(CLIENTID="C99", MODST="20060511", CPLANDT="20060511")])

        with django_assert_num_queries(2):
            groups = findings_by_rule(upload, Finding.objects.all())

        assert [(one.rule.code, one.field, one.findings, one.episodes) for one in groups] == [
            ("V03", "RFLS", 7, 7),
            ("Q03", "MODST", 1, 1),
            ("N01", "DAT", 3, 3),
        ]
        assert [one.row for one in groups[0].first] == [2, 3, 4, 5, 6]
        assert groups[0].more == 2
        assert groups[0].meaning == "referral source"

    def test_are_counted_by_grade(self):
        upload = checked([row(RFLS="7"), row(CLIENTID="C2", DAT="")])

        counted = counts_by_grade(upload, Finding.objects.all())

        assert counted[Grade.VALIDITY] == counted[Grade.NOTE] == 1
        assert counted[Grade.QUALITY] == 0

    def test_all_of_them_come_row_by_row_with_what_they_say(self):
        upload = checked([row(), row(CLIENTID="C2", RFLS="7")])

        (only,) = all_findings(upload, Finding.objects.all())

        assert dict(zip(HEADER, only, strict=True)) == {
            "Row": 3,
            "Rule": "V03",
            "Grade": "The episode is left out",
            "Field": "RFLS",
            "Value": "7",
            "Agency": "AG0001",
            "CLIENTID": "C2",
            "EPISODID": "E1",
            "What it says": "The code is not in its NDTMS list.",
        }

    def test_those_of_others_are_not_among_them(self, agency):
        upload = checked([row(RFLS="7")])

        assert findings_by_rule(upload, Finding.objects.none()) == []
        assert list(all_findings(upload, Finding.objects.none())) == []


def test_known_headers_that_are_not_used_are_said():
    upload = checked([row(PC="SW1A 1AA", TOPDATE="20060504")])

    assert sorted(upload.ignored_headers) == ["PC", "TOPDATE"]
    assert Upload.objects.get().state == UploadState.CHECKED
