"""The pages of what a plan says beside its lines, for a commissioner and for those who read."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.choices import PlanState
from commissioning.models import (
    Coverage,
    Declaration,
    Evidence,
    GridRow,
    Plan,
    PlanDocument,
    Priority,
    Target,
)
from tests.commissioning.plans.sound import framework_rows, sound_plan
from tests.factories.commissioning import RuleSetFactory, UserFactory
from tests.factories.plans import PlanFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def desk(client, plan):
    """A client at which a commissioner of the plan's partnership is signed in."""
    client.force_login(UserFactory(commissioner_of=plan.partnership))
    return client


def at(plan, page, *more):
    return reverse(f"commissioning:{page}", args=[plan.partnership.code, plan.slug, *more])


def now(plan):
    return Plan.objects.get(pk=plan.pk)


def said(answer):
    return answer.content.decode()


class TestSummary:
    def test_is_written_and_raises_the_revision(self, desk, plan):
        answer = desk.post(
            at(plan, "plan-summary"),
            {"summary": "Fewer deaths.", "has_prison": "on", "revision": plan.revision},
        )

        assert answer.status_code == 302
        assert (now(plan).summary, now(plan).has_prison) == ("Fewer deaths.", True)
        assert now(plan).revision == plan.revision + 1

    def test_saved_in_two_windows_shows_what_is_there_and_keeps_what_was_typed(self, desk, plan):
        desk.post(at(plan, "plan-summary"), {"summary": "First.", "revision": plan.revision})

        answer = desk.post(
            at(plan, "plan-summary"), {"summary": "Second.", "revision": plan.revision}
        )

        assert now(plan).summary == "First."
        assert "First." in said(answer)
        assert "Second." in said(answer)
        assert "What the plan says now" in said(answer)
        again = desk.post(
            at(plan, "plan-summary"),
            {"summary": "Second.", "revision": answer.context["form"].data["revision"]},
        )
        assert again.status_code == 302
        assert now(plan).summary == "Second."

    def test_is_refused_without_the_revision_it_was_opened_on(self, desk, plan):
        answer = desk.post(at(plan, "plan-summary"), {"summary": "New."})

        assert answer.status_code == 200
        assert now(plan).summary == ""

    def test_stays_as_it_is_while_the_region_has_the_plan(self, desk, plan):
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)

        assert desk.get(at(plan, "plan-summary")).status_code == 403


class TestDocuments:
    def test_one_is_named_by_where_it_is_kept(self, desk, plan):
        desk.post(
            at(plan, "plan-document-link"),
            {
                "role": "WORKFORCE",
                "title": "Workforce 2006",
                "where": "The town hall",
                "revision": plan.revision,
            },
        )

        assert PlanDocument.objects.get(plan=plan).title == "Workforce 2006"
        assert "Workforce 2006" in said(desk.get(at(plan, "plan-detail")))

    def test_one_that_is_nowhere_is_refused(self, desk, plan):
        answer = desk.post(
            at(plan, "plan-document-link"),
            {"role": "OTHER", "title": "A paper", "revision": plan.revision},
        )

        assert "Say where the document is kept" in said(answer)

    def test_one_is_taken_out(self, desk, plan):
        linked = PlanDocument.objects.create(plan=plan, role="OTHER", title="A paper", where="x")

        desk.post(at(plan, "plan-document-unlink", linked.pk))

        assert not PlanDocument.objects.exists()


class TestPriorities:
    def test_keep_their_numbers_when_one_is_taken_out(self, desk, plan):
        Priority.objects.create(plan=plan, number=1, text="Waits")
        Priority.objects.create(plan=plan, number=2, text="Aftercare")

        desk.post(
            at(plan, "plan-priorities"),
            {
                "text-1": "",
                "text-2": "Aftercare for all",
                "text-new-1": "Stimulants",
                "revision": plan.revision,
            },
        )

        held = dict(Priority.objects.filter(plan=plan).values_list("number", "text"))
        assert held == {2: "Aftercare for all", 3: "Stimulants"}


