"""Last year's plan, rolled forward: what comes along, what begins anew, and what refuses it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.checks import CheckState
from commissioning.choices import FundingStanding, PlanState
from commissioning.kernel.errors import NotPermitted
from commissioning.models import (
    Coverage,
    Entry,
    Evidence,
    Funding,
    GridRow,
    LineTrajectory,
    Plan,
    PlanDocument,
    Priority,
    Target,
)
from commissioning.rules.uplift import Uplifts
from commissioning.selectors.plans.checking import checks_of
from commissioning.services.plans import rolling
from commissioning.services.plans.rolling import NotRolled, roll_forward
from tests.commissioning.plans.written import framework_item
from tests.factories.commissioning import UserFactory, signed_in
from tests.factories.plans import (
    FundingFactory,
    InterventionTypeFactory,
    LineFactory,
    PlanFactory,
    StreamFactory,
)
from tests.factories.providers import ContractFactory, ProviderFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def plan():
    """A closed plan of 2006/07 with something in every part."""
    plan = PlanFactory(
        partnership__organisation__name="Blackpool",
        state=PlanState.CLOSED,
        summary="More people, sooner.",
        has_prison=True,
    )
    ptb, care = StreamFactory(code="ptb", name="Pooled"), StreamFactory(code="care", name="Care")
    FundingFactory(
        partnership=plan.partnership, stream=ptb, amount=D("1000.10"), standing="CONFIRMED",
        held_by="The trust",
    )  # fmt: skip
    FundingFactory(partnership=plan.partnership, stream=care, amount=D(500))
    first = Priority.objects.create(plan=plan, number=1, text="Aftercare", need="Unmet")
    outreach = LineFactory(
        plan=plan, name="Outreach", plain_sum=D("800.00"), taking={ptb: "600.00", care: "200.00"},
        provider=ProviderFactory(organisation__name="Addaction").organisation,
        intervention=InterventionTypeFactory(code="outreach"), tier=2, priority=first,
        ends_on=dt.date(2007, 9, 30), evenings=True,
    )  # fmt: skip
    LineTrajectory.objects.create(line=outreach, quarter=1, starts=4, spend="200.00")
    LineFactory(plan=plan, name="Support", plain_sum=D(300), taking={care: 300})
    Target.objects.create(
        plan=plan, indicator="retained", source="LOCAL", baseline="0.6", target="0.75",
        trajectory=[D("0.65"), D("0.7"), D("0.7"), D("0.75")],
    )  # fmt: skip
    GridRow.objects.create(
        plan=plan, grid="ACCESS", number=1, priority=first, objective="Waits", action="Open late",
        by_when=dt.date(2007, 2, 28), by_whom="A. Ward", status="DONE", status_note="Since May",
    )  # fmt: skip
    Coverage.objects.create(plan=plan, item=framework_item(), state="WEAK", by_whom="Pharmacies")
    PlanDocument.objects.create(plan=plan, role="WORKFORCE", title="Workforce strategy")
    Evidence.objects.create(
        subject=plan.partnership.organisation, name="retained", period="FY2006", value="0.7123",
        numerator=52, denominator=73, as_at=dt.date(2007, 5, 1), source="Indicator, 2006/07",
    )  # fmt: skip
    return plan


@pytest.fixture
def ann(plan, client):
    return signed_in(client, name="Ann Ward", commissioner_of=plan.partnership)


def page(plan, name="plan-roll"):
    app = "reporting" if name in {"plan-roll", "plan-contracts"} else "commissioning"
    return reverse(f"{app}:{name}", args=[plan.partnership.code, plan.slug])


class TestWhatComesAlong:
    @pytest.fixture
    def new(self, plan, ann):
        return roll_forward(plan=plan, by=ann, uplifts=Uplifts(streams={"ptb": D("2.5")}))

    def test_a_draft_of_the_next_year(self, plan, new):
        assert (new.slug, new.year, new.state, new.rolled_from) == (
            "FY2007", 2007, PlanState.DRAFT, plan,
        )  # fmt: skip
        assert (new.summary, new.has_prison) == ("More people, sooner.", True)

    def test_lines_with_their_money_uplifted_to_the_penny(self, new):
        outreach, support = new.lines.all()

        assert (outreach.cost, support.cost) == (D("815.00"), D(300))
        assert dict(outreach.allocations.values_list("stream", "amount")) == {
            "ptb": D("615.00"),
            "care": D("200.00"),
        }
        assert outreach.provider.name == "Addaction"
        assert (outreach.priority.plan, outreach.evenings) == (new, True)
        assert outreach.ends_on == dt.date(2007, 9, 30)
        quarter = outreach.trajectory.get()
        assert (quarter.starts, quarter.spend) == (4, D("203.75"))

    def test_nothing_of_the_ledger(self, new):
        assert not Entry.objects.filter(allocation__line__plan=new).exists()

    def test_funding_is_expected_and_uplifted(self, plan, new):
        held = Funding.objects.in_year(2007).get(stream="ptb")

        assert (held.amount, held.standing) == (D("1025.10"), FundingStanding.EXPECTED)
        assert held.held_by == "The trust"
        assert Funding.objects.in_year(2006).get(stream="ptb").amount == D("1000.10")

    def test_milestones_begin_anew_a_year_later(self, new):
        row = new.grid_rows.get()

        assert (row.status, row.status_note) == ("NOT_STARTED", "")
        assert row.by_when == dt.date(2008, 2, 28)
        assert row.priority == new.priorities.get()

    def test_a_target_begins_at_last_years_result_to_be_confirmed(self, new):
        target = new.targets.get()

        assert (target.baseline, target.target) == (D("0.7123"), D("0.75"))
        assert target.baseline_source == "Indicator, 2006/07; rolled forward, to be confirmed"
        assert target.trajectory == [D("0.72"), D("0.73"), D("0.74"), D("0.75")]

    def test_a_target_that_was_passed_waits_to_be_set_again(self, plan, ann, client):
        Target.objects.filter(plan=plan).update(target="0.65")

        new = roll_forward(plan=plan, by=ann)

        target = new.targets.get()
        assert (target.target, target.trajectory, target.is_passed) == (D("0.65"), [], True)
        results = {one.code: one for one in checks_of(new)}
        assert results["retention-set"].state is CheckState.FAILS
        assert results["targets-ahead"].state is CheckState.NEEDS_REASON
        assert results["targets-ahead"].finding.items == (
            "Retained twelve weeks, local expectation: 65%, where the baseline is 71%",
        )
        asked = {"standing": "passed", "format": "csv"}
        listed = b"".join(client.get(page(new, "plan-targets"), asked)).decode()
        assert listed.count("Below the baseline") == 1

    def test_money_carried_forward_is_not_copied_the_year_end_makes_it(self, plan, ann):
        carried = StreamFactory(code="carried-forward", name="Carried forward")
        FundingFactory(
            partnership=plan.partnership, stream=carried, amount=D(900), standing="CONFIRMED"
        )

        roll_forward(plan=plan, by=ann)

        assert not Funding.objects.in_year(2007).filter(stream=carried).exists()

    def test_a_line_paid_from_it_keeps_its_cost_and_the_stream_begins_at_nothing(self, plan, ann):
        carried = StreamFactory(code="carried-forward", name="Carried forward")
        FundingFactory(
            partnership=plan.partnership, stream=carried, amount=D(900), standing="CONFIRMED"
        )
        LineFactory(plan=plan, name="More", plain_sum=D(900), taking={carried: 900})

        new = roll_forward(plan=plan, by=ann)

        assert Funding.objects.in_year(2007).get(stream=carried).amount == 0
        assert new.lines.get(name="More").cost == 900

    def test_coverage_and_documents(self, new):
        assert new.coverage.get().by_whom == "Pharmacies"
        assert new.documents.get().title == "Workforce strategy"


class TestRefused:
    def test_when_the_next_year_has_a_plan(self, plan, ann):
        PlanFactory(partnership=plan.partnership, year=2007)

        with pytest.raises(NotRolled, match="Blackpool has a plan for 2007/08 already"):
            roll_forward(plan=plan, by=ann)

    def test_also_when_two_people_do_it_at_once(self, plan, ann, monkeypatch):
        """The second has seen no plan of the next year; the database knows better."""
        roll_forward(plan=plan, by=ann)
        monkeypatch.setattr(rolling, "next_plan_of", lambda _plan: None)

        with pytest.raises(NotRolled, match="has a plan for 2007/08 already"):
            roll_forward(plan=plan, by=ann)

    def test_for_whoever_only_reads(self, plan):
        with pytest.raises(NotPermitted):
            roll_forward(plan=plan, by=UserFactory(analyst_of=plan.partnership))

    def test_not_by_a_stream_that_only_lines_name(self, plan, ann):
        """It is there with £0, so that the page says what is missing."""
        Funding.objects.all().delete()

        new = roll_forward(plan=plan, by=ann)

        assert set(Funding.objects.in_year(2007).values_list("amount", flat=True)) == {D(0)}
        assert new.lines.count() == 2

    def test_a_stream_that_the_next_year_has_stays_as_it_is(self, plan, ann):
        Funding.objects.create(
            partnership=plan.partnership, stream_id="ptb", year=2007, amount=D(7)
        )

        roll_forward(plan=plan, by=ann)

        assert Funding.objects.in_year(2007).get(stream="ptb").amount == D(7)


class TestPage:
    def test_from_the_overview_to_the_draft(self, plan, ann, client):
        assert page(plan) in client.get(page(plan, "plan-detail")).content.decode()
        shown = client.get(page(plan))
        groups = [fields for _, fields in shown.context["groups"]]
        labels = {field.label: field.name for fields in groups for field in fields}
        assert set(labels) == {"Pooled", "Care", "Addaction", "Outreach and re-engagement"}

        answer = client.post(page(plan), {labels["Addaction"]: "−3 %"}, follow=True)

        said = answer.content.decode()
        assert "rolled forward to 2007/08. Confirm its <a" in said
        new = Plan.objects.get(year=2007)
        assert f'href="{page(new, "plan-targets")}">baselines</a>' in said
        assert f'href="{page(new, "plan-money")}">funding</a>' in said
        assert Plan.objects.get(year=2007).lines.first().cost == D("776.00")

    @pytest.mark.parametrize("typed", ["lots", "-101", "1000", "2.555", "1e2", "٣"])
    def test_what_is_no_per_cent_is_said_and_kept(self, plan, ann, client, typed):
        answer = client.post(page(plan), {"streams-0": typed})

        assert "is not a per cent from" in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode()
        assert not Plan.objects.filter(year=2007).exists()

    def test_contracts_that_end_in_the_new_year_are_shown_and_downloaded(self, plan, ann, client):
        assert "30 September 2007" in client.get(page(plan)).content.decode()

        rows = b"".join(
            client.get(page(plan, "plan-contracts"), {"year": "FY2007", "format": "csv"})
        ).decode()

        assert "Outreach,Ends,2007-09-30,Line 1,Addaction" in rows
        assert "Outreach" not in client.get(page(plan, "plan-contracts")).content.decode()

    def test_contracts_kept_here_are_among_them_with_their_notice_and_option(
        self, plan, ann, client
    ):
        kept = {"lead": plan.partnership, "state": "LIVE"}
        detox = ContractFactory(
            **kept, reference="ne-detox", title="Detoxification", ends_on=dt.date(2007, 4, 1)
        )
        ContractFactory(
            **kept, reference="longer", title="Counselling", starts_on=dt.date(2006, 4, 1),
            ends_on=dt.date(2008, 6, 1), extensions_left=1, extension_months=12,
            extend_by=dt.date(2007, 12, 1),
        )  # fmt: skip
        ContractFactory(**kept, reference="later", title="Later", ends_on=dt.date(2009, 4, 1))
        ContractFactory(state="LIVE", reference="theirs", title="Theirs")

        shown = client.get(page(plan))

        assert [(str(one.on), one.what, one.kept) for one in shown.context["falling"]] == [
            ("2007-04-01", "Ends", "Contract ne-detox"),
            ("2007-09-30", "Ends", "Line 1"),
            ("2007-12-01", "Extend by", "Contract longer"),
            ("2008-03-02", "Last day for notice", "Contract longer"),
        ]
        href = reverse("providers:contract-detail", args=[detox.reference])
        assert f'href="{href}">Detoxification</a>' in shown.content.decode()
        asked = {"year": "FY2007", "what": "option"}
        listed = client.get(page(plan, "plan-contracts"), asked).content.decode()
        assert "Counselling" in listed
        assert "Detoxification" not in listed

    def test_what_lines_take_of_a_stream_stands_beside_what_there_is(self, plan, ann, client):
        shown = client.get(page(plan)).content.decode()

        assert "Lines take £600 of £1,000.10" in shown
        assert "Lines cost £800" in shown

    def test_where_the_next_year_has_one_it_is_linked_instead(self, plan, ann, client):
        there = roll_forward(plan=plan, by=ann)

        answer = client.get(page(plan)).content.decode()

        assert page(there, "plan-detail") in answer
        assert "Uplift" not in answer
        refused = client.post(page(plan), {})
        assert "has a plan for 2007/08 already" in refused.content.decode()

    def test_the_list_of_plans_offers_it_once(self, plan, ann, client):
        listed = reverse("commissioning:plan-list", args=[plan.partnership.code])
        assert page(plan) in client.get(listed).content.decode()

        new = roll_forward(plan=plan, by=ann)

        answer = client.get(listed).content.decode()
        assert page(plan) not in answer
        assert page(new) in answer

    def test_pages_ask_as_many_queries_however_long_the_plan(self, plan, ann, client):
        assert_counted(client, "a plan to roll forward", page(plan))
        for _ in range(5):
            LineFactory(plan=plan, provider=ProviderFactory().organisation,
                        ends_on=dt.date(2007, 5, 1))  # fmt: skip
        assert_counted(client, "a plan to roll forward", page(plan))
        assert_counted(client, "contracts of a plan", page(plan, "plan-contracts"))
