"""The pages of activity, for whoever counts and whoever buys."""

import datetime as dt

import pytest
from django.urls import reverse

from providers.models import ActivityReturn
from tests.factories.activity import ActivityCountFactory, ActivityReturnFactory, OpenAccessFactory
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.plans import InterventionTypeFactory, LineFactory, PlanFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
ASKED = ("EXCHANGES", "CONTACTS", "BRIEF_INTERVENTIONS", "REFERRALS_ON")


@pytest.fixture(autouse=True)
def _held(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)


@pytest.fixture
def delivered():
    return OpenAccessFactory()


@pytest.fixture
def desk(client, delivered):
    client.force_login(UserFactory(keyworker_of=delivered.service.provider))
    return client


def at(page, delivered, quarter="2006-Q3"):
    service = delivered.service
    return reverse(f"providers:{page}", args=[service.provider.code, quarter, service.slug])


def words(delivered, *values, revision=0):
    names = (f"{delivered.pk}-{one}" for one in ASKED)
    return dict(zip(names, values, strict=False)) | {"revision": revision}


class TestOfAProvider:
    def test_a_quarter_is_filled_in_checked_and_confirmed(self, desk, delivered):
        checked = desk.post(
            at("activity-fill", delivered), words(delivered, 40, 12, 3, 1), follow=True
        )
        assert "Confirm return" in checked.content.decode()

        done = desk.post(at("activity-check", delivered), {"revision": 1}, follow=True)

        page = done.content.decode()
        assert "October to December 2006 is confirmed" in page
        assert ActivityReturn.objects.get().state == "CONFIRMED"
        listed = desk.get(
            reverse("providers:activity-list", args=[delivered.service.provider.code])
        ).content.decode()
        assert "Confirmed" in listed

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("-1", "no number is below 0"), ("1.5", "write a whole number"), ("lots", "whole")],
    )
    def test_what_is_no_count_is_named_at_its_cell_and_kept(self, desk, delivered, typed, said):
        page = desk.post(
            at("activity-fill", delivered), words(delivered, typed, 12)
        ).content.decode()

        assert said in page
        assert f'value="{typed}"' in page
        assert 'value="12"' in page
        assert not ActivityReturn.objects.exists()

    def test_what_is_missing_is_mended_first(self, desk, delivered):
        page = desk.post(
            at("activity-fill", delivered), words(delivered, 40), follow=True
        ).content.decode()

        assert "contacts: no number. Write 0" in page
        assert "Confirm return" not in page

    def test_a_jump_is_named_and_asks_for_its_reason(self, desk, delivered):
        before = ActivityReturnFactory(
            service=delivered.service, quarter="2006-Q2", confirmed=True
        )
        ActivityCountFactory(activity=before, delivered=delivered, number=10)
        page = desk.post(
            at("activity-fill", delivered), words(delivered, 100, 12, 3, 1), follow=True
        ).content.decode()
        assert "needle exchanges: 100, after 10 the quarter before" in page

        refused = desk.post(at("activity-check", delivered), {"revision": 1}).content.decode()

        assert "Enter the reason" in refused
        desk.post(at("activity-check", delivered), {"revision": 1, "reason": "A new van"})
        shown = desk.get(at("activity-quarter", delivered)).content.decode()
        assert "A new van" in shown

    def test_somebody_who_saved_meanwhile_is_not_overwritten(self, desk, delivered):
        desk.post(at("activity-fill", delivered), words(delivered, 40))

        page = desk.post(at("activity-fill", delivered), words(delivered, 77)).content.decode()

        assert 'value="77"' in page
        assert "What it says now" in page
        assert 'name="revision" value="1"' in page

    def test_numbers_that_are_not_confirmed_can_be_thrown_away(self, desk, delivered):
        desk.post(at("activity-fill", delivered), words(delivered, 40))

        desk.post(at("activity-discard", delivered))

        assert not ActivityReturn.objects.exists()

    @pytest.mark.parametrize("quarter", ["2007-Q1", "FY2006", "nonsense", "1990-Q1"])
    def test_a_quarter_that_is_not_owed_has_no_page(self, desk, delivered, quarter):
        assert desk.get(at("activity-quarter", delivered, quarter)).status_code == 404


class TestOfAPartnership:
    @pytest.fixture
    def partnership(self, delivered):
        found = PartnershipFactory()
        delivered.service.catchment.add(found)
        return found

    @pytest.fixture
    def buyer(self, client, partnership):
        client.force_login(UserFactory(commissioner_of=partnership))
        return client

    def test_what_was_counted_is_a_list_and_a_file(self, buyer, partnership, delivered):
        activity = ActivityReturnFactory(
            service=delivered.service, quarter="2006-Q3", confirmed=True
        )
        ActivityCountFactory(activity=activity, delivered=delivered, number=4321)
        listed = reverse("providers:area-activity", args=[partnership.code])

        assert "4,321" in buyer.get(listed).content.decode()
        file = b"".join(buyer.get(f"{listed}?format=csv").streaming_content).decode()
        assert ",4321," in file
        assert "Needle exchange" in file
        assert "4,321" not in buyer.get(f"{listed}?period=2006-Q2").content.decode()
        assert "4,321" not in buyer.get(f"{listed}?standing=late").content.decode()

    def test_the_plan_stands_beside_it(self, buyer, partnership, delivered):
        LineFactory(
            plan=PlanFactory(partnership=partnership, year=2006),
            name="Exchange in the centre",
            tier=2,
            intervention=InterventionTypeFactory(code="needle-exchange"),
            provider=delivered.service.provider.organisation,
            planned_starts=1234,
        )
        page = buyer.get(
            reverse("providers:area-activity-planned", args=[partnership.code])
        ).content.decode()

        assert "Exchange in the centre" in page
        assert "1,234" in page


def test_each_page_asks_a_constant_number_of_queries(client):
    RuleSetFactory()
    partnership = PartnershipFactory()
    delivered = OpenAccessFactory()
    provider = delivered.service.provider
    for _ in range(3):
        OpenAccessFactory(service__provider=provider).service.catchment.add(partnership)
    activity = ActivityReturnFactory(service=delivered.service, quarter="2006-Q3", confirmed=True)
    ActivityCountFactory(activity=activity, delivered=delivered)
    plan = PlanFactory(partnership=partnership, year=2006)
    for _ in range(2):
        LineFactory(
            plan=plan, tier=2, intervention=InterventionTypeFactory(code="needle-exchange")
        )
    client.force_login(UserFactory(provider_manager_of=provider))
    assert_counted(client, "activity", reverse("providers:activity-list", args=[provider.code]))
    assert_counted(client, "activity of a quarter", at("activity-quarter", delivered))
    assert_counted(client, "activity, filling in", at("activity-fill", delivered))
    client.post(at("activity-fill", delivered), words(delivered, 40))
    assert_counted(client, "activity, checking", at("activity-check", delivered))
    client.force_login(UserFactory(lead_of=partnership))
    for page in ("area-activity", "area-activity-planned"):
        assert_counted(client, page, reverse(f"providers:{page}", args=[partnership.code]))
