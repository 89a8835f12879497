"""Money carried forward keeps the ring-fences of the streams it came from."""

import datetime as dt
import html
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.checks import CheckState
from commissioning.models import CarriedForward, Funding, Notice, Plan
from commissioning.rules.ring_fences import Beyond, Origin, beyond_fences, left_by_origin
from commissioning.scoping import System
from commissioning.selectors.plans.checking import checks_of
from commissioning.services.ledger import LedgerRefused, ask_for_virement, carry_forward, pay
from tests.factories.commissioning import UserFactory, signed_in
from tests.factories.ledger import allocated, line_of, plan_of, stream
from tests.factories.plans import InterventionTypeFactory

D = Decimal
TODAY = dt.date(2008, 5, 1)
BY = System("a test")
CARE = Origin("care", D(100), frozenset({"rehabilitation", "halfway"}))
HOUSING = Origin("housing", D(50), frozenset({"tenancies", "halfway"}))
POOLED = Origin("pooled", D(200))


class TestWhatIsTaken:
    """What a ring-fence does not allow is paid with the rest, and with no more than that."""

    @pytest.mark.parametrize(
        "taken",
        [
            {"rehabilitation": D(100), "outreach": D(200), "tenancies": D(50)},
            {"outreach": D(200)},
            {"halfway": D(350)},
            {},
        ],
    )
    def test_what_each_part_can_pay_for_lies_within(self, taken):
        assert beyond_fences([POOLED, CARE, HOUSING], taken) == []

    @pytest.mark.parametrize(
        ("taken", "origin", "amount"),
        [
            ({"rehabilitation": D(99), "outreach": D(201), "tenancies": D(50)}, CARE, D(1)),
            ({"rehabilitation": D(320), "tenancies": D(30)}, HOUSING, D(20)),
            ({None: D(201), "rehabilitation": D(100), "tenancies": D(50)}, CARE, D(1)),
        ],
    )
    def test_what_lies_beyond_is_told_with_its_origin(self, taken, origin, amount):
        found = beyond_fences([POOLED, CARE, HOUSING], taken)

        assert Beyond((origin,), amount) in found

    def test_two_that_are_kept_each_for_itself_are_held_together(self):
        """Halfway houses may be paid by either, and not twice."""
        taken = {"halfway": D(110), "outreach": D(240)}

        (found,) = beyond_fences([POOLED, CARE, HOUSING], taken)

        assert (found.origins, found.amount) == ((CARE, HOUSING), D(40))


class TestWhatIsLeft:
    @pytest.mark.parametrize(
        ("paid", "left"),
        [
            ({}, {"care": 100, "pooled": 200}),
            ({"rehabilitation": D(30)}, {"care": 70, "pooled": 200}),
            ({"rehabilitation": D(130)}, {"pooled": 170}),
            ({"outreach": D(30)}, {"care": 100, "pooled": 170}),
            ({"outreach": D(220)}, {"care": 80}),
            ({"outreach": D(400)}, {}),
        ],
    )
    def test_a_payment_is_made_with_the_money_that_may_pay_least_else(self, paid, left):
        assert left_by_origin([CARE, POOLED], paid) == left


@pytest.fixture
def plan(db):
    """A plan of 2007/08 into which £1,000 of community care and £500 of pooled money came."""
    InterventionTypeFactory(code="outreach")
    InterventionTypeFactory(code="residential-rehabilitation", name="Residential rehabilitation")
    care = stream("community-care", pays_only=["residential-rehabilitation"])
    plan = plan_of(year=2007, state="DRAFT")
    carry(plan, care, 1_000)
    carry(plan, stream("pooled-treatment"), 500)
    fund(plan, "carried-forward", 1_500)
    return plan


def carry(plan, origin, amount):
    CarriedForward.objects.create(
        partnership=plan.partnership, year=plan.year - 1, stream=origin, amount=amount
    )


def fund(plan, code, amount):
    Funding.objects.create(
        partnership=plan.partnership, year=plan.year, stream=stream(code), amount=amount
    )


def take(plan, kind, amount, code="carried-forward"):
    line = line_of(plan, kind, intervention_id=kind, cost=amount)
    return allocated(line, amount, code)


def fences(plan):
    return next(one for one in checks_of(plan) if one.code == "ring-fences")


def page_of(plan, client):
    where = reverse("commissioning:plan-money", args=[plan.partnership.code, plan.slug])
    said = html.unescape(re.sub(r"<[^>]+>", " ", client.get(where).content.decode()))
    return " ".join(said.split())


class TestTheCheck:
    def test_it_holds_while_each_part_can_pay_for_what_it_may(self, plan):
        take(plan, "residential-rehabilitation", 1_200)
        take(plan, "outreach", 300)

        assert fences(plan).state is CheckState.PASSES

    def test_what_is_kept_for_something_is_not_planned_on_another(self, plan):
        take(plan, "residential-rehabilitation", 700)
        take(plan, "outreach", 800)

        assert fences(plan).state is CheckState.FAILS
        (said,) = fences(plan).finding.items
        assert said == (
            "Carried forward: £1,000 of it came from Community care; £300 of that is on lines it"
            " may not pay for"
        )

    def test_where_nobody_knows_where_it_came_from_it_pays_for_anything(self, plan):
        CarriedForward.objects.all().delete()
        take(plan, "outreach", 1_500)

        assert fences(plan).state is CheckState.PASSES


