"""The budget grid and the page of one line, as a plain form: nothing that is typed is lost."""

import html
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.choices import PlanState
from commissioning.models import Allocation, Line, Plan, Priority
from commissioning.services.plans.line_rows import LineRow
from commissioning.services.plans.lines import save_lines
from tests.factories.commissioning import UserFactory, signed_in
from tests.factories.plans import (
    FundingFactory,
    InterventionTypeFactory,
    LineFactory,
    StreamFactory,
)
from tests.factories.providers import ProviderFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def ann(plan, client):
    return signed_in(client, name="Ann Ward", commissioner_of=plan.partnership)


def address(plan, name="plan-lines", *more):
    return reverse(f"commissioning:{name}", args=[plan.partnership.code, plan.slug, *more])


def typed(answer):
    """What the page's form would send as it stands."""
    found = {}
    for tag in re.finditer(r"<input [^>]*>", answer.content.decode()):
        words = dict(re.findall(r'([\w-]+)="([^"]*)"', tag[0]))
        if "name" not in words or words.get("type") == "checkbox":
            continue
        found[words["name"]] = html.unescape(words.get("value", ""))
    return found


def body(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestGrid:
    def test_everything_wrong_is_said_in_one_round_and_the_sums_stay(
        self, plan, ann, streams, client
    ):
        LineFactory(plan=plan, name="Outreach", plain_sum=D(1000))
        form = typed(client.get(address(plan)))
        form |= {"1.tier": "7", "1.stream-ptb": "60%", "1.stream-pct": "60%"}

        answer = client.post(address(plan), form)

        said = body(answer)
        assert "There is no Tier 7" in said
        assert "The percentages come to 120%. They must make 100%." in said
        assert said.count("£200 over") == 3  # the line, the foot and the heading
        assert "Lines cost £1,000; streams pay £1,200" in said

    def test_of_a_share_that_cannot_be_read_no_sum_of_shares_is_told(
        self, plan, ann, streams, client
    ):
        LineFactory(plan=plan, name="Outreach", plain_sum=D(1000))
        form = typed(client.get(address(plan)))
        form |= {"1.plain_sum": "many", "1.stream-ptb": "60%", "1.stream-pct": "half%"}

        said = body(client.post(address(plan), form))

        assert "“half%” is not a percentage" in said
        assert "must make 100%" not in said

    def test_what_is_typed_is_saved_and_shown_again(self, plan, ann, streams, client):
        InterventionTypeFactory(code="outreach")
        ProviderFactory(organisation__name="Addaction")
        form = typed(client.get(address(plan)))
        form |= {
            "new-1.name": "Outreach team",
            "new-1.intervention": "outreach and re-engagement",
            "new-1.provider": "addaction",
            "new-1.purchase": "Block",
            "new-1.unit_cost": "£420",
            "new-1.volume": "8",
            "new-1.weeks": "26",
            "new-1.stream-ptb": "60%",
            "new-1.stream-pct": "40%",
        }

        answer = client.post(address(plan), form, follow=True)

        line = plan.lines.get()
        assert (line.cost, line.provider.name, line.purchase) == (D(87360), "Addaction", "BLOCK")
        assert dict(line.allocations.values_list("stream", "amount")) == {
            "ptb": D("52416.00"),
            "pct": D("34944.00"),
        }
        assert "Saved: 1 line added." in body(answer)
        again = typed(client.get(address(plan)))
        assert again["1.intervention"] == "Outreach and re-engagement"
        assert (again["1.unit_cost"], again["1.stream-pct"]) == ("420", "34,944")

    def test_a_wrong_row_keeps_everything_that_was_typed(self, plan, ann, streams, client):
        LineFactory(plan=plan)
        form = typed(client.get(address(plan)))
        form |= {
            "1.name": "A better name",
            "1.plain_sum": "1,234.567",
            "new-2.name": "Half done",
            "new-2.tier": "5",
            "new-3.name": "Right",
            "new-3.plain_sum": "10",
        }

        answer = client.post(address(plan), form)

        again = typed(answer)
        for name in ("1.name", "1.plain_sum", "new-2.name", "new-2.tier", "new-3.plain_sum"):
            assert again[name] == form[name]
        assert "1. A better name: Plain sum. “1,234.567” has parts of a penny." in body(answer)
        assert 'href="#c-new-2-tier"' in answer.content.decode()
        assert 'aria-describedby="e-c-new-2-tier"' in answer.content.decode()
        assert plan.lines.get().name == "Line 1"

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ({"plain_sum": "lots"}, "“lots” is not an amount"),
            ({"plain_sum": "-5"}, "less than nothing"),
            ({"plain_sum": "10", "stream-ptb": "50%"}, "The percentages come to 50%."),
            ({"plain_sum": "10", "unit_cost": "5"}, "not both"),
            ({"provider": "Nobody Ltd"}, "“Nobody Ltd” is not a provider"),
        ],
    )
    def test_each_mistake_has_a_sentence(self, streams, ann, client, cells, sentence):
        plan = Plan.objects.get()
        form = typed(client.get(address(plan))) | {"new-1.name": "A line"}
        form |= {f"new-1.{name}": text for name, text in cells.items()}

        answer = client.post(address(plan), form)

        assert sentence in body(answer)
        assert not plan.lines.exists()

    def test_rows_are_added_by_a_button_and_keep_what_was_typed(self, plan, ann, client):
        form = typed(client.get(address(plan))) | {"new-2.name": "Kept", "do": "add"}

        again = typed(client.post(address(plan), form))

        assert again["new-2.name"] == "Kept"
        assert "new-8.name" in again
        assert "new-9.name" not in again
        assert not plan.lines.exists()

    def test_a_row_that_is_ticked_is_removed(self, plan, ann, client):
        LineFactory(plan=plan)
        form = typed(client.get(address(plan))) | {"1.remove": "1"}

        answer = client.post(address(plan), form, follow=True)

        assert "1 line removed" in body(answer)
        assert not plan.lines.exists()

    def test_over_and_under_are_said_in_words(self, plan, ann, streams, client):
        LineFactory(plan=plan, plain_sum=D(5000), taking={streams[0]: D(1000500)})

        grid = client.get(address(plan)).context["grid"]

        assert grid.feet[0].balance.words == "£500 over"
        assert grid.feet[1].balance.words == "£1,000,000 under"
        assert grid.whole.words == "£995,500 over"

    def test_a_stream_that_may_not_pay_warns_beside_the_line(self, plan, ann, client):
        fenced = StreamFactory(
            code="community-care", name="Community care", pays_only=["residential-rehabilitation"]
        )
        FundingFactory(partnership=plan.partnership, stream=fenced)
        LineFactory(plan=plan, taking={fenced: D(10)})

        for page in (address(plan), address(plan, "plan-line", 1)):
            said = body(client.get(page))
            assert "Community care pays only for residential rehabilitation." in said

    def test_a_tier_that_is_not_the_usual_one_asks_for_a_reason(self, plan, ann, client):
        LineFactory(plan=plan, intervention=InterventionTypeFactory(code="day-programme"), tier=2)

        assert "Say why this is Tier 2 and not Tier 3" in body(client.get(address(plan)))

        plan.lines.update(note="Drop-in days, without a care plan.")
        assert "Say why" not in body(client.get(address(plan)))

    def test_words_that_look_like_a_page_stay_words(self, plan, ann, client):
        LineFactory(plan=plan, name='"><script>alert(1)</script>')

        page = client.get(address(plan)).content.decode()

        assert "<script>alert" not in page

    def test_it_is_closed_while_somebody_types(self, plan, ann, client):
        form = typed(client.get(address(plan))) | {"new-1.name": "Too late"}
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED)

        answer = client.post(address(plan), form)

        assert "is closed and stays as it was" in body(answer)
        assert typed(answer)["new-1.name"] == "Too late"

    def test_whoever_only_reads_gets_no_input(self, plan, streams, client):
        LineFactory(plan=plan, name="Outreach", taking={streams[0]: D(400)})
        client.force_login(UserFactory(analyst_of=plan.partnership))

        answer = client.get(address(plan))

        assert "Outreach" in body(answer)
        assert "new-1.name" not in typed(answer)

    def test_its_file_holds_every_line_as_values(self, plan, ann, streams, client):
        LineFactory(plan=plan, name="=1+1", tier=2, taking={streams[0]: D("400.50")})

        file = client.get(address(plan), {"format": "csv"})

        header, row = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert header.startswith("No.,Line,Tier,Intervention,Provider,Setting,How bought,")
        assert header.endswith("Plain sum,Pooled,PCT,Cost,Not allocated")
        assert row.endswith("1000.00,400.50,,1000.00,599.50")
        assert row.startswith("1,'=1+1,2,")
        sheet = client.get(address(plan), {"format": "xlsx"})
        assert sheet.status_code == 200
        sheet.close()

    def test_nonsense_in_the_form_harms_nobody(self, plan, ann, client):
        LineFactory(plan=plan)
        form = {"revision": "x", "1.was": "[", "99.name": "x", "new-1.tier": "", "1.name": "A",
                "1.nothing": "x", "-1.name": "x"}  # fmt: skip

        answer = client.post(address(plan), form)

        assert answer.status_code == 200
        assert plan.lines.get().name == "Line 1"


