"""How a contract is used: its places and what voids cost, or how its ceiling burns down."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning import charts
from commissioning.components import Chart, DataTable, Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.kernel.words import count, day, percent, pounds
from commissioning.tables import Table
from commissioning.views.lists import list_response
from providers.choices import ContractKind
from providers.rules import utilisation as rules
from providers.rules.contract_costs import PER_WEEK
from providers.selectors.utilisation.blocks import NOTHING, Days, Use, use_of
from providers.selectors.utilisation.spot import (
    called_off_by_month,
    register_prices,
    spot_prices,
)
from providers.views.contracts.reaching import ReachedContract, contract_or_404, contract_page
from providers.views.utilisation.stretches import DAY, month_or_404
from providers.views.utilisation.tables import CeilingRow, CeilingTable, UseRow, UseTable

TAB = "providers:contract-utilisation"
HEIGHT = 340


@dataclass(frozen=True)
class SpotPrice:
    """What a week costs without the contract, and where that is known from."""

    price: Decimal | None
    source: str


@require_safe
def contract_utilisation(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A block by its nights, month by month or one month's night by night; others by what was
    called off."""
    reached = contract_or_404(request, reference)
    if reached.contract.kind != ContractKind.BLOCK:
        return _called_off(request, reached)
    months, today = _months(reached), business_day()
    spot = _spot_price(reached, today)
    asked = request.GET.get("month", "")
    if asked:
        month = month_or_404(asked)
        rows = _rows(reached, _nights_of(month, today), spot, by_night=True)
        caption = f"Nights of {month.label}"
    else:
        rows = _rows(reached, [_days(one, today) for one in months], spot)
        caption = "Nights of the places it bought, by month"
    table = UseTable(rows, caption=caption, by_night=bool(asked))
    return _page(
        request,
        reached,
        table,
        summary=_summary(reached, rows, spot),
        chart=None if asked or not rows else _chart(reached, rows),
        month=asked and caption,
    )


@require_safe
def contract_utilisation_svg(request: HttpRequest, reference: str) -> HttpResponse:
    """Places in service and used month by month, or the ceiling that is left."""
    reached = contract_or_404(request, reference)
    if reached.contract.kind != ContractKind.BLOCK:
        drawn = _burn_down(reached, _ceiling_rows(reached))
    else:
        today = business_day()
        days = [_days(one, today) for one in _months(reached)]
        drawn = _told(reached, _rows(reached, days, SpotPrice(None, "")))
    return charts.as_svg(
        request, charts.time_series_chart(drawn), name="utilisation", height=HEIGHT
    )


def _page(
    request: HttpRequest, reached: ReachedContract, table: Table, **more: Any
) -> HttpResponseBase:
    words = contract_page(reached, TAB, **more)
    return list_response(
        request,
        table,
        heading=words.pop("page_heading"),
        breadcrumbs=words.pop("breadcrumbs"),
        template="providers/utilisation/contract.html",
        **words,
    )


def _months(reached: ReachedContract) -> list[Period]:
    """The months of the term in which a night is over."""
    contract = reached.contract
    end = min(contract.holds_until, business_day())
    if end <= contract.starts_on:
        return []
    return list(periods_between(contract.starts_on, end - DAY, Grain.MONTH))


def _days(period: Period, today: dt.date) -> Days:
    return (period.start, min(period.end, today))


def _nights_of(month: Period, today: dt.date) -> list[Days]:
    nights = (month.start + DAY * at for at in range(month.days))
    return [(night, night + DAY) for night in nights if night < today]


def _rows(
    reached: ReachedContract, days: list[Days], spot: SpotPrice, *, by_night: bool = False
) -> list[UseRow]:
    contract = reached.contract
    used = use_of([contract], days)
    rows = []
    for number, (since, _) in enumerate(days):
        use = used.get((contract.pk, number), NOTHING)
        month = Period.containing(since, Grain.MONTH)
        rows.append(
            UseRow(
                when=day(since) if by_night else month.label,
                since=since,
                href="" if by_night else f"?month={month.code}",
                use=use,
                spot_price=spot.price,
                against_spot=rules.against_spot(use.weekly_cost, spot.price),
            )
        )
    return rows


def _spot_price(reached: ReachedContract, today: dt.date) -> SpotPrice:
    """What was paid on the spot at the provider in the last year, or its price on the register."""
    provider = reached.contract.provider_id
    year = today - dt.timedelta(days=365)
    paid = spot_prices(reached.person, [provider], since=year, until=today)
    if provider in paid:
        return SpotPrice(paid[provider], "paid on the spot here in the last year, on average")
    price = register_prices([provider]).get(provider)
    return SpotPrice(price, "the price of the provider on the register")


