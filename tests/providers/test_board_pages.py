"""The provider's board: counts, one-tap changes, one place, opening, many at once, freshness."""

import datetime as dt

import pytest
from django.utils import timezone

from commissioning.kernel.clock import technical_now
from commissioning.scoping import System
from providers.choices import ContractState, MoveOn, PlaceKind
from providers.models import Board, Occupancy, Place, PlaceEvent
from providers.selectors.boards import Counts, ago
from providers.services.places import (
    PlaceTaken,
    admit,
    book_place,
    hold_place,
    leave,
    open_places,
    out_of_service,
    release_expired_holds,
)
from tests.factories.commissioning import NationFactory, PartnershipFactory, UserFactory, signed_in
from tests.factories.places import BoardFactory
from tests.factories.providers import (
    ContractFactory,
    ContractShareFactory,
    ServiceFactory,
    SiteFactory,
)
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)
BY = System("a test")


@pytest.fixture(autouse=True)
def _the_day(settings):
    settings.BUSINESS_DAY = TODAY


def later(days):
    return TODAY + dt.timedelta(days=days)


def opened(service, number, kind=PlaceKind.BED, word="Bed"):
    return open_places(
        service=service,
        labels=[f"{word} {n}" for n in range(1, number + 1)],
        kind=kind,
        on=later(-60),
        today=TODAY,
        by=BY,
    )


@pytest.fixture
def service():
    return ServiceFactory(name="Valley House", slug="valley")


@pytest.fixture
def beds(service):
    return opened(service, 6)


@pytest.fixture
def board(service):
    return f"/provider/{service.provider.code}/places/"


@pytest.fixture
def keeper(client, service):
    return signed_in(client, name="Ann Ward", keyworker_of=service.provider.organisation)


def held(place, start=0, until=7):
    return hold_place(
        place=place,
        nights=(later(start), later(until)),
        partnership=PartnershipFactory(organisation__name="Gateshead"),
        case="NT-7",
        hours=48,
        by=BY,
        on=TODAY,
    )


def typed_days(**days):
    parts = {name: (day.day, day.month, day.year) for name, day in days.items()}
    return {f"{name}_{at}": part for name, held in parts.items() for at, part in enumerate(held)}


class TestTheBoard:
    def test_shows_every_place_as_it_is_tonight(self, client, keeper, beds, board):
        admit(place=beds[0], on=later(-3), planned_until=later(9), case="C1", today=TODAY, by=BY)
        held(beds[1])
        book_place(occupancy=held(beds[2]), cause="call-off:1", by=BY, on=TODAY)
        out_of_service(place=beds[3], on=TODAY, reason="Painting", today=TODAY, by=BY)

        page = client.get(board)

        assert page.context["all"] == Counts(6, 1, 1, 1, 1, 0)
        assert page.context["all"].free == 2
        (shown,) = page.context["services"]
        rows = {row.label: row for row in shown.groups[0].rows}
        assert list(rows) == [f"Bed {n}" for n in range(1, 7)]
        assert (rows["Bed 1"].state, rows["Bed 1"].who) == ("Occupied", "C1")
        assert rows["Bed 1"].until == "To 24 February 2007"
        assert rows["Bed 2"].until.startswith("Held for another")
        assert (rows["Bed 3"].who, rows["Bed 3"].until) == ("NT-7, Gateshead", "Arrives today")
        assert [tap.label for tap in rows["Bed 4"].taps] == ["Back"]
        assert [tap.label for tap in rows["Bed 5"].taps] == ["Admit", "Hold", "Out of service"]
        assert "Unknown" in page.text
        assert "never said" in page.text

    def test_who_should_have_left_is_here_still_and_it_says_so(self, client, keeper, beds, board):
        admit(place=beds[0], on=later(-9), planned_until=later(-2), today=TODAY, by=BY)

        assert "Was to end on 13 February 2007" in client.get(board).text

    def test_a_booking_in_the_way_of_a_stay_is_told_with_the_way_out(
        self, client, keeper, beds, board, settings
    ):
        admit(place=beds[0], on=later(-9), planned_until=later(2), case="C1", today=TODAY, by=BY)
        book_place(occupancy=held(beds[0], 2, 9), cause="call-off:1", by=BY, on=TODAY)
        settings.BUSINESS_DAY = later(3)

        page = client.get(board)

        assert "C1 was to leave on 17 February 2007 and nobody said that they did." in page.text
        (shown,) = page.context["services"]
        assert [tap.label for tap in shown.groups[0].rows[0].taps] == ["Left"]

    def test_a_reviewer_sees_no_case_and_no_button(self, client, beds, board):
        admit(place=beds[0], on=later(-3), case="C1", today=TODAY, by=BY)
        client.force_login(UserFactory(reviewer_of=NationFactory()))

        page = client.get(board)

        assert "Occupied" in page.text
        assert "C1" not in page.text
        assert "<button" not in page.text.split("<main")[1].split("</main")[0]

    def test_places_are_counted_in_order_and_hundreds_are_pages(
        self, client, keeper, service, beds, board
    ):
        opened(service, 120, PlaceKind.PRESCRIBING, "Slot")

        page = client.get(board)
        assert "Show the 120 places" in page.text
        many = client.get(f"{board}of/valley/prescribing/?page=3")

        assert [row.label for row in many.context["rows"]] == [
            f"Slot {n}" for n in range(101, 121)
        ]
        taken = client.get(f"{board}of/valley/prescribing/?state=OCCUPIED")
        assert "No place is so tonight" in taken.text


