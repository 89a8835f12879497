"""Bare readings: the rows that answers about the market are made of, with nothing done to them."""

import datetime as dt
from typing import LiteralString

from django.db import connection

from providers.models import Provider
from providers.selectors.utilisation.blocks import Days


def _read(statement: LiteralString, *values: dt.date | int | list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.fetchall()


def tonight(provider: Provider, night: dt.date) -> None:
    """The places of a provider and what has them on a night."""
    _read(
        "SELECT p.id, p.kind, o.kind FROM providers_service s"
        " JOIN providers_place p ON p.service_id = s.id"
        " LEFT JOIN providers_occupancy o ON o.place_id = p.id AND o.nights @> %s::date"
        " WHERE s.provider_id = %s",
        night,
        provider.pk,
    )


def free_tonight(night: dt.date) -> None:
    """The beds of England and what has them on a night."""
    _read(
        "SELECT p.id, o.kind FROM providers_place p"
        " LEFT JOIN providers_occupancy o ON o.place_id = p.id AND o.nights @> %s::date"
        " WHERE p.kind = 'BED'",
        night,
    )


def positions() -> None:
    """Every service and where it stands."""
    _read(
        "SELECT s.id, s.has_detox_attached, t.partnership_id, t.latitude, t.longitude"
        " FROM providers_service s JOIN providers_site t ON t.id = s.site_id"
    )


def shared(partnership: int) -> None:
    """The contracts that a partnership shares in."""
    _read(
        "SELECT c.* FROM providers_contract c JOIN providers_contractshare s"
        " ON s.contract_id = c.id WHERE s.partnership_id = %s",
        partnership,
    )


def nights(year: list[Days]) -> None:
    """All that had a place on a night of the year, and all places."""
    _read(
        "SELECT place_id, kind, nights FROM providers_occupancy WHERE nights && daterange(%s, %s)",
        year[0][0],
        year[-1][1],
    )
    _read("SELECT id, service_id, opened_on, closed_on FROM providers_place")


def nights_at(providers: list[int], year: list[Days]) -> None:
    """The same of some providers."""
    _read(
        "SELECT o.place_id, o.kind, o.nights FROM providers_occupancy o"
        " JOIN providers_place p ON p.id = o.place_id"
        " JOIN providers_service s ON s.id = p.service_id"
        " WHERE s.provider_id = ANY(%s) AND o.nights && daterange(%s, %s)",
        providers,
        year[0][0],
        year[-1][1],
    )
