"""A partnership judges its own commissioning, and takes what it finds into the plan."""

import datetime as dt

import pytest
from django.urls import reverse

from commissioning.choices import PlanState
from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import CompetenceAnswer, GridRow, Plan, SelfAssessment
from commissioning.reference.competence import COMPETENCE_HEADS, LEADING_QUESTION
from commissioning.services.competence import (
    Judgement,
    NotAJudgement,
    NotJudged,
    NotPutIntoGrid,
    finish_self_assessment,
    judge_commissioning,
    put_into_grid,
    reopen_self_assessment,
)
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.views.plans.work import plan_work
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import PlanFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
WHEN = {"by_when": dt.date(2006, 9, 30), "by_whom": "The commissioner"}


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def commissioner(partnership):
    return UserFactory(commissioner_of=partnership)


def judge(partnership, by, *, year=2006, revision=0, **words):
    given = {"head": "needs", "rating": 2, "action": "Ask service users", **words}
    return judge_commissioning(
        partnership=partnership, year=year, judgements=[Judgement(**given)], by=by,
        revision=revision,
    )  # fmt: skip


def address(partnership, year="FY2006", page="self-assessment", *more):
    return reverse(f"commissioning:{page}", args=[partnership.code, year, *more])


class TestJudging:
    def test_judgements_are_kept_and_the_revision_grows(self, partnership, commissioner):
        first = judge(partnership, commissioner)
        second = judge(partnership, commissioner, revision=first.revision, rating=3)

        assert CompetenceAnswer.objects.get().rating == 3
        assert second.revision == first.revision + 1

    def test_a_second_window_overwrites_nothing(self, partnership, commissioner):
        judge(partnership, commissioner)

        with pytest.raises(ChangedMeanwhile):
            judge(partnership, commissioner, rating=4)

        assert CompetenceAnswer.objects.get().rating == 2

    def test_the_scale_ends_at_four(self, partnership, commissioner):
        with pytest.raises(NotAJudgement):
            judge(partnership, commissioner, rating=5)

    def test_a_reviewer_judges_nothing(self, partnership):
        with pytest.raises(NotPermitted):
            judge(partnership, UserFactory(analyst_of=partnership))


class TestFinishing:
    """Finished it stays as it was on the day; opened again it can be written."""

    @pytest.fixture
    def whole(self, partnership, commissioner):
        return judge_commissioning(
            partnership=partnership,
            year=2006,
            judgements=[Judgement(one.code, 3) for one in COMPETENCE_HEADS],
            by=commissioner,
            revision=0,
        )

    def finish(self, assessment, by):
        return finish_self_assessment(assessment=assessment, on=WHEN["by_when"], by=by)

    def test_it_names_the_heads_that_are_not_rated(self, partnership, commissioner):
        with pytest.raises(NotJudged, match=r"rated: Managing the system, Routes in, .* and"):
            self.finish(judge(partnership, commissioner), commissioner)

        assert SelfAssessment.objects.get().finished_on is None

    def test_it_holds_the_day_and_the_person_and_is_not_written_any_more(
        self, partnership, whole, commissioner
    ):
        done = self.finish(whole, commissioner)

        held = SelfAssessment.objects.get()
        assert (held.finished_on, held.finished_by) == (WHEN["by_when"], commissioner)
        with pytest.raises(TransitionRefused, match="Open it again"):
            judge(partnership, commissioner, revision=done.revision, rating=1)
        with pytest.raises(TransitionRefused, match="finished already"):
            self.finish(whole, commissioner)
        assert not CompetenceAnswer.objects.filter(rating=1).exists()

    def test_opened_again_it_is_written_again(self, partnership, whole, commissioner):
        self.finish(whole, commissioner)
        opened = reopen_self_assessment(assessment=whole, by=commissioner)

        assert (opened.finished_on, opened.finished_by) == (None, None)
        judge(partnership, commissioner, revision=opened.revision, rating=1)
        with pytest.raises(TransitionRefused, match="being written already"):
            reopen_self_assessment(assessment=whole, by=commissioner)

    def test_who_may_not_write_plans_finishes_and_opens_nothing(self, partnership, whole):
        analyst = UserFactory(analyst_of=partnership)
        for deed in (
            lambda: self.finish(whole, analyst),
            lambda: reopen_self_assessment(assessment=whole, by=analyst),
        ):
            with pytest.raises(NotPermitted):
                deed()

    def test_it_is_in_the_work_list_until_it_is_finished(self, partnership, whole, commissioner):
        def asked():
            work = plan_work(commissioner, partnership.organisation, on=WHEN["by_when"])
            return [one.href for one in work if "self-assessment" in one.sentence]

        assert asked() == [address(partnership)]
        self.finish(whole, commissioner)
        assert asked() == []

    def test_the_page_finishes_it_and_opens_it_again(
        self, partnership, whole, commissioner, client, settings
    ):
        settings.BUSINESS_DAY = WHEN["by_when"]
        client.force_login(commissioner)

        done = client.post(address(partnership, page="self-assessment-finish"), follow=True)

        page = done.content.decode()
        assert f"30 September 2006, {commissioner}" in page
        assert "Save the self-assessment" not in page
        again = client.post(address(partnership, page="self-assessment-reopen"), follow=True)
        assert "Save the self-assessment" in again.content.decode()

    def test_the_page_says_what_is_missing(self, partnership, commissioner, client):
        judge(partnership, commissioner)
        client.force_login(commissioner)

        said = client.post(address(partnership, page="self-assessment-finish"), follow=True)

        assert "Before it is finished these have to be rated" in said.content.decode()