class TestTwoWindows:
    @pytest.fixture
    def bo(self, plan):
        return UserFactory(name="Bo Lee", lead_of=plan.partnership)

    def test_the_second_save_is_told_who_changed_what_and_loses_nothing(
        self, plan, ann, bo, streams, client
    ):
        for _ in range(3):
            LineFactory(plan=plan)
        form = typed(client.get(address(plan)))
        save_lines(
            plan=plan,
            rows=[
                LineRow("1", 1, {"plain_sum": D(500)}),
                LineRow("2", 2, {"name": "Renamed"}),
                LineRow("3", 3, remove=True),
                LineRow("new", values={"name": "Bo's own"}),
            ],
            by=bo,
        )
        form |= {"1.plain_sum": "700", "2.weeks": "52", "3.name": "Wanted"}

        answer = client.post(address(plan), form)

        page = body(answer)
        assert "Bo Lee saved these lines after you opened them" in page
        news = {(one.label, one.heading, one.now, one.typed) for one in answer.context["news"]}
        assert news == {
            ("1. Line 1", "Plain sum", "500", "700"),
            ("2. Line 2", "Line", "Renamed", ""),
            ("3. Wanted", "", "Removed", "Wanted"),
            ("4. Bo's own", "", "Added", ""),
        }
        again = typed(answer)
        assert again["1.plain_sum"] == "700"
        assert (again["2.name"], again["2.weeks"]) == ("Renamed", "52")
        assert again["new-1003.name"] == "Wanted"
        assert again["4.name"] == "Bo's own"

        client.post(address(plan), again)

        lines = {line.name: line for line in plan.lines.all()}
        assert set(lines) == {"Line 1", "Renamed", "Bo's own", "Wanted"}
        assert lines["Line 1"].plain_sum == D(700)
        assert lines["Renamed"].weeks == D(52)

    def test_what_was_saved_elsewhere_in_the_plan_does_not_hold_up(self, plan, ann, bo, client):
        LineFactory(plan=plan)
        form = typed(client.get(address(plan))) | {"1.name": "Mine"}
        Plan.objects.filter(pk=plan.pk).update(revision=9)

        answer = client.post(address(plan), form, follow=True)

        assert "1 line changed" in body(answer)
        assert plan.lines.get().name == "Mine"

    def test_a_lines_own_page_tells_the_same(self, plan, ann, bo, streams, client):
        LineFactory(plan=plan)
        page = address(plan, "plan-line", 1)
        form = line_form(client.get(page))
        save_lines(
            plan=plan,
            rows=[LineRow("1", 1, {"plain_sum": D(500), "note": "Bo was here."})],
            by=bo,
        )
        form |= {"plain_sum": "700", "pathway": "Young adults"}

        answer = client.post(page, form)

        assert "Bo Lee changed" in body(answer)
        assert answer.context["news"] == [
            ("Plain sum", "500", "700"),
            ("Note", "Bo was here.", ""),
        ]
        client.post(page, line_form(answer))
        line = plan.lines.get()
        assert (line.plain_sum, line.pathway) == (D(700), "Young adults")
        assert line.note == "Bo was here."


