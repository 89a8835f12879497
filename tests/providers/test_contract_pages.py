"""Pages of contracts: what each side sees and does there, at how many questions."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.models import Entry
from providers.choices import ContractState, Side
from providers.models import Contract
from providers.services.contracts import propose_variation, put_money
from providers.views.contracts.writing import EDITED
from tests.factories.commissioning import RegionFactory, UserFactory
from tests.factories.contracts import Bought, ContractFactory, ReadingFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)


@pytest.fixture(autouse=True)
def _day(settings):
    settings.BUSINESS_DAY = TODAY


@pytest.fixture
def bought():
    return Bought()


def page(contract, name="contract-detail", *more):
    return reverse(f"providers:{name}", args=[contract.reference, *more])


def do(client, person, contract, deed, **given):
    client.force_login(person)
    return client.post(page(contract, "contract-deed", deed), given, follow=True)


class TestLists:
    def test_both_sides_list_what_is_offered_and_only_its_writer_a_draft(self, client, bought):
        offered, draft = bought.offered(title="Offered"), bought.drafted(title="Drafted")
        here = {
            bought.writer: reverse("providers:partnership-contracts", args=[bought.lead.code]),
            bought.manager: reverse("providers:provider-contracts", args=[bought.provider.code]),
        }
        seen = {}
        for person, address in here.items():
            client.force_login(person)
            seen[person] = client.get(address).content.decode()

        assert all(offered.reference in words for words in seen.values())
        assert draft.reference in seen[bought.writer]
        assert draft.reference not in seen[bought.manager]

    def test_it_is_filtered_sorted_and_handed_out_as_a_file(self, client, bought):
        bought.awarded(title="Ends soon")
        client.force_login(bought.writer)
        address = reverse("providers:partnership-contracts", args=[bought.lead.code])

        soon = client.get(f"{address}?state=LIVE&ending=91&sort=-ends_on").content.decode()
        none = client.get(f"{address}?state=ENDED").content.decode()
        file = b"".join(client.get(f"{address}?format=csv").streaming_content).decode()

        assert "Ends soon" in soon
        assert "Ends soon" not in none
        assert "Ends soon,Provider" in file

    def test_queries_of_the_lists(self, client, bought):
        for number in range(4):
            bought.offered(title=f"Contract {number}")
        client.force_login(bought.writer)
        assert_counted(
            client,
            "contracts of a partnership",
            reverse("providers:partnership-contracts", args=[bought.lead.code]),
        )
        client.force_login(bought.manager)
        assert_counted(
            client,
            "contracts of a provider",
            reverse("providers:provider-contracts", args=[bought.provider.code]),
        )


class TestTheRecord:
    @pytest.mark.parametrize(
        "name",
        [
            "contract-detail",
            "contract-money",
            "contract-performance",
            "contract-versions",
            "contract-documents",
            "contract-history",
        ],
    )
    def test_queries_of_each_tab(self, client, bought, name):
        contract = bought.awarded()
        client.force_login(bought.writer)

        assert_counted(client, name, page(contract, name))

    def test_its_money_is_asked_for_at_once_however_many_plans_carry_it(self, client):
        bought = Bought(share=60)
        contract = bought.awarded(ends_on=dt.date(2009, 4, 1))
        for year in (2007, 2008):
            part = allocated(line_of(plan_of(bought.lead, year=year)), 100_000)
            put_money(
                contract=contract, plan=part.line.plan, amounts={part.pk: 1}, by=bought.writer
            )
        client.force_login(bought.writer)

        answer = assert_counted(client, "contract-money", page(contract, "contract-money"))

        assert answer.content.decode().count("Put money on lines") == 2

    def test_queries_of_the_money_of_a_framework(self, client, bought):
        contract = bought.awarded(kind="FRAMEWORK", places=None, ceiling=Decimal(50_000))
        client.force_login(bought.writer)

        assert_counted(client, "contract-money of a framework", page(contract, "contract-money"))

    @pytest.mark.parametrize("part", sorted(EDITED))
    def test_queries_of_writing_each_part(self, client, bought, part):
        contract = bought.drafted()
        client.force_login(bought.writer)

        assert_counted(client, f"contract-edit {part}", page(contract, "contract-edit", part))

    def test_queries_of_proposing_and_of_reading_a_variation(self, client, bought):
        contract = bought.awarded()
        propose_variation(
            contract=contract, changes={"places": 1}, holds_from=dt.date(2007, 3, 1),
            reason="Fewer people come.", by=bought.writer, on=TODAY,
        )  # fmt: skip
        client.force_login(bought.writer)

        assert_counted(client, "contract-vary", page(contract, "contract-vary"))
        assert_counted(client, "contract-variation", page(contract, "contract-variation", 1))

    def test_queries_of_choosing_lines_for_what_is_more(self, client, bought):
        contract = bought.awarded()
        propose_variation(
            contract=contract, changes={"price": 800}, holds_from=dt.date(2007, 3, 1),
            reason="Wages.", by=bought.manager, on=TODAY,
        )  # fmt: skip
        client.force_login(bought.writer)

        plan = (1, bought.lead.code, bought.plan.slug)
        assert_counted(
            client, "contract-variation of more", page(contract, "contract-variation", 1)
        )
        address = page(contract, "contract-variation-money", *plan)
        assert_counted(client, "contract-variation-money", address)

    def test_queries_of_putting_and_committing_money(self, client, bought):
        contract = bought.awarded(ends_on=dt.date(2008, 4, 1))
        plan = plan_of(bought.lead, year=2007)
        allocated(line_of(plan), 100_000)
        at = (bought.lead.code, plan.slug)
        client.force_login(bought.writer)
        assert_counted(client, "contract-fund", page(contract, "contract-fund", *at))
        client.force_login(bought.awarder)
        assert_counted(client, "contract-commit", page(contract, "contract-commit", *at))

    def test_a_provider_sees_no_plan_lines(self, client, bought):
        contract = bought.awarded()
        client.force_login(bought.manager)

        words = client.get(page(contract, "contract-money")).content.decode()

        assert "£73,000" in words
        assert "1. Rehabilitation" not in words

    def test_a_partner_sees_its_own_lines_and_only_the_shares_of_others(self, client):
        bought = Bought(share=60)
        contract = bought.awarded()
        client.force_login(bought.partner_writer)

        words = client.get(page(contract, "contract-money")).content.decode()

        assert f"{bought.partner_plan}:" in words
        assert f"{bought.plan}:" not in words
        assert "£43,800" in words  # what the lead bears

    def test_a_stranger_sees_nothing(self, client, bought):
        contract = bought.awarded()
        client.force_login(UserFactory(lead_of=bought.partner))

        assert client.get(page(contract)).status_code == 404


class TestTheCourse:
    def test_a_proposal_becomes_a_contract_through_its_pages(self, client, bought):
        client.force_login(bought.manager)
        client.post(
            reverse("providers:provider-contract-start", args=[bought.provider.code]),
            {
                "title": "Eight beds",
                "party": bought.lead.pk,
                "kind": "BLOCK",
                **day("starts_on", dt.date(2006, 4, 1)),
                **day("ends_on", dt.date(2007, 4, 1)),
            },
        )
        contract = Contract.objects.get()
        assert contract.proposed_by == Side.PROVIDER
        for part, given in (
            ("price", {"price": "700", "price_unit": "BED_WEEK", "places": "2", "revision": 1}),
            ("covers", {"interventions": bought.kind.pk, "services": bought.service.pk}),
            ("clauses", {"included": ["ndtms", "quality"]}),
            ("schedule", {"target_ret_new": "75"}),
        ):
            answer = client.post(page(contract, "contract-edit", part), given)
            assert answer.status_code == 302, (part, answer.context["form"].errors)
        do(client, bought.manager, contract, "offer")

        client.force_login(bought.writer)
        client.post(page(contract, "contract-edit", "tender"), {"route": "OPEN"})
        fund = page(contract, "contract-fund", bought.lead.code, bought.plan.slug)
        form = client.get(fund).context["form"]
        assert form[f"part_{bought.part.pk}"].value() == Decimal("73000.00")
        client.post(
            fund, {f"part_{bought.part.pk}": "73,000", "revision": form["revision"].value()}
        )
        check = client.get(page(contract, "contract-deed", "award"))
        assert check.status_code == 403
        client.force_login(bought.awarder)
        check = client.get(page(contract, "contract-deed", "award")).content.decode()
        assert "£73,000 of £73,000" in check
        do(client, bought.awarder, contract, "award")

        contract.refresh_from_db()
        assert contract.state == ContractState.LIVE
        assert Entry.objects.get(kind="COMMITMENT").amount == 73_000

    def test_a_refusal_stands_on_the_page_and_nothing_is_lost(self, client, bought):
        contract = bought.awarded()
        client.force_login(bought.writer)

        answer = client.post(
            page(contract, "contract-deed", "end"),
            {"reason": "Closing.", **day("ends_on", dt.date(2006, 3, 1))},
        )

        words = answer.content.decode()
        assert "would end on 1 March 2006, before it starts" in words
        assert "Closing." in words

    def test_who_saved_meanwhile_is_shown_beside_what_was_typed(self, client, bought):
        contract = bought.drafted()
        client.force_login(bought.writer)
        Contract.objects.filter(pk=contract.pk).update(revision=contract.revision + 1, places=9)

        answer = client.post(
            page(contract, "contract-edit", "price"),
            {
                "price": "650",
                "price_unit": "BED_WEEK",
                "places": "3",
                "revision": contract.revision,
            },
        )

        words = answer.content.decode()
        assert "Somebody saved this contract after you opened it" in words
        assert 'value="650"' in words
        assert "What it says now" in words

    def test_a_variation_is_compared_and_put_into_force_on_its_page(self, client, bought):
        contract = bought.awarded()
        one = propose_variation(
            contract=contract,
            changes={"places": 1},
            holds_from=dt.date(2007, 3, 1),
            reason="Fewer.",
            by=bought.manager,
            on=DAY,
        )
        client.force_login(bought.awarder)
        address = page(contract, "contract-variation", one.number)
        assert "£3,100 released" in client.get(address).content.decode()

        client.post(address, {"deed": "force"})

        words = client.get(page(contract, "contract-versions")).content.decode()
        assert "What changed from version 1 to version 2" in words
        assert Contract.objects.get().places == 1

    def test_lines_are_chosen_for_what_a_variation_takes_more(self, client, bought):
        contract = bought.awarded()
        other = allocated(line_of(bought.plan, "Aftercare"), 30_000)
        one = propose_variation(
            contract=contract, changes={"price": Decimal(800)}, holds_from=dt.date(2007, 3, 1),
            reason="Wages.", by=bought.manager, on=DAY,
        )  # fmt: skip
        client.force_login(bought.writer)
        address = page(contract, "contract-variation", one.number)
        words = client.get(address).content.decode()
        more = Decimal(2 * 31 * 100) / 7
        assert f"£{more:.2f} more" in words
        assert "Spread over the lines on which the contract stands" in words
        choose = page(
            contract, "contract-variation-money", one.number, bought.lead.code, bought.plan.slug
        )
        assert choose in words

        amount, revision = f"{more:.2f}", contract.revision
        wrong = client.post(choose, {f"part_{other.pk}": "1", "revision": revision})
        assert "less" in wrong.content.decode() or "more on them" in wrong.content.decode()
        done = client.post(choose, {f"part_{other.pk}": amount, "revision": revision})

        assert done.url == address
        assert "2. Aftercare" in client.get(address).content.decode()
        client.force_login(bought.manager)
        assert "Aftercare" not in client.get(address).content.decode()
        assert client.get(choose).status_code == 404
        client.force_login(bought.awarder)
        client.post(address, {"deed": "force"})
        other.refresh_from_db()
        assert other.committed == Decimal(amount)


class TestPerformance:
    def test_a_quarter_shows_verdict_return_comment_and_remedy(self, client, bought):
        contract = bought.awarded(targets={"RET-NEW": Decimal("0.75")})
        ReadingFactory(
            measure=contract.schedule.get(),
            quarter="2006-Q1",
            value=Decimal("0.6"),
            numerator=6,
            denominator=10,
        )
        client.force_login(bought.manager)
        sent = client.post(
            page(contract, "contract-return", "2006-Q1"), {"narrative": "Staff left.", "starts": 8}
        )
        assert sent.status_code == 302
        early = client.post(page(contract, "contract-return", "2006-Q4"), {"narrative": "Early."})
        assert "January to March 2007 is not over yet" in early.content.decode()
        client.force_login(bought.writer)
        client.post(
            page(contract, "contract-comment", "2006-Q1"),
            {"text": "Too few stay.", "remedy": "Call leavers", **day("due_on", TODAY)},
        )

        words = client.get(page(contract, "contract-performance")).content.decode()

        assert "15 points below what is agreed" in words
        assert "no result is kept of one provider" in words
        assert "60% (6 of 10)" in words
        assert "Staff left." in words
        assert "Call leavers" in words
        comment = contract.comments.get()
        client.post(page(contract, "contract-settle"), {"remedy": comment.pk})
        client.post(
            page(contract, "contract-settle"), {"return": contract.monitoring_returns.get().pk}
        )
        comment.refresh_from_db()
        assert comment.done_on == TODAY
        assert contract.monitoring_returns.get().accepted_by == bought.writer


class TestDates:
    def test_the_timeline_tells_ends_notices_and_options_with_a_table(self, client):
        region = RegionFactory()
        bought = Bought()
        contract = bought.awarded(
            notice_weeks=4,
            extensions_left=1,
            extension_months=12,
            extend_by=dt.date(2007, 3, 1),
        )
        client.force_login(bought.writer)
        address = reverse("providers:partnership-contract-dates", args=[bought.lead.code])

        words = client.get(address).content.decode()
        svg = client.get(f"{address[:-1]}.svg").content.decode()

        assert contract.reference in words
        assert "Last day for notice" in words
        assert "1 March 2007" in words
        assert "<svg" in svg
        assert contract.reference in svg
        client.force_login(UserFactory(reviewer_of=region))
        found = client.get(reverse("providers:region-contract-dates", args=[region.code]))
        assert "Nothing falls due" in found.content.decode()

    def test_every_day_is_a_row_that_is_told_apart_and_handed_out(self, client):
        bought = Bought()
        contract = bought.awarded(notice_weeks=4)
        client.force_login(bought.manager)
        address = reverse("providers:provider-contract-dates", args=[bought.provider.code])

        rows = client.get(address).context["table"].rows
        ends = client.get(f"{address}?what=end").context["table"].rows
        file = b"".join(client.get(f"{address}?format=csv")).decode("utf-8-sig").splitlines()

        assert [row.record.deadline.kind for row in rows] == ["notice", "end"]
        assert [row.record.deadline.on for row in ends] == [contract.ends_on]
        assert file[0] == "On,What,Contract,Title,Led by"
        assert file[2].startswith(f"{contract.ends_on},Ends,{contract.reference},")

    def test_it_asks_as_many_questions_however_many_contracts(self, client):
        bought = Bought()
        bought.awarded()
        client.force_login(bought.writer)
        address = reverse("providers:partnership-contract-dates", args=[bought.lead.code])
        assert_counted(client, "contract dates", address)
        for number in range(3):
            ContractFactory(lead=bought.lead, state="LIVE", reference=f"more-{number}")

        assert_counted(client, "contract dates", address)


def day(name, on):
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}
