"""What there is of each stream, and the lines' money added up every way."""

import html
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.choices import FactKind, PlanState
from commissioning.models import Funding, Plan, Priority
from commissioning.selectors.plans.money import money_of
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.funding import FundingRefused, FundingRow, save_funding
from commissioning.views.plans.money_pictures import tiers_by_stream, tiers_table
from tests.factories.commissioning import FactFactory, OrganisationFactory, UserFactory, signed_in
from tests.factories.plans import (
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


@pytest.fixture
def spent(plan, streams):
    """Three lines of £1,000, £2,000 and £3,000; the last is for aftercare and half paid for."""
    ptb, pct = streams
    provider = ProviderFactory(organisation__name="Addaction").organisation
    priority = Priority.objects.create(plan=plan, number=1, text="Waits")
    LineFactory(plan=plan, tier=2, provider=provider, plain_sum=D(1000), taking={ptb: D(1000)})
    LineFactory(
        plan=plan, tier=3, priority=priority, plain_sum=D(2000), taking={ptb: D(500), pct: D(1500)}
    )
    LineFactory(
        plan=plan,
        tier=2,
        intervention=InterventionTypeFactory(code="aftercare"),
        plain_sum=D(3000),
        taking={pct: D(1500)},
    )
    return plan


def address(plan, name="plan-money", *more):
    return reverse(f"commissioning:{name}", args=[plan.partnership.code, plan.slug, *more])


def typed(answer):
    """What the page's form would send as it stands."""
    page = answer.content.decode()
    found = {}
    for tag in re.finditer(r"<input [^>]*>", page):
        words = dict(re.findall(r'([\w-]+)="([^"]*)"', tag[0]))
        if "name" in words:
            found[words["name"]] = html.unescape(words.get("value", ""))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page):
        found[name] = "".join(re.findall(r'value="(\w+)" selected', options))
    return found


