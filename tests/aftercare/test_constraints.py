"""Each promise of the tables of aftercare, and a row that breaks it."""

import pytest

from tests.aftercare import breaking
from tests.architecture.constraints import assert_broken, of_every_subject, promises_of

pytestmark = pytest.mark.django_db
BREAKING = of_every_subject(breaking)


@pytest.mark.parametrize("name", BREAKING)
def test_the_database_refuses_what_breaks_it(name):
    assert_broken(name, BREAKING[name])


def test_every_promise_is_broken_here():
    assert set(BREAKING) == promises_of("aftercare")
