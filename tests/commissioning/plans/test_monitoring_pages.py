"""The pages of quarterly reports."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.choices import EntryKind, PlanState
from commissioning.models import Entry, GridRow
from commissioning.selectors.plans.monitoring import report_of
from commissioning.services.plans import agreement, monitoring
from commissioning.services.plans.monitoring import LineRow
from tests.commissioning.plans.written import line, written_plan
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
JULY = dt.date(2006, 7, 20)


@pytest.fixture(autouse=True)
def business_day(settings):
    settings.BUSINESS_DAY = JULY


@pytest.fixture
def made():
    """An agreed plan of which £14,000 was paid on its first line in May."""
    made = written_plan(state=PlanState.SUBMITTED)
    made.plan = agreement.agree_plan(plan=made.plan, by=made.reviewer, on=dt.date(2006, 3, 20))
    Entry.objects.create(
        allocation=made.plan.lines.get(number=1).allocations.get(),
        kind=EntryKind.PAYMENT,
        amount=Decimal("14000.00"),
        cause="invoice 1",
        on=dt.date(2006, 5, 2),
        system="a test",
    )
    return made


def at(made, page="plan-monitoring", *more):
    return reverse(f"commissioning:{page}", args=[made.partnership.code, made.plan.slug, *more])


def typed(client, made, **cells):
    """What the form of the first quarter sends, with some cells typed over."""
    sheet = client.get(at(made, "plan-quarter", "q1")).context["sheet"]
    sent = {"revision": sheet.revision, "commentary": sheet.commentary}
    for row in sheet.lines:
        sent |= {f"l{row.line.number}-{name}": value for name, value in row.cells.items()}
    for row in sheet.milestones:
        sent |= {f"m{row.milestone.key}-{name}": value for name, value in row.cells.items()}
    return sent | cells


def test_the_tab_shows_four_quarters_and_how_late_each_is(client, made, settings):
    settings.BUSINESS_DAY = dt.date(2006, 8, 8)
    client.force_login(made.lead)

    page = client.get(at(made))

    said = page.content.decode()
    assert "Overdue by 9 days" in said
    assert "Running" in said
    assert "£16,000 under the profile, 53%, April to June 2006" in said
    assert client.get(at(made, "plan-monitoring-svg")).status_code == 200
    assert client.get(at(made, "plan-monitoring-json")).json()["height"]


def test_a_draft_says_when_reports_come(client):
    made = written_plan()
    client.force_login(made.lead)

    assert "Nothing is reported yet" in client.get(at(made)).content.decode()
    assert client.get(at(made, "plan-quarter", "q1")).status_code == 404


def test_a_quarter_that_is_none_is_not_found(client, made):
    client.force_login(made.lead)

    for quarter in ("q0", "q5", "first"):
        assert client.get(at(made, "plan-quarter", quarter)).status_code == 404


def test_a_report_is_written_line_by_line_with_its_milestones(client, made):
    client.force_login(made.commissioner)
    row = GridRow.objects.get(plan=made.plan)
    sent = typed(
        client,
        made,
        **{
            "l1-spend": "£15,500",
            "l1-starts": "1,012",
            "l1-commentary": "An invoice is late.",
            f"m{row.pk}-status": "LATE",
            f"m{row.pk}-note": "No lease yet.",
            "commentary": "A quiet quarter.",
        },
    )

    page = client.post(at(made, "plan-quarter", "q1"), sent, follow=True).content.decode()

    assert "The report is saved." in page
    assert "£1,500 beside the ledger" in page
    assert "£500 over the profile, 3%" in page
    said = report_of(made.plan, 1)
    written = said.lines.get()
    assert (written.spend, written.starts, said.commentary) == (
        Decimal(15500),
        1012,
        "A quiet quarter.",
    )
    row.refresh_from_db()
    assert row.status == "LATE"


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client, made):
    client.force_login(made.commissioner)
    sent = typed(
        client,
        made,
        **{
            "l1-spend": "a lot",
            "l1-starts": "2.5",
            "l2-commentary": "x" * 501,
            "commentary": "Kept.",
        },
    )

    page = client.post(at(made, "plan-quarter", "q1"), sent)

    sheet = page.context["sheet"]
    assert [target for _, target in sheet.errors] == ["l1-spend", "l1-starts", "l2-commentary"]
    said = page.content.decode()
    assert "“a lot” is not an amount" in said
    assert 'value="a lot"' in said
    assert "Kept." in said
    assert report_of(made.plan, 1).lines.count() == 0


def test_of_two_windows_the_second_sees_both_and_saves_over(client, made):
    client.force_login(made.commissioner)
    sent = typed(client, made, **{"l1-starts": "12", "l1-commentary": "Mine."})
    monitoring.save_report(
        report=report_of(made.plan, 1),
        rows=[LineRow(number=1, starts=15, commentary="Theirs.")],
        by=made.lead,
        on=JULY,
    )

    page = client.post(at(made, "plan-quarter", "q1"), sent)

    said = page.content.decode()
    assert "Somebody saved this report after you opened it" in said
    assert 'value="Mine."' in said
    assert "Now: Theirs." in said
    assert "Now: 15" in said
    again = sent | {"revision": page.context["sheet"].revision}
    assert client.post(at(made, "plan-quarter", "q1"), again).status_code == 302
    assert report_of(made.plan, 1).lines.get().commentary == "Mine."


def test_the_lead_signs_and_the_reviewer_opens_it_again(client, made):
    client.force_login(made.lead)
    sent = typed(client, made, **{"l1-starts": "12"}) | {"sign": "1"}
    answer = client.post(at(made, "plan-quarter", "q1"), sent)
    assert answer.headers["Location"] == at(made, "plan-quarter-sign", "q1")
    page = client.get(answer.headers["Location"])
    assert "£14,000 is reported as spent" in page.content.decode()
    revision = page.context["form"].initial["revision"]

    client.post(at(made, "plan-quarter-sign", "q1"), {"revision": revision})

    page = client.get(at(made, "plan-quarter", "q1"))
    assert page.context["sheet"] is None
    assert "Bo Lee, " in page.content.decode()
    client.force_login(made.reviewer)
    page = client.get(at(made, "plan-quarter", "q1"))
    assert page.context["reopen_href"]
    revision = (
        client.get(at(made, "plan-quarter-reopen", "q1")).context["form"].initial["revision"]
    )
    empty = client.post(at(made, "plan-quarter-reopen", "q1"), {"revision": revision})
    assert "Enter the reason" in empty.content.decode()
    client.post(
        at(made, "plan-quarter-reopen", "q1"), {"revision": revision, "reason": "Say more."}
    )
    client.force_login(made.lead)
    assert "Say more." in client.get(at(made, "plan-quarter", "q1")).content.decode()


def test_the_signature_of_a_changed_report_is_refused(client, made):
    client.force_login(made.lead)
    seen = report_of(made.plan, 1).revision
    monitoring.save_report(
        report=report_of(made.plan, 1), rows=[LineRow(number=1, starts=15)], by=made.lead, on=JULY
    )

    page = client.post(at(made, "plan-quarter-sign", "q1"), {"revision": seen})

    assert "Somebody saved this report" in page.content.decode()
    assert report_of(made.plan, 1).signed_by is None


def test_a_signed_report_is_not_saved_from_an_old_window(client, made):
    client.force_login(made.lead)
    sent = typed(client, made, **{"l1-starts": "12"})
    report = monitoring.sign_report(report=report_of(made.plan, 1), by=made.lead, on=JULY)

    page = client.post(at(made, "plan-quarter", "q1"), sent | {"revision": report.revision})

    assert "The report was signed by Bo Lee" in page.content.decode()


def test_a_reviewer_reads_a_table_and_takes_it_away(client, made):
    client.force_login(made.reviewer)

    page = client.get(at(made, "plan-quarter", "q1"))

    assert page.context["sheet"] is None
    file = client.get(at(made, "plan-quarter", "q1") + "?format=csv")
    rows = b"".join(file.streaming_content).decode().splitlines()
    assert rows[1].startswith("1,Prescribing,60000.00,15000.00,14000.00,14000.00,-1000.00")


def test_each_list_of_a_report_is_sorted_and_taken_away_by_itself(client, made):
    GridRow.objects.create(
        plan=made.plan, grid="ACCESS", number=8, action="Zebra crossing at the clinic",
        by_when=dt.date(2006, 4, 1), by_whom="Ann",
    )  # fmt: skip
    client.force_login(made.reviewer)
    here = at(made, "plan-quarter", "q1")

    page = client.get(here + "?m-sort=-action").content.decode()
    assert "?format=csv&amp;of=m" in page.replace("m-sort=-action&amp;", "")
    actions = [row.record.action for row in client.get(here + "?m-sort=-action").context[
        "milestones_table"].rows]  # fmt: skip
    assert actions == sorted(actions, reverse=True)
    file = client.get(here + "?format=csv&of=m")
    rows = b"".join(file.streaming_content).decode().splitlines()
    assert rows[0].lstrip("\ufeff").startswith("Action and milestone,")
    assert rows[1].startswith("Zebra crossing at the clinic,")


def test_a_quarter_that_runs_is_not_held_to_its_profile_yet(client, made):
    client.force_login(made.lead)

    listed = client.get(at(made)).content.decode()
    page = client.get(at(made, "plan-quarter", "q2")).content.decode()

    assert "Not over yet" in listed
    assert "July to September 2006: runs to 30 September 2006" in page
    assert 'the report is signed from <time datetime="2006-10-01">' in page
    assert "Not over yet" in page
    assert "under the profile" not in page
    client.force_login(made.reviewer)
    assert "under the profile" not in client.get(at(made, "plan-quarter", "q2")).content.decode()


def test_the_list_says_of_a_signed_report_what_the_report_says(client, made, settings):
    settings.BUSINESS_DAY = dt.date(2006, 8, 8)
    monitoring.save_report(
        report=report_of(made.plan, 1), rows=[LineRow(number=1, spend=Decimal(13_000))],
        by=made.lead, on=JULY,
    )  # fmt: skip
    monitoring.sign_report(report=report_of(made.plan, 1), by=made.lead, on=JULY)
    line(made.plan, 3, "Aftercare", {"ptb": "4000.00"})
    part = made.plan.lines.get(number=3).allocations.get()
    Entry.objects.create(
        allocation=part, kind=EntryKind.ALLOCATION, amount=Decimal(4_000), cause="varied",
        on=JULY, system="a test",
    )  # fmt: skip
    client.force_login(made.lead)

    report = client.get(at(made, "plan-quarter", "q1"))
    first = client.get(at(made)).context["quarters"][0]

    standing = report.context["standing"]
    assert (first.profile, first.paid, first.reported) == tuple(
        standing.total(name) for name in ("profile", "paid", "reported")
    )
    assert (first.reported, first.in_words) == (13_000, standing.in_words)


def test_of_a_report_that_is_not_signed_the_list_and_its_page_say_the_same(client, made, settings):
    settings.BUSINESS_DAY = dt.date(2006, 7, 20)
    part = made.plan.lines.get(number=1).allocations.first()
    for on, amount in ((dt.date(2006, 6, 1), 9_000), (dt.date(2006, 7, 2), 700)):
        Entry.objects.create(
            allocation=part, kind=EntryKind.PAYMENT, amount=Decimal(amount), cause=f"i {on}",
            on=on, system="a test",
        )  # fmt: skip
    monitoring.save_report(
        report=report_of(made.plan, 1), rows=[LineRow(number=1, spend=Decimal(13_000))],
        by=made.lead, on=JULY,
    )  # fmt: skip
    client.force_login(made.lead)

    standing = client.get(at(made, "plan-quarter", "q1")).context["standing"]
    page = client.get(at(made))
    first, second, third, _ = page.context["quarters"]

    assert (first.paid, first.reported) == (23_000, 13_000)
    assert (first.reported, first.in_words) == (standing.total("reported"), standing.in_words)
    assert (second.paid, second.reported) == (23_700, 23_700)
    assert third.reported is None
    said = page.content.decode()
    assert "Paid by the ledger" in said
    assert "£13,000" in said


def test_whoever_signed_is_told_how_a_signed_report_is_corrected(client, made):
    monitoring.sign_report(report=report_of(made.plan, 1), by=made.lead, on=JULY)
    told = "ask a reviewer of the region to open it again"
    client.force_login(made.lead)
    assert told in client.get(at(made, "plan-quarter", "q1")).content.decode()
    client.force_login(made.reviewer)
    assert told not in client.get(at(made, "plan-quarter", "q1")).content.decode()


def test_before_signing_milestones_whose_day_passed_count_as_late(client, made):
    for number, by_when, status in [
        (8, "2006-06-30", "ON_TRACK"),
        (9, "2006-07-01", "ON_TRACK"),
        (10, "2006-05-01", "DONE"),
        (11, "2007-01-01", "LATE"),
    ]:
        GridRow.objects.create(
            plan=made.plan, grid="ACCESS", number=number, action="Open", by_when=by_when,
            by_whom="Ann", status=status,
        )  # fmt: skip
    before = GridRow.objects.filter(plan=made.plan, number__lt=8)
    before.update(by_when=dt.date(2007, 3, 1))
    client.force_login(made.lead)

    page = client.get(at(made, "plan-quarter-sign", "q1")).content.decode()

    total = GridRow.objects.filter(plan=made.plan).count()
    assert f"2 of {total} milestones are late or past the day and not done." in page


@pytest.mark.parametrize("page", [["plan-monitoring"], ["plan-quarter", "q1"]])
def test_each_table_is_a_spreadsheet_too(client, made, page):
    client.force_login(made.lead)

    sheet = client.get(at(made, *page) + "?format=xlsx")

    assert sheet["Content-Disposition"].endswith('.xlsx"')
    sheet.close()


def test_queries_of_the_pages_of_reports(client, made):
    for number in range(3, 9):
        line(made.plan, number, f"Line {number}", {"ptb": "100.00"}, planned_starts=4)
    client.force_login(made.lead)

    assert_counted(client, "plan monitoring", at(made))
    assert_counted(client, "plan quarter", at(made, "plan-quarter", "q1"))
    client.force_login(made.reviewer)
    assert_counted(client, "plan quarter, read", at(made, "plan-quarter", "q1"))
