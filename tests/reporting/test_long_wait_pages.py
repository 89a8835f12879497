"""The list of long waits and the record of one, as their people meet them."""

import csv
import dataclasses
import io

import pytest
from django.urls import reverse

from commissioning.models import AuditEvent, Notice
from commissioning.rule_settings import DEFAULTS
from reporting.models import LongWait
from reporting.services.long_wait_notices import refresh_long_waits
from reporting.services.long_wait_reviews import close_long_wait, review_long_wait
from tests.factories.commissioning import (
    PartnershipFactory,
    RuleSetFactory,
    UserFactory,
    region_of,
    signed_in,
)
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import CUT_OFF, TODAY, long_wait, modality, rules
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db

LIST = "/long-waits/"


@pytest.fixture
def commissioner(agency, client):
    return signed_in(client, name="Ann Ward", commissioner_of=agency.partnership)


def numbers(response):
    return {row.record.pk for row in response.context["table"].rows}


def said(wait, **words):
    return {"version": wait.version, "owner": "", "cause": "", "action": "", **words}


class TestTheList:
    def test_shows_the_most_pressing_first(self, agency, client, commissioner):
        short = long_wait(agency, first_offered_on=TODAY.replace(month=1, day=20))
        closed = long_wait(agency, referred_on=TODAY.replace(year=2006))
        close_long_wait(
            wait=closed,
            version=1,
            cause="CAPACITY",
            action="",
            outcome="Seen.",
            on=TODAY,
            by=commissioner,
        )
        still = long_wait(agency)

        shown = client.get(LIST).context["table"].rows

        assert [row.record.pk for row in shown] == [still.pk, short.pk, closed.pk]

    def test_counts_waits_by_how_far_their_review_is(self, wait, agency, client, commissioner):
        review_long_wait(
            wait=wait, version=1, owner=commissioner, cause="", action="", by=commissioner
        )
        long_wait(agency)
        long_wait(agency)

        states = client.get(LIST, {"state": "REVIEWING"}).context["states"]

        assert [(one.words, one.number) for one in states] == [
            ("To review", 2),
            ("Being reviewed", 1),
            ("Closed", 0),
            ("All", 3),
        ]
        assert [one.words for one in states if one.current] == ["Being reviewed"]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, "abc"),
            ({"state": "FOUND"}, "bc"),
            ({"state": "REVIEWING"}, "a"),
            ({"state": "WITHDRAWN"}, "d"),
            ({"wait": "open"}, "ab"),
            ({"wait": "completed"}, "c"),
            ({"owner": "me"}, "a"),
            ({"owner": "anyone"}, "a"),
            ({"owner": "nobody"}, "bc"),
            ({"cause": "FUNDING"}, "a"),
            ({"intervention": "6"}, "c"),
            ({"days_min": "50"}, "ab"),
            ({"days_max": "50"}, "c"),
            ({"found_since": "2007-02-15"}, "abc"),
            ({"found_since": "2007-02-16"}, ""),
        ],
        ids=str,
    )
    def test_filters(self, agency, client, commissioner, asked, found):
        waits = {
            "a": long_wait(agency),
            "b": long_wait(agency),
            "c": long_wait(agency, kind=6, first_offered_on=TODAY.replace(month=1, day=15)),
            "d": long_wait(agency),
        }
        LongWait.objects.filter(pk=waits["d"].pk).update(withdrawn_on=TODAY)
        review_long_wait(
            wait=waits["a"],
            version=1,
            owner=commissioner,
            cause="FUNDING",
            action="",
            by=commissioner,
        )

        assert numbers(client.get(LIST, asked)) == {waits[name].pk for name in found}

    def test_filters_by_partnership_and_provider(self, client, agency, wait):
        other = long_wait(AgencyFactory(partnership=agency.partnership))
        elsewhere = long_wait(agency, PartnershipFactory())
        signed_in(client, provider_manager_of=agency.provider, commissioner_of=agency.partnership)

        by_place = client.get(LIST, {"partnership": wait.partnership.code})
        by_provider = client.get(LIST, {"provider": agency.provider.code})

        assert numbers(by_place) == {wait.pk, other.pk}
        assert numbers(by_provider) == {wait.pk, elsewhere.pk}

    def test_says_what_a_filter_does_not_understand(self, wait, client, commissioner):
        page = client.get(LIST, {"found_since": "yesterday", "partnership": "E99"})

        assert page.status_code == 200
        assert {"found_since", "partnership"} == set(page.context["filter"].form.errors)

    @pytest.mark.parametrize("form", ["", "csv"])
    def test_names_a_value_it_does_not_know_and_shows_the_list_without_it(
        self, wait, client, commissioner, form
    ):
        answer = client.get(LIST, {"state": "GONE", "cause": "MARS", "format": form})
        page = answer.content.decode()

        assert "govuk-error-summary" in page
        assert page.count("“GONE” is not known. Choose from the list of “Review”.") == 2
        assert page.count("“MARS” is not known. Choose from the list of “Cause”.") == 2
        assert numbers(answer) == {wait.pk}

    def test_offers_only_partnerships_and_providers_in_reach(self, wait, client, commissioner):
        stranger = long_wait(AgencyFactory())

        page = client.get(LIST).content.decode()

        assert wait.agency.provider.code in page
        assert stranger.partnership.code not in page
        assert stranger.agency.provider.code not in page

    def test_of_one_partnership_leaves_the_others_out(self, wait, agency, client):
        other = PartnershipFactory()
        long_wait(agency, other)
        signed_in(client, lead_of=other, commissioner_of=wait.partnership)

        page = client.get(
            reverse("reporting:partnership-long-waits", args=[wait.partnership.code])
        )

        assert numbers(page) == {wait.pk}
        assert "partnership" not in page.context["filter"].form.fields

    def test_provider_staff_see_waits_of_their_agencies_wherever_clients_live(
        self, wait, agency, client
    ):
        away = long_wait(agency, PartnershipFactory())
        nowhere = long_wait(agency, None)
        long_wait(AgencyFactory(partnership=agency.partnership))
        signed_in(client, provider_staff_of=agency.provider)

        assert numbers(client.get(LIST)) == {wait.pk, away.pk, nowhere.pk}

    def test_a_region_reads_the_rows_without_the_references_of_clients(self, wait, client):
        modality(wait.agency, client_ref="TELLING-REF", episode_ref="TELLING-TOO")
        long_wait(wait.agency)
        signed_in(client, reviewer_of=region_of(wait.partnership))

        for asked in ({}, {"format": "csv"}):
            answer = client.get(LIST, asked)
            content = answer.getvalue() if answer.streaming else answer.content
            assert b"TELLING" not in content
        assert len(numbers(client.get(LIST))) == 3

    def test_being_a_commissioner_elsewhere_shows_no_reference_of_a_region(self, wait, client):
        mine = long_wait(AgencyFactory(), client_ref="MINE")
        LongWait.objects.filter(pk=wait.pk).update(client_ref="THEIRS")
        signed_in(
            client, commissioner_of=mine.partnership, reviewer_of=region_of(wait.partnership)
        )

        page = client.get(LIST).content.decode()
        record = client.get(f"{LIST}{wait.pk}/").content.decode()

        assert "MINE" in page
        assert "THEIRS" not in page + record

    def test_downloads_what_is_shown_and_keeps_that_in_the_trail(
        self, wait, agency, client, commissioner
    ):
        long_wait(agency, kind=6)

        answer = client.get(LIST, {"format": "csv", "intervention": "2"})
        (line,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))

        assert (line["Wait"], line["Days"]) == (str(wait.pk), str(wait.days))
        assert (line["Client"], line["Offered"]) == (wait.client_ref, "Still waiting")
        assert line["Review"] == "To review"
        deed = AuditEvent.objects.get(action="long_wait.downloaded")
        assert deed.person == commissioner
        assert deed.details == {"rows": 1, "format": "csv", "filter": "intervention=2"}

    def test_downloads_a_spreadsheet(self, wait, client, commissioner):
        assert client.get(LIST, {"format": "xlsx"}).getvalue()[:2] == b"PK"

    def test_sorts_by_the_heading_chosen(self, wait, agency, client, commissioner):
        shorter = long_wait(agency, first_offered_on=TODAY.replace(month=1, day=20))

        shown = client.get(LIST, {"sort": "days"}).context["table"].rows

        assert [row.record.pk for row in shown] == [shorter.pk, wait.pk]

    @pytest.mark.parametrize(
        ("name", "address"),
        [
            ("long waits", LIST),
            ("long waits of a partnership", "/partnership/{place}/long-waits/"),
            ("one long wait", f"{LIST}{{number}}/"),
        ],
    )
    def test_asks_as_its_baseline_says(self, wait, client, commissioner, name, address):
        agency = wait.agency
        address = address.format(place=agency.partnership.code, number=wait.pk)
        assert_counted(client, name, address)

        for _ in range(5):
            long_wait(agency)
        assert_counted(client, name, address)

    def test_asks_the_database_no_more_for_more_rows(
        self, agency, client, commissioner, django_assert_max_num_queries
    ):
        for _ in range(30):
            modality(agency)
        long_wait(agency)

        with django_assert_max_num_queries(12):
            assert len(numbers(client.get(LIST))) == 31

    def test_says_what_it_rests_on(self, wait, agency, client, commissioner):
        AgencyFactory(partnership=agency.partnership)
        AgencyFactory()
        of_all = client.get(LIST).context["as_at"]
        place = reverse("reporting:partnership-long-waits", args=[agency.partnership.code])

        of_one = client.get(place).context["as_at"]

        assert (of_all.cut_off, of_all.rule_set) == (CUT_OFF, rules().code)
        assert of_all.completeness == of_one.completeness == "1 of 2 agencies for January 2007"
        assert of_all.provisional
        assert of_one.completeness_href == f"/partnership/{agency.partnership.code}/returns/"

    def test_says_how_long_is_long_by_the_rule_set_in_force(self, wait, client, commissioner):
        RuleSetFactory(rules=dataclasses.replace(DEFAULTS, long_wait_days=28))

        page = client.get(LIST).content.decode()

        assert "<h1" in page
        assert "Waits of four weeks or longer" in page
        assert "six weeks" not in page

    def test_says_why_it_is_empty(self, client, commissioner):
        assert "when a return shows" in client.get(LIST).content.decode()