def line_form(answer):
    form = answer.context["form"]
    given = {name: form[name].value() for name in form.fields if name != "ends_on"}
    sent = {name: value for name, value in given.items() if value not in {None, False}}
    sent |= {name: "on" for name, value in given.items() if value is True}
    sent |= {f"ends_on_{place}": form.data.get(f"ends_on_{place}", form.was[f"ends_on_{place}"])
             for place in range(3)}  # fmt: skip
    return {**sent, "revision": answer.context["plan"].revision, "was": form.held}


class TestLinePage:
    def test_all_the_rest_of_a_line_is_saved(self, plan, ann, streams, client):
        LineFactory(plan=plan)
        Priority.objects.create(plan=plan, number=1, text="Waits")
        page = address(plan, "plan-line", 1)
        form = line_form(client.get(page))
        form |= {
            "evenings": "on",
            "weekends": "on",
            "harm_reduction": "on",
            "aftercare": "on",
            "pathway": "Rehabilitation",
            "priority": "1",
            "note": "Two\r\nlines",
            "unit": "week",
            "stream-ptb": "100%",
            "ends_on_0": "31",
            "ends_on_1": "12",
            "ends_on_2": "2006",
            "starts_1": "5",
            "starts_4": "20",
            "spend_2": "£1,000.50",
        }

        answer = client.post(page, form, follow=True)

        line = plan.lines.get()
        assert "Line 1 is saved." in body(answer)
        assert line.evenings and line.weekends and line.harm_reduction and line.aftercare  # noqa: PT018
        assert (str(line.priority), str(line.ends_on)) == ("1. Waits", "2006-12-31")
        assert line.allocations.get().amount == D(1000)
        assert list(line.trajectory.order_by("quarter").values_list("quarter", "starts", "spend"))
        assert line.trajectory.get(quarter=2).spend == D("1000.50")
        assert "Line changed" in body(answer)

    def test_its_mistakes_are_said_at_the_field(self, plan, ann, streams, client):
        LineFactory(plan=plan)
        page = address(plan, "plan-line", 1)
        form = line_form(client.get(page))
        form |= {
            "name": "",
            "weeks": "60",
            "stream-ptb": "x",
            "starts_2": "ten",
            "ends_on_0": "40",
        }

        answer = client.post(page, form)

        errors = answer.context["form"].errors
        assert set(errors) == {"name", "weeks", "stream-ptb", "starts_2", "ends_on"}

    def test_a_trajectory_that_falls_is_said_at_its_quarter(self, plan, ann, client):
        LineFactory(plan=plan)
        page = address(plan, "plan-line", 1)
        form = line_form(client.get(page)) | {"starts_1": "10", "starts_2": "9"}

        answer = client.post(page, form)

        assert "starts_2" in answer.context["form"].errors

    def test_whoever_reads_sees_it_all_without_a_field(self, plan, streams, client):
        LineFactory(plan=plan, pathway="Rehabilitation", taking={streams[0]: D(400)})
        client.force_login(UserFactory(analyst_of=plan.partnership))

        page = body(client.get(address(plan, "plan-line", 1)))

        assert "Rehabilitation" in page
        assert "From Pooled" in page

    def test_a_line_that_is_not_there(self, plan, ann, client):
        assert client.get(address(plan, "plan-line", 9)).status_code == 404

    def test_lines_are_put_in_order(self, plan, ann, client):
        for _ in range(3):
            LineFactory(plan=plan)
        page = address(plan, "plan-line-order")
        client.get(page)

        client.post(page, {"revision": plan.revision, "line-1": 3, "line-2": 2, "line-3": 1})

        assert list(plan.lines.values_list("number", flat=True)) == [3, 2, 1]


