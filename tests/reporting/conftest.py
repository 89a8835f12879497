"""What tests of figures, their pages and long waits may ask for."""

import pytest
from django.db import transaction

from tests.factories.providers import AgencyFactory
from tests.factories.reporting import long_wait
from tests.reporting.measured_england import measured_england


@pytest.fixture(scope="module")
def measured(django_db_setup, django_db_blocker):
    """One measured England for a module; gone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield measured_england()
        transaction.set_rollback(True)


@pytest.fixture
def england(measured):
    """The same, and whatever a test adds to it is taken back. Its module has no `django_db`."""
    with transaction.atomic():
        yield measured
        transaction.set_rollback(True)


@pytest.fixture
def agency():
    return AgencyFactory()


@pytest.fixture
def wait(agency):
    return long_wait(agency)