class TestPuttingIntoTheGrid:
    def test_the_action_becomes_a_row_once(self, partnership, commissioner):
        plan = PlanFactory(partnership=partnership)
        judge(partnership, commissioner)
        answer = CompetenceAnswer.objects.get()

        first = put_into_grid(answer=answer, by=commissioner, **WHEN)
        second = put_into_grid(answer=answer, by=commissioner, **WHEN)

        assert first == second == GridRow.objects.get(plan=plan)
        assert (first.grid, first.action) == ("COMMISSIONING", "Ask service users")

    def test_there_has_to_be_an_action_and_a_plan(self, partnership, commissioner):
        judge(partnership, commissioner, action="")
        with pytest.raises(NotPutIntoGrid, match="Write and save the action"):
            put_into_grid(answer=CompetenceAnswer.objects.get(), by=commissioner, **WHEN)

        CompetenceAnswer.objects.update(action="Ask service users")
        with pytest.raises(NotPutIntoGrid, match="no plan for the year"):
            put_into_grid(answer=CompetenceAnswer.objects.get(), by=commissioner, **WHEN)

    def test_a_plan_that_is_with_the_region_stays_as_it_is(self, partnership, commissioner):
        plan = PlanFactory(partnership=partnership)
        judge(partnership, commissioner)
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)

        with pytest.raises(TransitionRefused):
            put_into_grid(answer=CompetenceAnswer.objects.get(), by=commissioner, **WHEN)

        assert not GridRow.objects.exists()


class TestPage:
    @pytest.fixture
    def desk(self, client, commissioner):
        client.force_login(commissioner)
        return client

    def test_asks_the_leading_question_and_shows_the_year_before(
        self, desk, partnership, commissioner
    ):
        judge(partnership, commissioner, year=2005, evidence="Seen in 2005")

        page = desk.get(address(partnership)).content.decode()

        assert LEADING_QUESTION in page
        assert "Seen in 2005" in page
        assert all(head.name in page for head in COMPETENCE_HEADS)

    def test_saves_and_offers_the_grid(self, desk, partnership):
        PlanFactory(partnership=partnership)
        desk.post(
            address(partnership),
            {"revision": 0, "routes-in-rating": "2", "routes-in-action": "Open on Saturdays"},
        )

        into = address(partnership, "FY2006", "self-assessment-into-grid", "routes-in")
        assert into in desk.get(address(partnership)).content.decode()
        desk.post(
            into,
            {
                "by_when_0": "30",
                "by_when_1": "9",
                "by_when_2": "2006",
                "by_whom": "The commissioner",
            },
        )

        assert "In the grid as row 1" in desk.get(address(partnership)).content.decode()

    def test_keeps_what_was_typed_when_somebody_saved_meanwhile(
        self, desk, partnership, commissioner
    ):
        judge(partnership, commissioner, evidence="Theirs")

        answer = desk.post(
            address(partnership), {"revision": 0, "needs-rating": "1", "needs-evidence": "Mine"}
        )

        page = answer.content.decode()
        assert "Mine" in page
        assert "Theirs" in page
        revision = answer.context["form"].data["revision"]
        desk.post(
            address(partnership),
            {"revision": revision, "needs-rating": "1", "needs-evidence": "Mine"},
        )
        assert CompetenceAnswer.objects.get(head="needs").evidence == "Mine"

    @pytest.mark.parametrize("rating", ["5", "x"])
    def test_another_rating_is_refused(self, desk, partnership, rating):
        answer = desk.post(address(partnership), {"revision": 0, "needs-rating": rating})

        assert answer.status_code == 200
        assert not SelfAssessment.objects.exists()

    @pytest.mark.parametrize("year", ["FY1850", "2006", "next"])
    def test_a_year_that_is_none_is_not_there(self, desk, partnership, year):
        assert desk.get(address(partnership, year)).status_code == 404

    def test_asks_a_constant_number_of_queries(self, desk, partnership, commissioner):
        judge(partnership, commissioner)

        assert_counted(desk, "commissioning competence", address(partnership))


def test_each_head_has_a_question_and_a_source():
    assert len({head.code for head in COMPETENCE_HEADS}) == len(COMPETENCE_HEADS)
    assert all(
        head.question.endswith("?") and "2006, 2." in head.source for head in COMPETENCE_HEADS
    )
