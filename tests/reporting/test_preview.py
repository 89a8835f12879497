"""What a return will make of its provider's figures, held to what it then does make of them."""

import datetime as dt

import pytest
from django.urls import reverse

from commissioning.models import Job
from commissioning.scoping import System
from commissioning.services.jobs import run_outstanding
from pathways.choices import ReturnState, UploadState
from pathways.models import Episode, Journey, Return, Upload
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import receive_upload
from reporting.choices import TOTAL
from reporting.models import (
    EpisodeResult,
    ExitResult,
    JourneyResult,
    ReturnPreview,
    TreatmentResult,
    WaitResult,
)
from reporting.services.preview import make_preview
from reporting.views.return_preview import said_of_fault
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients, ndtms_file
from tests.factories.providers import AgencyFactory

TODAY = dt.date(2007, 2, 15)
JUNE, JULY = dt.date(2006, 6, 1), dt.date(2006, 7, 1)
SYSTEM = System("a test")
DISCHARGED = {"DISD": "20060601", "MODEND": "20060601"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule_set():
    return RuleSetFactory()


@pytest.fixture
def agency():
    partnership = PartnershipFactory(organisation__code="00EH")
    return AgencyFactory(code="AG0001", partnership=partnership)


def some(first, last, **values):
    """Clients `C<first>` to `C<last>` with these values."""
    return [one | values for one in clients(last)[first - 1 :]]


def checked(agency, rows, *, month, provider=True):
    upload = receive_upload(
        stream=ndtms_file(rows),
        filename="return.csv",
        month=month,
        cut_off=month + dt.timedelta(days=29),
        provider=agency.provider if provider else None,
        by=SYSTEM,
        today=TODAY,
    )
    return check_file(number=upload.number, by=SYSTEM)


def load(upload):
    confirm_upload(upload=upload, reason="As it is.", remove_vanished=False, by=SYSTEM)
    return load_file(number=upload.number, by=SYSTEM)


def shares(preview):
    return {one["code"]: one for one in preview.figures["shares"]}


@pytest.fixture
def spring(agency):
    """Ten waits of eight days, one of 40."""
    return load(checked(agency, [*some(1, 10), *some(11, 11, FAOMODDT="20060613")], month=JUNE))


@pytest.fixture
def summer(agency, spring):
    """Two more long waits, a corrected one, nine exits without a reason and ten with one."""
    return checked(
        agency,
        [
            *some(1, 10),
            *some(11, 11),
            *some(12, 13, FAOMODDT="20060620"),
            *some(14, 22, **DISCHARGED),
            *some(23, 27, **DISCHARGED, DISRSN="1"),
            *some(28, 32, **DISCHARGED, DISRSN="3", CPLANDT=""),
        ],
        month=JULY,
    )


class TestMakePreview:
    def test_foretells_exactly_what_is_measured_once_it_is_confirmed(self, agency, summer):
        preview = make_preview(number=summer.number)
        load(summer)
        run_outstanding("reporting")

        def measured(model, numerator, denominator):
            cell = model.objects.get(
                area_kind="provider",
                area_code=agency.provider.code,
                grain="year",
                start=dt.date(2006, 4, 1),
                breakdown=TOTAL,
            )
            return [getattr(cell, numerator), getattr(cell, denominator)]

        foretold = {code: one["cells"][-1][1] for code, one in shares(preview).items()}
        assert foretold == {
            "waits_first": measured(WaitResult, "first_voluntary_within", "first_voluntary_waits"),
            "waits_subsequent": measured(
                WaitResult, "subsequent_voluntary_within", "subsequent_voluntary_waits"
            ),
            "retention": measured(JourneyResult, "retained", "known"),
            "planned_exits": measured(ExitResult, "planned_2006", "counted"),
            "care_plans": measured(EpisodeResult, "care_planned", "begun"),
        }
        people = TreatmentResult.objects.get(
            area_kind="provider", area_code=agency.provider.code, grain="year", breakdown=TOTAL
        )
        assert preview.figures["people"][-1] == [11, people.people] == [11, 32]

    def test_says_which_records_move_a_share_and_by_how_much(self, summer):
        waits = shares(make_preview(number=summer.number))["waits_first"]

        assert waits["cells"][-1] == [[10, 11], [30, 32]]
        said = {one["said"]: one for one in waits["moves"]}
        late = said["2 first waits longer than three weeks, new here,"]
        mended = said["1 first wait now within three weeks"]
        assert late["effect"] == pytest.approx(30 / 32 - 30 / 30)
        assert mended["effect"] == pytest.approx(30 / 32 - 29 / 32)
        assert [record[0] for record in late["records"]] == ["C12", "C13"]

    def test_says_what_exits_without_a_reason_cost(self, summer):
        exits = shares(make_preview(number=summer.number))["planned_exits"]

        assert exits["cells"][-1] == [[0, 0], [5, 10]]
        assert exits["fault"]["said"] == "9 exits without a reason (DISRSN)"
        assert exits["fault"]["effect"] == pytest.approx(14 / 19 - 5 / 10)

    def test_an_episode_without_a_care_plan_is_counted_already(self, summer):
        plans = shares(make_preview(number=summer.number))["care_plans"]

        assert plans["fault"]["said"] == "5 episodes without a care plan date (CPLANDT)"
        assert plans["fault"]["effect"] == pytest.approx(5 / 32)

    def test_leaves_everything_as_it_was(self, summer):
        before = [
            list(model.objects.order_by("pk").values())
            for model in (Episode, Journey, Return, Upload, Job)
        ]

        make_preview(number=summer.number)

        assert before == [
            list(model.objects.order_by("pk").values())
            for model in (Episode, Journey, Return, Upload, Job)
        ]
        assert summer.returns.get().state == ReturnState.PENDING

    def test_is_made_of_nothing_but_a_checked_file_of_one_provider(self, agency, spring):
        of_many = checked(agency, some(1, 2), month=JULY, provider=False)

        assert make_preview(number=spring.number) is None
        assert make_preview(number=of_many.number) is None
        assert not ReturnPreview.objects.exists()

    def test_follows_the_check_by_itself(self, summer):
        run_outstanding("reporting")

        assert ReturnPreview.objects.get().upload == summer
        jobs = Job.objects.filter(task="reporting.preview_upload")
        assert {job.state for job in jobs} == {"DONE"}
        summer.refresh_from_db()
        assert summer.state == UploadState.CHECKED


class TestItsPage:
    def test_shows_each_share_before_and_after_and_what_moves_it(self, client, agency, summer):
        make_preview(number=summer.number)
        client.force_login(UserFactory(provider_manager_of=agency.provider))

        answer = client.get(
            reverse("reporting:return-detail", args=[agency.provider.code, summer.number])
        )

        page = " ".join(answer.content.decode().split())
        assert "First waits within target, voluntary clients" in page
        assert "91% → 94%" in page
        assert "30 of 32" in page
        assert "2 first waits longer than three weeks, new here, lower it by 6 points" in page
        assert "9 exits without a reason (DISRSN)" in page
        assert "C12" in page

    def test_names_no_record_to_whoever_may_not_see_records(self, client, agency, summer):
        make_preview(number=summer.number)
        client.force_login(UserFactory(commissioner_of=agency.partnership))

        answer = client.get(
            reverse("reporting:return-detail", args=[agency.provider.code, summer.number])
        )

        assert answer.status_code == 200
        assert b"C12" not in answer.content


class TestWhatAFaultCosts:
    @pytest.mark.parametrize(
        ("effect", "words"),
        [
            (-0.004, "cost you less than a point."),
            (-0.011, "cost you up to 1 point."),
            (0.06, "cost you up to 6 points."),
            (0, "2 exits without a reason."),
        ],
    )
    def test_is_said_in_whole_points(self, effect, words):
        said = said_of_fault({"said": "2 exits without a reason", "effect": effect})

        assert said.endswith(words)
