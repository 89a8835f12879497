"""A queue that a test may fill, empty and break without anybody else's noticing."""

import os
import shutil
from contextlib import contextmanager

import pytest
from celery import current_app

from config.local import processes, valkey
from config.local.valkey import Valkey


@contextmanager
def queue_at(url):
    """Bells are rung at this address meanwhile."""
    held = current_app.conf.broker_url
    _ring_at(url)
    try:
        yield
    finally:
        _ring_at(held)


def _ring_at(url):
    current_app.set_current()
    current_app.conf.broker_url = url
    current_app.amqp._producer_pool = current_app._pool = None


@pytest.fixture
def own_queue(tmp_path, monkeypatch):
    """The address of a Valkey of this test's own."""
    server = Valkey(valkey.find_program(), tmp_path / "valkey", valkey.KEEPING_NOTHING)
    child = server.start()
    monkeypatch.setitem(os.environ, "REDIS_URL", server.url)
    with queue_at(server.url):
        yield server.url
    processes.end(child, server.end_signal, within=10)
    shutil.rmtree(server.sockets, ignore_errors=True)
