"""What happens in the background here: figures are measured again."""

from functools import partial
from typing import Any

from celery import shared_task

from commissioning.kernel.clock import business_day, technical_now
from commissioning.scoping import System
from commissioning.services.jobs import run_job
from reporting.services import forecasts, long_wait_notices, preview, refresh


@shared_task(name="reporting.refresh_touched")
def refresh_touched(*, job_id: int, **_: Any) -> None:
    """Measure what a return touched."""
    run_job(job_id, partial(refresh.refresh_by_job, on=business_day()))


@shared_task(name="reporting.preview_upload")
def preview_upload(*, job_id: int, **_: Any) -> None:
    """Work out what a checked return would make of its provider's figures."""
    run_job(job_id, preview.preview_by_job)


@shared_task(name="reporting.find_long_waits")
def find_long_waits(*, job_id: int, **_: Any) -> None:
    """Bring the list of long waits up to date and tell whom it concerns."""
    run_job(job_id, partial(long_wait_notices.refresh_by_job, on=business_day()))


@shared_task(name="reporting.refresh_everything")
def refresh_everything(*, job_id: int, **_: Any) -> None:
    """Measure everything."""
    run_job(job_id, partial(refresh.refresh_everything_by_job, on=business_day()))


@shared_task(name="reporting.refresh_nightly")
def refresh_nightly(**_: Any) -> None:
    """Ask for everything to be measured, once a night however often it is sent. Sent by beat."""
    night = technical_now().date()
    refresh.ask_for_refresh(cause=f"nightly:{night}", by=System("refresh_nightly"))


@shared_task(name="reporting.forecast_nightly")
def forecast_nightly(**_: Any) -> None:
    """Forecast every plan that is being carried out, as at the business day. Sent by beat."""
    forecasts.forecast_plans(on=business_day())


@shared_task(name="reporting.forecast_plan")
def forecast_plan(*, job_id: int, **_: Any) -> None:
    """Forecast one plan again, now that money of it was posted."""
    run_job(job_id, partial(forecasts.forecast_by_job, on=business_day()))