class TestOneTap:
    def tap(self, client, board, place, deed):
        return client.post(f"{board}{place.pk}/{deed}/", {"at-once": "1"}, follow=True)

    def test_admit_and_left(self, client, keeper, beds, board):
        page = self.tap(client, board, beds[0], "admit")

        assert "Somebody is in Bed 1, planned to 10 May 2007" in page.text
        stay = Occupancy.objects.get()
        assert (stay.kind, stay.planned_until) == ("OCCUPIED", later(84))
        assert Board.objects.get().stated_by == keeper

        page = self.tap(client, board, beds[0], "leave")
        assert "A stay has one night or more" in page.text

    def test_left_and_free(self, client, keeper, beds, board):
        admit(place=beds[0], on=later(-3), today=TODAY, by=BY)

        assert "Bed 1: they left. It is free." in self.tap(client, board, beds[0], "leave").text
        assert PlaceEvent.objects.latest("pk").move_on == MoveOn.NOT_KNOWN

    def test_who_is_booked_arrives(self, client, keeper, beds, board):
        row = held(beds[1])
        book_place(occupancy=row, cause="call-off:1", by=BY, on=TODAY)

        self.tap(client, board, beds[1], "admit")

        row.refresh_from_db()
        assert (row.kind, row.planned_until) == ("OCCUPIED", later(7))

    def test_who_is_expected_on_a_later_night_comes_early(self, client, keeper, beds, board):
        row = book_place(occupancy=held(beds[1], 5, 12), cause="call-off:1", by=BY, on=TODAY)
        (shown,) = client.get(board).context["services"]
        tap = next(one for one in shown.groups[0].rows if one.label == "Bed 2").taps[0]

        page = client.post(tap.href, {"at-once": "1"}, follow=True)

        assert tap.label == "Admit early"
        assert "Somebody is in Bed 2, planned to 27 February 2007" in page.text
        row.refresh_from_db()
        assert (row.kind, row.nights.lower, row.case) == ("OCCUPIED", TODAY, "NT-7")

    def test_somebody_else_is_admitted_until_the_place_is_wanted(
        self, client, keeper, beds, board
    ):
        out_of_service(place=beds[1], on=later(9), reason="Painting", today=TODAY, by=BY)

        page = self.tap(client, board, beds[1], "admit")

        assert "Somebody is in Bed 2, planned to 24 February 2007" in page.text

    def test_a_stay_whose_end_is_over_is_told_as_past(self, client, keeper, beds, board):
        page = client.post(
            f"{board}{beds[0].pk}/admit/",
            {"on_0": "1", "on_1": "2", "on_2": "2007", "case": "C2"}
            | {"planned_until_0": "9", "planned_until_1": "2", "planned_until_2": "2007"},
            follow=True,
        )

        assert (
            "Somebody came to Bed 1 on 1 February 2007 and was to leave on 9 February 2007."
            in page.text
        )
        assert "Somebody is in" not in page.text

    def test_back_in_service(self, client, keeper, beds, board):
        out_of_service(place=beds[3], on=later(-2), reason="Painting", today=TODAY, by=BY)

        assert "Bed 4 is back in service." in self.tap(client, board, beds[3], "back").text

    def test_what_is_refused_is_a_sentence(self, client, keeper, beds, board):
        assert "Bed 1 is in service." in self.tap(client, board, beds[0], "back").text

    def test_no_change(self, client, keeper, service, beds, board):
        page = client.post(f"{board}of/valley/no-change/", follow=True)

        assert "stated as it is" in page.text
        assert "said just now by Ann Ward" in page.text

    def test_no_change_on_any_board(self, client, keeper, service, beds, board):
        opened(ServiceFactory(provider=service.provider), 2)

        page = client.post(f"{board}no-change/", follow=True)

        assert "2 boards are stated as they are." in page.text
        assert Board.objects.count() == 2

    def test_no_change_on_the_only_board(self, client, keeper, service, beds, board):
        page = client.post(f"{board}no-change/", follow=True)

        assert "1 board is stated as it is." in page.text