class TestAVirement:
    @pytest.fixture
    def asker(self, plan):
        return UserFactory(commissioner_of=plan.partnership)

    def ask(self, source, target, amount, asker):
        Plan.objects.update(state="MONITORED")
        given = {"reason": "So.", "cause": "form 1", "on": TODAY, "by": asker}
        return ask_for_virement(source=source, target=target, amount=D(amount), **given)

    def test_takes_no_more_than_may_be_spent_on_anything(self, plan, asker):
        source = take(plan, "residential-rehabilitation", 1_500)
        target = line_of(plan, "Outreach", intervention_id="outreach")

        with pytest.raises(LedgerRefused, match="£1,000 of what is carried forward came from"):
            self.ask(source, target, 501, asker)
        assert self.ask(source, target, 500, asker).amount == 500

    def test_may_bring_it_back_to_what_it_is_for(self, plan, asker):
        source = take(plan, "outreach", 1_500)
        target = line_of(plan, "Beds", intervention_id="residential-rehabilitation")

        assert self.ask(source, target, 200, asker).amount == 200


class TestTheEndOfTheYear:
    def close(self, plan):
        Plan.objects.filter(pk=plan.pk).update(state="CLOSED")
        return {one.stream_id: one.amount for one in carry_forward(plan=plan, by=BY, on=TODAY)}

    def spend(self, part, amount):
        Plan.objects.update(state="MONITORED")
        pay(allocation=part, amount=D(amount), cause="i", by=BY, on=TODAY, reason="So.")

    def test_what_is_left_again_is_left_of_where_it_came_from(self, plan):
        fund(plan, "community-care", 2_000)
        part = take(plan, "residential-rehabilitation", 1_500)
        self.spend(part, 400)

        assert self.close(plan) == {"community-care": 2_600, "pooled-treatment": 500}

    def test_what_nobody_knows_the_stream_of_stays_carried_forward(self, plan):
        Funding.objects.filter(stream="carried-forward").update(amount=1_600)
        self.spend(take(plan, "outreach", 550), 550)

        assert self.close(plan) == {"community-care": 1_000, "carried-forward": 50}

    def test_what_was_taken_off_it_since_is_gone(self, plan):
        Funding.objects.filter(stream="carried-forward").update(amount=900)

        assert self.close(plan) == {"community-care": 900}

    @pytest.mark.parametrize(
        ("state", "told"),
        [("MONITORED", "an amendment puts it on lines"), ("DRAFT", "put it on lines of the plan")],
    )
    def test_who_writes_the_next_plan_is_told_what_to_do(self, plan, state, told):
        plan_of(plan.partnership, year=2008, state=state)
        UserFactory(lead_of=plan.partnership)

        self.close(plan)

        notice = Notice.objects.get()
        assert notice.sentence == (
            f"£1,500 left of 2007/08 is carried forward into 2008/09: {told}"
        )
        assert notice.link.endswith("/plan/FY2008/money/")


class TestTheMoneyPage:
    def test_shows_where_it_came_from_and_what_each_part_may_pay_for(self, plan, client):
        signed_in(client, analyst_of=plan.partnership)
        take(plan, "outreach", 800)

        page = page_of(plan, client)

        assert "Carried forward from 2006/07" in page
        assert "Community care £1,000 Residential rehabilitation £0" in page
        assert "Pooled treatment £500 Anything –" in page
        assert "£300 that came from Community care is on lines it may not pay for." in page

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("DRAFT", "The plan can be submitted once it is. Put it on lines"),
            ("MONITORED", "The plan is agreed, so an amendment puts it there. Open an amendment"),
        ],
    )
    def test_says_what_to_do_with_what_is_on_no_line(self, plan, client, state, said):
        Plan.objects.update(state=state)
        signed_in(client, lead_of=plan.partnership)

        assert f"£1,500 of it is on no line yet. {said}" in page_of(plan, client)

    def test_an_amendment_in_hand_puts_it_on_lines(self, plan, client):
        Plan.objects.update(state="MONITORED")
        plan.amendments.create(number=1, reason="More", state="OPEN")
        signed_in(client, lead_of=plan.partnership)

        assert "The amendment can be submitted once it is. Put it on lines" in page_of(
            plan, client
        )

    def test_with_the_region_the_amendment_in_hand_is_decided_first(self, plan, client):
        Plan.objects.update(state="MONITORED")
        plan.amendments.create(number=1, reason="More", state="SUBMITTED")
        signed_in(client, lead_of=plan.partnership)

        assert "on no line yet. The amendment in hand is decided first." in page_of(plan, client)

    def test_an_amendment_is_not_sent_before_what_came_is_on_lines(self, plan, client):
        """Money that comes in the middle of the year is told with the checks of the amendment."""
        Plan.objects.update(state="MONITORED")
        amendment = plan.amendments.create(number=1, reason="More", state="OPEN")
        lead = UserFactory(lead_of=plan.partnership)
        client.force_login(lead)
        where = reverse(
            "commissioning:amendment-deed",
            args=[plan.partnership.code, plan.slug, amendment.number, "submit"],
        )

        assert "Carried forward: £1,500 not planned" in client.get(where).content.decode()

    def test_says_nothing_where_all_of_it_is_on_lines(self, plan, client):
        take(plan, "residential-rehabilitation", 1_500)
        signed_in(client, lead_of=plan.partnership)

        assert "on no line yet" not in page_of(plan, client)
