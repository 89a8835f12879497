"""A file is taken in, checked, or turned away with one sentence."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, Job
from commissioning.scoping import System
from pathways.choices import UploadState
from pathways.models import Finding, Return, StagedRow, Upload
from pathways.services.checking import check_file
from pathways.services.receiving import (
    AlreadyReceived,
    TooLarge,
    WrongMonth,
    receive_upload,
    reject_upload,
)
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients, ndtms_file, row
from tests.factories.providers import AgencyFactory

MAY = dt.date(2006, 5, 1)
CUT_OFF = dt.date(2006, 5, 31)
TODAY = dt.date(2007, 2, 15)
SYSTEM = System("a test")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule_set():
    return RuleSetFactory()


@pytest.fixture
def agency():
    PartnershipFactory(organisation__code="00EH")
    return AgencyFactory(code="AG0001")


def stored_files():
    return sorted(Path(settings.MEDIA_ROOT).rglob("*.csv"))


def receive(file, **words):
    given = {
        "stream": file,
        "filename": "may.csv",
        "month": MAY,
        "cut_off": CUT_OFF,
        "provider": None,
        "by": SYSTEM,
        "today": TODAY,
    }
    return receive_upload(**{**given, **words})


def checked(file, **words):
    upload = receive(file, **words)
    return check_file(number=upload.number, by=words.get("by", SYSTEM))


class TestReceiveUpload:
    def test_stores_the_file_and_asks_for_its_check(self, agency):
        sender = UserFactory(provider_manager_of=agency.provider)

        upload = receive(ndtms_file([row()]), provider=agency.provider, by=sender)

        assert upload.state == UploadState.UPLOADED
        assert upload.size == default_storage.size(upload.file.name)
        assert upload.uploaded_by == sender
        job = Job.objects.get()
        assert job.task == "pathways.check_upload"
        assert job.event.payload == {"upload": upload.number}
        assert AuditEvent.objects.get().action == "return.received"

    def test_keeps_the_business_day_on_which_a_provider_sent_it(self, agency):
        own = receive(ndtms_file([row()]), provider=agency.provider)
        of_many = receive(ndtms_file([row(), row(CLIENTID="other")]))

        assert own.received_on == TODAY
        assert of_many.received_on is None  # it does not say when each of them sent

    def test_lets_nobody_send_for_another_provider(self, agency):
        stranger = UserFactory(provider_manager_of=AgencyFactory().provider)

        with pytest.raises(NotPermitted):
            receive(ndtms_file([row()]), provider=agency.provider, by=stranger)

        assert not Upload.objects.exists()

    def test_refuses_a_file_over_the_limit_and_keeps_nothing(self, agency, settings):
        settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
        before = stored_files()

        with pytest.raises(TooLarge, match="larger than 1 MB"):
            receive(io.BytesIO(b"x" * (1024 * 1024 + 1)))

        assert stored_files() == before
        assert not Upload.objects.exists()

    def test_says_where_the_same_file_already_is(self, agency):
        first = receive(ndtms_file([row()]))
        before = stored_files()

        with pytest.raises(AlreadyReceived, match=f"already received as return {first.number}"):
            receive(ndtms_file([row()]), filename="again.csv")

        assert stored_files() == before
        assert Upload.objects.get() == first

    def test_takes_the_same_file_for_another_month(self, agency):
        april = receive(ndtms_file([row()]), month=dt.date(2006, 4, 1))

        may = receive(ndtms_file([row()]), month=MAY)

        assert (may.month, may.sha256) == (MAY, april.sha256)
        with pytest.raises(AlreadyReceived, match=rf"as return {may.number} for May 2006\."):
            receive(ndtms_file([row()]), month=MAY)

    def test_takes_a_rejected_file_again(self, agency):
        first = receive(ndtms_file([row()]))
        reject_upload(upload=first, reason="The wrong month.", by=SYSTEM)

        assert receive(ndtms_file([row()])).number != first.number

    @pytest.mark.parametrize(
        ("month", "cut_off", "sentence"),
        [
            (dt.date(2007, 3, 1), dt.date(2007, 3, 2), "has not begun"),
            (MAY, dt.date(2006, 4, 30), "before May 2006"),
            (MAY, dt.date(2007, 2, 16), "still to come"),
        ],
    )
    def test_refuses_a_month_or_cut_off_that_cannot_be(self, agency, month, cut_off, sentence):
        with pytest.raises(WrongMonth, match=sentence):
            receive(ndtms_file([row()]), month=month, cut_off=cut_off)


class TestRejectUpload:
    def test_removes_the_rows_and_the_file(self, agency, django_capture_on_commit_callbacks):
        upload = checked(ndtms_file([row()]))
        stored = upload.file.name

        with django_capture_on_commit_callbacks(execute=True):
            upload = reject_upload(upload=upload, reason="Wrong agency's file.", by=SYSTEM)

        assert upload.state == UploadState.REJECTED
        assert upload.refusal == "Wrong agency's file."
        assert not StagedRow.objects.filter(upload_id=upload.pk).exists()
        assert not default_storage.exists(stored)


class TestCheckFile:
    def test_an_ordinary_file_is_checked_without_findings(self, agency):
        upload = checked(ndtms_file(clients(20)))

        assert upload.state == UploadState.CHECKED
        assert upload.rows == 20
        assert list(Finding.objects.values_list("rule", "field", "value")) == []
        made = Return.objects.get()
        assert (made.agency, made.rows, made.episodes, made.episodes_rejected) == (
            agency,
            20,
            20,
            0,
        )
        assert made.completeness == 1
