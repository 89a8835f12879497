"""What the market asks of providers, commissioners and reviewers on their home page."""

import datetime as dt
from decimal import Decimal

import pytest
from psycopg.types.range import DateRange

from commissioning.kernel.clock import technical_now
from commissioning.rule_settings import DEFAULTS
from providers.choices import CallOffState, ContractKind, OccupancyKind
from tests.factories.activity import OpenAccessFactory
from tests.factories.aftercare import LinkFactory
from tests.factories.call_offs import CallOffFactory, ExtensionFactory
from tests.factories.commissioning import (
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.contracts import CommentFactory, ContractPlaceFactory, VariationFactory
from tests.factories.ledger import plan_of
from tests.factories.places import BoardFactory, OccupancyFactory
from tests.factories.plans import judged
from tests.factories.providers import (
    ContractFactory,
    ContractShareFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
)
from tests.factories.quality import PreferredFactory, PreferredListFactory
from tests.providers.calling_off import nights_beyond

TODAY = dt.date(2007, 2, 15)
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(settings):
    settings.BUSINESS_DAY = TODAY
    RuleSetFactory()


def home(client, person):
    client.force_login(person)
    page = client.get("/")
    assert page.status_code == 200
    return page.context


def cards(shown):
    return [f"{card.number} {card.sentence}" for card in shown["cards"]]


def items(shown):
    return [(item.sentence, item.due_on, item.late) for item in shown["items"]]


def night(place, kind, since, until, **words):
    return OccupancyFactory(
        began__place=place,
        kind=kind,
        nights=DateRange(since, until),
        planned_until=until,
        **words,
    )


def live(provider, partnership, **words):
    made = ContractFactory(provider=provider, lead=partnership, state="LIVE", **words)
    ContractShareFactory(contract=made)
    return made


class TestAProvider:
    @pytest.fixture
    def provider(self):
        return ProviderFactory()

    @pytest.fixture
    def keeper(self, provider):
        return UserFactory(provider_manager_of=provider)

    def test_is_told_of_boards_nobody_relies_on(self, client, provider, keeper):
        stale = PlaceFactory(service=ServiceFactory(provider=provider, name="Valley House"))
        BoardFactory(service=stale.service, stated_at=technical_now() - 40 * dt.timedelta(hours=1))
        fresh = PlaceFactory(service=ServiceFactory(provider=provider))
        BoardFactory(service=fresh.service, stated_at=technical_now())
        PlaceFactory()  # another provider's, never stated

        shown = home(client, keeper)

        assert cards(shown) == [
            "1 of 2 boards has not been stated for 36 hours: nobody relies on it."
        ]
        assert items(shown) == [("Say how the places of Valley House stand", TODAY, True)]
        assert client.get(shown["cards"][0].href).status_code == 200

    def test_says_who_came_and_left_and_sees_who_is_to_come(self, client, provider, keeper):
        service = ServiceFactory(provider=provider)
        BoardFactory(service=service, stated_at=technical_now())
        late, today, coming = (PlaceFactory(service=service) for _ in range(3))
        night(late, OccupancyKind.OCCUPIED, TODAY - 30 * DAY, TODAY - 2 * DAY)
        night(today, OccupancyKind.BOOKED, TODAY, TODAY + 20 * DAY)
        night(coming, OccupancyKind.BOOKED, TODAY + 3 * DAY, TODAY + 20 * DAY)

        shown = home(client, keeper)

        assert cards(shown) == [
            "2 people were to come or to leave by today: 1 to be admitted, 1 to leave."
        ]
        assert items(shown) == [
            ("Say what happened: 1 person to leave", TODAY - 2 * DAY, True),
            ("Say what happened: 1 person to be admitted", TODAY, False),
        ]
        assert (TODAY + 3 * DAY, "1 person to be admitted") in [
            (one.on, one.words) for one in shown["dates"]
        ]

    def test_answers_call_offs_contracts_and_changes(self, client, provider, keeper):
        service = ServiceFactory(provider=provider, name="Valley House")
        BoardFactory(service=service, stated_at=technical_now())
        call_off = CallOffFactory(
            place=PlaceFactory(service=service),
            state=CallOffState.APPROVED,
            decided_by=UserFactory(),
            starts_on=TODAY + 5 * DAY,
            ends_on=TODAY + 90 * DAY,
        )
        offered = ContractFactory(provider=provider, state="OFFERED", title="Beds")
        running = live(provider, offered.lead, ends_on=dt.date(2009, 4, 1))
        VariationFactory(contract=running)
        CommentFactory(contract=running, remedy="Call leavers", due_on=TODAY - DAY)

        shown = home(client, keeper)

        assert cards(shown) == [
            "1 call-off waits for your answer; the first stay begins on 20 February 2007.",
            (
                "2 contracts wait for your side's answer: what is offered, or a change that is"
                " proposed."
            ),
        ]
        said = [one[0] for one in items(shown)]
        remedy = f"A remedy of contract {running.reference}, Rehabilitation is overdue"
        assert (remedy, TODAY - DAY, True) in items(shown)
        assert f"Answer call-off {call_off.number} for Valley House" in said
        assert f"Answer contract {offered.reference}, Beds" in said
        assert f"Answer the variation of contract {running.reference}, Rehabilitation" in said
        assert (
            f"Send the monitoring return of contract {running.reference}, Rehabilitation" in said
        )

    def test_ends_stays_past_their_nights_or_asks_for_longer(self, client, provider, keeper):
        service = ServiceFactory(provider=provider, name="Elms")
        BoardFactory(service=service, stated_at=technical_now())
        one, asked = (
            CallOffFactory(
                place=PlaceFactory(service=service),
                state="ADMITTED",
                decided_by=UserFactory(),
                admitted_on=dt.date(2006, 11, 20),
                starts_on=dt.date(2006, 11, 20),
                ends_on=TODAY - DAY,
            )
            for _ in range(2)
        )
        ExtensionFactory(call_off=asked, since=TODAY - DAY, until=TODAY + DAY)

        said = [one for one in items(home(client, keeper)) if "End the stay" in one[0]]

        words = f"End the stay of call-off {one.number} for Elms, or ask for a longer one"
        assert said == [(words, TODAY - DAY, True)]

    def test_sends_activity_of_each_quarter_by_its_day(self, client, provider, keeper):
        OpenAccessFactory(
            service=ServiceFactory(provider=provider), opened_on=dt.date(2006, 10, 5)
        )

        due = dt.date(2006, 12, 31) + DEFAULTS.activity_due_days * DAY
        assert items(home(client, keeper)) == [
            ("Send the activity of October to December 2006", due, due < TODAY)
        ]

    def test_sees_the_dates_of_its_contracts(self, client, provider, keeper):
        made = live(provider, PartnershipFactory(), notice_weeks=4)

        dates = [(one.on, one.words) for one in home(client, keeper)["dates"]]

        named = f"{made.reference}, Rehabilitation"
        assert (dt.date(2007, 3, 4), f"Last day for notice of contract {named}") in dates
        assert (dt.date(2007, 4, 1), f"Contract {named} ends") in dates

    def test_one_who_keeps_places_only_is_asked_for_no_contract(self, client, provider):
        live(provider, PartnershipFactory())

        shown = home(client, UserFactory(keyworker_of=provider))

        assert (cards(shown), items(shown)) == ([], [])


class TestACommissioner:
    @pytest.fixture
    def area(self):
        area = PartnershipFactory()
        judged(area)
        return area

    def test_is_told_of_voids_dates_and_boards_of_its_providers(self, client, area):
        provider = ProviderFactory()
        service = ServiceFactory(provider=provider)
        beds = [PlaceFactory(service=service) for _ in range(3)]
        block = live(
            provider, area, kind=ContractKind.BLOCK, price=Decimal(700), places=3,
            price_unit="BED_WEEK",
        )  # fmt: skip
        for bed in beds:
            ContractPlaceFactory(contract=block, place=bed)
        night(beds[0], OccupancyKind.OCCUPIED, TODAY - 9 * DAY, TODAY + 9 * DAY)

        shown = home(client, UserFactory(lead_of=area))

        assert cards(shown) == [
            "2 of 3 places we have bought on block contracts are empty tonight.",
            (
                "1 contract ends within three months, or has a last day for notice or an option in"
                " that time."
            ),
            (
                "1 provider we contract with has not stated places for 36 hours: what stands"
                " there is not to be relied on."
            ),
        ]
        assert all(client.get(card.href).status_code == 200 for card in shown["cards"])
        boards = client.get(shown["cards"][-1].href).context["table"].data
        assert [str(row) for row in boards] == [str(provider)]  # ours alone

    def test_commits_a_later_year_whose_plan_is_agreed(self, client, area):
        block = live(
            ProviderFactory(), area, kind=ContractKind.BLOCK, price=Decimal(700), places=3,
            price_unit="BED_WEEK", ends_on=dt.date(2008, 4, 1),
        )  # fmt: skip
        plan_of(area, year=2007)

        told = items(home(client, UserFactory(lead_of=area)))

        words = f"Commit 2007/08 of contract {block.reference}, Rehabilitation"
        assert (words, None, False) in told

    def test_approves_what_another_asked_for(self, client, area):
        approver = UserFactory(finance_approver_of=area)
        approver.memberships.update(approval_limit=8400)
        asked = CallOffFactory(partnership=area)
        CallOffFactory(partnership=area, requested_by=approver)
        longer = CallOffFactory(
            partnership=area, state=CallOffState.APPROVED, decided_by=UserFactory()
        )
        ExtensionFactory(call_off=longer)
        CallOffFactory(partnership=area, cost=Decimal("8400.01"))

        shown = home(client, approver)

        assert cards(shown) == [
            "2 call-offs wait for your approval: others asked, and your limit covers each."
        ]
        assert {one.href: one.sentence.partition(" for ")[0] for one in shown["items"]} == {
            f"/call-offs/{asked.number}/": f"Approve or refuse call-off {asked.number}",
            f"/call-offs/{longer.number}/": (
                f"Approve or refuse a longer stay of call-off {longer.number}"
            ),
        }
        page = client.get(shown["cards"][0].href).content.decode()
        assert f"/call-offs/{longer.number}/" in page

    def test_who_leads_hears_of_what_nobody_may_approve(self, client, area):
        approver = UserFactory(finance_approver_of=area)
        approver.memberships.update(approval_limit=8399)
        lead = UserFactory(lead_of=area)
        CallOffFactory(partnership=area, requested_by=approver)
        stuck = CallOffFactory(partnership=area, requested_by=lead, place__service__name="Elms")

        said = {one.sentence: one for one in home(client, lead)["items"]}

        words = f"Find who approves call-off {stuck.number} for Elms"
        assert said[words].about == "£8,400 is beyond the limit of everybody but who asked"
        assert len([one for one in said if one.startswith("Find who")]) == 1
        assert not any("Find who" in one[0] for one in items(home(client, approver)))
        approver.memberships.update(approval_limit=8400)
        assert not any("Find who" in one[0] for one in items(home(client, lead)))

    def test_decides_on_stays_past_their_approved_nights(self, client, area):
        words = {"decided_by": UserFactory(), "admitted_on": dt.date(2006, 9, 4)}
        service = ServiceFactory(name="Elms")
        goes_on = CallOffFactory(
            partnership=area,
            place=PlaceFactory(service=service),
            state="ADMITTED",
            starts_on=dt.date(2006, 9, 4),
            ends_on=TODAY - 3 * DAY,
            **words,
        )
        ended = {"state": "ENDED", "move_on": "OWN_HOME", "as_planned": True} | words
        went_on, answered, long_ago, in_time = (
            CallOffFactory(
                partnership=area,
                place=PlaceFactory(service=service),
                ends_on=left - beyond * DAY,
                left_on=left,
                **ended,
            )
            for left, beyond in [
                (TODAY - DAY, 1),
                (TODAY - DAY, 1),
                (TODAY - 100 * DAY, 2),
                (TODAY - DAY, 0),
            ]
        )
        ExtensionFactory(
            call_off=answered, until=TODAY - DAY, since=TODAY - 2 * DAY, state="REFUSED"
        )
        assert nights_beyond(long_ago, TODAY) == 2
        assert nights_beyond(in_time, TODAY) == 0

        shown = home(client, UserFactory(commissioner_of=area))

        assert cards(shown)[0].startswith("2 stays are beyond the nights that were approved")
        asked = {
            one.href: one.about
            for one in shown["items"]
            if "past its approved nights" in one.sentence
        }
        assert asked == {
            f"/call-offs/{went_on.number}/": "1 night, not paid; they left",
            f"/call-offs/{goes_on.number}/": "3 nights, not paid; they are there still",
        }
        page = client.get(shown["cards"][0].href).content.decode()
        assert f"/call-offs/{goes_on.number}/" in page
        assert f"/call-offs/{in_time.number}/" not in page

    def test_hears_of_holds_that_lapse(self, client, area):
        place = PlaceFactory(service=ServiceFactory(name="Elms"), label="Bed 4")
        until = technical_now() + 3 * dt.timedelta(hours=1)
        words = {"case": "C-9", "partnership": area, "held_until": until}
        night(place, OccupancyKind.HELD, TODAY + DAY, TODAY + 9 * DAY, **words)
        asked = night(PlaceFactory(), OccupancyKind.HELD, TODAY, TODAY + 9 * DAY, **words)
        CallOffFactory(partnership=area, occupancy=asked)

        shown = home(client, UserFactory(care_manager_of=area))

        held = "held for another 2 hours"
        assert [(one.sentence, one.about) for one in shown["items"]] == [
            ("Call off or release Bed 4 at Elms", f"C-9, {held}")
        ]
        assert cards(shown) == [f"1 place is held and not called off; the first is {held}."]
        page = client.get(shown["cards"][0].href).content.decode()
        assert "C-9" in page

    def test_who_asked_is_told_of_a_refusal_until_it_is_asked_for_again(self, client, area):
        carer = UserFactory(care_manager_of=area)
        now = technical_now()
        decided = {"decided_by": UserFactory(), "decided_at": now - DAY}
        mine = {
            "partnership": area,
            "requested_by": carer,
            "place__service__name": "Elms",
            "state": "REFUSED",
            "decision": "Too long.",
        }
        told = CallOffFactory(case="C-1", **mine, **decided)
        CallOffFactory(case="C-2", **mine, **decided)
        CallOffFactory(case="C-2", partnership=area, requested_by=carer)
        CallOffFactory(case="C-3", **mine, **decided | {"decided_at": now - 15 * DAY})
        CallOffFactory(case="C-4", **mine | {"requested_by": UserFactory()}, **decided)
        turned_down = {"state": "DECLINED", "answer": "No cover.", "answered_at": now}
        declined = CallOffFactory(case="C-5", **mine | turned_down, **decided)
        stays = CallOffFactory(
            case="C-6", **mine | {"state": "APPROVED", "decision": ""}, **decided
        )
        ExtensionFactory(
            call_off=stays, state="REFUSED", asked_by=carer, decision="Enough.", decided_at=now
        )

        shown = home(client, carer)

        assert {(one.sentence.partition(":")[0], one.about) for one in shown["items"]} == {
            (f"Call-off {told.number} for Elms was refused", "Too long."),
            (f"Call-off {declined.number} for Elms was declined", "No cover."),
            (f"A longer stay of call-off {stays.number} for Elms was refused", "Enough."),
        }

    def test_finds_what_follows_stays_that_end_soon(self, client, area):
        words = {"state": "ADMITTED", "decided_by": UserFactory()}
        ends, other = (
            CallOffFactory(
                partnership=area,
                place__service__name="Elms",
                admitted_on=dt.date(2006, 9, 4),
                ends_on=on,
                **words,
            )
            for on in (TODAY + 9 * DAY, TODAY + 15 * DAY)
        )
        carer = UserFactory(care_manager_of=area)

        told = items(home(client, carer))
        assert told == [
            (f"Find what follows call-off {ends.number} for Elms", TODAY + 9 * DAY, False)
        ]
        LinkFactory(
            partner__organisation=area.organisation,
            partnership=area,
            agreed_on=dt.date(2006, 4, 1),
            confirmed_on=TODAY - DAY,
            confirmed_by=carer,
        )
        assert items(home(client, carer)) == []
        assert other.ends_on > ends.ends_on

    def test_awards_what_is_accepted_and_reviews_lists_and_links(self, client, area):
        ContractFactory(lead=area, state="OFFERED", accepted_at=technical_now(), title="Beds")
        PreferredFactory(
            preferred_list=PreferredListFactory(organisation=area.organisation),
            review_by=dt.date(2007, 1, 31),
        )
        LinkFactory(partnership=area, agreed_on=dt.date(2006, 4, 1))

        shown = home(client, UserFactory(lead_of=area))

        assert cards(shown)[0].startswith("1 contract is agreed with the provider and waits")
        said = items(shown)
        assert ("Review 1 preferred provider", dt.date(2007, 1, 31), True) in said
        assert ("Confirm 1 aftercare link", dt.date(2006, 9, 30), True) in said
        assert any(one[0].startswith("Award contract") for one in said)

    def test_another_areas_market_asks_nothing_of_it(self, client, area):
        CallOffFactory()
        live(ProviderFactory(), PartnershipFactory())

        shown = home(client, UserFactory(lead_of=area))

        assert (cards(shown), items(shown)) == ([], [])


class TestAReviewer:
    def test_sees_gaps_boards_and_places_of_the_region(self, client):
        region = RegionFactory()
        inside = PartnershipFactory(region=region)
        place = PlaceFactory(service__site__partnership=inside)
        PlaceFactory(service=place.service)
        night(place, OccupancyKind.OCCUPIED, TODAY - 9 * DAY, TODAY + 9 * DAY)
        PlaceFactory(service__site__partnership=PartnershipFactory(region=RegionFactory()))

        shown = home(client, UserFactory(reviewer_of=region))

        assert cards(shown) == [
            (
                "1 of 1 partnerships has a gap in what residents can reach; 1 without"
                " detoxification within 30 miles."
            ),
            f"1 of 1 boards in {region.name} has not been stated for 36 hours.",
            (
                "1 bed is free tonight of 2 in service; 50% are occupied. 1 of the free is on"
                " boards that are unknown: nobody stated them lately."
            ),
        ]

    def test_hears_of_providers_bought_on_the_spot_alone(self, client):
        region = RegionFactory()
        inside = PartnershipFactory(region=region)
        for has_block in (True, False):
            place = PlaceFactory(service__site__partnership=inside)
            BoardFactory(service=place.service, stated_at=technical_now())
            CallOffFactory(place=place, state=CallOffState.APPROVED, decided_by=UserFactory())
            if has_block:
                live(
                    place.service.provider, inside, kind=ContractKind.BLOCK, places=1,
                    price=Decimal(700), price_unit="BED_WEEK", ends_on=dt.date(2009, 4, 1),
                )  # fmt: skip

        shown = home(client, UserFactory(reviewer_of=region))

        assert cards(shown)[1] == (
            "1 provider was bought on the spot in the last year and has no block contract."
        )
        assert client.get(shown["cards"][1].href).status_code == 200
