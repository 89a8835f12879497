"""Lists of preferred providers: who decides, on what evidence, and what plans are told."""

import datetime as dt

import pytest
from django.urls import reverse

from commissioning.kernel.errors import NotPermitted
from commissioning.models import Evidence
from commissioning.rule_settings import DEFAULTS
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.models import PreferredList, PreferredProvider
from providers.selectors.preferred import lists_for
from providers.services.preferred import (
    PreferredRefused,
    end_list,
    name_provider,
    remove_provider,
    review_provider,
    start_list,
)
from providers.services.preferred_evidence import write_preferred_evidence
from tests.factories.commissioning import (
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.providers import DeliveredFactory, ProviderFactory
from tests.factories.quality import PreferredFactory, PreferredListFactory
from tests.providers.asked import market_asks
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY, LATER = dt.date(2007, 2, 15), dt.date(2008, 2, 15)


@pytest.fixture(autouse=True)
def _held(settings):
    settings.BUSINESS_DAY = TODAY


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def partnership(region):
    return PartnershipFactory(region=region)


@pytest.fixture
def lead(partnership):
    return UserFactory(lead_of=partnership)


@pytest.fixture
def reviewer(region):
    return UserFactory(reviewer_of=region)


def started(organisation, by, name="Rehabilitation", **words):
    return start_list(
        organisation=organisation, name=name, review_by=LATER, on=TODAY, by=by, **words
    )


class TestWhoDecides:
    def test_a_reviewer_decides_the_regions_list_and_not_a_partnerships(
        self, region, partnership, reviewer
    ):
        assert started(region, reviewer).organisation == region
        with pytest.raises(NotPermitted):
            started(partnership.organisation, reviewer)

    def test_a_lead_decides_the_partnerships_list_and_not_the_regions(
        self, region, partnership, lead
    ):
        assert started(partnership.organisation, lead).organisation == partnership.organisation
        with pytest.raises(NotPermitted):
            started(region, lead)


class TestLists:
    def test_a_name_is_used_once(self, partnership, lead):
        started(partnership.organisation, lead)

        with pytest.raises(PreferredRefused, match="already"):
            started(partnership.organisation, lead, name="REHABILITATION")

    def test_a_partnership_buys_by_its_own_and_by_those_of_its_region_that_are_for_it(
        self, region, partnership
    ):
        own = PreferredListFactory(organisation=partnership.organisation)
        for_all = PreferredListFactory(organisation=region, name="For all")
        ours = PreferredListFactory(organisation=region, name="Ours")
        ours.consortium.set([partnership, PartnershipFactory(region=region)])
        PreferredListFactory(organisation=region).consortium.add(PartnershipFactory(region=region))
        PreferredListFactory(organisation=RegionFactory())

        assert list(lists_for(partnership.organisation, on=TODAY)) == [own, for_all, ours]

    def test_nobody_is_named_on_a_list_that_ended(self, partnership, lead):
        held = started(partnership.organisation, lead)
        end_list(preferred_list=held, on=TODAY, reason="A new one", by=lead)

        with pytest.raises(PreferredRefused, match="ended"):
            name_provider(
                preferred_list=held,
                provider=ProviderFactory(),
                evidence="Good",
                from_on=TODAY,
                review_by=LATER,
                by=lead,
            )


class TestProviders:
    @pytest.fixture
    def preferred(self, partnership):
        return PreferredFactory(preferred_list__organisation=partnership.organisation)

    def test_it_is_on_a_list_once(self, preferred, lead):
        with pytest.raises(PreferredRefused, match="is on the list already"):
            name_provider(
                preferred_list=preferred.preferred_list,
                provider=preferred.provider,
                evidence="Good",
                from_on=TODAY,
                review_by=LATER,
                by=lead,
            )

    def reviewed(self, preferred, by, seen, evidence="Visited again"):
        return review_provider(
            preferred=preferred, evidence=evidence, review_by=LATER, seen=seen, on=TODAY, by=by
        )

    def test_a_review_says_who_and_until_when_and_keeps_the_first_decision(self, preferred, lead):
        held = self.reviewed(preferred, lead, preferred.review_by)

        assert (held.reviewed_on, held.reviewed_by, held.review_by) == (TODAY, lead, LATER)
        assert held.decided_by == preferred.decided_by

    def test_a_review_made_meanwhile_is_not_overwritten(self, preferred, lead):
        seen = preferred.review_by
        self.reviewed(preferred, lead, seen)

        with pytest.raises(ChangedMeanwhile):
            self.reviewed(preferred, lead, seen, evidence="Mine")

        assert PreferredProvider.objects.get().evidence == "Visited again"

    def test_it_leaves_on_a_later_day_than_it_came(self, preferred, lead):
        with pytest.raises(PreferredRefused, match="since 1 April 2006"):
            remove_provider(preferred=preferred, on=preferred.from_on, reason="A mistake", by=lead)

    def test_who_left_is_not_reviewed_and_may_be_named_again(self, preferred, lead):
        remove_provider(preferred=preferred, on=TODAY, reason="Inspected", by=lead)

        with pytest.raises(PreferredRefused, match="left the list"):
            self.reviewed(preferred, lead, preferred.review_by)
        again = name_provider(
            preferred_list=preferred.preferred_list,
            provider=preferred.provider,
            evidence="Mended",
            from_on=TODAY,
            review_by=LATER,
            by=lead,
        )
        assert again.until_on is None

    def test_reviews_are_due_from_some_days_before(self, preferred, partnership):
        warned = dt.timedelta(days=DEFAULTS.quality_warning_days)
        PreferredList.objects.update(review_by=dt.date(2009, 1, 1))
        asked = {"on": preferred.review_by - warned, "organisation": partnership.organisation}
        (due,) = market_asks(role="LEAD", **asked)["reviews"]

        assert due == {"what": "preferred", "number": 1, "first": preferred.review_by.isoformat()}
        before = asked | {"on": asked["on"] - dt.timedelta(days=1)}
        assert "reviews" not in market_asks(role="LEAD", **before)


class TestEvidence:
    def known(self, partnership):
        write_preferred_evidence(on=TODAY)
        held = Evidence.objects.filter(
            subject=partnership.organisation, name="preferred-providers"
        ).first()
        return held.value if held else None

    def test_nothing_is_said_of_a_partnership_without_a_list(self, partnership):
        assert self.known(partnership) is None

    def test_an_empty_list_names_nobody(self, partnership):
        PreferredListFactory(organisation=partnership.organisation)

        assert self.known(partnership) == 0

    def test_a_residential_provider_on_the_regions_list_counts(self, region, partnership):
        provider = DeliveredFactory().service.provider
        PreferredFactory(preferred_list__organisation=region, provider=provider)

        assert self.known(partnership) == 1

    def test_a_provider_without_tier_4_does_not(self, partnership):
        provider = DeliveredFactory(tier=3).service.provider
        PreferredFactory(preferred_list__organisation=partnership.organisation, provider=provider)

        assert self.known(partnership) == 0

    def test_a_list_for_others_says_nothing_of_us(self, region, partnership):
        held = PreferredListFactory(organisation=region)
        held.consortium.add(PartnershipFactory(region=region))

        assert self.known(partnership) is None


def at(page, organisation, *more):
    kind = organisation.kind.lower()
    return reverse(f"providers:{kind}-preferred-{page}", args=[organisation.code, *more])


def day(name, on):
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


class TestPages:
    @pytest.fixture
    def desk(self, client, lead):
        client.force_login(lead)
        return client

    def test_a_list_is_begun_and_a_provider_named_reviewed_and_removed(self, desk, partnership):
        ours, provider = partnership.organisation, ProviderFactory()
        desk.post(at("list-add", ours), {"name": "Detox", **day("review_by", LATER)})
        desk.post(
            at("add", ours, "detox"),
            {
                "provider": provider.pk,
                "evidence": "Two visits",
                **day("from_on", dt.date(2007, 1, 1)),
                **day("review_by", LATER),
            },
        )
        page = desk.get(at("list", ours)).content.decode()
        assert "Two visits" in page
        held = PreferredProvider.objects.get()
        where = ("detox", held.pk)

        seen = {"seen": held.review_by.isoformat(), "evidence": "A third visit"}
        desk.post(at("review", ours, *where), seen | day("review_by", dt.date(2009, 1, 1)))
        record = desk.get(at("record", ours, *where)).content.decode()
        assert "A third visit" in record
        desk.post(at("remove", ours, *where), {"reason": "Closed", **day("on", TODAY)})

        desk.get(at("list", ours))  # takes the banner away
        assert provider.organisation.name not in _rows(desk.get(at("list", ours)))
        left = desk.get(at("list", ours) + "?standing=left")
        assert provider.organisation.name in _rows(left)

    def test_what_was_typed_stays_and_what_is_missing_is_named(self, desk, partnership):
        held = PreferredListFactory(organisation=partnership.organisation)
        ProviderFactory()

        page = desk.post(
            at("add", partnership.organisation, held.slug), {"evidence": "Two visits"}
        ).content.decode()

        assert "Two visits" in page
        assert "Choose the provider" in page

    def test_a_partnership_reads_its_regions_list_and_cannot_decide_it(
        self, desk, region, partnership
    ):
        held = PreferredFactory(preferred_list__organisation=region)
        where = (held.preferred_list.slug, held.pk)
        ours = partnership.organisation

        assert held.provider.organisation.name in _rows(desk.get(at("list", ours)))
        assert desk.get(at("record", ours, *where)).status_code == 200
        assert desk.get(at("review", ours, *where)).status_code == 403

    def test_a_reviewer_begins_a_list_for_a_consortium(
        self, client, region, partnership, reviewer
    ):
        PartnershipFactory(region=region)
        client.force_login(reviewer)
        client.post(
            at("list-add", region),
            {"name": "North", "consortium": [partnership.pk], **day("review_by", LATER)},
        )

        assert list(PreferredList.objects.get().consortium.all()) == [partnership]

    def test_a_review_made_meanwhile_stands_beside_what_was_typed(self, desk, partnership):
        held = PreferredFactory(
            preferred_list__organisation=partnership.organisation, evidence="Theirs"
        )
        where = at("review", partnership.organisation, held.preferred_list.slug, held.pk)
        typed = {"seen": "2006-01-01", "evidence": "Mine", **day("review_by", LATER)}

        page = desk.post(where, typed).content.decode()

        assert "Mine" in page
        assert "Theirs" in page
        desk.post(where, typed | {"seen": held.review_by.isoformat()})
        held.refresh_from_db()
        assert held.evidence == "Mine"

    def test_a_list_ends_with_its_reason(self, desk, partnership):
        held = PreferredListFactory(organisation=partnership.organisation)
        desk.post(
            at("list-end", partnership.organisation, held.slug),
            {"reason": "A new one", **day("on", TODAY)},
        )

        held.refresh_from_db()
        assert held.ended_on == TODAY

    def test_each_page_asks_a_constant_number_of_queries(self, desk, region, partnership):
        RuleSetFactory()
        for owner in (region, partnership.organisation, partnership.organisation):
            held = PreferredFactory(preferred_list__organisation=owner)
        ours = partnership.organisation
        assert_counted(desk, "preferred providers", at("list", ours))
        record = at("record", ours, held.preferred_list.slug, held.pk)
        assert_counted(desk, "preferred provider", record)


def _rows(answer):
    """The list's own part of the page."""
    return answer.content.decode().split("<main")[1]