class TestTheRecord:
    def test_shows_the_wait_its_course_and_what_to_do(self, wait, client, commissioner):
        page = client.get(f"{LIST}{wait.pk}/").content.decode()

        assert "61 days (8.7 weeks)" in page
        assert "Specialist prescribing" in page
        assert wait.client_ref in page
        assert "Nobody looks after it yet: choose an owner." in page
        assert "Still waiting" in page

    def test_rests_on_the_returns_of_the_agency_that_told_of_it(self, client, agency):
        abroad = long_wait(agency, PartnershipFactory())
        AgencyFactory(partnership=abroad.partnership)
        signed_in(client, commissioner_of=abroad.partnership)

        as_at = client.get(f"{LIST}{abroad.pk}/").context["as_at"]

        assert as_at.completeness == "1 of 1 agencies for January 2007"
        assert (as_at.cut_off, as_at.provisional) == (CUT_OFF, True)

    def test_each_opening_is_kept(self, wait, client, commissioner):
        for _ in range(2):
            client.get(f"{LIST}{wait.pk}/")
        client.head(f"{LIST}{wait.pk}/")

        deeds = AuditEvent.objects.filter(action="long_wait.viewed", person=commissioner)
        assert deeds.count() == 2
        assert deeds[0].organisation == wait.partnership.organisation

    def test_a_region_reads_it_and_has_nothing_to_press(self, wait, client):
        LongWait.objects.update(client_ref="TELLING")
        signed_in(client, reviewer_of=region_of(wait.partnership))

        page = client.get(f"{LIST}{wait.pk}/").content.decode()

        assert "TELLING" not in page
        assert f"{wait.partnership} reviews this wait. Nobody has begun." in page
        assert "Save review" not in page
        assert "Who opened this record" not in page

    def test_a_wait_without_partnership_says_who_can_mend_that(self, agency, client):
        wait = long_wait(agency, None)
        signed_in(client, provider_manager_of=agency.provider)

        page = client.get(f"{LIST}{wait.pk}/").content.decode()

        assert f"{agency.provider} did not say where this client lives" in page

    def test_the_number_of_queries_is_settled(
        self, wait, client, commissioner, django_assert_max_num_queries
    ):
        for version in range(1, 6):
            wait = review_long_wait(
                wait=wait, version=version, owner=None, cause="", action="", by=commissioner
            )
        client.get(LIST)

        with django_assert_max_num_queries(15):
            client.get(f"{LIST}{wait.pk}/")


