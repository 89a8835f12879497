"""Tenancy over every address and role, with records that exist."""

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse

from tests.architecture.access_table import PEOPLE, ROWS
from tests.architecture.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for the whole table, and everybody in it signed in; gone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        made.clients = {name: Client() for name in PEOPLE}
        for name, client in made.clients.items():
            if person := made.person(name):
                client.force_login(person)
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_what_the_table_says(world, row):
    address = reverse(row.url, kwargs=dict(row.where(world)))
    given = dict(row.data(world))

    got = {name: _status(client, row, address, given) for name, client in world.clients.items()}

    assert got == dict(row.expects)


def _status(client, row, address, given):
    """What one person gets; whatever it changed is taken back."""
    with transaction.atomic():
        answer = getattr(client, row.method)(address, given)
        _close(answer)
        transaction.set_rollback(True)
    return answer.status_code


def _close(answer):
    """Close a file that was answered, and keep the connection, as the client itself does."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def test_every_address_is_in_the_table(world):
    covered = {resolve(reverse(row.url, kwargs=dict(row.where(world)))).route for row in ROWS}

    assert sorted(set(_routes(get_resolver().url_patterns)) - covered) == []


def test_every_row_says_what_everybody_gets():
    assert [str(row) for row in ROWS if set(row.expects) != set(PEOPLE)] == []


def _routes(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)
