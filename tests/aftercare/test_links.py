"""Links to what follows treatment: where one is missing, and what may be done about it."""

import datetime as dt

import pytest
from django.template.loader import render_to_string

from aftercare.choices import LinkKind
from aftercare.models import AftercareLink, PartnerAgency
from aftercare.selectors.links import gaps_in, gaps_of, links_for
from aftercare.selectors.waiting_links import links_question
from aftercare.services.links import (
    LinkRefused,
    LinkWords,
    add_link,
    change_link,
    confirm_link,
    end_link,
)
from aftercare.services.partners import (
    PartnerRefused,
    PartnerWords,
    add_partner,
    change_partner,
    end_partner,
)
from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent
from commissioning.selectors.together import asked_together
from commissioning.services.plans.editing import ChangedMeanwhile
from tests.factories.aftercare import LinkFactory, PartnerAgencyFactory, ServiceLinkFactory
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.providers import (
    DeliveredFactory,
    ProviderFactory,
    ServiceFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)


def words(**other):
    given = {
        "kind": LinkKind.HOUSING,
        "offers": "A room",
        "how_to_refer": "By telephone",
        "agreed_on": TODAY,
    }
    return LinkWords(**given | other)


def both(**of):
    for kind in (LinkKind.HOUSING, LinkKind.SUPPORT):
        LinkFactory(kind=kind, **of)


@pytest.fixture
def partnership():
    return PartnershipFactory()


class TestGaps:
    def test_a_partnership_without_links_lacks_housing_and_support(self, partnership):
        (gap,) = gaps_of(partnership.organisation, on=TODAY)

        assert gap.words == "housing and support"
        assert (gap.place, gap.code) == ("partnership", partnership.code)

    def test_nothing_is_missing_with_one_of_each(self, partnership):
        both(partnership=partnership)

        assert gaps_of(partnership.organisation, on=TODAY) == []

    def test_what_has_ended_or_is_not_agreed_yet_fills_no_gap(self, partnership):
        LinkFactory(partnership=partnership, ended_on=TODAY)
        LinkFactory(
            partnership=partnership,
            kind=LinkKind.SUPPORT,
            agreed_on=TODAY + dt.timedelta(days=1),
        )

        (gap,) = gaps_of(partnership.organisation, on=TODAY)

        assert gap.words == "housing and support"

    def test_only_services_that_deliver_tier_4_today_need_links(self):
        residential = DeliveredFactory().service
        provider = residential.provider
        DeliveredFactory(service__provider=provider, tier=3)
        DeliveredFactory(service__provider=provider, closed_on=TODAY)
        LinkFactory(service=residential, kind=LinkKind.SUPPORT)

        (gap,) = gaps_of(provider.organisation, on=TODAY)

        assert (gap.name, gap.words) == (residential.name, "housing")

    def test_a_region_sees_its_partnerships_and_the_services_that_stand_in_them(self):
        region = RegionFactory()
        ours = PartnershipFactory(region=region)
        both(partnership=ours)
        provider = ProviderFactory()
        here = ServiceFactory(
            provider=provider, site=SiteFactory(provider=provider, partnership=ours)
        )
        DeliveredFactory(service=here)
        DeliveredFactory(service__site__partnership=PartnershipFactory())

        assert [gap.name for gap in gaps_in(region, on=TODAY)] == [here.name]


class TestLinksFor:
    def test_a_stay_shows_the_services_links_and_those_of_the_clients_partnership(
        self, partnership
    ):
        support = LinkFactory(partnership=partnership, kind=LinkKind.SUPPORT)
        housing = LinkFactory(partnership=partnership)
        own = ServiceLinkFactory()
        ServiceLinkFactory()
        LinkFactory(partnership=partnership, ended_on=TODAY)

        found = links_for(service=own.service, partnership=partnership, on=TODAY)

        assert found == [own, housing, support]

    def test_nobody_in_particular_has_no_links(self):
        LinkFactory()

        assert links_for(on=TODAY) == []

    def test_the_part_of_a_page_names_what_is_offered_or_the_gap(self, partnership):
        link = LinkFactory(partnership=partnership, offers="Six rooms")
        found = links_for(partnership=partnership, on=TODAY)

        assert "Six rooms" in render_to_string("aftercare/_links.html", {"links": found})
        assert link.partner.name in render_to_string("aftercare/_links.html", {"links": found})
        assert "Nobody has written down" in render_to_string(
            "aftercare/_links.html", {"links": []}
        )