class TestHoldingForWhoeverRang:
    def hold(self, client, board, place, **other):
        theirs = PartnershipFactory(organisation__name="Gateshead")
        ends = timezone.localtime(technical_now() + dt.timedelta(hours=5))
        typed = typed_days(on=later(1), until=later(29), ends_on=ends) | {
            "partnership": theirs.organisation.code,
            "case": "GH-12",
            "ends_at": f"{ends:%H:%M}",
        }
        return client.post(f"{board}{place.pk}/hold/", typed | other, follow=True)

    def test_a_bed_is_held_until_an_hour_and_is_nobody_elses(self, client, keeper, beds, board):
        form = client.get(f"{board}{beds[0].pk}/hold/")
        assert form.status_code == 200
        assert "Held until" in form.text

        page = self.hold(client, board, beds[0])

        assert "Bed 1 is held for another" in page.text
        row = Occupancy.objects.get()
        assert (row.kind, row.case, row.nights.lower) == ("HELD", "GH-12", later(1))
        assert row.partnership.organisation.name == "Gateshead"
        assert Board.objects.get().stated_by == keeper
        with pytest.raises(PlaceTaken):
            held(beds[0], 1, 5)

    def test_it_ends_by_itself(self, client, keeper, beds, board, monkeypatch):
        self.hold(client, board, beds[0])
        soon = technical_now() + dt.timedelta(hours=6)
        monkeypatch.setattr("providers.services.places.holding.technical_now", lambda: soon)
        monkeypatch.setattr("providers.services.places.locked.technical_now", lambda: soon)

        assert release_expired_holds(on=TODAY) == 1

        assert not Occupancy.objects.exists()

    @pytest.mark.usefixtures("keeper")
    @pytest.mark.parametrize(
        "wrong",
        [
            ({"ends_on_2": "2007"}, "The hold would be over already"),
            ({"ends_on_2": "2090"}, "A hold ends before the nights do"),
            ({"case": "John Smith"}, "This reads like a name"),
            ({"partnership": ""}, "Choose the partnership"),
            ({"until_0": "16", "until_1": "2"}, "a night or more after"),
            ({"on_0": "1"}, "held for nights to come"),
        ],
    )
    def test_what_makes_no_sense_is_a_sentence(self, client, beds, board, wrong):
        typed, sentence = wrong

        assert sentence in self.hold(client, board, beds[0], **typed).text
        assert not Occupancy.objects.exists()

    def test_a_place_that_somebody_has_is_not_held(self, client, keeper, beds, board):
        admit(place=beds[0], on=later(-3), planned_until=later(9), today=TODAY, by=BY)

        page = self.hold(client, board, beds[0])

        assert "Bed 1 is not free on these nights. It is taken from" in page.text

    def test_a_place_beyond_capacity_is_not_held(self, client, keeper, service, board):
        (extra,) = open_places(
            service=service,
            labels=["Sofa"],
            kind=PlaceKind.BED,
            on=TODAY,
            today=TODAY,
            by=BY,
            overbooked_for="A fire next door.",
        )

        page = self.hold(client, board, extra)

        assert "beyond capacity and is never free" in page.text
        (shown,) = client.get(board).context["services"]
        (row,) = shown.groups[0].rows
        assert (row.state, [tap.label for tap in row.taps]) == ("Empty", ["Admit"])


