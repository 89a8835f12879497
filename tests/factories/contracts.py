"""Contracts in every state, their money, and what is measured of them."""

import datetime as dt
from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from commissioning.models import Document, InterventionType
from providers.choices import ContractKind, PriceUnit, Side, TenderRoute
from providers.models import (
    ContractClause,
    ContractDocument,
    ContractPlace,
    ContractVersion,
    MonitoringReturn,
    PerformanceComment,
    PerformanceMeasure,
    PerformanceReading,
    SubContractor,
    Variation,
)
from providers.reference.clauses import BY_CODE
from providers.selectors.contracts.content import fields_of
from providers.selectors.contracts.costs import cost_of
from providers.selectors.contracts.money import to_carry
from providers.services.contracts import (
    ShareGiven,
    TermsGiven,
    accept_contract,
    agree_part,
    award_contract,
    cover_interventions,
    cover_services,
    draft_contract,
    keep_clauses,
    offer_contract,
    put_money,
    set_shares,
    set_tender,
)
from providers.services.contracts.performance import set_schedule
from tests.commissioning.plans.sound import framework_rows
from tests.factories.commissioning import OrganisationFactory, PartnershipFactory, UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.factories.providers import (
    ContractFactory,
    ContractShareFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
)

YEAR = (dt.date(2006, 4, 1), dt.date(2007, 4, 1))


class DocumentFactory(DjangoModelFactory):
    organisation = factory.SubFactory(OrganisationFactory)
    name = "contract.txt"
    file = factory.LazyFunction(lambda: ContentFile(b"words", name="contract.txt"))
    content_type = "text/plain"
    size = 5
    sha256 = "0" * 64
    added_by = factory.SubFactory(UserFactory)

    class Meta:
        model = Document


class SubContractorFactory(DjangoModelFactory):
    contract = factory.SubFactory(ContractFactory)
    provider = factory.SubFactory(ProviderFactory)
    does = "Detoxification"

    class Meta:
        model = SubContractor


class ContractPlaceFactory(DjangoModelFactory):
    """A bed that is sold for the year 2006/07."""

    contract = factory.SubFactory(ContractFactory)
    place = factory.SubFactory(PlaceFactory)
    nights = YEAR

    class Meta:
        model = ContractPlace


class ClauseFactory(DjangoModelFactory):
    contract = factory.SubFactory(ContractFactory)
    clause = "ndtms"
    is_included = True

    class Meta:
        model = ContractClause


class VersionFactory(DjangoModelFactory):
    contract = factory.SubFactory(ContractFactory)
    number = 1
    holds_from = dt.date(2006, 4, 1)
    reason = "Awarded."
    content = factory.LazyFunction(dict)

    class Meta:
        model = ContractVersion


class VariationFactory(DjangoModelFactory):
    """Two beds fewer, proposed by the commissioner."""

    contract = factory.SubFactory(ContractFactory)
    number = 1
    side = Side.COMMISSIONER
    changes = factory.LazyFunction(lambda: {"places": 6})
    holds_from = dt.date(2006, 10, 1)
    proposed_on = dt.date(2006, 6, 1)
    reason = "Fewer people come."
    proposed_by = factory.SubFactory(UserFactory)

    class Meta:
        model = Variation


class MeasureFactory(DjangoModelFactory):
    contract = factory.SubFactory(ContractFactory)
    measure = "retention"
    target = Decimal("0.75")

    class Meta:
        model = PerformanceMeasure


class ReadingFactory(DjangoModelFactory):
    measure = factory.SubFactory(MeasureFactory)
    quarter = "2006-Q1"
    value = Decimal("0.80")
    as_at = dt.date(2006, 8, 1)

    class Meta:
        model = PerformanceReading


class MonitoringReturnFactory(DjangoModelFactory):
    contract = factory.SubFactory(ContractFactory)
    quarter = "2006-Q1"
    narrative = "All beds were open."
    sent_by = factory.SubFactory(UserFactory)

    class Meta:
        model = MonitoringReturn


class CommentFactory(DjangoModelFactory):
    contract = factory.SubFactory(ContractFactory)
    quarter = "2006-Q1"
    side = Side.COMMISSIONER
    text = "Too few stay."
    made_by = factory.SubFactory(UserFactory)

    class Meta:
        model = PerformanceComment