class TestTargets:
    def post(self, desk, plan, where=("local", "in-treatment"), **words):
        given = {"baseline": "", "target": "", "revision": plan.revision}
        return desk.post(at(plan, "plan-target-set", *where), {**given, **words})

    def test_without_quarters_the_way_is_a_straight_line(self, desk, plan):
        self.post(desk, plan, baseline="1,000", baseline_source="NDTMS", target="1,200")

        target = Target.objects.get(plan=plan)
        assert target.trajectory == [1050, 1100, 1150, 1200]

    def test_shares_are_typed_in_per_cents(self, desk, plan):
        self.post(
            desk,
            plan,
            ("national", "first-waits"),
            baseline="70%",
            baseline_source="NDTMS",
            target="85",
        )

        target = Target.objects.get(plan=plan)
        assert (target.baseline, target.target) == (Decimal("0.7"), Decimal("0.85"))
        assert target.trajectory[0] == Decimal("0.74")

    def test_quarters_can_be_changed(self, desk, plan):
        self.post(desk, plan, target="120", first="100", second="110", third="115", fourth="120")

        assert Target.objects.get(plan=plan).trajectory == [100, 110, 115, 120]

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"target": "many"}, "“many” is not a number"),
            ({"target": "NaN"}, "“NaN” is not a number"),
            ({"target": ""}, "Enter the target"),
            ({"target": "-5", "baseline": "1", "baseline_source": "x"}, "0 or more"),
            ({"target": "1.5", "baseline": "1", "baseline_source": "x"}, "whole numbers"),
            ({"target": "10", "baseline": "5"}, "Say where the baseline comes from"),
            ({"target": "10"}, "a baseline to draw a line from"),
            ({"target": "10", "first": "5"}, "Enter all four quarters"),
            (
                {"target": "10", "first": "1", "second": "2", "third": "3", "fourth": "4"},
                "The last quarter is the target",
            ),
            ({"target": "9" * 15, "baseline": "1", "baseline_source": "x"}, "0 or more"),
        ],
    )
    def test_bad_numbers_are_answered_and_nothing_is_saved(self, desk, plan, words, sentence):
        answer = self.post(desk, plan, **words)

        assert sentence in said(answer)
        assert not Target.objects.exists()

    def test_more_than_everybody_is_refused(self, desk, plan):
        answer = self.post(
            desk,
            plan,
            ("local", "retained"),
            baseline="50",
            baseline_source="x",
            target="101",
        )

        assert "from 0% to 100%" in said(answer)

    def test_the_delivery_plan_names_with_whom_it_is_agreed(self, desk, plan):
        answer = self.post(
            desk,
            plan,
            ("delivery-plan", "retained"),
            baseline="50",
            baseline_source="x",
            target="60",
        )

        assert "Enter with whom it is agreed" in said(answer)

    def test_the_baseline_is_offered_from_evidence_of_the_year_before(self, desk, plan):
        RuleSetFactory()
        Evidence.objects.create(
            subject=plan.partnership.organisation,
            name="retained",
            period="FY2005",
            value="0.62",
            as_at=dt.date(2006, 5, 1),
            source="Results",
        )

        form = desk.get(at(plan, "plan-target-set", "national", "retained")).context["form"]

        assert form["baseline"].value() == "62"
        assert form["baseline_source"].value() == "Results, known on 1 May 2006"
        assert form["target"].value() == "67"

    def test_a_baseline_that_is_no_longer_measured_is_not_offered(self, desk, plan):
        Evidence.objects.create(
            subject=plan.partnership.organisation,
            name="retained",
            period="FY2005",
            as_at=dt.date(2006, 5, 1),
            source="results gone",
        )

        at_target = desk.get(at(plan, "plan-target-set", "national", "retained"))

        assert at_target.context["form"]["baseline"].value() is None
        why = "Not measured since 1 May 2006: results gone"
        assert f"–: {why}" in said(at_target)
        assert why in said(desk.get(at(plan, "plan-targets")))

    @pytest.mark.parametrize(
        ("asked", "first", "many"),
        [
            ("whose=LOCAL&standing=set", "Numbers in treatment", 1),
            ("standing=set&sort=-value", "Numbers in treatment", 1),
            ("name=retained&whose=NATIONAL", "Retained", 1),
        ],
    )
    def test_targets_are_filtered_and_sorted_and_the_file_is_the_same(
        self, desk, plan, asked, first, many
    ):
        self.post(desk, plan, baseline="1,000", baseline_source="NDTMS", target="1,200")
        address = f"{at(plan, 'plan-targets')}?{asked}"

        rows = [one.record.name for one in desk.get(address).context["table"].rows]
        file = b"".join(desk.get(f"{address}&format=csv").streaming_content).decode()

        assert len(rows) == many
        assert rows[0].startswith(first)
        assert len(file.splitlines()) == many + 1
        assert rows[0] in file

    def test_what_a_filter_does_not_know_is_named(self, desk, plan):
        page = said(desk.get(f"{at(plan, 'plan-targets')}?whose=NOBODY"))

        assert "“NOBODY” is not known" in page

    def test_the_page_shows_each_trajectory_as_a_chart_with_its_table(self, desk, plan):
        self.post(desk, plan, baseline="1,000", baseline_source="NDTMS", target="1,200")

        page = said(desk.get(at(plan, "plan-targets")))
        picture = desk.get(at(plan, "plan-target-svg", "local", "in-treatment"))

        assert "Numbers in treatment: from 1,000 to 1,200 by March 2007" in page
        assert "Show as table" in page
        assert picture["Content-Type"].startswith("image/svg+xml")
        assert desk.get(at(plan, "plan-target-json", "local", "in-treatment")).json()["series"]

    def test_one_is_taken_out(self, desk, plan):
        self.post(desk, plan, baseline="1", baseline_source="NDTMS", target="2")

        desk.post(at(plan, "plan-target-drop", "local", "in-treatment"))

        assert not Target.objects.exists()

    def test_all_that_are_set_are_in_the_file(self, desk, plan):
        self.post(desk, plan, baseline="1,000", baseline_source="NDTMS", target="1,200")

        address = f"{at(plan, 'plan-targets')}?format="
        csv = b"".join(desk.get(f"{address}csv").streaming_content).decode()

        assert "Numbers in treatment,Local expectation,1000.0000,NDTMS,1050.0000" in csv
        book = desk.get(f"{address}xlsx")
        assert book.getvalue().startswith(b"PK")
        book.close()

    @pytest.mark.parametrize(
        "where", [("local", "nothing"), ("nobody", "retained"), ("national", "planned-exits")]
    )
    def test_an_unknown_target_is_not_there(self, desk, plan, where):
        assert desk.get(at(plan, "plan-target-set", *where)).status_code == 404


