"""What is bought place by place: prices on the spot, and how ceilings burn down."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction

from django.db.models import Avg, Sum

from commissioning.kernel.money import ZERO
from commissioning.models import User
from commissioning.roles import Permission
from providers.choices import CallOffKind
from providers.models import CallOff, Contract, DeliveredIntervention
from providers.rules.utilisation import pennies
from providers.selectors.among import among
from providers.selectors.contracts.costs import SPENT_IN

RESIDENTIAL = 4  # the tier of places one stays in (MoC 3.2.2)


def spot_prices(
    person: User, providers: Iterable[int], *, since: dt.date, until: dt.date
) -> dict[int, Decimal]:
    """Provider → what a week bought on the spot cost there, on average over the nights planned.

    Of the purchases whose money the person may see; stays that began in the days. One query.
    """
    rows = (
        CallOff.objects.permitted(person, Permission.CONTRACT_VIEW)
        .filter(
            provider__in=providers,
            kind=CallOffKind.SPOT,
            state__in=SPENT_IN,
            starts_on__gte=since,
            starts_on__lt=until,
        )
        .values_list("provider", "starts_on", "ends_on", "weekly_price")
    )
    nights: dict[int, int] = defaultdict(int)
    paid: dict[int, Fraction] = defaultdict(Fraction)
    for provider, starts_on, ends_on, price in rows:
        nights[provider] += (ends_on - starts_on).days
        paid[provider] += (ends_on - starts_on).days * Fraction(price)
    return {one: pennies(paid[one] / nights[one]) for one in nights}


def called_off_by_month(contract: Contract) -> dict[dt.date, Decimal]:
    """The first of a month → what was called off for stays that begin in it. One query."""
    rows = (
        CallOff.objects.filter(contract=contract, state__in=SPENT_IN)
        .order_by()
        .values_list("starts_on")
        .annotate(total=Sum("cost"))
    )
    found: dict[dt.date, Decimal] = defaultdict(lambda: ZERO)
    for on, cost in rows:
        found[on.replace(day=1)] += cost
    return dict(found)


def register_prices(providers: Collection[int]) -> dict[int, Decimal]:
    """Provider → the weekly price that its services in Tier 4 name on the register, on average.
    One query."""
    rows = (
        DeliveredIntervention.objects.filter(
            among("service__provider", providers),
            tier=RESIDENTIAL,
            weekly_price__isnull=False,
            closed_on__isnull=True,
        )
        .order_by()
        .values_list("service__provider")
        .annotate(price=Avg("weekly_price"))
    )
    return {one: pennies(Fraction(price)) for one, price in rows}
