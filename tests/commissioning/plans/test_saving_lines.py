"""Lines are written together or not at all, and every row says what is wrong with it."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import PlanState
from commissioning.kernel.errors import DomainError, NotPermitted, TransitionRefused
from commissioning.models import Allocation, AuditEvent, Entry, Line, Plan, Priority
from commissioning.selectors.plans.lines import HeldStream, lines_of
from commissioning.selectors.plans.money import money_of
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.line_rows import LineRow, LinesRefused, Reached
from commissioning.services.plans.lines import reorder_lines, save_lines
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import (
    FundingFactory,
    InterventionTypeFactory,
    LineFactory,
    PlanFactory,
    StreamFactory,
)
from tests.factories.providers import ProviderFactory

pytestmark = pytest.mark.django_db
D = Decimal
# Blackpool's published budgets of 2003/04, in pounds.
BLACKPOOL = ("66872", "740000", "35000", "207193", "125918")


@pytest.fixture
def ann(plan):
    return UserFactory(name="Ann Ward", commissioner_of=plan.partnership)


def new(key="new-1", amounts=None, percents=None, **values):
    values = {"name": "A line", **values}
    return LineRow(key, values=values, amounts=amounts or {}, percents=percents or {})


def save(plan, by, *rows, **more):
    return save_lines(plan=plan, rows=rows, by=by, **more)


def refused(plan, by, *rows):
    with pytest.raises(LinesRefused) as why:
        save(plan, by, *rows)
    return [(error.key, error.column, error.sentence) for error in why.value.errors]


def taken(line):
    return {one.stream_id: one.amount for one in line.allocations.all()}


class TestAdding:
    def test_published_budgets_entered_as_lines_give_the_published_total(self, plan, ann, streams):
        rows = [
            new(
                f"new-{place}", name=f"Budget {place}", plain_sum=D(sum_), amounts={"ptb": D(sum_)}
            )
            for place, sum_ in enumerate(BLACKPOOL, start=1)
        ]

        saved = save(plan, ann, *rows)

        assert saved.added == (1, 2, 3, 4, 5)
        money = money_of(plan)
        assert money.cost == money.pounds.planned == D("1174983.00")

    def test_a_line_costs_what_its_units_come_to(self, plan, ann):
        save(plan, ann, new(unit_cost=D("420.00"), volume=D(8), weeks=D(26)))

        assert plan.lines.get().cost == D("87360.00")

    def test_percentages_share_the_cost_to_the_penny(self, plan, ann, streams):
        save(plan, ann, new(plain_sum=D("0.05"), percents={"ptb": D(50), "pct": D(50)}))

        assert taken(plan.lines.get()) == {"ptb": D("0.03"), "pct": D("0.02")}

    def test_the_interventions_own_tier_is_taken_where_none_is_given(self, plan, ann):
        InterventionTypeFactory(code="residential-rehabilitation")

        save(plan, ann, new(intervention="residential-rehabilitation"))

        assert plan.lines.get().tier == 4

    def test_where_the_client_moves_in_structured_work_is_tier_4(self, plan, ann):
        InterventionTypeFactory(code="structured-psychosocial")

        save(plan, ann, new(intervention="structured-psychosocial", setting="residential-unit"))

        assert plan.lines.get().tier == 4

    def test_a_number_is_never_given_twice(self, plan, ann):
        save(plan, ann, new(), new("new-2"))
        save(plan, ann, LineRow("2", number=2, remove=True))

        assert save(plan, ann, new()).added == (3,)


class TestRefusing:
    def test_all_rows_are_told_what_is_wrong_and_nothing_is_written(self, plan, ann, streams):
        LineFactory(plan=plan)
        found = refused(
            plan,
            ann,
            new("new-1", name=""),
            new("new-2", unit_cost=D(1), plain_sum=D(1)),
            new("new-3", unit_cost=D(1)),
            new("new-4", plain_sum=D(9), percents={"ptb": D(50)}),
            new("new-5", provider="NOBODY"),
            LineRow("1", number=1, values={"name": "Kept"}),
        )

        assert [(key, column) for key, column, _ in found] == [
            ("new-1", "name"),
            ("new-2", "plain_sum"),
            ("new-3", "volume"),
            ("new-4", "stream-ptb"),
            ("new-5", "provider"),
        ]
        assert "They must make 100%" in found[3][2]
        assert plan.lines.get().name == "Line 1"
        assert Plan.objects.get(pk=plan.pk).revision == plan.revision

    def test_a_stream_the_partnership_does_not_have(self, plan, ann, streams):
        StreamFactory(code="police", name="Police")

        ((_, column, sentence),) = refused(plan, ann, new(amounts={"police": D(5)}))

        assert column == "stream-police"
        assert "Blackpool has no Police in 2006/07" in sentence

    def test_a_stream_of_another_year_does_not_count(self, plan, ann):
        stream = StreamFactory(code="police")
        FundingFactory(partnership=plan.partnership, stream=stream, year=2005)

        assert refused(plan, ann, new(amounts={"police": D(5)}))

    def test_a_streams_money_may_still_be_taken_off_a_line_when_it_is_gone(self, plan, ann):
        gone = StreamFactory(code="police")
        LineFactory(plan=plan, taking={gone: D(500)})

        save(plan, ann, LineRow("1", number=1, amounts={"police": D(0)}))

        assert taken(plan.lines.get()) == {"police": D(0)}

    @pytest.mark.parametrize("stream", ["unknown", ""])
    def test_a_stream_that_is_none(self, plan, ann, stream):
        assert "no funding stream" in refused(plan, ann, new(amounts={stream: D(5)}))[0][2]

    @pytest.mark.parametrize("amount", ["-1", "10000000000.00"])
    def test_a_streams_amount_beyond_its_limits(self, plan, ann, streams, amount):
        assert "£0 or more" in refused(plan, ann, new(amounts={"ptb": D(amount)}))[0][2]

    def test_substitute_prescribing_stays_tier_3(self, plan, ann):
        InterventionTypeFactory(code="gp-prescribing")

        ((_, column, sentence),) = refused(plan, ann, new(intervention="gp-prescribing", tier=2))

        assert (column, sentence[:18]) == ("tier", "This stays Tier 3.")

    def test_another_line_a_line_twice_and_a_line_that_is_gone(self, plan, ann):
        LineFactory(plan=plan)
        LineFactory(plan=PlanFactory(), number=7)

        found = refused(
            plan, ann, LineRow("1", number=1), LineRow("1b", number=1), LineRow("7", number=7)
        )

        assert [sentence for *_, sentence in found] == [
            "Line 1 is twice in these rows.",
            "Line 7 is no longer in the plan.",
        ]

    def test_a_priority_of_another_plan(self, plan, ann):
        Priority.objects.create(plan=PlanFactory(), number=1, text="Elsewhere")

        assert refused(plan, ann, new(priority=1))[0][1] == "priority"

    def test_a_trajectory_that_falls(self, plan, ann):
        row = LineRow(
            "new-1",
            values={"name": "A line"},
            trajectory={1: Reached(10, D(5)), 3: Reached(9, D(4))},
        )

        assert [column for _, column, _ in refused(plan, ann, row)] == ["starts_3", "spend_3"]

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            (PlanState.CLOSED, "is closed and stays as it was"),
            (PlanState.AGREED, "Open an amendment"),
            (PlanState.SUBMITTED, "is with the region"),
        ],
    )
    def test_a_plan_that_is_not_being_written(self, plan, ann, state, sentence):
        Plan.objects.filter(pk=plan.pk).update(state=state)

        with pytest.raises(TransitionRefused, match=sentence):
            save(plan, ann, new())

    def test_who_may_not_edit_the_plan(self, plan):
        with pytest.raises(NotPermitted):
            save(plan, UserFactory(analyst_of=plan.partnership), new())
        with pytest.raises(NotPermitted):
            save(plan, UserFactory(lead_of=PartnershipFactory()), new())

    def test_what_was_seen_before_somebody_else_saved(self, plan, ann):
        save(plan, ann, new(), revision=1)

        with pytest.raises(ChangedMeanwhile):
            save(plan, ann, new(), revision=1)


class TestChanging:
    def test_only_what_a_row_says_is_changed(self, plan, ann, streams):
        LineFactory(plan=plan, note="Kept", taking={streams[0]: D(400)})

        save(plan, ann, LineRow("1", number=1, values={"plain_sum": D(900)}))

        line = plan.lines.get()
        assert (line.name, line.note, line.cost) == ("Line 1", "Kept", D(900))
        assert (taken(line), line.revision) == ({"ptb": D(400)}, 2)

    def test_a_row_that_changes_nothing_leaves_no_trace_on_the_line(self, plan, ann):
        LineFactory(plan=plan)

        saved = save(plan, ann, LineRow("1", number=1, values={"name": "Line 1"}))

        assert saved.changed == ()
        assert plan.lines.get().revision == 1

    def test_its_history_says_who_changed_what(self, plan, ann, streams):
        line = LineFactory(plan=plan, taking={streams[0]: D(400)})
        provider = ProviderFactory().organisation

        save(
            plan,
            ann,
            LineRow(
                "1",
                number=1,
                values={"plain_sum": D("900.00"), "provider": provider.code},
                amounts={"ptb": D("500.00")},
            ),
        )

        deed = AuditEvent.objects.about(line).get()
        assert (deed.action, deed.person) == ("line.changed", ann)
        assert deed.details == {
            "plain_sum": ["1000.00", "900.00"],
            "cost": ["1000.00", "900.00"],
            "provider": [None, provider.name],
            "money": {"ptb": ["400.00", "500.00"]},
        }

    def test_a_trajectory_replaces_the_one_before(self, plan, ann):
        line = LineFactory(plan=plan)
        for starts in (5, 7):
            save(plan, ann, LineRow("1", number=1, trajectory={1: Reached(starts), 2: Reached()}))

        assert [(one.quarter, one.starts) for one in line.trajectory.all()] == [(1, 7)]

    def test_lines_are_put_in_another_order_and_the_rest_follows(self, plan, ann):
        for _ in range(4):
            LineFactory(plan=plan)

        reorder_lines(plan=plan, numbers=[3, 1], by=ann)

        assert [line.number for line in lines_of(plan)] == [3, 1, 2, 4]

    def test_a_line_that_is_not_there_has_no_place(self, plan, ann):
        with pytest.raises(DomainError, match="no line 9"):
            reorder_lines(plan=plan, numbers=[9], by=ann)


class TestRemoving:
    def test_a_line_goes_with_its_parts_and_the_plan_remembers(self, plan, ann, streams):
        LineFactory(plan=plan, taking={streams[0]: D(400)})

        save(plan, ann, LineRow("1", number=1, remove=True))

        assert not Line.objects.exists() and not Allocation.objects.exists()  # noqa: PT018
        assert AuditEvent.objects.about(plan).get().details["removed"] == ["1. Line 1"]

    def test_a_line_with_ledger_entries_stays_and_may_go_to_nought(self, plan, ann, streams):
        line = LineFactory(plan=plan, taking={streams[0]: D(400)})
        Entry.objects.create(
            allocation=line.allocations.get(),
            kind="ALLOCATION",
            amount=D(400),
            cause="a test",
            on=dt.date(2006, 4, 1),
            made_by=ann,
        )

        ((_, _, sentence),) = refused(plan, ann, LineRow("1", number=1, remove=True))
        nought = LineRow("1", number=1, values={"plain_sum": D(0)}, amounts={"ptb": D(0)})
        save(plan, ann, nought)

        assert "Bring its amounts to £0 instead" in sentence
        assert plan.lines.get().cost == 0
        assert line.allocations.get().planned == D(400)


class TestReading:
    def test_a_ring_fenced_stream_says_of_which_interventions_it_may_not_pay(self):
        fenced = StreamFactory(
            code="community-care", name="Community care", pays_only=["residential-rehabilitation"]
        )
        kinds = [
            InterventionTypeFactory(code=code)
            for code in ("residential-rehabilitation", "outreach")
        ]

        said = [HeldStream(fenced, None).warning(kind) for kind in (*kinds, None)]

        assert said == ["", *["Community care pays only for residential rehabilitation."] * 2]