class TestReviewing:
    def test_saves_says_what_follows_and_tells_the_owner(self, wait, client, commissioner):
        owner = UserFactory(name="Bo Lee", care_manager_of=wait.partnership)

        page = client.post(
            f"{LIST}{wait.pk}/review/",
            said(wait, owner=owner.code, cause="CAPACITY", action="A second clinic."),
            follow=True,
        )

        wait.refresh_from_db()
        assert (wait.owner, wait.cause, wait.state) == (owner, "CAPACITY", "REVIEWING")
        words = page.content.decode()
        assert f"The review of wait {wait.pk} is saved. Bo Lee looks after it." in words
        assert "Long wait reviewed" in words
        notice = Notice.objects.get(person=owner)
        assert notice.sentence.startswith("Ann Ward asks you to look after a wait of 61 days")
        client.force_login(owner)
        assert client.get(notice.link).status_code == 200

    def test_offers_people_of_the_partnership_as_owners(self, wait, client, commissioner):
        UserFactory(name="A stranger", commissioner_of=PartnershipFactory())
        UserFactory(name="An analyst", analyst_of=wait.partnership)
        UserFactory(name="A lead", lead_of=wait.partnership)

        offered = client.get(f"{LIST}{wait.pk}/").context["form"].fields["owner"].queryset

        assert [person.name for person in offered] == ["A lead", "Ann Ward"]

    def test_keeps_what_was_typed_when_it_is_refused(self, wait, client, commissioner):
        page = client.post(f"{LIST}{wait.pk}/review/", said(wait, cause="OTHER", action=""))

        assert "Say in the action what the cause is" in page.content.decode()
        wait.refresh_from_db()
        assert wait.state == "FOUND"

    @pytest.mark.parametrize(
        "tampered",
        [
            {"owner": "no-such-person"},
            {"cause": "WEATHER"},
            {"version": ""},
            {"action": "x" * 2001},
        ],
        ids=lambda value: next(iter(value)),
    )
    def test_takes_no_value_it_did_not_offer(self, wait, client, commissioner, tampered):
        client.post(f"{LIST}{wait.pk}/review/", said(wait, **tampered))

        wait.refresh_from_db()
        assert (wait.state, wait.version) == ("FOUND", 1)

    def test_takes_nothing_but_what_the_form_asks(self, wait, client, commissioner):
        client.post(
            f"{LIST}{wait.pk}/review/",
            said(
                wait, state="CLOSED", days="1", partnership="1", outcome="Mine.", closed_on=TODAY
            ),
        )

        after = LongWait.objects.get()
        assert (after.state, after.days, after.outcome) == ("REVIEWING", wait.days, "")
        assert after.partnership == wait.partnership

    def test_one_who_comes_second_sees_both_and_may_insist(self, wait, client, commissioner):
        other = UserFactory(name="Bo Lee", lead_of=wait.partnership)
        review_long_wait(
            wait=wait, version=1, owner=other, cause="FUNDING", action="Theirs.", by=other
        )

        conflict = client.post(
            f"{LIST}{wait.pk}/review/", said(wait, cause="CAPACITY", action="Mine.")
        )

        assert conflict.status_code == 409
        words = conflict.content.decode()
        assert "Mine." in words
        assert "Theirs." in words
        assert "By Bo Lee" in words
        wait.refresh_from_db()
        assert wait.action == "Theirs."

        again = conflict.context["form"]
        client.post(
            conflict.context["action_href"],
            {name: again[name].value() or "" for name in again.fields},
        )

        wait.refresh_from_db()
        assert (wait.action, wait.cause, wait.version) == ("Mine.", "CAPACITY", 3)


