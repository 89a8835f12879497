"""What follows when a file is received or confirmed. Each can be killed and run again."""

from typing import Any

from celery import shared_task

from commissioning.services.jobs import run_job
from pathways.services import checking, loading


@shared_task(name="pathways.check_upload")
def check_upload(*, job_id: int, **_: Any) -> None:
    """Read a received file and hold it to every check."""
    run_job(job_id, checking.check_upload)


@shared_task(name="pathways.load_upload")
def load_upload(*, job_id: int, **_: Any) -> None:
    """Load a confirmed file: versions, journeys, and the event that the figures follow."""
    run_job(job_id, loading.load_upload)
