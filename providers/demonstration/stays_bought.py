"""Places that the home partnership called off: one in every state there is.

A care manager asks, the finance approver decides, the house answers.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from commissioning.choices import PlanKind
from commissioning.kernel.money import ZERO, shared
from commissioning.models import Allocation, InterventionType, Partnership, User
from providers.choices import CallOffState, MoveOn
from providers.models import CallOff, Contract, Occupancy, Place, Service
from providers.rules.call_off_costs import cost_by_year
from providers.services.calling_off import (
    Purchase,
    accept_call_off,
    admit_person,
    approve_call_off,
    call_off_block,
    cancel_call_off,
    decline_call_off,
    end_stay,
    refuse_call_off,
    request_call_off,
)
from providers.services.places import hold_place

KIND = "residential-rehabilitation"
PRICE = Decimal(540)  # by the place; under the framework its price is the price
HOLD_HOURS = 46
TOO_LONG = "Six months at once: ask for three, and review them."
NO_COVER = "We cannot offer the medical cover that the assessment asks for."
NEAR_HOME = "They chose a day programme near home."
BECAUSE = "The block's house takes nobody on a methadone script."
LINE, THIRD = "Residential rehabilitation, spot", "Shared care with general practice"
THIRD_STREAM = "pct-mainstream"


@dataclass(frozen=True, kw_only=True)
class Bought:
    """One spell: from which day, for how many weeks, as far as which state."""

    case: str
    starts_on: dt.date
    weeks: int
    state: CallOffState
    left_after: int = 0  # weeks


SPELLS = (
    Bought(case="GH-0412", starts_on=dt.date(2006, 9, 4), weeks=12, state=CallOffState.ENDED,
           left_after=7),
    Bought(case="GH-0431", starts_on=dt.date(2006, 11, 6), weeks=12, state=CallOffState.ENDED,
           left_after=12),
    Bought(case="GH-0456", starts_on=dt.date(2007, 1, 22), weeks=12, state=CallOffState.ADMITTED),
    Bought(case="GH-0467", starts_on=dt.date(2007, 2, 19), weeks=12, state=CallOffState.ACCEPTED),
    Bought(case="GH-0470", starts_on=dt.date(2007, 2, 26), weeks=12, state=CallOffState.APPROVED),
    Bought(case="GH-0473", starts_on=dt.date(2007, 3, 5), weeks=12, state=CallOffState.REQUESTED),
    Bought(case="GH-0462", starts_on=dt.date(2007, 3, 5), weeks=26, state=CallOffState.REFUSED),
    Bought(case="GH-0464", starts_on=dt.date(2007, 2, 20), weeks=12, state=CallOffState.DECLINED),
    Bought(case="GH-0465", starts_on=dt.date(2007, 2, 21), weeks=12, state=CallOffState.CANCELLED),
)  # fmt: skip
# At a house that is on no block contract, at its own price.
BY_THE_PLACE = (
    Bought(case="GH-0419", starts_on=dt.date(2006, 10, 2), weeks=6, state=CallOffState.ENDED,
           left_after=6),
    Bought(case="GH-0428", starts_on=dt.date(2006, 10, 30), weeks=6, state=CallOffState.ENDED,
           left_after=6),
    Bought(case="GH-0459", starts_on=dt.date(2007, 1, 29), weeks=6, state=CallOffState.ADMITTED),
)  # fmt: skip
BLOCK_SPELLS = (
    ("ne-rehab-2006", "GH-0475", dt.date(2007, 2, 23), 5, CallOffState.APPROVED),
    ("gh-rehab-block", "GH-0448", dt.date(2007, 1, 9), 12, CallOffState.ADMITTED),
)


class Buyers:
    """Those who call off, decide and answer."""

    def __init__(
        self,
        *,
        home: Partnership,
        care: User,
        approver: User,
        sellers: Mapping[int, User],
        today: dt.date,
    ) -> None:
        self.home, self.care, self.approver = home, care, approver
        self.sellers, self.today = sellers, today
        self.kind = InterventionType.objects.get(pk=KIND)

    def run(self) -> None:
        framework = Contract.objects.get(reference="gh-rehab-framework")
        for spell, place in zip(SPELLS, _never_used(framework.services.all()), strict=False):
            self.spot(spell, place, framework)
        dearer = Contract.objects.get(reference="gh-rehab-spot")  # no longer: it is suspended
        for spell, place in zip(BY_THE_PLACE, _never_used(dearer.services.all()), strict=False):
            self.spot(spell, place, None)
        for reference, case, start, weeks, state in BLOCK_SPELLS:
            until = start + dt.timedelta(weeks=weeks)
            self.block(Contract.objects.get(reference=reference), case, (start, until), state)

    def spot(self, spell: Bought, place: Place, framework: Contract | None) -> None:
        """A spot purchase, under the framework or by itself, as far as its state."""
        on = min(spell.starts_on - dt.timedelta(days=6), self.today - dt.timedelta(days=1))
        until = spell.starts_on + dt.timedelta(weeks=spell.weeks)
        price = (framework and framework.price) or PRICE
        held = self._hold(place, (spell.starts_on, until), spell.case, on)
        made = request_call_off(
            occupancy=held,
            intervention=self.kind,
            purchase=Purchase(
                weekly_price=price,
                parts=self._parts(spell.starts_on, until, price),
                contract=framework,
                block_unused_because=BECAUSE,
            ),
            by=self.care,
            on=on,
        )
        self._bring(made, spell, on=on)

    def block(
        self,
        contract: Contract,
        case: str,
        nights: tuple[dt.date, dt.date],
        state: CallOffState,
    ) -> None:
        """A bed that is paid for already."""
        place = (
            Place.objects.filter(sold__contract=contract)
            .exclude(pk__in=Occupancy.objects.values("place"))
            .order_by("pk")
            .first()
        )
        if place is None:
            return
        start = nights[0]
        on = min(start - dt.timedelta(days=4), self.today)
        held = self._hold(place, nights, case, on)
        made = call_off_block(
            occupancy=held, intervention=self.kind, contract=contract, by=self.care, on=on
        )
        if state == CallOffState.ADMITTED:
            seller = self.sellers[made.provider_id]
            accept_call_off(call_off=made, by=seller)
            admit_person(call_off=made, came_on=start, today=start, by=seller)

    def _hold(
        self, place: Place, nights: tuple[dt.date, dt.date], case: str, on: dt.date
    ) -> Occupancy:
        return hold_place(
            place=place,
            nights=nights,
            partnership=self.home,
            case=case,
            hours=HOLD_HOURS,
            by=self.care,
            on=on,
        )

    def _bring(self, made: CallOff, spell: Bought, *, on: dt.date) -> None:
        """Decided and answered, as far as its state."""
        seller = self.sellers[made.provider_id]
        if spell.state == CallOffState.REQUESTED:
            return
        if spell.state == CallOffState.REFUSED:
            refuse_call_off(call_off=made, decision=TOO_LONG, by=self.approver, on=on)
            return
        made = approve_call_off(call_off=made, by=self.approver, on=on)
        if spell.state == CallOffState.DECLINED:
            decline_call_off(call_off=made, answer=NO_COVER, by=seller, on=on)
        elif spell.state != CallOffState.APPROVED:
            made = accept_call_off(call_off=made, by=seller)
            self._follow(made, spell, on=on, seller=seller)

    def _follow(self, made: CallOff, spell: Bought, *, on: dt.date, seller: User) -> None:
        """What became of a spell that the house accepted."""
        if spell.state == CallOffState.CANCELLED:
            cancel_call_off(call_off=made, reason=NEAR_HOME, by=self.care, on=on)
            return
        if spell.state == CallOffState.ACCEPTED:
            return
        start = spell.starts_on
        made = admit_person(call_off=made, came_on=start, today=start, by=seller)
        if spell.state != CallOffState.ENDED:
            return
        left = start + dt.timedelta(weeks=spell.left_after)
        as_planned = spell.left_after == spell.weeks
        end_stay(
            call_off=made,
            left_on=left,
            move_on=MoveOn.SUPPORTED_HOUSING if as_planned else MoveOn.OWN_HOME,
            as_planned=as_planned,
            today=left,
            by=seller,
            reason="" if as_planned else "They went back to look after a parent.",
        )

    def _parts(self, start: dt.date, until: dt.date, price: Decimal) -> dict[int, Decimal]:
        """The cost of each agreed year over three streams, as much of each as is free."""
        found: dict[int, Decimal] = {}
        for year, cost in cost_by_year(start, until, price).items():
            rows = Allocation.objects.filter(
                line__plan__partnership=self.home,
                line__plan__kind=PlanKind.OWN,
                line__plan__year=year,
            ).filter(Q(line__name=LINE) | Q(line__name=THIRD, stream=THIRD_STREAM))
            parts = list(rows.order_by("line__name", "stream"))
            free = [max(one.headroom, ZERO) for one in parts]
            if parts:
                amounts = shared(cost, free)
                found |= {one.pk: part for one, part in zip(parts, amounts, strict=True)}
        return {pk: amount for pk, amount in found.items() if amount > ZERO}


def _never_used(services: QuerySet[Service]) -> QuerySet[Place]:
    """Places of theirs that nobody had yet and no block contract bought."""
    return (
        Place.objects.filter(service__in=services, sold__isnull=True)
        .exclude(pk__in=Occupancy.objects.values("place"))
        .order_by("pk")
    )
