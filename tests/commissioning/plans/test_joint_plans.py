"""Joint plans for Tier 4: started, shared, shown in each member's plan, agreed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.checks.reading import read_plan
from commissioning.choices import BullseyeRing
from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import (
    BullseyeFigure,
    CapacityNeed,
    Funding,
    InterventionType,
    Notice,
    Plan,
    PlanMember,
    Tier,
)
from commissioning.selectors.plans.checking import checks_of
from commissioning.selectors.plans.joint import joint_parts_of, pooled_need
from commissioning.selectors.plans.money import money_of
from commissioning.selectors.plans.parts import members_of
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.joint import (
    JointPlanRefused,
    by_need,
    change_shares,
    start_joint_plan,
)
from commissioning.services.plans.rolling import roll_forward
from commissioning.views.plans.money_pictures import tiers_by_stream, tiers_table
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.needs import assessment_of
from tests.factories.plans import FundingFactory, LineFactory, PlanFactory, StreamFactory
from tests.factories.providers import ProviderFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
D = Decimal
DAY = dt.date(2006, 4, 1)


@pytest.fixture
def region():
    return RegionFactory(name="North East")


@pytest.fixture
def three(region):
    return [
        PartnershipFactory(region=region, organisation__name=name)
        for name in ("Durham", "Gateshead", "Sunderland")
    ]


@pytest.fixture
def ann(three):
    return UserFactory(name="Ann Ward", commissioner_of=three[0])


@pytest.fixture
def ptb():
    return StreamFactory(code="ptb", name="Pooled")


def start(three, by, *shares, name="Tier 4 North East", year=2006):
    given = shares or (D("33.333"), D("33.333"), D("33.334"))
    return start_joint_plan(
        partnership=three[0],
        year=year,
        name=name,
        shares=dict(zip(three, given, strict=False)),
        by=by,
        on=DAY,
    )


def own(partnership, ptb, amount=1000):
    FundingFactory(partnership=partnership, stream=ptb, amount=D(amount))
    return PlanFactory(partnership=partnership)


def totals(found):
    return [(one.name, one.lines, one.cost, one.joint) for one in found]


def page(plan, name):
    return reverse(f"commissioning:{name}", args=[plan.partnership.code, plan.slug])


class TestStarting:
    def test_a_draft_with_an_address_led_by_one(self, three, ann):
        plan = start(three, ann)

        assert (plan.slug, plan.is_joint, plan.partnership) == (
            "FY2006-tier-4-north-east",
            True,
            three[0],
        )
        assert sum(one.share for one in plan.members.all()) == 100

    def test_the_other_members_are_told(self, three, ann):
        bo = UserFactory(commissioner_of=three[1])

        start(three, ann)

        told = Notice.objects.get()
        assert told.person == bo
        assert "Durham started the joint plan Tier 4 North East, 2006/07" in told.sentence

    @pytest.mark.parametrize(
        ("shares", "sentence"),
        [
            ((D(50), D(49)), "come to 99%. They must make 100%"),
            ((D(100),), "two members or more"),
            ((D(100), D(0)), "enter a share from 0.001 to 100"),
            ((D("50.0001"), D("49.9999")), "at most three decimals"),
            ((D(150), D(-50)), "enter a share"),
        ],
    )
    def test_shares_that_are_none(self, three, ann, shares, sentence):
        with pytest.raises(JointPlanRefused, match=sentence):
            start(three, ann, *shares)

    def test_the_lead_is_a_member(self, three, ann):
        with pytest.raises(JointPlanRefused, match="Durham leads the plan and shares in it"):
            start_joint_plan(
                partnership=three[0], year=2006, name="Tier 4", by=ann, on=DAY,
                shares={three[1]: D(50), three[2]: D(50)},
            )  # fmt: skip

    def test_a_name_of_signs_only_or_taken(self, three, ann):
        with pytest.raises(JointPlanRefused, match="letters"):
            start(three, ann, name="!!!")
        start(three, ann)
        with pytest.raises(JointPlanRefused, match="of that name for 2006/07 already"):
            start(three, ann, name="Tier 4: North East")

    def test_only_by_those_who_write_the_leads_plans(self, three):
        with pytest.raises(NotPermitted):
            start(three, UserFactory(commissioner_of=three[1]))

    def test_shares_by_estimated_need(self, three):
        for partnership, people in zip(three, (1000, 1000, 1000), strict=True):
            BullseyeFigure.objects.create(
                assessment=assessment_of(partnership), partnership=partnership,
                ring=BullseyeRing.ESTIMATE, value=people, source="a test",
            )  # fmt: skip

        shares = by_need(three, 2006)

        assert list(shares.values()) == [D("33.334"), D("33.333"), D("33.333")]

    def test_without_an_estimate_the_sentence_says_whose(self, three):
        with pytest.raises(JointPlanRefused, match="problem drug users of Durham, Gateshead"):
            by_need(three[:2], 2006)


class TestShares:
    def test_are_changed_while_it_is_written(self, three, ann):
        plan = start(three, ann)

        change_shares(
            plan=plan, shares={three[0]: D(60), three[1]: D(40)}, by=ann, on=DAY,
            revision=plan.revision,
        )  # fmt: skip

        held = dict(plan.members.values_list("partnership", "share"))
        assert held == {three[0].pk: D(60), three[1].pk: D(40)}

    def test_not_over_what_somebody_else_saved(self, three, ann):
        plan = start(three, ann)
        shares = {three[0]: D(60), three[1]: D(40)}
        change_shares(plan=plan, shares=shares, by=ann, on=DAY, revision=plan.revision)

        with pytest.raises(ChangedMeanwhile):
            change_shares(plan=plan, shares=shares, by=ann, on=DAY, revision=plan.revision)

    def test_not_once_it_is_agreed(self, three, ann):
        plan = start(three, ann)
        Plan.objects.filter(pk=plan.pk).update(state="AGREED")

        with pytest.raises(TransitionRefused):
            change_shares(plan=plan, shares={three[0]: D(60), three[1]: D(40)}, by=ann, on=DAY)

    def test_are_the_leads_to_change(self, three, ann):
        plan = start(three, ann)

        with pytest.raises(NotPermitted):
            change_shares(
                plan=plan, shares={three[0]: D(60), three[1]: D(40)}, on=DAY,
                by=UserFactory(lead_of=three[1]),
            )  # fmt: skip


class TestMembersPlans:
    @pytest.fixture
    def plans(self, three, ptb):
        return [own(one, ptb) for one in three]

    @pytest.fixture
    def joint(self, three, ann, ptb, plans):
        joint = start(three, ann)
        LineFactory(plan=joint, name="Detoxification", tier=4, plain_sum=D("100.01"),
                    taking={ptb: "100.01"})  # fmt: skip
        LineFactory(plan=joint, name="Rehabilitation", tier=4, plain_sum=D("900.00"),
                    taking={ptb: "900.00"})  # fmt: skip
        return joint

    def test_the_parts_of_all_make_the_whole_to_the_penny(self, joint, plans):
        parts = [joint_parts_of(plan)[0] for plan in plans]

        assert sum(one.part for one in parts) == D("1000.01")
        assert [one.part for one in parts] == [D("333.33"), D("333.33"), D("333.35")]
        for part in parts:
            assert sum(line.part for line in part.lines) == part.part

    def test_streams_and_checks_count_the_same_part(self, joint, plans):
        for plan in plans:
            part = joint_parts_of(plan)[0].part
            (stream,) = money_of(plan).by_stream
            assert (stream.joint, stream.balance.left) == (part, 1000 - part)
            assert money_of(plan).balance.left == 1000 - part
            assert read_plan(plan).spent_by_stream() == {"ptb": part}

    def test_every_way_of_adding_up_holds_the_same_part(self, joint, plans, ptb):
        rehab = joint.lines.get(name="Rehabilitation")
        rehab.provider = ProviderFactory(organisation__name="Phoenix").organisation
        rehab.aftercare = True
        rehab.save()
        LineFactory(plan=plans[0], tier=3, plain_sum=D(200), taking={ptb: "150"})
        LineFactory(plan=plans[0], tier=4, provider=rehab.provider, plain_sum=D(40),
                    taking={ptb: "40"})  # fmt: skip

        money = money_of(plans[0])

        assert totals(money.by_tier) == [("Tier 3", 1, 200, 0), ("Tier 4", 1, 40, D("333.33"))]
        assert totals(money.by_provider) == [
            ("Phoenix", 1, 40, D("299.99")),
            ("To be commissioned", 1, 200, D("33.34")),
        ]
        assert totals(money.by_priority) == [
            ("No priority named", 2, 240, 0),
            ("Priorities of joint plans", 0, 0, D("333.33")),
        ]
        assert totals([money.for_aftercare]) == [("Drug-related aftercare", 0, 0, D("299.99"))]
        (stream,) = money.by_stream
        for ways in (money.by_tier, money.by_provider, money.by_priority):
            assert sum(one.joint for one in ways) == stream.joint
            assert sum(one.pounds.planned for one in ways) == stream.pounds.planned
            assert sum(one.share for one in ways) == pytest.approx(D(1))

    def test_the_picture_of_tiers_holds_the_part_and_says_so(self, joint, plans, ptb):
        LineFactory(plan=plans[0], tier=3, plain_sum=D(200), taking={ptb: "150"})
        money = money_of(plans[0])

        drawn, table = tiers_by_stream(money, about="Durham"), tiers_table(money)

        assert drawn.title == "Tier 4 takes £333.33, 62% of the money"
        assert drawn.subtitle.endswith("Durham, with our part of joint plans")
        assert table.header == ["Tier", "Pooled", "No stream yet", "All", "Of it joint plans"]
        assert table.rows == [
            ["Tier 3", "£150", "£50", "£200", "£0"],
            ["Tier 4", "£333.33", "£0", "£333.33", "£333.33"],
        ]
        (stream,) = money.by_stream
        assert sum(money.tier_by_stream.values()) - 50 == stream.balance.taken

    def test_the_money_page_names_what_is_of_joint_plans(self, joint, plans, ann, client):
        joint.lines.update(aftercare=True)
        client.force_login(ann)

        shown = client.get(page(plans[0], "plan-money")).content.decode()
        told = client.get(f"{page(plans[0], 'plan-money')}by/tier/?format=csv").getvalue()

        # On the card, and of its stream, tier, provider and priority.
        assert shown.count("and £333.33 of joint plans") == 5
        assert "our part of it in joint plans is £333.33. That is 100% of the plan." in shown
        assert b"Joint plans take" in told
        assert b"333.33" in told

    def test_tier_4_is_planned_jointly(self, joint, plans):
        found = {one.code: one for one in checks_of(plans[1])}

        assert "shares in a joint plan" in found["tier-4-joint"].said

    def test_pages_show_the_part_and_link_it(self, joint, plans, client):
        client.force_login(UserFactory(commissioner_of=plans[1].partnership))

        for name in ("plan-detail", "plan-lines", "plan-money"):
            shown = client.get(page(plans[1], name)).content.decode()
            assert page(joint, "plan-detail") in shown
            assert "£333.33" in shown
        lines = client.get(page(plans[1], "plan-lines"))
        assert f"{page(joint, 'plan-lines')}2/" in lines.content.decode()
        assert lines.context["grid"].feet[0].balance.left == D("666.67")

    def test_members_view_and_only_the_lead_edits(self, joint, plans, client):
        client.force_login(UserFactory(commissioner_of=plans[1].partnership))

        assert client.get(page(joint, "plan-shares")).status_code == 200
        assert client.get(page(joint, "plan-lines")).status_code == 200
        assert client.get(page(joint, "plan-shares-change")).status_code == 403
        assert client.post(page(joint, "plan-lines"), {}).status_code == 403

    def test_others_do_not_know_of_it(self, joint, client):
        client.force_login(UserFactory(commissioner_of=PartnershipFactory()))

        assert client.get(page(joint, "plan-shares")).status_code == 404

    def test_the_region_of_the_lead_agrees_it(self, joint, region, client):
        reviewer = UserFactory(reviewer_of=region)
        Plan.objects.filter(pk=joint.pk).update(state="SUBMITTED")
        client.force_login(reviewer)

        assert client.get(page(joint, "plan-agree")).status_code == 200

    def test_rolled_forward_it_keeps_its_members(self, joint, three, ann, ptb):
        Funding.objects.create(partnership=three[1], year=2007, stream=ptb, amount=D(5))

        new = roll_forward(plan=joint, by=ann)

        assert new.slug == "FY2007-tier-4-north-east"
        assert new.name == joint.name
        assert new.members.count() == 3
        assert [line.cost for line in new.lines.all()] == [D("100.01"), D(900)]

    def test_pages_ask_as_many_queries_however_long_it_is(self, joint, plans, ptb, client):
        client.force_login(UserFactory(commissioner_of=joint.partnership))
        names = {
            "lines with joint plans": page(plans[0], "plan-lines"),
            "money with joint plans": page(plans[0], "plan-money"),
            "first page with joint plans": page(plans[0], "plan-detail"),
            "first page of a joint plan": page(joint, "plan-detail"),
            "shares of a joint plan": page(joint, "plan-shares"),
            "shares to change": page(joint, "plan-shares-change"),
        }
        for name, address in names.items():
            assert_counted(client, name, address)
        for _ in range(4):
            LineFactory(plan=joint, taking={ptb: "10"})
            PlanMember.objects.create(plan=joint, partnership=PartnershipFactory(), share=1)
        for name, address in names.items():
            assert_counted(client, name, address)


class TestPooledNeed:
    def test_is_the_sum_over_the_members_with_those_who_say_nothing(self, three, ann):
        plan = start(three, ann)
        tier, _ = Tier.objects.get_or_create(
            number=4, defaults={"name": "Tier 4", "definition": "", "settings": "",
                                "competence": "", "source": "a test"},
        )  # fmt: skip
        rehab = InterventionType.objects.create(
            code="rehab", name="Rehabilitation", is_structured=True, position=1, normal_tier=tier
        )
        for partnership, need in zip(three[:2], (100, 50), strict=True):
            CapacityNeed.objects.create(
                assessment=assessment_of(partnership), intervention=rehab, need=need,
                penetration=D(10), weeks=D(26), occupancy=D(100),
            )  # fmt: skip

        found = pooled_need(plan, list(members_of(plan)))

        (rehabilitation,) = found.needs
        assert (rehabilitation.people, rehabilitation.starts, rehabilitation.places) == (
            150,
            15,
            8,
        )
        assert found.missing == ["Sunderland"]


class TestForms:
    def form(self, three, *shares, **more):
        data = {"year": "2006", "name": "Tier 4", "how": "typed"} | more
        for one, share in zip(three, shares, strict=False):
            data[f"share-{one.code}"] = share
        return data

    @pytest.fixture
    def start_page(self, three, ann, client, settings):
        settings.BUSINESS_DAY = dt.date(2006, 6, 1)
        client.force_login(ann)
        return reverse("commissioning:plan-start-joint", args=[three[0].code])

    def test_from_the_page_to_the_plan(self, three, start_page, client):
        years = client.get(start_page).context["form"].fields["year"].choices
        data = self.form(three, "60", "40%", year=str(years[0][0]))

        answer = client.post(start_page, data, follow=True)

        assert "The joint plan is started" in answer.content.decode()
        assert Plan.objects.get().members.count() == 2

    def test_a_neighbour_of_another_region_by_name(self, three, start_page, client):
        PartnershipFactory(organisation__name="North Yorkshire")
        years = client.get(start_page).context["form"].fields["year"].choices
        data = self.form(three, "60", year=str(years[0][0]))
        data |= {"elsewhere-1": "north yorkshire", "elsewhere-share-1": "40"}

        client.post(start_page, data)

        assert {str(one.partnership) for one in PlanMember.objects.all()} == {
            "Durham",
            "North Yorkshire",
        }

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"elsewhere-1": "Nowhere"}, "“Nowhere” is no partnership"),
            ({"elsewhere-1": "Durham", "elsewhere-share-1": "1"}, "Durham is a member already"),
            ({"elsewhere-share-2": "5"}, "Enter whose share it is"),
            ({"how": "need"}, "No needs assessment of"),
            ({"how": "typed"}, "They must make 100%"),
            ({"name": ""}, "Enter the name of the joint plan"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, three, start_page, client, more, sentence
    ):
        years = client.get(start_page).context["form"].fields["year"].choices
        data = self.form(three, "60", "30", year=str(years[0][0])) | more

        answer = client.post(start_page, data).content.decode()

        assert sentence in answer.replace("&#x27;", "'")
        assert 'value="60"' in answer
        assert not Plan.objects.exists()

    def test_letters_in_a_share(self, three, start_page, client):
        answer = client.post(start_page, self.form(three, "half", "50"))

        assert "“half” is not a share" in answer.content.decode()

    def test_shares_changed_meanwhile_are_told(self, three, ann, client):
        plan = start(three, ann)
        client.force_login(ann)
        address = page(plan, "plan-shares-change")
        seen = plan.revision
        change_shares(plan=plan, shares={three[0]: D(60), three[1]: D(40)}, by=ann, on=DAY)

        data = self.form(three, "50", "50") | {"revision": seen}
        answer = client.post(address, data)

        said = answer.content.decode()
        assert "Ann Ward saved it; the shares are now: Durham 60%; Gateshead 40%." in said
        assert f'name="revision" value="{seen + 1}"' in said
        again = client.post(address, data | {"revision": seen + 1})
        assert again.status_code == 302
