"""Keeping the register: sites, services, hours, waits and what services deliver."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent
from commissioning.reference import framework
from commissioning.rules.tiers import OpeningHours, OverrideNeedsReason, Structure, TierIsFixed
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.models import Service
from providers.services.register.delivered import (
    DeliveryFacts,
    change_delivery,
    deliver,
    end_delivery,
    tier_proposed,
)
from providers.services.register.keeping import RegisterRefused
from providers.services.register.services import (
    ServiceFacts,
    add_service,
    change_service,
    close_service,
    set_hours,
    state_waiting,
)
from providers.services.register.sites import SiteFacts, add_site, change_site, close_site
from tests.factories.commissioning import OrganisationFactory, PartnershipFactory, UserFactory
from tests.factories.plans import InterventionTypeFactory
from tests.factories.providers import (
    DeliveredFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)
SITE = SiteFacts(name="Bridge House", address="1 High Street, Gateshead", outcode="NE8")


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def manager(provider):
    return UserFactory(provider_manager_of=provider)


def facts(service, **words):
    return ServiceFacts(**{"name": service.name, "site": service.site} | words)


def delivery(**words):
    given = {
        "intervention": "day-programme",
        "setting": "community-clinic",
        "is_care_planned": True,
        "after_assessment": True,
        "with_consent": True,
    }
    return DeliveryFacts(**given | words)


class TestSites:
    def test_one_is_added_under_its_name_and_told_in_its_history(self, provider, manager):
        site = add_site(provider=provider, facts=SITE, opened_on=TODAY, by=manager)

        assert (site.slug, site.revision) == ("bridge-house", 1)
        deed = AuditEvent.objects.about(site).get()
        assert (deed.action, deed.organisation) == ("site.added", provider.organisation)

    def test_a_second_of_the_same_name_has_an_address_of_its_own(self, provider, manager):
        for expected in ("bridge-house", "bridge-house-2", "bridge-house-3"):
            site = add_site(provider=provider, facts=SITE, opened_on=TODAY, by=manager)
            assert site.slug == expected

    def test_one_named_like_a_page_does_not_hide_it(self, provider, manager):
        named = SiteFacts(name="Add", address="x", outcode="NE8")

        assert add_site(provider=provider, facts=named, opened_on=TODAY, by=manager).slug == (
            "add-2"
        )

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"outcode": "NE8 1AA"}, "first half of the postcode"),
            ({"latitude": Decimal(48), "longitude": Decimal(2)}, "outside England"),
            ({"latitude": Decimal(52)}, "or neither"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, provider, manager, words, sentence):
        given = SiteFacts(**{"name": "A", "address": "B", "outcode": "NE8"} | words)

        with pytest.raises(RegisterRefused, match=sentence):
            add_site(provider=provider, facts=given, opened_on=TODAY, by=manager)

    def test_somebody_elses_change_is_not_overwritten(self, provider, manager):
        site = add_site(provider=provider, facts=SITE, opened_on=TODAY, by=manager)
        moved = SiteFacts(name="Bridge House", address="2 Low Street", outcode="NE8")
        change_site(site=site, facts=moved, revision=1, by=manager)

        with pytest.raises(ChangedMeanwhile):
            change_site(site=site, facts=SITE, revision=1, by=manager)

        site.refresh_from_db()
        assert site.address == "2 Low Street"

    def test_it_stays_while_a_service_is_open_there(self, provider, manager):
        service = ServiceFactory(provider=provider)

        with pytest.raises(RegisterRefused, match="still open there"):
            close_site(site=service.site, on=TODAY, by=manager)

        close_service(service=service, on=TODAY, by=manager)
        assert close_site(site=service.site, on=TODAY, by=manager).closed_on == TODAY

    def test_it_closes_after_it_opened_and_once(self, provider, manager):
        site = SiteFactory(provider=provider)
        with pytest.raises(RegisterRefused, match="give a later day"):
            close_site(site=site, on=site.opened_on, by=manager)
        close_site(site=site, on=TODAY, by=manager)

        with pytest.raises(RegisterRefused, match="closed on 15 February 2007"):
            close_site(site=site, on=TODAY, by=manager)

    def test_nobody_else_may_add_one(self, provider):
        for other in (
            UserFactory(provider_manager_of=ProviderFactory()),
            UserFactory(keyworker_of=provider),
            UserFactory(lead_of=PartnershipFactory()),
        ):
            with pytest.raises(NotPermitted):
                add_site(provider=provider, facts=SITE, opened_on=TODAY, by=other)


class TestServices:
    def test_one_is_added_with_its_catchment(self, provider, manager):
        site, area = SiteFactory(provider=provider), PartnershipFactory()

        service = add_service(
            provider=provider,
            facts=ServiceFacts(name="Open access", site=site, client_groups=["homeless"]),
            catchment=[area],
            opened_on=TODAY,
            by=manager,
        )

        service.refresh_from_db()
        assert (service.slug, service.client_groups) == ("open-access", ["homeless"])
        assert list(service.catchment.all()) == [area]

    def test_a_national_one_names_no_areas(self, provider, manager):
        service = ServiceFactory(provider=provider)

        change_service(
            service=service,
            facts=facts(service, is_national=True),
            catchment=[PartnershipFactory()],
            revision=1,
            by=manager,
        )

        assert not service.catchment.exists()

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"age_from": 40, "age_to": 18}, "youngest age"),
            ({"client_groups": ["martians"]}, "no client group “martians”"),
            ({"justice_work": "CARAT"}, "responsible commissioner"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, provider, manager, words, sentence):
        service = ServiceFactory(provider=provider)

        with pytest.raises(RegisterRefused, match=sentence):
            change_service(service=service, facts=facts(service, **words), revision=1, by=manager)

    def test_it_works_at_a_site_of_its_own_provider(self, provider, manager):
        service = ServiceFactory(provider=provider)

        with pytest.raises(RegisterRefused, match="is not a site of"):
            change_service(
                service=service, facts=facts(service, site=SiteFactory()), revision=1, by=manager
            )

    def test_work_with_offenders_names_who_commissions_it(self, provider, manager):
        service = ServiceFactory(provider=provider)
        pct = OrganisationFactory()

        change_service(
            service=service,
            facts=facts(service, justice_work="CARAT", responsible_commissioner=pct),
            revision=1,
            by=manager,
        )

        service.refresh_from_db()
        assert service.responsible_commissioner == pct

    def test_what_changed_is_kept_before_and_after(self, provider, manager):
        service = ServiceFactory(provider=provider, takes_children=False)

        change_service(
            service=service, facts=facts(service, takes_children=True), revision=1, by=manager
        )

        deed = AuditEvent.objects.about(service).get()
        assert deed.details == {"takes_children": ["no", "yes"]}

    def test_saving_it_as_it_was_changes_and_tells_nothing(self, provider, manager):
        service = ServiceFactory(provider=provider)

        change_service(service=service, facts=facts(service), revision=1, by=manager)

        service.refresh_from_db()
        assert service.revision == 1
        assert not AuditEvent.objects.about(service).exists()

    def test_somebody_elses_change_is_not_overwritten(self, provider, manager):
        service = ServiceFactory(provider=provider)
        Service.objects.filter(pk=service.pk).update(revision=2)

        with pytest.raises(ChangedMeanwhile):
            change_service(service=service, facts=facts(service), revision=1, by=manager)

    def test_it_closes_with_all_it_delivers_once_its_places_are_closed(self, provider, manager):
        delivered = DeliveredFactory(service__provider=provider)
        place = PlaceFactory(service=delivered.service)
        with pytest.raises(RegisterRefused, match="open places"):
            close_service(service=delivered.service, on=TODAY, by=manager)
        place.closed_on = TODAY
        place.save()

        close_service(service=delivered.service, on=TODAY, by=manager)

        delivered.refresh_from_db()
        assert delivered.closed_on == TODAY


class TestHours:
    def test_they_are_set_for_the_week(self, provider, manager):
        service = ServiceFactory(provider=provider)
        week = [OpeningHours(day, dt.time(9), dt.time(17)) for day in range(5)]

        set_hours(service=service, openings=week, open_all_hours=False, revision=1, by=manager)

        assert [(one.weekday, one.closes) for one in service.hours.all()] == [
            (day, dt.time(17)) for day in range(5)
        ]

    def test_open_all_hours_it_has_no_others(self, provider, manager):
        service = ServiceFactory(provider=provider)
        one = OpeningHours(0, dt.time(9), dt.time(17))

        set_hours(service=service, openings=[one], open_all_hours=True, revision=1, by=manager)

        assert not service.hours.exists()

    @pytest.mark.parametrize(
        ("openings", "sentence"),
        [
            ([(9, 9)], "before it opens"),
            ([(17, 9)], "before it opens"),
            ([(9, 13), (12, 17)], "overlap"),
        ],
    )
    def test_what_cannot_be_is_refused_and_the_old_ones_stay(
        self, provider, manager, openings, sentence
    ):
        service = ServiceFactory(provider=provider)
        service.hours.create(weekday=0, opens=dt.time(8), closes=dt.time(9))
        asked = [OpeningHours(0, dt.time(a), dt.time(b)) for a, b in openings]

        with pytest.raises(RegisterRefused, match=sentence):
            set_hours(
                service=service, openings=asked, open_all_hours=False, revision=1, by=manager
            )

        assert service.hours.get().opens == dt.time(8)


def test_a_wait_is_stated_with_its_day_and_taken_back(provider, manager):
    service = ServiceFactory(provider=provider)

    state_waiting(service=service, days=21, on=TODAY, by=manager)
    service.refresh_from_db()
    assert (service.waiting_days, service.waiting_stated_on) == (21, TODAY)

    state_waiting(service=service, days=None, on=TODAY, by=manager)
    service.refresh_from_db()
    assert (service.waiting_days, service.waiting_stated_on) == (None, None)


@pytest.fixture
def kinds():
    """The intervention types of these tests, as the framework has them."""
    for code in ("day-programme", "gp-prescribing", "comprehensive-assessment"):
        kind = framework().intervention_type(code)
        InterventionTypeFactory(code=code, name=kind.name, is_structured=kind.structured)


@pytest.mark.usefixtures("kinds")
class TestWhatIsDelivered:
    def test_its_tier_is_the_rules_with_its_reason(self, provider, manager):
        service = ServiceFactory(provider=provider)

        made = deliver(service=service, facts=delivery(), from_on=TODAY, by=manager)

        assert (made.tier, made.proposed_tier, made.is_overruled) == (3, 3, False)
        assert "care-planned after a comprehensive assessment" in made.tier_reason

    def test_it_is_overruled_with_a_reason_that_is_kept(self, provider, manager):
        service = ServiceFactory(provider=provider)
        with pytest.raises(OverrideNeedsReason):
            deliver(service=service, facts=delivery(tier=2), from_on=TODAY, by=manager)

        made = deliver(
            service=service,
            facts=delivery(tier=2, tier_reason="A drop-in in all but name."),
            from_on=TODAY,
            by=manager,
        )

        assert (made.tier, made.proposed_tier) == (2, 3)
        deed = AuditEvent.objects.about(service).get()
        assert deed.details["why_this_tier"] == "A drop-in in all but name."

    def test_substitute_prescribing_stays_tier_3(self, provider, manager):
        asked = delivery(
            intervention="gp-prescribing", setting="primary-care", tier=2, tier_reason="Small."
        )

        with pytest.raises(TierIsFixed):
            deliver(
                service=ServiceFactory(provider=provider), facts=asked, from_on=TODAY, by=manager
            )

    def test_an_assessment_before_the_care_plan_is_tier_3_without_one(self, provider, manager):
        asked = delivery(intervention="comprehensive-assessment", is_care_planned=False)

        made = deliver(
            service=ServiceFactory(provider=provider), facts=asked, from_on=TODAY, by=manager
        )

        assert (made.tier, made.is_care_planned) == (3, False)

    def test_how_structured_it_is_decides_where_the_source_is_equivocal(self):
        asked = {"after_assessment": False, "is_care_planned": True}

        assert tier_proposed(delivery(**asked, structure=Structure.HIGH)).tier == 3
        assert tier_proposed(delivery(**asked, structure=Structure.LOW)).tier == 2

    def test_a_ward_and_a_custody_suite_are_settings(self):
        ward = delivery(intervention="inpatient", setting="psychiatric-ward")

        assert tier_proposed(ward).tier == 4
        custody = delivery(
            intervention="triage", setting="custody", is_care_planned=False, with_consent=False
        )
        assert tier_proposed(custody).tier == 2

    def test_an_unknown_setting_is_refused(self):
        with pytest.raises(RegisterRefused, match="moon"):
            tier_proposed(delivery(setting="moon"))

    def test_the_same_twice_in_a_setting_is_refused_until_it_ended(self, provider, manager):
        service = ServiceFactory(provider=provider)
        first = deliver(service=service, facts=delivery(), from_on=dt.date(2006, 4, 1), by=manager)
        with pytest.raises(RegisterRefused, match="already delivers this"):
            deliver(service=service, facts=delivery(), from_on=TODAY, by=manager)

        end_delivery(delivered=first, on=TODAY, by=manager)

        assert deliver(service=service, facts=delivery(), from_on=TODAY, by=manager)

    def test_changing_it_asks_the_rule_again(self, provider, manager):
        service = ServiceFactory(provider=provider)
        made = deliver(service=service, facts=delivery(), from_on=TODAY, by=manager)

        changed = change_delivery(
            delivered=made,
            facts=delivery(is_care_planned=False, weekly_price=Decimal("250.00")),
            by=manager,
        )

        assert (changed.tier, changed.weekly_price) == (2, Decimal("250.00"))
        with pytest.raises(RegisterRefused, match="is added"):
            change_delivery(delivered=made, facts=delivery(setting="prison"), by=manager)
