"""What else stands in the register: hours, practices, prescribers, shared care."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from providers.choices import PracticeContract, PrescriberLevel
from providers.models import (
    OpeningHours,
    Practice,
    PrescriberCount,
    SharedCareMember,
    SharedCareScheme,
)
from tests.factories.commissioning import PartnershipFactory
from tests.factories.providers import ProviderFactory, ServiceFactory


class HoursFactory(DjangoModelFactory):
    """Monday, nine to five."""

    service = factory.SubFactory(ServiceFactory)
    weekday = 0
    opens = dt.time(9)
    closes = dt.time(17)

    class Meta:
        model = OpeningHours


class PracticeFactory(DjangoModelFactory):
    """A practice with a locally enhanced service, in a partnership of its own."""

    provider = factory.SubFactory(ProviderFactory)
    partnership = factory.SubFactory(PartnershipFactory)
    contract_kind = PracticeContract.LES

    class Meta:
        model = Practice


class PrescriberFactory(DjangoModelFactory):
    """Two doctors who provide enhanced services."""

    provider = factory.SubFactory(ProviderFactory)
    level = PrescriberLevel.ENHANCED
    people = 2
    stated_on = dt.date(2007, 1, 15)

    class Meta:
        model = PrescriberCount


class SchemeFactory(DjangoModelFactory):
    """A scheme without members, never reviewed, to be reviewed in a month."""

    partnership = factory.SubFactory(PartnershipFactory)
    slug = factory.Sequence(lambda n: f"scheme-{n}")
    name = factory.Sequence(lambda n: f"Scheme {n}")
    review_by = dt.date(2007, 3, 15)

    class Meta:
        model = SharedCareScheme


class SchemeMemberFactory(DjangoModelFactory):
    """A practice that joined a scheme of its partnership."""

    scheme = factory.SubFactory(SchemeFactory)
    provider = factory.SelfAttribute("practice.provider")
    joined_on = dt.date(2006, 4, 1)

    class Meta:
        model = SharedCareMember

    class Params:
        practice = factory.SubFactory(
            PracticeFactory, partnership=factory.SelfAttribute("..scheme.partnership")
        )