class TestClosing:
    def test_closes_and_says_so(self, wait, client, commissioner):
        page = client.post(
            f"{LIST}{wait.pk}/close/",
            {"version": 1, "cause": "CLIENT", "action": "", "outcome": "Chose to wait."},
            follow=True,
        )

        wait.refresh_from_db()
        assert (wait.state, wait.closed_by, wait.closed_on) == ("CLOSED", commissioner, TODAY)
        words = page.content.decode()
        assert f"Wait {wait.pk} is closed." in words
        assert "Chose to wait." in words
        assert "Save review" not in words

    def test_asks_for_cause_and_outcome(self, wait, client, commissioner):
        page = client.post(f"{LIST}{wait.pk}/close/", {"version": 1})

        assert set(page.context["form"].errors) == {"cause", "outcome"}
        assert "Enter the outcome" in page.content.decode()

    def test_one_who_comes_second_sees_both(self, wait, client, commissioner):
        review_long_wait(
            wait=wait, version=1, owner=None, cause="FUNDING", action="Theirs.", by=commissioner
        )

        conflict = client.post(
            f"{LIST}{wait.pk}/close/",
            {"version": 1, "cause": "CLIENT", "action": "", "outcome": "Mine."},
        )

        assert conflict.status_code == 409
        assert "Mine." in conflict.content.decode()
        assert "Theirs." in conflict.content.decode()

    def test_what_another_closed_stays_closed(self, wait, client, commissioner):
        close_long_wait(
            wait=wait,
            version=1,
            cause="CLIENT",
            action="",
            outcome="Theirs.",
            on=TODAY,
            by=commissioner,
        )

        page = client.post(f"{LIST}{wait.pk}/review/", said(wait, action="Mine."))

        assert "can no longer be changed" in page.content.decode()
        assert LongWait.objects.get().outcome == "Theirs."


def test_a_notice_leads_to_what_is_new(agency, client, commissioner):
    modality(agency)
    rules()
    refresh_long_waits(on=TODAY, cause="refresh 1")

    page = client.get(Notice.objects.get().link)

    assert len(numbers(page)) == 1
