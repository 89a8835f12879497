"""What a service counted that works for several partnerships: split between them, or told of as
not split, and never counted several times."""

import datetime as dt

import pytest
from django.urls import reverse

from commissioning.kernel.periods import Period
from providers.models import ActivityPart
from providers.rules.activity_checks import part_findings
from providers.selectors.activity_of_area import area_rows, planned_rows
from providers.selectors.activity_parts import parts_of, split_between
from providers.services.activity import ActivityRefused, save_activity
from tests.factories.activity import (
    ActivityCountFactory,
    ActivityPartFactory,
    ActivityReturnFactory,
    OpenAccessFactory,
)
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import LineFactory, PlanFactory
from tests.factories.providers import ContractFactory, ContractShareFactory, ServiceFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2006, 7, 20)
Q1 = Period.parse("2006-Q1")
YEAR = Period.parse("FY2006")


@pytest.fixture(autouse=True)
def _held(settings):
    settings.BUSINESS_DAY = TODAY


@pytest.fixture
def here():
    return PartnershipFactory(organisation__name="Here")


@pytest.fixture
def there():
    return PartnershipFactory(organisation__name="There")


@pytest.fixture
def delivered(here, there):
    """Needle exchange of a service that takes people from here and from there."""
    made = OpenAccessFactory()
    made.service.catchment.add(here, there)
    return made


@pytest.fixture
def by(delivered):
    return UserFactory(provider_manager_of=delivered.service.provider)


def confirmed(delivered, number=100, quarter="2006-Q1", parts=()):
    activity = ActivityReturnFactory(service=delivered.service, quarter=quarter, confirmed=True)
    ActivityCountFactory(activity=activity, delivered=delivered, number=number)
    for partnership, part in parts:
        ActivityPartFactory(
            activity=activity, delivered=delivered, partnership=partnership, number=part
        )
    return activity


def line(partnership, delivered):
    return LineFactory(
        plan=PlanFactory(partnership=partnership, year=2006),
        tier=2,
        intervention=delivered.intervention,
        planned_starts=200,
        provider=delivered.service.provider.organisation,
    )


def planned(partnership):
    lead = UserFactory(lead_of=partnership)
    (row,) = planned_rows(partnership.organisation, YEAR, seen_by=lead)
    return row.counted, row.unsplit


class TestForWhom:
    def test_a_service_of_one_partnership_is_asked_for_no_split(self, here):
        service = ServiceFactory()
        service.catchment.add(here)

        assert split_between(service.pk, Q1) == []

    def test_it_works_for_its_catchment_and_for_those_who_share_in_its_contracts(
        self, here, there
    ):
        service = ServiceFactory()
        service.catchment.add(here)
        contract = ContractFactory(provider=service.provider, lead=there, state="LIVE")
        ContractShareFactory(contract=contract)

        assert [one.name for one in split_between(service.pk, Q1)] == ["Here", "There"]
        assert split_between(service.pk, Period.parse("2005-Q4")) == []  # it began in April

    def test_a_contract_for_another_service_is_not_for_this_one(self, here, there):
        service = ServiceFactory()
        service.catchment.add(here)
        contract = ContractFactory(provider=service.provider, lead=there, state="LIVE")
        ContractShareFactory(contract=contract)
        contract.services.add(ServiceFactory(provider=service.provider))

        assert split_between(service.pk, Q1) == []


class TestAgainstThePlans:
    def test_each_plan_counts_what_was_for_its_own_residents(self, here, there, delivered):
        for one in (here, there):
            line(one, delivered)
        confirmed(delivered, 100, parts=[(here, 60), (there, 30)])

        assert planned(here) == (60, None)
        assert planned(there) == (30, None)

    def test_what_was_not_split_counts_for_nobody_and_is_named(self, here, there, delivered):
        for one in (here, there):
            line(one, delivered)
        confirmed(delivered, 100)
        confirmed(delivered, 80, quarter="2006-Q2", parts=[(here, 50), (there, 30)])

        assert planned(here) == (50, 100)
        assert planned(there) == (30, 100)

    def test_an_area_reads_its_own_part_or_that_it_was_not_split(self, here, delivered):
        activity = confirmed(delivered, 100)

        def row():
            (found,) = area_rows(here.organisation, Q1, today=TODAY, due_days=30)
            return found.ours, found.is_unsplit

        assert row() == (None, True)
        ActivityPartFactory(activity=activity, delivered=delivered, partnership=here, number=60)
        assert row() == (60, False)