def _summary(reached: ReachedContract, rows: list[UseRow], spot: SpotPrice) -> Summary:
    contract = reached.contract
    use = sum((one.use for one in rows), NOTHING)
    facts = [
        Fact("Utilisation", percent(use.nights.utilisation)),
        Fact("Nights contracted, in service", f"{count(use.nights.in_service)}"),
        Fact("Used", count(use.nights.used)),
        Fact("Void", f"{count(use.nights.void)}, of them sold outside {use.nights.outside:,}"),
        Fact("Cost of voids", pounds(use.voids)),
        Fact("Cost of an occupied week", pounds(use.weekly_cost)),
    ]
    if spot.price is not None:
        facts.append(Fact("Spot price a week", f"{pounds(spot.price)}: {spot.source}"))
        if contract.price_unit in PER_WEEK:
            least = rules.pays_from(contract.price, spot.price)
            facts.append(Fact("The block pays from a utilisation of", percent(least)))
    return Summary(title="So far" if len(rows) != 1 else rows[0].when, facts=facts)


def _average(use: Use, nights: int, what: str) -> float:
    held: int = getattr(use.nights, what)
    return round(held / nights, 1)


def _told(reached: ReachedContract, rows: list[UseRow]) -> charts.TimeSeries:
    today = business_day()
    lengths = [
        (_days(Period.containing(one.since, Grain.MONTH), today)[1] - one.since).days
        for one in rows
    ]
    whole = sum((one.use for one in rows), NOTHING)
    title = (
        f"{percent(whole.nights.utilisation)} of the nights contracted were used;"
        f" voids cost {pounds(whole.voids)}"
    )
    kinds = (("In service", "in_service"), ("Used", "used"), ("Sold outside", "outside"))
    return charts.TimeSeries(
        title=title,
        subtitle=f"Places on an average night, {reached.contract.reference}",
        description=f"Places in service, used and sold outside, month by month. {title}."
        " The table below has every number.",
        periods=[f"{one.since:%b %Y}" for one in rows],
        unit="count",
        series=[
            charts.Series(
                name,
                [
                    charts.Point(_average(one.use, nights, what))
                    for one, nights in zip(rows, lengths, strict=True)
                ],
                "ours" if what == "used" else "signal" if what == "outside" else "context",
            )
            for name, what in kinds
        ],
    )


def _chart(reached: ReachedContract, rows: list[UseRow]) -> Chart:
    told = _told(reached, rows)
    return _shown(
        reached,
        told,
        DataTable(
            ["Month", "Places in service", "Used", "Sold outside"],
            [
                [period, *(f"{one.points[at].value:.1f}" for one in told.series)]
                for at, period in enumerate(told.periods)
            ],
        ),
    )


def _shown(reached: ReachedContract, told: charts.TimeSeries, table: DataTable) -> Chart:
    return Chart(
        identifier="utilisation",
        title=told.title,
        subtitle=told.subtitle,
        description=told.description,
        svg_href=reached.href("contract-utilisation-svg"),
        table=table,
        height=HEIGHT,
        name=f"utilisation of {reached.contract.reference}",
    )


def _called_off(request: HttpRequest, reached: ReachedContract) -> HttpResponseBase:
    contract, rows = reached.contract, _ceiling_rows(reached)
    spent = rows[-1].so_far if rows else ZERO
    facts = [Fact("Called off", pounds(spent))]
    if contract.ceiling is not None:
        facts = [
            Fact("Ceiling", pounds(contract.ceiling)),
            *facts,
            Fact("Left", pounds(max(contract.ceiling - spent, ZERO))),
        ]
    chart = None
    if rows and contract.ceiling is not None:
        chart = _shown(
            reached,
            _burn_down(reached, rows),
            DataTable(
                ["Month", "Called off", "Left"],
                [[one.when, pounds(one.called_off), pounds(one.left)] for one in rows],
            ),
        )
    return _page(
        request,
        reached,
        CeilingTable(rows),
        summary=Summary(title="So far", facts=facts),
        chart=chart,
        month="",
    )


def _ceiling_rows(reached: ReachedContract) -> list[CeilingRow]:
    """Month by month, from the first in which it held or something was called off."""
    contract, by_month = reached.contract, called_off_by_month(reached.contract)
    months = {one.start for one in _months(reached)} | set(by_month)
    so_far, rows = ZERO, []
    for since in sorted(months):
        so_far += by_month.get(since, ZERO)
        left = None if contract.ceiling is None else max(contract.ceiling - so_far, ZERO)
        rows.append(
            CeilingRow(
                when=Period.containing(since, Grain.MONTH).label,
                since=since,
                called_off=by_month.get(since, ZERO),
                so_far=so_far,
                left=left,
            )
        )
    return rows


def _burn_down(reached: ReachedContract, rows: list[CeilingRow]) -> charts.TimeSeries:
    contract = reached.contract
    left = rows[-1].left if rows else contract.ceiling
    title = f"{pounds(left)} of {pounds(contract.ceiling)} is left"
    return charts.TimeSeries(
        title=title,
        subtitle=f"Left of the ceiling at the end of each month, {contract.reference}",
        description=f"What is left of the ceiling, month by month. {title}.",
        periods=[f"{one.since:%b %Y}" for one in rows],
        unit="pounds",
        series=[
            charts.Series(
                "Left",
                [charts.Point(None if one.left is None else float(one.left)) for one in rows],
                "ours",
            )
        ],
    )
