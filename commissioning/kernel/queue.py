"""Ringing the queue's bell after commit. A courtesy: what matters is the row in PostgreSQL."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring_after_commit(task: str, **arguments: Any) -> None:
    """Send the named task once the transaction is committed; a dead broker is not a fault."""

    def ring() -> None:
        try:
            current_app.send_task(task, kwargs=arguments, retry=False)
        except OperationalError:
            log.warning("The queue did not answer for %s; the sweeper will ring again.", task)

    transaction.on_commit(ring, robust=True)


def perform(task: str, **arguments: Any) -> None:
    """Run the named task here and now, without the queue."""
    current_app.loader.import_default_modules()  # a worker has them; others may not yet
    current_app.tasks[task](**arguments)