class TestSize:
    @pytest.fixture
    def large(self, plan, streams):
        """200 lines that take from four streams."""
        four = [*streams, StreamFactory(code="dip"), StreamFactory(code="police")]
        for stream in four[2:]:
            FundingFactory(partnership=plan.partnership, stream=stream)
        kind = InterventionTypeFactory(code="outreach")
        lines = Line.objects.bulk_create(
            Line(plan=plan, number=number, position=number, name=f"Line {number}", cost=D(400),
                 plain_sum=D(400), intervention=kind, tier=2)
            for number in range(1, 201)
        )  # fmt: skip
        Allocation.objects.bulk_create(
            Allocation(line=line, stream=stream, amount=D(100))
            for line in lines
            for stream in four
        )
        Plan.objects.filter(pk=plan.pk).update(last_line_number=200)
        for _ in range(30):
            ProviderFactory()
        return plan

    def test_the_grid_asks_as_many_queries_however_long_it_is(self, large, ann, client):
        answer = assert_counted(client, "lines of a plan", address(large))

        assert answer.context["grid"].whole.have == D(80000)

    def test_a_line_asks_as_many_queries_however_long_the_plan(self, large, ann, client):
        assert_counted(client, "a line of a plan", address(large, "plan-line", 7))

    def test_all_of_them_can_be_changed_at_once(self, large, ann, client):
        form = typed(client.get(address(large)))
        form |= {f"{number}.plain_sum": "500" for number in range(1, 201)}

        answer = client.post(address(large), form, follow=True)

        assert "200 lines changed" in body(answer)
        assert not Line.objects.exclude(cost=D(500)).exists()
        assert json.loads(form["7.was"])["stream-ptb"] == "100"
