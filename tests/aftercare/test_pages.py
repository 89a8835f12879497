"""The pages of links and partner agencies, for those who write them and those who read."""

import datetime as dt

import pytest
from django.urls import reverse

from aftercare.models import AftercareLink, PartnerAgency
from tests.factories.aftercare import LinkFactory, PartnerAgencyFactory, ServiceLinkFactory
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.providers import DeliveredFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)


@pytest.fixture(autouse=True)
def _held(settings):
    settings.BUSINESS_DAY = TODAY


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def desk(client, partnership):
    client.force_login(UserFactory(lead_of=partnership))
    return client


def address(name, of, *more):
    kind = of.organisation.kind.lower()
    return reverse(f"aftercare:{kind}-{name}", args=[of.organisation.code, *more])


def day(name, on):
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


def link_words(**other):
    return {
        "kind": "SUPPORT",
        "offers": "A weekly group",
        "how_to_refer": "Ring them",
        "agreement": "",
        "revision": "0",
        **day("agreed_on", TODAY),
        **other,
    }


class TestOfAPartnership:
    def test_an_agency_and_its_link_are_written_down(self, desk, partnership):
        added = desk.post(address("partner-add", partnership), {"name": "Shelter", "revision": 0})
        assert added.url == address("link-add", partnership)

        answer = desk.post(added.url, link_words(partner="shelter"), follow=True)

        page = answer.content.decode()
        link = AftercareLink.objects.get()
        assert (link.partner.name, link.partnership) == ("Shelter", partnership)
        assert f"{partnership} has no link to housing" in page
        assert "A weekly group" in page

    def test_a_form_keeps_what_was_typed(self, desk, partnership):
        page = desk.post(
            address("link-add", partnership), link_words(kind="", offers="Six rooms")
        ).content.decode()

        assert "Choose the kind of link" in page
        assert "Six rooms" in page
        assert "Choose the partner agency" in page

    def test_what_ended_is_shown_only_when_asked_for(self, desk, partnership):
        LinkFactory(partnership=partnership, ended_on=TODAY, offers="Gone rooms")
        at = address("partners", partnership)

        assert "Gone rooms" not in desk.get(at).content.decode()
        assert "Gone rooms" in desk.get(f"{at}?standing=ended").content.decode()

    def test_the_list_is_a_file_too(self, desk, partnership):
        LinkFactory(partnership=partnership, offers="Six rooms")

        answer = desk.get(f"{address('partners', partnership)}?format=csv")

        assert "Six rooms" in b"".join(answer.streaming_content).decode()

    def test_confirming_again_says_by_whom(self, desk, partnership):
        link = LinkFactory(
            partner=PartnerAgencyFactory(organisation=partnership.organisation),
            partnership=partnership,
        )

        page = desk.post(address("link-confirm", partnership, link.pk), follow=True)

        assert "confirmed today" in page.content.decode()
        link.refresh_from_db()
        assert link.confirmed_on == TODAY

    def test_somebody_who_saved_meanwhile_is_not_overwritten(self, desk, partnership):
        link = LinkFactory(
            partner=PartnerAgencyFactory(organisation=partnership.organisation),
            partnership=partnership,
            offers="What is there now",
            revision=5,
        )
        at = address("link-change", partnership, link.pk)

        page = desk.post(at, link_words(offers="Mine", revision=4)).content.decode()

        assert "Mine" in page
        assert "What is there now" in page
        assert 'name="revision" value="5"' in page
        desk.post(at, link_words(offers="Mine", revision=5))
        link.refresh_from_db()
        assert link.offers == "Mine"

    def test_an_end_needs_its_reason(self, desk, partnership):
        link = LinkFactory(
            partner=PartnerAgencyFactory(organisation=partnership.organisation),
            partnership=partnership,
        )
        at = address("link-end", partnership, link.pk)

        assert "Enter the reason" in desk.post(at, day("on", TODAY)).content.decode()
        desk.post(at, {**day("on", TODAY), "reason": "They closed"})
        link.refresh_from_db()
        assert link.ended_on == TODAY

    def test_an_agency_is_changed_and_ended(self, desk, partnership):
        partner = PartnerAgencyFactory(organisation=partnership.organisation)
        desk.post(
            address("partner-change", partnership, partner.slug),
            {"name": "Another", "revision": 1},
        )
        desk.post(
            address("partner-end", partnership, partner.slug),
            {**day("on", TODAY), "reason": "They closed"},
        )

        held = PartnerAgency.objects.get()
        assert (held.name, held.ended_on) == ("Another", TODAY)


class TestOfAProvider:
    def test_each_tier_4_service_without_links_is_named(self, client):
        service = DeliveredFactory().service
        client.force_login(UserFactory(provider_manager_of=service.provider))

        page = client.get(address("partners", service.provider)).content.decode()

        assert f"{service.name} has no link to housing and support" in page

    def test_a_link_is_for_whoever_leaves_a_service(self, client):
        service = DeliveredFactory().service
        partner = PartnerAgencyFactory(organisation=service.provider.organisation)
        client.force_login(UserFactory(provider_manager_of=service.provider))

        client.post(
            address("link-add", service.provider),
            link_words(partner=partner.slug, service=service.slug),
        )

        assert AftercareLink.objects.get().service == service


def test_a_region_lists_what_is_missing(client):
    region = RegionFactory()
    ours = PartnershipFactory(region=region)
    client.force_login(UserFactory(reviewer_of=region))

    page = client.get(reverse("aftercare:region-partners", args=[region.code])).content.decode()

    assert ours.organisation.name in page
    assert "Housing and support" in page


def test_the_nation_lists_what_is_missing_anywhere_in_england(client):
    places = [PartnershipFactory(region=RegionFactory()) for _ in range(2)]
    client.force_login(UserFactory(reviewer_of=NationFactory()))

    answer = client.get(reverse("aftercare:england-partners"))
    file = b"".join(client.get(f"{answer.wsgi_request.path}?format=csv").streaming_content)

    assert "Partnerships of England" in answer.content.decode()
    assert all(one.organisation.name in answer.content.decode() for one in places)
    assert all(one.organisation.name in file.decode() for one in places)


def test_each_page_asks_a_constant_number_of_queries(client):
    RuleSetFactory()
    region = RegionFactory()
    partnership = PartnershipFactory(region=region)
    for _ in range(3):
        LinkFactory(partnership=partnership)
        DeliveredFactory(service__site__partnership=partnership)
    service = ServiceLinkFactory().service
    DeliveredFactory(service=service)
    client.force_login(UserFactory(lead_of=partnership))
    assert_counted(client, "aftercare links", address("partners", partnership))
    assert_counted(client, "partner agencies", address("partner-list", partnership))
    client.force_login(UserFactory(provider_manager_of=service.provider))
    assert_counted(client, "aftercare links of a provider", address("partners", service.provider))
    client.force_login(UserFactory(reviewer_of=region))
    assert_counted(
        client,
        "missing aftercare links",
        reverse("aftercare:region-partners", args=[region.code]),
    )
