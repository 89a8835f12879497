"""Call-offs as rows, and a market in which one can be bought."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from commissioning.models import InterventionType
from commissioning.scoping import System
from providers.choices import CallOffKind, CallOffState, PlaceKind
from providers.models import CallOff, CallOffExtension, CallOffMoney
from providers.services.places import hold_place, open_places
from tests.commissioning.plans.sound import framework_rows
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.ledger import allocated, line_of, plan_of, stream
from tests.factories.plans import InterventionTypeFactory
from tests.factories.providers import (
    DeliveredFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
)

TODAY = dt.date(2006, 9, 1)
FROM, UNTIL = dt.date(2006, 9, 4), dt.date(2006, 11, 27)  # twelve weeks
WEEK = dt.timedelta(days=7)


class CallOffFactory(DjangoModelFactory):
    """Twelve weeks at £700 that wait for approval."""

    partnership = factory.SubFactory(PartnershipFactory)
    place = factory.SubFactory(PlaceFactory)
    provider = factory.SelfAttribute("place.service.provider")
    intervention = factory.SubFactory(
        InterventionTypeFactory,
        code="residential-rehabilitation",
        name="Residential rehabilitation",
    )
    case = "C-1"
    kind = CallOffKind.SPOT
    state = CallOffState.REQUESTED
    starts_on, ends_on = FROM, UNTIL
    weekly_price = Decimal(700)
    cost = Decimal(8400)
    requested_by = factory.SubFactory(UserFactory)

    class Meta:
        model = CallOff


class ExtensionFactory(DjangoModelFactory):
    """Two weeks more."""

    call_off = factory.SubFactory(CallOffFactory)
    number = 1
    since = UNTIL
    until = UNTIL + 2 * WEEK
    cost = Decimal(1400)
    reason = "The flat is not ready."
    asked_by = factory.SubFactory(UserFactory)

    class Meta:
        model = CallOffExtension


class CallOffMoneyFactory(DjangoModelFactory):
    call_off = factory.SubFactory(CallOffFactory)
    line = factory.LazyFunction(lambda: line_of(plan_of()))
    stream = factory.LazyFunction(stream)
    amount = Decimal(8400)

    class Meta:
        model = CallOffMoney


class Market:
    """A provider with beds at £700 a week, and a partnership whose plan has a line from three
    streams.

    `carer` requests, `approver` approves up to £10,000, `lead` without a limit; `keeper` keeps
    the provider's places.
    """

    def __init__(self, *, beds=2, money=10_000, limit=10_000, year=2006, names=("", "")):
        framework_rows()
        self.kind = InterventionType.objects.get(code="residential-rehabilitation")
        partnership = {"organisation__name": names[0]} if names[0] else {}
        provider = {"organisation__name": names[1]} if names[1] else {}
        self.partnership = PartnershipFactory(**partnership)
        self.provider = ProviderFactory(**provider)
        self.service = ServiceFactory(
            provider=self.provider,
            name="Valley House",
            telephone="0191 498 0000",
            is_national=True,
        )
        DeliveredFactory(service=self.service, intervention=self.kind, weekly_price=Decimal(700))
        self.beds = open_places(
            service=self.service,
            labels=[f"Bed {n}" for n in range(1, beds + 1)],
            kind=PlaceKind.BED,
            on=dt.date(2004, 4, 1),
            today=TODAY,
            by=System("a test"),
        )
        self.carer = UserFactory(name="Cy Ward", care_manager_of=self.partnership)
        self.lead = UserFactory(name="Bo Lee", lead_of=self.partnership)
        self.approver = UserFactory(name="Al Penny", finance_approver_of=self.partnership)
        self.approver.memberships.update(approval_limit=limit)
        self.keeper = UserFactory(name="Kim Nightly", keyworker_of=self.provider)
        self.plan = plan_of(self.partnership, year=year)
        self.line = line_of(self.plan, "Residential rehabilitation")
        streams = ("pooled-treatment", "mainstream", "drug-interventions")
        self.parts = [allocated(self.line, money, code) for code in streams]

    def hold(self, bed=0, *, nights=(FROM, UNTIL), case="C-1", **words):
        given = {"by": self.carer, "on": TODAY, "hours": 48} | words
        return hold_place(
            place=self.beds[bed],
            nights=nights,
            partnership=self.partnership,
            case=case,
            **given,
        )
