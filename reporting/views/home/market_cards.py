"""Look here first, from the market: boards, call-offs, contracts, voids, gaps of a region."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.components import Card
from commissioning.kernel.words import count, day, percent
from commissioning.views import lapsing
from providers.choices import PlaceKind
from reporting.views.home.market import (
    Market,
    area_href,
    board_href,
    capacity_href,
    contracts_href,
    day_of,
    is_nation,
)
from reporting.views.home.work_cards import several

MOST, MOST_OF_REGION = 3, 4  # so that figures keep their room


def market_cards(market: Market) -> list[Card]:
    """The most pressing of the market, three at most; four for a region."""
    made: Sequence[Callable[[Market], Iterator[Card]]] = _OF[
        OrganisationKind(market.organisation.kind)
    ]
    most = MOST_OF_REGION if market.organisation.kind == OrganisationKind.REGION else MOST
    return [card for make in made for card in make(market)][:most]


def _stale_boards(market: Market) -> Iterator[Card]:
    stale, boards = market.first("boards").get("stale", 0), market.first("boards").get("boards")
    if stale:
        yield Card(
            number=f"{count(stale)} of {count(boards)}",
            sentence=f"boards {several(stale, 'has', 'have')} not been stated for "
            f"{market.hours}: nobody relies on {several(stale, 'it', 'them')}.",
            action="Say how places stand",
            href=board_href(market),
            tone="bad",
            verdict="Unknown",
        )


def _call_offs_to_accept(market: Market) -> Iterator[Card]:
    if many := market.total("to_accept"):
        first = day_of(market.first("to_accept")["starts_on"])
        yield Card(
            number=f"{count(many)} {several(many, 'call-off', 'call-offs')}",
            sentence=f"{several(many, 'waits', 'wait')} for your answer; the first stay begins "
            f"on {day(first)}.",
            action="Answer call-offs",
            href=f"/provider/{market.code}/call-offs/?state=APPROVED",
            tone="bad" if first <= market.today else "watch",
            verdict="Waiting for you",
        )


def _moves_not_said(market: Market) -> Iterator[Card]:
    due = [one for one in market.rows("moves") if day_of(one["on"]) <= market.today]
    come, go = sum(one["come"] for one in due), sum(one["go"] for one in due)
    if come or go:
        yield Card(
            number=f"{count(come + go)} {several(come + go, 'person', 'people')}",
            sentence=f"{several(come + go, 'was', 'were')} to come or to leave by today: "
            f"{count(come)} to be admitted, {count(go)} to leave.",
            action="Say what happened",
            href=board_href(market),
            tone="watch",
            verdict="Due",
        )


def _contracts_to_answer(market: Market) -> Iterator[Card]:
    many = market.total("to_answer") + market.total("to_agree")
    if many:
        yield Card(
            number=f"{count(many)} {several(many, 'contract', 'contracts')}",
            sentence=f"{several(many, 'waits', 'wait')} for your side's answer: what is offered, "
            "or a change that is proposed.",
            action="Answer contracts",
            href=contracts_href(market),
            tone="watch",
            verdict="Waiting for you",
        )


def _call_offs_to_approve(market: Market) -> Iterator[Card]:
    if many := market.total("to_approve"):
        yield Card(
            number=f"{count(many)} {several(many, 'call-off', 'call-offs')}",
            sentence=f"{several(many, 'waits', 'wait')} for your approval: others asked, and "
            f"your limit covers {several(many, 'it', 'each')}.",
            action="Approve or refuse",
            href=f"/partnership/{market.code}/call-offs/?waits=approval",
            tone="watch",
            verdict="Waiting for you",
        )


def _past_nights(market: Market) -> Iterator[Card]:
    if many := market.total("past_nights"):
        yield Card(
            number=f"{count(many)} {several(many, 'stay', 'stays')}",
            sentence=f"{several(many, 'is', 'are')} beyond the nights that were approved: those "
            "are not paid until another person approves them.",
            action="See stays",
            href=f"/partnership/{market.code}/call-offs/?nights=beyond",
            tone="watch",
            verdict="Not approved",
        )


def _holds_to_lapse(market: Market) -> Iterator[Card]:
    if many := market.total("holds"):
        first = dt.datetime.fromisoformat(market.first("holds")["held_until"])
        yield Card(
            number=f"{count(many)} {several(many, 'place', 'places')}",
            sentence=f"{several(many, 'is', 'are')} held and not called off; the first is held "
            f"{lapsing.until(first)}.",
            action="Call off or release",
            href=f"/partnership/{market.code}/call-offs/#holds",
            tone="watch",
            verdict="Lapses",
        )


def _contracts_to_award(market: Market) -> Iterator[Card]:
    many = market.total("to_award") + market.total("to_put_in_force")
    if many:
        yield Card(
            number=f"{count(many)} {several(many, 'contract', 'contracts')}",
            sentence=f"{several(many, 'is', 'are')} agreed with the provider and "
            f"{several(many, 'waits', 'wait')} to be awarded or put into force.",
            action="See contracts",
            href=contracts_href(market),
            tone="watch",
            verdict="Waiting for you",
        )


def _contract_dates(market: Market) -> Iterator[Card]:
    if many := market.total("deadlines"):
        yield Card(
            number=f"{count(many)} {several(many, 'contract', 'contracts')}",
            sentence=f"{several(many, 'ends', 'end')} within three months, or "
            f"{several(many, 'has', 'have')} a last day for notice or an option in that time.",
            action="See contract dates",
            href=reverse("providers:partnership-contract-dates", args=[market.code]),
            tone="watch",
            verdict="Coming",
        )


def _voids(market: Market) -> Iterator[Card]:
    row = market.first("voids")
    if void := row.get("void"):
        yield Card(
            number=f"{count(void)} of {count(row['sold'])}",
            sentence=f"places we have bought on block contracts {several(void, 'is', 'are')} "
            "empty tonight.",
            action="See utilisation",
            href=reverse("providers:partnership-utilisation", args=[market.code]),
            tone="watch",
            verdict="Void",
        )


def _stale_providers(market: Market) -> Iterator[Card]:
    if many := market.first("boards").get("providers"):
        yield Card(
            number=f"{count(many)} {several(many, 'provider', 'providers')}",
            sentence=f"we contract with {several(many, 'has', 'have')} not stated places for "
            f"{market.hours}: what stands there is not to be relied on.",
            action="See boards",
            href=f"{reverse('providers:england-freshness')}?buyer={market.code}&boards=unknown",
            tone="watch",
            verdict="Unknown",
        )


def _gaps(market: Market) -> Iterator[Card]:
    among = market.gaps()
    short = [one for one in among if one.sentences]
    far = sum(not one.is_detox_near for one in short)
    if short:
        yield Card(
            number=f"{count(len(short))} of {count(len(among))}",
            sentence=f"partnerships {several(len(short), 'has', 'have')} a gap in what residents "
            f"can reach; {count(far) if far else 'none'} without detoxification within "
            f"{market.rules.detox_within_miles} miles.",
            action="See gaps",
            href=f"{capacity_href(market)}?show=gaps",
            tone="watch",
            verdict="Gaps",
        )


def _capacity(market: Market) -> Iterator[Card]:
    row = market.first("capacity")
    if in_service := row.get("in_service"):
        unsure = row["unsure"]
        used = percent(row["occupied"] / in_service)
        doubt = (
            f" {count(unsure)} of the free {several(unsure, 'is', 'are')} on boards that are"
            " unknown: nobody stated them lately."
        )
        yield Card(
            number=f"{count(row['free'])} {several(row['free'], 'bed', 'beds')}",
            sentence=f"{several(row['free'], 'is', 'are')} free tonight of {count(in_service)} in "
            f"service; {used} are occupied.{doubt if unsure else ''}",
            action="See capacity",
            href=f"{capacity_href(market)}?kind={PlaceKind.BED.value}",
            tone="info",
        )


def _stale_boards_here(market: Market) -> Iterator[Card]:
    row = market.first("boards")
    if stale := row.get("stale"):
        place = "England" if is_nation(market) else market.organisation.name
        yield Card(
            number=f"{count(stale)} of {count(row['boards'])}",
            sentence=f"boards in {place} {several(stale, 'has', 'have')} not been stated for "
            f"{market.hours}.",
            action="See boards",
            href=f"{area_href(market)}freshness/?sort=share",
            tone="watch",
            verdict="Unknown",
        )


def _exposed_here(market: Market) -> Iterator[Card]:
    if many := market.first("exposed").get("providers"):
        yield Card(
            number=f"{count(many)} {several(many, 'provider', 'providers')}",
            sentence=f"{several(many, 'was', 'were')} bought on the spot in the last year and "
            f"{several(many, 'has', 'have')} no block contract.",
            action="See exposure",
            href=f"{area_href(market)}utilisation/?exposure=spot",
            tone="watch",
            verdict="Exposed",
        )


def _ending_here(market: Market) -> Iterator[Card]:
    row = market.first("ending")
    if many := row.get("contracts"):
        yield Card(
            number=f"{count(many)} {several(many, 'contract', 'contracts')}",
            sentence=f"in the region {several(many, 'ends', 'end')} within three months, the "
            f"first on {day(day_of(row['first']))}.",
            action="See contract dates",
            href=reverse("providers:region-contract-dates", args=[market.code]),
            tone="info",
            verdict="Coming",
        )


_OF: dict[OrganisationKind, Sequence[Callable[[Market], Iterator[Card]]]] = {
    OrganisationKind.PROVIDER: (
        _stale_boards,
        _call_offs_to_accept,
        _moves_not_said,
        _contracts_to_answer,
    ),
    OrganisationKind.PARTNERSHIP: (
        _call_offs_to_approve,
        _contracts_to_award,
        _past_nights,
        _holds_to_lapse,
        _voids,
        _contract_dates,
        _stale_providers,
    ),
    OrganisationKind.REGION: (
        _gaps,
        _exposed_here,
        _stale_boards_here,
        _capacity,
        _ending_here,
    ),
    OrganisationKind.NATION: (_stale_boards_here,),
}
