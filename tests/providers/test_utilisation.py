"""Nights of contracts and providers added up in the database, against counting one by one."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from psycopg.types.range import DateRange

from commissioning.kernel.periods import Period
from commissioning.scoping import System
from providers.choices import CallOffKind, CallOffState, ContractKind, OccupancyKind
from providers.models import Occupancy
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.blocks import use_of
from providers.selectors.utilisation.exposure import income_of
from providers.selectors.utilisation.occupancy import (
    Scope,
    months_of_provider,
    nights_of_services,
    occupancy_of,
)
from providers.selectors.utilisation.spot import called_off_by_month, spot_prices
from tests.factories.call_offs import CallOffFactory
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.contracts import ContractPlaceFactory, VersionFactory
from tests.factories.places import OccupancyFactory
from tests.factories.providers import (
    ContractFactory,
    ContractShareFactory,
    DeliveredFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db
APRIL = dt.date(2006, 4, 1)
END = dt.date(2007, 4, 1)
DAY = dt.timedelta(days=1)
MONTHS = [
    (one.start, one.end) for one in (Period.parse(f"2006-{month:02}") for month in range(4, 13))
]


def block(partnership, provider=None, **words):
    given = {
        "kind": ContractKind.BLOCK,
        "state": "LIVE",
        "price": Decimal(700),
        "price_unit": "BED_WEEK",
        "places": 3,
        "provider": provider or ProviderFactory(),
    }
    made = ContractFactory(lead=partnership, **given | words)
    ContractShareFactory(contract=made)
    return made


def stay(place, since, until, *, kind=OccupancyKind.OCCUPIED, **words):
    return OccupancyFactory(began__place=place, nights=DateRange(since, until), kind=kind, **words)


class Drawn:
    """A provider with two services, a block of some of its places, and a year of stays by lot."""

    def __init__(self, seed):
        lot = random.Random(seed)
        self.ours, self.theirs = PartnershipFactory(), PartnershipFactory()
        self.provider = ProviderFactory()
        services = [ServiceFactory(provider=self.provider) for _ in range(2)]
        self.places = []
        self.contract = block(self.ours, self.provider, void_rate=Decimal(80))
        for number in range(6):
            opened = APRIL + DAY * lot.randrange(-30, 60)
            place = PlaceFactory(
                service=services[number % 2],
                opened_on=opened,
                closed_on=None if lot.random() < 0.6 else opened + DAY * lot.randrange(100, 300),
                overbooked_for="Snow" if number == 5 else "",
            )
            self.places.append(place)
            if number in {0, 1, 2}:
                since = APRIL + DAY * lot.randrange(0, 90)
                ContractPlaceFactory(
                    contract=self.contract,
                    place=place,
                    nights=DateRange(since, since + DAY * lot.randrange(60, 250)),
                )
            self._fill(place, lot)

    def _fill(self, place, lot):
        at = place.opened_on
        while at < (place.closed_on or END):
            at += DAY * lot.randrange(0, 20)
            until = at + DAY * lot.randrange(1, 90)
            if place.closed_on:
                until = min(until, place.closed_on)
            if until <= at:
                return
            kind = lot.choice(["OCCUPIED", "OCCUPIED", "OCCUPIED", "OUT_OF_SERVICE", "BOOKED"])
            open_ended = until > END and place.closed_on is None and lot.random() < 0.5
            who = lot.choice([self.ours, self.theirs, None])
            row = stay(
                place,
                at,
                None if open_ended else until,
                kind=kind,
                partnership=who,
                is_ended=not open_ended and lot.random() < 0.7,
            )
            if kind == "OCCUPIED" and who == self.ours and lot.random() < 0.3:
                CallOffFactory(
                    place=place,
                    occupancy=row,
                    partnership=self.ours,
                    kind=CallOffKind.SPOT,
                    state=CallOffState.REQUESTED,
                )
            if open_ended:
                return
            at = until

    def on(self, place, night):
        """What has the place on a night: the row of nights; None where it is free."""
        rows = [one for one in self.rows if one.place_id == place.pk and night in one.nights]
        assert len(rows) <= 1
        return rows[0] if rows else None

    @property
    def rows(self):
        if not hasattr(self, "_rows"):
            self._rows = list(Occupancy.objects.select_related("call_off"))
        return self._rows

    def is_open(self, place, night):
        return place.opened_on <= night and (place.closed_on is None or night < place.closed_on)

    def nights(self, since, until):
        return [since + DAY * at for at in range((until - since).days)]

    def open_nights(self, since, until, places=None):
        held = {"open": 0, "out_of_service": 0, "occupied": 0, "contracted": 0, "on_block": 0}
        for place in places or self.places[:5]:
            for night in self.nights(since, until):
                if not self.is_open(place, night):
                    continue
                row = self.on(place, night)
                sold = any(night in one.nights for one in place.sold.all())
                held["open"] += 1
                held["out_of_service"] += bool(row and row.kind == "OUT_OF_SERVICE")
                held["occupied"] += bool(row and row.kind == "OCCUPIED")
                held["contracted"] += sold
                held["on_block"] += bool(sold and row and row.kind == "OCCUPIED")
        return PlaceNights(**held)

    def contract_nights(self, since, until):
        contracted = in_service = used = outside = 0
        for sold in self.contract.sold_places.all():
            for night in self.nights(since, until):
                if night not in sold.nights or night >= self.contract.ends_on:
                    continue
                contracted += 1
                row = self.on(sold.place, night)
                if not self.is_open(sold.place, night) or (row and row.kind == "OUT_OF_SERVICE"):
                    continue
                in_service += 1
                if row and row.kind == "OCCUPIED":
                    is_ours = row.partnership_id == self.ours.pk and not hasattr(row, "call_off")
                    used += is_ours
                    outside += not is_ours
        return contracted, in_service, used, outside


@pytest.mark.parametrize("seed", range(4))
def test_sums_of_ranges_are_what_one_counts_night_by_night(seed):
    drawn = Drawn(seed)
    scope = Scope(providers=[drawn.provider.pk])

    by_hand = [drawn.open_nights(*month) for month in MONTHS]

    assert months_of_provider(scope, MONTHS) == by_hand
    of_year = occupancy_of(scope, MONTHS).by_provider[drawn.provider.pk]
    assert of_year.occupied == sum(one.occupied for one in by_hand)
    assert of_year.available == sum(one.available for one in by_hand)


@pytest.mark.parametrize("seed", range(4))
def test_a_contracts_nights_are_what_one_counts_night_by_night(seed):
    drawn = Drawn(seed)

    found = use_of([drawn.contract], MONTHS)

    for number, month in enumerate(MONTHS):
        contracted, in_service, used, outside = drawn.contract_nights(*month)
        if not contracted:
            assert (drawn.contract.pk, number) not in found
            continue
        one = found[drawn.contract.pk, number]
        assert one.nights.contracted == contracted
        assert one.nights.in_service == in_service
        assert one.nights.used == used
        assert one.nights.outside == outside
        assert one.void_cost == (in_service - used) * Fraction(100) * Fraction(8, 10)


def test_the_nights_of_a_month_are_told_one_by_one():
    drawn = Drawn(1)
    june = MONTHS[2]

    services = nights_of_services(Scope(providers=[drawn.provider.pk]), june)

    assert len(services) == 2
    for night in drawn.nights(*june):
        by_hand = drawn.open_nights(night, night + DAY)
        found = [one.by_night[night] for one in services]
        assert sum(one.occupied for one in found) == by_hand.occupied
        assert sum(one.available for one in found) == by_hand.available


def test_places_are_told_apart_by_kind_and_intervention():
    bed, slot = PlaceFactory(), PlaceFactory(kind="PRESCRIBING")
    given = DeliveredFactory(service=bed.service)
    month = MONTHS[:1]

    assert occupancy_of(Scope(), month).by_month[0].open == 60
    assert set(occupancy_of(Scope(kind="BED"), month).by_provider) == {bed.service.provider_id}
    found = occupancy_of(Scope(intervention=given.intervention_id), month)
    assert set(found.by_provider) == {bed.service.provider_id}
    assert occupancy_of(Scope(providers=[slot.service.provider_id]), month).by_month[0].open == 30


def test_each_night_is_priced_as_it_was_agreed():
    ours = PartnershipFactory()
    contract = block(ours)
    sold = ContractPlaceFactory(contract=contract, nights=DateRange(APRIL, END))
    stay(sold.place, APRIL, APRIL + 10 * DAY, partnership=ours)
    for number, price, since in ((1, "700.00", APRIL), (2, "1400.00", dt.date(2006, 4, 21))):
        content = {
            "starts_on": "2006-04-01",
            "ends_on": "2007-04-01",
            "price": price,
            "price_unit": "BED_WEEK",
            "places": 1,
            "kind": "BLOCK",
        }
        VersionFactory(contract=contract, number=number, content=content, holds_from=since)

    use = use_of([contract], MONTHS[:1])[contract.pk, 0]

    assert use.used_cost == 1000
    assert use.void_cost == 10 * 100 + 10 * 200
    assert use.weekly_cost == Decimal(2800)


def test_spot_prices_are_those_of_purchases_one_may_see():
    ours, theirs = PartnershipFactory(), PartnershipFactory()
    place = PlaceFactory()
    buyer = UserFactory(commissioner_of=ours)
    for who, price in ((ours, 700), (theirs, 300)):
        CallOffFactory(
            place=place,
            partnership=who,
            weekly_price=price,
            state="APPROVED",
            decided_by=UserFactory(),
        )

    def price(person):
        provider = place.service.provider_id
        return spot_prices(person, [provider], since=APRIL, until=END).get(provider)

    assert price(buyer) == 700
    assert price(UserFactory(provider_manager_of=place.service.provider)) == 500
    assert price(UserFactory(commissioner_of=PartnershipFactory())) is None


def test_income_is_split_between_contracts_and_spot_and_by_who_pays():
    ours, theirs = PartnershipFactory(), PartnershipFactory()
    contract = block(ours, places=2)
    contract.shares.update(share=60)
    ContractShareFactory(contract=contract, partnership=theirs, share=Decimal(40))
    provider = contract.provider_id
    CallOffFactory(
        place=PlaceFactory(service__provider=contract.provider),
        partnership=ours,
        starts_on=dt.date(2006, 9, 20),
        ends_on=dt.date(2006, 10, 10),
        cost=2000,
        state="APPROVED",
        decided_by=UserFactory(),
    )
    words = {"first": APRIL, "end": dt.date(2006, 10, 1), "today": dt.date(2006, 10, 1)}

    everybody = income_of(**words)[provider]
    alone = income_of(**words, partnerships=[theirs.pk])[provider]

    assert everybody.contracts == 183 * 200
    assert everybody.promised == 182 * 200
    assert everybody.spot == 1100
    assert everybody.spot_nights == 11
    assert alone.contracts == Decimal(183 * 80)
    assert alone.spot == 0
    assert everybody.months_of_cover(183) == pytest.approx(182 * 200 / (37700 / 183 * 365 / 12))


def test_an_uplift_counts_from_its_day_and_a_framework_promises_nothing():
    contract = block(
        PartnershipFactory(), places=1, uplift=Decimal(10), uplift_on=dt.date(2006, 7, 1)
    )
    framework = ContractFactory(kind="FRAMEWORK", state="LIVE", price=700, price_unit="BED_WEEK")
    ContractShareFactory(contract=framework)

    found = income_of(first=APRIL, end=END, today=dt.date(2007, 3, 31))

    assert found[contract.provider_id].contracts == 91 * 100 + 274 * 110
    assert found[contract.provider_id].promised == 110
    assert framework.provider_id not in found


def test_a_ceiling_burns_down_by_the_month_in_which_a_stay_begins():
    framework = ContractFactory(kind="FRAMEWORK", state="LIVE")
    for month, cost in ((5, 1000), (5, 500), (7, 300)):
        CallOffFactory(
            contract=framework,
            cost=cost,
            state="APPROVED",
            starts_on=dt.date(2006, month, 9),
            ends_on=dt.date(2006, month, 23),
            decided_at=dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC),
            decided_by=UserFactory(),
        )

    assert called_off_by_month(framework) == {
        dt.date(2006, 5, 1): 1500,
        dt.date(2006, 7, 1): 300,
    }


def test_what_the_service_itself_asks_is_answered_with_few_questions(django_assert_num_queries):
    drawn = Drawn(2)
    scope = Scope(providers=[drawn.provider.pk])

    with django_assert_num_queries(1):
        occupancy_of(scope, MONTHS)
    with django_assert_num_queries(2):
        use_of([drawn.contract], MONTHS)
    with django_assert_num_queries(2):
        income_of(first=APRIL, end=END, today=END)
    with django_assert_num_queries(1):
        spot_prices(System("a test"), [drawn.provider.pk], since=APRIL, until=END)