class TestTiers:
    @pytest.fixture(autouse=True)
    def _framework(self):
        framework_rows()

    def test_the_coverage_of_a_tier_is_stated_in_one_go(self, desk, plan):
        desk.post(
            at(plan, "plan-coverage", 2),
            {
                "T2-01-state": "HAVE",
                "T2-01-by_whom": "The drug service",
                "T2-03-state": "WEAK",
                "T2-03-reason": "One pharmacy",
                "T2-03-before": "on",
                "revision": plan.revision,
            },
        )

        held = {one.item_id: one for one in Coverage.objects.filter(plan=plan)}
        assert set(held) == {"T2-01", "T2-03"}
        assert (held["T2-03"].before_treatment, held["T2-03"].after_treatment) == (True, False)
        assert "The drug service" in said(desk.get(at(plan, "plan-tiers")))

    def test_a_state_taken_back_is_not_stated(self, desk, plan):
        Coverage.objects.create(plan=plan, item_id="T1-01", state="HAVE")

        desk.post(at(plan, "plan-coverage", 1), {"revision": plan.revision})

        assert not Coverage.objects.exists()

    def test_the_coverage_is_in_the_file(self, desk, plan):
        Coverage.objects.create(plan=plan, item_id="T1-01", state="WEAK", reason="One ward")

        file = desk.get(f"{at(plan, 'plan-tiers')}?format=csv")

        written = b"".join(file.streaming_content).decode()
        assert "T1-01 Screening and assessment,1,Weak," in written
        assert "One ward" in written
        assert "T4-04 Crisis units in larger urban areas,4,Not stated" in written

    @pytest.mark.parametrize(
        ("asked", "named"),
        [
            ("state=WEAK", ["T1-01"]),
            ("tier=4&sort=-name", [f"T4-0{number}" for number in range(7, 0, -1)]),
            ("name=T2-03", ["T2-03"]),
            ("state=NOT_STATED&tier=1&sort=name", ["T1-02"]),
        ],
    )
    def test_the_coverage_is_filtered_and_sorted_and_its_file_is_the_same(
        self, desk, plan, asked, named
    ):
        Coverage.objects.create(plan=plan, item_id="T1-01", state="WEAK", reason="One ward")
        address = f"{at(plan, 'plan-tiers')}?{asked}"

        rows = [one.record.item.code for one in desk.get(address).context["table"].rows]
        file = b"".join(desk.get(f"{address}&format=csv").streaming_content).decode()

        assert rows[: len(named)] == named
        assert [line.split()[0].strip('"') for line in file.splitlines()[1:]] == rows

    def test_there_is_no_fifth_tier(self, desk, plan):
        assert desk.get(at(plan, "plan-coverage", 5)).status_code == 404

    def test_the_grid_shows_who_does_what_and_when(self, client):
        plan = sound_plan()
        client.force_login(UserFactory(analyst_of=plan.partnership))

        page = said(client.get(at(plan, "plan-tiers")))

        assert "To be commissioned" in page
        assert "Open in the evening, not at weekends" in page
        assert "Office hours only" in page


