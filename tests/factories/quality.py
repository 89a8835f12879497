"""Staff of providers, records of their quality, and lists of preferred providers."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from providers.choices import QualityKind, StaffRole
from providers.models import (
    CompetenceCount,
    PreferredList,
    PreferredProvider,
    QualityRecord,
    RequirementEvidence,
    StaffCount,
)
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.providers import ProviderFactory

STATED = dt.date(2006, 10, 1)


class StaffFactory(DjangoModelFactory):
    """Four nurses in five posts."""

    provider = factory.SubFactory(ProviderFactory)
    role = StaffRole.NURSE
    posts = 5
    in_post = 4
    stated_on = STATED

    class Meta:
        model = StaffCount


class CompetenceFactory(DjangoModelFactory):
    """Three of four nurses who need to assess can show that they do it to standard."""

    provider = factory.SubFactory(ProviderFactory)
    role = StaffRole.NURSE
    unit = "AF1"
    needed = 4
    held = 3
    stated_on = STATED

    class Meta:
        model = CompetenceCount


class QualityRecordFactory(DjangoModelFactory):
    """An inspection without an end."""

    provider = factory.SubFactory(ProviderFactory)
    kind = QualityKind.INSPECTION
    outcome = "Good"
    held_on = STATED

    class Meta:
        model = QualityRecord


class RequirementFactory(DjangoModelFactory):
    """A requirement that is met."""

    provider = factory.SubFactory(ProviderFactory)
    requirement = "clinical-governance"
    is_met = True
    evidence = "A lead clinician and a yearly programme"
    stated_on = STATED

    class Meta:
        model = RequirementEvidence


class PreferredListFactory(DjangoModelFactory):
    """A partnership's list, without providers."""

    organisation = factory.LazyFunction(lambda: PartnershipFactory().organisation)
    slug = factory.Sequence(lambda n: f"list-{n}")
    name = "Rehabilitation"
    review_by = dt.date(2008, 4, 1)

    class Meta:
        model = PreferredList


class PreferredFactory(DjangoModelFactory):
    """A provider on a list since April 2006."""

    preferred_list = factory.SubFactory(PreferredListFactory)
    provider = factory.SubFactory(ProviderFactory)
    evidence = "Inspected, and visited by two commissioners"
    from_on = dt.date(2006, 4, 1)
    review_by = dt.date(2007, 4, 1)
    decided_by = factory.SubFactory(UserFactory)

    class Meta:
        model = PreferredProvider