class TestOnePlace:
    def test_shows_what_is_to_come_and_what_was_said(self, client, keeper, beds, board):
        admit(place=beds[0], on=later(-9), planned_until=later(9), case="C1", today=TODAY, by=BY)
        leave(
            place=beds[0],
            on=later(-2),
            today=TODAY,
            move_on=MoveOn.HOSPITAL,
            reason="Ill.",
            by=keeper,
        )
        held(beds[0], 3, 9)

        page = client.get(f"{board}{beds[0].pk}/")

        assert [one.why for one in page.context["nights"]] == ["Held"]
        assert [one.happening.what for one in page.context["history"]] == [
            "Held, 18 February 2007 to 24 February 2007",
            "Left, 13 February 2007",
            "Admitted, 6 February 2007 to 24 February 2007",
            "Opened, 17 December 2006",
        ]
        assert "Went to: hospital" in page.text

    def test_a_mistake_is_put_right_and_stays_in_the_history(self, client, keeper, beds, board):
        stay = admit(place=beds[0], on=later(-9), today=TODAY, by=BY)
        address = f"{board}{beds[0].pk}/events/{stay.began_id}/correct/"
        right = {"on_0": "8", "on_1": "2", "on_2": "2007", "how": "anew"}

        assert client.get(address).status_code == 200
        refused = client.post(address, right)
        assert "Enter how the mistake came about" in refused.text
        page = client.post(address, right | {"reason": "Misread."}, follow=True)

        assert "the history is put right" in page.text
        assert "Corrected “admitted, 6 February 2007”: it was on 8 February 2007" in page.text
        stay.refresh_from_db()
        assert stay.nights.lower == dt.date(2007, 2, 8)

    @pytest.mark.usefixtures("keeper")
    @pytest.mark.parametrize(
        ("deed", "posted", "kind"),
        [
            ("admit", {"on_0": "14", "on_1": "2", "on_2": "2007", "case": "C2"}, "ADMITTED"),
            (
                "out-of-service",
                {"on_0": "15", "on_1": "2", "on_2": "2007", "reason": "A leak"},
                "OUT_OF_SERVICE",
            ),
            ("close", {"on_0": "15", "on_1": "3", "on_2": "2007"}, "CLOSED"),
        ],
    )
    def test_each_deed_has_a_page(self, client, beds, deed, posted, kind):
        at = f"/provider/{beds[0].service.provider.code}/places/{beds[0].pk}/{deed}/"
        assert client.get(at).status_code == 200

        answer = client.post(at, posted)

        assert answer.status_code == 302
        assert PlaceEvent.objects.latest("pk").kind == kind

    def test_a_stay_moves_and_its_departure_is_planned_anew(self, client, keeper, beds, board):
        stay = admit(place=beds[0], on=later(-9), today=TODAY, by=BY)
        at = f"{board}{beds[0].pk}"
        day = {"until_0": "1", "until_1": "3", "until_2": "2007"}

        client.post(f"{at}/departure/?about={stay.began_id}", day)
        stay.refresh_from_db()
        assert stay.planned_until == dt.date(2007, 3, 1)
        client.post(
            f"{at}/move/?about={stay.began_id}", {"to": beds[1].pk, "reason": "A quieter room."}
        )

        assert Occupancy.objects.filter(place=beds[1], planned_until="2007-03-01").exists()

    def test_a_hold_is_released(self, client, keeper, beds, board):
        row = held(beds[0])

        client.post(f"{board}{beds[0].pk}/release/?about={row.began_id}", {"reason": "They rang."})

        assert not Occupancy.objects.exists()

    def test_there_is_no_other_deed(self, client, keeper, beds, board):
        assert client.get(f"{board}{beds[0].pk}/paint/").status_code == 404