class TestChecks:
    CELL = (1, "EXCHANGES")

    @pytest.mark.parametrize(
        ("parts", "found"),
        [
            ({}, []),
            ({7: 60, 8: 40}, []),
            ({7: 60, 8: 0}, []),
            ({7: 60}, ["part missing"]),
            ({7: 60, 8: 41}, ["parts beyond"]),
            ({7: 101}, ["part missing", "parts beyond"]),
        ],
    )
    def test_all_or_none_are_split_and_no_more_than_the_whole(self, parts, found):
        findings = part_findings(
            [self.CELL], {self.CELL: 100}, {(1, one): n for one, n in parts.items()}, [7, 8]
        )

        assert [one.kind for one in findings] == found

    def test_a_partnership_it_does_not_work_for_is_refused(self, delivered, by):
        elsewhere = PartnershipFactory()

        with pytest.raises(ActivityRefused):
            save_activity(
                service=delivered.service,
                quarter=Q1,
                numbers={},
                parts={(delivered.pk, elsewhere.pk): 5},
                revision=0,
                by=by,
            )

        assert not ActivityPart.objects.exists()


class TestPages:
    def at(self, name, delivered):
        service = delivered.service
        args = [service.provider.code, "2006-Q1", service.slug]
        return reverse(f"providers:activity-{name}", args=args)

    def typed(self, delivered, here, there, ours, theirs):
        return {
            f"{delivered.pk}-EXCHANGES": "100",
            f"{delivered.pk}-CONTACTS": "10",
            f"{delivered.pk}-BRIEF_INTERVENTIONS": "5",
            f"{delivered.pk}-REFERRALS_ON": "2",
            f"{delivered.pk}-of-{here.code}": ours,
            f"{delivered.pk}-of-{there.code}": theirs,
            "revision": 0,
        }

    def test_a_provider_says_in_the_same_grid_how_much_was_for_whom(
        self, client, here, there, delivered, by
    ):
        client.force_login(by)
        page = client.get(self.at("fill", delivered))
        assert "of these, for Here" in page.text
        assert "works for several partnerships" in page.text

        client.post(self.at("fill", delivered), self.typed(delivered, here, there, "60", "30"))
        check = client.get(self.at("check", delivered))
        client.post(
            self.at("check", delivered), {"revision": check.context["form"]["revision"].value()}
        )

        said = client.get(self.at("quarter", delivered)).text
        assert "Needle exchange: of these, for There" in said
        held = parts_of(delivered.service.activity_returns.get(state="CONFIRMED"))
        assert held == {(delivered.pk, here.pk): 60, (delivered.pk, there.pk): 30}

    def test_more_than_the_whole_is_mended_first(self, client, here, there, delivered, by):
        client.force_login(by)
        client.post(self.at("fill", delivered), self.typed(delivered, here, there, "80", "30"))

        page = client.get(self.at("check", delivered))

        assert "110 for the partnerships together, and only 100 in all." in page.text

    def test_a_return_of_before_reads_as_not_split(self, client, delivered, by):
        confirmed(delivered)
        client.force_login(by)

        page = client.get(self.at("quarter", delivered))

        assert "Needle exchange: not split by partnership" in page.text

    def test_a_partnerships_lists_say_so_too(self, client, here, delivered):
        confirmed(delivered)
        line(here, delivered)
        client.force_login(UserFactory(lead_of=here))

        counted = client.get(f"/partnership/{here.code}/activity/?period=2006-Q1")
        beside = client.get(f"/partnership/{here.code}/activity/against-plan/?period=FY2006")

        assert "Not split" in counted.text
        assert (
            "Not split"
            in client.get(
                f"/partnership/{here.code}/activity/?period=2006-Q1&sort=-m_contacts&format=csv"
            )
            .getvalue()
            .decode()
        )
        (row,) = beside.context["table"].rows
        assert row.get_cell_value("unsplit") == 100