class TestPartners:
    def test_a_name_is_written_down_once(self, partnership):
        by = UserFactory(lead_of=partnership)
        partner = add_partner(
            organisation=partnership.organisation, words=PartnerWords(name="Shelter"), by=by
        )

        with pytest.raises(PartnerRefused, match="SHELTER is written down already"):
            add_partner(
                organisation=partnership.organisation, words=PartnerWords(name="SHELTER"), by=by
            )
        assert PartnerAgency.objects.get() == partner

    def test_a_provider_needs_its_manager(self):
        provider = ProviderFactory()
        with pytest.raises(NotPermitted):
            add_partner(
                organisation=provider.organisation,
                words=PartnerWords(name="Shelter"),
                by=UserFactory(keyworker_of=provider),
            )
        assert not AuditEvent.objects.exists()

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, partnership):
        by = UserFactory(lead_of=partnership)
        partner = PartnerAgencyFactory(organisation=partnership.organisation)
        change_partner(partner=partner, words=PartnerWords(name="One"), revision=1, by=by)

        with pytest.raises(ChangedMeanwhile):
            change_partner(partner=partner, words=PartnerWords(name="Two"), revision=1, by=by)

        assert PartnerAgency.objects.get().name == "One"

    def test_an_agency_ends_with_its_links(self, partnership):
        by = UserFactory(lead_of=partnership)
        partner = PartnerAgencyFactory(organisation=partnership.organisation)
        old = LinkFactory(partner=partner, partnership=partnership)
        today = LinkFactory(partner=partner, partnership=partnership, agreed_on=TODAY)

        end_partner(partner=partner, on=TODAY, reason="Closed", by=by)

        old.refresh_from_db()
        today.refresh_from_db()
        assert (old.ended_on, today.ended_on) == (TODAY, TODAY + dt.timedelta(days=1))
        with pytest.raises(PartnerRefused):
            end_partner(partner=partner, on=TODAY, reason="Closed", by=by)


class TestLinks:
    @pytest.fixture
    def by(self, partnership):
        return UserFactory(commissioner_of=partnership)

    @pytest.fixture
    def partner(self, partnership):
        return PartnerAgencyFactory(organisation=partnership.organisation)

    def test_a_partnerships_link_is_for_its_residents(self, partnership, partner, by):
        link = add_link(partner=partner, words=words(), by=by)

        assert (link.partnership, link.service) == (partnership, None)
        assert (link.confirmed_on, link.confirmed_by) == (TODAY, by)

    def test_a_providers_link_names_one_of_its_services(self):
        service = ServiceFactory()
        by = UserFactory(provider_manager_of=service.provider)
        partner = PartnerAgencyFactory(organisation=service.provider.organisation)

        assert add_link(partner=partner, words=words(), service=service, by=by).service == service
        with pytest.raises(LinkRefused, match="which service"):
            add_link(partner=partner, words=words(), by=by)
        with pytest.raises(LinkRefused, match="is not a service of"):
            add_link(partner=partner, words=words(), service=ServiceFactory(), by=by)
        assert AftercareLink.objects.count() == 1

    def test_a_link_with_an_agency_that_ended_is_refused(self, partner, by):
        partner.ended_on = TODAY

        with pytest.raises(LinkRefused, match="no partner on that day"):
            add_link(partner=partner, words=words(), by=by)

    def test_confirming_twice_on_a_day_is_once(self, partner, partnership, by):
        link = LinkFactory(partner=partner, partnership=partnership)

        for _ in range(2):
            confirm_link(link=link, on=TODAY, by=by)

        link.refresh_from_db()
        assert (link.confirmed_on, link.confirmed_by) == (TODAY, by)
        assert AuditEvent.objects.filter(action="link.confirmed").count() == 1

    def test_a_link_that_ended_is_neither_confirmed_nor_ended_again(
        self, partner, partnership, by
    ):
        link = LinkFactory(partner=partner, partnership=partnership)
        end_link(link=link, on=TODAY, reason="Closed", by=by)

        with pytest.raises(LinkRefused):
            confirm_link(link=link, on=TODAY, by=by)
        with pytest.raises(LinkRefused):
            end_link(link=link, on=TODAY, reason="Closed", by=by)

    def test_it_ends_after_it_was_agreed(self, partner, partnership, by):
        link = LinkFactory(partner=partner, partnership=partnership, agreed_on=TODAY)

        with pytest.raises(LinkRefused, match="after the day"):
            end_link(link=link, on=TODAY, reason="A mistake", by=by)

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, partner, partnership, by):
        link = LinkFactory(partner=partner, partnership=partnership)
        change_link(link=link, words=words(offers="First"), revision=1, by=by)

        with pytest.raises(ChangedMeanwhile):
            change_link(link=link, words=words(offers="Second"), revision=1, by=by)

        link.refresh_from_db()
        assert link.offers == "First"


class TestWhatLinksAsk:
    def asked(self, partnership):
        question = links_question(partnership.organisation, on=TODAY, confirm_days=182)
        (row,) = asked_together({"links": question})["links"]
        return row["to_confirm"], row["oldest"]

    def test_gaps_and_links_that_have_grown_old(self, partnership):
        LinkFactory(partnership=partnership, agreed_on=dt.date(2006, 1, 1))
        LinkFactory(
            partnership=partnership,
            confirmed_on=dt.date(2007, 1, 1),
            confirmed_by=UserFactory(),
        )

        (gap,) = gaps_of(partnership.organisation, on=TODAY)
        assert gap.words == "support"
        assert self.asked(partnership) == (1, "2006-01-01")

    def test_nothing_where_all_is_well(self, partnership):
        both(partnership=partnership, agreed_on=dt.date(2007, 1, 1))

        assert gaps_of(partnership.organisation, on=TODAY) == []
        assert self.asked(partnership) == (0, None)
