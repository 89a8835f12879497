"""What a person does with a return in the browser: send, read, confirm, reject, undo."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from psycopg.errors import LockNotAvailable

from commissioning.models import Job
from commissioning.scoping import System
from pathways.choices import ReturnState, UploadState
from pathways.models import Episode, Return, Upload
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import receive_upload
from pathways.views import deeds
from pathways.views.reaching import unless_at_work
from tests.factories.commissioning import (
    MembershipFactory,
    NationFactory,
    PartnershipFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.pathways import clients, ndtms_file, ndtms_text, row
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import loaded_return

TODAY = dt.date(2007, 2, 15)
JANUARY = dt.date(2007, 1, 1)
SYSTEM = System("a test")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule_set():
    return RuleSetFactory()


@pytest.fixture
def partnership():
    return PartnershipFactory(organisation__code="00EH")


@pytest.fixture
def agency(partnership):
    return AgencyFactory(code="AG0001", name="High Street", partnership=partnership)


@pytest.fixture
def manager(agency):
    return UserFactory(name="Ann Manager", provider_manager_of=agency.provider)


@pytest.fixture
def browser_of(client):
    def signed_in(person):
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def mine(browser_of, manager):
    return browser_of(manager)


def address(name, agency, upload=None, /, **more):
    given = {"code": agency.provider.code, **more}
    if upload:
        given["number"] = upload.number
    return reverse(name, kwargs=given)


def send(client, agency, content, *, month="2007-01", name="january.csv", **more):
    if isinstance(content, list):
        content = ndtms_text(content)
    if isinstance(content, str):
        content = content.encode()
    return client.post(
        address("pathways:return-send", agency),
        {"file": SimpleUploadedFile(name, content), "month": month, **more},
    )


def checked(agency, rows, *, month=JANUARY, by=SYSTEM, provider=True):
    upload = receive_upload(
        stream=ndtms_file(rows),
        filename="january.csv",
        month=month,
        cut_off=month + dt.timedelta(days=27),
        provider=agency.provider if provider else None,
        by=by,
        today=TODAY,
    )
    return check_file(number=upload.number, by=by)


def loaded(agency, rows, **more):
    upload = checked(agency, rows, **more)
    confirm_upload(upload=upload, reason="As it is.", remove_vanished=False, by=SYSTEM)
    return load_file(number=upload.number, by=SYSTEM)


def words(response):
    return " ".join(response.content.decode().split())


NO_REASON = {"DISD": "20060601", "MODEND": "20060601", "DISRSN": ""}


class TestSending:
    def test_the_form_says_what_the_file_looks_like_and_what_the_cut_off_is(self, mine, agency):
        page = words(mine.get(address("pathways:return-send", agency)))

        assert "CLIENTID" in page
        assert "Left empty: the last day of the month" in page
        assert 'value="2007-01" selected' in page

    def test_a_file_is_received_and_leads_to_its_page(self, mine, agency, manager):
        answer = send(mine, agency, [row()])

        upload = Upload.objects.get()
        assert answer.url == address("reporting:return-detail", agency, upload)
        assert (upload.month, upload.cut_off) == (JANUARY, dt.date(2007, 1, 31))
        assert upload.uploaded_by == manager
        page = words(mine.get(answer.url))
        assert f"Return {upload.number} is received and is being checked." in page
        assert f"Check return {upload.number}: waiting to begin" in page

    def test_the_cut_off_of_a_month_that_is_not_over_is_today(self, mine, agency):
        send(mine, agency, [row()], month="2007-02")

        assert Upload.objects.get().cut_off == TODAY

    def test_what_was_typed_stays_beside_the_sentence(self, mine, agency):
        answer = send(
            mine,
            agency,
            [row()],
            month="2006-11",
            cut_off_0="30",
            cut_off_1="10",
            cut_off_2="2006",
        )

        page = words(answer)
        assert answer.status_code == 200
        assert "The cut-off 30 October 2006 is before November 2006" in page
        assert 'value="2006-11" selected' in page
        assert not Upload.objects.exists()

    def test_nothing_chosen_says_so_at_the_field(self, mine, agency):
        page = words(mine.post(address("pathways:return-send", agency), {"month": "2007-01"}))

        assert page.count("Choose the file of the return.") == 2  # on top and at the field

    def test_an_empty_file_is_told_at_once(self, mine, agency):
        page = words(send(mine, agency, b""))

        assert "The file is empty." in page

    def test_a_file_over_the_limit_is_refused_while_it_streams(self, mine, agency, settings):
        settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

        page = words(send(mine, agency, b"x" * (1024 * 1024 + 1), month="2006-12"))

        assert page.count("The file is larger than 1 MB, the most that is taken.") == 2
        assert 'value="2006-12" selected' in page
        assert not Upload.objects.exists()

    def test_the_same_file_twice_leads_to_the_first(self, mine, agency):
        send(mine, agency, [row()])
        first = Upload.objects.get()

        page = words(send(mine, agency, [row()], name="again.csv"))

        assert f"This file was already received as return {first.number}" in page
        assert address("reporting:return-detail", agency, first) in page
        assert Upload.objects.count() == 1

    def test_the_empty_file_holds_every_header_that_is_read(self, mine):
        answer = mine.get(reverse("pathways:return-template"))

        header = next(csv.reader(io.StringIO(answer.content.decode())))
        assert {"FINITIAL", "CLIENTID", "CPLANDT", "PREVTR"} <= set(header)

    def test_keyworkers_may_not_send(self, browser_of, agency):
        keyworker = browser_of(UserFactory(keyworker_of=agency.provider))

        assert keyworker.get(address("pathways:return-send", agency)).status_code == 403


def _spreadsheet():
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return book.getvalue()


HEADER_LINE, FIRST_ROW = ndtms_text([row()]).splitlines()
BAD_FILES = {
    "wrong encoding": (ndtms_text([row(CLIENTID="Zoë")]).encode("utf-16"), "UTF-8"),
    "semicolons": (ndtms_text([row()]).replace('","', '";"'), "separated by semicolons"),
    "a spreadsheet": (_spreadsheet(), "spreadsheet"),
    "an unknown header": (ndtms_text([row()]).replace("CPLANDT", "FORENAME"), "FORENAME"),
    "a repeated header": (
        ndtms_text([row()]).replace('"CPLANDT"', '"DISD"'),
        "names DISD twice or more",
    ),
    "10,000 columns": (",".join(f'"C{n}"' for n in range(10_000)) + "\n", "10,000 columns"),
    "a NUL byte": (f"{HEADER_LINE}\n{FIRST_ROW}".replace("AG0001", "AG\0"), "NUL"),
    "no rows": (f"{HEADER_LINE}\n", "no rows"),
}


class TestAFileThatIsNoReturn:
    @pytest.mark.parametrize("kind", BAD_FILES)
    def test_its_page_says_why_and_offers_to_send_another(self, mine, agency, kind):
        content, sentence = BAD_FILES[kind]
        send(mine, agency, content, month="2006-12")
        upload = check_file(number=Upload.objects.get().number, by=SYSTEM)

        page = words(mine.get(address("reporting:return-detail", agency, upload)))

        assert upload.state == UploadState.REJECTED
        assert sentence in page
        assert "Why it was rejected" in page
        assert "send/?month=2006-12&amp;cut_off=2006-12-31" in page
        assert not Episode.objects.exists()

    def test_another_providers_agency_refuses_the_file(self, mine, agency):
        AgencyFactory(code="AG0009")
        send(mine, agency, [row(AGNCY="AG0009")])
        upload = check_file(number=Upload.objects.get().number, by=SYSTEM)

        page = words(mine.get(address("reporting:return-detail", agency, upload)))

        assert "AG0009" in page
        assert "Why it was rejected" in page

    def test_a_byte_order_mark_is_no_fault(self, mine, agency):
        send(mine, agency, b"\xef\xbb\xbf" + ndtms_text([row()]).encode())

        upload = check_file(number=Upload.objects.get().number, by=SYSTEM)

        assert upload.state == UploadState.CHECKED

    def test_a_file_of_only_errors_has_nothing_to_load(self, mine, agency):
        upload = checked(agency, [row(REFLD="")])

        page = words(mine.get(address("reporting:return-detail", agency, upload)))

        assert "There is nothing to load" in page
        assert "Confirm return" not in page


class TestTheRecordPage:
    def test_shows_findings_by_rule_and_what_will_change(self, mine, agency):
        loaded(agency, clients(3), month=dt.date(2006, 12, 1))
        changed = clients(4)
        changed[0] |= {"CPLANDT": "20060513"}
        upload = checked(agency, [*changed[:2], row(CLIENTID="C9", REFLD="")])

        page = words(mine.get(address("reporting:return-detail", agency, upload)))

        assert "CPLANDT 12 May 2006 → 13 May 2006" in page
        assert "<dt>No longer named</dt><dd>1</dd>" in page
        assert "<dt>Changed</dt><dd>1</dd>" in page
        assert "REFLD" in page
        assert "Confirm return" in page

    def test_never_shows_what_identifies_anybody(self, mine, agency):
        upload = checked(agency, [row(DOB="19000101"), row(CLIENTID="C2", FINITIAL="")])

        shown = words(mine.get(address("reporting:return-detail", agency, upload)))
        listed = mine.get(address("pathways:finding-list", agency, upload), {"format": "csv"})

        assert "19000101" not in shown
        assert b"19000101" not in listed.getvalue()

    def test_a_commissioner_sees_counts_and_no_records(self, browser_of, agency, partnership):
        upload = checked(agency, [row(CLIENTID="SECRET-1", REFLD=""), *clients(2)])
        commissioner = browser_of(UserFactory(commissioner_of=partnership))

        page = words(commissioner.get(address("reporting:return-detail", agency, upload)))
        listed = words(commissioner.get(address("pathways:finding-list", agency, upload)))
        file = commissioner.get(
            address("pathways:finding-list", agency, upload), {"format": "csv"}
        )

        assert "SECRET-1" not in page + listed + file.getvalue().decode()
        assert "1 rule" in listed
        assert "Waiting to be confirmed" in page
        assert "Confirm return" not in page

    def test_a_stranger_finds_nothing(self, browser_of, agency):
        upload = checked(agency, [row()])
        stranger = browser_of(UserFactory(provider_manager_of=AgencyFactory().provider))

        assert stranger.get(address("reporting:return-detail", agency, upload)).status_code == 404

    def test_a_file_of_many_providers_shows_each_its_own_part(self, mine, agency):
        other = AgencyFactory(code="AG0002", partnership=agency.partnership)
        upload = checked(
            agency,
            [row(REFLD=""), row(AGNCY="AG0002", CLIENTID="THEIRS", REFLD="")],
            provider=False,
        )

        page = words(mine.get(address("reporting:return-detail", agency, upload)))
        listed = words(mine.get(address("pathways:finding-list", agency, upload)))
        theirs = mine.get(address("reporting:return-detail", other, upload))

        assert "AG0001" in page
        assert "THEIRS" not in page + listed
        assert "AG0002" not in page + listed
        assert theirs.status_code == 404
        assert mine.get(address("pathways:return-confirm", agency, upload)).status_code == 403

    def test_progress_ends_by_loading_the_page_anew(self, mine, agency):
        send(mine, agency, [row()])
        upload = Upload.objects.get()
        asked = address("reporting:return-progress", agency, upload)

        running = mine.get(asked)
        Job.objects.update(state="DONE")
        over = mine.get(asked)

        assert "hx-trigger" in words(running)
        assert over["HX-Refresh"] == "true"

    def test_asks_no_more_of_the_database_for_more_agencies(
        self, mine, agency, django_assert_max_num_queries
    ):
        for n in range(2, 7):
            AgencyFactory(
                code=f"AG000{n}", provider=agency.provider, partnership=agency.partnership
            )
        rows = [row(AGNCY=f"AG000{n}", REFLD="") for n in range(1, 7)]
        upload = loaded(agency, [*rows, *clients(3)])

        with django_assert_max_num_queries(20):
            mine.get(address("reporting:return-detail", agency, upload))


class TestConfirming:
    def test_soft_findings_want_a_reason_which_is_kept(self, mine, agency, manager):
        upload = checked(agency, clients(2, **NO_REASON))
        confirm = address("pathways:return-confirm", agency, upload)

        refused = mine.post(confirm, {"reason": " "})
        done = mine.post(confirm, {"reason": "The reasons follow in March."}, follow=True)

        assert "Say why the findings are right as they are." in words(refused)
        upload.refresh_from_db()
        assert upload.state == UploadState.CONFIRMED
        assert upload.confirmed_reason == "The reasons follow in March."
        assert upload.confirmed_by == manager
        assert (
            f"Return {upload.number} is being loaded; the figures follow within a minute."
            in words(done)
        )

    def test_a_file_in_which_nothing_can_load_is_rejected_instead(self, mine, agency):
        upload = checked(agency, clients(2, SEX="Q"))

        page = words(mine.get(address("pathways:return-confirm", agency, upload)))

        assert "There is nothing to load" in page
        assert "Confirm return</button>" not in page
        assert address("pathways:return-reject", agency, upload) in page

    def test_without_findings_no_reason_is_wanted(self, mine, agency):
        upload = checked(agency, clients(2))

        mine.post(address("pathways:return-confirm", agency, upload), {})

        upload.refresh_from_db()
        assert upload.state == UploadState.CONFIRMED

    def test_the_first_twenty_vanished_episodes_are_listed(self, mine, agency):
        loaded(agency, clients(25), month=dt.date(2006, 12, 1))
        upload = checked(agency, clients(2))

        page = words(mine.get(address("pathways:return-confirm", agency, upload)))

        assert "Your last return named 23 episodes that this one does not." in page
        assert page.count('<th scope="row" class="govuk-table__header">') == 20
        assert "And 3 more." in page

    def test_all_vanished_episodes_can_be_downloaded(self, mine, agency):
        before = loaded(agency, clients(25), month=dt.date(2006, 12, 1))
        upload = checked(agency, clients(2))
        listed = address("pathways:return-vanished", agency, upload)

        page = words(mine.get(address("pathways:return-confirm", agency, upload)))
        file = mine.get(listed, {"format": "csv"}).getvalue().decode("utf-8-sig")
        book = mine.get(listed, {"format": "xlsx"})

        lines = list(csv.DictReader(io.StringIO(file)))
        assert f'href="{listed}?format=csv"' in page
        assert {line["CLIENTID"] for line in lines} == {f"C{n}" for n in range(3, 26)}
        assert lines[0] == {
            "CLIENTID": "C10",
            "EPISODID": "E1",
            "Agency": "AG0001",
            "TRIAGED": "2006-05-04",
            "DISD": "",
            "Last named in return": str(before.number),
        }
        assert zipfile.is_zipfile(io.BytesIO(book.getvalue()))
        assert "23 episodes" in words(mine.get(listed))

    def test_once_confirmed_nothing_has_vanished_any_more(self, mine, agency):
        upload = loaded(agency, clients(2))

        answer = mine.get(address("pathways:return-vanished", agency, upload))

        assert answer.url == address("reporting:return-detail", agency, upload)

    def test_vanished_episodes_are_listed_and_go_when_ticked(self, mine, agency):
        loaded(agency, clients(3), month=dt.date(2006, 12, 1))
        upload = checked(agency, clients(2))
        confirm = address("pathways:return-confirm", agency, upload)

        page = words(mine.get(confirm))
        mine.post(confirm, {"reason": "Entered twice.", "remove_vanished": "on"})
        load_file(number=upload.number, by=SYSTEM)

        assert "Remove the 1 episode that this return no longer names" in page
        assert ">C3</th>" in page
        assert set(Episode.objects.current().values_list("client_ref", flat=True)) == {"C1", "C2"}

    def test_whoever_comes_second_is_told_who_was_first(self, browser_of, agency, manager):
        upload = checked(agency, clients(2))
        confirm_upload(upload=upload, reason="", remove_vanished=False, by=manager)
        second = browser_of(UserFactory(provider_staff_of=agency.provider))

        answer = second.post(
            address("pathways:return-confirm", agency, upload), {"reason": "x"}, follow=True
        )

        assert f"Return {upload.number} was already confirmed by Ann Manager." in words(answer)
        assert Job.objects.filter(task="pathways.load_upload").count() == 1

    def test_a_commissioner_may_not_confirm(self, browser_of, agency, partnership):
        upload = checked(agency, clients(2))
        lead = browser_of(UserFactory(lead_of=partnership))

        answer = lead.post(address("pathways:return-confirm", agency, upload), {"reason": "x"})

        assert answer.status_code == 403
        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED


class TestRejecting:
    def test_keeps_the_reason_and_offers_to_send_another(self, mine, agency):
        upload = checked(agency, clients(2))
        reject = address("pathways:return-reject", agency, upload)

        refused = mine.post(reject, {"reason": ""})
        done = mine.post(reject, {"reason": "Last month's file."}, follow=True)

        assert "Give the reason: it is kept." in words(refused)
        page = words(done)
        assert "is rejected and nothing of it is loaded" in page
        assert "Last month&#x27;s file." in page or "Last month's file." in page
        assert "Send a corrected file" in page


class TestUndoing:
    def test_the_newest_is_taken_back_with_a_reason(self, mine, agency):
        upload = loaded(agency, clients(3))
        undo = address("pathways:return-undo", agency, upload, agency="AG0001")

        page = words(mine.get(undo))
        done = mine.post(undo, {"reason": "The wrong month."}, follow=True)

        assert "The 3 episodes it added are taken out" in page
        assert "The return of High Street is undone" in words(done)
        assert Return.objects.get().state == ReturnState.UNDONE
        assert not Episode.objects.current().exists()

    def test_an_older_one_says_which_to_undo_first(self, mine, agency):
        first = loaded(agency, clients(3), month=dt.date(2006, 12, 1))
        second = loaded(agency, clients(4))
        undo = address("pathways:return-undo", agency, first, agency="AG0001")

        page = words(mine.get(undo))
        done = words(mine.post(undo, {"reason": "The wrong month."}, follow=True))

        assert f"Return {second.number}</a> was loaded after this one" in page
        assert "Undo that one first" in done
        assert Return.objects.loaded().count() == 2


class TestFindings:
    def test_all_of_them_are_in_the_file_however_many_are_shown(self, mine, agency):
        upload = checked(agency, clients(60, **NO_REASON))
        listed = address("pathways:finding-list", agency, upload)

        page = words(mine.get(listed))
        lines = list(
            csv.reader(
                io.StringIO(mine.get(listed, {"format": "csv"}).getvalue().decode("utf-8-sig"))
            )
        )

        assert "page 1 of" in page
        assert lines[0][:5] == ["Row", "Rule", "Grade", "Field", "Value"]
        assert len(lines) - 1 == upload.findings.count() >= 60

    def test_a_spreadsheet_is_offered_too(self, mine, agency):
        upload = checked(agency, clients(2, **NO_REASON))

        answer = mine.get(address("pathways:finding-list", agency, upload), {"format": "xlsx"})

        assert zipfile.is_zipfile(io.BytesIO(answer.getvalue()))

    def test_filters_hold_for_page_and_file(self, mine, agency):
        upload = checked(agency, [*clients(2, **NO_REASON), row(CLIENTID="C9", REFLD="")])
        listed = address("pathways:finding-list", agency, upload)

        page = words(mine.get(listed, {"field": "REFLD"}))
        file = mine.get(listed, {"field": "REFLD", "format": "csv"}).getvalue().decode()

        assert "1 finding" in page
        assert file.count("\n") == 2

    def test_a_formula_is_made_harmless(self, mine, agency):
        upload = checked(agency, [row(RFLS='=cmd|"/c calc"!A0')])

        answer = mine.get(address("pathways:finding-list", agency, upload), {"format": "csv"})

        cells = [
            cell
            for line in csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
            for cell in line
        ]
        assert any(cell.startswith("'=cmd") for cell in cells)
        assert not any(cell.startswith("=") for cell in cells)


class TestHistory:
    def test_a_provider_sees_what_it_sent_and_what_is_overdue(self, mine, agency):
        loaded(agency, clients(3), month=dt.date(2006, 12, 1))

        page = words(mine.get(address("pathways:return-list", agency)))
        file = mine.get(address("pathways:return-list", agency), {"format": "csv"})

        lines = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
        states = {line["Month"]: line["State"] for line in lines}
        assert states["2007-01"] == "Not yet sent"  # due by 15 February, which is today
        assert states["2006-12"] == "Loaded"
        assert states["2006-11"] == "In a later return"
        assert states["2006-03"] == "Overdue"
        assert "Send a return" in page
        assert list(states) == sorted(states, reverse=True)

    def test_a_partnership_sees_the_late_ones_first(self, browser_of, agency, partnership):
        late = AgencyFactory(name="Aardvark", partnership=partnership)
        loaded(agency, clients(3), month=dt.date(2006, 12, 1))
        lead = browser_of(UserFactory(lead_of=partnership))
        listed = reverse("pathways:partnership-returns", args=["00EH"])

        file = lead.get(listed, {"format": "csv", "month": "2006-12"}).getvalue()
        shown = words(lead.get(listed, {"state": "LOADED"}))

        lines = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
        assert [(line["Agency"], line["State"]) for line in lines] == [
            (f"Aardvark ({late.code})", "Overdue"),
            ("High Street (AG0001)", "Loaded"),
        ]
        assert lines[0]["Days late"] == "31"
        assert "1 line" in shown
        assert "Send a return" not in shown

    def test_an_agency_owes_nothing_before_it_opened_or_after_it_closed(self, mine, agency):
        agency.opened_on, agency.closed_on = dt.date(2006, 11, 5), dt.date(2006, 12, 31)
        agency.save()

        file = mine.get(address("pathways:return-list", agency), {"format": "csv"}).getvalue()

        lines = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
        assert [line["Month"] for line in lines] == ["2006-12", "2006-11"]

    def test_england_counts_by_region_and_partnership(self, browser_of, agency, partnership):
        AgencyFactory(partnership=partnership)
        loaded(agency, clients(3))
        national = UserFactory()
        MembershipFactory(user=national, role="REVIEWER", organisation=NationFactory())

        answer = browser_of(national).get(reverse("pathways:england-returns"), {"format": "csv"})

        line = next(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        assert (line["Agencies"], line["Loaded"], line["Not sent"]) == ("2", "1", "1")

    @pytest.mark.parametrize("place", ["provider", "partnership", "england"])
    def test_says_what_it_rests_on(self, browser_of, agency, partnership, rule_set, place):
        AgencyFactory(partnership=partnership, provider=agency.provider)
        loaded(agency, clients(3))
        national = UserFactory()
        MembershipFactory(user=national, role="REVIEWER", organisation=NationFactory())
        listed = {
            "provider": address("pathways:return-list", agency),
            "partnership": reverse("pathways:partnership-returns", args=["00EH"]),
            "england": reverse("pathways:england-returns"),
        }[place]

        as_at = browser_of(national).get(listed, {"month": "2006-12"}).context["as_at"]

        assert as_at.cut_off == dt.date(2007, 1, 28)  # a later return tells of December too
        assert as_at.completeness == "1 of 2 agencies for December 2006"
        assert as_at.rule_set == rule_set.code
        assert as_at.provisional

    def test_a_year_told_to_its_end_is_final(self, mine, agency):
        loaded_return(agency, cut_off=dt.date(2006, 3, 31))

        answer = mine.get(address("pathways:return-list", agency), {"month": "2006-03"})

        assert answer.context["as_at"].completeness == "1 of 1 agencies for March 2006"
        assert not answer.context["as_at"].provisional
        assert "Final" in words(answer)

    def test_its_queries_do_not_grow_with_agencies(
        self, browser_of, agency, partnership, django_assert_max_num_queries
    ):
        AgencyFactory.create_batch(12, partnership=partnership)
        loaded(agency, clients(3))
        lead = browser_of(UserFactory(lead_of=partnership))

        with django_assert_max_num_queries(12):
            lead.get(reverse("pathways:partnership-returns", args=["00EH"]))


class TestTwoAtOnce:
    def test_a_deed_that_waits_too_long_is_a_sentence(self, mine, agency, monkeypatch):
        upload = checked(agency, clients(2))

        def held(**_):
            raise OperationalError from LockNotAvailable()

        monkeypatch.setattr(deeds, "confirm_upload", held)
        page = words(mine.post(address("pathways:return-confirm", agency, upload), {}))

        assert "is working on this return at this moment. Look again in a minute." in page

    def test_a_fault_of_another_kind_is_not_hidden(self):
        def broken():
            raise OperationalError

        with pytest.raises(OperationalError):
            unless_at_work(broken)
