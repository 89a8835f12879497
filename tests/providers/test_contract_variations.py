"""Contracts in force: varied, extended, ended early, and what that does to money and beds."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.kernel.errors import NotPermitted
from commissioning.models import Entry
from commissioning.scoping import System
from commissioning.services.ledger import BeyondTheLine, pay
from providers.choices import ContractState, Side, VariationState
from providers.models import ContractPlace
from providers.selectors.contracts.buying import block_places, buying_contracts
from providers.services.contracts import (
    ContractRefused,
    agree_part,
    agree_variation,
    choose_lines,
    commit_year,
    end_early,
    extend_contract,
    keep_contracts,
    propose_variation,
    put_into_force,
    put_money,
    refuse_variation,
    resume_contract,
    suspend_contract,
    withdraw_variation,
)
from tests.factories.commissioning import UserFactory
from tests.factories.contracts import Bought
from tests.factories.ledger import DAY, allocated, line_of, plan_of

pytestmark = pytest.mark.django_db
D = Decimal
AUTUMN = dt.date(2006, 10, 1)


@pytest.fixture
def bought():
    return Bought(beds=3)


@pytest.fixture
def contract(bought):
    return bought.awarded()


def vary(bought, contract, changes, by=None, holds_from=AUTUMN):
    return propose_variation(
        contract=contract,
        changes=changes,
        holds_from=holds_from,
        reason="Fewer people come.",
        by=by or bought.writer,
        on=DAY,
    )


def committed(bought):
    bought.part.refresh_from_db()
    return bought.part.committed


def sold_on(contract, night):
    return contract.sold_places.filter(nights__contains=night).count()


class TestVarying:
    def test_one_bed_fewer_releases_its_cost_from_its_day(self, bought, contract):
        one = vary(bought, contract, {"places": 1})
        agree_variation(variation=one, by=bought.manager, on=DAY)

        held = put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert held.places == 1
        assert committed(bought) == D("73000.00") - 182 * 100  # October to March
        assert (sold_on(held, AUTUMN - dt.timedelta(1)), sold_on(held, AUTUMN)) == (2, 1)
        assert [one.number for one in held.versions.order_by("number")] == [1, 2]

    def test_one_bed_more_commits_its_cost_and_sells_a_further_one(self, bought, contract):
        one = vary(bought, contract, {"places": 3}, by=bought.manager)

        put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert committed(bought) == D("73000.00") + 182 * 100
        assert (sold_on(contract, AUTUMN - dt.timedelta(1)), sold_on(contract, AUTUMN)) == (2, 3)

    def test_more_than_the_line_has_free_changes_nothing(self, bought, contract):
        one = vary(bought, contract, {"price": D("5000.00")}, by=bought.manager)

        with pytest.raises(BeyondTheLine):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

        one.refresh_from_db()
        assert one.state == VariationState.PROPOSED
        assert contract.versions.count() == 1

    def test_what_is_paid_already_is_not_released(self, bought, contract):
        pay(
            allocation=bought.part,
            amount=D(70_000),
            cause="invoice 1",
            by=System("a test"),
            on=DAY,
        )
        one = vary(bought, contract, {"places": 1}, by=bought.manager)

        with pytest.raises(ContractRefused) as refused:
            put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert str(refused.value) == (
            "£18,200 was to be released on 1. Rehabilitation, Pooled treatment budget, and"
            " £15,200 of it is paid already."
        )

    def test_the_provider_says_yes_to_what_the_commissioner_proposes(self, bought, contract):
        one = vary(bought, contract, {"places": 1})

        with pytest.raises(ContractRefused, match="has not agreed to the variation yet"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

    def test_who_proposed_it_does_not_put_it_into_force(self, bought, contract):
        one = vary(bought, contract, {"places": 1}, by=bought.awarder)
        agree_variation(variation=one, by=bought.manager, on=DAY)

        with pytest.raises(ContractRefused, match="You proposed this variation"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

    def test_only_one_is_in_hand(self, bought, contract):
        vary(bought, contract, {"places": 1})

        with pytest.raises(ContractRefused, match="A variation is in hand already"):
            vary(bought, contract, {"places": 3}, by=bought.manager)

    def test_it_is_refused_with_a_reason_or_withdrawn_and_another_can_follow(
        self, bought, contract
    ):
        first = vary(bought, contract, {"places": 1})
        refuse_variation(variation=first, reason="We need both.", by=bought.manager, on=DAY)
        second = vary(bought, contract, {"places": 3})
        withdraw_variation(variation=second, reason="", by=bought.writer)

        states = list(contract.variations.order_by("number").values_list("state", flat=True))
        assert states == [VariationState.REFUSED, VariationState.WITHDRAWN]
        with pytest.raises(Exception, match="is refused already"):
            put_into_force(variation=first, by=bought.awarder, on=DAY)

    @pytest.mark.parametrize(
        ("changes", "holds_from", "sentence"),
        [
            ({"places": 2}, AUTUMN, "Nothing is changed."),
            ({"kind": "SPOT"}, AUTUMN, "A variation does not change “kind”."),
            ({"places": 1}, dt.date(2007, 4, 1), "1 April 2007 lies outside the contract"),
            ({"ends_on": dt.date(2006, 4, 1)}, AUTUMN, "would end on 1 April 2006"),
            ({"places": 0}, AUTUMN, "A block contract has places at a price."),
        ],
    )
    def test_nonsense_is_refused_in_a_sentence(
        self, bought, contract, changes, holds_from, sentence
    ):
        with pytest.raises(ContractRefused) as refused:
            vary(bought, contract, changes, holds_from=holds_from)

        assert sentence in str(refused.value)

    def test_a_partner_agrees_to_its_part_of_a_variation_too(self):
        bought = Bought(beds=2, share=60)
        contract = bought.awarded()
        one = vary(bought, contract, {"places": 1}, by=bought.manager)

        with pytest.raises(ContractRefused, match="has not agreed to its part yet"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        put_into_force(variation=one, by=bought.awarder, on=DAY)

        bought.partner_part.refresh_from_db()
        assert bought.partner_part.committed == D("21920.00")


class TestWhichLinesPay:
    @pytest.fixture
    def other(self, bought):
        """A second line of the same plan."""
        return allocated(line_of(bought.plan, "Aftercare"), 30_000)

    def more(self, bought, contract):
        return vary(bought, contract, {"places": 3}, by=bought.manager)

    def test_what_is_more_goes_to_the_lines_that_were_chosen(self, bought, contract, other):
        one = self.more(bought, contract)
        amounts = {other.pk: D(18_000), bought.part.pk: D(200)}
        choose_lines(variation=one, plan=bought.plan, amounts=amounts, by=bought.writer)

        put_into_force(variation=one, by=bought.awarder, on=DAY)

        other.refresh_from_db()
        assert (committed(bought), other.committed) == (D("73200.00"), D("18000.00"))
        rows = dict(contract.money.values_list("line", "amount"))
        assert rows == {bought.part.line_id: D("73200.00"), other.line_id: D("18000.00")}

    def test_what_is_less_later_is_released_where_it_was_committed(self, bought, contract, other):
        one = self.more(bought, contract)
        amounts = {other.pk: D(18_200)}
        choose_lines(variation=one, plan=bought.plan, amounts=amounts, by=bought.writer)
        put_into_force(variation=one, by=bought.awarder, on=DAY)

        back = end_early(
            contract=contract, ends_on=AUTUMN, reason="Closing.", by=bought.writer, on=DAY
        )
        put_into_force(variation=back, by=bought.awarder, on=DAY)

        other.refresh_from_db()
        assert committed(bought) + other.committed == D("36600.00")
        assert 0 < other.committed < D("18200.00")

    def test_they_come_to_what_is_more_to_the_penny(self, bought, contract, other):
        one = self.more(bought, contract)
        with pytest.raises(ContractRefused, match=r"£18,200 more falls to .* Put £0.01 more"):
            choose_lines(
                variation=one,
                plan=bought.plan,
                amounts={other.pk: D("18199.99")},
                by=bought.writer,
            )
        strange = allocated(line_of(plan_of()), 30_000)
        with pytest.raises(ContractRefused, match="no such line and stream"):
            choose_lines(
                variation=one, plan=bought.plan, amounts={strange.pk: D(1)}, by=bought.writer
            )

    def test_a_line_that_cannot_bear_it_changes_nothing(self, bought, contract):
        short = allocated(line_of(bought.plan, "Aftercare"), 18_199)
        one = self.more(bought, contract)
        amounts = {short.pk: D(18_200)}
        choose_lines(variation=one, plan=bought.plan, amounts=amounts, by=bought.writer)

        with pytest.raises(BeyondTheLine):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert contract.money.count() == 1

    def test_nothing_is_chosen_for_what_is_less_nor_once_it_is_decided(self, bought, contract):
        one = vary(bought, contract, {"places": 1}, by=bought.manager)
        with pytest.raises(ContractRefused, match="released where it was committed"):
            choose_lines(variation=one, plan=bought.plan, amounts={}, by=bought.writer)
        withdraw_variation(variation=one, reason="", by=bought.manager)
        with pytest.raises(ContractRefused, match="while the variation is proposed"):
            choose_lines(variation=one, plan=bought.plan, amounts={}, by=bought.writer)

    def test_who_chose_them_does_not_put_it_into_force(self, bought, contract, other):
        one = self.more(bought, contract)
        amounts = {other.pk: D(18_200)}
        choose_lines(variation=one, plan=bought.plan, amounts=amounts, by=bought.awarder)

        with pytest.raises(ContractRefused, match="You chose the lines"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

    def test_each_partnership_chooses_its_own_and_agrees_after_it(self):
        bought = Bought(beds=3, share=60)
        contract = bought.awarded()
        spare = allocated(line_of(bought.partner_plan, "Aftercare"), 30_000)
        one = vary(bought, contract, {"places": 3}, by=bought.manager)
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        with pytest.raises(NotPermitted):
            choose_lines(
                variation=one,
                plan=bought.partner_plan,
                amounts={spare.pk: D(7280)},
                by=bought.writer,
            )
        choose_lines(
            variation=one,
            plan=bought.partner_plan,
            amounts={spare.pk: D(7280)},
            by=bought.partner_writer,
        )
        with pytest.raises(ContractRefused, match="has not agreed to its part yet"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)

        put_into_force(variation=one, by=bought.awarder, on=DAY)

        spare.refresh_from_db()
        assert spare.committed == D("7280.00")

    def test_a_limit_covers_the_difference_of_all_partnerships(self):
        bought = Bought(beds=3, share=60)
        contract = bought.awarded()
        one = vary(bought, contract, {"places": 3}, by=bought.manager)
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        approver = UserFactory(finance_approver_of=bought.lead)
        approver.memberships.update(approval_limit=18_199)

        with pytest.raises(ContractRefused, match=r"£18,200 for all its partnerships together"):
            put_into_force(variation=one, by=approver, on=DAY)


class TestExtending:
    def test_an_option_lengthens_the_term_its_money_and_its_beds(self):
        bought = Bought(money=200_000)
        contract = bought.awarded(
            ends_on=dt.date(2006, 10, 1),
            extension_months=3,
            extensions_left=1,
            extend_by=dt.date(2006, 9, 1),
        )
        before = committed(bought)

        one = extend_contract(contract=contract, reason="It works.", by=bought.writer, on=DAY)
        held = put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert (held.ends_on, held.extensions_left) == (dt.date(2007, 1, 1), 0)
        assert committed(bought) - before == 92 * 200
        assert sold_on(held, dt.date(2006, 12, 31)) == 2
        with pytest.raises(ContractRefused, match="has no extension left"):
            extend_contract(contract=contract, reason="Again.", by=bought.writer, on=DAY)

    def test_an_option_lapses_on_its_day(self, bought):
        contract = bought.awarded(
            extension_months=3, extensions_left=1, extend_by=dt.date(2006, 5, 31)
        )

        with pytest.raises(ContractRefused, match="lapsed on 31 May 2006"):
            extend_contract(contract=contract, reason="Late.", by=bought.writer, on=DAY)


class TestEnding:
    def test_notice_in_time_needs_no_yes_and_releases_the_rest(self, bought, contract):
        one = end_early(
            contract=contract, ends_on=AUTUMN, reason="Closing.", by=bought.writer, on=DAY
        )

        held = put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert (held.ended_on, held.ended_for) == (AUTUMN, "Closing.")
        assert held.state == ContractState.LIVE
        assert committed(bought) == 183 * 200
        assert (sold_on(held, AUTUMN - dt.timedelta(1)), sold_on(held, AUTUMN)) == (2, 0)
        keep_contracts(by=System("a test"), on=AUTUMN)
        held.refresh_from_db()
        assert held.state == ContractState.ENDED

    def test_notice_in_time_is_not_refused(self, bought, contract):
        one = end_early(contract=contract, ends_on=AUTUMN, reason="So.", by=bought.manager, on=DAY)

        with pytest.raises(ContractRefused, match="The notice is in time"):
            refuse_variation(variation=one, reason="No.", by=bought.writer, on=DAY)

    def test_shorter_notice_waits_for_the_other_side(self, bought, contract):
        soon = DAY + dt.timedelta(weeks=4)
        one = end_early(contract=contract, ends_on=soon, reason="So.", by=bought.writer, on=DAY)

        with pytest.raises(ContractRefused, match="has not agreed"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

    @pytest.mark.parametrize(
        ("ends_on", "sentence"),
        [
            (dt.date(2006, 3, 1), "would end on 1 March 2006, before it starts on 1 April 2006"),
            (dt.date(2006, 5, 1), "1 May 2006 is over"),
            (dt.date(2007, 4, 1), "ends on 1 April 2007 without notice"),
        ],
    )
    def test_days_that_cannot_be(self, bought, contract, ends_on, sentence):
        with pytest.raises(ContractRefused, match=sentence):
            end_early(contract=contract, ends_on=ends_on, reason="So.", by=bought.writer, on=DAY)

    def test_at_its_term_it_is_over_and_its_money_stays(self, bought, contract):
        assert keep_contracts(by=System("a test"), on=dt.date(2007, 4, 1)) == 1
        assert keep_contracts(by=System("a test"), on=dt.date(2007, 4, 1)) == 0

        contract.refresh_from_db()
        assert contract.state == ContractState.ENDED
        assert committed(bought) == D("73000.00")


class TestThroughTheTerm:
    def test_it_begins_on_its_first_day(self, bought):
        contract = bought.awarded(starts_on=dt.date(2006, 7, 1))
        assert contract.state == ContractState.AWARDED

        keep_contracts(by=System("a test"), on=dt.date(2006, 6, 30))
        contract.refresh_from_db()
        assert contract.state == ContractState.AWARDED
        keep_contracts(by=System("a test"), on=dt.date(2006, 7, 1))

        contract.refresh_from_db()
        assert contract.state == ContractState.LIVE

    def test_it_is_suspended_for_a_reason_and_resumed(self, bought, contract):
        with pytest.raises(ContractRefused, match="Say why"):
            suspend_contract(contract=contract, reason="", by=bought.writer, on=DAY)
        suspend_contract(contract=contract, reason="Inspection.", by=bought.writer, on=DAY)
        with pytest.raises(ContractRefused, match="It is suspended"):
            suspend_contract(contract=contract, reason="Again.", by=bought.writer, on=DAY)
        assert not block_places(bought.lead, nights=(DAY, AUTUMN)).exists()

        held = resume_contract(contract=contract, by=bought.writer, on=DAY)

        assert held.state == ContractState.LIVE
        assert block_places(bought.lead, nights=(DAY, AUTUMN)).count() == 2

    def test_a_later_year_is_committed_once_its_plan_is_agreed(self):
        bought = Bought()
        contract = bought.awarded(ends_on=dt.date(2008, 4, 1))
        assert committed(bought) == D("73000.00")
        plan = plan_of(bought.lead, year=2007)
        part = allocated(line_of(plan), 100_000)

        with pytest.raises(ContractRefused, match="Put £73,200 on the lines"):
            commit_year(contract=contract, plan=plan, by=bought.awarder, on=DAY)
        put_money(contract=contract, plan=plan, amounts={part.pk: D("73200.00")}, by=bought.writer)
        commit_year(contract=contract, plan=plan, by=bought.awarder, on=DAY)

        part.refresh_from_db()
        assert part.committed == D("73200.00")
        assert Entry.objects.filter(cause=f"contract:{contract.reference}:v1").count() == 2
        with pytest.raises(ContractRefused, match="is committed already"):
            commit_year(contract=contract, plan=plan, by=bought.awarder, on=DAY)


class TestBuying:
    def test_our_block_places_are_those_of_all_the_nights(self, bought, contract):
        found = block_places(bought.lead, nights=(dt.date(2007, 3, 1), dt.date(2007, 4, 1)))

        assert found.count() == 2
        assert not block_places(
            bought.lead, nights=(dt.date(2007, 3, 1), dt.date(2007, 4, 2))
        ).exists()
        assert not block_places(bought.partner, nights=(DAY, AUTUMN)).exists()
        assert ContractPlace.objects.count() == 2

    def test_a_framework_says_its_price_and_what_its_ceiling_leaves(self, bought):
        bought.awarded(
            kind="FRAMEWORK",
            places=None,
            ceiling=D(50_000),
            uplift=D(10),
            uplift_on=dt.date(2006, 6, 1),
        )

        (one,) = buying_contracts(bought.lead, on=DAY, providers=[bought.provider.pk])

        assert (one.weekly_price, one.left) == (D("770.00"), D(50_000))
        assert one.contract.proposed_by == Side.COMMISSIONER