def a_row(plan, **words):
    given = {
        "grid": "ACCESS",
        "number": 1,
        "objective": "Waits",
        "action": "Open on Saturdays",
        "by_when": dt.date(2006, 9, 30),
        "by_whom": "The service",
    }
    return GridRow.objects.create(plan=plan, **{**given, **words})


class TestGrids:
    WORDS = {
        "grid": "HARM",
        "objective": "Fewer infections",
        "action": "Vaccinate",
        "by_when_0": "30",
        "by_when_1": "9",
        "by_when_2": "2006",
        "by_whom": "The service",
    }

    def test_a_row_is_added_at_the_end_of_its_grid(self, desk, plan):
        a_row(plan, grid="HARM", number=4)

        desk.post(at(plan, "plan-grid-add"), {**self.WORDS, "revision": plan.revision})

        assert GridRow.objects.get(plan=plan, action="Vaccinate").number == 5

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"by_when_0": "31"}, "date"),
            ({"by_when_2": "2005"}, "The plan begins on 1 April 2006"),
            ({"objective": ""}, "Enter the objective"),
            ({"grid": "OTHER"}, "Choose one of those listed"),
        ],
    )
    def test_bad_rows_are_answered(self, desk, plan, words, sentence):
        answer = desk.post(
            at(plan, "plan-grid-add"), {**self.WORDS, "revision": plan.revision, **words}
        )

        assert sentence in said(answer)
        assert not GridRow.objects.exists()

    def test_rows_are_offered_to_start_from_and_offered_no_more(self, desk, plan):
        address = f"{at(plan, 'plan-grid-add')}?start=peer-aftercare"

        assert desk.get(address).context["form"]["grid"].value() == "EXIT"
        assert "start=peer-aftercare" in said(desk.get(at(plan, "plan-grids")))
        a_row(plan, grid="EXIT", objective="Nobody leaves treatment to nothing")
        assert "start=peer-aftercare" not in said(desk.get(at(plan, "plan-grids")))

    def test_the_status_is_told_after_the_plan_is_agreed(self, desk, plan):
        a_row(plan)
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.AGREED)

        desk.post(at(plan, "plan-grid-row", "access", 1), {"status": "LATE", "note": "No staff"})

        row = GridRow.objects.get()
        assert (row.status, row.status_note) == ("LATE", "No staff")
        assert desk.get(at(plan, "plan-grid-change", "access", 1)).status_code == 403

    def test_a_closed_plan_keeps_its_statuses(self, desk, plan):
        a_row(plan)
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED)

        answer = desk.post(at(plan, "plan-grid-row", "access", 1), {"status": "DONE"})

        assert "is closed" in said(answer)
        assert GridRow.objects.get().status == "NOT_STARTED"

    def test_a_row_is_changed_and_taken_out(self, desk, plan):
        a_row(plan)
        words = {**self.WORDS, "revision": plan.revision}

        desk.post(at(plan, "plan-grid-change", "access", 1), words)
        assert GridRow.objects.get().action == "Vaccinate"
        desk.post(at(plan, "plan-grid-remove", "access", 1))
        assert not GridRow.objects.exists()

    def test_every_row_is_in_the_file(self, desk, plan):
        a_row(plan)
        a_row(plan, grid="HARM", action="=1+1")

        csv = b"".join(desk.get(f"{at(plan, 'plan-grids')}?format=csv").streaming_content).decode()

        assert "Open on Saturdays,Access and engagement" in csv
        assert "'=1+1,Harm reduction" in csv

    def test_the_list_is_filtered_by_grid(self, desk, plan):
        a_row(plan)
        a_row(plan, grid="HARM", action="Vaccinate")

        page = said(desk.get(f"{at(plan, 'plan-grids')}?grid=HARM"))

        assert "Vaccinate" in page
        assert "Open on Saturdays" not in page


