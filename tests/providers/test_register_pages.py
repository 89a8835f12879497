"""The register as people meet it: the search, records, and the forms that keep them."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest

from commissioning.kernel.clock import technical_now
from providers.models import Board, OpeningHours, Place, Service, Site
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, signed_in
from tests.factories.providers import (
    ContractFactory,
    ContractShareFactory,
    DeliveredFactory,
    PlaceEventFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
    SiteFactory,
)
from tests.factories.register import HoursFactory, PracticeFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
THURSDAY = dt.date(2007, 2, 15)
GATESHEAD = {"latitude": Decimal("54.96"), "longitude": Decimal("-1.60")}


@pytest.fixture(autouse=True)
def day(settings):
    settings.BUSINESS_DAY = THURSDAY
    RuleSetFactory()


@pytest.fixture
def gateshead():
    return PartnershipFactory(organisation__name="Gateshead", **GATESHEAD)


@pytest.fixture
def commissioner(gateshead, client):
    return signed_in(client, commissioner_of=gateshead)


@pytest.fixture
def provider():
    return ProviderFactory(organisation__name="Tyne Care")


@pytest.fixture
def manager(provider, client):
    return signed_in(client, provider_manager_of=provider)


def found(client, **asked):
    """Names of the services that a search finds, in their order."""
    page = client.get("/register/", asked)
    assert page.status_code == 200
    return [row.record.name for row in page.context["table"].rows]


def service(name, **words):
    return ServiceFactory(name=name, **words)


def at(latitude, longitude):
    return {"site__latitude": Decimal(latitude), "site__longitude": Decimal(longitude)}


def said(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.usefixtures("commissioner")
class TestSearch:
    def test_services_nearest_first_those_without_a_position_last(self, client):
        service("Nowhere")
        service("London", **at("51.50", "-0.10"))
        service("Newcastle", **at("54.97", "-1.61"))

        assert found(client) == ["Newcastle", "London", "Nowhere"]
        assert found(client, miles="50") == ["Newcastle"]

    def test_distances_may_be_measured_from_another_partnership(self, client):
        lambeth = PartnershipFactory(latitude=Decimal("51.46"), longitude=Decimal("-0.12"))
        service("London", **at("51.50", "-0.10"))
        service("Newcastle", **at("54.97", "-1.61"))

        assert found(client, near=lambeth.code, miles="10") == ["London"]

    def test_the_page_says_that_centres_are_approximate(self, client):
        page = client.get("/register/")

        assert "approximate centre of Gateshead" in said(page)

    def test_what_closed_or_is_still_to_open_is_not_found(self, client):
        service("Gone", closed_on=THURSDAY)
        service("Coming", opened_on=THURSDAY + dt.timedelta(days=1))
        service("Here")

        assert found(client) == ["Here"]

    def test_intervention_tier_and_setting_hold_of_one_delivery(self, client):
        one = DeliveredFactory(service__name="One").service
        DeliveredFactory(service=one, intervention__code="outreach", setting="outreach", tier=2)
        DeliveredFactory(service__name="Ended", closed_on=THURSDAY)

        assert found(client, intervention="residential-rehabilitation") == ["One"]
        assert found(client, intervention="residential-rehabilitation", tier="4") == ["One"]
        assert found(client, intervention="residential-rehabilitation", tier="2") == []
        assert found(client, setting="outreach", tier="2") == ["One"]

    @pytest.mark.parametrize(
        ("words", "asked"),
        [
            ({"client_groups": ["sex-workers"]}, {"client_group": "sex-workers"}),
            ({"languages": ["Polish"]}, {"language": "Polish"}),
            ({"sex": "WOMEN"}, {"sex": "WOMEN"}),
            ({"age_from": 16}, {"age": "17"}),
            ({"approach": "TWELVE_STEP"}, {"approach": "TWELVE_STEP"}),
            ({"takes_children": True}, {"also": "with_children"}),
            ({"takes_couples": True}, {"also": "with_couples"}),
            ({"is_accessible": True}, {"also": "accessible"}),
            ({"has_detox_attached": True}, {"also": "with_detox"}),
            ({"is_primary_care_led": True}, {"also": "primary_care_led"}),
            ({"name": "Bridge House"}, {"name": "bridge"}),
            ({"site__outcode": "TS1"}, {"name": "ts1"}),
        ],
    )
    def test_it_finds_by_what_a_service_says_of_itself(self, client, words, asked):
        other = {"sex": "MEN", "takes_justice_clients": False}
        service("Other", **other)
        wanted = service(words.pop("name", "Wanted"), **words)

        assert found(client, **asked) == [wanted.name]

    def test_a_service_for_anyone_takes_women_too(self, client):
        service("Anyone")
        service("Women", sex="WOMEN")
        service("Men", sex="MEN")

        assert sorted(found(client, sex="WOMEN")) == ["Anyone", "Women"]

    def test_open_this_evening_is_asked_of_todays_weekday(self, client):
        HoursFactory(service=service("Thursdays"), weekday=3, closes=dt.time(20))
        HoursFactory(service=service("Fridays"), weekday=4, closes=dt.time(20))
        HoursFactory(service=service("Till six"), weekday=3, closes=dt.time(18))
        HoursFactory(service=service("Saturdays"), weekday=5, closes=dt.time(12))
        service("Always", open_all_hours=True)

        assert found(client, hours="evening") == ["Always", "Thursdays"]
        assert found(client, hours="evenings") == ["Always", "Fridays", "Thursdays"]
        assert found(client, hours="weekends") == ["Always", "Saturdays"]

    def test_a_contract_of_ours_in_force_marks_what_it_covers(self, client, gateshead):
        named, unnamed, ended, theirs = (service(n) for n in ("Named", "All", "Ended", "Theirs"))
        for one, whose, words in (
            (named, gateshead, {}),
            (unnamed, gateshead, {}),
            (ended, gateshead, {"ends_on": THURSDAY}),
            (theirs, PartnershipFactory(), {}),
        ):
            contract = ContractFactory(provider=one.provider, lead=whose, state="LIVE", **words)
            ContractShareFactory(contract=contract)
            if one is named:
                contract.services.add(named)
                service("Beside it", provider=named.provider)

        assert found(client, also="contract") == ["All", "Named"]

    def test_residents_are_taken_by_catchment_nation_or_where_it_stands(self, client, gateshead):
        service("National", is_national=True)
        service("Standing here", site__partnership=gateshead)
        named = service("Named")
        named.catchment.add(gateshead)
        elsewhere = service("Here for others", site__partnership=gateshead)
        elsewhere.catchment.add(PartnershipFactory())
        service("Elsewhere")

        assert found(client, also="from_area") == ["Named", "National", "Standing here"]

    def test_an_unknown_value_is_named_and_the_list_is_shown_without_it(self, client):
        service("Here")

        page = client.get("/register/", {"intervention": "magic"})

        assert "“magic” is not known" in said(page)
        assert [row.record.name for row in page.context["table"].rows] == ["Here"]

    def test_it_is_a_file_too(self, client):
        DeliveredFactory(service__name="One", service__waiting_days=9,
                         service__waiting_stated_on=THURSDAY)  # fmt: skip

        answer = client.get("/register/?format=csv")

        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["Service"] == "One"
        assert row["Delivers (tier)"] == "Residential rehabilitation (4)"
        assert row["Wait, days"] == "9"
        sheet = client.get("/register/?format=xlsx")
        assert sheet.status_code == 200
        sheet.close()

    def test_it_asks_as_often_whatever_it_finds(self, client):
        DeliveredFactory()
        assert_counted(client, "register of services", "/register/")

        for _ in range(8):
            HoursFactory(service=DeliveredFactory().service)

        assert_counted(client, "register of services", "/register/")


class TestPlacesFree:
    @pytest.fixture
    def beds(self, manager, provider):
        delivered = DeliveredFactory(service__provider=provider)
        for _ in range(3):
            PlaceFactory(service=delivered.service)
        PlaceFactory(service=delivered.service, overbooked_for="A crisis.")
        Board.objects.create(service=delivered.service, stated_at=technical_now())
        return delivered.service

    def free(self, client):
        (row,) = client.get("/register/").context["table"].rows
        return row.record.free

    def test_they_are_open_ones_with_nothing_on_the_night(self, client, beds):
        assert self.free(client) == 3
        Place.objects.filter(overbooked_for="").first().occupancies.create(
            nights=(THURSDAY, None),
            kind="OCCUPIED",
            began=self._event(Place.objects.filter(overbooked_for="").first()),
        )

        assert self.free(client) == 2
        assert found(client, also="free") == [beds.name]

    def test_not_stated_lately_they_are_not_known_and_not_found(self, client, beds):
        beds.board.stated_at -= dt.timedelta(hours=37)
        beds.board.save()

        assert self.free(client) is None
        assert found(client, also="free") == []

    def _event(self, place):
        return PlaceEventFactory(place=place, kind="ADMITTED", on=THURSDAY)


@pytest.mark.usefixtures("commissioner")
class TestRecord:
    def test_office_hours_only_is_shown_as_a_gap(self, client):
        one = HoursFactory().service

        page = client.get(f"/provider/{one.provider.code}/services/{one.slug}/")

        assert page.context["hours"].is_gap
        assert "Office hours only" in said(page)
        assert "asks for evenings and weekends" in said(page)

    def test_a_tier_that_was_overruled_says_so(self, client):
        one = DeliveredFactory(tier=3, proposed_tier=4, tier_reason="By day only.").service

        page = said(client.get(f"/provider/{one.provider.code}/services/{one.slug}/"))

        assert "By day only." in page
        assert "The rule proposed Tier 4" in page

    def test_a_wait_has_its_day_and_is_out_of_date_after_a_while(self, client):
        one = service("One", waiting_days=14, waiting_stated_on=dt.date(2007, 2, 1))
        address = f"/provider/{one.provider.code}/services/{one.slug}/"
        assert "14 days, estimated on 1 February 2007" in said(client.get(address))
        Service.objects.update(waiting_stated_on=dt.date(2006, 12, 1))

        assert "estimated on 1 December 2006: out of date" in said(client.get(address))

    def test_those_who_do_not_keep_it_are_offered_no_deeds(self, client):
        one = service("One")

        assert "Set the hours" not in said(
            client.get(f"/provider/{one.provider.code}/services/{one.slug}/")
        )

    @pytest.mark.parametrize("name", ["list", "record", "sites"])
    def test_it_asks_as_often_whatever_it_holds(self, client, name):
        one = DeliveredFactory().service
        ending = {"list": "services/", "record": f"services/{one.slug}/", "sites": "sites/"}[name]
        address = f"/provider/{one.provider.code}/{ending}"
        assert_counted(client, f"services of a provider: {name}", address)

        HoursFactory(service=one)
        one.catchment.add(PartnershipFactory(), PartnershipFactory())
        for code in ("outreach", "advice"):
            DeliveredFactory(service=one, intervention__code=code, setting="outreach", tier=2)
        for _ in range(4):
            DeliveredFactory(service__provider=one.provider)

        assert_counted(client, f"services of a provider: {name}", address)


@pytest.mark.usefixtures("manager")
class TestKeeping:
    def day(self, name, on=THURSDAY):
        return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}

    def test_a_site_and_a_service_are_added(self, client, provider):
        base = f"/provider/{provider.code}/"
        answer = client.post(
            f"{base}sites/add/",
            {"name": "Bridge House", "address": "1 High Street", "outcode": "ne8",
             "latitude": "54.96", "longitude": "-1.6", "revision": 1, **self.day("opened_on")},
        )  # fmt: skip
        assert answer.status_code == 302
        site = Site.objects.get()
        assert (site.outcode, site.latitude) == ("NE8", Decimal("54.96"))

        answer = client.post(
            f"{base}services/add/",
            {"name": "Open access", "site": site.pk, "sex": "ANY", "age_from": 18,
             "client_groups": ["homeless", "refugees"], "languages": "Polish, Bengali",
             "takes_couples": "on", "revision": 1, **self.day("opened_on")},
        )  # fmt: skip

        assert answer.status_code == 302
        one = Service.objects.get()
        assert one.client_groups == ["homeless", "refugees"]
        assert one.languages == ["Polish", "Bengali"]
        assert (one.takes_couples, one.takes_justice_clients) == (True, False)

    def test_hours_are_read_as_people_write_them(self, client, provider):
        one = service("One", provider=provider)
        address = f"/provider/{provider.code}/services/{one.slug}/hours/"

        answer = client.post(
            address, {"day_0": "9-12.30, 14:00–20:00", "day_5": "10 to 24", "revision": 1}
        )

        assert answer.status_code == 302
        assert [(h.weekday, str(h.opens), str(h.closes)) for h in OpeningHours.objects.all()] == [
            (0, "09:00:00", "12:30:00"),
            (0, "14:00:00", "20:00:00"),
            (5, "10:00:00", "23:59:00"),
        ]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("all day", "“all day” is no opening"),
            ("9-25", "There is no time 25:00"),
            ("17-9", "before it opens"),
            ("9-12, 11-13", "overlap"),
        ],
    )
    def test_hours_that_cannot_be_are_told_and_stay_typed(self, client, provider, typed, sentence):
        one = service("One", provider=provider)

        page = client.post(
            f"/provider/{provider.code}/services/{one.slug}/hours/",
            {"day_2": typed, "revision": 1},
        )

        assert sentence in said(page)
        assert f'value="{typed}"' in said(page)

    def test_the_rule_proposes_a_tier_before_anything_is_saved(self, client, provider):
        one = service("One", provider=provider)
        DeliveredFactory(intervention__code="day-programme", setting="community-clinic", tier=3)
        address = f"/provider/{provider.code}/services/{one.slug}/interventions/add/"
        ticked = dict.fromkeys(("is_care_planned", "after_assessment", "with_consent"), "on")
        chosen = {"intervention": "day-programme", "setting": "community-clinic"}
        more = {"structure": "unknown", "weekly_price": "£250"}
        typed = {**ticked, **chosen, **more, **self.day("from_on")}

        page = client.post(address, {**typed, "propose": "yes"})
        assert "The rule proposes Tier 3." in said(page)
        assert not one.interventions.exists()

        page = client.post(address, {**typed, "tier": "2"})
        assert "Say why this is Tier 2 and not Tier 3" in said(page)

        assert client.post(address, typed).status_code == 302
        made = one.interventions.get()
        assert (made.tier, made.weekly_price) == (3, Decimal("250.00"))

    def test_what_somebody_else_saved_meanwhile_is_shown_beside_what_was_typed(
        self, client, provider
    ):
        one = service("One", provider=provider)
        Service.objects.filter(pk=one.pk).update(revision=2, telephone="0191 496 0000")

        page = client.post(
            f"/provider/{provider.code}/services/{one.slug}/change/",
            {"name": "Renamed", "site": one.site.pk, "sex": "ANY", "age_from": 18, "revision": 1},
        )

        assert "Somebody saved this service after you opened it" in said(page)
        assert "0191 496 0000" in said(page)
        assert 'value="Renamed"' in said(page)
        assert 'name="revision" value="2"' in said(page)

    def test_a_site_of_another_provider_is_not_offered(self, client, provider):
        other = SiteFactory()

        page = client.post(
            f"/provider/{provider.code}/services/add/",
            {"name": "One", "site": other.pk, "sex": "ANY", "age_from": 18, "revision": 1,
             **self.day("opened_on")},
        )  # fmt: skip

        assert page.status_code == 200
        assert not Service.objects.exists()

    def test_it_says_itself_who_prescribes(self, client, provider):
        PracticeFactory(provider=provider)

        client.post(f"/provider/{provider.code}/prescribers/", {"level_CORE": "3"})

        assert [(one.level, one.people) for one in provider.prescribers.all()] == [("CORE", 3)]