class TestOpening:
    def open(self, client, board, service, labels, **more):
        words = {
            "service": service.pk,
            "labels": labels,
            "kind": "BED",
            "sex": "ANY",
            "on_0": "1",
            "on_1": "2",
            "on_2": "2007",
        }
        return client.post(f"{board}open/", words | more, follow=True)

    def test_a_series_at_once(self, client, keeper, service, board):
        page = self.open(client, board, service, "Bed 1 to 12, Blue room")

        assert "13 places are open." in page.text
        assert Place.objects.filter(label="Bed 12").exists()

    def test_beyond_capacity_for_a_reason(self, client, keeper, service, beds, board):
        page = self.open(client, board, service, "Sofa", overbooked_for="A fire next door.")

        assert "It is beyond capacity: never free, and never offered." in page.text
        assert "from that night on" not in page.text
        sofa = Place.objects.get(label="Sofa")
        admit(place=sofa, on=TODAY, today=TODAY, by=BY)

        page = client.get(board)

        assert page.context["all"] == Counts(open=6, overbooked=1)
        assert "Beyond capacity: A fire next door." in page.text

    @pytest.mark.usefixtures("keeper", "beds")
    @pytest.mark.parametrize(
        ("labels", "sentence"),
        [
            ("Bed 9 to 3", "Give a series that goes up"),
            ("Bed 1 to 9000", "Give a series that goes up"),
            ("Red, Red", "Give each name once"),
            ("Bed 1", "Give others"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, client, service, labels, sentence):
        board = f"/provider/{service.provider.code}/places/"
        assert sentence in self.open(client, board, service, labels).text


class TestManyAtOnce:
    def test_so_many_are_in_them(self, client, keeper, service, board):
        opened(service, 40, PlaceKind.CASELOAD, "Client")
        address = f"{board}of/valley/occupied/"

        page = client.post(address, {"kind": "CASELOAD", "occupied": "31"}, follow=True)
        assert "31 are in these places: 31 admissions were recorded." in page.text
        page = client.post(address, {"kind": "CASELOAD", "occupied": "41"}, follow=True)
        assert "At most 40 can be in these places tonight" in page.text
        page = client.post(address, {"kind": "CASELOAD", "occupied": "lots"}, follow=True)
        assert "Enter a whole number" in page.text


class TestFreshness:
    @pytest.mark.parametrize(
        ("minutes", "words"),
        [
            (0, "just now"),
            (1, "1 minute ago"),
            (119, "1 hour ago"),
            (120, "2 hours ago"),
            (47 * 60, "47 hours ago"),
            (48 * 60, "2 days ago"),
        ],
    )
    def test_in_words(self, minutes, words):
        assert ago(dt.timedelta(minutes=minutes)) == words

    def stated(self, service, hours):
        opened(service, 1)
        BoardFactory(service=service, stated_at=technical_now() - dt.timedelta(hours=hours))

    def test_the_league_has_the_stalest_first(self, client, keeper, service):
        self.stated(service, 2)
        other = ServiceFactory(provider__organisation__name="Stale Trust")
        self.stated(other, 40)
        opened(ServiceFactory(provider=other.provider), 1)

        page = client.get("/england/freshness/")

        rows = [(str(row), row.boards, row.fresh) for row in page.context["table"].data]
        assert rows == [("Stale Trust", 2, 0), (str(service.provider), 1, 1)]
        assert "Stale Trust" in client.get("/england/freshness/?format=csv").getvalue().decode()

    def test_a_region_has_the_services_at_sites_in_it(self, client, keeper):
        here = PartnershipFactory()
        region = here.organisation.facts.get(kind="IN_REGION").other
        service = ServiceFactory()
        site = SiteFactory(provider=service.provider, partnership=here)
        inside = ServiceFactory(provider=service.provider, site=site)
        self.stated(service, 40)
        self.stated(inside, 2)

        page = client.get(f"/region/{region.code}/freshness/")

        assert [(row.boards, row.fresh) for row in page.context["table"].data] == [(1, 1)]
        assert client.get("/region/nowhere/freshness/").status_code == 404

    def test_a_partnership_lists_the_providers_it_buys_from(self, client, keeper, service):
        us = PartnershipFactory()
        commissioner = UserFactory(commissioner_of=us.organisation)
        for hours, state in ((40, ContractState.LIVE), (41, ContractState.ENDED)):
            bought = ServiceFactory(provider__organisation__name=f"{state.label} Trust")
            contract = ContractFactory(provider=bought.provider, lead=us, state=state)
            ContractShareFactory(contract=contract)
            contract.services.add(bought)
            self.stated(bought, hours)
            self.stated(ServiceFactory(provider=bought.provider), 50)  # not on the contract
        self.stated(service, 40)  # nobody's
        client.force_login(commissioner)

        page = client.get(f"/england/freshness/?buyer={us.code}&boards=unknown")

        rows = [(str(row), row.boards, row.fresh) for row in page.context["table"].data]
        assert rows == [("Live Trust", 1, 0)]
        fresh = client.get(f"/england/freshness/?buyer={us.code}&boards=fresh")
        assert not list(fresh.context["table"].data)
        assert f"Freshness of boards: England, on a contract with {us}" in fresh.text
        assert "Nothing matches" in fresh.text

    def test_whom_others_buy_from_is_not_told(self, client, keeper, service):
        self.stated(service, 40)
        other = PartnershipFactory()

        assert "On a contract with" not in client.get("/england/freshness/").text  # a provider's
        client.force_login(UserFactory(commissioner_of=PartnershipFactory().organisation))
        page = client.get(f"/england/freshness/?buyer={other.code}")
        assert f"“{other.code}” is not known." in page.text

    def test_it_is_searched_by_name(self, client, keeper, service):
        self.stated(service, 40)
        name = str(service.provider)

        assert len(client.get(f"/england/freshness/?name={name}").context["table"].rows) == 1
        assert not client.get("/england/freshness/?name=nowhere").context["table"].rows


class TestVacancies:
    def test_a_chart_with_its_table(self, client, keeper, beds, board):
        for bed in beds:
            admit(place=bed, on=later(-3), planned_until=later(9), today=TODAY, by=BY)

        page = client.get(f"{board}of/valley/vacancies/")

        assert "chance of a bed by" in page.text
        assert "stays are assumed to last 84 days" in page.text
        assert "24 February 2007" in page.text
        picture = client.get(f"{board}of/valley/vacancies/bed.svg")
        assert picture["Content-Type"].startswith("image/svg+xml")
        assert client.get(f"{board}of/valley/vacancies/bed.json").json()["series"]
        assert client.get(f"{board}of/valley/vacancies/caseload.svg").status_code == 404


@pytest.mark.parametrize("size", [3, 25])
class TestPagesAskAConstantNumberOfQuestions:
    @pytest.fixture(autouse=True)
    def _full(self, service, size):
        for bed in opened(service, size)[::2]:
            admit(place=bed, on=later(-3), planned_until=later(9), today=TODAY, by=BY)
        BoardFactory(service=service, stated_at=technical_now())

    def test_queries_of_the_board(self, client, keeper, board, size):
        assert_counted(client, "places board", board)

    def test_queries_of_a_kind(self, client, keeper, board, size):
        assert_counted(client, "places of a kind", f"{board}of/valley/bed/")

    def test_queries_of_a_place(self, client, keeper, board, size):
        place = Place.objects.first()
        assert_counted(client, "place record", f"{board}{place.pk}/")

    def test_queries_of_projected_vacancies(self, client, keeper, board, size):
        assert_counted(client, "projected vacancies", f"{board}of/valley/vacancies/")

    def test_queries_of_the_league(self, client, keeper, size):
        assert_counted(client, "freshness league", "/england/freshness/")
