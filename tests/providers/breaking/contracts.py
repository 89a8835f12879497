"""Rows that break the promises about contracts."""

import datetime as dt

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from providers.models import (
    Contract,
    ContractDocument,
    ContractMoney,
    ContractShare,
    ContractVersion,
    ShareAgreement,
    Variation,
    VariationMoney,
)
from tests.architecture.constraints import again
from tests.factories.commissioning import UserFactory
from tests.factories.contracts import (
    ClauseFactory,
    ContractPlaceFactory,
    DocumentFactory,
    SubContractorFactory,
    VariationFactory,
    VersionFactory,
)
from tests.factories.ledger import line_of, plan_of, stream
from tests.factories.providers import ContractFactory, ContractShareFactory

AT = dt.datetime(2006, 4, 1, tzinfo=dt.UTC)
# Any comparison with `>=` alone lets it through.
NAN = Cast(Value("NaN"), DecimalField(max_digits=12, decimal_places=2))


def contract(**words):
    Contract.objects.filter(pk=ContractFactory().pk).update(**words)


def money(**words):
    given = {"contract": ContractFactory(), "line": line_of(plan_of()), "stream": stream()}
    return ContractMoney.objects.create(**given | {"amount": 1} | words)


def more_money(**words):
    given = {"variation": VariationFactory(), "line": line_of(plan_of()), "stream": stream()}
    given |= {"amount": 1, "put_by": UserFactory()}
    return VariationMoney.objects.create(**given | words)


def document():
    kept = ContractDocument.objects.create(contract=ContractFactory(), document=DocumentFactory())
    return again(kept)


def agreement():
    held = ContractFactory()
    return ShareAgreement.objects.create(
        contract=held, partnership=held.lead, version=1, agreed_by=UserFactory()
    )


def awarded_by_its_writer():
    person = UserFactory()
    ContractFactory(drafted_by=person, awarded_by=person)


def waived_by_its_writer():
    person = UserFactory()
    ContractFactory(drafted_by=person, waiver_by=person)


def in_force_by_whoever_proposed():
    person = UserFactory()
    VariationFactory(state="ACCEPTED", proposed_by=person, decided_by=person)


def reopened():
    made = VariationFactory(state="REFUSED")
    Variation.objects.filter(pk=made.pk).update(state="PROPOSED")


BREAKING = {
    "contract_kind_is_known": lambda: contract(kind="GIFT"),
    "contract_state_is_known": lambda: ContractFactory(state="LOST"),
    "contract_state_follows": lambda: contract(state="ENDED"),
    "contract_ends_after_it_starts": lambda: contract(ends_on=dt.date(2006, 4, 1)),
    "contract_does_not_end_before_it_starts": lambda: contract(ended_on=dt.date(2006, 3, 31)),
    "contract_price_is_an_amount": lambda: contract(price=NAN, price_unit="YEAR"),
    "contract_price_is_for_something": lambda: contract(price=1),
    "contract_ceiling_is_an_amount": lambda: contract(ceiling=0),
    "contract_take_up_is_a_percentage": lambda: contract(take_up=101),
    "contract_void_rate_is_a_percentage": lambda: contract(void_rate=-1),
    "contract_uplift_is_a_percentage": lambda: contract(uplift=NAN),
    "block_contract_has_places_at_a_price": lambda: contract(kind="BLOCK", state="OFFERED"),
    "waiver_has_a_reason_and_an_approver": lambda: ContractFactory(
        state="LIVE", accepted_at=AT, awarded_at=AT, tender_route="WAIVER"
    ),
    "waiver_is_approved_by_another_person": waived_by_its_writer,
    "contract_is_awarded_by_another_person": awarded_by_its_writer,
    "contract_in_force_was_accepted_and_awarded": lambda: ContractFactory(
        state="LIVE", accepted_at=None, awarded_at=None
    ),
    "partnership_shares_in_a_contract_once": lambda: again(ContractShareFactory()),
    "contract_share_is_a_percentage": lambda: ContractShare.objects.filter(
        pk=ContractShareFactory().pk
    ).update(share=NAN),
    "contract_share_does_not_end_before_it_begins": lambda: ContractShareFactory(
        joined_on=AT.date(), left_on=AT.date() - dt.timedelta(days=1)
    ),
    "partnership_agrees_to_a_version_once": lambda: again(agreement()),
    "contract_takes_from_a_stream_of_a_line_once": lambda: again(money()),
    "contract_money_is_an_amount": lambda: money(amount=NAN),
    "variation_takes_from_a_stream_of_a_line_once": lambda: again(more_money()),
    "variation_money_is_an_amount": lambda: more_money(amount=0),
    "provider_is_a_sub_contractor_once": lambda: again(SubContractorFactory()),
    "place_is_in_one_block_contract_a_night": lambda: again(
        ContractPlaceFactory(), contract=ContractFactory()
    ),
    "place_is_sold_a_night_or_more": lambda: ContractPlaceFactory(nights=(AT.date(), AT.date())),
    "clause_is_answered_once_a_contract": lambda: again(ClauseFactory()),
    "document_is_with_a_contract_once": document,
    "contract_version_has_a_number": lambda: again(VersionFactory()),
    "contract_version_has_a_reason": lambda: VersionFactory(reason=""),
    "contract_version_is_frozen": lambda: ContractVersion.objects.filter(
        pk=VersionFactory().pk
    ).update(reason="Another"),
    "variation_has_a_number": lambda: again(VariationFactory(), state="WITHDRAWN"),
    "contract_has_one_variation_in_hand": lambda: again(VariationFactory(), number=2),
    "variation_state_is_known": lambda: VariationFactory(state="LOST"),
    "variation_state_follows": reopened,
    "variation_kind_is_known": lambda: VariationFactory(kind="WHIM"),
    "variation_has_a_reason": lambda: VariationFactory(reason=""),
    "variation_is_put_into_force_by_another_person": in_force_by_whoever_proposed,
}
