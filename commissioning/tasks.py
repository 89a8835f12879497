"""The sweeper: no job is forgotten."""

from typing import Any

from celery import shared_task

from commissioning.services import jobs


@shared_task(name="commissioning.sweep_jobs")
def sweep_jobs(**_: Any) -> None:
    """Ring again for jobs nobody took. Sent by beat; safe to run at any time."""
    jobs.sweep()
