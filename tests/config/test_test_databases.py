"""Tests that commit leave nothing behind, though the serving role may not truncate."""

import datetime as dt
import threading

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

COMMITTED = "committed-by-a-test"


def leave_a_row():
    ends = dt.datetime(2007, 2, 15, tzinfo=dt.UTC)
    Session.objects.create(session_key=COMMITTED, session_data="", expire_date=ends)


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    """Run in this order: the second finds what the first would have left."""

    @pytest.mark.parametrize("turn", ["first", "second"])
    def test_rows_are_gone_before_the_next_test(self, turn):
        assert not Session.objects.filter(pk=COMMITTED).exists()

        leave_a_row()

        assert Session.objects.filter(pk=COMMITTED).exists()

    def test_another_thread_is_in_the_same_database(self):
        names = []

        def look():
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_database()")
                names.extend(cursor.fetchone())
            connection.close()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

        assert names == [connection.settings_dict["NAME"]]


@pytest.mark.django_db
def test_rows_of_an_ordinary_test_are_rolled_back_and_committed_ones_gone():
    assert not Session.objects.filter(pk=COMMITTED).exists()
    leave_a_row()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_rows_of_a_test_with_a_live_server_are_gone_before_the_next(live_server, turn):
    assert not Session.objects.filter(pk=COMMITTED).exists()

    leave_a_row()


def test_the_cache_is_this_process_alone():
    cache.set("word", "here", 5)

    assert type(cache._connections["default"]).__name__ == "LocMemCache"
