"""The pages of a plan's ledger: reading it, posting by hand, the bank's file, virements."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commissioning.models import Entry, Plan, Virement
from commissioning.scoping import System
from commissioning.services.ledger import accrue, ask_for_virement, commit_funds, pay
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
BY = System("a test")
HEAD = "reference,date,line number,stream code,amount,description\n"


@pytest.fixture
def plan():
    return plan_of()


@pytest.fixture
def parts(plan):
    line, other = line_of(plan), line_of(plan, "Needle exchange")
    return [
        allocated(line, 10_000),
        allocated(line, 2_000, "community-care"),
        allocated(other, 5_000),
    ]


@pytest.fixture
def commissioner(plan):
    return UserFactory(name="Ann Ward", commissioner_of=plan.partnership)


@pytest.fixture
def lead(plan):
    return UserFactory(name="Bo Lee", lead_of=plan.partnership)


@pytest.fixture
def desk(client, commissioner):
    client.force_login(commissioner)
    return client


def at(plan, page, *more):
    return reverse(f"commissioning:{page}", args=[plan.partnership.code, plan.slug, *more])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("CLOSED", "is closed: nothing is posted to it now."),
        ("DRAFT", "is not agreed yet. Money is promised and paid once it is."),
    ],
)
@pytest.mark.parametrize("page", ["plan-ledger-post", "plan-virement-ask", "plan-payments"])
@pytest.mark.usefixtures("parts")
def test_what_cannot_be_posted_now_is_said_before_anything_is_typed(desk, plan, page, state, said):
    Plan.objects.filter(pk=plan.pk).update(state=state)

    answer = desk.get(at(plan, page))

    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert "<form method" not in answer.content.decode().split("<main")[1]


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestReadingTheLedger:
    @pytest.fixture(autouse=True)
    def entries(self, parts):
        commit_funds(allocation=parts[0], amount=Decimal(4_000), cause="contract 1", by=BY, on=DAY)
        pay(
            allocation=parts[0],
            amount=Decimal("1500.50"),
            cause="bank:1:B7",
            by=BY,
            on=DAY.replace(month=7),
        )

    def test_it_has_every_entry_and_the_sums(self, desk, plan):
        page = desk.get(at(plan, "plan-ledger")).content.decode()

        assert "6 entries" in page
        for words in ("£17,000", "£2,499.50", "£1,500.50", "£13,000", "contract 1"):
            assert words in page

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("kind=PAYMENT", 1),
            ("kind=COMMITMENT", 1),
            ("line=2", 1),
            ("stream=community-care", 1),
            ("month=2006-07", 2),
            ("words=contract", 1),
            ("line=1&stream=pooled-treatment", 4),
        ],
    )
    def test_it_is_filtered(self, desk, plan, asked, count):
        answer = desk.get(f"{at(plan, 'plan-ledger')}?{asked}&format=csv")

        assert len(rows_of(answer)) == count

    def test_it_is_sorted_and_downloaded(self, desk, plan):
        rows = rows_of(desk.get(at(plan, "plan-ledger") + "?sort=-amount&format=csv"))

        assert [row["Amount"] for row in rows][:2] == ["10000.00", "5000.00"]
        assert rows[0]["Line"] == "1. Community prescribing"
        book = b"".join(desk.get(at(plan, "plan-ledger") + "?format=xlsx").streaming_content)
        assert book.startswith(b"PK")

    def test_where_each_line_stands(self, desk, plan):
        rows = rows_of(desk.get(at(plan, "plan-ledger-lines") + "?sort=-paid&format=csv"))

        assert rows[0] == {
            "Line": "1. Community prescribing",
            "Stream": "Pooled treatment",
            "Planned": "10000.00",
            "Committed": "2499.50",
            "Paid": "1500.50",
            "Headroom": "6000.00",
        }

    def test_long_lists_come_in_pages_and_their_totals_are_of_everything(self, desk, plan):
        for _ in range(52):
            allocated(line_of(plan, "Outreach"), 100)

        entries = desk.get(at(plan, "plan-ledger")).content.decode()
        last = desk.get(at(plan, "plan-ledger") + "?page=2").content.decode()
        money = [desk.get(at(plan, "plan-ledger-lines") + f"?page={n}") for n in (1, 2)]

        assert "58 entries" in entries
        assert "page 1 of 2" in entries
        assert "54. Outreach" in entries
        assert "1. Community prescribing</th>" not in entries
        assert "1. Community prescribing</th>" in last
        assert "54. Outreach</th>" not in last
        for page in (entries, last, *(one.content.decode() for one in money)):
            assert "£22,200" in page  # planned: £17,000 and 52 times £100
            assert "£18,200" in page  # headroom: £4,000 of it is committed or paid
        assert "55 lines and streams" in money[0].content.decode()
        assert "54. Outreach" not in money[0].content.decode()
        assert "54. Outreach" in money[1].content.decode()
        assert len(rows_of(desk.get(at(plan, "plan-ledger") + "?format=csv"))) == 58

    def test_only_lines_with_entries_are_offered(self, desk, plan):
        allocated(line_of(plan, "Nothing agreed yet"))

        page = desk.get(at(plan, "plan-ledger")).content.decode()

        assert "2. Needle exchange</option>" in page
        assert "3. Nothing agreed yet</option>" not in page

    def test_query_counts(self, desk, plan, parts, lead):
        ask_for_virement(
            source=parts[0],
            target=parts[2].line,
            amount=Decimal(5),
            reason="So.",
            cause="c",
            by=lead,
            on=DAY,
        )
        virement = Virement.objects.get()
        for page in (
            "plan-ledger",
            "plan-ledger-lines",
            "plan-ledger-post",
            "plan-payments",
            "plan-virements",
            "plan-virement-ask",
        ):
            assert_counted(desk, page, at(plan, page))
        assert_counted(desk, "plan-virement", at(plan, "plan-virement", virement.pk))


class TestPostingByHand:
    def typed(self, part, deed="payment", **more):
        given = {
            "deed": deed,
            "part": part.pk,
            "amount": "£1,250.50",
            "on_0": "1",
            "on_1": "6",
            "on_2": "2006",
            "reference": "INV 7",
            "against": "",
            "reason": "An urgent placement.",
        }
        return given | more

    def test_it_is_looked_at_before_it_is_posted(self, desk, plan, parts):
        page = desk.post(at(plan, "plan-ledger-post"), self.typed(parts[0])).content.decode()

        assert "Post the entry" in page
        assert "£1,250.50" in page
        assert not Entry.objects.filter(kind="PAYMENT").exists()

    @pytest.mark.parametrize("deed", ["payment", "commitment", "accrual"])
    def test_confirmed_twice_it_is_posted_once(self, desk, plan, parts, deed):
        typed = self.typed(parts[0], deed, confirmed="1")

        for _ in range(2):
            assert desk.post(at(plan, "plan-ledger-post"), typed).status_code == 302

        assert str(Entry.objects.get(kind=deed.upper()).amount) == "1250.50"

    def test_a_release_and_a_refund(self, desk, plan, parts):
        commit_funds(allocation=parts[0], amount=Decimal(2_000), cause="contract 1", by=BY, on=DAY)
        pay(allocation=parts[2], amount=Decimal(2_000), cause="i", by=BY, on=DAY, reason="So.")
        for part, deed in ((parts[0], "release"), (parts[2], "refund")):
            desk.post(at(plan, "plan-ledger-post"), self.typed(part, deed, confirmed="1"))

        parts[0].refresh_from_db()
        parts[2].refresh_from_db()
        assert (parts[0].committed, parts[2].paid) == (Decimal("749.50"), Decimal("749.50"))

    def test_a_refusal_keeps_what_was_typed(self, desk, plan, parts):
        typed = self.typed(parts[0], "commitment", amount="10,000.01", confirmed="1")

        page = desk.post(at(plan, "plan-ledger-post"), typed).content.decode()

        assert "£10,000.01 was asked for, and £10,000 is free" in page
        assert 'value="10,000.01"' in page

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"amount": "abc"}, "is not an amount"),
            ({"amount": "1,234.567"}, "parts of a penny"),
            ({"amount": "-5"}, "less than nothing"),
            ({"amount": ""}, "Enter the amount"),
            ({"on_2": "2008"}, "not ahead of today"),
            ({"part": "0"}, "Choose one of those listed"),
        ],
    )
    def test_bad_input_is_said_at_its_field(self, desk, plan, parts, wrong, said):
        page = desk.post(at(plan, "plan-ledger-post"), self.typed(parts[0]) | wrong)

        assert said in page.content.decode()

    def test_a_commitment_of_another_line_is_not_settled(self, desk, plan, parts):
        other = commit_funds(allocation=parts[2], amount=Decimal(5), cause="c", by=BY, on=DAY)

        page = desk.post(at(plan, "plan-ledger-post"), self.typed(parts[0], against=other.pk))

        assert "Choose a commitment of the same line and stream" in page.content.decode()

    def test_an_accrual_is_reversed(self, desk, plan, parts):
        accrual = accrue(
            allocation=parts[0], amount=Decimal(9), cause="m", by=BY, on=DAY, reason="So."
        )
        address = at(plan, "plan-ledger-post")
        assert f'value="{accrual.pk}"' in desk.get(address).content.decode()

        desk.post(address, {"reverse": accrual.pk})

        parts[0].refresh_from_db()
        assert parts[0].paid == 0
        assert f'value="{accrual.pk}"' not in desk.get(address).content.decode()


class TestTheBanksFile:
    def send(self, desk, plan, *rows):
        text = HEAD + "\n".join(rows)
        file = SimpleUploadedFile("actuals.csv", text.encode(), content_type="text/csv")
        asked = desk.get(at(plan, "plan-payments")).content.decode()
        assert "<code>pooled-treatment</code> Pooled treatment" in asked
        return desk.post(at(plan, "plan-payments"), {"file": file})

    def test_it_is_looked_at_and_then_posted_once(self, desk, plan, parts):
        row = "B7,2006-06-30,1,pooled-treatment,100,Invoice"
        page = self.send(desk, plan, row)
        assert "1 new, 0 changed, 0 known already. £100 would be posted." in page.content.decode()
        assert not Entry.objects.filter(kind="PAYMENT").exists()

        words = {
            "content": page.context["content"],
            "digest": page.context["difference"].digest,
            "do": "post",
        }
        assert desk.post(at(plan, "plan-payments"), words).status_code == 302
        again = self.send(desk, plan, row).content.decode()

        assert "0 new, 0 changed, 1 known already" in again
        assert Entry.objects.filter(kind="PAYMENT").count() == 1

    def test_its_faults_are_shown_and_downloaded(self, desk, plan, parts):
        page = self.send(desk, plan, "B7,yesterday,1,pooled-treatment,abc,Invoice")
        assert "Nothing is posted yet" in page.content.decode()

        answer = desk.post(
            at(plan, "plan-payments"), {"content": page.context["content"], "do": "faults"}
        )

        assert rows_of(answer) == [
            {
                "Row": "2",
                "Column": "date",
                "What is wrong": "“yesterday” is not a date. Write it as 2006-05-31 or"
                " 31/05/2006.",
            },
            {
                "Row": "2",
                "Column": "amount",
                "What is wrong": "“abc” is not an amount. Enter pounds, such as 12,500.",
            },
        ]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"PK\x03\x04", "is a spreadsheet"),
            (b"a,b\n1,2", "The first row names no"),
            (b"", "empty"),
        ],
    )
    def test_what_cannot_be_read_is_refused_on_the_form(self, desk, plan, parts, content, said):
        file = SimpleUploadedFile("actuals.csv", content)

        page = desk.post(at(plan, "plan-payments"), {"file": file}).content.decode()

        assert said in page
        assert "Check the file" in page

    def test_one_paid_by_hand_is_known_in_the_file(self, desk, plan, parts):
        desk.post(
            at(plan, "plan-ledger-post"),
            TestPostingByHand().typed(parts[0], reference="B7", confirmed="1"),
        )

        page = self.send(desk, plan, 'B7,2006-06-30,1,pooled-treatment,"1,250.50",Invoice')

        assert "1 known already" in page.content.decode()


class TestVirements:
    def typed(self, parts, **more):
        return {
            "part": parts[0].pk,
            "target": "2",
            "amount": "1000",
            "reason": "Fewer places than planned.",
            "cause": "asked:1",
        } | more

    def test_one_asks_and_another_approves(self, desk, plan, parts, lead):
        desk.post(at(plan, "plan-virement-ask"), self.typed(parts))
        desk.post(at(plan, "plan-virement-ask"), self.typed(parts))
        virement = Virement.objects.get()
        address = at(plan, "plan-virement", virement.pk)
        assert "Decide" not in desk.get(address).content.decode()

        desk.force_login(lead)
        assert "£1,000" in desk.get(at(plan, "plan-virements")).content.decode()
        assert "Decide" in desk.get(address).content.decode()
        answer = desk.post(address, {"approve": "yes", "decision": ""})

        assert answer.status_code == 302
        parts[2].refresh_from_db()
        assert parts[2].planned == 6_000
        assert "Bo Lee" in desk.get(address).content.decode()

    def test_who_asked_is_told_that_another_approves(self, desk, plan, parts, lead):
        desk.force_login(lead)
        desk.post(at(plan, "plan-virement-ask"), self.typed(parts))

        page = desk.get(at(plan, "plan-virement", Virement.objects.get().pk)).content.decode()

        assert "You asked for this virement: another person approves it." in page

    def test_a_refusal_needs_a_reason(self, desk, plan, parts, lead):
        desk.post(at(plan, "plan-virement-ask"), self.typed(parts))
        address = at(plan, "plan-virement", Virement.objects.get().pk)
        desk.force_login(lead)

        page = desk.post(address, {"approve": "no", "decision": ""}).content.decode()

        assert "Say why it is refused." in page

    def test_more_than_is_free_is_refused_on_the_form(self, desk, plan, parts):
        page = desk.post(at(plan, "plan-virement-ask"), self.typed(parts, amount="10,001"))

        assert "£10,001 was to be moved, and £10,000 is free" in page.content.decode()
        assert '<a href="#id_amount">£10,001 was to be moved' in page.content.decode()
        assert Virement.objects.count() == 0

    def test_the_list_is_filtered_and_downloaded(self, desk, plan, parts):
        desk.post(at(plan, "plan-virement-ask"), self.typed(parts))

        address = at(plan, "plan-virements")
        assert len(rows_of(desk.get(f"{address}?state=ASKED&format=csv"))) == 1
        assert rows_of(desk.get(f"{address}?state=REFUSED&format=csv")) == []