def body(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestStreams:
    def test_what_there_is_is_stated_with_its_holder(self, plan, ann, client):
        StreamFactory(code="ptb", name="Pooled")
        StreamFactory(code="pct", name="PCT")
        trust = OrganisationFactory(name="Blackpool PCT")
        FactFactory(
            organisation=plan.partnership.organisation, kind=FactKind.HAS_MEMBER, other=trust
        )
        form = typed(client.get(address(plan)))
        form |= {
            "ptb.amount": "£740,000",
            "ptb.standing": "CONFIRMED",
            "ptb.holder": "blackpool pct",
        }
        form |= {
            "pct.amount": "66 872.50",
            "pct.holder": "The treasurer",
            "pct.note": "Letter due",
        }

        answer = client.post(address(plan), form, follow=True)

        assert "The streams are saved" in body(answer)
        pooled, pct = Funding.objects.order_by("stream__position")
        assert (pooled.amount, pooled.standing, pooled.holder) == (D(740000), "CONFIRMED", trust)
        assert (pct.amount, pct.held_by, pct.note) == (
            D("66872.50"),
            "The treasurer",
            "Letter due",
        )
        assert "£66,872.50 of it expected, not confirmed" in body(answer)

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ({"ptb.amount": "lots"}, "Pooled: “lots” is not an amount"),
            ({"ptb.amount": "1,234.567"}, "parts of a penny"),
            ({"ptb.amount": "-1"}, "less than nothing"),
            ({"ptb.amount": "5", "ptb.standing": "MAYBE"}, "Choose confirmed or expected"),
            ({"ptb.amount": "5", "ptb.note": "x" * 301}, "Use 300 letters or fewer"),
            ({"ptb.note": "Where is it?"}, "Enter how much there is of Pooled"),
        ],
    )
    def test_each_mistake_has_a_sentence_and_keeps_the_rest(self, ann, client, cells, sentence):
        plan = Plan.objects.get()
        StreamFactory(code="ptb", name="Pooled")
        StreamFactory(code="pct", name="PCT")
        form = typed(client.get(address(plan))) | cells | {"pct.amount": "500"}

        answer = client.post(address(plan), form)

        assert sentence in body(answer)
        again = typed(answer)
        texts = {name: cell for name, cell in cells.items() if "standing" not in name}
        assert again | texts | {"pct.amount": "500"} == again
        assert not Funding.objects.exists()

    def test_a_stream_that_lines_take_from_cannot_go(self, spent, ann, client):
        form = typed(client.get(address(spent))) | {"ptb.amount": ""}

        answer = client.post(address(spent), form)

        assert "Lines take £1,500 from this stream." in body(answer)
        assert Funding.objects.filter(stream="ptb").exists()

    def test_a_stream_that_nothing_takes_from_can(self, plan, streams, ann, client):
        form = typed(client.get(address(plan))) | {"ptb.amount": ""}

        client.post(address(plan), form)

        assert list(Funding.objects.values_list("stream", flat=True)) == ["pct"]

    def test_the_second_of_two_windows_is_told_and_loses_nothing(self, plan, streams, ann, client):
        form = typed(client.get(address(plan)))
        bo = UserFactory(name="Bo Lee", lead_of=plan.partnership)
        rows = [FundingRow("ptb", D(500)), FundingRow("pct", D(600))]
        save_funding(plan=plan, rows=rows, by=bo)
        form |= {"ptb.amount": "700", "ptb.note": "Mine"}

        answer = client.post(address(plan), form)

        assert "Bo Lee saved the streams after you opened them" in body(answer)
        assert "Pooled, amount: now 500; you typed 700" in body(answer)
        again = typed(answer)
        assert (again["ptb.amount"], again["ptb.note"]) == ("700", "Mine")
        assert again["pct.amount"] == "600"
        client.post(address(plan), again)
        assert sorted(Funding.objects.values_list("amount", flat=True)) == [D(600), D(700)]

    def test_what_was_saved_elsewhere_in_the_plan_does_not_hold_up(
        self, plan, streams, ann, client
    ):
        form = typed(client.get(address(plan))) | {"ptb.amount": "700"}
        Plan.objects.filter(pk=plan.pk).update(revision=9)

        client.post(address(plan), form)

        assert Funding.objects.get(stream="ptb").amount == D(700)

    def test_a_plan_closed_meanwhile_keeps_what_was_typed(self, plan, streams, ann, client):
        form = typed(client.get(address(plan))) | {"ptb.amount": "700"}
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED)

        answer = client.post(address(plan), form)

        assert "is closed and stays as it was" in body(answer)
        assert typed(answer)["ptb.amount"] == "700"

    def test_the_service_holds_its_own_line(self, plan, streams, ann):
        with pytest.raises(FundingRefused, match="no funding stream"):
            save_funding(plan=plan, rows=[FundingRow("nothing", D(1))], by=ann)
        with pytest.raises(FundingRefused, match="£0 or more"):
            save_funding(plan=plan, rows=[FundingRow("ptb", D(-1))], by=ann)
        with pytest.raises(ChangedMeanwhile):
            save_funding(plan=plan, rows=[], by=ann, revision=99)