def contract_of(provider, partnership, **words):
    """A live spot contract between two organisations, with a document and a variation in hand."""
    made = ContractFactory(
        provider=provider.provider, lead=partnership.partnership, state="LIVE", **words
    )
    ContractShareFactory(contract=made)
    ContractDocument.objects.create(
        contract=made, document=DocumentFactory(organisation=partnership)
    )
    VariationFactory(contract=made, changes={"price": "600.00"})
    VersionFactory(contract=made, content=fields_of(made))
    return made


class Bought:
    """A block of two beds at £700 a week, ready to be awarded, and all who have a hand in it.

    `writer` and `awarder` work for the lead, `manager` for the provider; the lead's plan of
    2006/07 has a line with money. `partner` shares in it where `share` is less than 100.
    """

    def __init__(self, *, beds=2, money=100_000, share=100, year=2006, lead=None):
        framework_rows()
        self.kind = InterventionType.objects.get(code="residential-rehabilitation")
        self.provider = ProviderFactory()
        self.lead, self.partner = lead or PartnershipFactory(), PartnershipFactory()
        self.writer = UserFactory(commissioner_of=self.lead)
        self.awarder = UserFactory(lead_of=self.lead)
        self.manager = UserFactory(provider_manager_of=self.provider)
        self.service = ServiceFactory(provider=self.provider)
        self.places = [PlaceFactory(service=self.service) for _ in range(beds)]
        self.plan = plan_of(self.lead, year=year)
        self.part = allocated(line_of(self.plan, "Rehabilitation"), money)
        self.share = Decimal(share)
        if share < 100:
            self.partner_writer = UserFactory(commissioner_of=self.partner)
            self.partner_awarder = UserFactory(lead_of=self.partner)
            self.partner_plan = plan_of(self.partner, year=year)
            self.partner_part = allocated(line_of(self.partner_plan, "Rehabilitation"), money)

    def terms(self, **words):
        given = {
            "title": "Rehabilitation",
            "kind": ContractKind.BLOCK,
            "starts_on": YEAR[0],
            "ends_on": YEAR[1],
            "price": Decimal("700.00"),
            "price_unit": PriceUnit.BED_WEEK,
            "places": 2,
        }
        return TermsGiven(**given | words)

    def drafted(self, *, side=Side.COMMISSIONER, targets=None, **words):
        by = self.writer if side == Side.COMMISSIONER else self.manager
        made = draft_contract(
            provider=self.provider, lead=self.lead, terms=self.terms(**words), side=side, by=by
        )
        cover_interventions(contract=made, interventions=[self.kind], by=by)
        cover_services(contract=made, services=[self.service], by=by)
        keep_clauses(contract=made, included=set(BY_CODE), by=by)
        set_schedule(contract=made, targets=targets or {}, by=by)
        made.refresh_from_db()
        return made

    def offered(self, **words):
        """Offered and accepted, with its tender route and its money."""
        made = self.drafted(**words)
        by = self.writer
        if self.share < 100:
            shares = [
                ShareGiven(self.lead.pk, self.share),
                ShareGiven(self.partner.pk, 100 - self.share),
            ]
            set_shares(contract=made, shares=shares, by=by)
        set_tender(contract=made, route=TenderRoute.OPEN, by=by)
        self.funded(made)
        side = Side(made.proposed_by)
        offers = self.writer if side == Side.COMMISSIONER else self.manager
        offer_contract(contract=made, by=offers, on=DAY)
        accept_contract(contract=made, by=self.manager, on=DAY)
        made.refresh_from_db()
        return made

    def funded(self, contract):
        """All of what falls to each plan on its one line."""
        by_plan = {one.plan.pk: one.due for one in to_carry(contract, cost_of(contract))}
        parts = [(self.plan, self.part, self.writer)]
        if self.share < 100:
            parts.append((self.partner_plan, self.partner_part, self.partner_writer))
        for plan, part, by in parts:
            if plan.pk in by_plan:
                put_money(contract=contract, plan=plan, amounts={part.pk: by_plan[plan.pk]}, by=by)

    def awarded(self, **words):
        made = self.offered(**words)
        if self.share < 100:
            agree_part(contract=made, partnership=self.partner, by=self.partner_awarder)
        return award_contract(contract=made, by=self.awarder, on=DAY)
