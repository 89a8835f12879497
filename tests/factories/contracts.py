"""Contracts in every state, their money, and what is measured of them."""

import datetime as dt
from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from commissioning.models import Document
from providers.choices import Side
from providers.models import (
    ContractClause,
    ContractPlace,
    ContractVersion,
    MonitoringReturn,
    PerformanceComment,
    PerformanceMeasure,
    PerformanceReading,
    SubContractor,
    Variation,
)
from tests.factories.commissioning import OrganisationFactory, UserFactory
from tests.factories.providers import ContractFactory, PlaceFactory, ProviderFactory

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
