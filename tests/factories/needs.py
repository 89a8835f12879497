"""Needs assessments and the evidence they are filled from."""

import datetime as dt
from decimal import Decimal

from commissioning.models import (
    Evidence,
    InterventionType,
    NeedsArea,
    NeedsAssessment,
    Organisation,
    Plan,
)
from commissioning.models.plans import year_period
from tests.factories.commissioning import NationFactory, PartnershipFactory

YEAR = 2006
DAY = dt.date(2006, 4, 1)


def plan_of(partnership=None, **words):
    """A draft of the partnership's own plan of the year."""
    given = {"year": YEAR, "slug": year_period(YEAR).code} | words
    return Plan.objects.create(partnership=partnership or PartnershipFactory(), **given)


def assessment_of(*areas, year=YEAR, **words):
    """An assessment led by the first of the areas."""
    lead, *_ = areas or (PartnershipFactory(),)
    made = NeedsAssessment.objects.create(partnership=lead, year=year, **words)
    for area in areas or (lead,):
        NeedsArea.objects.create(assessment=made, partnership=area, year=year)
    return made


def fact(subject, name, period, value, *, shown=None, as_at=DAY):
    """Evidence of an organisation; `shown` is what others may see of it. None: not measured."""
    return Evidence.objects.create(
        subject=getattr(subject, "organisation", subject),
        name=name,
        period=period,
        value=None if value is None else Decimal(value),
        shown_value=None if shown is None else Decimal(shown),
        as_at=as_at,
        source=f"{name}, {period}; a test",
    )


def england(in_treatment=145_000):
    nation = Organisation.objects.filter(kind="NATION").first() or NationFactory()
    fact(nation, "in-treatment", "2006-03", in_treatment, shown=in_treatment)
    return nation


def intervention(code="specialist-prescribing", name="Specialist prescribing"):
    made, _ = InterventionType.objects.get_or_create(
        code=code, defaults={"name": name, "is_structured": True, "position": 1}
    )
    return made