class TestChecks:
    def declare(self, desk, plan, code, **words):
        given = {"grounds": "Seen", "revision": now(plan).revision}
        return desk.post(at(plan, "plan-check-declare", code), {**given, **words})

    def test_all_are_listed_with_state_and_source_and_where_to_mend_them(self, desk, plan):
        page = said(desk.get(at(plan, "plan-checks")))

        assert "The plan opens with a strategic summary." in page
        assert "Models of Care 2006, 3.5.4" in page
        assert at(plan, "plan-lines") in page

    def test_those_that_stand_in_one_way_are_shown_alone(self, desk, plan):
        page = said(desk.get(f"{at(plan, 'plan-checks')}?state=needs_reason"))

        assert "Shared care" in page
        assert "The plan opens with" not in page

    def test_what_is_not_known_is_declared_with_grounds(self, desk, plan):
        self.declare(desk, plan, "shared-care", holds="holds", items=["in-place", "reviewed"])

        declaration = Declaration.objects.get(plan=plan)
        assert (declaration.holds, declaration.grounds) == (True, "Seen")
        assert "Declared: Seen" in said(desk.get(at(plan, "plan-checks")))

    @pytest.mark.parametrize(
        ("code", "words", "sentence"),
        [
            ("shared-care", {"holds": "holds", "items": ["in-place"]}, "Tick everything"),
            ("shared-care", {"holds": "not", "grounds": ""}, "Enter the grounds"),
            ("shared-care", {"items": ["in-place"]}, "Choose whether it holds"),
            ("shared-care", {"holds": "holds", "items": ["other"]}, "Choose one of those listed"),
            ("both-aims", {"grounds": " "}, "Enter the reason"),
        ],
    )
    def test_half_a_declaration_is_answered(self, desk, plan, code, words, sentence):
        answer = self.declare(desk, plan, code, **words)

        assert sentence in said(answer)
        assert not Declaration.objects.exists()

    def test_a_reason_is_given_and_taken_back(self, desk, plan):
        self.declare(desk, plan, "both-aims", grounds="Next year")
        assert not Declaration.objects.get().holds

        desk.post(at(plan, "plan-check-withdraw", "both-aims"))
        assert not Declaration.objects.exists()

    def test_what_has_to_be_mended_cannot_be_declared(self, desk, plan):
        assert desk.get(at(plan, "plan-check-declare", "line-sums")).status_code == 404
        assert desk.get(at(plan, "plan-check-declare", "nothing")).status_code == 404

    def test_the_first_page_says_what_is_still_to_do(self, desk, plan):
        page = said(desk.get(at(plan, "plan-detail")))

        assert "Still to do before the plan can be sent" in page
        assert "The plan has no lines." in page


class TestWhereACheckIsMended:
    """A check that a plan does not keep leads to where it is mended, for who may mend it."""

    @pytest.fixture
    def start_joint(self, plan):
        return reverse("commissioning:plan-start-joint", args=[plan.partnership.code])

    @pytest.mark.parametrize("page", ["plan-checks", "plan-detail"])
    def test_needs_of_tier_4_are_mended_on_the_needs_page(self, desk, plan, page):
        answer = desk.get(at(plan, page)).content.decode()

        assert mended_at(answer, "Tier 4 from needs") == at(plan, "plan-needs")

    @pytest.mark.parametrize("page", ["plan-checks", "plan-detail"])
    def test_a_joint_plan_is_started_where_joint_plans_are(self, desk, plan, page, start_joint):
        answer = desk.get(at(plan, page)).content.decode()

        assert mended_at(answer, "Tier 4 planned jointly") == start_joint
        assert desk.get(start_joint).status_code == 200

    def test_who_may_not_start_one_is_not_led_there(self, client, plan, start_joint):
        client.force_login(UserFactory(analyst_of=plan.partnership))

        assert start_joint not in client.get(at(plan, "plan-checks")).content.decode()
        overview = client.get(at(plan, "plan-detail")).content.decode()
        assert mended_at(overview, "Tier 4 planned jointly") == (
            at(plan, "plan-checks") + "#tier-4-joint"
        )


def mended_at(page, title):
    """Where the link leads that mends the check: “Mend”, or the check's name on the overview."""
    links = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    found = [href for href, words in links if title in words]
    return found[0]


def test_each_page_asks_a_constant_number_of_queries(client):
    plan = sound_plan()
    a_row(plan, grid="HARM")
    client.force_login(UserFactory(commissioner_of=plan.partnership))

    for name, page, more in (
        ("first page of a plan", "plan-detail", ()),
        ("targets of a plan", "plan-targets", ()),
        ("tiers of a plan", "plan-tiers", ()),
        ("grids of a plan", "plan-grids", ()),
        ("checks of a plan", "plan-checks", ()),
        ("coverage of a tier", "plan-coverage", (2,)),
        ("row of a grid", "plan-grid-row", ("harm", 1)),
        ("a target of a plan", "plan-target-set", ("local", "in-treatment")),
        ("a check of a plan declared", "plan-check-declare", ("shared-care",)),
    ):
        assert_counted(client, name, at(plan, page, *more))
