"""The bank's actuals: every row checked, the difference looked at, posted once."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.models import AuditEvent, Entry
from commissioning.scoping import System
from commissioning.services.ledger import LedgerRefused, accrue, commit_funds, pay_back
from commissioning.services.ledger.bank_file import FileRefused, read_payments, text_of
from commissioning.services.ledger.payments import (
    DifferenceChanged,
    difference_of,
    post_payments,
)
from tests.factories.ledger import DAY, allocated, line_of, plan_of

pytestmark = pytest.mark.django_db
BY, TODAY = System("a test"), dt.date(2007, 2, 15)
HEAD = "reference,date,line number,stream code,amount,description"


def test_a_stream_goes_by_its_code_or_by_the_name_that_pages_show(plan):
    found = read(
        plan, row(), row("B2", stream="Pooled-Treatment"), row("B3", stream=" pooled  treatment ")
    )

    assert not found.faults
    assert {one.allocation.stream_id for one in found.payments} == {"pooled-treatment"}


@pytest.fixture
def plan():
    plan = plan_of()
    allocated(line_of(plan), 10_000)
    allocated(line_of(plan, "Needle exchange"), 5_000)
    return plan


def row(
    reference="B1",
    on="2006-06-30",
    line="1",
    *,
    stream="pooled-treatment",
    amount="100",
    said="So",
):
    return f"{reference},{on},{line},{stream},{amount},{said}"


def read(plan, *rows, head=HEAD):
    return read_payments("\n".join([head, *rows]), plan=plan, today=TODAY)


def looked_at(plan, *rows):
    payments = read(plan, *rows).payments
    return payments, difference_of(plan=plan, payments=payments, by=BY, on=DAY)


def post(plan, *rows):
    payments, seen = looked_at(plan, *rows)
    return post_payments(plan=plan, payments=payments, digest=seen.digest, by=BY, on=DAY)


def paid(plan):
    return [int(one.paid) for one in sums(plan)]


def sums(plan):
    return [line.allocations.get() for line in plan.lines.all()]


class TestReading:
    def test_a_row_is_a_payment(self, plan):
        found = read(plan, row(on="30/06/2006", amount='"£1,234.50"'))

        (payment,) = found.payments
        assert (payment.reference, payment.on, payment.amount) == (
            "B1",
            dt.date(2006, 6, 30),
            Decimal("1234.50"),
        )
        assert payment.allocation.line.number == 1
        assert found.faults == []

    def test_columns_may_stand_in_any_order_and_case(self, plan):
        head = "Amount,Description,Stream_Code,Line Number,DATE,Reference,Branch"
        found = read(plan, "5,So,pooled-treatment,2,2006-06-30,B9,Leeds", head=head)

        assert [one.reference for one in found.payments] == ["B9"]

    @pytest.mark.parametrize(
        ("wrong", "column", "said"),
        [
            ({"reference": ""}, "reference", "Enter the reference"),
            ({"reference": "x" * 61}, "reference", "more than 60 characters"),
            ({"on": "30.6.06"}, "date", "is not a date"),
            ({"on": "2006-02-30"}, "date", "is not a date"),
            ({"on": "2007-02-16"}, "date", "lies ahead"),
            ({"on": "2006-03-31"}, "date", "before the plan's year"),
            ({"line": "one"}, "line number", "not the number of a line"),
            ({"line": "9"}, "line number", "no line 9"),
            ({"stream": "gold"}, "stream code", "takes from a stream “gold”"),
            ({"amount": ""}, "amount", "Enter the amount"),
            ({"amount": "abc"}, "amount", "is not an amount"),
            ({"amount": "1234.567"}, "amount", "parts of a penny"),
            ({"amount": "-5"}, "amount", "less than nothing"),
            ({"amount": "0"}, "amount", "leave the row out"),
            ({"amount": "1e5"}, "amount", "is not an amount"),
            ({"amount": "٣"}, "amount", "is not an amount"),
            ({"amount": "99999999999"}, "amount", "more than this service can hold"),
        ],
    )
    def test_what_is_wrong_is_said_of_the_row_and_the_column(self, plan, wrong, column, said):
        found = read(plan, row(reference="B0"), row(**wrong))

        (fault,) = found.faults
        assert (fault.row, fault.column) == (3, column)
        assert said in fault.said
        assert len(found.payments) == 1

    def test_every_fault_of_a_row_is_told(self, plan):
        found = read(plan, row(on="?", amount="?"))

        assert [fault.column for fault in found.faults] == ["date", "amount"]

    def test_a_line_that_takes_nothing_from_the_stream(self, plan):
        allocated(line_of(plan, "House"), 10, "police")

        (fault,) = read(plan, row(stream="police")).faults

        assert fault.said == "Line 1 takes nothing from “police”."

    def test_the_same_reference_twice_on_a_line(self, plan):
        (fault,) = read(plan, row(), row(amount="7"), row(line="2")).faults

        assert (fault.row, fault.said) == (
            3,
            "“B1” is in row 2 already, for the same line and stream.",
        )

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "The file is empty"),
            (HEAD, "no payment below it"),
            ("reference,date\nB1,2006-06-30", "does not name “line number”, “stream code”, “am"),
            ("name,colour", "names no column of a file of payments. It has to name “reference”"),
            (HEAD.replace(",", ";"), "separated by semicolons, not by commas"),
            (HEAD.replace(",", "\t") + "\nB1", "separated by tabs, not by commas"),
            (HEAD + "\n" + "\n".join(["x"] * 5001), "more than 5,000"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused_whole(self, plan, text, said):
        with pytest.raises(FileRefused, match=said):
            read_payments(text, plan=plan, today=TODAY)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"PK\x03\x04rest", "spreadsheet"),
            (b"a\x00b", "not text"),
            (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
        ],
    )
    def test_what_is_no_csv_is_refused(self, content, said):
        with pytest.raises(FileRefused, match=said):
            text_of(content)

    def test_text_of_older_spreadsheets_is_read(self):
        assert text_of("£5".encode("cp1252")) == "£5"
        assert text_of("£5".encode("utf-8-sig")) == "£5"


class TestPosting:
    def test_new_payments_are_posted_each_on_its_day(self, plan):
        done = post(plan, row(), row("B2", "2006-07-01", "2", amount="40"))

        assert paid(plan) == [100, 40]
        assert [one.standing for one in done.changes] == ["new", "new"]
        days = Entry.objects.filter(kind="PAYMENT").order_by("on").values_list("on", flat=True)
        assert list(days) == [dt.date(2006, 6, 30), dt.date(2006, 7, 1)]
        assert AuditEvent.objects.get(action="plan.payments_posted").details["total"] == "140.00"

    def test_the_same_file_twice_posts_nothing_twice(self, plan):
        post(plan, row(), row("B2"))

        again = post(plan, row(), row("B2"))

        assert paid(plan) == [200, 0]
        assert [one.standing for one in again.changes] == ["known", "known"]
        assert AuditEvent.objects.filter(action="plan.payments_posted").count() == 1

    def test_a_changed_amount_posts_its_difference(self, plan):
        post(plan, row())

        for amount in (130, 90, 90, 95):
            post(plan, row(amount=amount))
            assert paid(plan)[0] == amount

        posted = Entry.objects.filter(kind="PAYMENT").order_by("pk")
        assert [int(one.amount) for one in posted] == [100, 30, -40, 5]

    def test_a_payment_that_moved_to_another_line_is_posted_back(self, plan):
        post(plan, row())

        done = post(plan, row(line="2"))

        assert paid(plan) == [0, 100]
        assert done.total == 0

    def test_a_reference_split_over_lines_is_two_payments(self, plan):
        post(plan, row(), row(line="2", amount="40"))

        assert paid(plan) == [100, 40]

    def test_it_releases_what_is_committed_and_the_rest_needs_a_description(self, plan):
        part = sums(plan)[0]
        commit_funds(allocation=part, amount=Decimal(150), cause="c", by=BY, on=DAY)

        _, seen = looked_at(plan, row(said=""), row("B2", said=""))
        assert [(fault.row, fault.column) for fault in seen.faults] == [(3, "description")]
        assert "£50 was never committed on line 1" in seen.faults[0].said
        assert paid(plan) == [0, 0]

        post(plan, row(said=""), row("B2"))
        assert (sums(plan)[0].committed, paid(plan)[0]) == (0, 200)

    def test_a_payment_that_was_paid_back_by_hand_cannot_fall_in_the_file_too(self, plan):
        post(plan, row(), row("B2", line="2"))
        part = sums(plan)[0]
        back = {"allocation": part, "by": BY, "on": DAY, "reason": "Invoiced twice."}
        pay_back(amount=Decimal(70), cause="back", **back)

        payments, seen = looked_at(plan, row("B2", line="2", amount="30"), row(amount="60"))

        assert [(fault.row, fault.column) for fault in seen.faults] == [(3, "amount")]
        assert seen.faults[0].said == (
            "“B1” falls from £100 to £60 on line 1. Community prescribing, Pooled treatment,"
            " where only £30 of what was paid is not back already. If it was paid back by hand,"
            " leave it at £100 in the file."
        )
        with pytest.raises(LedgerRefused, match="Nothing was posted"):
            post_payments(plan=plan, payments=payments, digest=seen.digest, by=BY, on=DAY)
        assert paid(plan) == [30, 100]

        post(plan, row("B2", line="2", amount="30"), row(amount="100"))
        assert paid(plan) == [30, 30]

    def test_a_payment_that_moved_after_it_came_back_is_told_in_its_new_row(self, plan):
        post(plan, row())
        back = {"allocation": sums(plan)[0], "by": BY, "on": DAY, "reason": "Invoiced twice."}
        pay_back(amount=Decimal(100), cause="back", **back)

        _, seen = looked_at(plan, row(line="2"))

        assert [(fault.row, fault.column) for fault in seen.faults] == [(2, "amount")]
        assert "falls from £100 to £0 on line 1" in seen.faults[0].said

    def test_what_was_accrued_never_left_the_bank_and_cannot_come_back(self, plan):
        post(plan, row())
        part = sums(plan)[0]
        words = {"allocation": part, "by": BY, "on": DAY, "reason": "So."}
        pay_back(amount=Decimal(100), cause="back", **words)
        accrue(amount=Decimal(500), cause="used", **words)

        _, seen = looked_at(plan, row(amount="60"))

        assert "only £0 of what was paid" in seen.faults[0].said

    def test_what_the_file_pays_more_lets_something_else_in_it_come_back(self, plan):
        post(plan, row())
        back = {"allocation": sums(plan)[0], "by": BY, "on": DAY, "reason": "Invoiced twice."}
        pay_back(amount=Decimal(100), cause="back", **back)

        post(plan, row(amount="60"), row("B2", amount="50"))

        assert paid(plan) == [10, 0]

    def test_what_changed_since_it_was_looked_at_is_looked_at_again(self, plan):
        payments, seen = looked_at(plan, row(), row("B2"))
        post(plan, row("B2"))

        with pytest.raises(DifferenceChanged):
            post_payments(plan=plan, payments=payments, digest=seen.digest, by=BY, on=DAY)
        assert paid(plan) == [100, 0]

    def test_many_rows_are_few_statements(self, plan, django_assert_max_num_queries):
        rows = [row(f"B{number}", amount="1") for number in range(300)]
        payments, seen = looked_at(plan, *rows)

        with django_assert_max_num_queries(14):
            post_payments(plan=plan, payments=payments, digest=seen.digest, by=BY, on=DAY)
        assert paid(plan) == [300, 0]
