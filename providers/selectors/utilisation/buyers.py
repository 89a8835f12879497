"""How a partnership's contracts are used, and what providers live on, row by row for lists."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, QuerySet

from commissioning.kernel.money import ZERO
from commissioning.models import Organisation, User
from providers.choices import IN_FORCE_IN, ContractState
from providers.models import Contract, ContractShare, Service
from providers.rules import utilisation as rules
from providers.rules.utilisation import PlaceNights
from providers.selectors.among import among
from providers.selectors.contracts.costs import called_off_on
from providers.selectors.contracts.records import seen_by
from providers.selectors.utilisation.blocks import Days, Use, use_of
from providers.selectors.utilisation.exposure import Income, income_of
from providers.selectors.utilisation.occupancy import KindNights, Scope, occupancy_of
from providers.selectors.utilisation.spot import register_prices, spot_prices


@dataclass(frozen=True)
class ContractUse:
    """One contract of a partnership. `use` is None where it has bought no places by name.

    `part` is the partnership's share in per cent; `spot_price` what a week costs without the
    contract, pounds.
    """

    contract: Contract
    use: Use | None
    part: Decimal
    called_off: Decimal | None
    spot_price: Decimal | None

    @property
    def own_voids(self) -> Decimal | None:
        """What of the voids the partnership pays."""
        return rules.pennies(self.use.void_cost * Fraction(self.part) / 100) if self.use else None

    @property
    def left(self) -> Decimal | None:
        """Of the ceiling."""
        ceiling = self.contract.ceiling
        return None if ceiling is None else max(ceiling - (self.called_off or ZERO), ZERO)

    @property
    def against_spot(self) -> float | None:
        return rules.against_spot(self.use.weekly_cost if self.use else None, self.spot_price)


def held_within(contracts: QuerySet[Contract], days: Days) -> QuerySet[Contract]:
    """Those that bound on one of the days."""
    first, end = days
    return contracts.filter(
        Q(state__in=IN_FORCE_IN) | Q(state=ContractState.ENDED),
        Q(ended_on__isnull=True) | Q(ended_on__gt=first),
        starts_on__lt=end,
        ends_on__gt=first,
    )


def contracts_in_use(
    person: User, partnership: int, days: Days, *, intervention: str = ""
) -> list[ContractUse]:
    """The contracts a partnership leads or shares in on one of the days, by its newest share, the
    dearest voids first. Seven queries."""
    first, end = days
    has = ContractShare.objects.filter(
        Q(joined_on=None) | Q(joined_on__lt=end),
        Q(left_on=None) | Q(left_on__gt=first),
        partnership=partnership,
    )
    mine = seen_by(person).filter(Q(lead=partnership) | Q(pk__in=has.values("contract")))
    rows = held_within(mine, days).with_names()  # type: ignore[attr-defined]  # a ContractQuerySet
    if intervention:
        rows = rows.filter(interventions=intervention)
    contracts = list(rows.order_by("reference"))
    keys = [one.pk for one in contracts]
    shares = ContractShare.objects.filter(contract__in=keys, partnership=partnership)
    parts = dict(shares.values_list("contract", "share"))
    used = use_of(contracts, [days])
    spent = called_off_on(keys)
    providers = {one.provider_id for one in contracts}
    price = register_prices(providers) | spot_prices(
        person, providers, since=days[0], until=days[1]
    )
    found = [
        ContractUse(
            contract=one,
            use=used.get((one.pk, 0)),
            part=parts.get(one.pk, ZERO),
            called_off=spent.get(one.pk, ZERO) if one.ceiling is not None else None,
            spot_price=price.get(one.provider_id),
        )
        for one in contracts
    ]
    return sorted(found, key=lambda one: -(one.own_voids or ZERO))


@dataclass(frozen=True)
class ProviderExposure:
    """What a provider lives on, and how full it is. `days` are those the income came in over."""

    code: str
    name: str
    nights: PlaceNights
    income: Income
    days: int
    fixed_costs: Decimal | None = None
    price: Decimal | None = None  # of a week, on the register

    @property
    def places(self) -> float:
        """Open on an average night."""
        return self.nights.open / self.days

    @property
    def from_spot(self) -> float | None:
        return self.income.from_spot

    @property
    def cover(self) -> float | None:
        """Months for which contracts in force pay what came in a month."""
        return self.income.months_of_cover(self.days)

    @property
    def break_even(self) -> float | None:
        """The occupancy that covers its fixed costs, at its price on the register."""
        return rules.break_even_occupancy(
            self.fixed_costs,
            beds=round(self.nights.available / self.days),
            weekly_income=self.price,
        )

    def is_mostly_spot(self, percent: int) -> bool:
        return self.from_spot is not None and self.from_spot * 100 >= percent


@dataclass(frozen=True)
class Exposed:
    """Providers, the most exposed first, the nights of all of them by month, and of all their
    places by kind."""

    providers: list[ProviderExposure]
    by_month: list[PlaceNights]
    by_kind: list[KindNights]


def exposures(
    scope: Scope,
    months: list[Days],
    *,
    today: dt.date,
    partnerships: Collection[int] | None = None,
    with_places: bool = False,
) -> Exposed:
    """Providers, the most exposed first, and the nights of all of them by month.

    With partnerships: income from those alone, and the providers that have any or stand in one.
    `with_places`: only those that have such places; otherwise those with an income too. Five
    queries, or six.
    """
    first, end = months[0][0], months[-1][1]
    income = income_of(first=first, end=end, today=today, partnerships=partnerships)
    if partnerships is not None:
        standing = Service.objects.filter(site__partnership__in=partnerships)
        near = {*standing.values_list("provider", flat=True), *income}
        scope = Scope(near, scope.kind, scope.intervention)
    occupied = occupancy_of(scope, months, with_other_kinds=True)
    keys = set(occupied.by_provider) | (set() if with_places else set(income))
    prices = register_prices(keys)
    names = Organisation.objects.filter(among("pk", keys)).values_list(
        "pk", "code", "name", "provider__fixed_costs"
    )
    found = [
        ProviderExposure(
            code=code,
            name=name,
            nights=occupied.by_provider.get(key, PlaceNights()),
            income=income.get(key, Income()),
            days=(end - first).days,
            fixed_costs=costs,
            price=prices.get(key),
        )
        for key, code, name, costs in names
    ]
    return Exposed(sorted(found, key=_most_exposed), occupied.by_month, occupied.by_kind)


def _most_exposed(one: ProviderExposure) -> tuple[float, float, str]:
    """By the share of income from spot, then by how soon cover runs out; unknown last."""
    spot = -1.0 if one.from_spot is None else one.from_spot
    return (-spot, 0.0 if one.cover is None else one.cover, one.name)
