"""From a draft to an award: who does what, what is refused, and what it brings about."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, Entry, Notice
from commissioning.services.ledger import BeyondTheLine
from providers.choices import ContractKind, ContractState, Side, TenderRoute
from providers.models import ContractPlace, ContractShare
from providers.services.contracts import (
    ContractChanged,
    ContractRefused,
    ShareGiven,
    accept_contract,
    agree_part,
    approve_waiver,
    award_contract,
    edit_contract,
    offer_contract,
    put_money,
    send_back,
    set_shares,
    set_tender,
    withdraw_contract,
)
from tests.factories.commissioning import MembershipFactory, PartnershipFactory, UserFactory
from tests.factories.contracts import Bought
from tests.factories.ledger import DAY, allocated, line_of, plan_of

pytestmark = pytest.mark.django_db
D = Decimal
COST = D("73000.00")  # two beds at £100 a day for a year


@pytest.fixture
def bought():
    return Bought()


def state(contract):
    contract.refresh_from_db()
    return contract.state


def award(contract, by):
    return award_contract(contract=contract, by=by, on=DAY)


class TestDrafting:
    def test_a_commissioner_drafts_and_leads_it_wholly(self, bought):
        made = bought.drafted()

        assert made.proposed_by == Side.COMMISSIONER
        assert made.reference == f"{bought.lead.code}-2006-1".lower()
        assert [(one.partnership, one.share) for one in made.shares.all()] == [(bought.lead, 100)]

    def test_a_provider_proposes_one(self, bought):
        made = bought.drafted(side=Side.PROVIDER)

        assert made.proposed_by == Side.PROVIDER
        assert list(made.writers.all()) == [bought.manager]

    def test_neither_writes_for_the_other(self, bought):
        made = bought.drafted()

        with pytest.raises(NotPermitted):
            edit_contract(contract=made, terms=bought.terms(places=3), by=bought.manager)

    def test_a_contract_that_ends_before_it_starts_is_refused_in_a_sentence(self, bought):
        with pytest.raises(ContractRefused) as refused:
            bought.drafted(ends_on=dt.date(2006, 3, 1))

        assert str(refused.value) == (
            "The contract would end on 1 March 2006, which is not after it starts on 1 April 2006."
        )

    def test_who_saved_meanwhile_is_not_overwritten(self, bought):
        made = bought.drafted()
        edit_contract(
            contract=made, terms=bought.terms(places=1), by=bought.writer, revision=made.revision
        )

        with pytest.raises(ContractChanged):
            edit_contract(
                contract=made,
                terms=bought.terms(places=2),
                by=bought.writer,
                revision=made.revision,
            )

        made.refresh_from_db()
        assert made.places == 1

    def test_what_is_offered_is_not_rewritten(self, bought):
        made = bought.offered()

        with pytest.raises(ContractRefused, match="Only a draft is written"):
            edit_contract(contract=made, terms=bought.terms(places=1), by=bought.writer)


class TestSharing:
    @pytest.mark.parametrize(
        ("shares", "sentence"),
        [
            (("60", "39.9"), "The shares come to 99.9 %. They must make 100 % exactly."),
            (("60", "40.001"), "The shares come to 100.001 %. They must make 100 % exactly."),
            (("100", "0"), "Each partnership has a share above 0 %."),
        ],
    )
    def test_shares_make_a_hundred_exactly(self, bought, shares, sentence):
        made = bought.drafted()
        parties = (bought.lead, bought.partner)

        with pytest.raises(ContractRefused) as refused:
            set_shares(
                contract=made,
                shares=[ShareGiven(p.pk, D(s)) for p, s in zip(parties, shares, strict=True)],
                by=bought.writer,
            )

        assert str(refused.value) == sentence
        assert ContractShare.objects.get(contract=made).share == 100

    def test_the_lead_has_a_share(self, bought):
        made = bought.drafted()

        with pytest.raises(ContractRefused, match="leads the contract and must have a share"):
            set_shares(
                contract=made, shares=[ShareGiven(bought.partner.pk, D(100))], by=bought.writer
            )


class TestOffering:
    def test_the_other_side_is_told_and_accepts(self, bought):
        made = bought.offered()

        assert state(made) == ContractState.OFFERED
        assert made.accepted_by == bought.manager
        assert Notice.objects.filter(person=bought.manager, sentence__contains="offers you")

    def test_what_a_provider_proposes_it_has_accepted(self, bought):
        made = bought.drafted(side=Side.PROVIDER)

        offer_contract(contract=made, by=bought.manager, on=DAY)

        made.refresh_from_db()
        assert made.accepted_by == bought.manager
        assert Notice.objects.filter(person=bought.writer, sentence__contains="proposes")

    def test_a_commissioner_sends_back_what_is_proposed_with_a_reason(self, bought):
        made = bought.offered(side=Side.PROVIDER)

        with pytest.raises(ContractRefused, match="Say what is to be written otherwise"):
            send_back(contract=made, reason=" ", by=bought.writer, on=DAY)
        send_back(contract=made, reason="Fewer beds.", by=bought.writer, on=DAY)

        assert state(made) == ContractState.DRAFT
        assert made.accepted_at is None

    def test_who_offered_cannot_send_it_back(self, bought):
        made = bought.offered()

        with pytest.raises(NotPermitted):
            send_back(contract=made, reason="So.", by=bought.writer, on=DAY)

    def test_what_covers_nothing_is_not_offered(self, bought):
        made = bought.drafted()
        made.interventions.clear()

        with pytest.raises(ContractRefused, match="Say which interventions the contract covers"):
            offer_contract(contract=made, by=bought.writer, on=DAY)

    def test_an_offer_can_be_withdrawn_and_that_is_its_end(self, bought):
        made = bought.offered()

        withdraw_contract(contract=made, reason="The money went.", by=bought.writer, on=DAY)

        assert state(made) == ContractState.WITHDRAWN
        with pytest.raises(ContractRefused, match="It is withdrawn"):
            award(made, bought.awarder)


class TestAwarding:
    def test_it_binds_commits_its_money_and_sells_its_beds_at_once(self, bought):
        made = bought.awarded()

        bought.part.refresh_from_db()
        entry = Entry.objects.get(kind="COMMITMENT")
        assert made.state == ContractState.LIVE  # its first day was over
        assert bought.part.committed == COST
        assert (entry.cause, entry.made_by) == (f"contract:{made.reference}:v1", bought.awarder)
        assert set(ContractPlace.objects.values_list("place", flat=True)) == {
            one.pk for one in bought.places
        }
        version = made.versions.get()
        assert version.content["costs"] == {"FY2006": "73000.00"}
        assert AuditEvent.objects.filter(action="contract.awarded").count() == 1
        assert Notice.objects.filter(person=bought.manager, sentence__contains="is awarded to you")

    def test_nobody_awards_what_they_wrote(self, bought):
        made = bought.offered()
        MembershipFactory(user=bought.writer, organisation=bought.lead.organisation, role="LEAD")
        bought.writer.__dict__.pop("_held_memberships", None)

        with pytest.raises(ContractRefused) as refused:
            award(made, bought.writer)

        assert str(refused.value) == "You wrote of this contract: another person awards it."

    def test_whoever_put_its_money_on_lines_does_not_award_it(self, bought):
        made = bought.offered()
        put_money(
            contract=made, plan=bought.plan, amounts={bought.part.pk: COST}, by=bought.awarder
        )

        with pytest.raises(ContractRefused, match="another person awards it"):
            award(made, bought.awarder)

    def test_a_limit_covers_it_or_not(self, bought):
        made = bought.offered()
        approver = UserFactory()
        held = MembershipFactory(
            user=approver,
            organisation=bought.lead.organisation,
            role="FINANCE_APPROVER",
            approval_limit=D("72999.99"),
        )

        with pytest.raises(ContractRefused) as refused:
            award(made, approver)
        assert str(refused.value) == ("You approve up to £72,999.99, and this comes to £73,000.")

        held.approval_limit = COST
        held.save()
        approver.__dict__.pop("_held_memberships", None)
        assert award(made, approver).awarded_by == approver

    def test_it_covers_the_parts_of_all_partnerships(self):
        bought = Bought(share=60)
        made = bought.offered()
        agree_part(contract=made, partnership=bought.partner, by=bought.partner_awarder)
        approver = UserFactory(finance_approver_of=bought.lead)
        approver.memberships.update(approval_limit=D("72999.99"))

        with pytest.raises(ContractRefused) as refused:
            award(made, approver)

        assert str(refused.value) == (
            "You approve up to £72,999.99, and this comes to £73,000 for all its partnerships"
            " together."
        )

    def test_a_line_that_cannot_bear_it_refuses_all_of_it(self):
        bought = Bought(money=72_999)
        made = bought.offered()

        with pytest.raises(BeyondTheLine) as refused:
            award(made, bought.awarder)

        assert str(refused.value) == (
            "£73,000 was asked for, and £72,999 is free on line 1. Rehabilitation, Pooled"
            " treatment budget."
        )
        assert state(made) == ContractState.OFFERED
        assert not made.versions.exists()
        assert not ContractPlace.objects.exists()
        assert not Entry.objects.filter(kind="COMMITMENT").exists()

    def test_money_that_does_not_add_up_is_told_to_the_penny(self, bought):
        made = bought.offered()
        put_money(
            contract=made,
            plan=bought.plan,
            amounts={bought.part.pk: COST - D("0.01")},
            by=bought.writer,
        )

        with pytest.raises(ContractRefused) as refused:
            award(made, bought.awarder)

        assert str(refused.value) == (
            f"£73,000 of the contract falls to {bought.plan}, and £72,999.99 is on its lines."
            " Put £0.01 more on them."
        )

    def test_what_the_provider_has_not_accepted_is_not_awarded(self, bought):
        made = bought.drafted()
        set_tender(contract=made, route=TenderRoute.OPEN, by=bought.writer)
        offer_contract(contract=made, by=bought.writer, on=DAY)

        with pytest.raises(ContractRefused, match="has not accepted the contract yet"):
            award(made, bought.awarder)

    def test_accepted_twice_it_is_accepted_once(self, bought):
        made = bought.offered()
        at = made.accepted_at

        accept_contract(contract=made, by=bought.manager, on=DAY)

        made.refresh_from_db()
        assert made.accepted_at == at

    def test_an_analyst_awards_nothing(self, bought):
        with pytest.raises(NotPermitted):
            award(bought.offered(), UserFactory(analyst_of=bought.lead))

    def test_a_spot_contract_promises_nothing_until_it_is_called_off(self, bought):
        made = bought.awarded(kind=ContractKind.SPOT, places=None)

        bought.part.refresh_from_db()
        assert made.state == ContractState.LIVE
        assert bought.part.committed == 0


class TestWaivers:
    def test_a_waiver_needs_a_reason_and_another_person(self, bought):
        made = bought.offered()
        with pytest.raises(ContractRefused, match="Say why standing orders are waived"):
            set_tender(contract=made, route=TenderRoute.WAIVER, by=bought.writer)
        set_tender(
            contract=made, route=TenderRoute.WAIVER, waiver_reason="One bidder.", by=bought.writer
        )

        with pytest.raises(ContractRefused, match="is not approved yet"):
            award(made, bought.awarder)
        approve_waiver(contract=made, by=bought.awarder)

        assert award(made, bought.awarder).waiver_by == bought.awarder

    def test_the_writer_approves_no_waiver(self, bought):
        made = bought.drafted()
        set_tender(
            contract=made, route=TenderRoute.WAIVER, waiver_reason="One bidder.", by=bought.awarder
        )

        with pytest.raises(ContractRefused, match="another person approves the waiver of it"):
            approve_waiver(contract=made, by=bought.awarder)


class TestTogether:
    @pytest.fixture
    def bought(self):
        return Bought(share=Decimal("66.667"))

    def test_each_partnership_pays_its_part_to_the_penny_from_its_own_plan(self, bought):
        bought.awarded()

        bought.part.refresh_from_db()
        bought.partner_part.refresh_from_db()
        assert bought.part.committed == D("48666.91")
        assert bought.partner_part.committed == D("24333.09")

    def test_nobodys_money_is_committed_before_they_agree(self, bought):
        made = bought.offered()

        with pytest.raises(ContractRefused) as refused:
            award(made, bought.awarder)

        assert str(refused.value) == (
            f"{bought.partner} has not agreed to its part yet. One of its approvers agrees first."
        )

    def test_who_wrote_the_partners_money_does_not_agree_to_it(self, bought):
        made = bought.offered()
        MembershipFactory(
            user=bought.partner_writer, organisation=bought.partner.organisation, role="LEAD"
        )
        bought.partner_writer.__dict__.pop("_held_memberships", None)

        with pytest.raises(ContractRefused, match="another person agrees to your part of it"):
            agree_part(contract=made, partnership=bought.partner, by=bought.partner_writer)

    def test_other_shares_ask_for_a_new_yes(self, bought):
        made = bought.offered()
        agree_part(contract=made, partnership=bought.partner, by=bought.partner_awarder)

        set_shares(
            contract=made,
            shares=[ShareGiven(bought.lead.pk, D(50)), ShareGiven(bought.partner.pk, D(50))],
            by=bought.writer,
        )

        assert not made.agreements.exists()

    def test_the_lead_writes_no_money_of_the_partner(self, bought):
        made = bought.drafted()

        with pytest.raises(NotPermitted):
            put_money(
                contract=made,
                plan=bought.partner_plan,
                amounts={bought.partner_part.pk: D(1)},
                by=bought.writer,
            )

    def test_whoever_has_no_share_puts_no_money_on_it(self, bought):
        made, stranger = bought.drafted(), PartnershipFactory()
        plan = plan_of(stranger)
        part = allocated(line_of(plan), 10)

        with pytest.raises(ContractRefused, match="has no share in the contract"):
            put_money(
                contract=made,
                plan=plan,
                amounts={part.pk: D(1)},
                by=UserFactory(commissioner_of=stranger),
            )


class TestSellingBeds:
    def test_a_bed_that_is_sold_already_is_named_with_who_has_it(self, bought):
        first = bought.awarded()
        again = bought.offered(title="Again", price=D("7.00"))

        with pytest.raises(ContractRefused) as refused:
            award(again, bought.awarder)

        bed = bought.places[0]
        assert str(refused.value) == (
            f"2 places are to be sold from 1 April 2006, and 0 of {bought.provider} are in no"
            f" block contract. {bed} is sold to {bought.lead} in contract {first.reference} from"
            " 1 April 2006 to 31 March 2007."
        )

    def test_the_beds_that_were_chosen_are_sold(self):
        bought = Bought(beds=3)
        made = bought.drafted(places=1)
        made.wanted_places.set([bought.places[2]])
        set_tender(contract=made, route=TenderRoute.OPEN, by=bought.writer)
        bought.funded(made)
        offer_contract(contract=made, by=bought.writer, on=DAY)
        accept_contract(contract=made, by=bought.manager, on=DAY)

        award(made, bought.awarder)

        assert made.sold_places.get().place == bought.places[2]

    def test_a_service_without_places_on_the_register_sells_none(self):
        bought = Bought(beds=0)

        assert not bought.awarded().sold_places.exists()
