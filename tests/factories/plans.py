"""Plans, the streams they are paid from, and their lines."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from commissioning.models import (
    Allocation,
    Funding,
    FundingStream,
    InterventionType,
    Line,
    Plan,
    SelfAssessment,
)
from commissioning.models.plans import year_period
from commissioning.reference import framework
from tests.factories.commissioning import PartnershipFactory


class PlanFactory(DjangoModelFactory):
    """A draft of a partnership's own plan for 2006/07."""

    partnership = factory.SubFactory(PartnershipFactory)
    year = 2006
    slug = factory.LazyAttribute(lambda made: f"FY{made.year}")

    class Meta:
        model = Plan


class StreamFactory(DjangoModelFactory):
    """A stream that may pay for anything."""

    code = factory.Sequence(lambda n: f"stream-{n}")
    name = factory.LazyAttribute(lambda made: made.code.replace("-", " ").capitalize())
    position = factory.Sequence(lambda n: n)
    source = "a test"
    mark = "B"

    class Meta:
        model = FundingStream
        django_get_or_create = ("code",)


class FundingFactory(DjangoModelFactory):
    """£1,000,000 of a stream in 2006/07."""

    partnership = factory.SubFactory(PartnershipFactory)
    year = 2006
    stream = factory.SubFactory(StreamFactory)
    amount = Decimal("1000000.00")

    class Meta:
        model = Funding


class InterventionTypeFactory(DjangoModelFactory):
    """A kind of the framework, by its code; its tier only where it is given."""

    code = "outreach"
    name = factory.LazyAttribute(lambda made: framework().intervention_type(made.code).name)
    is_structured = False
    position = factory.Sequence(lambda n: n)

    class Meta:
        model = InterventionType
        django_get_or_create = ("code",)


class LineFactory(DjangoModelFactory):
    """A line of a plain sum. `taking={stream: pounds}` also allocates it."""

    plan = factory.SubFactory(PlanFactory)
    number = factory.LazyAttribute(lambda made: made.plan.last_line_number + 1)
    position = factory.LazyAttribute(lambda made: made.number)
    name = factory.LazyAttribute(lambda made: f"Line {made.number}")
    plain_sum = Decimal("1000.00")
    cost = factory.LazyAttribute(lambda made: made.plain_sum or Decimal("0.00"))

    class Meta:
        model = Line

    @classmethod
    def _create(cls, model_class, *args, **words):
        taking = words.pop("taking", {})
        made = super()._create(model_class, *args, **words)
        made.plan.last_line_number = made.number
        made.plan.save(update_fields=["last_line_number"])
        for stream, amount in taking.items():
            Allocation.objects.create(line=made, stream=stream, amount=amount)
        return made


def judged(partnership, *, year=2006):
    """The partnership has finished judging its own commissioning of the year."""
    return SelfAssessment.objects.create(
        partnership=partnership, year=year, finished_on=year_period(year).start
    )
