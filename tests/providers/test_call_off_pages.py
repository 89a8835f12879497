"""The pages on which a place is found, held, called off, approved, accepted and ended."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from commissioning.kernel.words import day as said
from commissioning.models import InterventionType, Notice
from providers.models import CallOff, Occupancy, PlaceEvent
from providers.services.calling_off import (
    Purchase,
    accept_call_off,
    admit_person,
    approve_call_off,
    call_off_block,
    end_stay,
    request_call_off,
)
from providers.services.places import open_place, run_on_stays, state_no_change
from tests.factories.aftercare import LinkFactory
from tests.factories.call_offs import Market
from tests.factories.commissioning import UserFactory
from tests.factories.contracts import ContractPlaceFactory
from tests.factories.providers import ContractFactory, ContractShareFactory, DeliveredFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
FROM, UNTIL = dt.date(2007, 2, 15), dt.date(2007, 3, 15)  # four weeks


@pytest.fixture(autouse=True)
def day(settings):
    settings.BUSINESS_DAY = TODAY


@pytest.fixture
def market():
    return Market(names=("Gateshead", "Valley Trust"))


def at(client, person, address, **given):
    client.force_login(person)
    return client.post(address, given) if given else client.get(address)


def held(market):
    return market.hold(nights=(FROM, UNTIL), on=TODAY)


def asked(market):
    return asked_for(market, held(market))


def asked_for(market, hold, pounds=2800):
    return request_call_off(
        occupancy=hold,
        intervention=market.kind,
        purchase=Purchase(weekly_price=Decimal(700), parts={market.parts[0].pk: Decimal(pounds)}),
        by=market.carer,
        on=TODAY,
    )


def test_the_search_shows_places_that_are_free_on_all_the_nights(client, market):
    page = at(client, market.carer, "/vacancies/?start=2007-02-15&nights=28").content.decode()

    assert "Valley House" in page
    assert "1 service<" in page
    assert "£700" in page
    market.hold(0, nights=(FROM, UNTIL), on=TODAY)
    market.hold(1, nights=(UNTIL - dt.timedelta(1), UNTIL), on=TODAY)
    assert "0 services<" in at(client, market.carer, "/vacancies/?nights=28").content.decode()
    full = at(client, market.carer, "/vacancies/?nights=28&also=full").content.decode()
    assert "15 March 2007" in full


def test_a_telephone_reads_twenty_services_a_page_without_what_they_say_themselves(client, market):
    page = at(client, market.carer, "/vacancies/?nights=28")

    assert page.context["table"].paginator.per_page == 20
    words = page.content.decode()
    for left_out in ("Provider", "Quality"):
        cell = rf'<td class="[^"]*app-rows__desk[^"]*" role="cell" data-label="{left_out}">'
        assert re.search(cell, words)
    assert words.count("app-rows__desk") == 2


def test_a_place_beyond_capacity_is_offered_to_nobody(client, market):
    market.hold(0, nights=(FROM, UNTIL), on=TODAY)
    market.hold(1, nights=(FROM, UNTIL), on=TODAY)
    open_place(
        service=market.service,
        label="Sofa",
        kind="BED",
        on=TODAY,
        today=TODAY,
        by=market.keeper,
        overbooked_for="A fire next door.",
    )

    assert "0 services<" in at(client, market.carer, "/vacancies/?nights=28").content.decode()
    assert b"Sofa" not in at(client, market.carer, hold_href(market)).content


def test_a_case_that_reads_like_a_name_is_refused(client, market):
    typed = {"start_0": "15", "start_1": "2", "start_2": "2007", "nights": "28"}
    page = at(
        client,
        market.carer,
        hold_href(market),
        **typed,
        place=market.beds[0].pk,
        case="John Smith",
    )

    assert b"This reads like a name" in page.content
    assert not Occupancy.objects.exists()


def test_services_left_out_are_counted_and_can_be_shown(client, market):
    market.service.is_national = False
    market.service.save()

    page = at(client, market.carer, "/vacancies/?nights=28").content.decode()
    assert "0 services<" in page
    assert "1 service that delivers this does not take residents of Gateshead" in page
    assert "also=others" in page
    shown = at(client, market.carer, "/vacancies/?nights=28&also=others").content.decode()
    assert "Valley House" in shown
    assert "Does not take our residents" in shown
    assert "Hold place" not in shown
    assert "left out" not in shown


def test_the_filter_shows_the_nights_that_are_searched_for(client, market):
    page = at(client, market.carer, "/vacancies/").content.decode()

    assert 'name="start" value="2007-02-15"' in page
    assert 'name="nights" value="84"' in page
    assert "Filters in use" not in page


def test_a_block_of_ours_by_which_no_place_can_be_had_is_named_with_the_reason(client, market):
    block = our_block(market, market.beds[0])
    market.hold(0, nights=(FROM, UNTIL), on=TODAY)

    free = at(client, market.carer, "/vacancies/?nights=28").content.decode()
    assert f"Our block, full: {block.reference}" in free
    market.hold(1, nights=(FROM, UNTIL), on=TODAY)
    full = at(client, market.carer, "/vacancies/?nights=28&also=full&buying=0").content.decode()
    assert f"Our block, full: {block.reference}" in full
    long = at(client, market.carer, "/vacancies/?nights=84&also=full").content.decode()
    assert f"Our block, only to {said(block.ends_on)}: {block.reference}" in long


def test_an_unknown_board_is_warned_of_before_a_place_is_held(client, market):
    page = at(client, market.carer, hold_href(market)).content.decode()

    assert "How these places stand is unknown: never said. Ring Valley House on" in page
    code = market.provider.organisation.code
    address = f"/vacancies/compare/?nights=28&service={code}:{market.service.slug}"
    assert "Unknown, never said: ring first" in at(client, market.carer, address).content.decode()
    state_no_change(service=market.service, by=market.keeper)
    page = at(client, market.carer, hold_href(market)).content.decode()
    assert "is unknown" not in page
    assert "said just now" in page


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ("sex=WOMEN", True),
        ("age=17", False),
        ("needs=with_children", False),
        ("price=699", False),
        ("price=700", True),
        ("buying=4", True),
        ("buying=0", False),
        ("quality=registered", False),
        ("said=known", False),
        ("intervention=rehabilitation-detoxification", False),
        ("approach=FAITH", False),
    ],
)
def test_every_filter_is_asked(client, market, asked_for, found):
    page = at(client, market.carer, f"/vacancies/?nights=28&{asked_for}")

    assert (b"Valley House" in page.content) is found


def test_the_search_is_a_file_too(client, market):
    answer = at(client, market.carer, "/vacancies/?nights=28&format=csv")

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Service,Places free,Free from,A week")
    assert "Do" not in lines[0].split(",")
    assert lines[1].startswith("Valley House,2,2007-02-15,700.00,No contract")
    sheet = at(client, market.carer, "/vacancies/?nights=28&format=xlsx")
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    sheet.close()


def test_services_stand_side_by_side(client, market):
    code = market.provider.organisation.code
    page = at(
        client,
        market.carer,
        f"/vacancies/compare/?nights=28&service={code}:{market.service.slug}&service=no:such",
    ).content.decode()

    assert "Valley House" in page
    assert "0191 498 0000" in page
    assert "Nothing to compare" in at(client, market.carer, "/vacancies/compare/").content.decode()


def hold_href(market):
    return f"/vacancies/{market.provider.organisation.code}/{market.service.slug}/hold/"


def test_a_place_is_held_once_it_was_checked(client, market):
    typed = {
        "start_0": "15",
        "start_1": "2",
        "start_2": "2007",
        "nights": "28",
        "place": market.beds[0].pk,
        "case": "C-7",
    }

    check = at(client, market.carer, hold_href(market), **typed).content.decode()
    assert "28 nights" in check
    assert not Occupancy.objects.exists()
    changed = at(client, market.carer, hold_href(market), **typed, confirmed="yes", change="yes")
    assert b"C-7" in changed.content
    done = at(client, market.carer, hold_href(market), **typed, confirmed="yes")

    hold = Occupancy.objects.get()
    assert done.url == f"/holds/{hold.began_id}/call-off/"
    assert (hold.nights.lower, hold.planned_until, hold.case) == (FROM, UNTIL, "C-7")


def test_who_is_second_to_hold_is_told_whom_to_ring_and_when_it_falls_free(client, market):
    typed = {
        "start_0": "15",
        "start_1": "2",
        "start_2": "2007",
        "nights": "28",
        "place": market.beds[0].pk,
        "case": "C-8",
    }
    check = at(client, market.lead, hold_href(market), **typed).content.decode()
    assert "28 nights" in check
    market.hold(nights=(FROM, UNTIL), on=TODAY)

    late = at(client, market.lead, hold_href(market), **typed, confirmed="yes").content.decode()

    assert "Bed 1 is not free on these nights. It is held from 15 February 2007" in late
    assert "It falls free on 15 March 2007 at the earliest." in late
    assert "Ring Valley House on 0191 498 0000." in late
    assert "Choose one of those listed" not in late
    assert "Bed 2" in late
    assert Occupancy.objects.count() == 1


def test_who_may_not_hold_finds_only(client, market):
    analyst = UserFactory(analyst_of=market.partnership)

    assert b"Hold place" not in at(client, analyst, "/vacancies/?nights=28").content
    assert at(client, analyst, hold_href(market)).status_code == 403
    assert at(client, market.keeper, "/vacancies/").status_code == 403


def test_a_held_place_is_bought_and_the_split_checked(client, market):
    LinkFactory(
        partner__organisation=market.partnership.organisation,
        partnership=market.partnership,
        partner__name="Tyne Homes",
    )
    hold = held(market)
    href = f"/holds/{hold.began_id}/call-off/"

    page = at(client, market.carer, href).content.decode()
    assert "Tyne Homes" in page
    on = at(client, market.carer, href, intervention=market.kind.pk, by="none", weekly_price="700")
    assert on.status_code == 302
    split = at(client, market.carer, on.url).content.decode()
    assert "£2,800" in split
    assert 'value="2800.00"' in split
    names = [f"part_{one.pk}" for one in market.parts]
    wrong = at(client, market.carer, on.url, **{names[0]: "2799"}).content.decode()
    assert "Put £1 more on them" in wrong
    good = dict(zip(names, ("1400", "1000", "400"), strict=True))
    assert "Send for approval" in at(client, market.carer, on.url, **good).content.decode()
    done = at(client, market.carer, on.url, **good, confirmed="yes")

    one = CallOff.objects.get()
    assert done.url == f"/call-offs/{one.pk}/"
    record = at(client, market.carer, done.url).content.decode()
    assert "Waiting for approval" in record
    assert "Tyne Homes" in record
    assert "£1,400" in record


def test_the_price_is_that_of_what_is_chosen(client, market):
    kind = DeliveredFactory(
        service=market.service,
        intervention=InterventionType.objects.get(code="rehabilitation-detoxification"),
        weekly_price=Decimal(240),
    ).intervention_id
    framework = ContractFactory(
        lead=market.partnership,
        provider=market.provider,
        kind="FRAMEWORK",
        state="LIVE",
        price=Decimal(650),
        price_unit="BED_WEEK",
    )
    href = f"/holds/{held(market).began_id}/call-off/"

    page = at(client, market.carer, href)
    assert not page.context["form"]["weekly_price"].value()
    assert f"By {framework}, £650 a week" in page.content.decode()
    assert "Residential rehabilitation, £700 a week" in page.content.decode()
    by_framework = {"intervention": market.kind.pk, "by": framework.reference}
    on = at(client, market.carer, href, **by_framework)
    assert "£2,600" in at(client, market.carer, on.url).content.decode()
    for asked_for, price in ((market.kind.pk, "700.00"), (kind, "240.00")):
        on = at(client, market.carer, href, intervention=asked_for, by="none")
        assert f"weekly_price={price}" in on.url
    for typed in ("640", "660"):
        page = at(client, market.carer, href, **by_framework, weekly_price=typed)
        assert f"{framework} says £650 a week" in page.content.decode()


def test_a_price_that_is_missing_is_asked_for(client, market):
    market.service.interventions.update(weekly_price=None)
    hold = held(market)
    href = f"/holds/{hold.began_id}/call-off/"

    page = at(client, market.carer, href, intervention=market.kind.pk, by="none", weekly_price="")

    assert b"Enter the price a week" in page.content


def test_it_is_approved_accepted_admitted_and_ended(client, market):
    one = asked(market)
    href = f"/call-offs/{one.pk}/"

    assert "Approve" in at(client, market.approver, href).content.decode()
    assert b"2,800" in at(client, market.approver, f"{href}approve/").content
    assert at(client, market.approver, f"{href}approve/", reason="").status_code == 302
    assert at(client, market.keeper, f"{href}accept/", reason="").status_code == 302
    came = {"on_0": "15", "on_1": "2", "on_2": "2007"}
    assert at(client, market.keeper, f"{href}admit/", **came).status_code == 302
    ends = at(client, market.keeper, f"{href}end/").content.decode()
    assert "Where they went" in ends
    left = {"on_0": "15", "on_1": "2", "on_2": "2007", "move_on": "OWN_HOME", "planned": "no"}
    refused = at(client, market.keeper, f"{href}end/", **left).content.decode()
    assert "one night or more" in refused

    one.refresh_from_db()
    assert one.state == "ADMITTED"


def test_the_money_of_a_stay_that_ended_is_what_its_lines_keep(client, market):
    one = asked_for(
        market, market.hold(nights=(FROM - 2 * WEEK, UNTIL - 2 * WEEK), on=FROM - 2 * WEEK)
    )
    approve_call_off(call_off=one, by=market.approver, on=TODAY)
    accept_call_off(call_off=one, by=market.keeper)
    admit_person(call_off=one, came_on=FROM - 2 * WEEK, today=TODAY, by=market.keeper)
    left_today(market, one)

    page = at(client, market.carer, f"/call-offs/{one.pk}/").context["money"]

    assert page["committed"] == "£1,400"
    assert page["table"].header[-2:] == ["Approved", "Committed or paid"]
    assert [row[-2:] for row in page["table"].rows] == [["£2,800", "£1,400"]]


def test_what_falls_into_the_next_year_is_said_before_it_is_approved(client, market):
    hold = market.hold(nights=(UNTIL, UNTIL + 4 * WEEK), on=TODAY)
    one = asked_for(market, hold, pounds=1700)
    words = "£1,100 of it falls into 2007/08 and is on no line yet."

    assert words in at(client, market.carer, f"/call-offs/{one.pk}/").content.decode()
    page = at(client, market.approver, f"/call-offs/{one.pk}/").content.decode()
    assert words in page
    assert "Put it on lines" not in page
    assert words in at(client, market.approver, f"/call-offs/{one.pk}/approve/").content.decode()


def test_no_more_is_asked_of_a_line_than_is_free(client):
    market = Market(names=("Gateshead", "Valley Trust"), money=1_000)
    hold = held(market)
    money = f"/holds/{hold.began_id}/call-off/money/?intervention={market.kind.pk}&by=none"
    split = {f"part_{one.pk}": str(n) for one, n in zip(market.parts, (2800, 0, 0), strict=True)}

    for sent in (split, split | {"confirmed": "yes"}):
        page = at(client, market.carer, money, **sent).content.decode()
        assert "Only £1,000 is free here" in page
    assert not CallOff.objects.exists()


def test_a_refusal_says_who_refused_and_the_list_names_the_partnership(client, market):
    one = asked(market)
    at(client, market.approver, f"/call-offs/{one.pk}/refuse/", reason="Too long at once.")

    page = at(client, market.carer, f"/call-offs/{one.pk}/").content.decode()
    assert "Al Penny refused it: Too long at once." in page
    code = market.provider.organisation.code
    listed = at(client, market.keeper, f"/provider/{code}/call-offs/").content.decode()
    assert "Partnership" in listed
    assert ">Name<" not in listed
    assert "our block" not in listed


def test_only_who_may_open_the_contract_is_led_to_it(client, market):
    block = our_block(market, market.beds[0])
    ContractShareFactory(contract=block, partnership=market.partnership)
    one = call_off_block(
        occupancy=held(market),
        intervention=market.kind,
        contract=block,
        by=market.carer,
        on=TODAY,
    )
    link = f'href="/contracts/{block.reference}/"'

    assert link not in at(client, market.carer, f"/call-offs/{one.pk}/").content.decode()
    assert link in at(client, market.lead, f"/call-offs/{one.pk}/").content.decode()


def test_the_provider_does_not_see_whose_money_it_is(client, market):
    one = asked(market)

    theirs = at(client, market.keeper, f"/call-offs/{one.pk}/").content.decode()
    ours = at(client, market.carer, f"/call-offs/{one.pk}/").content.decode()

    assert "Residential rehabilitation, Pooled treatment" in ours
    assert "Pooled treatment" not in theirs


def test_a_limit_that_is_too_low_is_told_on_the_page(client):
    market = Market(limit=100)
    one = asked(market)

    page = at(
        client, market.approver, f"/call-offs/{one.pk}/approve/", reason="x"
    ).content.decode()

    assert "You approve up to £100" in page
    assert "Bo Lee may." in page


def test_a_longer_stay_is_asked_for_and_decided(client, market):
    one = asked(market)
    approve_call_off(call_off=one, by=market.approver, on=TODAY)
    accept_call_off(call_off=one, by=market.keeper)
    admit_person(call_off=one, came_on=TODAY, today=TODAY, by=market.keeper)
    href = f"/call-offs/{one.pk}/"

    typed = {"until_0": "22", "until_1": "3", "until_2": "2007", "reason": "No flat yet."}
    on = at(client, market.carer, f"{href}longer/", **typed)
    assert on.url == f"{href}longer/money/"
    split = {f"part_{market.parts[1].pk}": "700", f"part_{market.parts[0].pk}": ""}
    assert b"Send for approval" in at(client, market.carer, on.url, **split).content
    assert at(client, market.carer, on.url, **split, confirmed="yes").url == href
    assert b"No flat yet." in at(client, market.approver, f"{href}longer/1/").content
    assert at(client, market.approver, f"{href}longer/1/", decision="yes").url == href

    one.refresh_from_db()
    assert (one.ends_on, one.cost) == (dt.date(2007, 3, 22), 3500)


def stayed(market):
    """Admitted for three weeks that ended three days ago, and there still."""
    nights = (FROM - 3 * WEEK - 3 * DAY, FROM - 3 * DAY)
    one = request_call_off(
        occupancy=market.hold(nights=nights, on=nights[0]),
        intervention=market.kind,
        purchase=Purchase(weekly_price=Decimal(700), parts={market.parts[0].pk: Decimal(2100)}),
        by=market.carer,
        on=nights[0],
    )
    approve_call_off(call_off=one, by=market.approver, on=nights[0])
    accept_call_off(call_off=one, by=market.keeper)
    admit_person(call_off=one, came_on=nights[0], today=nights[0], by=market.keeper)
    run_on_stays(on=TODAY)
    return one


def left_today(market, one):
    end_stay(
        call_off=one,
        left_on=TODAY,
        move_on="OWN_HOME",
        as_planned=True,
        today=TODAY,
        by=market.keeper,
    )


def test_nights_that_nobody_approved_are_named_to_both_sides(client, market):
    one = stayed(market)
    other = asked_for(market, market.hold(1, nights=(FROM, UNTIL), on=TODAY, case="C-9"))
    href = f"/call-offs/{one.pk}/"

    theirs = at(client, market.keeper, href).content.decode()
    assert "C-1 is here 3 nights past those approved. They are not paid. End the stay" in theirs
    ours = at(client, market.carer, href).content.decode()
    assert "Ask for a longer stay, or ask Valley Trust to end it." in ours
    assert "3 nights from 12 February 2007, not paid" in ours
    code = market.partnership.organisation.code
    listed = at(client, market.carer, f"/partnership/{code}/call-offs/?nights=beyond")
    assert href in listed.content.decode()
    assert f"/call-offs/{other.pk}/" not in listed.content.decode()
    file = at(client, market.carer, f"/partnership/{code}/call-offs/?format=csv&sort=-beyond")
    rows = b"".join(file.streaming_content).decode().splitlines()
    assert rows[0].split(",")[-1] == "Nights not approved"
    assert [row.split(",")[-1] for row in rows[1:]] == ["3", "0"]


def test_the_provider_asks_the_partnership_for_a_longer_stay(client, market):
    one = stayed(market)
    href = f"/call-offs/{one.pk}/want-longer/"
    typed = {"until_0": "22", "until_1": "2", "until_2": "2007", "reason": "No flat yet."}

    assert at(client, market.keeper, href, **typed).status_code == 302

    told = Notice.objects.filter(person=market.carer).order_by("-pk").first()
    assert told.sentence.startswith("Valley Trust wants C-1 to stay until 22 February 2007")
    assert not one.extensions.exists()


def test_nights_stayed_are_approved_once_they_left(client, market):
    one = stayed(market)
    left_today(market, one)
    href = f"/call-offs/{one.pk}/"
    page = at(client, market.carer, href).content.decode()
    assert "C-1 left 3 nights after those approved. They are not paid, unless you ask" in page
    assert (
        "they left on 15 February 2007"
        in at(client, market.carer, f"{href}longer/").content.decode()
    )

    typed = {"until_0": "15", "until_1": "2", "until_2": "2007", "reason": "No flat yet."}
    on = at(client, market.carer, f"{href}longer/", **typed)
    split = {f"part_{market.parts[0].pk}": "300", "confirmed": "yes"}
    assert at(client, market.carer, on.url, **split).url == href
    assert at(client, market.approver, f"{href}longer/1/", decision="yes").url == href

    page = at(client, market.carer, href).content.decode()
    assert "not paid" not in page
    assert "£2,400" in page


def test_nights_that_are_refused_are_said_to_stay_unpaid(client, market):
    one = stayed(market)
    left_today(market, one)
    href = f"/call-offs/{one.pk}/"
    typed = {"until_0": "15", "until_1": "2", "until_2": "2007", "reason": "No flat yet."}
    on = at(client, market.carer, f"{href}longer/", **typed)
    at(client, market.carer, on.url, **{f"part_{market.parts[0].pk}": "300", "confirmed": "yes"})

    asks = at(client, market.carer, href).content.decode()
    assert "not paid unless the longer stay that is asked for is approved" in asks
    assert f"{href}longer/" not in asks

    at(client, market.approver, f"{href}longer/1/", decision="no", reason="Nobody asked us.")

    assert (
        "£300" not in at(client, market.carer, href).content.decode().partition("Longer stays")[0]
    )
    words = "They are not paid: Al Penny refused them. Nobody asked us."
    assert words in at(client, market.keeper, href).content.decode()


def test_who_came_early_has_nights_that_are_asked_for_first(client, market):
    one = asked_for(market, market.hold(nights=(FROM + WEEK, UNTIL), on=TODAY), pounds=2100)
    approve_call_off(call_off=one, by=market.approver, on=TODAY)
    accept_call_off(call_off=one, by=market.keeper)
    admit_person(call_off=one, came_on=TODAY, today=TODAY, by=market.keeper)
    href = f"/call-offs/{one.pk}/"

    page = at(client, market.carer, href).content.decode()
    assert "C-1 came 7 nights before those approved. They are not paid unless you ask" in page
    assert "7 nights from 15 February 2007, not paid" in page
    asks = at(client, market.carer, f"{href}longer/").content.decode()
    assert "They came on 15 February 2007" in asks
    assert 'name="until_0"' not in asks
    on = at(client, market.carer, f"{href}longer/", reason="They were at the door.")
    split = {f"part_{market.parts[1].pk}": "700", f"part_{market.parts[0].pk}": ""}
    assert at(client, market.carer, on.url, **split, confirmed="yes").url == href
    assert b"unless what is asked for is approved" in at(client, market.carer, href).content
    decide = at(client, market.approver, f"{href}longer/1/").content.decode()
    assert "nights from 15 February 2007 until 22 February 2007, £700 more" in decide
    assert at(client, market.approver, f"{href}longer/1/", decision="yes").url == href

    one.refresh_from_db()
    assert (one.starts_on, one.nights, one.cost) == (TODAY, 28, 2800)
    assert b"not paid" not in at(client, market.carer, href).content


def test_an_admission_that_was_not_so_is_taken_back_on_the_places_history(client, market):
    one = stayed(market)
    event = PlaceEvent.objects.get(kind="ADMITTED")
    code = market.provider.organisation.code
    correct = f"/provider/{code}/places/{market.beds[0].pk}/events/{event.pk}/correct/"

    done = at(client, market.keeper, correct, how="back", reason="Another person.")

    assert done.status_code == 302, done.content.decode()
    one.refresh_from_db()
    assert one.state == "ACCEPTED"
    page = at(client, market.keeper, f"/call-offs/{one.pk}/").content.decode()
    assert f"/call-offs/{one.pk}/admit/" in page


def test_lists_of_both_sides_name_it(client, market):
    one = asked(market)
    market.hold(1, nights=(FROM, UNTIL), on=TODAY, case="C-9")
    ours, theirs = market.partnership.organisation.code, market.provider.organisation.code

    page = at(client, market.carer, f"/partnership/{ours}/call-offs/").content.decode()
    assert "C-1" in page
    assert "C-9" in page
    assert "Release" in page
    page = at(client, market.keeper, f"/provider/{theirs}/call-offs/?state=REQUESTED")
    assert f"/call-offs/{one.pk}/" in page.content.decode()
    answer = at(client, market.keeper, f"/provider/{theirs}/call-offs/?format=csv")
    assert b"C-1" in b"".join(answer.streaming_content)


def test_a_held_place_is_released(client, market):
    hold = held(market)

    done = at(client, market.carer, f"/holds/{hold.began_id}/release/", reason="Not needed.")

    assert done.status_code == 302
    assert not Occupancy.objects.exists()
    assert at(client, market.carer, f"/holds/{hold.began_id}/release/").status_code == 404


def test_who_is_booked_for_later_is_admitted_early_from_the_board(client, market):
    later = market.hold(nights=(FROM + WEEK, UNTIL), on=TODAY)
    approve_call_off(call_off=asked_for(market, later, pounds=2100), by=market.approver, on=TODAY)
    code = market.provider.organisation.code
    (shown,) = at(client, market.keeper, f"/provider/{code}/places/").context["services"]
    tap = shown.groups[0].rows[0].taps[0]

    at(client, market.keeper, tap.href, **{"at-once": "1"})

    assert tap.label == "Admit early"
    call_off = CallOff.objects.get()
    assert (call_off.state, call_off.admitted_on) == ("ADMITTED", TODAY)
    assert Occupancy.objects.get().nights.lower == TODAY


def test_what_is_said_on_the_board_ends_the_call_off(client, market):
    one = asked(market)
    approve_call_off(call_off=one, by=market.approver, on=TODAY)
    code = market.provider.organisation.code
    bed = f"/provider/{code}/places/{market.beds[0].pk}/"

    at(client, market.keeper, f"{bed}admit/", **{"at-once": "yes"})
    one.refresh_from_db()
    assert (one.state, one.admitted_on) == ("ADMITTED", TODAY)


def test_the_number_of_queries_is_settled(client, market):
    hold = market.hold(1, nights=(FROM, UNTIL), on=TODAY, case="C-9")
    one = asked(market)
    ours, theirs = market.partnership.organisation.code, market.provider.organisation.code
    client.force_login(market.carer)
    assert_counted(client, "vacancies", "/vacancies/?nights=28&also=full")
    assert_counted(
        client,
        "vacancies, compared",
        f"/vacancies/compare/?service={theirs}:{market.service.slug}",
    )
    assert_counted(client, "place to hold", hold_href(market))
    assert_counted(client, "hold to call off", f"/holds/{hold.began_id}/call-off/")
    money = f"/holds/{hold.began_id}/call-off/money/?intervention={market.kind.pk}&by=none"
    assert_counted(client, "money of a call-off", f"{money}&weekly_price=700")
    assert_counted(client, "call-offs of a partnership", f"/partnership/{ours}/call-offs/")
    assert_counted(client, "call-off", f"/call-offs/{one.pk}/")
    client.force_login(market.approver)
    assert_counted(client, "call-off to approve", f"/call-offs/{one.pk}/approve/")
    client.force_login(market.keeper)
    assert_counted(client, "call-offs of a provider", f"/provider/{theirs}/call-offs/")


def our_block(market, bed):
    contract = ContractFactory(
        lead=market.partnership,
        provider=market.provider,
        kind="BLOCK",
        state="LIVE",
        price=Decimal(600),
        price_unit="BED_WEEK",
        places=1,
    )
    contract.services.add(market.service)
    ContractPlaceFactory(contract=contract, place=bed)
    return contract


def test_a_place_of_our_block_is_checked_and_booked(client, market):
    block = our_block(market, market.beds[0])
    hold = held(market)
    href = f"/holds/{hold.began_id}/call-off/"
    typed = {"intervention": market.kind.pk, "by": block.reference}

    check = at(client, market.carer, href, **typed).content.decode()
    assert "Nothing new to pay" in check
    assert not CallOff.objects.exists()
    at(client, market.carer, href, **typed, confirmed="yes", change="yes")
    assert not CallOff.objects.exists()
    at(client, market.carer, href, **typed, confirmed="yes")

    assert CallOff.objects.get().state == "APPROVED"


def test_a_place_that_is_paid_for_is_not_passed_over_without_a_reason(client, market):
    our_block(market, market.beds[1])
    href = f"/holds/{held(market).began_id}/call-off/"
    typed = {"intervention": market.kind.pk, "by": "none", "weekly_price": "700"}

    assert (
        b"Bed 2 at Valley House is paid for and free"
        in at(client, market.carer, href, **typed).content
    )
    on = at(client, market.carer, href, **typed, block_unused_because="Too near.")
    assert on.status_code == 302
    first = at(client, market.carer, "/vacancies/?nights=28").content.decode()
    assert "Our block" in first