class TestTotals:
    def test_lines_add_up_by_tier_provider_and_priority(self, spent):
        money = money_of(spent)

        assert [(one.name, one.lines, one.cost) for one in money.by_tier] == [
            ("Tier 2", 2, D(4000)),
            ("Tier 3", 1, D(2000)),
        ]
        assert [(one.name, one.cost) for one in money.by_provider] == [
            ("To be commissioned", D(5000)),
            ("Addaction", D(1000)),
        ]
        assert [(one.name, one.pounds.planned) for one in money.by_priority] == [
            ("1. Waits", D(2000)),
            ("No priority named", D(2500)),
        ]
        assert sum(one.share for one in money.by_tier) == 1

    def test_a_streams_lines_stand_against_what_there_is_of_it(self, spent):
        Funding.objects.filter(stream="pct").update(amount=D(2500))

        pooled, pct = money_of(spent).by_stream

        assert pooled.balance.words == "£998,500 under"
        assert pct.balance.words == "£500 over"

    def test_lines_that_are_not_paid_in_full_are_told_also_where_others_are_paid_more(
        self, spent, streams, ann, client
    ):
        last = spent.lines.get(cost=3000)
        last.allocations.update(amount=3000)
        assert "Every line is paid for" in body(client.get(address(spent)))
        last.allocations.update(amount=2500)
        spent.lines.get(cost=1000).allocations.update(amount=1500)

        said = body(client.get(address(spent)))

        assert "1 line is not paid in full, others more" in said
        assert "Every line is paid for" not in said

    def test_aftercare_is_what_is_of_that_kind_or_says_so(self, spent):
        spent.lines.filter(number=1).update(aftercare=True)

        total = money_of(spent).for_aftercare

        assert (total.lines, total.cost) == (2, D(4000))

    def test_the_picture_and_its_table_say_the_same(self, spent):
        money = money_of(spent)

        drawn, table = tiers_by_stream(money, about="Blackpool"), tiers_table(money)

        assert drawn.title == "Tier 2 takes £4,000, 67% of the money"
        assert {part.name: list(part.values) for part in drawn.parts} == {
            "PCT": [1500.0, 1500.0],
            "Pooled": [1000.0, 500.0],
            "No stream yet": [1500.0, None],
        }
        assert table.rows == [
            ["Tier 2", "£1,500", "£1,000", "£1,500", "£4,000"],
            ["Tier 3", "£1,500", "£500", "£0", "£2,000"],
        ]

    def test_ten_streams_are_drawn_as_seven(self, plan):
        taking = {}
        for number in range(10):
            stream = StreamFactory(code=f"s{number}", name=f"Stream {number}")
            taking[stream] = D(100 + number)
        LineFactory(plan=plan, tier=2, plain_sum=D(2000), taking=taking)

        drawn = tiers_by_stream(money_of(plan), about="Blackpool")

        assert [part.name for part in drawn.parts] == [
            *(f"Stream {number}" for number in (9, 8, 7, 6, 5)),
            "Other streams",
            "No stream yet",
        ]
        assert sum(part.values[0] for part in drawn.parts) == 2000

    def test_a_plan_without_lines_has_no_picture(self, plan, ann, client):
        assert client.get(address(plan, "plan-money-svg")).status_code == 404
        assert client.get(address(plan, "plan-money-json")).status_code == 404
        assert "Totals come once" in body(client.get(address(plan)))

    def test_the_picture_is_drawn(self, spent, ann, client):
        picture = client.get(address(spent, "plan-money-svg")).content.decode()

        assert "<title>Tier 2 takes £4,000" in picture
        assert client.get(address(spent, "plan-money-json")).json()["height"] == 198

    @pytest.mark.parametrize(
        ("by", "first"),
        [
            ("tier", "Tier 2,2,4000.00"),
            ("stream", "Pooled,1000000.00,Expected,,1500.00"),
            ("provider", "To be commissioned,2,5000.00"),
            ("priority", "1. Waits,1,2000.00"),
            ("aftercare", "Drug-related aftercare,1,3000.00"),
        ],
    )
    def test_each_table_is_sorted_and_carries_a_file(self, spent, ann, client, by, first):
        page = address(spent, "plan-money-totals", by)

        assert client.get(page, {"sort": "-name"}).status_code == 200
        file = client.get(page, {"format": "csv"})

        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[1].startswith(first)

    def test_there_is_no_table_of_anything_else(self, spent, ann, client):
        assert client.get(address(spent, "plan-money-totals", "weather")).status_code == 404

    def test_the_page_asks_as_many_queries_however_many_lines(self, spent, ann, client):
        assert_counted(client, "money of a plan", address(spent))

    def test_whoever_only_reads_sees_it_all_without_a_field(self, spent, client):
        client.force_login(UserFactory(analyst_of=spent.partnership))

        answer = client.get(address(spent))

        assert "£998,500 under" in body(answer)
        assert "ptb.amount" not in typed(answer)
